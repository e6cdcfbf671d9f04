"""From batches to documents, one in memory at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BufferedIOBase
from typing import Any

import orjson

from phusa.findings import Finding
from phusa.hosts import host
from phusa.page import RawDocument
from phusa.recipe import LANGUAGE
from phusa.sources.cut import Batch, rows
from phusa.sources.files import Problem
from phusa.sources.lines import DAMAGE, DOCUMENT_BYTES, Line
from phusa.sources.rules import NO_TEXT, TOO_LARGE, UNREADABLE_FILE, WORKER_DIED, WRONG_TYPE
from phusa.sources.strict import Flaw, kind, load, shown

EXCERPT_BYTES = 2000
"""How much of a bad row is kept to show what it was."""

_TEXTS = ("url", "site", "fetched_at", "license", "language", "title")
_OWN = frozenset(("id", "text", "html", *_TEXTS))
_BOM = b"\xef\xbb\xbf"
_MAX_FIELDS = 20


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An input that gave no document: where it lies, the finding that says why, how it starts.

    `raw_sha256` is of its bytes, None where they were not read or not to the end; `excerpt` is how
    they start.
    """

    id: str
    path: str
    finding: Finding
    raw_sha256: str | None = None
    excerpt: str | None = None


class _TypeError(Exception):
    """A field of a row with a value of the wrong type."""


def read(batch: Batch) -> Iterator[RawDocument | Unreadable]:
    """The documents of a batch, in order; what cannot be read takes its place in the order."""
    for piece in batch.pieces:
        path = printable(piece.path)
        try:
            if piece.media_type:
                with (batch.folder / piece.path).open("rb") as file:
                    yield page(file, piece.media_type, path, piece.known, piece.size)
            else:
                yield from parse(rows(piece, batch.folder), path, piece.known)
        except DAMAGE as error:
            reason = getattr(error, "strerror", None) or str(error)
            yield _unreadable(path, UNREADABLE_FILE.code, f"cannot be read: {reason}")


def unreadable(problem: Problem) -> Unreadable:
    """A problem met while the files were sought, as what it is among the documents."""
    return _unreadable(printable(problem.path), UNREADABLE_FILE.code, problem.message)


def lost(batch: Batch, reason: str) -> Unreadable:
    """A batch of one document that ended the process that worked on it."""
    (piece,) = batch.pieces
    path = printable(piece.path)
    path = path if piece.media_type else f"{path}#{piece.line}"
    return _unreadable(path, WORKER_DIED.code, f"its worker died: {reason}")


def printable(path: str) -> str:
    r"""A path as text: bytes of a file name that are not UTF-8 are written as escapes.

    >>> printable("tin-\udcff.txt")
    'tin-\\xff.txt'
    """
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def page(
    file: BufferedIOBase,
    media_type: str,
    path: str,
    known: Mapping[str, str] | None = None,
    size: int = 0,
) -> RawDocument | Unreadable:
    """The document that a file, of `size` bytes where that is known, holds. Raises OSError."""
    content = file.read(DOCUMENT_BYTES + 1)
    if len(content) > DOCUMENT_BYTES:
        return _started(too_large(path, max(size, len(content))), content)
    return _document(content, media_type, path, {}, known or {})


def parse(
    numbered: Iterable[tuple[int, Line]], path: str, known: Mapping[str, str] | None = None
) -> Iterator[RawDocument | Unreadable]:
    """The documents of numbered lines of JSONL; blank lines are none."""
    for number, line in numbered:
        raw = line.raw.rstrip(b"\r\n")
        raw = raw.removeprefix(_BOM) if number == 1 else raw
        if not raw.strip():
            continue
        found = _row(line, raw, f"{path}#{number}", known)
        yield _started(found, raw) if isinstance(found, Unreadable) else found


def _row(
    line: Line, raw: bytes, path: str, known: Mapping[str, str] | None
) -> RawDocument | Unreadable:
    if line.size > DOCUMENT_BYTES:
        return too_large(path, line.size)
    row = load(raw)
    if isinstance(row, Flaw):
        return _unreadable(path, row.rule, str(row))
    return document(row, path, known)


