"""What is said of a date by the words around it: of publication, of a change, of something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal

from phusa import languages
from phusa.dates import DateFound, DayOrder, find_dates, find_short_date, without_times
from phusa.findings import Rule

LEAD_DATE = Rule(
    "MET104",
    "lead-date",
    "The publication date, read from the dateline that the first paragraph starts with.",
    """Agencies write place, day and their sign before the first sentence, with a dash behind:
`HÀ NỘI, 5/8/2022 (TTXVN) – …`. A date further inside a sentence is that of what it tells.""",
)
RULES = (LEAD_DATE,)

CUE_CHARS = 60
"""Of what stands before a date, as far back as its cue may stand."""
MAX_BETWEEN = 28
"""Characters between a cue and its date: a weekday, a clock time, `on`, a name."""
MAX_BETWEEN_DAYS = 50
"""Characters between the days of a range: a dash or a word, a weekday, clock times."""
MAX_FIRST_DAY = 40
"""Characters of the first day of a range that has its year at the end."""
MAX_BEFORE_LEAD = 60
"""Characters of place and agency before the date that a first paragraph starts with."""

MAX_MARK = 8
"""Characters of the mark of a list before the first word of its line."""
SOFT_HYPHEN = "\u00ad"

Cue = Literal["published", "changed", "either", "other", ""]
"""What is said before a date; empty where nothing is that the packs know."""

_PLACE_LINE_END = re.compile(r"\s?(?:\([^()]{2,30}\))?\s?[-–—|:]")
_COUNT = re.compile(r"[\s:]{0,3}[0-9][0-9.,]{0,12}\s?[|•·]")
"""The number that a counter shows, with a bar behind it: what stands then is something else."""
_DASH = "[-–—~～]"
_DAY_AND_MONTH = (
    r"(?:0?[1-9]|[12][0-9]|3[01])[/.](?:1[0-2]|0?[1-9])\.?"
    r"|(?:1[0-2]|0?[1-9])/(?:1[3-9]|2[0-9]|3[01])"
)


def cue(text: str, start: int, end: int) -> Cue:
    """What is said of the date that starts at `end`, by the words from `start` up to it.

    The word counts that stands last; it may be parted from the date by a weekday or `on`.

    >>> [cue(text, 0, text.index("1")) for text in ("Đăng lúc 1/5/2024", "Updated on May 1, 2024")]
    ['published', 'changed']
    >>> cue("Giấy phép số 20/GP-TTĐT cấp ngày 1/5/2024", 0, 33), cue("Hà Nội, 1/5/2024", 0, 8)
    ('other', '')
    """
    if _whole_line().match(text[: MAX_MARK + CUE_CHARS].lower()):
        return "other"
    start = max(start, end - CUE_CHARS)
    before = text[start:end].replace(SOFT_HYPHEN, "").lower()
    cues = [found for found in _cues().finditer(before) if _kinds()[found[0]]]
    if not cues or len(before) - cues[-1].end() > MAX_BETWEEN:
        return ""
    said = _kinds()[cues[-1][0]]
    if said == "other" and _COUNT.match(before, cues[-1].end()):
        return ""
    return said


def cues(text: str, found: Sequence[DateFound]) -> list[Cue]:
    """What is said of each date of a text. The days of a range are those of an event.

    >>> both = "Đăng 01/05/2024, sửa lần cuối 03/05/2024", "01/05/2024 đến 03/05/2024"
    >>> [cues(text, find_dates(text)) for text in (*both, "1–3 May 2024")]
    [['', 'changed'], ['other', 'other'], ['other']]
    """
    said: list[Cue] = []
    end = 0
    for one in found:
        said.append("other" if _ends_range(text, end, one) else cue(text, end, one.start))
        end = one.end
    for number, (first, last) in enumerate(pairwise(found)):
        between = text[first.end : last.start]
        if len(between) > MAX_BETWEEN_DAYS or first.value[:10] >= last.value[:10]:
            continue
        if _through().fullmatch(without_times(between)):
            said[number] = said[number + 1] = "other"
    return said


def said_dates(line: str, order: DayOrder) -> list[tuple[DateFound, Cue]]:
    """The dates of a line and what is said before each.

    What is said to be a date of the page is read in the other order too, where it is none in that
    of the page, and with a year of two digits or blanks between its numbers.

    >>> [found.value for found, _ in said_dates("Posted: 13/05/2024", "MDY")]
    ['2024-05-13']
    """
    found = find_dates(line, order)
    if found:
        return list(zip(found, cues(line, found), strict=True))
    rare = find_short_date(line, order), find_short_date(line, "")
    for other in filter(None, (*find_dates(line, "")[:1], *rare)):
        said = cues(line, [other])[0]
        if said and said != "other":
            return [(other, said)]
    return []


def lead_date(text: str, order: DayOrder = "DMY") -> DateFound | None:
    """The date of the dateline that a first paragraph starts with.

    >>> lead_date("HÀ NỘI, 5/8/2022 (TTXVN) – Sáng nay, cầu đã thông xe.").value
    '2022-08-05'
    >>> lead_date("Ngày 5/8/2022, cầu đã thông xe.") is None
    True
    """
    start = text[:150]
    found = find_dates(start, order)
    if not found or found[0].start > MAX_BEFORE_LEAD or cues(start, found)[0] == "other":
        return None
    return found[0] if _PLACE_LINE_END.match(start, found[0].end) else None


def _ends_range(text: str, start: int, last: DateFound) -> bool:
    """Whether a day without its year stands before a date, as the first one of a range."""
    first = _first_day().search(text[max(start, last.start - MAX_FIRST_DAY) : last.start])
    if first is None:
        return False
    day = first["day"] or first["first"]  # of the month that stands behind
    return day is None or int(day) < int(last.value[len("2024-05-") : len("2024-05-01")])


@cache
def _kinds() -> dict[str, Cue]:
    """What each cue says; a word that packs disagree on says the last of these."""
    words = languages.dates()
    kinds: dict[str, Cue] = dict.fromkeys(words.silent, "")
    kinds.update(dict.fromkeys(words.other, "other"))
    kinds.update(dict.fromkeys(words.either, "either"))
    kinds.update(dict.fromkeys(words.published, "published"))
    kinds.update(dict.fromkeys(words.changed, "changed"))
    return kinds


@cache
def _cues() -> re.Pattern[str]:
    return re.compile(any_of(_kinds()))


@cache
def _whole_line() -> re.Pattern[str]:
    """How a line starts whose dates are those of laws, or of an answer with its number."""
    laws = any_of(languages.dates().laws)
    return re.compile(rf"\W{{0,{MAX_MARK}}}(?:{laws})|#(?!1\s)[0-9]{{1,6}}\s")


@cache
def _through() -> re.Pattern[str]:
    """What stands between the days of a range: a dash or a word, and a weekday."""
    words = languages.dates()
    weekdays = any_of(words.weekdays)
    return re.compile(
        rf"[\s,]*(?:{_DASH}|{any_of(words.through)})\s*(?:(?:{weekdays})[\s,.]*)?", re.IGNORECASE
    )


@cache
def _first_day() -> re.Pattern[str]:
    """A day before `–` or `to` that has its month, or that has the one of the day behind it.

    A blank before the dash makes other numbers of a day alone: `No. 12 - 15/05/2024`.
    """
    words = languages.dates()
    to, months = any_of(words.through), any_of(words.months)
    number = "[0-9]{1,2}(?:st|nd|rd|th|er|º|η)?"
    return re.compile(
        rf"(?<![\w/.:,-])(?:(?:{_DAY_AND_MONTH}|{number}\.?\s(?:de\s|of\s)?(?:{months})\.?"
        rf"|(?:{months})\.?\s{number})\s?(?:{_DASH}|{to})"
        rf"|(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|º|η)?\.?(?:{_DASH}|\s?(?:{to})))\s?$"
        rf"|^\s*(?P<first>[0-9]{{1,2}})\.?\s{_DASH}\s$",
        re.IGNORECASE,
    )


def any_of(phrases: Iterable[str]) -> str:
    """A pattern of any of the phrases, as words of their own; the longest goes first.

    Languages without blanks have no bounds of words, nor have the signs that a phrase ends with.

    >>> pattern = any_of(["to", "/qđ", "至"])
    >>> [bool(re.search(pattern, text)) for text in ("1 to 3", "tomato", "12/qđ-x", "1日至3日")]
    [True, False, True, True]
    """
    kinds: dict[tuple[str, str], list[str]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        wide = phrase >= "\u2e80"
        start = r"(?<!\w)" if phrase[0].isalnum() and not wide else ""
        end = r"(?!\w)" if phrase[-1].isalnum() and not wide else ""
        kinds.setdefault((start, end), []).append(re.escape(phrase))
    return "|".join(f"{start}(?:{'|'.join(some)}){end}" for (start, end), some in kinds.items())
