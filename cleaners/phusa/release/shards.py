"""Records as shards: each a Parquet file and a file of compressed JSON lines with the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from phusa.release import lines, tables

SHARD_BYTES = 500_000_000
"""Most JSON in a shard."""

_GROUP_ROWS = 10_000
_GROUP_BYTES = 32 << 20
"""Most JSON in a row group: what is held in memory, and what a viewer reads for one row."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard that was written: its two files within the release, rows, bytes in Arrow memory."""

    parquet: str
    jsonl: str
    rows: int
    arrow_bytes: int


def write(
    records: Iterable[bytes], folder: Path, schema: pa.Schema, shard_bytes: int = SHARD_BYTES
) -> list[Shard]:
    """Write records, given as JSON lines without ends, into `data` and `jsonl` of a folder.

    Row groups and shards are cut by rows and by bytes of JSON alone, so the same records give the
    same files. No more than a row group is held, whatever the number of records. A record larger
    than the bounds stands alone.
    """
    for kind in ("data", "jsonl"):
        (folder / kind).mkdir()
    groups = _numbered(_groups(records, min(_GROUP_BYTES, shard_bytes)), shard_bytes)
    shards = [
        _write_shard(number, (group for _, group in shard), folder, schema)
        for number, shard in groupby(groups, key=itemgetter(0))
    ]
    return [_renamed(shard, len(shards), folder) for shard in shards]


def _groups(records: Iterable[bytes], most_bytes: int) -> Iterator[bytes]:
    """Cut records into row groups, each a block of lines."""
    group, rows = bytearray(), 0
    for line in records:
        if group and (rows == _GROUP_ROWS or len(group) + len(line) >= most_bytes):
            yield bytes(group)
            group, rows = bytearray(), 0
        group += line + b"\n"
        rows += 1
    if group:
        yield bytes(group)


def _numbered(groups: Iterable[bytes], shard_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Give each row group the number of its shard."""
    number = filled = 0
    for group in groups:
        if filled and filled + len(group) > shard_bytes:
            number, filled = number + 1, 0
        filled += len(group)
        yield number, group


def _write_shard(number: int, groups: Iterable[bytes], folder: Path, schema: pa.Schema) -> Shard:
    parquet, jsonl = f"data/train-{number:05}.parquet", f"jsonl/train-{number:05}.jsonl.zst"
    rows = arrow_bytes = 0
    with (
        pyarrow.parquet.ParquetWriter(
            folder / parquet,
            schema,
            compression="zstd",
            compression_level=lines.LEVEL,
            use_content_defined_chunking=True,  # a new version uploads only what is new in it
            write_page_index=True,
        ) as table_file,
        lines.compressing((folder / jsonl).open("xb")) as text_file,
    ):
        for group in groups:
            table = tables.read(group, schema)
            table_file.write_table(table, row_group_size=table.num_rows)
            text_file.write(group)
            rows += table.num_rows
            arrow_bytes += table.nbytes
    return Shard(parquet, jsonl, rows, arrow_bytes)


def _renamed(shard: Shard, total: int, folder: Path) -> Shard:
    """Rename the files of a shard, now that the number of shards is known."""

    def rename(path: str) -> str:
        stem, dot, suffixes = path.partition(".")
        final = f"{stem}-of-{total:05}{dot}{suffixes}"
        (folder / path).rename(folder / final)
        return final

    return replace(shard, parquet=rename(shard.parquet), jsonl=rename(shard.jsonl))
