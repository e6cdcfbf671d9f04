"""Pushing to a hub and reading from it: the real clients against a hub on this machine."""

import json
import shutil
from pathlib import Path

import pytest

import hub_pushes
from hub_client import Client
from hub_pushes import DEST, TIN, holding, one_line, published, titles
from hub_server import Hub
from made_up import restamp
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


LOAD = """
import json, datasets
name, revision, folder = ARGUMENTS
with_tag = {"path": name, "revision": revision}
for options in ({"path": folder}, with_tag, with_tag | {"streaming": True}):
    loaded = datasets.load_dataset(**options)
    rows = {split: [dict(row) for row in loaded[split]] for split in loaded}
    features = {split: loaded[split].features._to_yaml_list() for split in loaded}
    print(json.dumps([rows, features]))
"""


def test_a_push_is_one_commit_with_a_tag(hub, client, releases):
    done = client.phusa("push", releases["1.0.0"], DEST)
    assert (done.code, done.err) == (0, "phusa: the dataset org/tin is new, and private\n")
    repository = hub.store.repositories[TIN]
    commit = repository.tags["v1.0.0"]
    assert repository.branches == {"main": commit}
    assert titles(hub) == ["tin 1.0.0", "initial"]
    assert published(hub) == contents(releases["1.0.0"])
    assert ".gitattributes" in repository.at("main").tree
    assert repository.private
    first, second, third = done.out.splitlines()
    assert first == "hf://datasets/org/tin@v1.0.0"
    assert second.startswith(f"  commit {commit}, content ")
    assert third == '  load_dataset("org/tin", revision="v1.0.0")'


@pytest.mark.parametrize("name", ["1.0.0", "1.1.0"])
def test_what_was_pushed_loads_by_its_tag(hub, client, releases, name):
    assert client.phusa("push", releases[name], DEST).code == 0
    done = client.python(LOAD, TIN, f"v{name}", releases[name])
    local, by_tag, streamed = map(json.loads, done.out.splitlines())
    assert local == by_tag == streamed
    rows, features = local
    assert sum(map(len, rows.values())) == int(name[2]) * 2 + 3
    assert sorted(rows) == (["train"] if name == "1.0.0" else ["test", "train"])
    assert features["train"][0] == {"name": "id", "dtype": "string"}


def test_what_was_pushed_verifies_and_comes_back(hub, client, releases):
    client.phusa("push", releases["1.1.0"], DEST)
    done = client.phusa("verify", f"{DEST}@v1.1.0")
    assert (done.code, done.out) == (0, f"{DEST}@v1.1.0: verified\n")
    code = (
        "from phusa.publishing.fetching import fetched\nwith fetched(ARGUMENTS[0]) as f: print(f)"
    )
    folder = Path(client.python(code, f"{DEST}@v1.1.0").out.strip())
    assert {p: data for p, data in contents(folder).items() if p[0] != "."} == (
        contents(releases["1.1.0"])
    )
    hub.store.edit(TIN, {"README.md": b"another card"})
    done = client.phusa("verify", DEST)
    assert (done.code, done.out) == (1, "README.md: the file is changed\n")


def test_a_second_push_does_nothing(hub, client, releases):
    client.phusa("push", releases["1.0.0"], DEST)
    hub.log.clear()
    done = client.phusa("push", releases["1.0.0"], DEST, "--json")
    told = json.loads(done.out)
    assert told["unchanged"] is True
    assert told["revision"] == hub.store.repositories[TIN].tags["v1.0.0"]
    assert client.phusa("push", releases["1.0.0"], DEST).out.startswith(f"{DEST}@v1.0.0  unchanged")
    assert client.phusa("push", releases["1.0.0"], DEST, "--quiet").out == ""
    assert hub.writes() == []


def test_a_dry_run_tells_all_and_writes_nothing(hub, client, releases):
    done = client.phusa("push", releases["1.1.0"], DEST, "--dry-run")
    files = sorted(contents(releases["1.1.0"]).items())
    shown = [f"  + {path}  {len(data):,} bytes" for path, data in files]
    notes = ["  the dataset org/tin is new, and private", "  the tag v1.1.0 is new"]
    assert done.out.splitlines() == [f"{DEST}@v1.1.0", *shown, *notes]
    assert hub.writes() == []
    client.phusa("push", releases["1.1.0"], DEST)
    hub.log.clear()
    done = client.phusa("push", releases["1.2.0"], DEST, "--dry-run", "--json")
    plan = json.loads(done.out)
    assert plan["delete"] == [
        "data/test-00000-of-00001.parquet",
        "jsonl/test-00000-of-00001.jsonl.zst",
    ]
    assert "schema/article-1.0.0.json" not in {file["path"] for file in plan["upload"]}
    assert client.phusa("push", releases["1.1.0"], DEST, "--dry-run").out == (
        f"{DEST}@v1.1.0  unchanged\n"
    )
    assert hub.writes() == []


