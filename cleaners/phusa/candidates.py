"""The dates that may be an article's, each with its points: which are taken, and as what.

Where the dates stood gives them their points: in the markup of a page, or in the lines of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from phusa.cues import Cue
from phusa.dates import YEAR, DateFound, find_date, last_day
from phusa.facts import Published
from phusa.findings import EVERY_RULE, Rule, Selection

URL_DATE = Rule(
    "MET113",
    "url-date",
    "The publication date in the page's address.",
    """Year, month and day stand in the path: `/2024/05/01/`, `/2024/may/01/`, `/2024-05-01-`,
`/20240501/`, `/01-05-2024-`, or as a time before the ending: `-20240501083012345.htm`. It goes
before a time in UTC that the head declares for the day before or after: then the address has the
day where the article appeared.""",
)
CHANGE_DATE = Rule(
    "MET105",
    "change-date",
    "The date of publication is not known, only that of the last change.",
    """The page says when it was changed and nowhere when it appeared. What is read is what stands
there since that day, so the day is given, marked as `inferred` and as the last day that the date of
publication can be (`not_after`). Meta tags alone tell none: systems write them when they write the
file.""",
)
RULES = (URL_DATE, CHANGE_DATE)

Source = Literal["head", "address", "item", "time", "line"]

OWN_LETTERS, SHORT_LETTERS = 25, 60
"""Letters beside a date that has its line to itself; a name and a section, but no sentence."""

IN_ADDRESS = 6
"""Points of a day in the address."""

_DAY = len("2024-05-01")
_DAY_IN_URL = re.compile(
    rf"(?<![0-9])({YEAR})(?:([/_-])([01]?[0-9])(?:\2|/)([0-3]?[0-9])|([01][0-9])/?([0-3][0-9]))"
    r"(?=[/_.+-]|$)"
)
_TIME_IN_URL = re.compile(
    rf"-({YEAR})([01][0-9])([0-3][0-9])(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){{2}}[0-9]{{3}}(?=\.|$)"
)
_DAY_FIRST_IN_URL = re.compile(rf"(?<![0-9])([0-3][0-9])-([01][0-9])-({YEAR})(?=[/_.+-]|$)")
_MONTH_IN_URL = re.compile(rf"/({YEAR})/([a-z]{{3,9}})/([0-3]?[0-9])(?=[/_.+-]|$)")
_BEFORE_PATH = re.compile("^[a-z]+://[^/]*|[?#].*$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date that may be an article's, with its points and what is said before it.

    Two dates that agree strengthen each other only where they are from different sources. `own`
    dates stand beside the title of an HTML page, or are said to be those of publication. A change
    that `dates_page` tells by when the page was published.
    """

    date: Published
    points: int
    source: Source = "line"
    said: Cue = ""
    own: bool = False
    dates_page: bool = True


Best = Callable[[Sequence[Candidate]], Published | None]
"""Chooses a date of publication among candidates."""


def settle(
    found: Sequence[Candidate],
    best: Best,
    otherwise: Published | None = None,
    on: Selection = EVERY_RULE,
) -> tuple[Published | None, Published | None]:
    """The dates of publication and of the last change.

    What is said to be of a change is never the date of publication. What may be either is that of
    a change where another one is that of publication. `otherwise` is the date of publication where
    no candidate is; a page that only says when it was changed was published by then, where that
    rule is `on`.

    >>> line = Published("2024-05-03T09:00", "minute", "Updated", "MET114")
    >>> published, changed = settle([Candidate(line, 4, said="changed")], lambda _: None)
    >>> published.value, published.not_after, changed.value
    ('2024-05-03', '2024-05-03', '2024-05-03T09:00')
    """
    changes = [one for one in found if one.said == "changed"]
    either = [one for one in found if one.said == "either"]
    published = best([one for one in found if one.said not in ("changed", "either")])
    if published is not None:
        changes += either
    else:
        published = best(either) or otherwise
    changed = _latest(changes, published)
    if published is None and CHANGE_DATE.code in on:
        by_change = _latest([one for one in changes if one.dates_page], None)
        published = _by_change(by_change) if by_change is not None else None
    return published, changed


