"""Releases in plain folders: whole or not there, whoever else is at work and whatever dies."""

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

import nobody
from phusa.building.staging import workplace
from phusa.publishing import folders
from phusa.publishing.plans import PushError
from releases import contents, is_whole, made

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs fork and locks on folders")


def below(version: str, files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{version}/{path}": data for path, data in files.items()}


@pytest.fixture(params=["", "file://"])
def dest(request, tmp_path) -> str:
    """A place that there is not yet."""
    return f"{request.param}{tmp_path}/shared/tin"


def path_of(dest: str) -> Path:
    return Path(dest.removeprefix("file://"))


def test_a_release_is_pushed_once(tmp_path, dest):
    release, home = made(tmp_path, "1.0.0"), path_of(dest)
    plan = folders.plan(release, dest)
    assert (plan.where, plan.upload) == (str(home / "1.0.0"), release.files)
    assert (plan.notes, plan.unchanged) == (("LATEST is made, at 1.0.0",), False)
    assert not home.parent.exists()
    pushed = folders.push(release, dest)
    assert (pushed.where, pushed.version, pushed.unchanged) == (plan.where, "1.0.0", False)
    assert (pushed.content_id, pushed.notes) == (release.content_id, ())
    assert contents(home) == below("1.0.0", contents(release.folder)) | {"LATEST": b"1.0.0\n"}
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    assert folders.push(release, dest).unchanged
    plan = folders.plan(release, dest)
    assert (plan.upload, plan.notes, plan.unchanged) == ((), (), True)
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before
    assert sorted(path.name for path in home.iterdir()) == ["1.0.0", "LATEST"]


def test_everybody_may_read_it(tmp_path):
    folders.push(made(tmp_path, "1.0.0"), str(tmp_path / "tin"))
    (tmp_path / "like").mkdir()
    (tmp_path / "like" / "it").touch()
    modes = [(tmp_path / name).stat().st_mode for name in ("like", "like/it")]
    assert [
        (tmp_path / "tin" / name).stat().st_mode for name in ("1.0.0", "1.0.0/README.md")
    ] == modes


def test_latest_only_moves_forward(tmp_path):
    dest = str(tmp_path / "tin")
    for version in ("1.9.0", "1.10.0"):
        assert not folders.push(made(tmp_path, version), dest).unchanged
    older = made(tmp_path, "1.9.1")
    note = "LATEST stays at 1.10.0, which comes after 1.9.1"
    assert folders.plan(older, dest).notes == (note,)
    for unchanged in (False, True):
        pushed = folders.push(older, dest)
        assert (pushed.unchanged, pushed.notes) == (unchanged, (note,))
    assert (tmp_path / "tin" / "LATEST").read_bytes() == b"1.10.0\n"
    newer = made(tmp_path, "2.0.0")
    assert folders.plan(newer, dest).notes == ("LATEST moves from 1.10.0 to 2.0.0",)


def test_a_lost_latest_comes_back(tmp_path):
    release, home = made(tmp_path, "1.0.0"), tmp_path / "tin"
    folders.push(release, str(home))
    (home / "LATEST").unlink()
    assert not folders.plan(release, str(home)).unchanged
    assert not folders.push(release, str(home)).unchanged
    assert (home / "LATEST").read_bytes() == b"1.0.0\n"


def test_a_release_is_not_pushed_to_where_it_lies(tmp_path):
    release = made(tmp_path, "1.0.0")
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "1.0.0").symlink_to(release.folder)
    before = contents(tmp_path)
    for dest in (str(tmp_path), f"file://{tmp_path}", str(tmp_path / "link")):
        for call in (folders.plan, folders.push):
            with pytest.raises(PushError, match=r": the release lies there already; name another"):
                call(release, dest)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"1.0.0/SHA256SUMS": b"x"}, r"tin/1\.0\.0: is there with other content and never changes"),
        ({"1.0.0/README.md": b"x"}, r"tin/1\.0\.0: is there, but is no release; remove it, or"),
        ({"1.0.0": b"x"}, r"tin/1\.0\.0: is there, but is no release; remove it, or raise"),
        ({"LATEST": b"../1.0.0"}, "tin/LATEST: holds no version; correct or remove it$"),
        ({"LATEST/1": b""}, "tin/LATEST: Is a directory$"),
    ],
)
def test_what_is_not_of_this_release_is_not_touched(tmp_path, files, message):
    home = tmp_path / "tin"
    for path, data in files.items():
        (home / path).parent.mkdir(parents=True)
        (home / path).write_bytes(data)
    for call in (folders.plan, folders.push):
        with pytest.raises(PushError, match=message):
            call(made(tmp_path / call.__name__, "1.0.0"), str(home))
    assert contents(home) == files


