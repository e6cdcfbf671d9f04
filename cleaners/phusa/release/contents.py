"""The rows of a release against one another, their schema and the manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from phusa.release import Problem, lines, shards, tables
from phusa.release.lines import LineError
from phusa.release.manifest import MANIFEST, Digests, canonical, content_id
from phusa.release.statistics import Statistics
from phusa.release.truth import miscounted
from phusa.release.validation import problems
from phusa_schema import load, source

_BATCH_ROWS = 500


@dataclass(slots=True)
class Seen:
    """What the records of a release add up to."""

    ids: Digests = field(default_factory=Digests)
    contents: Digests = field(default_factory=Digests)
    statistics: Statistics = field(default_factory=Statistics)

    def add(self, record: Mapping[str, Any]) -> None:
        """Take in a valid record."""
        self.ids.add(record["id"].encode())
        self.contents.add(canonical(record))
        self.statistics.add_record(record)


def check(folder: Path, manifest: Mapping[str, Any], seen: Seen) -> Iterator[Problem]:
    """Find what is wrong with the rows of a release whose files are those of the manifest.

    The rows of each Parquet file must be those of its JSON lines and follow the schema, and all of
    them must add up to what the manifest says. Fills `seen`.
    """
    schema = manifest["schema"]
    try:
        packaged = source(schema)
    except LookupError as error:
        yield Problem(MANIFEST, str(error))
        return
    file = folder / "schema" / f"{schema}.json"
    if not file.is_file() or file.read_bytes() != packaged:
        yield Problem(f"schema/{schema}.json", "not the schema of that name")
    rows = {e["path"]: e["rows"] for e in manifest["files"] if e["rows"] is not None}
    stems = sorted({Path(path).name.partition(".")[0] for path in rows})
    pairs = [(f"data/{stem}.parquet", f"jsonl/{stem}.jsonl.zst") for stem in stems]
    if rows.keys() != {path for pair in pairs for path in pair}:
        yield Problem(MANIFEST, "the files with rows are not pairs of Parquet and JSON lines")
        return
    true = True
    by_split = Counter[str]()
    for pair in pairs:
        before = len(seen.ids)
        for problem in _check_pair(folder, *pair, schema, seen):
            true = False
            yield problem
        if true and any(rows[path] != len(seen.ids) - before for path in pair):
            yield Problem(MANIFEST, f"{pair[0]} has other rows than it says")
        by_split[shards.split_in(pair[0])] += len(seen.ids) - before
    if true:  # else the totals are those of other rows
        yield from _check_totals(manifest, seen, by_split)


def _check_pair(
    folder: Path, parquet: str, jsonl: str, schema: str, seen: Seen
) -> Iterator[Problem]:
    """Compare the rows of a Parquet file with those of a file of JSON lines."""
    rows = _rows(folder / parquet, tables.arrow_schema(tables.columns(load(schema))))
    try:
        pairs = zip_longest(rows, lines.values(folder / jsonl))
        for number, (row, record) in enumerate(pairs, 1):
            if row != record:
                for path in (parquet, jsonl):  # either may be the wrong one
                    yield Problem(path, f"row {number} is not the same in {parquet} and {jsonl}")
            wrong = problems(record, schema) or [f"{at}: {why}" for at, why in miscounted(record)]
            for message in wrong:
                yield Problem(jsonl, f"line {number}: {message}")
            if not wrong:
                seen.add(record)
    except LineError as error:
        yield Problem(jsonl, str(error))
    except (OSError, ValueError, pa.ArrowException) as error:
        yield Problem(parquet, f"not Parquet of the schema: {error}"[:200])


def _rows(path: Path, schema: pa.Schema) -> Iterator[dict[str, Any]]:
    """Read the rows of a Parquet file. Raises ValueError where its columns are not `schema`."""
    with pyarrow.parquet.ParquetFile(path) as file:
        if not file.schema_arrow.equals(schema):
            raise ValueError("the columns differ")
        for group in range(file.num_row_groups):  # all at once, it keeps every one it has read
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, row_groups=[group]):
                yield from batch.to_pylist()


def _check_totals(
    manifest: Mapping[str, Any], seen: Seen, splits: Mapping[str, int]
) -> Iterator[Problem]:
    """Compare what all records add up to with the manifest."""
    if next(seen.ids.repeated(), None) is not None:
        yield Problem(MANIFEST, "two records have the same id")
    said = manifest["statistics"]
    counted = seen.statistics.as_json() | {
        "rejected": said["rejected"],  # these two are counted where the audit is
        "findings": said["findings"],
        "documents": seen.statistics.records + sum(said["rejected"].values()),
    }
    totals = {f"statistics/{name}": (said[name], value) for name, value in counted.items()} | {
        "rows": (manifest["rows"], len(seen.ids)),
        "splits": (manifest["splits"], splits),
        "content_id": (manifest["content_id"], content_id(seen.contents, manifest["schema"])),
    }
    for name, (value, true) in totals.items():
        if value != true:
            yield Problem(MANIFEST, f"{name} is not that of the records")
