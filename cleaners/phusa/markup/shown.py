"""What a page shows, for its dates: its lines, where the title is, and what stands aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from phusa.candidates import Candidate
from phusa.dates import DayOrder
from phusa.markup.blocks import Markup, Time
from phusa.markup.datelines import visible_dates
from phusa.markup.hints import Hint

_ASIDE = int(
    Hint.COMMENT
    | Hint.NAVIGATION
    | Hint.FOOTER
    | Hint.SIDEBAR
    | Hint.RELATED
    | Hint.AD
    | Hint.OVERLAY
)
_ASIDE_TAGS = frozenset(("nav", "aside", "footer"))
_MAIN_TAGS = frozenset(("body", "main", "article"))


class Shown(NamedTuple):
    """What a page shows: its lines that are not blank, and which of them are first-level headings
    (`headings`); `page` tells where they stand.
    """

    lines: Sequence[str]
    headings: Sequence[tuple[int, str]]
    page: Markup

    def dates(
        self, title: str | None, times: Iterable[Time], order: DayOrder
    ) -> Iterator[Candidate]:
        """The dates in the lines, by where they stand from the title."""
        line = self._title_line(title)
        is_aside = aside(self.page, line)
        return visible_dates(self.lines, line, times, order, is_aside)

    def _title_line(self, title: str | None) -> int | None:
        """The line of the title; without one, that of the first heading."""
        if title:
            for line, text in self.headings:
                if title in text:
                    return line
            if title in self.lines:
                return self.lines.index(title)
        return self.headings[0][0] if self.headings else None


def aside(page: Markup, title: int | None) -> Callable[[int], bool]:
    """Tells lines in elements that are not the main content and do not hold the title as well.

    >>> from phusa.markup.blocks import parse
    >>> page = parse("<div class=more><h1>A</h1><p>1/5/2024</p><p class=related>2/5/2024</p></div>")
    >>> list(map(aside(page, 0), range(3)))
    [False, False, True]
    """
    parent, tags, hints = page.elements.parent, page.elements.tag, page.elements.hints
    known: dict[int, bool] = {-1: False}
    element = page.lines.element[title] if title is not None and page.lines.element else -1
    while element >= 0:
        known[element] = False
        element = parent[element]

    def is_aside(line: int) -> bool:
        element = page.lines.element[line]
        path = []
        while element not in known:
            path.append(element)
            element = parent[element]
        found = known[element]
        for element in reversed(path):
            tag = tags[element]
            named = hints[element] & _ASIDE and tag not in _MAIN_TAGS
            found = known[element] = found or bool(named) or tag in _ASIDE_TAGS
        return found

    return is_aside
