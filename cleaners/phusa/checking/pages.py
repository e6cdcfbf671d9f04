"""Checks of a page as it was scraped: what cleaning cannot put right, and what it would have to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from phusa import pipeline
from phusa.building.batch import TOO_SHORT
from phusa.checking import rules
from phusa.checking.dating import stated_dates
from phusa.checking.endings import cut_off
from phusa.checking.language import wrong_language
from phusa.checking.placeholders import placeholders
from phusa.checking.problem import MOST_ALIKE
from phusa.checking.residue import html_residue
from phusa.chrome.glance import glance
from phusa.findings import EVERY_RULE, Finding, Selection, Step, in_source, trace
from phusa.markup.blocks import MARKUP
from phusa.page import Article, Page, RawDocument, Span
from phusa.quality import privacy
from phusa.recipe import Cleaning
from phusa.repairs import spelling
from phusa.repairs.characters import BYTE_ORDER_MARK
from phusa.repairs.decoding import (
    INVALID_UTF_8,
    OTHER_ENCODING,
    TRUNCATED_UTF_8,
    UNKNOWN_ENCODING,
    UTF_16,
    Decoded,
)
from phusa.repairs.mojibake import MOJIBAKE
from phusa.repairs.normal_form import REPLACEMENT_CHARACTER
from phusa.sources import sniff

_REQUIRED = {
    "url": (rules.NO_URL.code, "no url"),
    "license": (rules.NO_LICENSE.code, "no licence"),
    "fetched_at": (rules.NO_FETCH_DATE.code, "no date of the fetch"),
}
_STATED = ("published", "published_at", "date", "date_published", "datePublished")
"""What rows call the day of publication."""
NO_SPELLING = Selection(ignore=tuple(rule.code for rule in spelling.STAGE.rules))
_NEAR_CHARS = 12
NO_TITLE_THERE = "no title: none is stated, and nothing stands above the text"


class Told(NamedTuple):
    """A finding in `text`, which is the value at a JSON pointer of a row.

    `column` is that of broken JSON in its line, `more` how many more there are like it.
    """

    pointer: str
    text: str
    finding: Finding
    column: int = 1
    more: int = 0


@dataclass(frozen=True, slots=True)
class _View:
    """An article as it is judged: from `start` to `end` of a page.

    `log` was made on the way to that page; `cleaned` is None where a glance was enough: then chrome
    may stand in it.
    """

    page: str
    start: int
    end: int
    log: Sequence[Step]
    titled: bool
    cleaned: Article | None = None

    @property
    def text(self) -> str:
        """The article, and what stands between its paragraphs."""
        return self.page[self.start : self.end]


def check_page(
    document: RawDocument,
    cleaning: Cleaning,
    require: Iterable[str],
    today: date,
    on: Selection = EVERY_RULE,
) -> Iterator[Told]:
    """Find what is wrong with a page and with what is stated beside it.

    Chrome is not: pages as found have it. Repairs are told of by rules that are `on`, and other
    findings whatever is. The pointers are those of a row of JSONL; the page itself
    is at `/text` or `/html`, and the findings lie in its decoded source.

    >>> found = check_page(RawDocument("x", "Đang tải..."), Cleaning(), ["url"], date(2025, 3, 2))
    >>> [(told.pointer, told.finding.rule) for told in found]
    [('', 'PRV101'), ('/text', 'ART901')]
    """
    yield from _beside(document, require, today)
    decoded = pipeline.decode(document)
    html = pipeline.is_html(document)
    at = "/html" if html else "/text"
    yield from (Told(at, decoded.text, found) for found in decoded.findings)
    if not decoded.readable:
        return
    text = decoded.text
    look = _in_html if html else _in_text
    made = _made_by_reading(decoded)
    for finding in look(document, text, cleaning, on):
        if finding.rule not in made:
            yield Told(at, text, finding)


def _made_by_reading(decoded: Decoded) -> frozenset[str]:
    """Rules of damage that is not in the bytes: it comes of how they had to be read."""
    told = Counter(found.rule for found in decoded.findings)
    made: set[str] = set()
    if decoded.text.count("\ufffd") == told[INVALID_UTF_8.code] + told[TRUNCATED_UTF_8.code]:
        made.add(REPLACEMENT_CHARACTER.code)
    if told[UNKNOWN_ENCODING.code] or told[OTHER_ENCODING.code]:  # lines of it may be UTF-8
        made.add(MOJIBAKE.code)
    if told[UTF_16.code]:  # its mark is what told it
        made.add(BYTE_ORDER_MARK.code)
    return frozenset(made)


def unstated(stated: Mapping[str, str | None], require: Iterable[str]) -> Iterator[Told]:
    """What a document must say of where it comes from, of `recipe.PROVENANCE`, and does not."""
    for name in require:
        if not stated[name]:
            rule, message = _REQUIRED[name]
            yield Told("", "", Finding(rule, 0, 0, message))


def _beside(document: RawDocument, require: Iterable[str], today: date) -> Iterator[Told]:
    """What is wrong with what is stated beside a page."""
    stated = {"url": document.url, "license": document.license, "fetched_at": document.fetched_at}
    yield from unstated(stated, require)
    days = {"/fetched_at": document.fetched_at}
    for name in _STATED:
        value = document.extra.get(name)
        if isinstance(value, str):
            days[f"/{name}"] = value
    for pointer, found in stated_dates(days, document.url, today):
        yield Told(pointer, "", found)
    if document.title:
        log: list[Step] = []
        page, flags = pipeline.repair(Page(document.title), EVERY_RULE, log)
        inside = [*placeholders(page.text, title=True), *html_residue(page.text)]
        inside += privacy.pieces(page.text)
        for finding in (*trace(log)[0], *flags, *in_source(inside, log)):
            yield Told("/title", document.title, finding)


def _in_text(
    document: RawDocument, text: str, cleaning: Cleaning, on: Selection
) -> Iterator[Finding]:
    """Look at a page of text, with the line model only where it has to be asked."""
    log: list[Step] = []
    language = document.language or cleaning.language
    page = Page(text, document.url, document.fetched_at, language)
    page, flags = pipeline.repair(page, _mending(on), log)
    yield from _repairs(log, on)
    yield from flags
    if sniff(page.text) == "text/html":
        message = "HTML as text; name the file .html, or put it into the field `html`"
        yield Finding(rules.HTML_RESIDUE.code, 0, 0, message)
        return
    yield from in_source(list(html_residue(page.text)), log)
    seen = glance(page)
    if seen.plain and cut_off(page.text) is None:
        view = _View(page.text, *seen.text, log, seen.headed)
    else:
        article = pipeline.clean(document, cleaning)
        if article.rejection is not None:
            yield article.rejection
            return
        view = _view(article, headed=seen.headed)
    yield from in_source(list(_in_article(view, document, cleaning)), view.log)


def _in_html(
    document: RawDocument, source: str, cleaning: Cleaning, on: Selection
) -> Iterator[Finding]:
    """Look at a page of HTML, as whoever reads it sees it."""
    article = pipeline.clean(document, cleaning)
    log, shown = list(article.log), source
    if log and log[0][0].rule == MARKUP.code:
        shown = log.pop(0)[0].after
    repaired: list[Step] = []
    _, flags = pipeline.repair(Page(shown, language=document.language), _mending(on), repaired)
    for found in _in_markup((*_repairs(repaired, on), *flags), shown, source):
        yield replace(found, replacement=None)  # markup is not edited
    if source.rfind("<") > source.rfind(">"):
        message = "the page ends in the middle of a tag"
        yield Finding(rules.CUT_OFF.code, len(source), len(source), message)
    if article.rejection is not None:
        yield article.rejection
        return
    view = replace(_view(article), log=log)
    inside = in_source(list(_in_article(view, document, cleaning)), log)
    yield from _in_markup(inside, shown, source)


def _mending(on: Selection) -> Selection:
    """The repairs to carry out: all, but those of spelling only where they are asked for, as what
    else is looked for is found in misspelt words too.
    """
    asked = any(rule.code in on for rule in spelling.STAGE.rules)
    return EVERY_RULE if asked else NO_SPELLING


def _repairs(log: Sequence[Step], on: Selection) -> Iterator[Finding]:
    """The repairs by rules that are on, in the source of the log."""
    if any(rule in on for rule in {edit.rule for step in log for edit in step}):
        yield from trace(log)[0]


def _view(article: Article, *, headed: bool = False) -> _View:
    start, end = article.body_spans[0][0], article.body_spans[-1][1]
    titled = headed or article.title is not None
    return _View(article.page, start, end, article.log, titled, article)


def _in_article(view: _View, document: RawDocument, cleaning: Cleaning) -> Iterator[Finding]:
    """Look at an article; the findings lie in the page of the view."""
    if view.cleaned is not None and len(view.cleaned.text) < cleaning.min_chars:
        chars = len(view.cleaned.text)
        message = f"a text of {chars:,} characters; min_chars is {cleaning.min_chars:,}"
        yield Finding(TOO_SHORT.code, view.start, view.start, message)
        return
    if not view.titled and not document.title:
        yield Finding(rules.NO_TITLE.code, view.start, view.start, NO_TITLE_THERE)
    stated = document.language or cleaning.language
    foreign = wrong_language(view.text, stated) if stated else None
    inside = [*filter(None, (foreign,)), *placeholders(view.text), *privacy.pieces(view.text)]
    if view.cleaned is not None:
        inside += filter(None, (cut_off(view.text),))
    for found in inside:
        yield replace(found, start=found.start + view.start, end=found.end + view.start)


def _in_markup(findings: Iterable[Finding], shown: str, source: str) -> Iterator[Finding]:
    """Findings in the text of a page, where their characters first stand in the markup; else at its
    start: they may be written there as entities, or parted by tags. So many of a rule are sought;
    the others are counted where the last of these is.
    """
    counts = Counter[str]()
    last: dict[str, Span] = {}
    for found in findings:
        counts[found.rule] += 1
        if counts[found.rule] <= MOST_ALIKE:
            last[found.rule] = _first(found, shown, source)
        start, end = last[found.rule]
        yield replace(found, start=start, end=end)


def _first(found: Finding, shown: str, source: str) -> Span:
    """Where the characters of a finding first stand in a source, with what is before them."""
    snippet = shown[found.start : found.end]
    before = shown[max(0, found.start - _NEAR_CHARS) : found.start].rpartition("\n")[2]
    for lead in (before, ""):
        at = source.find(lead + snippet) if snippet else -1
        if at >= 0:
            return at + len(lead), at + len(lead) + len(snippet)
    return 0, 0
