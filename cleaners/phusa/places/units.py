"""A unit of Vietnam's administration, as it was in one span of time."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

SNAPSHOTS = ("2019-05-10", "2022-09-17", "2025-06-30", "2025-07-01")
"""The days of the lists of units that the gazetteer is made from."""
AS_OF = SNAPSHOTS[-1]
"""The day whose units are those of today."""

_ISO = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")

Level = Literal["province", "district", "ward"]
Bracket = tuple[str | None, str | None]
"""A day that is not known exactly: not before and not after which ISO day; None where unknown."""
On = str | date
"""When something was: an ISO day (`2020-06-18`), month or year, or a date; its hour is left out."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit from the day it began to the day it ended, with one name, kind and parents.

    `name` is bare ("An Lưu"), `kind` in small letters ("phường"). `district` and `province` are
    the codes of the units it lies in, None for the unit itself and for districts since 2025-07-01.

    Lists of units tell of single days, so `since` and `until`, the first day and the first day
    after the last, are brackets. `since` is (None, day) for what the oldest list has, and `until`
    is (None, None) for what exists.
    """

    level: Level
    code: str
    kind: str
    name: str
    district: str | None
    province: str | None
    since: Bracket
    until: Bracket
    row: int = field(repr=False)
    """Its number in the table."""

    @property
    def full_name(self) -> str:
        """The name with the kind before it: "Phường An Lưu"."""
        return f"{self.kind[0].upper()}{self.kind[1:]} {self.name}"

    def exists(self, on: On | None, early: int = 0, late: int = 0) -> bool:
        """Whether the unit may have existed on a day, or on one of the days of a month or a year.

        `on` is a date, or an ISO day, month or year; None is any time. `early` and `late` are how
        many days before its first and after its last day it counts too. Within a bracket both the
        old unit and the new one may exist. Raises ValueError where `on` is no day.
        """
        if on is None:
            return True
        first, last = days(on)
        begins, ends = self.since[0], self.until[1]
        return (begins is None or last >= date.fromisoformat(begins).toordinal() - early) and (
            ends is None or first < date.fromisoformat(ends).toordinal() + late
        )


class Successor(NamedTuple):
    """A unit that another became; `part` where it took only a part of it, no ward as a whole."""

    unit: Unit
    part: bool


class Predecessor(NamedTuple):
    """A unit that another came from; `part` where only a part of it went there."""

    unit: Unit
    part: bool


def days(on: On) -> tuple[int, int]:
    """The first and the last day of an ISO day, month or year or of a date, as ordinals.

    Raises ValueError for any other text, TypeError for what is none.

    >>> first, last = days("2024-02")
    >>> date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()
    ('2024-02-01', '2024-02-29')
    """
    if isinstance(on, date):
        return on.toordinal(), on.toordinal()
    if not isinstance(on, str):
        raise TypeError(f"{on!r}: no ISO day, month or year")
    try:
        first = date.fromisoformat(f"{on}-01-01"[:10]) if _ISO.fullmatch(on) else None
    except ValueError:
        first = None
    if first is None:
        raise ValueError(f"{on}: no ISO day, month or year")
    of_month = monthrange(first.year, first.month)[1]
    length = {4: 365 + isleap(first.year), 7: of_month, 10: 1}[len(on)]
    return first.toordinal(), first.toordinal() + length - 1
