"""The article in a clean page: title, lead, body, captions, and who wrote it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phusa.facts import Locality, Published, Publisher
from phusa.findings import Rule, Selection
from phusa.metadata import abroad, authors, dates, locality, publishers
from phusa.page import Kind, Label, Line, RawDocument, Span
from phusa.places import Unit, parents

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
    """Where the parts of an article are in its page, and what its bylines say."""

    title: Span | None
    lead: Span | None
    body: tuple[Span, ...]
    captions: tuple[Span, ...]
    bylines: tuple[Span, ...]
    authors: tuple[str, ...]
    published: Published | None


def assemble(
    lines: Sequence[Line], labels: Sequence[Label], fetched_at: str | None = None
) -> Parts:
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
        published=dates.published(bylines, fetched_at),
    )


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
    if language is None:
        return Whereabouts(None, named)
    if language.partition("-")[0] != VIETNAMESE:
        found = abroad.locality(title, paragraphs, language)
        return Whereabouts(found if found and found.rule in on else None, named)
    day = day or document.fetched_at
    publisher, unit = publishers.publisher(site, (document.url, document.site), chrome, day)
    near: list[Unit] = [unit, *parents(unit)] if unit else []
    text = "\n".join(paragraphs)
    found = locality.locality(title, text, day, near) or publishers.of_publisher(publisher)
    return Whereabouts(found if found and found.rule in on else None, publisher)
