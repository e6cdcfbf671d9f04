"""Dates as they are written: the scanner that finds them in a text.

It says what is a date and how precise, not whose date it is: that is asked by the stages that know
where the text stood. Days come before months where both are numbers, but where the caller knows
better.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from phusa import languages
from phusa.hosts import host

DayOrder = Literal["DMY", "MDY", ""]
"""How dates of three numbers are read that do not start with the year; empty where unknown."""

LAST_SHORT_YEAR = 49
"""Years of two digits are those of 1990 to 2049."""
MONTH_FIRST = frozenset("AS FM GU MH MP PH PR PW US VI".split())
"""Countries that write the month before the day (CLDR, short dates of English locales)."""
DAY_FIRST_DOMAINS = frozenset("au eu ie in ke my ng nz pk sg uk za".split())
YEAR = "(?:19|20)[0-9][0-9]"
"""The pattern of the years that are looked for."""
FILLED = frozenset({"00:00", "00:00:00", "12:00:00"})
"""Clock times that content systems fill in where nobody gave one, in any zone."""

AFTERNOON = frozenset("PCΜ")
"""How *pm* starts, in capitals: in English, Vietnamese (*chiều*), and Greek."""

_HAS_YEAR = re.compile(YEAR)
_CLOCK = (
    r"(?P<hour>[01]?[0-9]|2[0-3])(?:\s?[:h]\s?|g|\sgiờ\s)(?P<minute>[0-5][0-9])"
    r"(?::(?P<second>[0-5][0-9]))?(?!\d)"
    r"(?:\.\d{1,9})?(?P<zone>Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
    r"(?:\s?(?P<half>(?:[AP]\.?\s?M|SA|CH|[μπ]\.?\s?μ)\b))?"
)
_TIME = re.compile(rf"(?<![\d:+])(?<!GMT-)(?<!UTC-){_CLOCK}", re.IGNORECASE)
"""A clock time; what follows the sign of a zone is none."""
_WORD = r"[^\W\d_]{2,12}"
_NUMBERED = r"[0-9]{1,2}|[^\W\d_]{2,5}(?:\s(?:một|hai))?"
"""What stands behind *tháng*: the number of a month, in a numeral or in words."""
_DATE = re.compile(
    r"(?<![\d/.,-])(?:"
    rf"(?P<y0>{YEAR})(?P<s0>[-/.])(?P<m0>[0-9]{{1,2}})(?P=s0)(?P<d0>[0-9]{{1,2}})(?=T\d\d:|(?![\d/.-]\d|\d))"
    rf"|(?P<d1>[0-9]{{1,2}})(?P<s1>[-/.])(?P<m1>[0-9]{{1,2}})(?P=s1)(?P<y1>{YEAR})(?![\d/.-]\d|\d)"
    rf"|(?P<y5>{YEAR})\s?[年년]\s?(?P<m5>[0-9]{{1,2}})\s?[月월]\s?(?P<d5>[0-9]{{1,2}})\s?[日일]"
    rf"|(?P<d2>[0-9]{{1,2}})\s(?:tháng\s|th\.?\s?(?=[0-9]))(?P<m2>{_NUMBERED}),?\s(?:năm\s)?(?P<y2>{YEAR})(?!\d)"
    rf"|\b(?:tháng\s|th\.?\s?(?=[0-9]))(?P<m6>{_NUMBERED}),?\s(?P<d6>[0-9]{{1,2}}),\s(?P<y6>{YEAR})(?!\d)"
    rf"|(?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th|er|η|ης|º|\.)?(?:\s(?:de\s|of\s)?|-)(?P<m3>{_WORD})"
    rf"(?:\.,?|,|\sdel?)?[\s-](?P<y3>{YEAR})(?!\d)"
    rf"|\b(?P<m4>{_WORD})\.?\s(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y4>{YEAR})(?!\d)"
    r")",
    re.IGNORECASE,
)
"""Full dates in numbers, in Vietnamese words, and with a word between that may name a month."""
_SHORT = re.compile(
    r"(?<![\d/.,:-])(?P<first>[0-9]{1,2})(?P<mark>[/.-])(?P<second>[0-9]{1,2})(?P=mark)"
    r"(?P<year>[0-9]{2})(?![\d/.:-]?\d|%)"
)
_SPACED = re.compile(
    r"(?<![\d/.,:-])(?P<first>[0-9]{1,2})\s(?P<mark>[/-])\s(?P<second>[0-9]{1,2})\s(?P=mark)"
    rf"\s(?P<year>{YEAR})(?!\s?[\d/-])"
)
_MONTH = re.compile(
    r"(?<![\d/.,-])(?:"
    rf"tháng\s(?P<m0>[0-9]{{1,2}})\s?(?:[/-]\s?|,?\snăm\s)(?P<y0>{YEAR})(?![\d/-])"
    rf"|(?P<y1>{YEAR})\s?[年년]\s?(?P<m1>[0-9]{{1,2}})\s?[月월](?!\s?[0-9])"
    rf"|\b(?P<m2>{_WORD})\.?,?\s(?:del?\s)?(?P<y2>{YEAR})(?!\d)"
    r")",
    re.IGNORECASE,
)
"""Months with their year: `tháng 3/2020`, `2020年3月`, and a word that may name one."""
_DAY_BEFORE = re.compile(r"[0-9][^\W\d_º.]{0,2}[º.]?\s(?:de\s|of\s)?$")
_CORPUS_DATE = re.compile(rf"date (?P<year>{YEAR})-(?P<month>\d\d)(?:-(?P<day>\d\d))?")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date in a text: ISO 8601 cut to its precision, the place of the day, month and year in the
    text, whether a clock time was given, and the letters of the text that are not part of it.
    """

    value: str
    precision: str
    start: int
    end: int
    timed: bool
    other_letters: int


