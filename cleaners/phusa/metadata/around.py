"""The lines of a text without markup that may hold its date, by where they stood in its source.

A masthead has a clock, and once the menu below it is taken out it stands beside the title. A date
below the last paragraph is taken out with what stands there. So the lines that were taken out are
looked at with those that stayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from phusa.dates import corpus_date, find_date
from phusa.findings import Step, trace
from phusa.page import Kind, Label, Line

LINES_ABOVE, LINES_BELOW = 2, 3
"""Lines around the title that may hold the date though they are not labelled as bylines."""
BYLINES_ABOVE, BYLINES_BELOW = 4, 8
"""... and bylines, which may also stand below the last paragraph, or directly below the first."""
LINES_AFTER_LAST = 2
"""Lines below the last paragraph that may hold the date though they were taken out."""
MENU_LINES = 2
"""So many lines that were taken out part what stands above them from the title."""
MIN_LIST = 3
"""Dated lines in a row are a list from so many on."""
MAX_LINE_CHARS = 200
LISTS = ("CHR112", "CHR113", "CHR130", "CHR131", "CHR140")
"""Rules that take out counters, related news and comments."""

_BODY = frozenset((Kind.LEAD, Kind.BODY))


class Around(NamedTuple):
    """The bylines of a text, and the other lines around its title and at its end."""

    bylines: list[str]
    beside: list[str]


class _Row(NamedTuple):
    """A line of the source: where it starts, its text and kind, the rule that took it out."""

    start: int
    text: str
    kind: Kind
    rule: str


def around(lines: Sequence[Line], labels: Sequence[Label], log: Sequence[Step]) -> Around:
    r"""The lines that may hold the date of a text; `log` has what was taken out of it.

    A line above the title counts only where no menu was taken out between the two.

    >>> from phusa.page import Page
    >>> lines = Page("1/5/2024 08:30\nCầu mới\nĐăng 3/4/2024\nMột câu.").lines()
    >>> kinds = Kind.BYLINE, Kind.TITLE, Kind.BYLINE, Kind.BODY
    >>> around(lines, [Label(kind, "") for kind in kinds], []).bylines
    ['1/5/2024 08:30', 'Đăng 3/4/2024']
    """
    rows = _rows(lines, labels, log)
    body = [i for i, row in enumerate(rows) if row.kind in _BODY]
    title = next((i for i, row in enumerate(rows) if row.kind is Kind.TITLE), min(body, default=0))
    first, last = (body[0], body[-1]) if body else (title, len(rows) - 1)
    menu = [i for i in range(title) if rows[i].kind is Kind.CHROME][-MENU_LINES:]
    parted = menu[0] if len(menu) == MENU_LINES else -1
    top = max(title - BYLINES_ABOVE, parted + 1)
    bottom = max(title + BYLINES_BELOW, first + 2)
    bylines = [
        row.text
        for i, row in enumerate(rows)
        if row.kind is Kind.BYLINE and (top <= i <= bottom or i > last or corpus_date(row.text))
    ]
    near = range(max(title - LINES_ABOVE, parted + 1), title + LINES_BELOW + 1)
    beside = [rows[i].text for i in body if i in near or i == last]
    head = range(title + 1, max(first, title) + 1)
    return Around(bylines, [*beside, *_taken_out(rows, head), *_below(rows, last)])


def _rows(lines: Sequence[Line], labels: Sequence[Label], log: Sequence[Step]) -> list[_Row]:
    """The lines of a text and those that were taken out, in the order of the source."""
    edits = list(chain.from_iterable(log))
    if not any(edit.rule.startswith("CHR") for edit in edits):
        pairs = zip(lines, labels, strict=True)
        return [_Row(line.start, line.text, label.kind, "") for line, label in pairs]
    findings, source = trace(log)
    rows = [
        _Row(source.span(line.start, line.end)[0], line.text, label.kind, "")
        for line, label in zip(lines, labels, strict=True)
    ]
    for edit, finding in zip(edits, findings, strict=True):
        if edit.rule.startswith("CHR"):
            taken = filter(None, map(str.strip, edit.before.split("\n")))
            rows += (_Row(finding.start, text, Kind.CHROME, edit.rule) for text in taken)
    return sorted(rows, key=lambda row: row.start)


def _taken_out(rows: Sequence[_Row], where: Iterable[int]) -> Iterator[str]:
    for i in where:
        if rows[i].kind is Kind.CHROME and rows[i].rule not in LISTS[2:] and _is_dated(rows[i]):
            yield rows[i].text


def _below(rows: Sequence[_Row], last: int) -> Iterator[str]:
    """The dated lines right below the last paragraph, where they are not those of a list."""
    end = last + 1
    while end < len(rows) and _is_dated(rows[end]):
        end += 1
    if end - last > MIN_LIST:
        return
    for row in rows[last + 1 : last + 1 + LINES_AFTER_LAST]:
        if row.kind is Kind.CHROME and row.rule not in LISTS and _is_dated(row):
            yield row.text


def _is_dated(row: _Row) -> bool:
    return len(row.text) <= MAX_LINE_CHARS and find_date(row.text) is not None
