"""The work on one batch of files: documents in, problems out."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BufferedIOBase
from itertools import chain, islice
from pathlib import Path
from typing import Any

from phusa.building import RULEBOOK
from phusa.building.batch import SCHEMA_VIOLATION
from phusa.checking import parquet
from phusa.checking.identity import Identity
from phusa.checking.pages import Told, check_page, unstated
from phusa.checking.parquet import Group
from phusa.checking.problem import MOST_ALIKE, Problem, in_row, in_text, of_all
from phusa.checking.records import check_record
from phusa.findings import Finding, Rule, Selection
from phusa.page import RawDocument
from phusa.quality.privacy import masked
from phusa.recipe import Cleaning
from phusa.release.validation import violations
from phusa.repairs.characters import BYTE_ORDER_MARK
from phusa.sources import DAMAGE, JSONL, Batch, Known, Piece, Unreadable
from phusa.sources.cut import rows
from phusa.sources.lines import DOCUMENT_BYTES, Line, lines
from phusa.sources.reading import document, page, printable, too_large
from phusa.sources.rules import BROKEN_JSON, NO_TEXT, NOT_AN_OBJECT, UNREADABLE_FILE
from phusa.sources.streams import starting
from phusa.sources.strict import parse

OF_A_RECORD = frozenset(
    (
        *("source", "lead", "captions", "authors", "published", "modified", "locality"),
        *("publisher", "quality", "counts", "personal_data", "text_sha256"),
    )
)
"""Fields of finished records that rows of raw pages do not have."""
MIN_OF_A_RECORD = 6
NO_ROW = (BROKEN_JSON.code, NOT_AN_OBJECT.code, NO_TEXT.code)
MOST_BROKEN = 20
ONE_VALUE = "is the file one JSON value? `jq -c '.[]'` makes lines of a list"
STREAMED = 100
"""Documents of a stream that are told of at once."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is looked for, and by which recipe; `today` bounds the dates.

    `reading` says whether rules are on for which pages and records must be read, and not only their
    rows and the schema.
    """

    on: Selection
    cleaning: Cleaning
    require: tuple[str, ...]
    today: date
    reading: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """A batch of pages and rows, or a group of the rows of a Parquet file."""

    batch: Batch | Group
    settings: Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a batch: the problems of each of its documents, in order, and what they are.

    A document is a page or a row; what could not be read counts as one. `documents` are more than
    there are lists of problems where one stands for many. `size` is in bytes of the files.
    """

    problems: tuple[tuple[Problem, ...], ...]
    identities: tuple[Identity, ...]
    documents: int
    size: int = 0


@dataclass(slots=True)
class _Document:
    """What is told of a document; its id, url and digest are known where it could be read.

    `line` is that of a row, None of a file of one page; `documents` counts those it stands for.
    """

    path: str
    line: int | None = None
    told: list[Told] = field(default_factory=list)
    id: str | None = None
    url: str | None = None
    digest: str | None = None
    documents: int = 1


def check_batch(task: Task | Checked) -> Checked:
    """Check the documents of a batch; what was checked already is given back."""
    if isinstance(task, Checked):
        return task
    batch, settings = task.batch, task.settings
    if isinstance(batch, Group):
        path = printable(batch.path)
        found = _readable(_rows(parquet.rows(batch), path, settings), path)
        return _checked(found, settings, batch.size)
    found = chain.from_iterable(_piece(piece, batch.folder, settings) for piece in batch.pieces)
    return _checked(found, settings, batch.size)


def check_rows(raws: Iterable[bytes], path: str, settings: Settings) -> Checked:
    """Check rows of JSON."""
    numbered = enumerate((Line(raw, len(raw)) for raw in raws), 1)
    return _checked(_rows(numbered, path, settings), settings, 0)


def check_stream(
    file: BufferedIOBase, name: str, media_type: str | None, settings: Settings
) -> Iterator[Checked]:
    """Check the documents of an open file, as they come; `media_type` is told where it is None."""
    kind, rejoined = starting(file, name, media_type)
    if kind == JSONL:
        found = _rows(enumerate(lines(rejoined), 1), name, settings)
    else:
        found = (_page(page(rejoined, kind, name), name, settings) for _ in range(1))
    documents = _calmed(_readable(found, name))
    while some := list(islice(documents, STREAMED)):
        yield _checked(some, settings, 0)


