"""Lines of plain and compressed files, one at a time, in bounded memory."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Generator, Iterator
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DOCUMENT_BYTES = 64 << 20
"""The largest document that is read, in bytes."""

DAMAGE = (OSError, EOFError, zlib.error)
"""What reading a file, compressed or not, may raise."""

MAX_UNPACKED_BYTES = 64 << 20
MAX_TIMES = 200
"""What a part of a compressed file may unpack to: so much, or so many times its size if that is
more. Rows of text are packed to a third or a quarter of their size."""

_ZSTD_BLOCK = 4 << 10  # holds at most 128 MiB, whatever the archive: 32,768 bytes for one
_ZSTD_WINDOW = 1 << 31  # as `zstd --long=31` writes, the largest there is
_GZIP_BLOCK = 128 << 10
_SKIP = 1 << 20


class Line(NamedTuple):
    """A line with its end, and its size in bytes; cut where it is larger than a document may be."""

    raw: bytes
    size: int


def lines(file: io.BufferedIOBase) -> Iterator[Line]:
    """The lines that are left in a file. A line ends with a line feed and nothing else."""
    while raw := file.readline(DOCUMENT_BYTES + 1):
        size = len(raw)
        if size > DOCUMENT_BYTES:
            rest = raw
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(_SKIP)
                size += len(rest)
        yield Line(raw, size)


def opened(
    path: Path,
    start: int = 0,
    *,
    max_bytes: int = MAX_UNPACKED_BYTES,
    max_times: int = MAX_TIMES,
) -> io.BufferedIOBase:
    """Open a file at byte `start`; a compressed one, told by its suffix, at the first of its text.

    What it raises, and reading what it returns, is one of `DAMAGE`: OSError also where the part of
    a compressed file that was read so far is more than `max_bytes`, and `max_times` its size.
    """
    unpack = {".gz": _from_gzip, ".zst": _from_zstd}.get(path.suffix.lower())
    if unpack:
        return io.BufferedReader(Blocks(_unpacked(path, unpack, max_bytes, max_times)))
    file = path.open("rb")
    file.seek(start)
    return file


def _unpacked(
    path: Path,
    unpack: Callable[[BufferedReader], Iterator[bytes]],
    max_bytes: int,
    max_times: int,
) -> Generator[bytes, None, None]:
    """What a compressed file holds, up to where it must be a bomb."""
    total = 0
    with path.open("rb") as file:
        for block in unpack(file):
            total += len(block)
            if total > max_bytes and total > max_times * file.tell():
                what = f"{file.tell():,} bytes of it unpack to {total:,}"
                raise OSError(None, f"{what}: it is a bomb, else unpack it first")
            yield block


def _from_gzip(file: BufferedReader) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=file) as archive:
        while block := archive.read1(_GZIP_BLOCK):
            yield block


def _from_zstd(file: BufferedReader) -> Iterator[bytes]:
    """What a zstd file holds. The library's own stream does not tell when a file was cut short."""
    import zstandard  # noqa: PLC0415 - few corpora need it

    archive = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    frame = None
    while block := file.read(_ZSTD_BLOCK):
        while block:
            frame = frame or archive.decompressobj()
            try:
                yield frame.decompress(block)
            except zstandard.ZstdError as error:
                raise OSError(None, str(error)) from None
            block = frame.unused_data
            if frame.eof:
                frame = None
    if frame:
        raise EOFError("the file was cut in the middle of a zstd frame")


class Blocks(io.RawIOBase):
    """A file to read from, given as the blocks of its bytes."""

    def __init__(self, blocks: Generator[bytes, None, None]) -> None:
        self._blocks = blocks
        self._block = memoryview(b"")

    def readable(self) -> bool:
        """Whether there is something to read: always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Give what is left of a block, or a new one; never wait for a second."""
        while not self._block:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._block = memoryview(block)
        target = memoryview(buffer)
        count = min(len(target), len(self._block))
        target[:count] = self._block[:count]
        self._block = self._block[count:]
        return count

    def close(self) -> None:
        """Close what the blocks come from."""
        self._blocks.close()
        super().close()
