"""The article in a clean page: title, lead, body, captions, who wrote it, when and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from phusa.candidates import is_later
from phusa.chrome.rules import LISTING_PAGE, NOTICE_PAGE
from phusa.dates import day_order
from phusa.facts import Language, Locality, Published, Publisher
from phusa.findings import Finding, Rule, Selection, Step, in_source
from phusa.markup.head import Head
from phusa.metadata import abroad, authors, dates, languages, locality, publishers
from phusa.metadata.around import Around, around
from phusa.page import Article, Kind, Label, Line, Page, RawDocument, Span
from phusa.places import AS_OF, Unit, parents
from phusa.quality import privacy
from phusa.quality.published import beside_page, in_page, redacted
from phusa.quality.signals import signals
from phusa.recipe import Cleaning

NO_ARTICLE = Rule(
    "ART901",
    "no-article",
    "The page has no article: it is empty, or all of it is chrome.",
    """Nothing on the page is long enough to be an article, and what is there are menus, buttons or
counters. The page yields no text and a build sends it to the rejected documents.""",
)
UNSETTLED = Rule(
    "ART902",
    "unsettled-page",
    "Cleaning the cleaned page went on finding chrome, so nothing was taken out.",
    """A page is cleaned again until nothing is left to do, so that cleaning a cleaned text changes
nothing. This page did not come to rest within a few rounds, which a sane page does at once; it is
left as it was after the repair of its characters.""",
)
RULES = (NO_ARTICLE, UNSETTLED)

VIETNAMESE = "vi"


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of an article are in its page, and who wrote it."""

    title: Span | None
    lead: Span | None
    body: tuple[Span, ...]
    captions: tuple[Span, ...]
    bylines: tuple[Span, ...]
    authors: tuple[str, ...]


def finished(
    document: RawDocument,
    stated: Head,
    page: Page,
    lines: Sequence[Line],
    labels: Sequence[Label],
    log: tuple[Step, ...],
    flags: tuple[Finding, ...],
    cleaning: Cleaning,
) -> Article:
    """The article in a page at rest, with all that is known of it.

    `log` undoes the page, `flags` are what was found and not repaired. The rules that are on may
    tell a date or a place, or report; personal data count whatever is on, and go from beside the
    page last, when all has been read.
    """
    on = cleaning.rules
    parts = assemble(lines, labels)
    rejection = None
    if not parts.body:
        rejection = _rejection(log, lines)
        flags = (*flags, rejection)
    taken_out = [e for step in log for e in step if e.rule.startswith(("CHR", "ART10"))]
    source_chars = len(page.text) + sum(len(edit.before) for edit in taken_out)
    paragraphs = [page.text[start:end] for start, end in parts.body]
    text = "\n\n".join(paragraphs)
    language = Language(page.language, 1.0) if page.language else languages.language(text)
    published, modified = dated(document, stated, page, lines, labels, language, log, on)
    where = whereabouts(
        document,
        page.text[slice(*parts.title)] if parts.title else stated.title,
        paragraphs,
        language.code if language else None,
        published.value[: len("2024-05-01")] if published else None,
        stated.site,
        [line for edit in taken_out for line in edit.before.split("\n")],
        on,
    )
    article = Article(
        document,
        page.text,
        log,
        flags,
        parts.title if parts.body else None,
        parts.lead,
        parts.body,
        parts.captions,
        parts.bylines,
        stated.authors or parts.authors,
        published,
        language,
        signals(text, source_chars),
        len(taken_out),
        rejection,
        stated.title,
        where.publisher,
        where.locality,
        modified,
    )
    if cleaning.redact:
        article = redacted(article, cleaning.redact)
    return _counted(article, on)


def _rejection(log: Sequence[Step], lines: Sequence[Line]) -> Finding:
    """Why a page has no article: as the rule says that took all of it out, if there is one."""
    for edit in chain.from_iterable(log):
        if edit.rule in (LISTING_PAGE.code, NOTICE_PAGE.code):
            return Finding(edit.rule, 0, 0, edit.message)
    why = "nothing on the page is an article" if log or lines else "the page is empty"
    return Finding(NO_ARTICLE.code, 0, 0, why)


