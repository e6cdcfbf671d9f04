"""The rows of Parquet files, as the lines of JSON that they would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from phusa.sources import File
from phusa.sources.lines import Line
from phusa.sources.reading import printable

if TYPE_CHECKING:
    import pyarrow.parquet

PARQUET = ".parquet"
MOST_GROUP_BYTES = 4 << 30
"""Of a row group when unpacked. Writers make groups of a hundred megabytes."""

_BATCH_ROWS = 200


@dataclass(frozen=True, slots=True)
class Group:
    """A row group of a Parquet file: its number from 0, that of its first row from 1, its bytes.

    `path` opens the file from `folder`.
    """

    folder: Path
    path: str
    number: int
    first: int
    size: int


def groups(file: File, folder: Path) -> list[Group]:
    """The row groups of a file. Raises OSError where it is no Parquet, or one grows too large."""
    found: list[Group] = []
    first = 1
    with _opened(folder / file.path) as parquet:
        layout = parquet.metadata
        for number in range(layout.num_row_groups):
            group = layout.row_group(number)
            if group.total_byte_size > MOST_GROUP_BYTES:
                raise OSError(None, f"row group {number} has {group.total_byte_size:,} bytes")
            size = file.size // layout.num_row_groups
            found.append(Group(folder, file.path, number, first, size))
            first += group.num_rows
    return found


def rows(group: Group) -> Iterator[tuple[int, Line]]:
    """The rows of a group with their numbers. Raises OSError where they cannot be read."""
    import pyarrow as pa  # noqa: PLC0415 - most runs need none of it

    number = group.first
    with _opened(group.folder / group.path) as parquet:
        try:
            for batch in parquet.iter_batches(_BATCH_ROWS, row_groups=[group.number]):
                for row in batch.to_pylist():
                    raw = orjson.dumps(row, default=str)
                    yield number, Line(raw, len(raw))
                    number += 1
        except (pa.ArrowException, ValueError, TypeError) as error:
            raise OSError(None, _reason(error)) from None


def _opened(path: Path) -> pyarrow.parquet.ParquetFile:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet  # noqa: PLC0415

    try:
        return pyarrow.parquet.ParquetFile(path)
    except (pa.ArrowException, ValueError) as error:
        raise OSError(None, f"not Parquet: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return " ".join(printable(str(error)).split())[:160]
