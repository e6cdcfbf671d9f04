"""The rows of Parquet files, as the lines of JSON that they would be.

A small file can hold rows without end: a value stands once in a dictionary and in any number of
rows. So it is known how large rows may be before they are read, and how large they are before they
are copied.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
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
_HELD_BYTES = 64 << 20
"""Of a batch, should each of its rows have the largest values of the dictionaries."""
_COPIED_BYTES = 8 << 30
_READ_BYTES = 64 << 10
_TROUBLES = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)
_HEADER = re.compile(rb"\x15(.)\x15([\x80-\xff]{0,4}[\x00-\x7f])", re.DOTALL)
_DICTIONARY = b"\x04"  # 2, the kind of page; an integer is written as twice itself


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


@dataclass(frozen=True, slots=True)
class _Plan:
    """How many rows to read at once, and the columns to read as dictionaries."""

    rows: int
    dictionaries: list[str]


def groups(file: File, folder: Path) -> list[Group]:
    """The row groups of a file. Raises OSError where it is no Parquet, or one grows too large."""
    found: list[Group] = []
    first = 1
    with _opened(folder / file.path) as parquet:
        layout = parquet.metadata
        for number in range(layout.num_row_groups):
            _planned(folder / file.path, parquet, number)
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
        plan = _planned(path, parquet, number)
    with _opened(path, plan.dictionaries) as parquet:
        batches = parquet.iter_batches(plan.rows, row_groups=[number], use_threads=False)
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
        total = compute.sum(lengths.take(array.indices)).as_py()
        return len(array) + int(total or 0)
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
    return max(least, int(array.nbytes))


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
    except (pa.ArrowException, *_TROUBLES) as error:
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


def _planned(path: Path, parquet: pyarrow.parquet.ParquetFile, number: int) -> _Plan:
    """How to read a row group. Raises OSError where it holds too much, or nothing.

    The size that a group states is that of its values as they are packed. A row has one value of a
    column that is no list, which is in a dictionary or stands in full; of one in a list it may have
    any number, so these are read as dictionaries, where that does not take too long: the whole
    dictionary comes with every batch.
    """
    group = parquet.metadata.row_group(number)
    if not group.num_columns or group.num_rows < 0:
        raise OSError(None, f"row group {number} has no columns")
    stated, largest, mean = group.total_byte_size, 0, 0
    dictionaries = []
    with path.open("rb") as file:
        for i in range(group.num_columns):
            leaf, chunk = parquet.schema.column(i), group.column(i)
            size, width = chunk.total_uncompressed_size, max(leaf.length, _VALUE_BYTES)
            text, in_list = leaf.physical_type == "BYTE_ARRAY", leaf.max_repetition_level > 0
            stated = max(stated, size, width * chunk.num_values if in_list else 0)
            mean += max(size, width * chunk.num_values)
            if not text or not in_list:
                largest += _largest(file, chunk) if text else width
            elif size * (group.num_rows // _BATCH_ROWS) < _COPIED_BYTES:
                dictionaries.append(leaf.path)
    if stated > MOST_GROUP_BYTES:
        raise OSError(None, f"row group {number} has {stated:,} bytes")
    some = min(_BATCH_BYTES * group.num_rows // max(mean, 1), _HELD_BYTES // max(largest, 1))
    return _Plan(max(1, min(_BATCH_ROWS, some)), dictionaries)


def _largest(file: BufferedReader, chunk: pyarrow.parquet.ColumnChunkMetaData) -> int:
    """The most bytes that a value of a column of text may have which stands there but once.

    That is the size of the dictionary, by the first three fields of the header of its page: its
    kind, unpacked and packed size, as Thrift's compact protocol writes integers
    (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
    Raises OSError where it is larger than documents are.
    """
    if "DELTA_BYTE_ARRAY" in chunk.encodings:  # each value may start as the one before it
        return int(chunk.total_uncompressed_size)
    starts = chunk.dictionary_page_offset, chunk.data_page_offset
    file.seek(max(0, min(start for start in starts if start is not None)))
    header = _HEADER.match(file.read(16))
    if not header or header[1] != _DICTIONARY:
        return 0
    size = sum((byte & 0x7F) << 7 * i for i, byte in enumerate(header[2])) >> 1
    if size > 2 * DOCUMENT_BYTES:
        raise OSError(None, f"a dictionary has {size:,} bytes")
    return int(size)


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