@pytest.mark.parametrize(
    ("lost", "left", "message"),
    [
        ("data/train-00000-of-00001.parquet", {}, "'data/train-00000-of-00001.parquet' is missing"),
        ("README.md", {"README.md": b"#"}, "'README.md' is not the file that was pushed"),
        ("README.md", {"data/b\x1b\n": b""}, "'README.md' is missing"),
        (None, {"data/b\x1b\n": b""}, r"'data/b\\x1b\\n' is no part of it"),
    ],
)
def test_a_version_that_lost_something_is_not_unchanged(tmp_path, lost, left, message):
    release = made(tmp_path, "1.0.0")
    dest = str(tmp_path / "tin")
    folders.push(release, dest)
    if lost:
        (tmp_path / "tin" / "1.0.0" / lost).unlink()
    for path, data in left.items():
        (tmp_path / "tin" / "1.0.0" / path).write_bytes(data)
    for call in (folders.plan, folders.push):
        with pytest.raises(
            PushError,
            match=rf"/tin/1\.0\.0: {message}; remove .*/tin/1\.0\.0, or raise dataset\.version",
        ):
            call(release, dest)


def test_hidden_files_beside_a_release_are_the_place_s_own(tmp_path):
    release, dest = made(tmp_path, "1.0.0"), tmp_path / "tin"
    folders.push(release, str(dest))
    (dest / "1.0.0" / ".DS_Store").touch()
    assert folders.push(release, str(dest)).unchanged


@pytest.mark.parametrize("inner", ["", "data", "new/place"])
def test_a_release_is_not_pushed_into_itself(tmp_path, inner):
    release = made(tmp_path, "1.0.0")
    (tmp_path / "link").symlink_to(release.folder)
    for dest in (release.folder / inner, tmp_path / "link" / inner):
        with pytest.raises(PushError, match=r"lies in the release itself; name another folder$"):
            folders.push(release, str(dest))
    assert is_whole(contents(release.folder))


def test_a_release_that_changes_meanwhile(tmp_path):
    release = made(tmp_path, "1.0.0")
    (release.folder / "README.md").write_bytes(b"other")
    with pytest.raises(PushError, match=r"1\.0\.0/README\.md: changed while it was copied; build"):
        folders.push(release, str(tmp_path / "tin"))
    assert list((tmp_path / "tin").iterdir()) == []


@pytest.mark.parametrize("inner", ["", "new/place"])
def test_a_destination_that_is_a_file(tmp_path, inner):
    release = made(tmp_path, "1.0.0")
    (tmp_path / "tin").touch()
    for call in (folders.plan, folders.push):
        with pytest.raises(PushError, match=r"/tin: is a file; name a folder$"):
            call(release, str(tmp_path / "tin" / inner))


IMPORTS = """
import sys
from pathlib import Path
from phusa.publishing import folders
from phusa.publishing.plans import PushError
from releases import made
"""
PUSH_THERE = """
folder = Path(sys.argv[1])
release = made(folder / "mine", "1.0.0")
for call in (folders.plan, folders.push):
    for dest in ("theirs", "theirs/new/place"):
        try:
            call(release, str(folder / dest))
        except PushError as error:
            print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="other permissions")
def test_a_destination_without_permission():
    with nobody.folder() as folder:
        (folder / "theirs").mkdir()
        (folder / "theirs").chmod(0o755)
        said = nobody.run(IMPORTS, PUSH_THERE, folder)
        theirs = folder / "theirs"
        messages = [
            f"{theirs}: no permission to write; name another folder, or ask for the right to",
            f"{theirs}/new/place: no permission to write in {theirs}; "
            "name another folder, or ask for the right to",
        ]
    assert said.splitlines() in ([messages * 2] if os.geteuid() == 0 else [messages * 2, []])


# Others at the same time


PUSH = """
for path in sys.argv[2:]:
    try:
        print("pushed", folders.push(outgoing(Path(path)), sys.argv[1]).version)
    except PushError as error:
        print("refused", error)
"""


def pushing(dest: Path, *paths: Path) -> subprocess.Popen[str]:
    """A process that pushes."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{IMPORTS}from releases import outgoing\n{PUSH}", dest, *paths],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )


def outputs(processes: list[subprocess.Popen[str]]) -> list[str]:
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return said


def test_pushes_of_several_versions_at_once(tmp_path):
    versions, home = [f"1.{minor}.0" for minor in range(30)], tmp_path / "tin"
    paths = [made(tmp_path, version).folder for version in versions]
    said = outputs([pushing(home, *paths[start::3]) for start in range(3)])
    assert sorted("".join(said).split()) == sorted(["pushed"] * 30 + versions)
    assert all(is_whole(contents(home / version)) for version in versions)
    assert (home / "LATEST").read_bytes() == b"1.29.0\n"
    assert sorted(path.name for path in home.iterdir()) == sorted([*versions, "LATEST"])


