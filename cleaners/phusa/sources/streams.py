"""Documents from an open file that cannot be cut into batches, such as standard input."""

from __future__ import annotations

import io
import re
from collections.abc import Generator, Iterator
from pathlib import PurePath

from phusa.page import RawDocument
from phusa.sources.files import COMPRESSED, MEDIA_TYPES
from phusa.sources.lines import Blocks, lines
from phusa.sources.reading import Unreadable, page, parse

JSONL = "application/jsonl"
_SUFFIXES = MEDIA_TYPES | {".jsonl": JSONL, ".ndjson": JSONL}
_HEAD_BYTES = 1000
_BLOCK_BYTES = 1 << 16
_ROW = re.compile(rb"\s*\{\s*[\"}]")
_HTML = (
    *("<!doctype html", "<html", "<head", "<body", "<div", "<p>", "<p ", "<article", "<section"),
    *("<!--", "<main", "<meta", "<title", "<h1"),
)


def stream(
    file: io.BufferedIOBase, name: str, media_type: str | None = None
) -> Iterator[RawDocument | Unreadable]:
    """Read the documents of a file, JSONL row by row as the rows come in.

    `media_type` is `text/plain`, `text/html` or `JSONL`; without one it is told. What it raises is
    one of `lines.DAMAGE`.
    """
    media_type, file = starting(file, name, media_type)
    if media_type == JSONL:
        yield from parse(enumerate(lines(file), 1), name)
    else:
        yield page(file, media_type, name)


def starting(
    file: io.BufferedIOBase, name: str, media_type: str | None = None
) -> tuple[str, io.BufferedIOBase]:
    """The media type of a file, by the suffix of `name`, else by how it starts; and the file from
    its start on. One that is known stays.
    """
    media_type = media_type or _SUFFIXES.get(PurePath(name).suffix.lower())
    if name.lower().endswith(COMPRESSED):
        media_type = JSONL
    if media_type is None:
        head = file.readline(_HEAD_BYTES)  # a whole line, however slowly it comes
        media_type = JSONL if _ROW.match(head.removeprefix(b"\xef\xbb\xbf")) else sniff(head)
        file = io.BufferedReader(Blocks(_rejoined(head, file)))
    return media_type, file


def _rejoined(head: bytes, file: io.BufferedIOBase) -> Generator[bytes, None, None]:
    yield head
    while block := file.read1(_BLOCK_BYTES):
        yield block


def sniff(source: str | bytes) -> str:
    """`text/html` where a page starts like HTML, else `text/plain`.

    >>> sniff("<!DOCTYPE html><p>"), sniff(b"Tin < 3")
    ('text/html', 'text/plain')
    """
    head = source[:_HEAD_BYTES]
    text = head if isinstance(head, str) else head.decode("latin-1")
    text = text.lstrip("\ufeff\xef\xbb\xbf \t\r\n").lower()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2].lstrip()
    return "text/html" if text.startswith(_HTML) else "text/plain"
