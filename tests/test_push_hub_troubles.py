"""Pushing to a hub while others do, while it fails, and where it refuses."""

import subprocess
from pathlib import Path

import pytest

import hub_pushes
from hub_client import Client
from hub_pushes import (
    DEST,
    TIN,
    command,
    environment,
    one_line,
    published,
    pushing,
    titles,
)
from hub_server import READER, STRANGER, WRITER, Hub
from releases import contents


@pytest.fixture(scope="module")
def talking(tmp_path_factory):
    with hub_pushes.talking(tmp_path_factory.mktemp("huggingface")) as pair:
        yield pair


@pytest.fixture
def hub(talking) -> Hub:
    """An empty hub."""
    talking[0].empty()
    return talking[0]


@pytest.fixture
def client(talking) -> Client:
    return talking[1]


@pytest.fixture(scope="module")
def releases(tmp_path_factory) -> dict[str, Path]:
    return hub_pushes.made(tmp_path_factory.mktemp("releases"))


# -- others push too


@pytest.mark.parametrize("first", ["1.0.0", "1.2.0"])
def test_another_version_lands_in_between(hub, client, releases, tmp_path, first):
    hub.store.create(TIN, private=True)
    later = pushing(hub, releases["1.1.0"], tmp_path)
    hub.fail(f"POST .*/{TIN}/commit/main", action=later)
    assert client.phusa("push", releases[first], DEST).code == 0
    last = max(first, "1.1.0")
    assert published(hub) == contents(releases[last])
    for version in (first, "1.1.0"):
        assert published(hub, f"v{version}") == contents(releases[version])
    assert list(hub.store.repositories[TIN].branches) == ["main"]
    assert 412 in {entry.status for entry in hub.log}


def test_the_same_lands_in_between(hub, client, releases, tmp_path):
    again = pushing(hub, releases["1.0.0"], tmp_path)
    hub.fail(f"POST .*/{TIN}/commit/main", action=again)
    done = client.phusa("push", releases["1.0.0"], DEST)
    assert done.out.startswith(f"{DEST}@v1.0.0  unchanged")
    assert titles(hub) == ["tin 1.0.0", "initial"]


def test_other_content_of_the_version_lands_in_between(hub, client, releases, tmp_path):
    later = pushing(hub, releases["1.0.0 other"], tmp_path)
    hub.fail(f"POST .*/{TIN}/commit/main", action=later)
    done = client.phusa("push", releases["1.0.0"], DEST)
    assert (done.code, "1.0.0 is there with other content" in done.err) == (2, True)
    assert published(hub) == published(hub, "v1.0.0") == contents(releases["1.0.0 other"])


def test_pushes_at_the_same_time_lose_nothing(hub, releases, tmp_path):
    variables = environment(hub, tmp_path)
    names = ["1.0.0", "1.1.0", "1.2.0", "1.1.0"]
    pushes = [
        subprocess.Popen(command(releases[name]), env=variables, stderr=subprocess.PIPE)
        for name in names
    ]
    assert [(push.communicate()[1], push.returncode)[1] for push in pushes] == [0, 0, 0, 0]
    assert published(hub) == contents(releases["1.2.0"])
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        assert published(hub, f"v{version}") == contents(releases[version])
    assert list(hub.store.repositories[TIN].branches) == ["main"]


# -- what fails and passes

FAULTS = [
    ("POST /api/repos/create", 503, False),
    ("POST /api/repos/create", 503, True),
    ("GET /api/datasets/org/tin$", 503, False),
    ("GET .*/refs", 502, False),
    ("GET .*/tree/", 500, False),
    ("POST .*/preupload/", 503, False),
    ("POST .*/objects/batch", 503, False),
    ("PUT /_lfs/", 500, False),
    ("PUT /_lfs/", 500, True),
    ("POST /_lfs/.*/verify", 504, False),
    ("POST .*/commit/main", 503, False),
    ("POST .*/commit/main", 503, True),
    ("POST .*/commit/main", 500, True),
    ("POST .*/commit/main", 412, False),
    ("POST .*/commit/main", 409, False),
    ("POST .*/commit/main", 429, False),
    ("POST .*/tag/", 503, False),
    ("POST .*/tag/", 503, True),
    ("POST .*/tag/", 409, False),
]


@pytest.mark.parametrize(("request_", "status", "after"), FAULTS)
def test_what_fails_for_a_while_is_done_again(hub, client, releases, request_, status, after):
    hub.fail(request_, status, times=3, after=after)
    done = client.phusa("push", releases["1.0.0"], DEST)
    assert (done.code, "unchanged" in done.out) == (0, False)
    assert titles(hub) == ["tin 1.0.0", "initial"]
    assert published(hub, "v1.0.0") == contents(releases["1.0.0"])
    assert status in {entry.status for entry in hub.log}


GIVEN_UP = [
    ("POST .*/commit/main", 503, "the hub answers 503; try again later"),
    (
        "POST .*/commit/main",
        412,
        "it changed again and again meanwhile; push again, with a token t",
    ),
    ("POST .*/preupload/", 403, "no right to do this; use a token that may write there"),
    ("PUT /_lfs/", 500, "the hub answers 500; try again later"),
    ("POST .*/tag/", 503, "the hub answers 503; try again later"),
    ("GET .*/refs", 500, "the hub answers 500; try again later"),
    ("POST .*/commit/main", 418, "the hub answers 418: "),
    ("POST .*/validate-yaml", 400, "the hub answers 400: "),
]


