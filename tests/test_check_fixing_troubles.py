"""Fixing files: where the fixed ones are written, and that troubles leave the old ones."""

import json
import os
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import nobody
from phusa import pipeline, sources
from phusa.checking import fixing
from phusa.checking.fixing import Fixed, FixError, fix_file
from phusa.recipe import Cleaning

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs fork and its file system")
RAW = Cleaning(ignore=("ENC033", "ENC034", "ENC035", "ENC07"))


def row(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Where it is written


def test_a_fixed_file_is_written_beside(tmp_path):
    path, beside = tmp_path / "a.txt", tmp_path / "a.txt.fixed"
    path.write_text("R&amp;D")
    path.chmod(0o640)
    for old in (None, "an older one"):
        if old:
            beside.write_text(old)
        assert fix_file(path, RAW, in_place=False) == Fixed(beside, Counter(ENC030=1))
        assert (path.read_text(), beside.read_text()) == ("R&amp;D", "R&D")
        if sys.platform != "win32":
            assert stat.S_IMODE(beside.stat().st_mode) == 0o640
    assert [file.path for file in sources.find(["."], tmp_path).files] == ["a.txt"]
    assert names(tmp_path) == ["a.txt", "a.txt.fixed"]


@pytest.mark.skipif(sys.platform == "win32", reason="no mode bits")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_a_file_that_is_fixed_keeps_its_mode(tmp_path, mode):
    path = tmp_path / "a.txt"
    path.write_text("R&amp;D")
    path.chmod(mode)
    assert fix_file(path, RAW, in_place=True) == Fixed(path, Counter(ENC030=1))
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("R&D", mode)


@pytest.mark.parametrize("in_place", [True, False])
def test_nothing_is_written_where_nothing_changes(tmp_path, in_place):
    for name, text in (("a.txt", "R&D"), ("a.jsonl", row(text="R&D") + "\n"), ("b.ndjson", "")):
        (tmp_path / name).write_text(text)
    os.utime(tmp_path, ns=(0, 0))
    before = {path: path.stat() for path in (tmp_path, *tmp_path.iterdir())}
    for path in list(tmp_path.iterdir()):
        assert fix_file(path, RAW, in_place=in_place) is None
    for path, info in before.items():
        assert path.stat().st_mtime_ns == info.st_mtime_ns
        assert path.stat().st_ino == info.st_ino


@pytest.mark.skipif(sys.platform == "win32", reason="no links for everybody")
def test_links_stay_links(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "page.txt").write_text("R&amp;D")
    (tmp_path / "link.txt").symlink_to("between.txt")
    (tmp_path / "between.txt").symlink_to(Path("real") / "page.txt")
    assert fix_file(tmp_path / "link.txt", RAW, in_place=False) == Fixed(
        tmp_path / "link.txt.fixed", Counter(ENC030=1)
    )
    assert not (tmp_path / "link.txt.fixed").is_symlink()
    done = fix_file(tmp_path / "link.txt", RAW, in_place=True)
    assert done == Fixed(tmp_path.resolve() / "real" / "page.txt", Counter(ENC030=1))
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "between.txt").is_symlink()
    assert (tmp_path / "link.txt").read_text() == "R&D"
    assert not (tmp_path / "real" / "page.txt").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="no links for everybody")
def test_a_planted_link_is_not_followed(tmp_path):
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "a.txt").write_text("R&amp;D")
    (tmp_path / "a.txt.fixed").symlink_to("precious")
    fix_file(tmp_path / "a.txt", RAW, in_place=False)
    assert (tmp_path / "precious").read_text() == "precious"
    assert (tmp_path / "a.txt.fixed").read_text() == "R&D"


# What is left alone


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.jsonl.gz", "a.jsonl.zst", "a.md", "a"])
def test_other_kinds_of_files_are_not_fixed(tmp_path, name):
    (tmp_path / name).write_text("R&amp;D")
    with pytest.raises(FixError, match=r"^not fixed; only \.txt, \.jsonl, \.ndjson are$"):
        fix_file(tmp_path / name, RAW, in_place=True)
    assert (tmp_path / name).read_text() == "R&amp;D"


def test_a_page_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(fixing, "DOCUMENT_BYTES", 1000)
    (tmp_path / "a.txt").write_text("R&amp;D" * 200)
    with pytest.raises(FixError, match=r"^not fixed: more than 1,000 bytes; split it$"):
        fix_file(tmp_path / "a.txt", RAW, in_place=True)


