"""Small releases to compare, written by hand: JSON lines, manifest and schema, nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from phusa.release import ARTICLE, lines
from phusa.release.manifest import MANIFEST, Digests, canonical, content_id, dump
from phusa.release.statistics import Statistics
from phusa_schema import source

Record = dict[str, Any]

UNIT = {"level": "ward", "code": "10675", "name": "Phường An Lưu"}
PROVINCE = {"level": "province", "code": "31", "name": "Thành phố Hải Phòng"}
DATE = {
    "value": "2020-06-18",
    "precision": "day",
    "evidence": "ngày 18/6/2020",
    "rule": "MET101",
    "inferred": False,
    "not_before": None,
    "not_after": None,
}
PLACE = {
    "country": "VN",
    "as_named": "An Lưu",
    "precision": "ward",
    "then": [UNIT],
    "now": [UNIT | {"part": False}, PROVINCE | {"part": False}],
    "as_of": "2025-07-01",
    "evidence": "phường An Lưu",
    "rule": "MET120",
}
TEXT = "Phường An Lưu trực thuộc thị xã Kinh Môn.\n\nNăm 2020, kinh tế của phường khởi sắc."


def record(name: str, text: str = TEXT, **fields: Any) -> Record:
    """A record that follows the schema; `fields` take the place of its own."""
    return {
        "id": name,
        "url": None,
        "source": {
            "path": f"{name}.html",
            "site": "a.vn",
            "media_type": "text/html",
            "fetched_at": None,
            "license": None,
            "raw_sha256": "0" * 64,
            "extra": None,
        },
        "title": f"Tin {name}",
        "lead": None,
        "text": text,
        "captions": ["Ảnh: A"],
        "authors": [],
        "published": DATE,
        "modified": None,
        "language": {"code": "vi", "confidence": 0.9},
        "locality": PLACE,
        "publisher": None,
        "quality": {
            "kept_share": 0.5,
            "terminal_share": 1.0,
            "digit_share": 0.1,
            "repeated_share": 0.0,
            "replacement_chars": 0,
            "mean_paragraph_chars": 40.0,
        },
        "counts": {
            "chars": len(text),
            "words": len(text.split()),
            "lines_kept": 2,
            "lines_removed": 3,
        },
        "personal_data": {"emails": 0, "phones": 0, "identity_numbers": 0, "bank_accounts": 0},
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
    } | fields


def write(
    folder: Path,
    records: Sequence[Record] | Mapping[str, Sequence[Record]],
    version: str = "1.0.0",
    *,
    schema: Mapping[str, Any] | None = None,
    rejected: Mapping[str, int] | None = None,
    **manifest: Any,
) -> Path:
    """Write a release of records, by split or all in `train`; `manifest` takes what it is to say.

    A split may have several files: its name and a number, `train.1`.
    """
    splits = dict(records) if isinstance(records, Mapping) else {"train": records}
    statistics, contents = Statistics(), Digests()
    statistics.rejected.update(rejected or {})
    files = []
    (folder / "jsonl").mkdir(parents=True)
    (folder / "schema").mkdir()
    for name, rows in splits.items():
        split, _, number = name.partition(".")
        path = f"jsonl/{split}-{int(number or 0):05}-of-00001.jsonl.zst"
        lines.write(map(orjson.dumps, rows), folder / path)
        files.append({"path": path, "rows": len(rows), "bytes": 0, "sha256": "0" * 64})
        for row in rows:
            contents.add(canonical(row))
            if schema is None:
                statistics.add_record(row)
    name = "article-1.1.0" if schema else ARTICLE
    written = json.dumps(schema).encode() if schema else source(ARTICLE)
    (folder / "schema" / f"{name}.json").write_bytes(written)
    told = {
        "format": "manifest-1.0.0",
        "name": "tin",
        "version": version,
        "schema": name,
        "phusa": "0.1.0",
        "content_id": content_id(contents, name),
        "rows": sum(map(len, splits.values())),
        "recipe_sha256": "a" * 64,
        "sources_sha256": "b" * 64,
        "files": files,
        "statistics": statistics.as_json(),
    }
    (folder / MANIFEST).write_bytes(dump(told | manifest))
    return folder
