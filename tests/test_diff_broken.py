"""What cannot be compared, and what is compared though it is strange."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from compared import Change, some
from phusa.comparing import compare, opened
from phusa.comparing.rendering import as_json, as_text
from phusa.release import ARTICLE, ReleaseError, lines
from small_releases import write


def manifest_of(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return spoil


def schema_of(text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "schema" / f"{ARTICLE}.json").write_text(text)


LAUGHS = {
    f"d{i}": {
        "type": "object",
        "description": "D.",
        "properties": {key: {"$ref": f"#/$defs/d{i + 1}"} for key in "ab"},
    }
    for i in range(40)
} | {"d40": {"type": "string", "description": "D."}}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda f: (f / "manifest.json").unlink(),
            "holds no release; name the folder of a version",
        ),
        (lambda f: (f / "manifest.json").write_bytes(b"{"), "manifest.json: not JSON"),
        (lambda f: (f / "manifest.json").write_bytes(b"\xff"), "manifest.json: not JSON"),
        (lambda f: (f / "manifest.json").write_bytes(b"[]"), "manifest.json: not a manifest"),
        (manifest_of(lambda m: m.pop("files")), "not a manifest"),
        (manifest_of(lambda m: m.update(version="1.0")), "not a manifest"),
        (manifest_of(lambda m: m.update(schema="../article-1.0.0")), "not a manifest"),
        (
            manifest_of(lambda m: m.update(format="manifest-2.0.0")),
            "the format is 'manifest-2.0.0'",
        ),
        (lambda f: next((f / "jsonl").iterdir()).unlink(), "jsonl.zst: the file is missing"),
        (
            lambda f: (f / "schema" / f"{ARTICLE}.json").unlink(),
            "1.0.0.json: cannot be read: No such",
        ),
        (schema_of("{"), "not a schema"),
        (schema_of("[]"), "not a schema"),
        (schema_of('{"properties": {"a": {"$ref": "#/$defs/b"}}}'), "not a schema"),
        (
            schema_of(
                '{"properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"$ref":"#/$defs/a"}}}'
            ),
            "not a schema",
        ),
        (
            schema_of(json.dumps({"properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": LAUGHS})),
            "not a schema",
        ),
        (schema_of('{"properties":{"a":{"type":[1],"description":""}}}'), "not a schema"),
        (schema_of('{"properties":{"a":{"type":[["x"]],"description":""}}}'), "not a schema"),
        (schema_of('{"properties":{"a":' * 3_000 + "1" + "}}" * 3_000), "not a schema"),
    ],
)
def test_what_is_no_release_is_told(tmp_path: Path, spoil: Change, message: str) -> None:
    folder = write(tmp_path / "1.0.0", some())
    spoil(folder)  # type: ignore[arg-type]
    with pytest.raises(ReleaseError, match=re.escape(message)) as caught:
        opened(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "not a record"),
        (b"[]", "not a record"),
        (b'{"id":1}', "not a record"),
        (b'{"id":"a', "not a record"),
        (b'{"id":"\xff"}', "not a record"),
        (b'{"text":"A."}', "not a record"),
        (b'{"id":"a/1","text":}', "record 'a/1': unexpected character"),
        (b'{"id":"a/1","text":' + b"[" * 2_000 + b"]" * 2_000 + b"}", "record 'a/1': "),
    ],
)
def test_what_is_no_record_is_told(tmp_path: Path, line: bytes, message: str) -> None:
    old = write(tmp_path / "old", some())
    new = write(tmp_path / "new", some(), "1.1.0")
    (file,) = (new / "jsonl").iterdir()
    file.unlink()
    rows = [orjson.dumps(row) for row in some()]
    lines.write([rows[0], line, *rows[2:]], file)
    with pytest.raises(ReleaseError, match=re.escape(message)) as caught:
        compare(opened(old), opened(new))
    assert "\n" not in str(caught.value)


def test_records_that_are_missing_were_not_removed(tmp_path: Path) -> None:
    old = write(tmp_path / "old", some())
    new = write(tmp_path / "new", some(), "1.1.0")
    (file,) = (new / "jsonl").iterdir()
    file.unlink()
    lines.write(map(orjson.dumps, some(4)), file)
    with pytest.raises(ReleaseError, match=r"'tin' 1\.1\.0: 4 records, its manifest says 5"):
        compare(opened(old), opened(new))


def test_a_file_that_is_no_zstd_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "old", some())
    (file,) = (folder / "jsonl").iterdir()
    file.write_bytes(b"no zstd")
    with pytest.raises(ReleaseError, match=r"jsonl\.zst: cannot be read"):
        compare(opened(folder), opened(folder))


def test_hostile_records_are_compared(tmp_path: Path) -> None:
    strange: list[Any] = [{}, 1, [1, None], "x", [{"level": 1}], None, {"text": "x"}]
    for value in strange:
        fields = dict.fromkeys(("text", "title", "captions", "source", "locality"), value)
        old, new = write(tmp_path / f"{len(list(tmp_path.iterdir()))}", some()), tmp_path / "new"
        (file,) = (old / "jsonl").iterdir()
        rows = [json.dumps({**row, **fields}).encode() for row in some()]
        new.mkdir()
        lines.write(rows, new / file.name)
        version = opened(old)
        found = compare(version, replace(version, files={"train": (new / file.name,)}))
        assert found.changed.total == 5
        assert orjson.dumps(as_json(found))
        assert as_text(found)
        (new / file.name).unlink()
        new.rmdir()