class MonthFound(NamedTuple):
    """A month with its year in a text: `2020-03`, and where it stands."""

    value: str
    start: int
    end: int


def find_date(text: str, order: DayOrder = "DMY") -> DateFound | None:
    """The first full date of a text, with the clock time that stands beside it.

    `order` says how to read 3/4/2021; where it is empty, such a date is passed over unless only one
    order makes a date of it. Dots stand in dates that start with the day, whatever the order.

    Noon and midnight to the second are what content systems fill in where nobody gave a time, so
    they do not count as one.

    >>> find_date("Bạch Băng 15/08/2025 10:11").value
    '2025-08-15T10:11'
    >>> find_date("22/06/2023 12:00:00").value
    '2023-06-22'
    >>> [find_date(text) for text in ("14/3/1948-14/3/2023", "hai ngày 18, 19/3")]
    [None, None]
    >>> [find_date("3/4/2021", order).value for order in ("DMY", "MDY")], find_date("3/4/2021", "")
    (['2021-04-03', '2021-03-04'], None)
    """
    return next(_all(text, order), None)


def find_dates(text: str, order: DayOrder = "DMY") -> list[DateFound]:
    """All full dates of a text, each with its clock time.

    Where a time stands before the first date, all stand before theirs; else one behind the last
    says that all stand behind. Where neither is there, a time is that of the date it is nearer to.

    >>> [found.value for found in find_dates("01/05/2024 08:30, sửa 03/05/2024 09:00")]
    ['2024-05-01T08:30', '2024-05-03T09:00']
    >>> [found.value for found in find_dates("08:30 01/05/2024 | 09:00 03/05/2024")]
    ['2024-05-01T08:30', '2024-05-03T09:00']
    """
    return list(_all(text, order))


def find_short_date(text: str, order: DayOrder = "DMY") -> DateFound | None:
    """The date of a text whose year has two digits, or that has blanks between its numbers.

    None where there are two such, or two readings. Such numbers are often no date: it is for the
    caller to know that one must be here.

    >>> find_short_date("Wien, 31.10.23").value, find_short_date("3/15/19", "MDY").value
    ('2023-10-31', '2019-03-15')
    >>> find_short_date("Phiên bản 2.0.19"), find_short_date("05/06/07", "")
    (None, None)
    """
    found = chain(_SHORT.finditer(text), _SPACED.finditer(text)) if len(text) < 1_000 else ()
    matches = list(found)
    if len(matches) != 1:
        return None
    match = matches[0]
    month, day = match["second"], match["first"]
    if match["mark"] != ".":
        month, day = _ordered(day, month, order)
    year = int(match["year"])
    if LAST_SHORT_YEAR < year < 90:
        return None
    if year < 100:
        year += 2000 if year <= LAST_SHORT_YEAR else 1900
    value = _iso_day(year, int(month), int(day))
    return _found(text, match, value, (0, len(text)), _letters(text, matches)) if value else None