def document(
    row: Mapping[str, Any], path: str, known: Mapping[str, str] | None = None
) -> RawDocument | Unreadable:
    """The document that a row is, or what keeps it from being one; `known` is what metadata say.

    >>> document({"html": "<p>Tin", "id": 7}, "a.jsonl#1").media_type
    'text/html'
    >>> document({"text": ["Tin"]}, "a.jsonl#1").finding.message
    '`text` is a list; it must be a string or null'
    """
    try:
        html, text = _string(row, "html"), _string(row, "text")
        if html is None and text is None:
            why = f"neither `text` nor `html`; rename the one that holds it: {_fields(row)}"
            return _unreadable(path, NO_TEXT.code, why)
        media_type = "text/html" if html else "text/plain"
        return _document(html or text or "", media_type, path, row, known or {})
    except _TypeError as wrong:
        return _unreadable(path, WRONG_TYPE.code, str(wrong))


def _document(
    content: bytes | str,
    media_type: str,
    path: str,
    row: Mapping[str, Any],
    known: Mapping[str, str],
) -> RawDocument:
    """A document from its text and what is known of it; its row goes before the metadata."""
    texts = {name: _string(row, name) or known.get(name) for name in _TEXTS}
    extra = _extra(known, row)
    if texts["language"] and not LANGUAGE.fullmatch(texts["language"]):
        extra["language"] = texts["language"]  # whatever it is, it is no code
        texts["language"] = None
    url = texts["url"]
    texts["site"] = texts["site"] or host(url) or None
    return RawDocument(
        id=_given_id(row) or known.get("id") or _digest(url or path),
        content=content,
        media_type=media_type,
        path=path,
        extra=extra,
        **texts,
    )


def _fields(row: Mapping[str, Any]) -> str:
    """The names of the first fields of a row that are not those of a document.

    >>> _fields({"body": "", "url": ""}), _fields({"url": ""})
    ('body', 'there is none')
    """
    names = [shown(name) for name in sorted(row.keys() - _OWN)]
    more = f" and {len(names) - _MAX_FIELDS:,} more" if len(names) > _MAX_FIELDS else ""
    return ", ".join(names[:_MAX_FIELDS]) + more or "there is none"


def _string(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _TypeError(f"`{name}` is {kind(value)}; it must be a string or null")


def _given_id(row: Mapping[str, Any]) -> str | None:
    value = row.get("id")
    if type(value) is int:
        return str(value)
    if value is None or isinstance(value, str):
        return value
    raise _TypeError(f"`id` is {kind(value)}; it must be a string, a whole number or null")


def _extra(known: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    """What has no field of its own in a document."""
    extra = {name: value for name, value in known.items() if name not in _OWN}
    extra |= {name: value for name, value in row.items() if name not in _OWN}
    if any(isinstance(value, (dict, list)) for value in extra.values()):
        try:
            orjson.dumps(extra)
        except orjson.JSONEncodeError:
            raise _TypeError("a field is nested more than 250 levels deep") from None
    return extra


def _unreadable(path: str, rule: str, message: str) -> Unreadable:
    return Unreadable(_digest(path), path, Finding(rule, 0, 0, message))


def too_large(path: str, size: int) -> Unreadable:
    """A document of so many bytes, which are more than are read."""
    most = f"a document has at most {DOCUMENT_BYTES:,}: split it or leave it out"
    return _unreadable(path, TOO_LARGE.code, f"{size:,} bytes; {most}")


def _started(found: Unreadable, raw: bytes) -> Unreadable:
    """With what is known of the bytes of the input."""
    excerpt = raw[:EXCERPT_BYTES].decode("utf-8", "replace")
    raw_sha256 = hashlib.sha256(raw).hexdigest() if len(raw) <= DOCUMENT_BYTES else None
    return replace(found, raw_sha256=raw_sha256, excerpt=excerpt)


def _digest(name: str) -> str:
    """An id from a URL or a path."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]
