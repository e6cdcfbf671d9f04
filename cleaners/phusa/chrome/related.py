"""Lists of other articles: under a header, or told by the time stamps of their items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from phusa.chrome import rules
from phusa.chrome.shapes import Shape
from phusa.page import Line

MAX_ITEM_CHARS = 120
"""A headline; a longer line that ends a sentence is a paragraph."""
MAX_ITEM_LINES = 4
"""Lines of an item of a timed list: headline, its repetition, teaser, time stamp."""
MIN_ITEMS = 2
MAX_STAMP_LETTERS = 6
"""Letters beside the date in a time stamp: a time zone, AM or PM, a label of one word."""
HEAD_LINES = 3
"""A date so far up belongs to the article, not to an item."""

Mark = tuple[str, str]
"""The code of the rule that takes a line out, and the reason."""


def headed(lines: Sequence[Line], shapes: Sequence[Shape]) -> dict[int, Mark]:
    """The items under the headers of related lists, by line number.

    A list of bullets ends with its bullets; another ends at the first line that is too long for a
    headline or ends a sentence.
    """
    marks: dict[int, Mark] = {}
    for header, shape in enumerate(shapes):
        if shape.rule != rules.RELATED_LIST.code or shape.reason.endswith(":”"):
            continue  # a label brings its headline on its own line
        bullets = header + 1 < len(lines) and shapes[header + 1].bullet
        for i in range(header + 1, len(lines)):
            item = shapes[i]
            if item.rule is not None or item.bullet != bullets:
                break
            sentence = lines[i].text.endswith(".") and not bullets
            if sentence or (item.size > MAX_ITEM_CHARS and (item.ends or not bullets)):
                break
            marks[i] = (rules.RELATED_LIST.code, f"under “{lines[header].text[:40]}”")
    return marks


def timed(lines: Sequence[Line], shapes: Sequence[Shape]) -> dict[int, Mark]:
    """The items of lists in which every item has its time stamp, by line number."""
    stamps = [
        i
        for i, shape in enumerate(shapes)
        if shape.date is not None and shape.date <= MAX_STAMP_LETTERS and i >= HEAD_LINES
    ]
    marks: dict[int, Mark] = {}
    run: list[int] = []
    for i in [*stamps, len(lines) + MAX_ITEM_LINES + 1]:
        if run and i - run[-1] > MAX_ITEM_LINES:
            if len({lines[j].text for j in run}) >= MIN_ITEMS:
                marks |= _items(lines, shapes, run)
            run = []
        run.append(i)
    return marks


def threads(marks: Mapping[int, Mark], odds: Sequence[float]) -> set[int]:
    """The items of lists with dates that the model takes for text, given the structure of the page:
    threads, chronicles, logs of changes. `odds` are the log-odds of all lines.
    """
    found: set[int] = set()
    run: list[int] = []
    timed = sorted(i for i, (rule, _) in marks.items() if rule == rules.TIMED_LIST.code)
    for i in [*timed, len(odds) + 1]:
        if run and i != run[-1] + 1:
            if sum(odds[j] for j in run) > 0:
                found.update(run)
            run = []
        run.append(i)
    return found


def _items(lines: Sequence[Line], shapes: Sequence[Shape], run: list[int]) -> dict[int, Mark]:
    """All lines of the items whose stamps are `run`; nothing where most of them lack a headline.

    A chronicle has dates and sentences, a list of articles has dates and headlines.
    """
    period = min(b - a for a, b in pairwise(run))
    first, last = run[0], run[-1]
    stamp_leads = lines[first].gap and first + 1 < len(lines) and not lines[first + 1].gap
    if stamp_leads:
        last = min(len(lines) - 1, last + period - 1)
    else:
        first = max(0, first - period + 1)
    edges = [*run, last + 1] if stamp_leads else [first - 1, *run]
    headed = sum(
        any(not shapes[j].ends and shapes[j].size <= MAX_ITEM_CHARS for j in range(a + 1, b))
        for a, b in pairwise(edges)
    )
    if 3 * headed < 2 * len(run):
        return {}
    reason = f"{len(run)} items, each with a time stamp"
    return dict.fromkeys(range(first, last + 1), (rules.TIMED_LIST.code, reason))
