"""JSON lines, plain or compressed, one at a time."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import zstandard

LEVEL = 3
"""Of zstd, for all a release compresses: level 6 saves 5 % more and takes three times as long."""


MOST_BYTES = 1 << 29
"""Of a line: eight times the largest page, as JSON may need six bytes for one; bombs have more."""


class LineError(ValueError):
    """A file that cannot be read as JSON lines of the kind it should hold."""

    def __init__(self, path: Path, number: int, reason: object) -> None:
        """Say what is wrong with line `number`, counted from 1."""
        super().__init__(f"line {number}: {reason}"[:200])
        self.path = path


def values(path: Path) -> Iterator[Any]:
    """Read the values of a file of JSON lines. Raises LineError, also for a file there is not."""
    number = 0
    try:
        for line in read(path):
            number += 1
            yield loads(line)
    except (OSError, ValueError, RecursionError, zstandard.ZstdError) as error:
        raise LineError(path, number, error) from error


def read(path: Path) -> Iterator[bytes]:
    """Read the lines of a file, without their ends; a name in `.zst` is decompressed on the way.

    Raises ValueError where a line is longer than any that is written.
    """
    with path.open("rb") as file:
        plain = file
        if path.suffix == ".zst":
            stream = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
            plain = io.BufferedReader(stream, 1 << 20)
        while line := plain.readline(MOST_BYTES + 1):
            if len(line) > MOST_BYTES:
                raise ValueError(f"longer than {MOST_BYTES:,} bytes")
            yield line.removesuffix(b"\n")


def write(lines: Iterable[bytes], path: Path) -> int:
    """Write a new file of lines that have no ends yet, compressed for `.zst`; return how many."""
    rows = 0
    with path.open("xb") as file, compressing(file) if path.suffix == ".zst" else file as stream:
        for line in lines:
            stream.write(line)
            stream.write(b"\n")
            rows += 1
    return rows


def compressing(file: BinaryIO) -> zstandard.ZstdCompressionWriter:
    """Open a stream that compresses into an open file and closes it in the end."""
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    return compressor.stream_writer(file)


def loads(line: bytes) -> Any:
    r"""Parse a line. Raises ValueError where it is not JSON.

    Pages as found may hold halves of surrogate pairs, which orjson refuses.

    >>> loads(b'{"before":"\\ud83d"}')
    {'before': '\ud83d'}
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        if b"\\ud" not in line.lower():
            raise
        return json.loads(line)
