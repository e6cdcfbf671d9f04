"""Which of the dates of a page is that of publication: every candidate has points, the most win.

Where a date stands gives it the points it starts with (`declared`, `datelines`); here it gains by
what the other dates of the page say. The numbers were set by hand on one half of the sites of the
development pages and looked at on the other (docs/dates.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from phusa.candidates import Candidate, finer, foremost, settle
from phusa.facts import Published
from phusa.findings import EVERY_RULE, Selection
from phusa.markup.stamps import is_beside, is_plausible

MIN_POINTS = 2
AGREEMENT = 2
"""Points for the same day from another source; what the head says twice is said once."""
MAX_AGREEMENTS = 2
EARLIER = 5
"""Points of a day that the page shows as its own, and that is before what the head declares: heads
are written anew with the page, and a page cannot show the day before it appeared."""
NEARER = 4
"""Points of the day before or after that of a declared time in UTC: it is the same, where the
article appeared."""
MAX_YEARS_BEFORE = 5
"""A shown day much further back is one in the history of what the page is about."""
MAX_CANDIDATES = 1_000

_DAY = len("2024-05-01")


def choose(
    candidates: Iterable[Candidate], fetched_at: str | None = None, on: Selection = EVERY_RULE
) -> tuple[Published | None, Published | None]:
    """The dates of publication and of the last change, of all dates of a page.

    Among candidates with as many points the first goes. A date before 1990 or after the page was
    fetched (ISO 8601) cannot be right. What may be either is the date of a change where another one
    is that of publication. A page that only says when it was changed was published by then. What a
    rule tells that is not `on` is no candidate.

    >>> head = Candidate(Published("2025-06-24", "day", "datePublished", "MET110"), 8, "head")
    >>> line = Candidate(Published("2024-08-25", "day", "Aug 25", "MET114"), 4, "line", own=True)
    >>> choose([head, line])[0].value
    '2024-08-25'
    """
    first = islice((one for one in candidates if one.date.rule in on), MAX_CANDIDATES)
    possible = [one for one in first if is_plausible(one.date.value, fetched_at)]
    return settle(possible, _best, on=on)


def _best(stated: Sequence[Candidate]) -> Published | None:
    declared = next((one.date for one in stated if one.source == "head"), None)
    sources: dict[str, set[str]] = {}
    for one in stated:
        sources.setdefault(one.date.value[:_DAY], set()).add(one.source)
    best = foremost(stated, lambda one: one.points + _support(one, sources, declared), MIN_POINTS)
    return best and finer(best, stated)


def _support(one: Candidate, sources: Mapping[str, set[str]], declared: Published | None) -> int:
    """What the other dates of the page give a candidate."""
    value = one.date.value
    day = value[:_DAY]
    points = AGREEMENT * min(len(sources[day] - {one.source}), MAX_AGREEMENTS)
    if declared is None or one.source == "head" or day == declared.value[:_DAY]:
        return points
    if one.own and _is_earlier(day, declared.value) and not is_beside(declared.value, value):
        return points + EARLIER
    return points + NEARER * is_beside(day, declared.value)


def _is_earlier(day: str, declared: str) -> bool:
    chars = min(_DAY, len(declared), len(day))
    years = int(declared[:4]) - int(day[:4])
    return day[:chars] < declared[:chars] and years <= MAX_YEARS_BEFORE