def unread(
    path: str, message: str, rule: str = UNREADABLE_FILE.code, line: int | None = None
) -> Checked:
    """What there is to say of a path, or of a row, that cannot be read."""
    return Checked(((of_all(Finding(rule, 0, 0, message), path, line),),), (), 1)


def _piece(piece: Piece, folder: Path, settings: Settings) -> Iterator[_Document]:
    path = printable(piece.path)
    if piece.media_type is None:
        numbered = rows(piece, folder)
        return _calmed(_readable(_rows(numbered, path, settings, piece.known), path))

    def documents() -> Iterator[_Document]:
        with (folder / piece.path).open("rb") as file:
            read = page(file, piece.media_type or "", path, piece.known, piece.size)
        yield _page(read, path, settings)

    return _readable(documents(), path)


def _readable(documents: Iterator[_Document], path: str) -> Iterator[_Document]:
    """Documents up to where their file cannot be read, which is told of one more."""
    try:
        yield from documents
    except DAMAGE as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield _damaged(path, f"cannot be read: {reason}")


def _damaged(path: str, message: str) -> _Document:
    return _Document(path, told=[_of_all(UNREADABLE_FILE, message)])


def _of_all(rule: Rule, message: str) -> Told:
    """What is told of a document as a whole."""
    return Told("", "", Finding(rule.code, 0, 0, message))


def _checked(documents: Iterable[_Document], settings: Settings, size: int) -> Checked:
    problems: list[tuple[Problem, ...]] = []
    identities: list[Identity] = []
    count = 0
    for one in documents:
        count += one.documents
        if one.digest is not None:
            said = one.path, one.line, one.id, one.url, one.digest
            identities.append(Identity(len(problems), *said))
        told = [told for told in one.told if told.finding.rule in settings.on]
        bounded = _bounded(_together(told, one.line is not None)) if told else ()
        problems.append(tuple(_placed(one, bounded)))
    return Checked(tuple(problems), tuple(identities), count, size)


def _bounded(all_told: Iterable[Told]) -> list[Told]:
    """What is told of a document, so much of a rule; the last of these tells of the rest."""
    kept: list[Told] = []
    counts, more = Counter[str](), Counter[str]()
    last: dict[str, int] = {}
    for told in all_told:
        rule = told.finding.rule
        counts[rule] += 1
        if counts[rule] <= MOST_ALIKE:
            last[rule] = len(kept)
            kept.append(told)
        else:
            more[rule] += 1 + told.more
    for rule, i in last.items():
        if more[rule]:
            kept[i] = kept[i]._replace(more=kept[i].more + more[rule])
    return kept


def _together(all_told: Iterable[Told], in_row: bool) -> Iterator[Told]:
    """What is told of a document; of the characters of a line, or of a value in a row, each rule
    tells once.
    """
    groups: dict[tuple[str, str, int], list[Told]] = {}
    ends: dict[str, list[int]] = {}
    for number, told in enumerate(all_told):
        pointer, text, finding = told[:3]
        line = -1 - number
        if finding.rule.startswith("ENC") and in_row:
            line = 0
        elif finding.rule.startswith("ENC") and text:
            if pointer not in ends:
                ends[pointer] = [i for i, char in enumerate(text) if char == "\n"]
            line = bisect_left(ends[pointer], finding.start)
        groups.setdefault((pointer, finding.rule, line), []).append(told)
    for group in groups.values():
        yield group[0] if len(group) == 1 else group[0]._replace(more=len(group) - 1)


def _placed(document: _Document, told: Sequence[Told]) -> Iterator[Problem]:
    path, line = document.path, document.line
    told = list(map(_named, told))
    if line is None:
        more = {one.finding: one.more for one in told if one.more}
        for text in dict.fromkeys(one.text for one in told):
            inside = [one.finding for one in told if one.text == text]
            for finding, placed in in_text(inside, text, path):
                yield replace(placed, more=more[finding]) if finding in more else placed
        return
    for pointer, text, finding, column, more_alike in told:
        placed = in_row(finding, path, line, pointer, text)
        yield replace(placed, column=column, more=more_alike)


def _named(told: Told) -> Told:
    """A finding whose message is no more than a character, with what that is."""
    finding = told.finding
    if not finding.message.startswith("U+"):
        return told
    name = RULEBOOK[finding.rule].name.replace("-", " ")
    return told._replace(finding=replace(finding, message=f"{name} {finding.message}"))


