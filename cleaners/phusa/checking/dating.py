"""Dates that a row or a record states, against one another, today and the address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from phusa.candidates import in_address
from phusa.checking.rules import BEFORE_WEB, DATE_AGAINST_URL, FUTURE_DATE, UNREADABLE_DATE
from phusa.findings import Finding
from phusa.places.units import days
from phusa.quality.privacy import masked

FIRST_DAY = date(1991, 8, 6)
"""The day the World Wide Web was announced, and pages were there for anybody."""
ZONE_DAYS = 1
"""Where the day begins earlier than where it is looked from."""
MAX_DAYS_OFF = 7
"""Between a date and the one in the address. On the development pages that have both, 81 of 83 are
at most one day apart; in the other two the address names the day of what the page is about, 11 and
29 days off."""
MAX_SHOWN_CHARS, MAX_READ_CHARS = 40, 1_000

_DAY = len("2024-05-01")


class Days(NamedTuple):
    """The first and the last day that a date may be of, as ordinals."""

    first: int
    last: int


def days_of(value: str | None) -> Days | None:
    """The days of a date in ISO 8601, cut to its precision; None for all else.

    >>> days_of("2024-02-29T08:30:00+07:00") == days_of("2024-02-29"), days_of("2025-02-29")
    (True, None)
    >>> found = days_of("2024-02")
    >>> found.last - found.first + 1, days_of("02/2024")
    (29, None)
    """
    if not value:
        return None
    try:
        if len(value) > _DAY:
            datetime.fromisoformat(value)
        return Days(*days(value[:_DAY]))
    except ValueError:
        return None


def stated_dates(
    values: Mapping[str, str | None], url: str | None, today: date
) -> Iterator[tuple[str, Finding]]:
    """Find what is wrong with stated dates, given by JSON pointer, and say of which.

    The one whose pointer ends with `fetched_at` must be a day in ISO 8601; others are passed over
    where they are not. It bounds them all, and so does `today`. Those of publication are compared
    with the day in the address: all but that one, and what is below `modified`.

    >>> values = {"/fetched_at": "2025-03-02", "/published": "2052-03-01"}
    >>> [(at, found.message) for at, found in stated_dates(values, None, date(2025, 6, 1))]
    [('/published', '2052-03-01 is after the fetch of 2025-03-02')]
    """
    fetched = next((v for at, v in values.items() if _is_of_fetch(at)), None)
    bound, why = _bound(fetched, today)
    for pointer, value in values.items():
        known = days_of(value)
        of_fetch = _is_of_fetch(pointer)
        if value and of_fetch and (known is None or len(value) < _DAY):
            shown = masked(value[:MAX_READ_CHARS])[:MAX_SHOWN_CHARS]
            message = f"{shown!r} is no day in ISO 8601"
            yield pointer, Finding(UNREADABLE_DATE.code, 0, 0, message)
        elif value and known:
            latest, said = (today.toordinal(), f"today, {today}") if of_fetch else (bound, why)
            if known.last < FIRST_DAY.toordinal():
                yield pointer, Finding(BEFORE_WEB.code, 0, 0, f"{value[:_DAY]} is before the web")
            elif known.first > latest + ZONE_DAYS:
                message = f"{value[:_DAY]} is after {said}"
                yield pointer, Finding(FUTURE_DATE.code, 0, 0, message)
            elif not of_fetch and not pointer.startswith("/modified"):
                yield from _against_url(pointer, value[:_DAY], known, url)


def _is_of_fetch(pointer: str) -> bool:
    return pointer.endswith("/fetched_at")


def _bound(fetched: str | None, today: date) -> tuple[int, str]:
    """The last day that an article can be of, and what day that is: of the fetch, if it can be."""
    known, last = days_of(fetched), today.toordinal()
    if known is not None and FIRST_DAY.toordinal() <= known.first == known.last <= last + ZONE_DAYS:
        return known.last, f"the fetch of {date.fromordinal(known.last)}"
    return last, f"today, {today}"


def _against_url(
    pointer: str, value: str, known: Days, url: str | None
) -> Iterator[tuple[str, Finding]]:
    """Whether a date is far from every day in the address."""
    stated = [one.date.value for one in in_address(url)]
    offs = [max(known.first - day, day - known.last, 0) for day in map(_ordinal, stated)]
    if offs and min(offs) > MAX_DAYS_OFF:
        nearest = stated[offs.index(min(offs))]
        message = f"{value}, and the address says {nearest}"
        yield pointer, Finding(DATE_AGAINST_URL.code, 0, 0, message)


def _ordinal(day: str) -> int:
    return date.fromisoformat(day[:_DAY]).toordinal()
