"""Croissant: mlcroissant finds nothing wrong with it and reads the records by it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cards import HOSTILE, all_given, facts
from made_up import RECORDS, contents, released
from phusa.recipe import Dataset, Splits
from phusa.release.croissant import croissant

READ = """
import json, sys
import mlcroissant
shown = lambda value: value.decode() if isinstance(value, bytes) else value.item()
_, file, out, *filters = sys.argv
records = mlcroissant.Dataset(file).records("articles", filters=dict(f.split("=") for f in filters))
with open(out, "w") as lines:
    for record in records:
        lines.write(json.dumps(record, default=shown) + chr(10))
"""
"""In a process of its own: mlcroissant and what it needs warn of what they use."""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def warnings(path: Path) -> list[str]:
    """What `mlcroissant validate` says of a file that it finds valid."""
    program = "from mlcroissant.scripts.cli import main; main()"
    done = run("-c", program, "validate", "--jsonld", path)
    assert done.returncode == 0, done.stderr
    return [line.strip(" -") for line in done.stderr.splitlines() if line.startswith("  -")]


def read(folder: Path, out: Path, *filters: str) -> list[dict]:
    done = run("-c", READ, folder / "croissant.json", out, *filters)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in out.read_text().splitlines()]


def as_read(record: dict, at: str = "articles") -> tuple[dict, dict]:
    """What Croissant has of an object: its values, and the objects in it, which lie beside it."""
    own, beside = {}, {}
    for name, value in record.items():
        key = f"{at}/{name}"
        match value:
            case dict():
                beside[key], more = as_read(value, key)
                beside |= more
            case [dict(), *_]:
                beside[key] = [as_read(item, key)[0] for item in value]
            case _:
                own[key] = value
    return own, beside


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    dataset = Dataset("tin", "1.2.0", license="CC-BY-4.0", homepage="https://a.vn", tags=("báo",))
    splits = Splits("id", (("train", 6), ("test_2", 2), ("test", 2)))
    place = tmp_path_factory.mktemp("croissant") / "1.2.0"
    return released(place, [RECORDS], dataset, splits=splits, shard_bytes=90_000).folder


def test_it_is_valid(folder):
    """There is no date of publication, as a release does not know when it will be published."""
    (warning,) = warnings(folder / "croissant.json")
    assert "datePublished" in warning


@pytest.mark.parametrize(
    "told",
    [
        facts(RECORDS[:1]),
        all_given(RECORDS),
        facts(RECORDS, dataset=Dataset(pretty_name=HOSTILE, description=HOSTILE, tags=(HOSTILE,))),
    ],
    ids=["nothing", "everything", "hostile"],
)
def test_it_is_valid_whatever_is_given(told, tmp_path):
    (tmp_path / "croissant.json").write_bytes(croissant(told))
    said = warnings(tmp_path / "croissant.json")
    assert all(" is recommended, but does not exist" in warning for warning in said)


def test_records_are_read_back(folder, tmp_path):
    rows = {row["articles/id"]: row for row in read(folder, tmp_path / "rows")}
    assert len(rows) == len(RECORDS)
    for record in RECORDS:
        row = rows[record["id"]]
        assert row.pop("articles/split") in ("train", "test", "test_2")
        own, beside = as_read(record)
        # an object that is null is read as one whose fields are
        assert _without_nulls(row) == _without_nulls(own | beside), record["id"]


def _without_nulls(value):
    match value:
        case dict():
            kept = {key: _without_nulls(part) for key, part in value.items()}
            return {key: part for key, part in kept.items() if part not in (None, {}, [])}
        case list():
            return [item for item in map(_without_nulls, value) if item]
    return value


@pytest.mark.parametrize("split", ["train", "test"])
def test_splits_are_read_alone(folder, tmp_path, split):
    rows = read(folder, tmp_path / "rows", f"articles/split={split}")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert {row["articles/split"] for row in rows} == {split}
    assert len(rows) == manifest["splits"][split] > 0


def test_files_are_those_of_the_manifest(folder):
    told = json.loads((folder / "croissant.json").read_bytes())
    files = {file["contentUrl"]: file["sha256"] for file in told["distribution"][:-1]}
    listed = json.loads((folder / "manifest.json").read_bytes())["files"]
    assert files == {
        file["path"]: file["sha256"] for file in listed if file["path"].endswith(".parquet")
    }
    assert len(files) > 3
    assert told["version"] == "1.2.0"


def test_it_says_what_the_card_says():
    told = json.loads(croissant(all_given(RECORDS)))
    assert told["license"] == "https://a.vn/l"
    assert told["description"].startswith("Tin *địa phương*.\n\nVersion 1.2.0: ")
    assert told["inLanguage"] == ["en", "vi"]
    assert "5 pieces of personal data" in told["rai:personalSensitiveInformation"][0]
    assert "tin@example.org" in told["rai:dataReleaseMaintenancePlan"]
    assert not {"license", "url", "keywords"} & json.loads(croissant(facts(RECORDS))).keys()


def test_the_order_of_counting_does_not_show(folder):
    assert croissant(facts(RECORDS)) == croissant(facts(RECORDS[::-1]))
    assert b"\n  " in contents(folder)["croissant.json"]
