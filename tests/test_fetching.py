"""Releases from wherever they are, and pushes to wherever they go: by the address alone."""

import subprocess
import sys
from pathlib import Path

import fsspec
import pytest

import hub_pushes
from hub_pushes import one_line
from phusa import publishing
from phusa.publishing.fetching import FetchError, fetched
from phusa.publishing.plans import PushError
from releases import contents


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    return hub_pushes.made(tmp_path_factory.mktemp("releases"))["1.0.0"]


def phusa(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "phusa", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_folder_is_given_as_it_is(release):
    for where in (release, str(release), f"file://{release}"):
        with fetched(where) as folder:
            assert folder == release


def test_latest_names_a_version(release, tmp_path):
    (tmp_path / "1.0.0").symlink_to(release)
    (tmp_path / "LATEST").write_text("1.0.0\n")
    with fetched(tmp_path) as folder:
        assert folder == tmp_path / "1.0.0"


@pytest.mark.parametrize(
    "latest", ["", "../1.0.0\n", "1.0\n", "/etc\n", "1.0.0\n1.0.0\n", "1.0.0\0", "1" * 10**6]
)
def test_latest_names_nothing_but_a_version(release, tmp_path, latest):
    (tmp_path / "1.0.0").symlink_to(release)
    (tmp_path / "LATEST").write_text(latest)
    with pytest.raises(FetchError, match=r"LATEST: holds no version; correct"), fetched(tmp_path):
        pass


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("nowhere",), "no such folder; name a release, such as dist/NAME/VERSION"),
        (("LATEST",), "1.0.0: holds no release; name the folder of a version"),
        ((), "holds no release; name the folder of a version"),
    ],
)
def test_what_is_no_release_is_told(tmp_path, names, message):
    if "LATEST" in names:
        (tmp_path / "LATEST").write_text("1.0.0")
    where = tmp_path.joinpath(*(name for name in names if name != "LATEST"))
    with pytest.raises(FetchError, match=message), fetched(where):
        pass
    done = phusa("verify", where)
    assert done.returncode == 2
    assert message in one_line(done.stderr)


def test_a_release_goes_through_stores_and_folders(release, tmp_path):
    store = "memory://fetching/tin"
    pushed = publishing.push(release, store)
    assert (pushed.where, pushed.unchanged) == (f"{store}/1.0.0", False)
    pushed = publishing.push(store, tmp_path / "tin")
    assert contents(Path(pushed.where)) == contents(release)
    assert publishing.push(f"{store}/1.0.0", f"file://{tmp_path}/tin").unchanged
    assert publishing.plan(tmp_path / "tin", store).unchanged
    fsspec.filesystem("memory").store.clear()
    with pytest.raises(FetchError), fetched(store):
        pass


def test_errors_of_the_block_are_its_own(release):
    with pytest.raises(PushError, match="mine"), fetched(release):
        raise PushError("mine")


def test_the_command_pushes_to_folders_too(release, tmp_path):
    home = tmp_path / "tin"
    done = phusa("push", release, home, "--dry-run")
    assert done.stdout.startswith(f"{home}/1.0.0\n  + CHANGELOG.md  ")
    assert not home.exists()
    done = phusa("push", release, home)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"{home}/1.0.0")
    assert phusa("push", release, home).stdout.startswith(f"{home}/1.0.0  unchanged\n")
    assert phusa("verify", home, "--no-load").returncode == 0


@pytest.mark.parametrize("option", ["--public", "--replace"])
def test_what_only_a_hub_knows_is_refused_elsewhere(release, tmp_path, option):
    done = phusa("push", release, tmp_path / "tin", option)
    assert done.returncode == 2
    assert "only a hub knows" in one_line(done.stderr)
    assert not (tmp_path / "tin").exists()


