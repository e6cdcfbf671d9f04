"""The article in a clean page: title, lead, body, captions, and who wrote it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phusa.findings import Rule
from phusa.metadata import authors, dates
from phusa.page import Kind, Label, Line, Published, Span

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
    """phusa cleans a page again until nothing is left to do, so that cleaning a cleaned text changes
nothing. This page did not come to rest within a few rounds, which a sane page does at once; it is
left as it was after the repair of its characters.""",
)
RULES = (NO_ARTICLE, UNSETTLED)


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of an article are in its page, and what its bylines say."""

    title: Span | None
    lead: Span | None
    body: tuple[Span, ...]
    captions: tuple[Span, ...]
    authors: tuple[str, ...]
    published: Published | None


def assemble(
    lines: Sequence[Line], labels: Sequence[Label], fetched_at: str | None = None
) -> Parts:
    """Put the labelled lines of a clean page together.

    `body` holds every paragraph, the lead among them.
    """
    by_kind: dict[Kind, list[Line]] = {kind: [] for kind in Kind}
    body: list[Span] = []
    for line, label in zip(lines, labels, strict=True):
        by_kind[label.kind].append(line)
        if label.kind in (Kind.LEAD, Kind.BODY):
            body.append((line.start, line.end))
    bylines = [line.text for line in by_kind[Kind.BYLINE]]
    return Parts(
        title=_span(by_kind[Kind.TITLE]),
        lead=_span(by_kind[Kind.LEAD]),
        body=tuple(body),
        captions=tuple((line.start, line.end) for line in by_kind[Kind.CAPTION]),
        authors=authors.authors(bylines),
        published=dates.published(bylines, fetched_at),
    )


def _span(lines: Sequence[Line]) -> Span | None:
    return (lines[0].start, lines[0].end) if lines else None
