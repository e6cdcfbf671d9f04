"""Write a release: part files in, the release folder and the audit folder out.

`write_records` writes the rows, `describe` what tells of them; between the two stands who knows
what came before: the version, and what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from phusa.findings import Rule
from phusa.recipe import Recipe, Splits, as_toml
from phusa.release import ARTICLE, ReleaseError, lines, shards, tables
from phusa.release.audit import FINDINGS, REJECTED
from phusa.release.card import Facts, Split, card
from phusa.release.croissant import croissant
from phusa.release.lines import LineError
from phusa.release.manifest import (
    CHANGELOG,
    CHECKSUMS,
    CROISSANT,
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
from phusa.release.plots import plots
from phusa.release.splits import split_of
from phusa.release.statistics import Statistics
from phusa.release.validation import problems
from phusa_schema import load, source

RECORDS = "records.jsonl"


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a release, as they were written: `splits` are in the order of the recipe."""

    content_id: str
    rows: int
    splits: Mapping[str, Split]
    parquet: tuple[Entry, ...]
    jsonl: tuple[Entry, ...]
    sample: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """What came before a version.

    `previous` is the version and the content id of the one before, `changes` what changed since in
    lines of Markdown, `changelog` the text of CHANGELOG.md.
    """

    previous: tuple[str, str] | None
    changes: tuple[str, ...]
    changelog: str


@dataclass(slots=True)
class _Seen:
    """What is known of the records once they have gone by.

    `sample` is the first one without personal data; while it is `shy`, it has some.
    """

    contents: Digests = field(default_factory=Digests)
    ids: Digests = field(default_factory=Digests)
    sample: dict[str, Any] | None = None
    shy: bool = False

    def show(self, record: dict[str, Any]) -> None:
        """Take a record for the sample if it is the better one."""
        if self.sample is None or self.shy:
            shy = any(record["personal_data"].values())
            if self.sample is None or not shy:
                self.sample, self.shy = record, shy


def write_records(
    parts: Iterable[Path],
    folder: Path,
    *,
    splits: Splits | None = None,
    shard_bytes: int = shards.SHARD_BYTES,
) -> Records:
    """Write the records of part files into an empty folder, as Parquet and as JSON lines.

    A part is the common path of four files: `.records.jsonl`, `.pages.jsonl`, `.findings.jsonl` and
    `.rejected.jsonl`. Shards hold at most `shard_bytes` of JSON. Memory is that of a row group of
    each split and 64 bytes a record.

    The same records give the same bytes, however they are cut into parts. Raises ReleaseError where
    there are no records (`load_dataset` takes no empty split) and where one cannot be read, is not
    valid or has the id of another; OSError where files cannot be written.
    """
    parts = tuple(parts)
    splits = splits or Splits()
    columns = tables.columns(load(ARTICLE))
    seen = _Seen()
    records = _checked(parts, columns, splits, seen)
    written = shards.write(records, folder, tables.arrow_schema(columns), shard_bytes)
    if seen.sample is None:
        raise ReleaseError("no records: every document was rejected, and no dataset can be empty")
    if (twice := next(seen.ids.repeated(), None)) is not None:
        raise ReleaseError(f"two records have the id {_id_of(twice, parts)!r}")
    by_split = {name: [s for s in written if s.split == name] for name in splits.names}
    return Records(
        content_id=content_id(seen.contents, ARTICLE),
        rows=len(seen.ids),
        splits={
            name: Split(sum(s.rows for s in found), sum(s.arrow_bytes for s in found))
            for name, found in by_split.items()
            if found
        },
        parquet=tuple(entry(folder, shard.parquet, shard.rows) for shard in written),
        jsonl=tuple(entry(folder, shard.jsonl, shard.rows) for shard in written),
        sample=seen.sample,
    )


def _checked(
    parts: Sequence[Path], columns: Sequence[tables.Column], splits: Splits, seen: _Seen
) -> Iterator[tuple[str, bytes]]:
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
                seen.show(record)
                yield split_of(record, splits), orjson.dumps(record)
        except LineError as error:
            raise ReleaseError(f"{path}: {error}") from error


def _id_of(digest: bytes, parts: Iterable[Path]) -> str | None:
    """Find the id that has a digest."""
    ids = (
        str(record["id"]) for part in parts for record in lines.values(Path(f"{part}.{RECORDS}"))
    )
    return next((name for name in ids if sha256(name.encode()).digest() == digest), None)


def describe(
    folder: Path,
    records: Records,
    audits: Sequence[Entry],
    *,
    recipe: Recipe,
    provenance: Provenance,
    statistics: Statistics,
    rules: Mapping[str, Rule],
    history: History,
) -> None:
    """Write what tells of the records: schema, card, plots, Croissant, changelog, manifest, sums.

    The recipe names the version of the release, `audits` are the files of the audit, `statistics`
    counts what is in both; `rules` names the rules for the card. The folder is whole afterwards.

    Raises ReleaseError where `statistics` do not fit; OSError where files cannot be written.
    """
    _compare(statistics, records.rows, audits)
    dataset = recipe.dataset
    facts = Facts(
        dataset=dataset,
        provenance=provenance,
        statistics=statistics,
        rules=rules,
        columns=tables.columns(load(ARTICLE)),
        content_id=records.content_id,
        version=dataset.version,
        splits=records.splits,
        data=records.parquet,
        sample=records.sample,
        changes=history.changes,
        previous=history.previous[0] if history.previous else None,
        split_by=recipe.splits.by,
        redacted=recipe.clean.redact,
        recipe=as_toml(recipe),
    )
    texts = {
        f"schema/{ARTICLE}.json": source(ARTICLE),
        "README.md": card(facts).encode(),
        CHANGELOG: history.changelog.encode(),
        CROISSANT: croissant(facts),
    } | {path: text.encode() for path, text in plots(statistics).items()}
    for path, content in texts.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    files = [*records.parquet, *records.jsonl, *(entry(folder, path) for path in texts)]
    manifest = {
        "format": "manifest-1.0.0",
        "name": dataset.name,
        "version": dataset.version,
        "schema": ARTICLE,
        "phusa": provenance.phusa,
        "license": dataset.license_name or dataset.license,
        "content_id": records.content_id,
        "rows": records.rows,
        "splits": {name: split.rows for name, split in records.splits.items()},
        "previous": history.previous
        and dict(zip(("version", "content_id"), history.previous, strict=True)),
        "personal_data_limit": dataset.personal_data_limit,
        "recipe_sha256": provenance.recipe_sha256,
        "sources_sha256": provenance.sources_sha256,
        "files": listing(files),
        "audit": listing(audits),
        "statistics": statistics.as_json(),
    }
    if wrong := problems(manifest, "manifest-1.0.0"):
        raise ReleaseError(f"{MANIFEST}: {wrong[0]}")
    (folder / MANIFEST).write_bytes(dump(manifest))
    (folder / CHECKSUMS).write_bytes(checksums([*files, entry(folder, MANIFEST)]))


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
