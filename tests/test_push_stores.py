"""Releases in stores: pushed once, never another under the same version, and fetched again."""

import os
from pathlib import Path

import datasets
import fsspec
import pytest

import store_places
from phusa.building import build
from phusa.publishing import filesystems, gate, stores
from phusa.publishing.plans import PushError
from phusa.publishing.stores import CLAIM
from phusa.recipe import Dataset, Recipe, Sources
from phusa.release.manifest import CHECKSUMS
from phusa.release.verify import verify
from releases import contents, made
from s3_server import BUCKET, Door
from store_places import PLACES, below, there, write

SEEDS = Path(__file__).parent.parent / "seeds"


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


# What is there after a push


def test_a_release_is_pushed_once(tmp_path, dest):
    release = made(tmp_path, "1.0.0")
    plan = stores.plan(release, dest)
    assert (plan.where, plan.upload) == (f"{dest}/1.0.0", release.files)
    assert (plan.notes, plan.unchanged) == (("LATEST is made, at 1.0.0",), False)
    assert there(dest) == {}
    pushed = stores.push(release, f"{dest}/")
    assert (pushed.where, pushed.version, pushed.unchanged) == (plan.where, "1.0.0", False)
    assert (pushed.content_id, pushed.notes) == (release.content_id, ())
    expected = below("1.0.0", contents(release.folder)) | {"LATEST": b"1.0.0\n"}
    assert there(dest) == expected
    assert stores.push(release, dest).unchanged
    plan = stores.plan(release, dest)
    assert (plan.upload, plan.notes, plan.unchanged) == ((), (), True)
    assert there(dest) == expected


def test_what_is_sent_when(tmp_path, door):
    release = made(tmp_path, "1.0.0")
    stores.plan(release, f"s3://{BUCKET}")
    assert door.sent() == []
    stores.push(release, f"s3://{BUCKET}")
    paths = ["README.md", "data/train-00000-of-00001.parquet", "manifest.json"]
    claim = f"1.0.0/{CLAIM}"
    sent = [claim, *(f"1.0.0/{path}" for path in paths), f"1.0.0/{CHECKSUMS}", claim, "LATEST"]
    assert door.sent() == sent
    stores.push(release, f"s3://{BUCKET}")
    assert door.sent() == []


def test_large_files_go_and_come_in_parts(tmp_path, door):
    data = os.urandom(20_000_000)
    release = made(tmp_path, "1.0.0", data={"data/large": data})
    stores.push(release, f"s3://{BUCKET}")
    assert max(request.bytes for request in door.seen) < 9_000_000
    door.seen.clear()
    with stores.fetched(f"s3://{BUCKET}") as folder:
        assert (folder / "data" / "large").read_bytes() == data
    gets = [request.key for request in door.seen if request.method == "GET"]
    assert gets.count("1.0.0/data/large") > 2


def test_latest_only_moves_forward(tmp_path, dest):
    for version in ("1.9.0", "1.10.0"):
        assert not stores.push(made(tmp_path, version), dest).unchanged
    older = made(tmp_path, "1.9.1")
    note = "LATEST stays at 1.10.0, which comes after 1.9.1"
    assert stores.plan(older, dest).notes == (note,)
    for unchanged in (False, True):
        pushed = stores.push(older, dest)
        assert (pushed.unchanged, pushed.notes) == (unchanged, (note,))
    assert there(dest)["LATEST"] == b"1.10.0\n"
    newer = made(tmp_path, "2.0.0")
    assert stores.plan(newer, dest).notes == ("LATEST moves from 1.10.0 to 2.0.0",)


def test_a_version_never_changes(tmp_path, dest):
    stores.push(made(tmp_path / "one", "1.0.0"), dest)
    before = there(dest)
    other = made(tmp_path / "two", "1.0.0", "hai")
    for call in (stores.plan, stores.push):
        with pytest.raises(PushError, match=r"/tin/1\.0\.0: is there with other content and never"):
            call(other, dest)
    assert there(dest) == before


