"""Pushes to stores that stop, run beside others, or find stores that fail: all or nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from s3fs import S3FileSystem

import store_places
from phusa.publishing import filesystems, stores
from phusa.publishing.plans import PushError
from phusa.publishing.stores import CLAIM
from phusa.release.manifest import CHECKSUMS
from releases import contents, is_whole, made
from s3_server import BUCKET, Door
from store_places import PLACES, below, there, whole, write


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(filesystems, "_PAUSES_S", (0.0, 0.0))


@pytest.fixture(scope="module")
def server():
    with store_places.s3() as door:
        yield door


@pytest.fixture
def door(server) -> Door:
    with store_places.emptied(server) as door:
        yield door


@pytest.fixture
def memory():
    with store_places.memory() as place:
        yield place


@pytest.fixture(params=["s3", "memory"])
def dest(request) -> str:
    """An empty place in a store."""
    request.getfixturevalue("door" if request.param == "s3" else "memory")
    return PLACES[request.param]


# Pushes that stopped, and others at the same time


def test_a_push_goes_on_where_it_stopped(tmp_path, dest):
    release = made(tmp_path, "1.0.0")
    files = contents(release.folder)
    begun = {CLAIM: files[CHECKSUMS], "README.md": files["README.md"], "manifest.json": b"{"}
    write(dest, below("1.0.0", begun))
    plan = stores.plan(release, dest)
    assert plan.notes[0] == "goes on with a push that stopped: 1 files are there"
    left = {"data/train-00000-of-00001.parquet", "manifest.json", CHECKSUMS}
    assert {entry.path for entry in plan.upload} == left
    assert not stores.push(release, dest).unchanged
    assert there(dest) == below("1.0.0", files) | {"LATEST": b"1.0.0\n"}


def test_what_is_there_already_is_not_sent_again(tmp_path, door):
    release = made(tmp_path, "1.0.0")
    files = contents(release.folder)
    begun = {CLAIM: files[CHECKSUMS], "README.md": files["README.md"]}
    write(f"s3://{BUCKET}", below("1.0.0", begun))
    door.seen.clear()
    stores.push(release, f"s3://{BUCKET}")
    paths = ["data/train-00000-of-00001.parquet", "manifest.json", CHECKSUMS, CLAIM]
    assert door.sent() == [*(f"1.0.0/{path}" for path in paths), "LATEST"]


@pytest.mark.parametrize("latest", [None, b"0.9.0"])
def test_a_push_that_stopped_at_the_very_end(tmp_path, dest, latest):
    release = made(tmp_path, "1.0.0")
    files = below("1.0.0", contents(release.folder))
    write(dest, files | {f"1.0.0/{CLAIM}": release.checksums})
    if latest:
        write(dest, {"LATEST": latest})
    plan = stores.plan(release, dest)
    assert (plan.upload, plan.unchanged, len(plan.notes)) == ((), False, 1)
    assert not stores.push(release, dest).unchanged
    assert there(dest) == files | {"LATEST": b"1.0.0\n"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({CLAIM: b"other"}, "a push of other content is at work there, or stopped; remove"),
        ({"data/x": b"x"}, "holds 'data/x', which no push left there; remove the folder"),
        ({"README.md": b"# m\xe1\xbb\x99t 1.0.0"}, "holds 'README.md', which no push left there"),
    ],
)
def test_what_is_not_of_this_release_is_not_touched(tmp_path, dest, files, message):
    release = made(tmp_path, "1.0.0")
    write(dest, below("1.0.0", files))
    for call in (stores.plan, stores.push):
        with pytest.raises(PushError, match=message):
            call(release, dest)
    assert there(dest) == below("1.0.0", files)


def test_a_claim_that_goes_away_is_noticed(tmp_path, door):
    def take_it(request):
        if request.method == "PUT" and request.key.endswith("manifest.json"):
            S3FileSystem().rm_file(f"{BUCKET}/1.0.0/{CLAIM}")

    door.refuse = take_it
    with pytest.raises(PushError, match="somebody took the claim away"):
        stores.push(made(tmp_path, "1.0.0"), f"s3://{BUCKET}")
    assert not whole(f"s3://{BUCKET}", "1.0.0")


PUSH = """
import sys
from pathlib import Path
from phusa.publishing import filesystems, stores
from phusa.publishing.plans import PushError
from releases import outgoing
filesystems._PAUSES_S = (0.1, 0.1)
releases = [outgoing(Path(path)) for path in sys.argv[2:]]
for release in releases:
    try:
        print("pushed", stores.push(release, sys.argv[1]).version, flush=True)
    except PushError as error:
        print("refused", error, flush=True)
