"""Write a release: part files in, the release folder and the audit folder out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from phusa.findings import Rule
from phusa.recipe import Dataset
from phusa.release import ARTICLE, ReleaseError, lines, shards, tables
from phusa.release.audit import FINDINGS, REJECTED
from phusa.release.audit import write as write_audit
from phusa.release.card import Facts, card
from phusa.release.lines import LineError
from phusa.release.manifest import (
    CHECKSUMS,
    MANIFEST,
    Digests,
    Entry,
    Provenance,
    canonical,
    checksums,
    content_id,
    dump,
    entry,
    listing,
)
from phusa.release.statistics import Statistics
from phusa.release.validation import problems
from phusa_schema import load, source

RECORDS = "records.jsonl"


@dataclass(frozen=True, slots=True)
class Written:
    """A release that was written: where it is and what is in it."""

    folder: Path
    audit: Path
    name: str
    version: str
    rows: int
    content_id: str
    statistics: Statistics


@dataclass(slots=True)
class _Seen:
    """What is known of the records once they have gone by."""

    contents: Digests = field(default_factory=Digests)
    ids: Digests = field(default_factory=Digests)
    sample: dict[str, Any] | None = None


def write(
    parts: Iterable[Path],
    folder: Path,
    audit: Path,
    *,
    dataset: Dataset,
    provenance: Provenance,
    statistics: Statistics,
    rules: Mapping[str, Rule],
    shard_bytes: int = shards.SHARD_BYTES,
) -> Written:
    """Write a release of part files into two empty folders, for the caller to rename.

    A part is the common path of four files: `.records.jsonl`, `.pages.jsonl`, `.findings.jsonl` and
    `.rejected.jsonl`. `statistics` counts what is in them; `rules` names the rules for the card.
    Shards hold at most `shard_bytes` of JSON. Memory is that of a row group and 64 bytes a record.

    The same records give the same bytes, however they are cut into parts. Raises ReleaseError where
    there are no records (`load_dataset` takes no empty split), where a record cannot be read, is
    not valid or has the id of another, and where `statistics` do not fit the parts; OSError where
    files cannot be written.
    """
    parts = tuple(parts)
    columns = tables.columns(load(ARTICLE))
    seen = _Seen()
    written = shards.write(
        _checked(parts, columns, seen), folder, tables.arrow_schema(columns), shard_bytes
    )
    if seen.sample is None:
        raise ReleaseError("no records: every document was rejected, and no dataset can be empty")
    if (twice := next(seen.ids.repeated(), None)) is not None:
        raise ReleaseError(f"two records have the id {_id_of(twice, parts)!r}")
    audits = write_audit(parts, audit)
    _compare(statistics, len(seen.ids), audits)

    data = [entry(folder, shard.parquet, shard.rows) for shard in written]
    facts = Facts(
        dataset=dataset,
        provenance=provenance,
        statistics=statistics,
        rules=rules,
        columns=columns,
        content_id=content_id(seen.contents, ARTICLE),
        parquet_bytes=sum(e.bytes for e in data),
        arrow_bytes=sum(shard.arrow_bytes for shard in written),
        sample=seen.sample,
    )
    data += [entry(folder, shard.jsonl, shard.rows) for shard in written]
    _describe(folder, facts, data, audits)
    return Written(
        folder=folder,
        audit=audit,
        name=dataset.name,
        version=dataset.version,
        rows=len(seen.ids),
        content_id=facts.content_id,
        statistics=statistics,
    )


def _checked(
    parts: Sequence[Path], columns: Sequence[tables.Column], seen: _Seen
) -> Iterator[bytes]:
    """Read the records of all parts as lines; each is checked and seen on its way."""
    for part in parts:
        path = Path(f"{part}.{RECORDS}")
        try:
            for number, record in enumerate(lines.values(path), 1):
                if wrong := problems(record):
                    raise LineError(path, number, wrong[0])
                tables.with_exact_numbers(record, columns)
                seen.contents.add(canonical(record))
                seen.ids.add(record["id"].encode())
                seen.sample = seen.sample or record
                yield orjson.dumps(record)
        except LineError as error:
            raise ReleaseError(f"{path}: {error}") from error


def _id_of(digest: bytes, parts: Iterable[Path]) -> str | None:
    """Find the id that has a digest."""
    ids = (
        str(record["id"]) for part in parts for record in lines.values(Path(f"{part}.{RECORDS}"))
    )
    return next((name for name in ids if sha256(name.encode()).digest() == digest), None)


def _compare(statistics: Statistics, rows: int, audits: Iterable[Entry]) -> None:
    """Raise ReleaseError where the statistics count other rows than were written."""
    written = {"records": rows} | {e.path: e.rows for e in audits}
    for name, counted in (
        ("records", statistics.records),
        (FINDINGS, statistics.findings.total()),
        (REJECTED, statistics.rejected.total()),
    ):
        if counted != written[name]:
            raise ReleaseError(
                f"{name}: the statistics count {counted}, the parts hold {written[name]}"
            )


def _describe(folder: Path, facts: Facts, data: Iterable[Entry], audits: Sequence[Entry]) -> None:
    """Write what tells of the records: schema, card, manifest, checksums."""
    schema = f"schema/{ARTICLE}.json"
    (folder / "schema").mkdir()
    (folder / schema).write_bytes(source(ARTICLE))
    (folder / "README.md").write_text(card(facts), "utf-8", newline="\n")
    files = [*data, entry(folder, schema), entry(folder, "README.md")]
    made = facts.provenance
    manifest = {
        "format": "manifest-1.0.0",
        "name": facts.dataset.name,
        "version": facts.dataset.version,
        "schema": ARTICLE,
        "phusa": made.phusa,
        "content_id": facts.content_id,
        "rows": facts.statistics.records,
        "recipe_sha256": made.recipe_sha256,
        "sources_sha256": made.sources_sha256,
        "files": listing(files),
        "audit": listing(audits),
        "statistics": facts.statistics.as_json(),
    }
    if wrong := problems(manifest, "manifest-1.0.0"):
        raise ReleaseError(f"{MANIFEST}: {wrong[0]}")
    (folder / MANIFEST).write_bytes(dump(manifest))
    (folder / CHECKSUMS).write_bytes(checksums([*files, entry(folder, MANIFEST)]))
