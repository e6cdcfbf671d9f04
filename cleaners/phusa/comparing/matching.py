"""The records of two versions brought together by their ids, in one reading of both.

Both are read in step. A record waits for the one of its id in memory, and on disk once too many
wait; of those 38 bytes stay in memory. Versions whose records come in the same order, but for
those that are new or gone, need no disk.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import zip_longest
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

import orjson
import zstandard

from phusa.comparing.versions import Version
from phusa.release import ReleaseError, lines

WAITING_BYTES = 64 << 20
"""Of JSON that waits in memory, of each version."""

_ROW_BYTES = 500
"""What a record that waits takes besides its line."""

_BLOCK_BYTES = 2 << 20
"""Of JSON that is read ahead, of each version."""

_START = b'{"id":"'
_KEY_BYTES = 16
_PLACE_BYTES = 6
_ENTRY_BYTES = 2 * _KEY_BYTES + _PLACE_BYTES
_LENGTH = struct.Struct("<I")


class Row(NamedTuple):
    """A record as its line: its id and where it is."""

    id: str
    split: str
    line: bytes


Pair = tuple[Row, Row] | tuple[Row, None] | tuple[None, Row]

_Line = tuple[str, bytes]
"""A split and a line of it."""


class Reader:
    """Reads the lines of a version, each with its split; `records` is how many came by."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self.records = 0

    def __iter__(self) -> Iterator[_Line]:
        """Give the lines in their order. Raises ReleaseError where a file cannot be read."""
        for split, files in self._version.files.items():
            for path in files:
                try:
                    for line in lines.read(path):
                        self.records += 1
                        yield split, line
                except (OSError, zstandard.ZstdError) as error:
                    raise ReleaseError(f"{path}: cannot be read: {error}") from error


def differing(old: Reader, new: Reader) -> Iterator[Pair]:
    """Pair records by id: those that differ in line or split, and those that one version lacks.

    Raises ReleaseError where a file or a record cannot be read, or two records have the same id, as
    far as both wait; OSError where there is no room on disk.
    """
    with TemporaryFile() as one_file, TemporaryFile() as other_file:
        before, after = _Waiting(_Stored(one_file)), _Waiting(_Stored(other_file))
        for mine, theirs in zip_longest(_ahead(old), _ahead(new)):
            if mine == theirs:
                continue
            one, other = mine and _row(*mine), theirs and _row(*theirs)
            if one and other and one.id == other.id:
                yield one, other
                continue
            if one:
                if (partner := after.taken(one.id)) is None:
                    before.add(one)
                elif partner != one:
                    yield one, partner
            if other:
                if (partner := before.taken(other.id)) is None:
                    after.add(other)
                elif partner != other:
                    yield partner, other
        yield from _rest(before, after)


def _ahead(reader: Reader) -> Iterator[_Line]:
    """Read a block ahead in a thread: most of it is decompression, which runs beside Python."""
    found = iter(reader)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(_block, found)
        while block := coming.result():
            coming = pool.submit(_block, found)
            yield from block


def _block(found: Iterator[_Line]) -> list[_Line]:
    """Take lines until they are a block, or the last ones."""
    block, size = [], 0
    for split, line in found:
        block.append((split, line))
        size += len(line)
        if size > _BLOCK_BYTES:
            break
    return block


def _row(split: str, line: bytes) -> Row:
    """Read the id of a line. Raises ReleaseError where there is none."""
    try:
        return Row(_id(line), split, line)
    except (ValueError, LookupError, TypeError) as error:
        raise ReleaseError(
            f"not a record: {line[:40]!r}: {error}; `phusa verify` tells where"
        ) from error


def _id(line: bytes) -> str:
    r"""Read the id of a record, which stands first and is seldom escaped.

    >>> _id(b'{"id":"a/1","text":"A."}'), _id(rb'{"text":"A.","id":"\"a\""}')
    ('a/1', '"a"')
    """
    if line.startswith(_START):
        name = line[len(_START) : line.index(b'"', len(_START))]
        if b"\\" not in name:
            return name.decode()
    found = orjson.loads(line)["id"]
    if not isinstance(found, str):
        raise TypeError("the id is no text")
    return found