def foremost(
    found: Iterable[Candidate], points: Callable[[Candidate], int], least: int
) -> Published | None:
    """The date with the most points, of as many the first; None where all have less than `least`.

    >>> days = [Published(day, "day", day, "MET114") for day in ("2024-05-01", "2024-05-02")]
    >>> found = [Candidate(day, 3) for day in days]
    >>> foremost(found, lambda one: one.points, 3).value, foremost(found, lambda one: 2, 3)
    ('2024-05-01', None)
    """
    best, most = None, least - 1
    for one in found:
        own = points(one)
        if own > most:
            best, most = one.date, own
    return best


def finer(best: Published, found: Iterable[Candidate]) -> Published:
    """The most precise of the dates that agree with one.

    >>> days = [Published(day, "day", day, "MET114") for day in ("2024-05-01", "2024-05-01T08:30")]
    >>> finer(days[0], [Candidate(day, 3) for day in days]).value
    '2024-05-01T08:30'
    """
    if len(best.value) > _DAY:
        return best
    agreeing = (one.date for one in found if one.date.value.startswith(best.value))
    return max(agreeing, key=lambda date: len(date.value), default=best)


def in_address(url: str | None) -> Iterator[Candidate]:
    """The days that stand in the path of an address.

    >>> [one.date.value for one in in_address("https://a.example/2024/05/01/cau-moi.html")]
    ['2024-05-01']
    """
    for day in _days_in(url):
        yield Candidate(Published(day, "day", url or "", URL_DATE.code), IN_ADDRESS, "address")


def _days_in(url: str | None) -> Iterator[str]:
    path = _BEFORE_PATH.sub("", url or "")
    days: list[tuple[str, ...]] = []
    for found in _DAY_IN_URL.finditer(path):
        year, _, *numbers = found.groups()
        days.append((year, *(number for number in numbers if number)))
    days += [found.groups() for found in _TIME_IN_URL.finditer(path)]
    days += [found.groups()[::-1] for found in _DAY_FIRST_IN_URL.finditer(path)]
    for year, month, day in days:
        with suppress(ValueError):
            yield date(int(year), int(month), int(day)).isoformat()
    for found in _MONTH_IN_URL.finditer(path):
        named = find_date(f"{found[3]} {found[2]} {found[1]}")
        if named is not None:
            yield named.value


def standing(line: str, found: DateFound) -> Literal["alone", "short", "prose"]:
    """How a date stands on its line: with little else, with a name and a section, in a sentence.

    >>> from phusa.dates import find_date
    >>> lines = "Thu Xuân, 1/5/2024", "May 1, 2024 10:30 a.m.", "Cầu thông xe ngày 1/5/2024."
    >>> [standing(line, find_date(line)) for line in lines]
    ['alone', 'alone', 'prose']
    """
    sentence = line.endswith((".", ";")) and not line.endswith(("m.", "μ."))  # 10:30 a.m.
    if sentence or found.other_letters > SHORT_LETTERS:
        return "prose"
    return "alone" if found.other_letters <= OWN_LETTERS else "short"


def _latest(changes: Iterable[Candidate], published: Published | None) -> Published | None:
    """The date of the last change, where it is of a later day than that of publication."""
    later = [
        one
        for one in changes
        if one.points > 0 and (published is None or is_later(one.date.value, published.value))
    ]
    best = max(later, key=lambda one: (one.points, one.date.value), default=None)
    return best.date if best is not None else None


def is_later(changed: str, published: str) -> bool:
    """Whether a date is of a later day, and not before the other in another zone.

    >>> is_later("2024-05-02T03:00:00Z", "2024-05-01T23:30:00-05:00")
    False
    """
    if changed[:_DAY] <= published[:_DAY]:
        return False
    one, other = _moment(changed), _moment(published)
    return one is None or other is None or one > other


def _moment(value: str) -> datetime | None:
    """The moment of a date that has its zone."""
    moment = datetime.fromisoformat(value) if len(value) > _DAY else None
    return moment if moment is not None and moment.tzinfo is not None else None


def _by_change(changed: Published) -> Published:
    """The date of publication that a date of change tells: on that day or before."""
    value = changed.value[:_DAY]
    precision = changed.precision if len(value) < _DAY else "day"
    bound = last_day(value)
    return Published(
        value, precision, changed.evidence, CHANGE_DATE.code, inferred=True, not_after=bound
    )