def _page(read: RawDocument | Unreadable, path: str, settings: Settings) -> _Document:
    """Check a file that is one page."""
    if isinstance(read, Unreadable):
        return _Document(path, told=[Told("", "", read.finding)])
    found = _Document(path, None, [], None, read.url, _digest(read))
    for told in _told(read, settings):
        if told.pointer in ("", "/text", "/html"):
            found.told.append(told)
        else:  # it stands in the metadata, not in the page
            message = f"{told.pointer.removeprefix('/')}: {told.finding.message}"
            found.told.append(Told("", "", replace(told.finding, message=message)))
    return found


def _digest(document: RawDocument) -> str | None:
    """What tells two pages from each other; empty ones are told of as such."""
    return document.raw_sha256 if document.content.strip() else None


def _told(document: RawDocument, settings: Settings) -> Iterator[Told]:
    asked = settings.cleaning, settings.require, settings.today, settings.on
    return check_page(document, *asked)


def _calmed(documents: Iterable[_Document]) -> Iterator[_Document]:
    """Documents; rows that give none, for one reason and one after the other, as one from the
    twentieth on: a file that is one JSON value on many lines would else be told of line by line.
    """
    alike = 0
    last: _Document | None = None
    for one in documents:
        rules = [told.finding.rule for told in one.told]
        if len(rules) != 1 or rules[0] not in NO_ROW:
            alike = 0
        elif last is not None and [told.finding.rule for told in last.told] == rules:
            alike += 1
        else:
            alike = 1
        if last is not None and alike > MOST_BROKEN:
            _take_in(last, one)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def _take_in(last: _Document, one: _Document) -> None:
    """Let a row that is told of stand for another one like it."""
    told = last.told[0]
    finding = told.finding
    if not told.more and finding.rule != NO_TEXT.code:
        finding = replace(finding, message=f"{finding.message} ({ONE_VALUE})")
    last.told[0] = told._replace(finding=finding, more=told.more + 1)
    last.documents += one.documents


def _rows(
    numbered: Iterable[tuple[int, Line]], path: str, settings: Settings, known: Known | None = None
) -> Iterator[_Document]:
    """Check the rows of a file; blank lines are none."""
    for number, line in numbered:
        raw = line.raw.rstrip(b"\r\n")
        found = _Document(path, number)
        if number == 1 and raw.startswith(BOM_UTF8):
            raw = raw[len(BOM_UTF8) :]
            found.told.append(_of_all(BYTE_ORDER_MARK, "at the start of the file"))
        if line.size > DOCUMENT_BYTES:
            found.told.append(Told("", "", too_large(path, line.size).finding))
        elif raw.strip():
            _row(raw, number, found, settings, known or {})
        elif not found.told:
            continue
        yield found


def _row(raw: bytes, number: int, found: _Document, settings: Settings, known: Known) -> None:
    """Check a row, which is a finished record or a raw page."""
    parsed = parse(raw)
    for flaw in parsed.flaws:
        finding = Finding(flaw.rule, 0, 0, flaw.message)
        found.told.append(Told(flaw.pointer, "", finding, flaw.column))
    row = parsed.row
    if row is None:
        return
    if len(OF_A_RECORD & row.keys()) >= MIN_OF_A_RECORD:
        found.told += _in_record(row, found, settings)
    else:
        found.told += _in_raw(row, f"{found.path}#{number}", found, settings, known)


def _in_record(row: Mapping[str, Any], found: _Document, settings: Settings) -> Iterator[Told]:
    wrong = violations(row, parsed=True, mask=masked)
    if wrong:
        for pointer, message in wrong:
            yield Told(pointer, "", Finding(SCHEMA_VIOLATION.code, 0, 0, message))
        return
    found.id, found.url = row["id"], row["url"]
    found.digest = hashlib.sha256(row["text"].encode()).hexdigest()  # what the record says may lie
    source = row["source"]
    stated = {"url": row["url"], "license": source["license"], "fetched_at": source["fetched_at"]}
    yield from unstated(stated, settings.require)
    if not settings.reading:
        return
    for pointer, text, finding in check_record(row, settings.cleaning, settings.today):
        yield Told(pointer, text, replace(finding, replacement=None))  # records are built anew


def _in_raw(
    row: Mapping[str, Any], path: str, found: _Document, settings: Settings, known: Known
) -> Iterator[Told]:
    read = document(row, path, known)
    if isinstance(read, Unreadable):
        yield Told("", "", read.finding)
        return
    found.id, found.url, found.digest = read.id, read.url, _digest(read)
    if settings.reading:
        yield from _told(read, settings)
