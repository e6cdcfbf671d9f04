"""Checks of a finished record: against itself, and for what a clean text does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any

from phusa import languages, pipeline
from phusa.building.batch import TOO_SHORT
from phusa.checking.dating import stated_dates
from phusa.checking.endings import cut_off
from phusa.checking.language import wrong_language
from phusa.checking.localities import misplaced
from phusa.checking.placeholders import placeholders
from phusa.checking.residue import html_residue
from phusa.checking.rules import NO_TITLE, UNTRUE_RECORD
from phusa.chrome.marks import confirmed
from phusa.chrome.shapes import shape
from phusa.findings import Finding, Selection, Step, trace
from phusa.page import Page
from phusa.quality import privacy
from phusa.recipe import Cleaning
from phusa.release.truth import untrue

TITLE, TEXT = "/title", "/text"


def check_record(
    record: Mapping[str, Any], cleaning: Cleaning, today: date
) -> Iterator[tuple[str, str, Finding]]:
    r"""Find what is wrong with a record that follows the schema.

    Yields the JSON pointer of a value, the text that the finding lies in ("" where it is of the
    value as a whole), and the finding. `cleaning` is how records are made, so what its rules leave
    alone is left alone here too. `lead` is looked at where it stands, in `text`. A record that
    phusa made has none of it, but for personal data, and what its page was like.

    >>> from phusa.page import RawDocument
    >>> page = RawDocument("x", "Tin mới\n\n" + "Cầu đã thông xe hôm nay. " * 9)
    >>> record = pipeline.clean(page).record() | {"title": "Tin <b>mới</b>", "id": "y"}
    >>> found = check_record(record, Cleaning(), date(2025, 6, 1))
    >>> [(pointer, finding.rule) for pointer, _, finding in found]
    [('/title', 'QUA102')]
    """
    found = (
        ((at, Finding(UNTRUE_RECORD.code, 0, 0, why)) for at, why in untrue(record)),
        _dates(record, today),
        misplaced(record, today),
        _languages(record, cleaning),
        _sizes(record, cleaning),
    )
    yield from ((at, "", finding) for at, finding in chain.from_iterable(found))
    spoken = _own_blanks(record)
    for pointer, text in _texts(record):
        for finding in _in_text(pointer, text, spoken, cleaning):
            yield pointer, text, finding


def _texts(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of a record for readers, in its order."""
    if record["title"] is not None:
        yield TITLE, record["title"]
    yield TEXT, record["text"]
    for i, caption in enumerate(record["captions"]):
        yield f"/captions/{i}", caption


def _in_text(pointer: str, text: str, spoken: str | None, cleaning: Cleaning) -> Iterator[Finding]:
    """What is wrong with a text on its own."""
    log: list[Step] = []
    page = Page(text, language=spoken)
    _, flags = pipeline.repair(page, cleaning.rules, log, cleaning.tone_style)
    if log:
        yield from trace(log)[0]
    yield from flags
    yield from html_residue(text)
    if pointer in (TITLE, TEXT):
        yield from placeholders(text, title=pointer == TITLE)
    if pointer == TEXT:
        yield from _chrome(text, cleaning.rules)
        unended = cut_off(text)
        if unended is not None:
            yield unended
    yield from privacy.pieces(text)


def _own_blanks(record: Mapping[str, Any]) -> str | None:
    """The language of a record, where its blanks are its own; else the text tells."""
    code: str = record["language"]["code"] if record["language"] else ""
    own = {blanks.language for blanks in languages.blanks()}
    return code if code.lower().partition("-")[0] in own else None


def _chrome(text: str, on: Selection) -> Iterator[Finding]:
    """The lines that are page chrome by what they say, inside an article too.

    Of 4,749 records made of the development pages, two have any: they are of pages that did not
    come to rest (ART902), which are left as they are.
    """
    lines = Page(text).lines()
    shapes = [shape(line.text) for line in lines]
    marks = {i: (s.rule, s.reason) for i, s in enumerate(shapes) if s.rule is not None}
    for i in sorted(confirmed(shapes, marks)) if marks else ():
        rule, reason = marks[i]
        if rule in on:
            yield Finding(rule, lines[i].start, lines[i].end, f"page chrome: {reason}")


def _dates(record: Mapping[str, Any], today: date) -> Iterator[tuple[str, Finding]]:
    published, modified = record["published"], record["modified"]
    stated = {"/source/fetched_at": record["source"]["fetched_at"]}
    if published:
        stated["/published/value"] = published["value"]
    if modified:
        stated["/modified/value"] = modified["value"]
    # what is inferred is a bound, which the day in the address need not be near
    url = None if published and published["inferred"] else record["url"]
    return stated_dates(stated, url, today)


def _languages(record: Mapping[str, Any], cleaning: Cleaning) -> Iterator[tuple[str, Finding]]:
    """The language of the text against that of the record and that of the recipe."""
    told = record["language"]["code"] if record["language"] else None
    stated = {"/language/code": told, TEXT: cleaning.language}
    if told == cleaning.language:
        del stated[TEXT]
    for pointer, code in stated.items():
        finding = wrong_language(record["text"], code) if code else None
        if finding is not None:
            yield pointer, finding


def _sizes(record: Mapping[str, Any], cleaning: Cleaning) -> Iterator[tuple[str, Finding]]:
    """A title that is missing, a text that is too short."""
    if record["title"] is None:
        yield TITLE, Finding(NO_TITLE.code, 0, 0, "no title")
    chars = len(record["text"])
    if chars < cleaning.min_chars:
        message = f"{chars} characters, and the recipe asks for {cleaning.min_chars}"
        yield TEXT, Finding(TOO_SHORT.code, 0, 0, message)