def test_pushes_of_one_version_at_once(tmp_path):
    """Of those of other content one comes through, and of those of the same content all."""
    texts, home = ["một", "hai", "một"], tmp_path / "tin"
    data = {f"data/{i}": b"x" * 1000 for i in range(50)}
    paths = [made(tmp_path / str(i), "1.0.0", t, data=data).folder for i, t in enumerate(texts)]
    said = outputs([pushing(home, path) for path in paths])
    assert is_whole(contents(home / "1.0.0"))
    winner = (home / "1.0.0" / "README.md").read_text("utf-8").split()[1]
    for text, line in zip(texts, said, strict=True):
        assert line.split()[0] == ("pushed" if text == winner else "refused")
    assert sorted(path.name for path in home.iterdir()) == ["1.0.0", "LATEST"]


@pytest.mark.parametrize("text", ["một", "hai"])
def test_another_push_that_is_done_first(tmp_path, monkeypatch, text):
    """Also where there are no locks."""
    release, other = made(tmp_path / "one", "1.0.0"), made(tmp_path / "two", "1.0.0", text)
    home = tmp_path / "tin"
    copy = folders._copy

    def copy_later(release, folder):
        monkeypatch.setattr(folders, "_copy", copy)
        folders.push(other, str(home))
        copy(release, folder)

    monkeypatch.setattr(folders, "_copy", copy_later)
    monkeypatch.setattr(folders, "locked", lambda folder: nullcontext(False))
    if text == "một":
        assert folders.push(release, str(home)).unchanged
    else:
        with pytest.raises(PushError, match="never changes"):
            folders.push(release, str(home))
    assert contents(home / "1.0.0") == contents(other.folder)
    assert sorted(path.name for path in home.iterdir()) == ["1.0.0", "LATEST"]


@linux_only
def test_a_build_in_the_same_place_is_waited_for(tmp_path, monkeypatch):
    release, home = made(tmp_path, "1.0.0"), tmp_path / "tin"
    home.mkdir()
    monkeypatch.setattr(folders, "_PATIENCE_S", 0.0)
    with (
        workplace(home, "1.1.0"),
        pytest.raises(PushError, match="another push or build works"),
    ):
        folders.push(release, str(home))
    folders.push(release, str(home))


@linux_only
def test_what_the_dead_left_goes_and_what_the_living_need_stays(tmp_path):
    home = tmp_path / "tin"
    home.mkdir()
    with folders._stage(home, "1.0.0") as stage:
        (home / ".1.0.0.pushing-dead" / "1.0.0").mkdir(parents=True)
        folders.push(made(tmp_path, "1.1.0"), str(home))
        assert sorted(path.name for path in home.iterdir()) == sorted(
            [stage.name, "1.1.0", "LATEST"]
        )


# Death


DIE = """
import os
import shutil
import signal
from releases import contents, is_whole

folder = Path(sys.argv[1])
release, home = made(folder, "2.0.0"), folder / "tin"
folders.push(made(folder, "1.0.0"), str(home))
old = contents(home)
final = old | {f"2.0.0/{k}": v for k, v in contents(release.folder).items()}
final["LATEST"] = b"2.0.0\\n"
states = set()


def die_at(moment):
    events = 0

    def count(event, arguments):
        nonlocal events
        if event == "open" or event.partition(".")[0] in {"os", "shutil", "tempfile", "fcntl"}:
            events += 1
            if events == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


for moment in range(1, 1000):
    child = os.fork()
    if not child:
        die_at(moment)
        folders.push(release, str(home))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    now = {path: data for path, data in contents(home).items() if not path.startswith(".")}
    states.add((len(now), now["LATEST"]))
    assert now in (old, final | {"LATEST": b"1.0.0\\n"}, final), now
    folders.push(release, str(home))
    assert contents(home) == final, os.listdir(home)
    assert sorted(os.listdir(home)) == ["1.0.0", "2.0.0", "LATEST"]
    if status == 0:
        break
    shutil.rmtree(home / "2.0.0")
    (home / "LATEST").write_bytes(b"1.0.0\\n")
print(moment, len(states))
"""


@linux_only
def test_a_push_killed_at_any_moment_leaves_all_or_nothing(tmp_path):
    """It dies at everything it asks of the file system, one after the other."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS + DIE, tmp_path],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    moments, states = map(int, done.stdout.split())
    assert moments > 50
    assert states == 3
