"""Records as shards: each a Parquet file and a file of compressed JSON lines with the same rows."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
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

    split: str
    parquet: str
    jsonl: str
    rows: int
    arrow_bytes: int


def write(
    records: Iterable[tuple[str, bytes]],
    folder: Path,
    schema: pa.Schema,
    shard_bytes: int = SHARD_BYTES,
) -> list[Shard]:
    """Write records, each a split and a JSON line without end, into `data` and `jsonl` of a folder.

    Row groups and shards are cut by rows and by bytes of JSON alone, so the same records give the
    same files. No more than a row group of each split is held, whatever the number of records. A
    record larger than the bounds stands alone. The shards come by split, in their order.
    """
    for kind in ("data", "jsonl"):
        (folder / kind).mkdir()
    with ExitStack() as stack:
        splits: dict[str, _Split] = {}
        for name, line in records:
            if (split := splits.get(name)) is None:
                split = splits[name] = _Split(name, folder, schema, shard_bytes)
                stack.callback(split.close)
            split.add(line)
        for split in splits.values():
            split.finish()
    return [
        _renamed(shard, len(split.shards), folder)
        for _, split in sorted(splits.items())
        for shard in split.shards
    ]


class _Split:
    """The shards of a split: those that are done, the open one, and the row group to come."""

    def __init__(self, name: str, folder: Path, schema: pa.Schema, shard_bytes: int) -> None:
        self.shards: list[Shard] = []
        self._name, self._folder, self._schema = name, folder, schema
        self._shard_bytes = shard_bytes
        self._group_bytes = min(_GROUP_BYTES, shard_bytes)
        self._group, self._group_rows = bytearray(), 0
        self._filled = 0  # JSON in the open shard
        self._files: _Files | None = None

    def add(self, line: bytes) -> None:
        """Take in a record; a row group that is full without it is written first."""
        full = self._group_rows == _GROUP_ROWS
        if self._group and (full or len(self._group) + len(line) >= self._group_bytes):
            self._write_group()
        self._group += line
        self._group += b"\n"
        self._group_rows += 1

    def finish(self) -> None:
        """Write what is left and end the last shard."""
        if self._group:
            self._write_group()
        self._end_shard()

    def close(self) -> None:
        """Close the open files, whatever is in them."""
        if self._files is not None:
            self._files.close()

    def _write_group(self) -> None:
        if self._filled and self._filled + len(self._group) > self._shard_bytes:
            self._end_shard()
        if self._files is None:
            stem = f"{self._name}-{len(self.shards):05}"
            self._files = _Files(stem, self._folder, self._schema)
        self._files.write(bytes(self._group))
        self._filled += len(self._group)
        self._group, self._group_rows = bytearray(), 0

    def _end_shard(self) -> None:
        if self._files is not None:
            self._files.close()
            self.shards.append(self._files.shard(self._name))
            self._files, self._filled = None, 0


class _Files:
    """The two files of a shard while they are open."""

    def __init__(self, stem: str, folder: Path, schema: pa.Schema) -> None:
        self._parquet, self._jsonl = f"data/{stem}.parquet", f"jsonl/{stem}.jsonl.zst"
        self._schema = schema
        self._rows = self._arrow_bytes = 0
        self._stack = ExitStack()
        self._table_file = self._stack.enter_context(
            pyarrow.parquet.ParquetWriter(
                folder / self._parquet,
                schema,
                compression="zstd",
                compression_level=lines.LEVEL,
                use_content_defined_chunking=True,  # a new version uploads only what is new in it
                write_page_index=True,
            )
        )
        self._text_file = self._stack.enter_context(
            lines.compressing((folder / self._jsonl).open("xb"))
        )

    def write(self, group: bytes) -> None:
        """Write a block of lines as a row group."""
        table = tables.read(group, self._schema)
        self._table_file.write_table(table, row_group_size=table.num_rows)
        self._text_file.write(group)
        self._rows += table.num_rows
        self._arrow_bytes += table.nbytes

    def close(self) -> None:
        """Close both files."""
        self._stack.close()

    def shard(self, split: str) -> Shard:
        """What was written."""
        return Shard(split, self._parquet, self._jsonl, self._rows, self._arrow_bytes)


def _renamed(shard: Shard, total: int, folder: Path) -> Shard:
    """Rename the files of a shard, now that the number of shards is known."""

    def rename(path: str) -> str:
        stem, dot, suffixes = path.partition(".")
        final = f"{stem}-of-{total:05}{dot}{suffixes}"
        (folder / path).rename(folder / final)
        return final

    return replace(shard, parquet=rename(shard.parquet), jsonl=rename(shard.jsonl))


def split_in(path: str) -> str:
    """Read the split in the path of a file with rows.

    >>> split_in("data/train-00000-of-00001.parquet")
    'train'
    """
    return path.rpartition("/")[2].partition("-")[0]