class _Waiting:
    """The records of a version whose partners have not come yet."""

    def __init__(self, stored: _Stored) -> None:
        self.stored = stored
        self._rows: OrderedDict[str, Row] = OrderedDict()
        self._bytes = 0

    def taken(self, name: str) -> Row | None:
        """Take out the record of an id, if it waits in memory."""
        row = self._rows.pop(name, None)
        if row is not None:
            self._bytes -= _size(row)
        return row

    def add(self, row: Row) -> None:
        """Let a record wait; those that wait longest make room for it."""
        if row.id in self._rows:
            raise _twice(row)
        self._rows[row.id] = row
        self._bytes += _size(row)
        while self._bytes > WAITING_BYTES:
            _, oldest = self._rows.popitem(last=False)
            self._bytes -= _size(oldest)
            self.stored.add(oldest)

    def rest(self) -> Iterator[Row]:
        """Take out what waits in memory."""
        while self._rows:
            yield self._rows.popitem(last=False)[1]


class _Stored:
    """Records that wait on disk, found by the digest of their ids.

    An entry is that digest, the digest of the record, and its place in the file. Entries lie in
    buckets by their first byte, so that only a bucket at a time is spread out.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = 0
        self._pack = zstandard.ZstdCompressor(level=1).compress
        self._unpack = zstandard.ZstdDecompressor().decompress
        self._buckets = [bytearray() for _ in range(256)]

    def add(self, row: Row) -> None:
        """Store a record."""
        data = row.split.encode() + b"\n" + row.line
        key = sha256(row.id.encode()).digest()[:_KEY_BYTES]
        place = self._end.to_bytes(_PLACE_BYTES)
        self._buckets[key[0]] += key + sha256(data).digest()[:_KEY_BYTES] + place
        packed = self._pack(data)
        self._file.seek(self._end)
        self._end += self._file.write(_LENGTH.pack(len(packed)) + packed)

    @property
    def empty(self) -> bool:
        """Whether none waited here."""
        return not self._end

    def bucket(self, number: int) -> dict[bytes, bytes]:
        """Take out the entries of one of 256 buckets, by the digest of their ids."""
        bucket, self._buckets[number] = self._buckets[number], bytearray()
        entries: dict[bytes, bytes] = {}
        for at in range(0, len(bucket), _ENTRY_BYTES):
            entry = bytes(bucket[at : at + _ENTRY_BYTES])
            if entry[:_KEY_BYTES] in entries:
                raise _twice(self.row(entry))
            entries[entry[:_KEY_BYTES]] = entry
        return entries

    def row(self, entry: bytes) -> Row:
        """Read a record back."""
        self._file.seek(int.from_bytes(entry[-_PLACE_BYTES:]))
        (length,) = _LENGTH.unpack(self._file.read(_LENGTH.size))
        split, _, line = self._unpack(self._file.read(length)).partition(b"\n")
        return _row(split.decode(), line)


def _rest(before: _Waiting, after: _Waiting) -> Iterator[Pair]:
    """Pair what is left once all records have come."""
    for row in before.rest():
        if after.stored.empty:
            yield row, None
        else:
            before.stored.add(row)
    for row in after.rest():
        if before.stored.empty:
            yield None, row
        else:
            after.stored.add(row)
    yield from _stored(before.stored, after.stored)


def _stored(before: _Stored, after: _Stored) -> Iterator[Pair]:
    """Pair what waits on disk."""
    for number in range(256):
        old, new = before.bucket(number), after.bucket(number)
        for key, entry in old.items():
            partner = new.pop(key, None)
            if partner is None:
                yield before.row(entry), None
            elif entry[:-_PLACE_BYTES] != partner[:-_PLACE_BYTES]:
                yield before.row(entry), after.row(partner)
        for entry in new.values():
            yield None, after.row(entry)


def _size(row: Row) -> int:
    """Bytes of memory that a record takes."""
    return len(row.line) + _ROW_BYTES


def _twice(row: Row) -> ReleaseError:
    return ReleaseError(
        f"two records have the id {row.id[:80]!r}; `phusa verify` tells in which version"
    )