def find_months(text: str) -> Iterator[MonthFound]:
    """The months of a text that stand with their year and without a day.

    >>> [found.value for found in find_months("diễn ra trong tháng 3/2020, not in May 2021")]
    ['2020-03', '2021-05']
    >>> list(find_months("ngày 5 tháng 3 năm 2020, 5 May 2021"))
    []
    """
    for match in _MONTH.finditer(text):
        form = next(form for form in range(3) if match[f"y{form}"])
        number = _month(match[f"m{form}"])
        start, end = match.span()
        if 1 <= number <= 12 and not _DAY_BEFORE.search(text[max(0, start - 10) : start]):
            yield MonthFound(f"{match[f'y{form}']}-{number:02}", start, end)


def is_future(value: str, fetched_at: str | None) -> bool:
    """Whether a date is after the day of the crawl (`fetched_at`, where that is ISO 8601).

    East of the crawler the next day begins earlier, which a time with its zone tells.

    >>> is_future("2024-05-02", "2024-05-01T09:00:00Z")
    True
    >>> is_future("2024-05-02T01:00:00+07:00", "2024-05-01T20:00:00Z")
    False
    """
    fetched = re.match(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", fetched_at or "")
    if fetched is None or value[: len(fetched[0])] <= fetched[0][: len(value)]:
        return False
    if len(value) <= len("2024-05-01T10:00:00"):
        return True
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return moment.date() > date.fromisoformat(fetched[0])
    except (ValueError, OverflowError):
        return True


def day_order(language: str | None, url: str | None) -> DayOrder:
    """The order of day and month in a page of a language (BCP 47) under an address.

    English without a country is written in both orders.

    >>> day_order("en-US", None), day_order("de", None), day_order("en", "https://a.example/")
    ('MDY', 'DMY', '')
    """
    code, _, rest = (language or "en").partition("-")
    if code != "en":
        return "DMY"
    if rest:
        return "MDY" if rest[-2:] in MONTH_FIRST else "DMY"
    return "DMY" if host(url).rpartition(".")[2] in DAY_FIRST_DOMAINS else ""


def corpus_date(text: str, at: int = 0) -> tuple[re.Match[str], str, str] | None:
    """The date that some corpora put before a document, `date 2024-02`: match, value, precision.

    It stands at `at`.

    >>> corpus_date("date 2024-02 Những thành tựu")[1:]
    ('2024-02', 'month')
    """
    match = _CORPUS_DATE.match(text, at)
    if match is None:
        return None
    day = _iso_day(int(match["year"]), int(match["month"]), int(match["day"] or 1))
    if day is None:
        return None
    return match, match[0].removeprefix("date "), "day" if match["day"] else "month"


def without_times(text: str) -> str:
    """The text without its clock times.

    >>> without_times("Lê Hoa | 08:30")
    'Lê Hoa | '
    """
    return _TIME.sub("", text)


def at(day: str, clock: str, zone: str = "") -> tuple[str, str]:
    """A day with its clock time and zone as one value, and its precision.

    >>> at("2024-05-01", "08:30", "+07:00"), at("2024-05-01", "00:00:00", "Z")
    (('2024-05-01T08:30+07:00', 'minute'), ('2024-05-01', 'day'))
    """
    if not clock or clock in FILLED:
        return day, "day"
    return f"{day}T{clock}{zone}", "second" if len(clock) > len("10:00") else "minute"


def last_day(value: str) -> str:
    """The last day of a day, a month or a year.

    >>> last_day("2024-02"), last_day("2023")
    ('2024-02-29', '2023-12-31')
    """
    year, month = int(value[:4]), int(value[5:7] or 12)
    return value[:10] if value[8:] else f"{year}-{month:02}-{calendar.monthrange(year, month)[1]}"


def _days(text: str, order: DayOrder) -> Iterator[tuple[re.Match[str], str]]:
    """The full dates of a text and the days they name."""
    if not _HAS_YEAR.search(text):
        return
    for match in _DATE.finditer(text):
        day = _day_of(match, order)
        if day is not None:
            yield match, day


def _all(text: str, order: DayOrder) -> Iterator[DateFound]:
    days = list(_days(text, order))
    if not days:
        return
    matches = [match for match, _ in days]
    letters = _letters(text, matches)
    for (match, day), part in zip(days, _parts(text, matches), strict=True):
        yield _found(text, match, day, part, letters)


def _letters(text: str, matches: Sequence[re.Match[str]]) -> int:
    """How many letters of a text are not of its dates and clock times."""
    starts = 0, *(match.end() for match in matches)
    ends = *(match.start() for match in matches), len(text)
    beside = " ".join(text[start:end] for start, end in zip(starts, ends, strict=True))
    return len(_LETTER.findall(without_times(beside)))


def _parts(text: str, days: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    """For each date, from where to where its clock time is looked for."""
    if len(days) < 2:
        return [(0, len(text))] * len(days)
    first, last = days[0], days[-1]
    before = _TIME.search(text, 0, first.start()) is not None
    behind = _TIME.search(text, last.end()) is not None
    bounds = [0 if before else first.start()]
    for one, other in pairwise(days):
        gap = one.end(), other.start()
        bounds.append(gap[not before] if before or behind else _nearer(text, *gap))
    return list(pairwise([*bounds, len(text)]))


def _nearer(text: str, start: int, end: int) -> int:
    """Where between two dates the clock times of the second one start."""
    times = list(_TIME.finditer(text, start, end))
    if times and (len(times) > 1 or times[0].start() - start > end - times[0].end()):
        return times[-1].start()
    return end


def _found(
    text: str, match: re.Match[str], day: str, part: tuple[int, int], letters: int
) -> DateFound:
    """A date with the clock time that stands in its part of the text.

    A time behind words such as *updated* is that of a change, which has its own day.
    """
    start, end = part
    time = _TIME.search(text, start, match.start())
    if time is None:
        time = _TIME.search(text, match.end(), end)
        if time is not None and _changed().search(text[match.end() : time.start()].lower()):
            time = None
    value, precision = at(day, *_clock(time)) if time is not None else (day, "day")
    return DateFound(value, precision, *match.span(), time is not None, letters)


@cache
def _changed() -> re.Pattern[str]:
    words = languages.dates()
    said = "|".join(map(re.escape, (*words.changed, *words.either)))
    return re.compile(rf"(?<!\w)(?:{said})(?!\w)")


def _clock(time: re.Match[str]) -> tuple[str, str]:
    """The clock time in 24 hours, and its zone."""
    hour = int(time["hour"])
    half = (time["half"] or "").upper()[:1]
    if half:
        hour = hour % 12 + 12 * (half in AFTERNOON) if hour <= 12 else hour
    second = f":{time['second']}" if time["second"] else ""
    return f"{hour:02}:{time['minute']}{second}", time["zone"] or ""


def _day_of(match: re.Match[str], order: DayOrder) -> str | None:
    """The day a date names, if there is such a day."""
    groups = match.groupdict()
    form = next(form for form in range(7) if groups[f"y{form}"])
    year, month, day = (groups[f"{part}{form}"] for part in "ymd")
    if form in (2, 6) and not month.isdecimal():
        month = f"tháng {month}"
    if match["y1"] and match["s1"] != ".":
        month, day = _ordered(day, month, order)
    return _iso_day(int(year), _month(month), int(day))


def _month(name: str) -> int:
    """The number of a month that is given as a number or by its name; 0 for no month."""
    return int(name) if name.isdecimal() else languages.dates().months.get(name.lower(), 0)


def _iso_day(year: int, month: int, day: int) -> str | None:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year}-{month:02}-{day:02}"


def _ordered(first: str, second: str, order: DayOrder) -> tuple[str, str]:
    """Month and day of two numbers; where the order is not known, as far as they tell it."""
    if order == "DMY" or (not order and (int(first) > 12 or first == second)):
        return second, first
    return (first, second) if order or int(second) > 12 else ("0", "0")
