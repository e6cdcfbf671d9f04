"""The cut of a corpus into batches: pure data that depends on the inputs and on nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from phusa.sources.files import COMPRESSED, MEDIA_TYPES, File
from phusa.sources.lines import DAMAGE, Line, lines, opened
from phusa.sources.metadata import Known

BATCH_BYTES = 4 << 20
BATCH_FILES = 64

_WAYS = 8  # a batch is split into so many: fewer rounds to a single document than by halves
_STRETCH = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of one document, or a run of the lines of a JSONL file.

    The run starts with line `line`, counted from 1, at byte `start` (a compressed file is read from
    its byte 0), and has `lines` lines, or all that are left where that is None. `size` is in bytes
    of the file. `known` is what the metadata says of the file.
    """

    path: str
    size: int
    start: int = 0
    line: int = 1
    lines: int | None = None
    known: Known | None = None

    @property
    def media_type(self) -> str | None:
        """The media type of a file of one document; None for JSONL."""
        return MEDIA_TYPES.get(Path(self.path).suffix.lower())

    @property
    def compressed(self) -> bool:
        """Whether the lines are those of a compressed file."""
        return self.path.lower().endswith(COMPRESSED)


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces of the files in `folder` that are cleaned in one go."""

    folder: Path
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """How much of the files it is, in bytes."""
        return sum(piece.size for piece in self.pieces)


def batches(
    files: Iterable[File], folder: Path, metadata: Mapping[str, Known] | None = None
) -> Iterator[Batch]:
    """Cut files into batches, in their order: many small files in one, a large JSONL file in many.

    `metadata` says, by path, what is known of a file beside its text. Reads large JSONL files once,
    a few megabytes at a time and no further than it is asked for; a file that cannot be read is
    left for the reader to report.
    """
    pieces: list[Piece] = []
    size = 0
    for file in files:
        for piece in _pieces(file, folder, metadata.get(file.path) if metadata else None):
            weight = max(piece.size, BATCH_BYTES) if piece.compressed else piece.size
            if pieces and (len(pieces) == BATCH_FILES or size + weight > BATCH_BYTES):
                yield Batch(folder, tuple(pieces))
                pieces, size = [], 0
            pieces.append(piece)
            size += weight
    if pieces:
        yield Batch(folder, tuple(pieces))


def split(batch: Batch) -> list[Batch]:
    """Cut a batch into a few smaller ones; nothing where it cannot be: it holds one document."""
    pieces = batch.pieces if len(batch.pieces) > 1 else _runs(batch.pieces[0], batch.folder)
    step = -(-len(pieces) // _WAYS)
    parts = [pieces[i : i + step] for i in range(0, len(pieces), step)]
    return [Batch(batch.folder, tuple(part)) for part in parts] if len(parts) > 1 else []


def rows(piece: Piece, folder: Path) -> Iterator[tuple[int, Line]]:
    """The lines of a piece of JSONL with their numbers.

    Raises one of `DAMAGE` where the file cannot be read, is damaged, or has become shorter.
    """
    skip = piece.line - 1 if piece.compressed else 0
    stop = None if piece.lines is None else skip + piece.lines
    number = piece.line
    with opened(folder / piece.path, piece.start) as file:
        for line in islice(lines(file), skip, stop):
            yield number, line
            number += 1
    if piece.lines is not None and number < piece.line + piece.lines:
        raise EOFError("the file became shorter while it was read")


def _pieces(file: File, folder: Path, known: Known | None) -> Iterator[Piece]:
    """A file of one document, or a compressed one, as it is; JSONL cut at the ends of lines."""
    piece = Piece(file.path, file.size, known=known)
    if piece.media_type or piece.compressed:
        yield piece
        return
    try:
        with opened(folder / file.path) as source:
            while block := source.read(BATCH_BYTES):
                size, count = len(block), block.count(b"\n")
                while block and not block.endswith(b"\n"):
                    block = source.readline(_STRETCH)
                    size += len(block)
                    count += block.endswith(b"\n")
                count += not block  # the last line of a file may lack its end
                yield replace(piece, size=size, lines=count)
                piece = replace(piece, start=piece.start + size, line=piece.line + count)
    except OSError:
        yield replace(piece, size=max(0, file.size - piece.start))


def _runs(piece: Piece, folder: Path) -> list[Piece]:
    """The runs of lines that a piece is split into, of about one size; the last takes the rest."""
    if piece.media_type:
        return [piece]
    count = sum(1 for _ in _sound(piece, folder)) if piece.lines is None else piece.lines
    step = max(1, -(-count // _WAYS))
    firsts: list[tuple[int, int]] = []
    at = piece.start
    for number, line in _sound(piece, folder):
        if (number - piece.line) % step == 0:
            firsts.append((number, 0 if piece.compressed else at))
        at += line.size
    if len(firsts) < 2:
        return [piece]
    size = piece.size // len(firsts)
    runs = [replace(piece, size=size, start=at, line=line, lines=step) for line, at in firsts]
    rest = None if piece.lines is None else piece.line + piece.lines - runs[-1].line
    return [*runs[:-1], replace(runs[-1], lines=rest)]


def _sound(piece: Piece, folder: Path) -> Iterator[tuple[int, Line]]:
    """The lines up to the first damage."""
    with suppress(*DAMAGE):
        yield from rows(piece, folder)
