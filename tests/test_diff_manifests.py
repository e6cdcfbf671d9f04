"""Two releases compared by what they say of themselves: schemas and manifests."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import phusa_schema
from compared import diff, some
from phusa.comparing import compare, opened
from phusa.comparing.difference import Changed, Move, Retyped
from phusa.comparing.rendering import as_text
from phusa.release import ARTICLE
from small_releases import Record, record, write


def schema(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    changed = copy.deepcopy(phusa_schema.load(ARTICLE))
    change(changed["properties"])
    return dict(changed)


def test_a_new_field_is_no_change_of_the_records(tmp_path: Path) -> None:
    topics = {"description": "T.", "type": "array", "items": {"type": "string"}}
    deep = {"description": "D.", "type": "string"}

    def add(fields: dict[str, Any]) -> None:
        fields["topics"] = topics
        fields["extra"] = {"description": "E.", "type": "object", "properties": {"deep": deep}}
        fields["source"]["properties"]["robots"] = deep

    rows = [
        row | {"topics": [], "extra": {"deep": "x"}, "source": row["source"] | {"robots": "y"}}
        for row in some()
    ]
    found = diff(tmp_path, some(), rows, schema=schema(add))
    assert found.schema.added == ("source.robots", "topics", "extra")
    assert (found.unchanged, found.fields, found.bump) == (5, {}, "minor")
    before = write(tmp_path / "before", rows, schema=schema(add))
    back = compare(opened(before), opened(write(tmp_path / "after", some())))
    assert (back.schema.removed, back.unchanged, back.bump) == (found.schema.added, 5, "major")


def test_another_type_is_a_major_change(tmp_path: Path) -> None:
    def retype(fields: dict[str, Any]) -> None:
        fields["text"]["type"] = ["string", "null"]
        fields["counts"]["properties"]["words"] = {"description": "W.", "type": "number"}
        fields["language"] = {"description": "L.", "type": "string"}

    rows = [row | {"language": "vi"} for row in some()]
    found = diff(tmp_path, some(), rows, schema=schema(retype))
    assert found.schema.retyped == (
        Retyped("text", "string", "string or null"),
        Retyped("language", "object or null", "string"),
        Retyped("counts.words", "int64", "float64"),
    )
    assert (found.changed, found.fields) == (Changed(metadata=5), {"language": 5})
    assert found.bump == "major"
    assert "field of another type: text" in found.reasons


# -- what the manifests tell


def test_drift_comes_from_the_manifests(tmp_path: Path) -> None:
    def other(number: int) -> Record:
        text = "A day. " * (2 + number)
        site = record("b")["source"] | {"site": "b.vn"}
        return record(f"b/{number}", text, language=None, locality=None, source=site)

    found = diff(
        tmp_path, some(6), some(6) + [other(i) for i in range(6)], rejected={"QUA010": 3}, most=2
    )
    drift = found.drift
    assert drift.languages == (Move("vi", 6, 6), Move(None, 0, 6))
    assert drift.sites == (Move("a.vn", 6, 6), Move("b.vn", 0, 6))
    assert drift.places == (Move("VN: Thành phố Hải Phòng", 6, 6), Move(None, 0, 6))
    assert drift.years == ()
    assert drift.rejected == (Move("QUA010", 0, 3),)
    assert [move.value for move in drift.lengths] == ["8", "16", "32", "64"]
    assert sum(move.new for move in drift.lengths) == 12
    assert found.new.words is not None


@pytest.mark.parametrize("lost", ["lengths", "languages", "sites", "records", "chars", "rejected"])
def test_what_an_old_manifest_lacks_is_not_compared(tmp_path: Path, lost: str) -> None:
    old = opened(write(tmp_path / "old", some()))
    new = opened(write(tmp_path / "new", [*some(), record("b", language=None)], "1.1.0"))
    without = {name: value for name, value in old.statistics.items() if name != lost}
    found = compare(replace(old, statistics=without), new)
    assert as_text(found)
    assert found.drift.languages == () or lost not in ("languages", "records")
    assert found.old.chars is None or lost != "chars"
    bare = compare(replace(old, statistics={}), replace(old, statistics={}))
    assert (bare.bump, bare.old.words) == ("none", None)


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ({"name": "báo"}, "another name of the dataset"),
        ({"phusa": "0.2.0"}, "another version of phusa"),
        ({"recipe_sha256": "c" * 64}, "another recipe"),
        ({"sources_sha256": "c" * 64}, "other sources"),
        ({"content_id": "c" * 64}, "another content id"),
        ({"statistics": {"documents": 9}}, "other statistics"),
    ],
)
def test_what_else_differs_is_a_patch(
    tmp_path: Path, manifest: dict[str, Any], reason: str
) -> None:
    found = diff(tmp_path, some(), some(), **manifest)
    assert (found.bump, found.proposed, found.reasons) == ("patch", "1.0.1", (reason,))