def _counted(article: Article, on: Selection) -> Article:
    """An article with its personal data counted; what is in its page is told by rules that are on.

    Each piece counts once for each place of the record that it stands in.
    """
    shown, beside = in_page(article), beside_page(article)
    if not shown and not beside:
        return article
    told = in_source([found for found in shown if found.rule in on], article.log)
    return replace(
        article,
        flags=(*article.flags, *told),
        personal_data=privacy.counts([*shown, *beside]),
    )


def assemble(lines: Sequence[Line], labels: Sequence[Label]) -> Parts:
    """Put the labelled lines of a clean page together.

    `body` holds every paragraph, the lead among them.
    """
    spans: dict[Kind, list[Span]] = {kind: [] for kind in Kind}
    body: list[Span] = []
    bylines: list[str] = []
    for line, label in zip(lines, labels, strict=True):
        span = line.start, line.end
        spans[label.kind].append(span)
        if label.kind in (Kind.LEAD, Kind.BODY):
            body.append(span)
        elif label.kind is Kind.BYLINE:
            bylines.append(line.text)
    return Parts(
        title=next(iter(spans[Kind.TITLE]), None),
        lead=next(iter(spans[Kind.LEAD]), None),
        body=tuple(body),
        captions=tuple(spans[Kind.CAPTION]),
        bylines=tuple(spans[Kind.BYLINE]),
        authors=authors.authors(bylines),
    )


def dated(
    document: RawDocument,
    stated: Head,
    page: Page,
    lines: Sequence[Line],
    labels: Sequence[Label],
    language: Language | None,
    log: Sequence[Step],
    on: Selection,
) -> tuple[Published | None, Published | None]:
    """When an article was published and when changed: as its page states, else as its lines do.

    The lines of a page with markup were weighed with what it states; its prose still gives bounds.
    `on` are the rules that may tell a date.
    """
    published, modified = stated.published, stated.modified
    if published is None or published.inferred:
        code = stated.language or (language.code if language else None)
        order = day_order(code, document.url) if code else "DMY"
        is_text = page.structure is None
        rows = around(lines, labels, log) if is_text else Around([], [])
        body = [
            line.text
            for line, label in zip(lines, labels, strict=True)
            if label.kind in (Kind.LEAD, Kind.BODY)
        ]
        url = document.url if is_text else None
        shown, changed = dates.dates(*rows, body, order, document.fetched_at, url, on)
        if published is None or (shown is not None and not shown.inferred):
            published = shown
        modified = modified or changed
    if published and modified and is_later(published.value, modified.value):
        modified = None
    return published, modified


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an article is about, and who published it."""

    locality: Locality | None = None
    publisher: Publisher | None = None


def whereabouts(
    document: RawDocument,
    title: str | None,
    paragraphs: Sequence[str],
    language: str | None,
    day: str | None,
    site: str | None,
    chrome: Sequence[str],
    on: Selection,
) -> Whereabouts:
    """The places of an article, by its language (BCP 47).

    `day` is when it was published, `site` what the page calls its site, `chrome` the lines that
    were taken out of the page and `on` the rules that may tell a place.
    """
    named = Publisher(site) if site else None
    if language is None or not paragraphs:
        return Whereabouts(None, named)
    if language.partition("-")[0] != VIETNAMESE:
        return Whereabouts(_if_on(abroad.locality(title, paragraphs, language, day), on), named)
    day = day or _day_before_today(document.fetched_at)
    home = publishers.home((document.url, document.site), chrome, day, on)
    near: list[Unit] = [home.unit, *parents(home.unit)] if home else []
    text = "\n".join(paragraphs)
    place = _if_on(locality.locality(title, text, day, near), on)
    if place is None:
        own = _if_on(publishers.of_publisher(home, text), on)
        place = own if own is not None and not locality.names_places(title, text) else None
    return Whereabouts(place, publishers.publisher(site, home))


def _if_on(place: Locality | None, on: Selection) -> Locality | None:
    return place if place is not None and place.rule in on else None


def _day_before_today(fetched_at: str | None) -> str | None:
    """The day of a time in ISO 8601, if other units were there then than today.

    A page without a date is no younger than that; fetched today it may be of any time.
    """
    try:
        day = datetime.fromisoformat(fetched_at or "").date().isoformat()
    except ValueError:
        return None
    return day if day < AS_OF else None
