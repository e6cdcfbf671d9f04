"""Which units there were on a day, what they lay in, and what names they had."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from phusa.places import Unit, became, parents
from phusa.places.table import LEVELS, table
from phusa.places.units import days

EARLY_DAYS, LATE_DAYS = 60, 240
"""New names are in the papers before they hold, and old ones long after."""
LINGERING = 0.6
"""What a unit counts for that holds not yet, or no more but may still be named."""
USUAL_DAYS = ("2020-02-01", "2024-12-01")
"""About when most units changed between two lists: the decrees on the rearrangement of 2019 to 2021
mostly came into force from 2020-01-01 to 2020-03-01, those of 2023 to 2025 from 2024-09-01 to
2025-01-01 (the decrees of the standing committee of the National Assembly)."""

Identity = tuple[str, str]
"""Level and code: a unit before and after it got another kind or parents."""


class Above(NamedTuple):
    """A unit that another lies in: its names, folded, its level and code."""

    names: tuple[str, ...]
    level: str
    code: str


@lru_cache(maxsize=20_000)
def above_of(row: int) -> tuple[Above, ...]:
    """The units that a unit of the table lies in, the smallest first."""
    above = parents(table()[row])
    return tuple(Above(_names_of()[one.row], one.level, one.code) for one in above)


@cache
def _names_of() -> Mapping[int, tuple[str, ...]]:
    """The names of each province and district, the short and the older ones too."""
    units = table()
    found: dict[int, tuple[str, ...]] = {}
    for name, rows in units.rows_named.items():
        for row in rows:
            if LEVELS[len(units.columns.code[row])] != "ward":
                found[row] = (*found.get(row, ()), name)
    return found


@lru_cache(maxsize=20_000)
def holds(row: int, day: str | None) -> float:
    """How well a unit goes with a day: 1 on its days, less about them, 0 else."""
    unit = table()[row]
    if unit.exists(day):
        return 1.0
    return LINGERING if unit.exists(day, EARLY_DAYS, LATE_DAYS) else 0.0


@lru_cache(maxsize=20_000)
def days_off(row: int, day: str | None) -> int:
    """How far a day is from those of a unit, if it changed when most units of its time did."""
    if day is None:
        return 0
    unit = table()[row]
    first, last = days(day)
    begins, ends = (_usual(*bracket) for bracket in (unit.since, unit.until))
    return max(begins - last if begins else 0, first - ends + 1 if ends else 0, 0)


@lru_cache(maxsize=64)
def _usual(start: str | None, end: str | None) -> int | None:
    """The day on which most changes within a bracket came into force, as an ordinal."""
    if end is None or start is None:
        return None
    pivot = next((pivot for pivot in USUAL_DAYS if start <= pivot <= end), end)
    return days(pivot)[0]


def on_its_day(unit: Unit, day: str | None) -> Unit | None:
    """The unit that a unit is on a day: itself, the one it had become, or the province of several.

    >>> from phusa.places.lookup import by_name
    >>> on_its_day(by_name("Phường An Lưu")[0], "2025-08-15").full_name
    'Phường Kinh Môn'
    """
    if unit.exists(day):
        return unit
    successors = [now.unit for now in became(unit) if now.unit.exists(day)]
    if len(successors) == 1:
        return successors[0]
    above = {one.row: one for successor in successors for one in parents(successor)}
    return above.popitem()[1] if len(above) == 1 else None
