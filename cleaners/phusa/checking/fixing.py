"""Repairs of characters, carried out in the files: pages of text, and raw rows of JSONL.

What is repaired is what `phusa.pipeline.repaired` does by the rules that are on; text comes out as
UTF-8. HTML stays as it was served, finished records are built again rather than edited, and a file
in which bytes were lost stays as it is, for a repair would hide where.
"""

from __future__ import annotations

import json
import os
import re
import stat
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BufferedReader
from itertools import chain
from pathlib import Path

from phusa import pipeline
from phusa.checking.replacing import put
from phusa.checking.work import MIN_OF_A_RECORD, OF_A_RECORD
from phusa.findings import Finding, Selection, Step
from phusa.page import RawDocument, Repaired
from phusa.recipe import Cleaning
from phusa.repairs import decoding, legacy, mojibake
from phusa.repairs.characters import BYTE_ORDER_MARK
from phusa.sources.lines import DOCUMENT_BYTES, Line
from phusa.sources.reading import parse

SUFFIX = ".fixed"
"""What a fixed file has behind its name where it is written beside. No suffix that is read."""
ROWS = (".jsonl", ".ndjson")
KINDS = (".txt", *ROWS)
"""The suffixes of files that can be fixed."""

_SAVED_AS_UTF_8 = frozenset((decoding.UTF_16.code, decoding.OTHER_ENCODING.code))
"""What decoding may find in a file that is fixed; everything else tells of bytes that were lost."""
_LEGACY = frozenset(rule.code for rule in legacy.STAGE.rules)
_MISREAD = frozenset(rule.code for rule in mojibake.STAGE.rules)
_DOUBT = "is nearly as likely"  # as a guess says of another one
_BLOCK_BYTES = 1 << 20
_BETWEEN = re.compile(r"[ \t\r\n:,]*+")
_JSON = json.JSONDecoder(parse_int=str, parse_float=str)  # numbers of any length
_Piece = tuple[bytes, Mapping[str, int]]
"""Bytes of the fixed file, and how often each rule was applied in them."""


class FixError(RuntimeError):
    """A file that is left as it is: the message says why, on one line and without its name."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Where a fixed file was written, and how often each rule was applied in it."""

    path: Path
    rules: Counter[str]


def fix_file(path: Path, cleaning: Cleaning, *, in_place: bool) -> Fixed | None:
    """Fix a file; None, and nothing written, where there is nothing to fix.

    The fixed file is written beside, as the name and `SUFFIX`, or takes the place of the file, and
    keeps its mode bits. A link is followed and stays one; other hard links keep the file as it was.
    Whatever happens meanwhile, the place has the old file or the whole new one. Rows of JSONL are
    read one by one: their strings `text` and `title` are fixed, and every other byte stays.

    Raises FixError where the file is not of `KINDS`, cannot be read or written, is no text or too
    large for a page, holds bytes that no encoding explains or in a doubtful one, or changes while
    it is fixed.
    """
    if path.suffix.lower() not in KINDS:
        raise FixError(f"not fixed; only {', '.join(KINDS)} are")
    try:
        return _fix(path, cleaning, in_place)
    except OSError as error:
        raise FixError(f"cannot be fixed: {error.strerror}") from error


def _fix(path: Path, cleaning: Cleaning, in_place: bool) -> Fixed | None:
    source = Path(os.path.realpath(path, strict=True))
    if not stat.S_ISREG(source.stat().st_mode):
        raise FixError("not fixed: not a regular file")
    target = source if in_place else path.with_name(path.name + SUFFIX)
    rules: Counter[str] = Counter()
    with source.open("rb") as file:
        before = os.fstat(file.fileno())
        is_rows = path.suffix.lower() in ROWS
        pieces = _rows(file, cleaning) if is_rows else _page(file, cleaning)
        first = next(pieces, None)
        if first is None:
            return None

        def counted() -> Iterator[bytes]:
            for raw, applied in chain((first,), pieces):
                rules.update(applied)
                yield raw

        def check() -> None:
            if _version(source.stat()) != _version(before):
                raise FixError("not fixed: it changed meanwhile; try again when it is at rest")
            if in_place and not os.access(source, os.W_OK):
                raise FixError("not fixed: it is write-protected")

        put(target, counted(), before, check)
    return Fixed(target, rules)


def _version(info: os.stat_result) -> tuple[int, ...]:
    """What is another after each change of a file."""
    return info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns


def _page(file: BufferedReader, cleaning: Cleaning) -> Iterator[_Piece]:
    """A file of text with its characters repaired; nothing where they need no repair."""
    raw = file.read(DOCUMENT_BYTES + 1)
    if len(raw) > DOCUMENT_BYTES:
        raise FixError(f"not fixed: more than {DOCUMENT_BYTES:,} bytes; split it")
    decoded = pipeline.decode(RawDocument("", raw))
    if not decoded.readable:
        raise FixError(f"not fixed: {decoded.findings[0].message}")
    repaired = pipeline.repaired(RawDocument("", decoded.text), cleaning)
    saved = [found.rule for found in decoded.findings if found.rule in _SAVED_AS_UTF_8]
    if repaired.text == decoded.text and not any(rule in cleaning.rules for rule in saved):
        return
    for found in decoded.findings:
        _check(found, cleaning.rules)
    applied = _applied(repaired)
    if saved:
        _check_guess(decoded.findings[0], repaired.text, applied)
    fixed = repaired.text.encode()
    if pipeline.decode(RawDocument("", fixed)) != decoding.Decoded(repaired.text):
        raise FixError("not fixed: the fixed text would be taken for something else")
    yield fixed, applied + Counter(saved)


