"""The rows of Parquet files, as the lines of JSON that they would be.

A small file can hold rows without end: a value stands once in its dictionary and in any number of
rows. So text is read as numbers into its dictionary, and its size is known before it is copied.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from phusa.sources import File
from phusa.sources.lines import DOCUMENT_BYTES, MAX_TIMES, MAX_UNPACKED_BYTES, Line
from phusa.sources.reading import printable

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

PARQUET = ".parquet"
MOST_GROUP_BYTES = 1 << 30
"""Of a row group when unpacked. Writers make groups of a hundred megabytes."""

_BATCH_ROWS = 200
_BATCH_BYTES = 32 << 20
_VALUE_BYTES = 8  # at least, of what is no text
_READ_BYTES = 64 << 10


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
            _batch_rows(parquet, number)
            size = file.size // layout.num_row_groups
            found.append(Group(folder, file.path, number, first, size))
            first += layout.row_group(number).num_rows
    return found


def rows(group: Group) -> Iterator[tuple[int, Line]]:
    """The rows of a group with their numbers; one larger than `DOCUMENT_BYTES` without its bytes.

    A value that Python cannot hold is a string that says so. Raises OSError where rows cannot be
    read, and where the file is a bomb.
    """
    path = group.folder / group.path
    packed = _size(path)
    unpacked = 0
    for number, line in enumerate(_lines(path, group.number), group.first):
        if unpacked > max(MAX_UNPACKED_BYTES, MAX_TIMES * packed):
            what = f"{packed:,} bytes unpack to {unpacked:,}"
            raise OSError(None, f"{what}: it is a bomb, else unpack it first")
        yield number, line
        unpacked += line.size


def _lines(path: Path, number: int) -> Iterator[Line]:
    with _opened(path) as parquet:
        if number >= parquet.metadata.num_row_groups:
            raise OSError(None, "it changed while it was read")
        count = _batch_rows(parquet, number)
        leaves = map(parquet.schema.column, range(len(parquet.schema)))
        text = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
    with _opened(path, text) as parquet:
        batches = parquet.iter_batches(count, row_groups=[number], use_threads=False)
        while batch := _next(batches):
            yield from _of_batch(batch)


def _next(batches: Iterator[pyarrow.RecordBatch]) -> pyarrow.RecordBatch | None:
    """The next batch with rows in it. Raises OSError where it cannot be read."""
    import pyarrow as pa  # noqa: PLC0415

    try:
        return next((batch for batch in batches if batch.num_rows), None)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise OSError(None, _reason(error)) from None


def _of_batch(batch: pyarrow.RecordBatch) -> Iterator[Line]:
    size = sum(map(_bytes, batch.columns))
    if size > _BATCH_BYTES and batch.num_rows > 1:
        for i in range(batch.num_rows):
            yield from _of_batch(batch.slice(i, 1))
    elif size > DOCUMENT_BYTES:
        yield Line(b"", size)
    else:
        names = [orjson.dumps(name) + b":" for name in batch.schema.names]
        for values in zip(*map(_values, batch.columns), strict=True):
            raw = b"{%b}" % b",".join(map(bytes.__add__, names, values))
            yield Line(raw, len(raw))


def _bytes(array: pyarrow.Array) -> int:
    """About how many bytes of JSON an array is, text to the byte."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import compute  # noqa: PLC0415

    kind, least = array.type, _VALUE_BYTES * len(array)
    if pa.types.is_dictionary(kind):
        lengths = compute.binary_length(array.dictionary)
        return len(array) + (compute.sum(lengths.take(array.indices)).as_py() or 0)
    if isinstance(array, pa.ExtensionArray):
        return _bytes(array.storage)
    if pa.types.is_struct(kind):
        names = sum(len(field.name) + _VALUE_BYTES for field in kind)
        return names * len(array) + sum(map(_bytes, array.flatten()))
    if pa.types.is_fixed_size_list(kind):
        return least + _bytes(array.flatten())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        start, end = array.offsets[0].as_py(), array.offsets[-1].as_py()
        return least + _bytes(array.values.slice(start, end - start))
    return max(least, array.nbytes)


def _values(column: pyarrow.Array) -> list[bytes]:
    """The JSON of each value; the bytes of text that is no UTF-8 stay as they are."""
    import pyarrow as pa  # noqa: PLC0415

    kind = column.type
    try:
        if pa.types.is_dictionary(kind):
            column = column.dictionary_decode()
        elif pa.types.is_timestamp(kind) and kind.unit == "ns":  # Python has none
            column = column.cast(pa.timestamp("us", kind.tz), safe=False)
        return [orjson.dumps(value, default=_plain) for value in column.to_pylist()]
    except (pa.ArrowException, ArithmeticError, LookupError, RecursionError, ValueError, TypeError) as error:
        if len(column) == 1:
            if isinstance(error, UnicodeDecodeError) and pa.types.is_string(column.type):
                return [_undecoded(column.cast(pa.binary())[0].as_py())]
            return [orjson.dumps(f"cannot be read: {_reason(error)}")]
    return [one for i in range(len(column)) for one in _values(column.slice(i, 1))]


def _undecoded(raw: bytes) -> bytes:
    text = json.dumps(raw.decode("utf-8", "surrogateescape"), ensure_ascii=False)
    return text.encode("utf-8", "surrogateescape")


def _plain(value: object) -> str:
    """What JSON has no type for, as a string."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"{len(value):,} bytes that are no UTF-8"


def _batch_rows(parquet: pyarrow.parquet.ParquetFile, number: int) -> int:
    """How many rows of a group to read at once. Raises OSError where it holds too much.

    The size that a group states is that of its values as they are packed: of a run of the same
    number, a few bytes. The values of a list cannot be read in parts, so these are counted.
    """
    group = parquet.metadata.row_group(number)
    if not group.num_columns or group.num_rows < 0:
        raise OSError(None, f"row group {number} has no columns")
    stated = unpacked = group.total_byte_size
    for i in range(group.num_columns):
        leaf, chunk = parquet.schema.column(i), group.column(i)
        width = max(leaf.length, _VALUE_BYTES)
        stated = max(stated, chunk.total_uncompressed_size)
        unpacked += width * chunk.num_values
        if leaf.max_repetition_level:
            stated = max(stated, width * chunk.num_values)
    if stated > MOST_GROUP_BYTES:
        raise OSError(None, f"row group {number} has {stated:,} bytes")
    return max(1, min(_BATCH_ROWS, _BATCH_BYTES * group.num_rows // max(unpacked, 1)))


def _opened(path: Path, dictionaries: list[str] | None = None) -> pyarrow.parquet.ParquetFile:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet  # noqa: PLC0415

    _size(path)  # its errors are shorter
    try:
        return pyarrow.parquet.ParquetFile(
            path, read_dictionary=dictionaries, buffer_size=_READ_BYTES
        )
    except (pa.ArrowException, OSError, ValueError) as error:
        raise OSError(None, f"not Parquet: {_reason(error)}") from None


def _size(path: Path) -> int:
    """The size of a file. Raises OSError where it may not be read."""
    with path.open("rb") as file:
        return os.fstat(file.fileno()).st_size


def _reason(error: Exception) -> str:
    return " ".join(printable(str(error)).split())[:160]
