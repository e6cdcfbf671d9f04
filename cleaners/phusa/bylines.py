"""Dates and names as they stand on a line: datelines and bylines.

The chrome stage asks whether a line is one, the metadata stage what it says. Days come before
months where both are numbers, but where the caller knows better.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from phusa import languages

DayOrder = Literal["DMY", "MDY", ""]
"""How dates of three numbers are read that do not start with the year; empty where unknown."""

MAX_NAME_CHARS = 40
MAX_BYLINE_CHARS = 80

_YEAR = "(?:19|20)[0-9][0-9]"
_CLOCK = (
    r"(?P<hour>[01]?[0-9]|2[0-3])(?:\s?[:h]\s?|g)(?P<minute>[0-5][0-9])"
    r"(?::(?P<second>[0-5][0-9]))?(?!\d)"
    r"(?:\.\d{1,9})?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
    r"(?:\s?(?P<half>AM|PM|SA|CH)\b)?"
)
_TIME = re.compile(rf"(?<![\d:]){_CLOCK}", re.IGNORECASE)
_WORD = r"[^\W\d_]{2,12}"
_DATE = re.compile(
    r"(?<![\d/.,-])(?:"
    rf"(?P<y0>{_YEAR})(?P<s0>[-/.])(?P<m0>[0-9]{{1,2}})(?P=s0)(?P<d0>[0-9]{{1,2}})(?=T\d\d:|(?![\d/.-]\d|\d))"
    rf"|(?P<d1>[0-9]{{1,2}})(?P<s1>[-/.])(?P<m1>[0-9]{{1,2}})(?P=s1)(?P<y1>{_YEAR})(?![\d/.-]\d|\d)"
    rf"|(?P<y5>{_YEAR})\s?[年년]\s?(?P<m5>[0-9]{{1,2}})\s?[月월]\s?(?P<d5>[0-9]{{1,2}})\s?[日일]"
    rf"|(?:ngày\s)?(?P<d2>[0-9]{{1,2}})\stháng\s(?P<m2>[0-9]{{1,2}}),?\s(?:năm\s)?(?P<y2>{_YEAR})(?!\d)"
    rf"|(?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:\s(?:de\s|of\s)?|-)(?P<m3>{_WORD})"
    rf"(?:\.,?|,|\sdel?)?[\s-](?P<y3>{_YEAR})(?!\d)"
    rf"|\b(?P<m4>{_WORD})\.?\s(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y4>{_YEAR})(?!\d)"
    r")",
    re.IGNORECASE,
)
"""Full dates in numbers, in Vietnamese words, and with a word between that may name a month."""
_CORPUS_DATE = re.compile(rf"date (?P<year>{_YEAR})-(?P<month>\d\d)(?:-(?P<day>\d\d))?")
_NAME = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]*)*")
_URL = re.compile(r"https?://\S{4,500}")
_LETTER = re.compile(r"[^\W\d_]")
_AGENCY = re.compile(r"\s?(?:\([^()]{2,20}\)|/[\w.]{2,20})\s*$")
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|\s[-–|]\s|\svà\s|\sand\s)\s*")


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
    if "20" not in text and "19" not in text:
        return None  # no year
    for match in _DATE.finditer(text):
        day = _day_of(match, order)
        if day is not None:
            break
    else:
        return None
    beside = f"{text[: match.start()]} {text[match.end() :]}"
    time = _TIME.search(beside)
    letters = len(_LETTER.findall(_TIME.sub("", beside)))
    value, precision = day, "day"
    if time is not None:
        clock = _clock(time)
        if clock not in ("00:00", "00:00:00", "12:00:00"):
            value, precision = f"{day}T{clock}", "second" if time["second"] else "minute"
    return DateFound(value, precision, *match.span(), time is not None, letters)


def corpus_date(text: str, at: int = 0) -> tuple[re.Match[str], str, str] | None:
    """The date that some corpora put before a document, `date 2024-02`: match, value, precision.

    It stands at `at`.

    >>> corpus_date("date 2024-02 Những thành tựu")[1:]
    ('2024-02', 'month')
    """
    match = _CORPUS_DATE.match(text, at)
    if match is None:
        return None
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"] or 1)
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return match, match[0].removeprefix("date "), "day" if match["day"] else "month"


def is_name(text: str) -> bool:
    """Whether a text looks like a person's name: two to five words, each with a capital.

    >>> is_name("Thu Xuân"), is_name("Trang chủ"), is_name("CHÍNH TRỊ")
    (True, False, False)
    """
    if len(text) > MAX_NAME_CHARS or text.isupper() or text.lower() in languages.cues().no_names:
        return False
    words = text.split()
    return 2 <= len(words) <= 5 and all(
        _NAME.fullmatch(word) and word[0].isupper() for word in words
    )


def is_byline(text: str) -> bool:
    """Whether a line names an author or a source.

    >>> [is_byline(line) for line in ("Theo Hồ Hương", "Bài, ảnh: Đức Hùng", "Theo quy định")]
    [True, True, False]
    """
    if len(text) > MAX_BYLINE_CHARS:
        return _URL.fullmatch(text) is not None
    cue = _cue().match(text)
    named = text[cue.end() :].strip(" .()") if cue else text
    if cue and ":" in cue[0] and named[:1].isupper() and len(named) <= MAX_NAME_CHARS:
        return True
    return _URL.fullmatch(text) is not None or bool(_people(named))


def names(text: str) -> list[str]:
    """The names on a byline, without cues, dates and times.

    >>> names("Nguyên Minh - 07/03/2026 08:47"), names("Bài, ảnh: Đức Hùng, Thu Xuân")
    (['Nguyên Minh'], ['Đức Hùng', 'Thu Xuân'])
    """
    found = find_date(text)
    if found is not None:
        text = _TIME.sub("", f"{text[: found.start]} | {text[found.end :]}")
    cue = _cue().match(text)
    if cue is not None:
        if cue["source"]:
            return []
        text = text[cue.end() :]
    return [part for part in _parts(text) if is_name(part)]


def _people(text: str) -> list[str]:
    """The names in a text that is nothing but names."""
    parts = _parts(text)
    return parts if all(map(is_name, parts)) else []


def _parts(text: str) -> list[str]:
    """What stands between the commas, dashes and ands of a text, without agencies behind names."""
    parts = (part.strip(" |-–.()") for part in _BETWEEN_NAMES.split(f" {_AGENCY.sub('', text)} "))
    return [" ".join(part.split()) for part in parts if part]


def _clock(time: re.Match[str]) -> str:
    hour = int(time["hour"])
    half = (time["half"] or "").upper()
    if half:
        hour = hour % 12 + 12 * (half in ("PM", "CH")) if hour <= 12 else hour
    second = f":{time['second']}" if time["second"] else ""
    return f"{hour:02}:{time['minute']}{second}{time['zone'] or ''}"


def _day_of(match: re.Match[str], order: DayOrder) -> str | None:
    """The day a date names, if there is such a day."""
    groups = match.groupdict()
    year, month, day = next(
        (groups[f"y{form}"], groups[f"m{form}"], groups[f"d{form}"])
        for form in range(6)
        if groups[f"y{form}"]
    )
    if match["y1"] and match["s1"] != ".":
        month, day = _ordered(day, month, order)
    named = languages.cues().months.get(month.lower())
    number = int(month) if month.isdecimal() else named or 0
    if not 1 <= number <= 12 or not 1 <= int(day) <= calendar.monthrange(int(year), number)[1]:
        return None
    return f"{year}-{number:02}-{int(day):02}"


def _ordered(first: str, second: str, order: DayOrder) -> tuple[str, str]:
    """Month and day of two numbers; where the order is not known, as far as they tell it."""
    if order == "DMY" or (not order and (int(first) > 12 or first == second)):
        return second, first
    return (first, second) if order or int(second) > 12 else ("0", "0")


@cache
def _cue() -> re.Pattern[str]:
    """A byline cue at the start of a line, with the colon or blank after it."""

    def either(words: tuple[str, ...]) -> str:
        return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))

    source, byline = either(languages.cues().source), either(languages.cues().byline)
    return re.compile(rf"[(]?(?:(?P<source>{source})|{byline})(?:\s?:\s?|\s)", re.IGNORECASE)