def test_a_later_version_takes_the_place_of_the_earlier(hub, client, releases):
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        assert client.phusa("push", releases[version], DEST).code == 0
        assert published(hub) == contents(releases[version])
    assert titles(hub) == ["tin 1.2.0", "tin 1.1.0", "tin 1.0.0", "initial"]
    for version in ("1.0.0", "1.1.0"):
        assert published(hub, f"v{version}") == contents(releases[version])


def test_an_earlier_version_comes_as_its_tag_alone(hub, client, releases):
    client.phusa("push", releases["1.2.0"], DEST)
    done = client.phusa("push", releases["1.0.0"], DEST)
    assert (done.code, done.err) == (
        0,
        "phusa: main holds 1.2.0 and stays: this one gets its tag only\n",
    )
    assert list(hub.store.repositories[TIN].branches) == ["main"]
    assert published(hub) == contents(releases["1.2.0"])
    assert published(hub, "v1.0.0") == contents(releases["1.0.0"])
    hub.log.clear()
    assert "unchanged" in client.phusa("push", releases["1.0.0"], DEST).out
    assert hub.writes() == []


def test_a_version_never_changes(hub, client, releases):
    client.phusa("push", releases["1.0.0"], DEST)
    hub.log.clear()
    done = client.phusa("push", releases["1.0.0 other"], DEST)
    why = f"phusa: error: {DEST}@v1.0.0: 1.0.0 is there with other content; raise dataset.version\n"
    assert (done.code, done.err) == (2, why)
    hub.store.repositories[TIN].tags.clear()  # as if the push before had ended early
    assert client.phusa("push", releases["1.0.0 other"], DEST).err == why
    assert hub.writes() == []
    done = client.phusa("push", releases["1.0.0"], DEST)
    assert "unchanged" in done.out


def test_branches(hub, client, releases):
    assert client.phusa("push", releases["1.0.0"], DEST).code == 0
    done = client.phusa("push", releases["1.1.0"], f"{DEST}@next%2Fone")
    assert (done.code, done.err) == (0, "phusa: the branch next/one is new\n")
    assert published(hub) == contents(releases["1.0.0"])
    assert published(hub, "next/one") == published(hub, "v1.1.0") == contents(releases["1.1.0"])
    tags = dict(hub.store.repositories[TIN].tags)
    assert client.phusa("push", releases["1.1.0"], DEST).code == 0
    assert published(hub) == contents(releases["1.1.0"])
    assert hub.store.repositories[TIN].tags == tags
    assert client.phusa("push", releases["1.1.0"], f"{DEST}@dev").code == 0
    assert hub.store.repositories[TIN].branches["dev"] == tags["v1.1.0"]


# -- what must not leave


def test_personal_data_above_the_limit_stays(hub, client, releases, tmp_path):
    folder = holding(tmp_path, 11, 10)
    done = client.phusa("push", folder, DEST)
    assert done.code == 1
    assert one_line(done.err).startswith(
        f"phusa: error: {folder}: holds 11 emails, 1 phones, more than dataset.personal_data_limit "
        "= 10; redact it"
    )
    assert hub.log == []
    assert client.phusa("push", folder, DEST, "--dry-run").code == 1


def test_personal_data_is_not_public_without_a_limit(hub, client, releases, tmp_path):
    folder = holding(tmp_path, 11, None)
    done = client.phusa("push", folder, DEST, "--public")
    assert done.code == 1
    assert "12 pieces of personal data would be public" in one_line(done.err)
    assert hub.writes() == []
    assert client.phusa("push", folder, DEST).code == 0
    hub.store.repositories[TIN].private = False
    hub.log.clear()
    assert client.phusa("push", folder, DEST).code == 1
    assert client.phusa("push", folder, DEST, "--dry-run").code == 1
    assert hub.writes() == []


def test_personal_data_within_the_limit_may_be_public(hub, client, releases, tmp_path):
    assert client.phusa("push", holding(tmp_path, 11, 12), DEST, "--public").code == 0


def test_counts_of_personal_data_are_not_taken_on_trust(hub, client, tmp_path):
    folder = holding(tmp_path, 11, 10)
    restamp(folder, lambda manifest: manifest["statistics"].update(personal_data={}))
    done = client.phusa("push", folder, DEST)
    wrong = "manifest.json: statistics/personal_data is not that of the records; not pushed"
    assert (done.code, wrong in one_line(done.err)) == (1, True)
    assert hub.log == []


