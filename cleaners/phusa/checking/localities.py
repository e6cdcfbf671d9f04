"""Localities of records against the gazetteer: whether their units were there on their day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from phusa.checking.dating import days_of
from phusa.checking.rules import PLACE_OF_ANOTHER_TIME
from phusa.findings import Finding
from phusa.metadata.eras import EARLY_DAYS, LATE_DAYS
from phusa.metadata.locality import COUNTRY
from phusa.places import SNAPSHOTS, Unit, history
from phusa.places.names import readings
from phusa.places.table import table
from phusa.quality.privacy import masked

MAX_SHOWN_CHARS, MAX_READ_CHARS = 60, 1_000
_DAY = len("2024-05-01")


class _When(NamedTuple):
    """The time of a record: an ISO day, month or year, else None and the last day it can be of."""

    on: str | None
    latest: str

    def has(self, unit: Unit, early: int = 0, late: int = 0) -> bool:
        """Whether a unit was there; a record without a date is of any time up to its last day."""
        if self.on is not None:
            return unit.exists(self.on, early, late)
        return (unit.since[0] or "") <= self.latest

    @property
    def is_listed(self) -> bool:
        """Whether the lists of units tell of that time."""
        return self.on is None or self.on >= SNAPSHOTS[0][: len(self.on)]


def misplaced(record: Mapping[str, Any], today: date) -> Iterator[tuple[str, Finding]]:
    """Find units of Vietnam in a record that were not there on its day, by JSON pointer.

    Only units with a code are looked up. The day is that of publication; an article without one is
    of any time up to its fetch, or `today`. What a masthead was called is given the time that
    mastheads lag; what the place of an article was called is known to the day.

    >>> unit = {"level": "ward", "code": "10675", "name": "Phường Kinh Môn"}
    >>> record = {"locality": {"country": "VN", "then": [unit]}, "publisher": None}
    >>> record |= {"published": {"value": "2024-05-17"}, "source": {"fetched_at": None}}
    >>> [(at, found.message) for at, found in misplaced(record, date(2025, 9, 1))]
    [('/locality/then/0', '10675 Phường Kinh Môn is of 2025-07-01 and later')]
    """
    publisher = record["publisher"]
    at_publisher = publisher and publisher["locality"]
    if not record["locality"] and not at_publisher:
        return
    published, fetched_at = record["published"], record["source"]["fetched_at"]
    known = published and days_of(published["value"]) is not None
    latest = fetched_at[:_DAY] if days_of(fetched_at) else today.isoformat()
    when = _When(published["value"][:_DAY] if known else None, latest)
    yield from _in_place(record["locality"], "/locality", when)
    yield from _in_place(at_publisher, "/publisher/locality", when, EARLY_DAYS, LATE_DAYS)


def _in_place(
    place: Mapping[str, Any] | None, pointer: str, when: _When, early: int = 0, late: int = 0
) -> Iterator[tuple[str, Finding]]:
    if not place or place["country"] != COUNTRY:
        return
    for i, unit in enumerate(place["then"]):
        code, name = unit["code"], unit["name"]
        if code is None or any(when.has(u, early, late) for u in _meant(code, unit["level"], name)):
            continue
        why = _why(code, unit["level"], name, when)
        if why is not None:
            message = f"{masked(f'{code} {name}'[:MAX_READ_CHARS])[:MAX_SHOWN_CHARS]} {why}"
            yield f"{pointer}/then/{i}", Finding(PLACE_OF_ANOTHER_TIME.code, 0, 0, message)


@lru_cache(maxsize=5_000)
def _meant(code: str, level: str, name: str) -> tuple[Unit, ...]:
    """The units of a code and level that are called so, with their kind or without."""
    ways = readings(name)
    return tuple(
        unit
        for unit in history(code)
        if unit.level == level
        and any(
            kind in (None, unit.kind) and unit.row in table().rows_called(bare)
            for kind, bare in ways
        )
    )


def _why(code: str, level: str, name: str, when: _When) -> str | None:
    """What is wrong with a unit that was not there, said behind its code and name.

    None where the lists do not go back to its time, and have no such unit.
    """
    coded = history(code)
    if coded and all(unit.level != level for unit in coded):
        return f"is no {level}: the code is that of a {coded[0].level}"
    named = _meant(code, level, name)
    if named:
        return "is of " + " or ".join(map(_time, named))
    if not when.is_listed:
        return None
    if not coded:
        return f"is in no list of units since {SNAPSHOTS[0]}"
    there = [unit for unit in coded if when.has(unit)] or coded
    told = ", ".join(f"{unit.full_name} ({_time(unit)})" for unit in there)
    return f"is in no list of units; of that code is {told}"


def _time(unit: Unit) -> str:
    """When a unit was there, at most.

    >>> [_time(unit) for unit in history("10675")]
    ['2019-10-31 and earlier', '2019-11-01 to 2025-06-30', '2025-07-01 and later']
    """
    first, ends = unit.since[0], unit.until[1]
    last = str(date.fromisoformat(ends) - timedelta(1)) if ends else None
    if first and last:
        return f"{first} to {last}"
    if first or last:
        return f"{first} and later" if first else f"{last} and earlier"
    return "all times"
