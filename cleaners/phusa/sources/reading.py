"""From batches to documents, one in memory at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any

import orjson

from phusa.findings import Finding, Rule
from phusa.hosts import host
from phusa.page import RawDocument
from phusa.recipe import LANGUAGE
from phusa.sources.cut import Batch, rows
from phusa.sources.files import Problem
from phusa.sources.lines import DAMAGE, DOCUMENT_BYTES, Line
from phusa.sources.rules import (
    BROKEN_JSON,
    NO_TEXT,
    TOO_LARGE,
    UNREADABLE_FILE,
    WORKER_DIED,
    WRONG_TYPE,
)

EXCERPT_BYTES = 2000
"""How much of a bad row is kept to show what it was."""

_TEXTS = ("url", "site", "fetched_at", "license", "language", "title")
_OWN = frozenset(("id", "text", "html", *_TEXTS))
_BOM = b"\xef\xbb\xbf"


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


class _RowError(Exception):
    """A row that is no document."""

    def __init__(self, rule: Rule, message: str) -> None:
        super().__init__(message)
        self.rule = rule


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
            yield _unreadable(path, UNREADABLE_FILE, f"cannot be read: {reason}")


def unreadable(problem: Problem) -> Unreadable:
    """A problem met while the files were sought, as what it is among the documents."""
    return _unreadable(printable(problem.path), UNREADABLE_FILE, problem.message)


def lost(batch: Batch, reason: str) -> Unreadable:
    """A batch of one document that ended the process that worked on it."""
    (piece,) = batch.pieces
    path = printable(piece.path)
    path = path if piece.media_type else f"{path}#{piece.line}"
    return _unreadable(path, WORKER_DIED, f"its worker died: {reason}")


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
        return _unreadable(path, TOO_LARGE, _too_large(max(size, len(content))), content)
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
        where = f"{path}#{number}"
        try:
            yield _row(line, raw, where, known or {})
        except _RowError as bad:
            yield _unreadable(where, bad.rule, str(bad), raw)


def _row(line: Line, raw: bytes, path: str, known: Mapping[str, str]) -> RawDocument:
    if line.size > DOCUMENT_BYTES:
        raise _RowError(TOO_LARGE, _too_large(line.size))
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _RowError(BROKEN_JSON, f"not JSON: {_why(raw, error)}") from None
    if not isinstance(row, dict):
        raise _RowError(BROKEN_JSON, f"{_kind(row)}; it must be an object with `text` or `html`")
    html, text = _string(row, "html"), _string(row, "text")
    if html is None and text is None:
        fields = ", ".join(sorted(row.keys() - _OWN)) or "there is none"
        raise _RowError(
            NO_TEXT, f"neither `text` nor `html`; rename the one that holds it: {fields}"
        )
    return _document(html or text or "", "text/html" if html else "text/plain", path, row, known)


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


def _string(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _RowError(WRONG_TYPE, f"`{name}` is {_kind(value)}; it must be a string or null")


def _given_id(row: Mapping[str, Any]) -> str | None:
    value = row.get("id")
    if type(value) is int:
        return str(value)
    if value is None or isinstance(value, str):
        return value
    raise _RowError(
        WRONG_TYPE, f"`id` is {_kind(value)}; it must be a string, a whole number or null"
    )


def _extra(known: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    """What has no field of its own in a document."""
    extra = {name: value for name, value in known.items() if name not in _OWN}
    extra |= {name: value for name, value in row.items() if name not in _OWN}
    if any(isinstance(value, (dict, list)) for value in extra.values()):
        try:
            orjson.dumps(extra)
        except orjson.JSONEncodeError:
            raise _RowError(WRONG_TYPE, "a field is nested more than 250 levels deep") from None
    return extra


def _unreadable(path: str, rule: Rule, message: str, raw: bytes | None = None) -> Unreadable:
    finding = Finding(rule.code, 0, 0, message)
    if raw is None:
        return Unreadable(_digest(path), path, finding)
    excerpt = raw[:EXCERPT_BYTES].decode("utf-8", "replace")
    raw_sha256 = hashlib.sha256(raw).hexdigest() if len(raw) <= DOCUMENT_BYTES else None
    return Unreadable(_digest(path), path, finding, raw_sha256, excerpt)


def _digest(name: str) -> str:
    """An id from a URL or a path."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _why(raw: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        raw.decode()
    except UnicodeDecodeError as invalid:
        return f"byte {invalid.start + 1} is not UTF-8; convert the file"
    return f"{error}; was its writer cut off?"


def _kind(value: object) -> str:
    """What JSON calls a value.

    >>> _kind([]), _kind(True), _kind(1.5)
    ('a list', 'true or false', 'a number')
    """
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")


def _too_large(size: int) -> str:
    return f"{size:,} bytes; a document has at most {DOCUMENT_BYTES:,}: split it or leave it out"