def test_what_is_no_file(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    expected = {"folder.txt": "not fixed: not a regular", "gone.txt": "cannot be fixed: No such"}
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.txt")
        (tmp_path / "dangling.txt").symlink_to("gone.txt")
        (tmp_path / "circle.txt").symlink_to("circle.txt")
        expected |= {
            "pipe.txt": "not fixed: not a regular file",
            "dangling.txt": "cannot be fixed: No such file or directory",
            "circle.txt": "cannot be fixed: Too many levels of symbolic links",
        }
    for name, message in expected.items():
        with pytest.raises(FixError, match=f"^{message}"):
            fix_file(tmp_path / name, RAW, in_place=True)


IMPORTS = """
import os
import sys
from pathlib import Path
from phusa import pipeline
from phusa.checking.fixing import FixError, fix_file
from phusa.page import RawDocument
from phusa.recipe import Cleaning
RAW = Cleaning(ignore=("ENC033", "ENC034", "ENC035", "ENC07"))
pipeline.repaired(RawDocument("x", "R&amp;D Ky\u0300"), RAW)  # what is read once is read
"""


@pytest.mark.skipif(sys.platform == "win32", reason="other permissions")
def test_what_nobody_may_write_or_read():
    code = """
for name in sorted(os.listdir(sys.argv[1])):
    path = Path(sys.argv[1], name, "a.txt")
    for in_place in (False, True):
        try:
            print(name, fix_file(path, RAW, in_place=in_place).path.name)
        except FixError as error:
            print(name, error)
"""
    with nobody.folder() as folder:
        for name, file_mode, folder_mode in (
            ("open", 0o666, 0o777),
            ("protected", 0o444, 0o777),
            ("closed", 0o666, 0o555),
            ("secret", 0o000, 0o777),
        ):
            (folder / name).mkdir()
            (folder / name / "a.txt").write_text("R&amp;D")
            (folder / name / "a.txt").chmod(file_mode)
            (folder / name).chmod(folder_mode)
        said = nobody.run(IMPORTS, code, folder).splitlines()
        (folder / "closed").chmod(0o777)
    assert said == [
        "closed cannot be fixed: Permission denied",
        "closed cannot be fixed: Permission denied",
        "open a.txt.fixed",
        "open a.txt",
        "protected a.txt.fixed",
        "protected not fixed: it is write-protected",
        "secret cannot be fixed: Permission denied",
        "secret cannot be fixed: Permission denied",
    ]


# Others at the same time


def replaced(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'{"text": "later"}\n')


def rewritten(path: Path) -> None:
    info = path.stat()
    path.write_bytes(path.read_bytes().replace(b"R", b"S"))
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns + 1))


@pytest.mark.parametrize("change", [replaced, appended, rewritten, Path.unlink])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
@pytest.mark.parametrize("in_place", [True, False])
def test_a_file_that_changes_meanwhile_is_not_overwritten(
    tmp_path, monkeypatch, change, name, in_place
):
    path = tmp_path / name
    path.write_text(f"{row(text='R&amp;D')}\n" * 3)
    repaired, then = pipeline.repaired, []

    def meanwhile(document, cleaning):
        if not then:
            change(path)
            then.append(path.read_bytes() if path.exists() else None)
        return repaired(document, cleaning)

    monkeypatch.setattr(pipeline, "repaired", meanwhile)
    with pytest.raises(FixError, match=r"not fixed: it changed meanwhile|: No such file or direc"):
        fix_file(path, RAW, in_place=in_place)
    assert then == [path.read_bytes() if path.exists() else None]
    assert names(tmp_path) in ([name], [])


# Death and a full disk

LIVE = """
import signal
folder, in_place = Path(sys.argv[1]), sys.argv[2] == "in place"
old = {"a.txt": b"R&amp;D\\n" * 9, "a.jsonl": b'{"text": "R&amp;D"}\\n' * 9}
DONE, FULL, MET = 0, 1, 2


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def full():
    raise OSError(28, "No space left on device")


def attempt(path, moment, trouble):
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    events = 0

    def count(event, arguments):
        nonlocal events
        if event == "open" or event.startswith("os."):
            events += 1
            if events == moment:
                trouble()

    sys.addaudithook(count)
    code = DONE
    try:
        fix_file(path, RAW, in_place=in_place)
    except FixError as error:
        assert str(error) == "cannot be fixed: No space left on device", error
        code = FULL
    os._exit(code if events < moment else code | MET)


def states(name, trouble):
    target = name if in_place else f"{name}.fixed"
    before = {name: old[name]}
    after = before | {target: old[name].replace(b"&amp;", b"&")}
    for moment in range(1, 100):
        (folder / name).write_bytes(old[name])
        status = attempt(folder / name, moment, trouble)
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        hidden = {file for file in files if file.startswith(".phusa-")}
        seen = {file: data for file, data in files.items() if file not in hidden}
        assert seen in (before, after), seen
        if trouble is full:
            assert not hidden
            code = os.waitstatus_to_exitcode(status)
            assert code in (DONE, FULL | MET, DONE | MET), code
            assert seen == (before if code & FULL else after)
        yield seen == after, len(hidden)
        for path in folder.iterdir():
            path.unlink()
        if status == DONE:
            return


for name in old:
    for trouble in (killed, full):
        print(*sorted(set(states(name, trouble))))
"""


@linux_only
@pytest.mark.parametrize("in_place", ["in place", "beside"])
def test_a_fix_that_ends_at_any_moment_leaves_the_old_or_the_new_file(tmp_path, in_place):
    """It is killed, or the disk is full, at everything it asks of the file system in turn."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS + LIVE, tmp_path, in_place],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    killed = "(False, 0) (False, 1) (True, 0)"
    assert done.stdout.splitlines() == [killed, "(False, 0) (True, 0)"] * 2


SMALL_DISK = """
import resource
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for name in ("a.txt", "a.jsonl"):
    try:
        fix_file(Path(sys.argv[1], name), RAW, in_place=True)
    except FixError as error:
        print(error)
"""


@linux_only
def test_a_file_that_finds_no_room_stays(tmp_path):
    contents = {"a.txt": "R&amp;D\n" * 50_000, "a.jsonl": f"{row(text='R&amp;D')}\n" * 20_000}
    for name, text in contents.items():
        (tmp_path / name).write_text(text)
    said = subprocess.run(
        [sys.executable, "-c", IMPORTS + SMALL_DISK, tmp_path],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert said.splitlines() == ["cannot be fixed: File too large"] * 2
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == contents
