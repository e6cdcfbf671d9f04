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
