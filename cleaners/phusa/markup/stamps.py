"""Dates as machines write them into a page's head."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from phusa.dates import YEAR, DayOrder, at, find_date, is_future

FIRST_YEAR, LAST_YEAR = 1990, 2099
"""From the web on; an older date is a filler such as 1970-01-01, or what the article is about."""
MAX_STAMP_CHARS = 120
OF_CHANGE = re.compile("modif|updat|revis|reviewed|edited|changed")
OF_PUBLICATION = re.compile(
    "publi(?!sher|c(?![a-z]))|pub[-_]?date|issued|posted|entry-date|release"
)
"""Names of meta tags, items and classes that speak of a change, or of publication."""

_ISO = re.compile(
    r"(?P<year>[12][0-9]{3})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
    r"(?:(?:\s?T\s?|\s)(?P<clock>[0-2][0-9]:[0-5][0-9])(?P<second>:[0-5][0-9])?(?:[.,][0-9]{1,9})?"
    r"\s?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    rf"({YEAR})([01][0-9])([0-3][0-9])(?:T?([0-2][0-9])([0-5][0-9])([0-5][0-9])(Z?))?"
)
_UNIX_TIME = re.compile("([0-9]{10})(?:[0-9]{3})?")
_UNIX_DATE = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>[0-9]{1,2}) (?P<clock>[0-9:]{5,8})"
    r"(?: [A-Z]{3,4})? (?P<year>[0-9]{4})"
)
_CLOCK_OF_12 = re.compile("[0-9]:[0-9]{2}:[0-9]{2} ?[AP]M", re.IGNORECASE)
"""How servers set up in English write a time, in pages of any language: the month may go first."""
_GMT = re.compile(r"\b(?:GMT|UTC)(?! ?[+-])")


def read_stamp(text: str, order: DayOrder = "") -> tuple[str, str] | None:
    """A date out of a machine's hands as ISO 8601, cut to its precision, and that precision.

    Read are ISO 8601 and what comes near, RFC 822, `date`, Unix times in seconds or milliseconds,
    and dates as people write them (`order` as in `find_date`). The day stays the one that is
    stated; noon and midnight are what machines fill in, and count as the day alone.

    >>> read_stamp("2024-05-01T23:10:00.000+0700")
    ('2024-05-01T23:10:00+07:00', 'second')
    >>> read_stamp("Wed, 01 May 2024 10:00:00 GMT"), read_stamp("2024-05-01T00:00:00Z")
    (('2024-05-01T10:00:00Z', 'second'), ('2024-05-01', 'day'))
    """
    text = text.strip()
    if len(text) > MAX_STAMP_CHARS:
        return None
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return _iso(iso)
    compact = _COMPACT.fullmatch(text)
    if compact is not None:
        year, month, day, hour, minute, second, zone = compact.groups()
        clock = f"{hour}:{minute}:{second}" if hour else ""
        return _value(f"{year}-{month}-{day}", clock, zone or "")
    seconds = _UNIX_TIME.fullmatch(text)
    if seconds is not None:
        moment = datetime.fromtimestamp(int(seconds[1]), UTC)
        return _value(f"{moment:%Y-%m-%d}", f"{moment:%H:%M:%S}", "Z")
    unix = _UNIX_DATE.fullmatch(text)
    if unix is not None:
        text = f"{unix['day']} {unix['month']} {unix['year']} {unix['clock']}"
    return _written(text, order)


def is_beside(day: str, time: str) -> bool:
    """Whether a day is the one before or after that of a time in UTC: the same, in its place.

    >>> is_beside("2024-04-30", "2024-05-01T02:25:54Z"), is_beside("2024-04-30", "2024-05-01")
    (True, False)
    """
    if len(day) < len("2024-05-01") or not time.endswith(("Z", "+00:00")):
        return False
    return abs(date.fromisoformat(day[:10]) - date.fromisoformat(time[:10])).days == 1


def is_plausible(value: str, fetched_at: str | None) -> bool:
    """Whether an article can be of that date: not before the web, not after it was fetched.

    >>> is_plausible("1970-01-01", None), is_plausible("2024-05-02", "2024-05-01T09:00:00Z")
    (False, False)
    """
    return FIRST_YEAR <= int(value[:4]) <= LAST_YEAR and not is_future(value, fetched_at)


def _iso(iso: re.Match[str]) -> tuple[str, str] | None:
    if iso["day"]:
        clock = f"{iso['clock'] or ''}{iso['second'] or ''}"
        return _value(f"{iso['year']}-{iso['month']}-{iso['day']}", clock, iso["zone"] or "")
    if iso["clock"] or not 1 <= int(iso["month"] or 1) <= 12:
        return None
    return iso[0], "month" if iso["month"] else "year"


def _value(day: str, clock: str, zone: str) -> tuple[str, str] | None:
    """Day, clock time and zone as one value, if there is such a day."""
    try:
        date.fromisoformat(day)
    except ValueError:
        return None
    if clock > "23:59:59":
        return day, "day"
    if zone.upper() in ("Z", "UTC", "GMT"):
        zone = "Z"
    elif zone:
        digits = zone[1:].replace(":", "").ljust(4, "0")
        zone = f"{zone[0]}{digits[:2]}:{digits[2:]}" if _is_offset(digits) else ""
    return at(day, clock, zone)


def _is_offset(digits: str) -> bool:
    """Whether hours and minutes are those of a time zone."""
    return digits <= "1400" and digits[2:] < "60"


def _written(text: str, order: DayOrder) -> tuple[str, str] | None:
    """A date as people write it; noon and midnight are filled in here too."""
    found = find_date(text, "" if order == "DMY" and _CLOCK_OF_12.search(text) else order)
    if found is None:
        return None
    day, _, clock = found.value.partition("T")
    plain = re.match("[0-9:]*", clock)
    zone = clock[plain.end() :] if plain else ""
    return _value(day, plain[0] if plain else "", zone or ("Z" if _GMT.search(text) else ""))
