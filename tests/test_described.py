"""What tells of a release: where it is not so, that is found, though every digest fits."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from made_up import RECORDS, released, restamp, save
from phusa.recipe import Dataset
from phusa.release import Problem
from phusa.release.manifest import entry
from phusa.release.verify import verify

SCHEMA, DATA = "schema/article-1.0.0.json", "data/train-00000-of-00001.parquet"
MANIFEST = "manifest.json"
CARD, LOG, CROISSANT = "README.md", "CHANGELOG.md", "croissant.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A release to tell lies of."""
    return released(tmp_path / "1.0.0", [RECORDS[60:63]], Dataset("tin", "1.0.0")).folder


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (CARD, "data/train-*.parquet", "http://127.0.0.1:9/x.parquet", "its configs do not name"),
        (CARD, "data/train-*.parquet", "../*.parquet", "its configs do not name the data of this"),
        (CARD, "num_examples: 3", "num_examples: 4", "its splits are not those of manifest.json"),
        (
            CARD,
            "name: text\n    dtype: string",
            "name: text\n    dtype: int64",
            "its features are ",
        ),
        (CARD, "---\n", "----\n", "has no head"),
        (CARD, "configs:\n", "configs: {\n", "its head is no YAML: "),
        (CARD, "dataset_info:\n", "dataset:\n", "cannot be read: KeyError"),
        (LOG, "## 1.0.0", "## 2.0.0", "does not begin with version 1.0.0"),
        (LOG, "## 1.0.0", "lies", "does not begin with version 1.0.0"),
        (CROISSANT, '"version": "1.0.0"', '"version": "2.0.0"', "is of another version than"),
        (CROISSANT, '"sha256": "', '"sha256": "0', "its files are not those of manifest.json"),
        (CROISSANT, "{", "", "cannot be read: JSONDecodeError"),
    ],
)
def test_what_is_told_of_a_release_must_be_so(folder, path, old, new, message):
    text = (folder / path).read_text("utf-8")
    assert old in text
    (folder / path).write_text(text.replace(old, new, -1 if path == CARD else 1), "utf-8")
    restamp(folder)
    (problem,) = verify(folder, load=False)
    assert (problem.path, problem.message.startswith(message)) == (path, True), problem


@pytest.mark.parametrize("path", [CARD, LOG, CROISSANT, SCHEMA])
def test_what_every_release_has_must_be_there(folder, path):
    (folder / path).unlink()
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"] = [e for e in manifest["files"] if e["path"] != path]
    save(folder, json.dumps(manifest).encode())
    assert path in {problem.path for problem in verify(folder, load=False)}


def test_what_is_no_part_of_a_release_is_told(folder):
    (folder / "run.sh").write_text("echo")
    restamp(folder, lambda m: m["files"].append(asdict(entry(folder, "run.sh"))))
    assert verify(folder, load=False) == [Problem("run.sh", "is no part of a release")]


def test_rows_that_no_list_counts_are_told(folder):
    """The pattern of the card would load them."""
    extra = "data/train-x.parquet"
    shutil.copy(folder / DATA, folder / extra)
    restamp(folder, lambda m: m["files"].append(asdict(entry(folder, extra))))
    assert verify(folder, load=False) == [Problem(extra, "is no part of a release")]