def test_what_cannot_be_read_is_not_pushed(tmp_path):
    done = phusa("push", tmp_path / "gone", tmp_path / "tin")
    assert done.returncode == 2
    assert "no such folder" in one_line(done.stderr)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hf:/datasets/a/b", "hf://datasets/a/b"),
        ("HF:datasets/a/b", "hf://datasets/a/b"),
        ("s3:/bucket/x", "s3://bucket/x"),
        ("s3:bucket/x", "s3://bucket/x"),
        ("file:/srv/x", "file:///srv/x"),
        ("hub.example.org/datasets/a/b", "hf://datasets/a/b"),
        ("www.hub.example/datasets/a/b", "hf://datasets/a/b"),
    ],
)
def test_what_is_all_but_an_address_is_no_folder(release, tmp_path, monkeypatch, typed, meant):
    monkeypatch.chdir(tmp_path)
    message = f"{typed} is no address; did you mean {meant}? for a folder write ./{typed}"
    for call in (publishing.plan, publishing.push):
        with pytest.raises(PushError) as refused:
            call(release, typed)
        assert str(refused.value) == message
    with pytest.raises(FetchError) as unread, fetched(typed):
        pass
    assert str(unread.value) == message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "dest", ["./hf:/tin", "v1.0/datasets/tin", ".cache/datasets/tin", "c:tin", "tin/a:b"]
)
def test_folders_may_look_strange(release, tmp_path, monkeypatch, dest):
    monkeypatch.chdir(tmp_path)
    pushed = publishing.push(release, dest)
    assert contents(tmp_path / dest / "1.0.0") == contents(release)
    assert publishing.push(pushed.where, tmp_path / "s3:" / "x").version == "1.0.0"


def test_schemes_may_be_in_capitals(release, tmp_path):
    assert publishing.push(release, f"FILE://{tmp_path}/tin").where == f"{tmp_path}/tin/1.0.0"
    assert publishing.push(f"File://{tmp_path}/tin", tmp_path / "tin 2").version == "1.0.0"
    assert publishing.push(release, "Memory://capitals/tin").where == "memory://capitals/tin/1.0.0"
    fsspec.filesystem("memory").store.clear()
    with pytest.raises(PushError, match="not a dataset on the hub; write hf:"):
        publishing.push(release, "HF://datasets/tin")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("push", "{release}", ""), "the address is empty; name a folder"),
        (("push", "", "tin"), "the address is empty; name a folder"),
        (("verify", ""), "the address is empty; name a folder"),
        (("diff", "{release}", "hf:/datasets/a/b"), "hf:/datasets/a/b is no address"),
        (("verify", "hf:/datasets/a/b"), "hf:/datasets/a/b is no address"),
        (("push", "{release}", "s3:/a/b"), "s3:/a/b is no address; did you mean s3://a/b?"),
        (("push", "{release}", "HTTPS://a.example/b"), "https takes no pushes; name a hub, a"),
        (("push", "{release}", "http://a.example/b", "--dry-run"), "http takes no pushes; name"),
        (("push", "{release}", "s4://a/b"), "s4://a/b: no such kind of store: s4"),
        (("push", "{release}", "{release}/README.md/x"), "lies in the release itself"),
    ],
)
def test_commands_refuse_addresses(release, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    done = phusa(*(argument.format(release=release) for argument in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert message in one_line(done.stderr)
    assert list(tmp_path.iterdir()) == []


WITHOUT_DRIVERS = """
import sys
sys.modules["s3fs"] = sys.modules["gcsfs"] = None
from phusa.cli import main
main()
"""


@pytest.mark.parametrize(("kind", "extra"), [("s3", "s3"), ("gs", "gs"), ("GCS", "gs")])
def test_a_missing_driver_is_named(release, kind, extra):
    command = [sys.executable, "-c", WITHOUT_DRIVERS, "push", str(release), f"{kind}://a/b"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = f"{kind.lower()}://a/b: no driver for {kind.lower()}; run: pip install 'phusa[{extra}]'"
    assert (done.returncode, told in one_line(done.stderr)) == (2, True)