def _check(found: Finding, on: Selection) -> None:
    """Look at what there is to say of the bytes of a page. Raises FixError."""
    if found.rule not in _SAVED_AS_UTF_8:
        raise FixError(f"{found.message}; not fixed, for that would hide it")
    if found.message.endswith(_DOUBT):
        raise FixError(f"{found.message}; not fixed: save it as UTF-8 by hand")
    if found.rule not in on:
        raise FixError(f"{found.message}; not fixed, for {found.rule} is off")


def _check_guess(found: Finding, text: str, applied: Collection[str]) -> None:
    """Look at what became of a page in an encoding other than UTF-8. Raises FixError."""
    if legacy.claims(text):
        raise FixError(f"{found.message}; not fixed, for the rule that reads it is off")
    if found.rule == decoding.UTF_16.code or not _LEGACY.isdisjoint(applied):
        return
    if not _MISREAD.isdisjoint(applied):
        raise FixError(f"{found.message}, and parts are UTF-8; not fixed: look at the file")


def _applied(repaired: Repaired) -> Counter[str]:
    """How often each rule repaired something."""
    return Counter(found.rule for found in repaired.findings if found.replacement is not None)


def _rows(file: BufferedReader, cleaning: Cleaning) -> Iterator[_Piece]:
    """A file of rows in pieces, from its start to its end; nothing where no row needs repair."""
    at = 0
    pieces = _each_row(file, cleaning)
    for raw, rules in pieces:
        if rules:
            here = file.tell()
            yield from _start(file, at)
            file.seek(here)
            yield raw, rules
            yield from pieces
            return
        at += len(raw)


def _start(file: BufferedReader, size: int) -> Iterator[_Piece]:
    """The first bytes of a file."""
    file.seek(0)
    while block := file.read(min(size, _BLOCK_BYTES)):
        yield block, {}
        size -= len(block)


def _each_row(file: BufferedReader, cleaning: Cleaning) -> Iterator[_Piece]:
    """The lines of a file, repaired; those that are larger than a document may be, as they are."""
    if file.read(len(BOM_UTF8)) != BOM_UTF8:
        file.seek(0)
    elif BYTE_ORDER_MARK.code in cleaning.rules:
        yield b"", {BYTE_ORDER_MARK.code: 1}
    else:
        yield BOM_UTF8, {}
    while raw := file.readline(DOCUMENT_BYTES + 1):
        if len(raw) <= DOCUMENT_BYTES:
            yield _row(raw, cleaning)
            continue
        while raw:
            yield raw, {}
            raw = b"" if raw.endswith(b"\n") else file.readline(_BLOCK_BYTES)


def _row(raw: bytes, cleaning: Cleaning) -> _Piece:
    """A row with its strings repaired. One that is no document stays, as does a finished record."""
    document = next(parse([(0, Line(raw, len(raw)))], ""), None)
    if not isinstance(document, RawDocument):
        return raw, {}
    if len(OF_A_RECORD & document.extra.keys()) >= MIN_OF_A_RECORD:
        return raw, {}
    texts: dict[str, str] = {}
    rules: Counter[str] = Counter()
    for name, text, applied in _strings(document, cleaning):
        texts[name] = text
        rules += applied
    fixed = _written(raw.decode(), texts) if texts else None
    return (raw, {}) if fixed is None else (fixed.encode(), rules)


def _strings(document: RawDocument, cleaning: Cleaning) -> Iterator[tuple[str, str, Counter[str]]]:
    """The strings of a row that need repair: their names, what they should be, by which rules."""
    log: Sequence[Step] = ()
    if not pipeline.is_html(document):
        repaired = pipeline.repaired(document, cleaning)
        log = repaired.log
        if repaired.text != document.content:
            yield "text", repaired.text, _applied(repaired)
    if not document.title:
        return
    title, rules = document.title, Counter[str]()
    for step in log:  # a title has too few words to tell the encoding by, which is the page's
        reread = legacy.reread(title, step[0].rule)
        if reread != title:
            title, rules[step[0].rule] = reread, 1
    repaired = pipeline.repaired(
        replace(document, content=title, media_type="text/plain"), cleaning
    )
    if repaired.text != document.title:
        yield "title", repaired.text, rules + _applied(repaired)


def _written(row: str, texts: Mapping[str, str]) -> str | None:
    r"""A row with other strings at some names; None where it is not clear which strings they are.

    >>> _written('{"n": 1.0, "text":"a\\u00a0b" }', {"text": "a b"})
    '{"n": 1.0, "text":"a b" }'
    """
    members = list(_members(row))
    if len({name for name, _, _ in members}) < len(members):
        return None
    escaped = row.isascii()  # so it stays
    for name, start, end in reversed(members):
        if name in texts:
            row = row[:start] + json.dumps(texts[name], ensure_ascii=escaped) + row[end:]
    return row


def _members(row: str) -> Iterator[tuple[str, int, int]]:
    """The names in a row, which is a JSON object, and where the value of each starts and ends."""
    at = _next(row, row.index("{") + 1)
    while row[at] != "}":
        name, at = _JSON.raw_decode(row, at)
        start = _next(row, at)
        _, at = _JSON.raw_decode(row, start)
        yield name, start, at
        at = _next(row, at)


def _next(row: str, at: int) -> int:
    """Where the next value of an object, or its end, is written."""
    between = _BETWEEN.match(row, at)
    assert between is not None
    return between.end()
