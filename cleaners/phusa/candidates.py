"""The dates that may be an article's, each with its points: which are taken, and as what.

Where the dates stood gives them their points: in the markup of a page, or in the lines of a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from phusa.cues import Cue
from phusa.dates import DateFound, last_day
from phusa.facts import Published
from phusa.findings import Rule

CHANGE_DATE = Rule(
    "MET105",
    "change-date",
    "The date of publication is not known, only that of the last change.",
    """The page says when it was changed and nowhere when it appeared. What is read is what stands
there since that day, so the day is given, marked as `inferred` and as the last day that the date of
publication can be (`not_after`).""",
)
RULES = (CHANGE_DATE,)

Source = Literal["head", "address", "item", "time", "line"]

OWN_LETTERS, SHORT_LETTERS = 25, 60
"""Letters beside a date that has its line to itself; a name and a section, but no sentence."""

_DAY = len("2024-05-01")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date that may be an article's, with its points and what is said before it.

    Two dates that agree strengthen each other only where they are from different sources. `own`
    dates stand beside the title of an HTML page, or are said to be those of publication.
    """

    date: Published
    points: int
    source: Source = "line"
    said: Cue = ""
    own: bool = False


Best = Callable[[Sequence[Candidate]], Published | None]
"""Chooses a date of publication among candidates."""


def settle(
    found: Sequence[Candidate], best: Best, otherwise: Published | None = None
) -> tuple[Published | None, Published | None]:
    """The dates of publication and of the last change.

    What is said to be of a change is never the date of publication. What may be either is that of
    a change where another one is that of publication. `otherwise` is the date of publication where
    no candidate is; a page that only says when it was changed was published by then.

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
    if published is None and changed is not None:
        published = _by_change(changed)
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


def standing(line: str, found: DateFound) -> Literal["alone", "short", "prose"]:
    """How a date stands on its line: with little else, with a name and a section, in a sentence.

    >>> from phusa.dates import find_date
    >>> lines = "Thu Xuân, 1/5/2024", "May 1, 2024 10:30 a.m.", "Cầu thông xe ngày 1/5/2024."
    >>> [standing(line, find_date(line)) for line in lines]
    ['alone', 'alone', 'prose']
    """
    sentence = line.endswith(".") and not line.endswith("m.")  # 10:30 a.m.
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