def test_a_release_that_is_not_what_it_says_stays(hub, client, releases, tmp_path):
    folder = shutil.copytree(releases["1.0.0"], tmp_path / "1.0.0")
    with (folder / "README.md").open("a") as file:
        file.write("\n")
    done = client.phusa("push", folder, DEST)
    wrong = f"{folder}: README.md: the file is changed; not pushed, see `phusa verify {folder}`"
    assert (done.code, done.err) == (1, f"phusa: error: {wrong}\n")
    assert hub.log == []


# -- what others put there


def test_files_of_no_release_are_not_touched_unasked(hub, client, releases):
    hub.store.create(TIN, private=True)
    mine = {"data/train-00000-of-00001.parquet": b"mine", "notes.txt": b"mine", "README.md": b"a"}
    hub.store.edit(TIN, mine | {".config": b"mine"})
    done = client.phusa("push", releases["1.0.0"], DEST)
    assert done.code == 2
    said = "files of no release: data/train-00000-of-00001.parquet, notes.txt; push to another one"
    assert said in one_line(done.err)
    assert client.phusa("push", releases["1.0.0"], DEST, "--dry-run").code == 2
    assert published(hub) == mine
    done = client.phusa("push", releases["1.0.0"], DEST, "--replace")
    assert (done.code, done.err) == (
        0,
        "phusa: overwrites or deletes what others changed: README.md, "
        "data/train-00000-of-00001.parquet, notes.txt\n",
    )
    assert published(hub) == contents(releases["1.0.0"])
    assert hub.store.data(TIN, "main", ".config") == b"mine"


def test_changes_by_hand_stay_until_the_next_version(hub, client, releases):
    client.phusa("push", releases["1.0.0"], DEST)
    hub.store.edit(TIN, {"README.md": b"by hand"})
    done = client.phusa("push", releases["1.0.0"], DEST)
    assert done.err == "phusa: main was changed by others since it got 1.0.0, and stays\n"
    assert hub.store.data(TIN, "main", "README.md") == b"by hand"
    done = client.phusa("push", releases["1.1.0"], DEST)
    assert done.err == "phusa: overwrites or deletes what others changed: README.md\n"
    assert published(hub) == contents(releases["1.1.0"])


def test_a_gitignore_there_is_not_for_releases(hub, client, releases):
    hub.store.create(TIN, private=True)
    hub.store.edit(TIN, {".gitignore": b"croissant.json\n"})
    assert client.phusa("push", releases["1.0.0"], DEST).code == 0
    assert published(hub, "v1.0.0") == contents(releases["1.0.0"])


@pytest.mark.parametrize("times", [1, 9])
def test_a_commit_that_is_not_the_release_gets_no_tag(hub, client, releases, times):
    hub.losing = times
    done = client.phusa("push", releases["1.0.0"], DEST)
    if times == 1:
        assert published(hub, "v1.0.0") == contents(releases["1.0.0"])
    else:
        assert (done.code, "does not keep all files as they" in one_line(done.err)) == (2, True)
        assert hub.store.repositories[TIN].tags == {}


# -- addresses


@pytest.mark.parametrize(
    "dest",
    [
        "hf://org/tin",
        "hf://models/org/tin",
        "hf://datasets/tin",
        f"{DEST}@",
        f"{DEST}/a",
        f"{DEST}@a/b",
        f"{DEST}@..",
        f"{DEST}@..%2F..%2Fetc",
        f"{DEST}@a%2F.%2Fb",
        f"{DEST}@%2Fa",
        f"{DEST}@a%2F",
        f"{DEST}@%ff",
        f"{DEST}@a%0Ab",
        f"{DEST}@%252e",
        "hf://datasets/../..@x",
        "hf://datasets/org/.",
    ],
)
def test_what_is_no_dataset_is_told(hub, client, releases, dest):
    for arguments in (("push", releases["1.0.0"], dest), ("verify", dest)):
        done = client.phusa(*arguments)
        assert (done.code, "not a dataset on the hub; write hf" in one_line(done.err)) == (2, True)
    assert hub.log == []


@pytest.mark.parametrize("branch", ["v1.0.0", "refs%2Fheads%2Fmain", "0" * 40])
def test_what_is_no_branch_is_told(hub, client, releases, branch):
    done = client.phusa("push", releases["1.0.0"], f"{DEST}@{branch}")
    assert (done.code, " is no branch" in one_line(done.err)) == (2, True)
    assert hub.log == []


@pytest.mark.parametrize(
    ("revision", "message"),
    [("v9.0.0", "no such branch, tag or commit"), ("main", "holds no release; name a version")],
)
def test_what_is_no_release_is_told(hub, client, revision, message):
    hub.store.create(TIN, private=False)
    done = client.phusa("verify", f"{DEST}@{revision}")
    assert (done.code, message in one_line(done.err)) == (2, True)