@pytest.mark.parametrize(
    ("lost", "left", "message"),
    [
        ("data/train-00000-of-00001.parquet", {}, "'data/train-00000-of-00001.parquet' is missing"),
        ("README.md", {"README.md": b"#"}, "'README.md' is not the file that was pushed"),
        ("README.md", {"data/b\u202e": b""}, "'README.md' is missing"),
        (None, {"data/b\u202e": b""}, r"'data/b\\u202e' is no part of it"),
    ],
)
def test_a_version_that_lost_something_is_not_unchanged(tmp_path, dest, lost, left, message):
    release = made(tmp_path, "1.0.0")
    stores.push(release, dest)
    fs, root = fsspec.core.url_to_fs(dest)
    if lost:
        fs.rm_file(f"{root}/1.0.0/{lost}")
    write(dest, below("1.0.0", left))
    for call in (stores.plan, stores.push):
        with pytest.raises(
            PushError,
            match=rf"/tin/1\.0\.0: {message}; remove .*/tin/1\.0\.0, or raise dataset\.version",
        ):
            call(release, dest)


# What comes back


@pytest.mark.parametrize("path", ["", "/", "/1.0.0", "/1.0.0/"])
def test_a_release_comes_back_as_it_is(tmp_path, dest, path):
    release = made(tmp_path, "1.0.0")
    stores.push(release, dest)
    strange = {"1.0.0/data/more": b"not listed", f"1.0.0/{CLAIM}": b"left"}
    write(dest, strange)
    with stores.fetched(dest + path) as folder:
        assert folder.name == "1.0.0"
        assert contents(folder) == contents(release.folder) | {"data/more": b"not listed"}
    assert not folder.parent.exists()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "tin: no release, which has SHA256SUMS, and no LATEST that names one$"),
        ({"LATEST": b"../../1.0.0"}, "tin/LATEST: holds no version; correct or remove it$"),
        ({"LATEST": b"1" * 1000}, "tin/LATEST: holds no version; correct or remove it$"),
        ({"LATEST": b"1.0.0"}, r"tin/1\.0\.0: no release, or not all of one yet$"),
        ({"SHA256SUMS": b"", "a/../../b": b""}, r"tin: 'a/\.\./\.\./b' is no path of a release"),
        ({"SHA256SUMS": b"", "a\\b": b""}, r"tin: 'a\\\\b' is no path of a release"),
        ({"SHA256SUMS": b"", "a\x1b[1m": b""}, r"tin: 'a\\x1b\[1m' is no path of a release"),
        ({"SHA256SUMS": b"", "x" * 300: b""}, "tin: 'x{80}…' is no path of a release"),
    ],
)
def test_what_does_not_come_back(dest, files, message):
    write(dest, files)
    with pytest.raises(PushError, match=message), stores.fetched(dest):
        pass


def test_a_file_where_a_folder_should_be(door):
    write(f"s3://{BUCKET}", {"SHA256SUMS": b"", "a": b"", "a/b": b""})
    with pytest.raises(PushError, match=f"^s3://{BUCKET}: "), stores.fetched(f"s3://{BUCKET}"):
        pass


def test_latest_that_holds_something_else_stops_a_push_before_it_begins(tmp_path, dest):
    write(dest, {"LATEST": b"the new one"})
    for call in (stores.plan, stores.push):
        with pytest.raises(PushError, match=r"LATEST: holds no version; correct or remove it$"):
            call(made(tmp_path / call.__name__, "1.0.0"), dest)
    assert there(dest) == {"LATEST": b"the new one"}


# A release that was built


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    recipe = Recipe(Dataset("tin", "1.0.0", license="CC0-1.0"), Sources(("*.txt",)), folder=SEEDS)
    return gate.outgoing(build(recipe, tmp_path_factory.mktemp("dist")).folder)


def test_what_comes_back_can_be_verified(release, dest):
    stores.push(release, dest)
    with stores.fetched(dest) as folder:
        assert verify(folder, load=False) == []
    write(dest, {"1.0.0/README.md": (release.folder / "README.md").read_bytes()[:-1] + b"!"})
    with stores.fetched(dest) as folder:
        assert {problem.path for problem in verify(folder, load=False)} == {"README.md"}


def test_datasets_load_what_was_pushed(release, door, tmp_path):
    stores.push(release, f"s3://{BUCKET}")
    paths = {"parquet": f"s3://{BUCKET}/1.0.0/data/*.parquet", str(release.folder): None}
    loaded = [
        datasets.load_dataset(path, data_files=files, split="train", cache_dir=str(tmp_path))
        for path, files in paths.items()
    ]
    assert loaded[0].to_list() == loaded[1].to_list()
    assert loaded[0].features == loaded[1].features