@pytest.mark.parametrize(("request_", "status", "message"), GIVEN_UP)
def test_what_fails_for_long_is_told_and_can_be_done_later(
    hub, client, releases, request_, status, message
):
    hub.fail(request_, status, times=1000)
    done = client.phusa("push", releases["1.0.0"], DEST)
    assert (done.code, done.out) == (2, "")
    assert one_line(done.err).startswith(f"phusa: error: {DEST}: {message}")
    assert all(not repository.tags for repository in hub.store.repositories.values())
    sent = set(hub.store.objects)
    hub.faults.clear()
    hub.log.clear()
    assert client.phusa("push", releases["1.0.0"], DEST).code == 0
    assert titles(hub) == ["tin 1.0.0", "initial"]
    again = {entry.path.removeprefix("/_lfs/") for entry in hub.log if entry.method == "PUT"}
    assert not again & sent  # what the hub has is not sent again


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after"])
@pytest.mark.parametrize(
    "request_", ["POST .*/preupload/", "PUT /_lfs/", "POST .*/commit/main", "POST .*/tag/"]
)
def test_a_push_that_is_killed_leaves_all_or_nothing(
    hub, client, releases, tmp_path, request_, after
):
    assert client.phusa("push", releases["1.0.0"], DEST).code == 0
    old, new = contents(releases["1.0.0"]), contents(releases["1.1.0"])
    pushes: list[subprocess.Popen[bytes]] = []
    hub.fail(request_, 503, after=after, action=lambda: [one.kill() for one in pushes])
    pushes.append(subprocess.Popen(command(releases["1.1.0"]), env=environment(hub, tmp_path)))
    assert pushes[0].wait() == -9
    assert published(hub) in (old, new)
    assert published(hub, "v1.0.0") == old
    if "v1.1.0" in hub.store.repositories[TIN].tags:
        assert published(hub, "v1.1.0") == new
    assert client.phusa("push", releases["1.1.0"], DEST).code == 0
    assert published(hub) == published(hub, "v1.1.0") == new
    assert titles(hub) == ["tin 1.1.0", "tin 1.0.0", "initial"]


def test_large_files_go_in_parts(hub, client, releases):
    hub.part_bytes = 4096
    assert client.phusa("push", releases["1.0.0"], DEST).code == 0
    assert published(hub) == contents(releases["1.0.0"])
    assert any(entry.path.endswith("/2") for entry in hub.log)


# -- who may


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("hf_nobody_0000000", "the hub does not take the token; log in with `hf auth login` or"),
        ("", "no token; log in with `hf auth login` or set HF_TOKEN"),
        (READER, "no right to do this; use a token that may write there"),
        (STRANGER, "no right to do this; use a token that may write there"),
    ],
)
def test_who_may_not_push_is_told(hub, client, releases, token, message):
    for arguments in ((), ("--public",)):
        done = client.phusa("push", releases["1.0.0"], DEST, *arguments, HF_TOKEN=token)
        assert done.code == 2
        assert one_line(done.err).startswith(f"phusa: error: {DEST}: {message}")
        assert "hf_" not in done.err + done.out
    assert not hub.store.repositories


def test_the_token_may_be_that_of_a_login(hub, releases, tmp_path):
    (tmp_path / "token").write_text(WRITER)
    variables = environment(hub, tmp_path) | {"HF_TOKEN": ""}
    subprocess.run(command(releases["1.0.0"]), env=variables, check=True, capture_output=True)
    assert published(hub, "v1.0.0") == contents(releases["1.0.0"])


def test_who_may_see_it(hub, client, releases):
    client.phusa("push", releases["1.0.0"], DEST)
    for token in (STRANGER, ""):
        done = client.phusa("verify", f"{DEST}@v1.0.0", HF_TOKEN=token)
        assert done.code == 2
        assert "no such dataset, or none that may be seen" in one_line(done.err)
    assert client.phusa("verify", f"{DEST}@v1.0.0", "--no-load", HF_TOKEN=READER).code == 0
    done = client.phusa("push", releases["1.1.0"], DEST, "--public")
    assert done.err.startswith(
        "phusa: the dataset is private and stays so; its settings on the hub"
    )
    assert hub.store.repositories[TIN].private


def test_a_public_dataset(hub, client, releases):
    done = client.phusa("push", releases["1.0.0"], DEST, "--public")
    assert done.err == "phusa: the dataset org/tin is new, and public\n"
    assert not hub.store.repositories[TIN].private
    assert client.phusa("verify", f"{DEST}@v1.0.0", "--no-load", HF_TOKEN="").code == 0
    done = client.phusa("push", releases["1.1.0"], DEST)
    assert done.err.startswith(
        "phusa: the dataset is public and stays so; its settings on the hub "
    )


def test_the_token_is_never_shown(hub, releases, tmp_path):
    hub.fail("POST .*/commit/", 400, message=f"bad \x1b[31m\n{WRITER} {'x' * 5000}")
    for _ in range(2):
        done = subprocess.run(
            command(releases["1.0.0"]),
            env=environment(hub, tmp_path),
            capture_output=True,
            check=False,
        )
        said = (done.stdout + done.stderr).decode()
        assert WRITER not in said
        assert len(said) < 400
    assert done.returncode == 0
    assert WRITER not in repr(hub.log)


# -- where there is no hub


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"HF_ENDPOINT": "http://127.0.0.1:9"}, "the hub cannot be reached; check the network, an"),
        ({"HF_HUB_OFFLINE": "1"}, "HF_HUB_OFFLINE keeps from asking the hub; unset it"),
        ({"HF_HUB_DISABLE_XET": "0"}, "the hub has no Xet storage; set HF_HUB_DISABLE_XET=1"),
    ],
)
def test_what_the_environment_makes_impossible_is_told_at_once(
    hub, releases, tmp_path, variables, message
):
    done = subprocess.run(
        command(releases["1.0.0"]),
        env=environment(hub, tmp_path) | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert one_line(done.stderr).startswith(f"phusa: error: {DEST}: {message}")