"""


def pushing(dest: str, *folders: Path) -> subprocess.Popen[str]:
    """A process that pushes."""
    return subprocess.Popen(
        [sys.executable, "-c", PUSH, dest, *map(str, folders)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )


def outputs(processes: list[subprocess.Popen[str]]) -> list[str]:
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return said


def test_pushes_of_several_versions_at_once(tmp_path, door):
    versions = [f"1.{minor}.0" for minor in range(6)]
    folders = [made(tmp_path, version).folder for version in versions]
    processes = [pushing(f"s3://{BUCKET}", *folders[start::3]) for start in range(3)]
    said = "".join(outputs(processes)).split()
    assert sorted(said) == sorted(["pushed"] * 6 + versions)
    assert all(whole(f"s3://{BUCKET}", version) for version in versions)
    assert there(f"s3://{BUCKET}")["LATEST"] == b"1.5.0\n"


def test_pushes_of_one_version_at_once(tmp_path, door):
    """Of those of other content one comes through, and of those of the same content all."""
    texts = ["một", "hai", "một"]
    folders = [made(tmp_path / str(i), "1.0.0", text).folder for i, text in enumerate(texts)]
    said = outputs([pushing(f"s3://{BUCKET}", folder) for folder in folders])
    assert whole(f"s3://{BUCKET}", "1.0.0")
    winner = there(f"s3://{BUCKET}")["1.0.0/README.md"].decode().split()[1]
    for text, line in zip(texts, said, strict=True):
        assert line.split()[0] == ("pushed" if text == winner else "refused")
    assert f"1.0.0/{CLAIM}" not in there(f"s3://{BUCKET}")


def test_a_push_killed_at_any_moment_leaves_all_or_nothing(tmp_path, door):
    """The store sees a push as what it writes: it dies at each of its seven requests to write."""
    release, url = made(tmp_path, "2.0.0"), f"s3://{BUCKET}/tin"
    stores.push(made(tmp_path, "1.0.0"), url)
    old = there(url)
    final = old | below("2.0.0", contents(release.folder)) | {"LATEST": b"2.0.0\n"}
    for moment in range(7):
        process = pushing(url, release.folder)
        count = iter(range(7))

        def kill(request, process=process, count=count, moment=moment):
            if request.writes and next(count) == moment:
                process.kill()
                return 503  # its last request never came
            return None

        door.refuse = kill
        assert process.communicate()[0] == ""
        assert process.returncode == -signal.SIGKILL
        door.refuse = lambda request: None
        assert whole(url, "2.0.0") == (moment >= 5)
        with stores.fetched(url) as folder:
            assert folder.name == "1.0.0"
            assert is_whole(contents(folder))
        stores.push(release, url)
        assert there(url) == final
        fs = S3FileSystem()
        fs.rm([f"{BUCKET}/tin/{path}" for path in final.keys() - old.keys()])
        write(url, {"LATEST": b"1.0.0\n"})


@pytest.mark.parametrize(
    ("before", "meanwhile", "after"),
    [(None, "1.0.0", "2.0.0"), ("1.0.0", "1.1.0", "2.0.0"), ("1.0.0", "2.0.1", "2.0.1")],
)
def test_latest_is_swapped_by_others(tmp_path, door, before, meanwhile, after):
    url = f"s3://{BUCKET}"
    if before:
        write(url, {"LATEST": before.encode()})

    def swap(request):
        if request.method == "PUT" and request.key == "LATEST":
            door.refuse = lambda request: None
            write(url, {"LATEST": f"{meanwhile}\n".encode()})

    door.refuse = swap
    pushed = stores.push(made(tmp_path, "2.0.0"), url)
    assert there(url)["LATEST"] == f"{after}\n".encode()
    assert bool(pushed.notes) == (after == "2.0.1")


def test_latest_is_removed_by_others(tmp_path, door):
    url = f"s3://{BUCKET}"
    write(url, {"LATEST": b"1.0.0"})

    def remove(request):
        if request.method == "PUT" and request.key == "LATEST":
            door.refuse = lambda request: None
            S3FileSystem().rm_file(f"{BUCKET}/LATEST")

    door.refuse = remove
    stores.push(made(tmp_path, "2.0.0"), url)
    assert there(url)["LATEST"] == b"2.0.0\n"


# Stores that fail, and stores that are worse


@pytest.mark.parametrize("key", [CLAIM, "README.md", CHECKSUMS, "LATEST"])
def test_what_passes_is_waited_for(tmp_path, door, key):
    left = [503, 503]

    def fail(request):
        return left.pop() if left and request.key.endswith(key) and request.writes else None

    door.refuse = fail
    stores.push(made(tmp_path, "1.0.0"), f"s3://{BUCKET}")
    assert left == []
    assert whole(f"s3://{BUCKET}", "1.0.0")


@pytest.mark.parametrize(
    ("status", "message"),
    [(503, "ServiceUnavailable$"), (403, "no permission; check your credentials and your rights")],
)
def test_what_lasts_is_told(tmp_path, door, status, message):
    door.refuse = lambda request: status if request.writes else None
    with pytest.raises(PushError, match=rf"^s3://{BUCKET}/1\.0\.0: {message}"):
        stores.push(made(tmp_path, "1.0.0"), f"s3://{BUCKET}")
    assert len(door.sent()) == (3 if status == 503 else 1)


def test_a_store_without_conditions(tmp_path, door):
    door.refuse = lambda request: 501 if request.condition else None
    url = f"s3://{BUCKET}"
    stores.push(made(tmp_path / "one", "1.0.0"), url)
    stores.push(made(tmp_path / "one", "1.1.0"), url)
    assert whole(url, "1.0.0")
    assert whole(url, "1.1.0")
    assert there(url)["LATEST"] == b"1.1.0\n"
    with pytest.raises(PushError, match="never changes"):
        stores.push(made(tmp_path / "two", "1.0.0", "hai"), url)


class Plain(MemoryFileSystem):
    """A driver that knows no modes of writing."""

    protocol = "plain"

    def put_file(self, lpath, rpath, callback=None):
        self.store["/" + rpath.lstrip("/")] = self.open(rpath, "wb")
        self.pipe_file(rpath, Path(lpath).read_bytes())

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.removeprefix("plain://"))


def test_a_driver_without_conditions(tmp_path, memory):
    fsspec.register_implementation("plain", Plain, clobber=True)
    release = made(tmp_path, "1.0.0")
    stores.push(release, "plain://corpora/tin")
    assert there(memory) == below("1.0.0", contents(release.folder)) | {"LATEST": b"1.0.0\n"}
    assert stores.push(release, "plain://corpora/tin").unchanged


@pytest.mark.parametrize(
    ("dest", "message"),
    [
        ("nostore://a/b", "^nostore://a/b: no such kind of store: nostore$"),
        ("oci://user:secret@a/b", "^oci://a/b: Install ocifs to access OCI Object Storage$"),
        ("memory://", "^memory://: names no place in the store; add a bucket or a folder$"),
        ("s3://no-such-bucket/tin", "^s3://no-such-bucket/tin/1.0.0: not found: The specified"),
    ],
)
def test_places_that_there_are_not(tmp_path, door, dest, message):
    with pytest.raises(PushError, match=message):
        stores.push(made(tmp_path, "1.0.0"), dest)


def test_no_credentials(tmp_path, door):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ACCESS_KEY_ID")
        patch.delenv("AWS_SECRET_ACCESS_KEY")
        S3FileSystem.clear_instance_cache()
        with pytest.raises(PushError, match=f"^s3://{BUCKET}/1.0.0: Unable to locate credentials"):
            stores.push(made(tmp_path, "1.0.0"), f"s3://{BUCKET}")
    S3FileSystem.clear_instance_cache()
