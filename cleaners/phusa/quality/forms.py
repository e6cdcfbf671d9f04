"""Forms of numbers: groups of digits that by themselves look like a phone, a card, a date.

A number is groups of digits with at most three blanks, dots, hyphens or brackets between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice

from phusa import places

Span = tuple[int, int]

BLANKS = " \u00a0\u2009\u202f"
DASHES = "\u2010-\u2013-"
SIGNS = rf"[{BLANKS}.(){DASHES}]"
SIGN_CHARS = frozenset(f"{BLANKS}.()-\u2010\u2011\u2012\u2013")

MAX_GROUPS = 8
"""Groups of the longest number that is looked for."""
MAX_DIGITS = 20
MAX_PHONE_GROUPS = 6

START = re.compile(rf"[0-9](?:(?=[0-9])|(?<![0-9]{SIGNS}[0-9]))(?:{SIGNS}{{0,3}}[0-9]){{5}}")
"""Where a number of six digits or more may start: not in the middle of `1 2 3 4 5 6 7`."""
_GROUP = re.compile("[0-9]+")
_BETWEEN = re.compile(rf"{SIGNS}{{1,3}}")
_PARTING = re.compile(
    rf"[{BLANKS}][{DASHES}]|[.)][{BLANKS}]?[{DASHES}]|[.{DASHES}][{BLANKS}]|\)[{BLANKS}]?\("
)

_MOBILE = "(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}"
_OLD_MOBILE = "1(?:2[0-9]|6[2-9]|8[68]|99)[0-9]{7}"
_LANDLINE = "2[0-9]{9}"
_NATIONAL = f"(?:{_MOBILE}|{_OLD_MOBILE}|{_LANDLINE})"
_VIETNAMESE = re.compile(f"0{_NATIONAL}|(?:00)?840?{_NATIONAL}")
"""By the plan of numbers of Circular 22/2014/TT-BTTTT; mobile ones of 11 digits until 2018."""
_VIETNAMESE_DIGITS = range(10, 16)

_ABROAD = re.compile(
    "1[2-9][0-9]{9}|7[0-9]{10}|(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])[0-9]{7,13}"
    "|(?:2[1-689]|3[578]|42|5[09]|6[789]|8[05789]|9[679])[0-9]{7,13}"
)
"""Digits behind a +, by the country codes of ITU-T E.164; 15 digits at most."""
_NORTH_AMERICAN = re.compile(
    r"(?:1[-. ])?(?:[2-9][0-9]{2}(?P<sign>[-.])[2-9][0-9]{2}(?P=sign)"
    r"|(?<=\()[2-9][0-9]{2}\)[ -]?[2-9][0-9]{2}[-.])[0-9]{4}(?![0-9])"
)
_CARD = re.compile("0([0-9]{2})[0-3][0-9]{8}")
"""Province, century and sex, year of birth, six digits more: Circular 59/2021/TT-BCA."""
_HOTLINE = re.compile("1[89]00[0-9]{3,6}")
_DATE = re.compile(
    rf"(?:0?[1-9]|[12][0-9]|3[01]){SIGNS}{{1,3}}(?:0?[1-9]|1[0-2]){SIGNS}{{1,3}}(?:19|20)[0-9]{{2}}"
    rf"(?![0-9]|\.[0-9])|(?:19|20)[0-9]{{2}}{SIGNS}{{1,3}}(?:(?:19|20)[0-9]{{2}}(?![0-9])"
    rf"|(?:0?[1-9]|1[0-2]){SIGNS}(?:0?[1-9]|[12][0-9]|3[01])(?![0-9]))"
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,6}")


def groups(text: str, start: int, limit: int) -> list[Span]:
    """The groups of digits from `start` on that one number could have, at most `MAX_GROUPS`."""
    spans: list[Span] = []
    for found in islice(_GROUP.finditer(text, start, limit), MAX_GROUPS):
        if spans and not _BETWEEN.fullmatch(text, spans[-1][1], found.start()):
            break
        spans.append(found.span())
    return spans


def is_parted(text: str, start: int, end: int) -> bool:
    """Whether the signs between two groups part two numbers rather than two groups of one.

    >>> [is_parted(signs, 0, len(signs)) for signs in (" - ", ". ", " ", ".", ") ")]
    [True, True, False, False, False]
    """
    return _PARTING.search(text, start, end) is not None


def date_end(text: str, start: int, limit: int) -> int | None:
    """Where the date, or the range of years, ends that starts here; None where there is none."""
    found = _DATE.match(text, start, limit)
    return found and found.end()


def vietnamese(text: str, spans: Sequence[Span], *, plus: bool = False) -> int:
    """How many of the groups are a Vietnamese phone number: mobile, landline, or old mobile.

    >>> text = "0912 345 678 90"
    >>> vietnamese(text, groups(text, 0, len(text)))
    3
    """
    if not text.startswith(("0", "84"), spans[0][0]):
        return 0
    digits = ""
    for i, (start, end) in enumerate(spans[: MAX_PHONE_GROUPS + 1], 1):
        if end - start > MAX_DIGITS:
            return 0
        digits += text[start:end]
        if len(digits) in _VIETNAMESE_DIGITS and _VIETNAMESE.fullmatch(digits):
            if plus and not digits.startswith("84"):
                return 0
            return i if plus or _is_grouped(text, spans[:i]) else 0
    return 0


def _is_grouped(text: str, spans: Sequence[Span]) -> bool:
    """Whether people write a phone number in such groups."""
    if _THOUSANDS.fullmatch(text, spans[0][0], spans[-1][1]):
        return False
    sizes = [end - start for start, end in spans]
    if text.startswith(("84", "0084"), spans[0][0]) and len(sizes) > 2 and text[spans[1][0]] == "0":
        del sizes[1]  # 84 (0) 912 345 678
    return min(sizes) > 1 and len(sizes) <= MAX_PHONE_GROUPS


def abroad(text: str, spans: Sequence[Span]) -> int:
    """How many of the groups behind a + are a phone number with its country code.

    >>> text = "44 20 7946 0123"
    >>> abroad(text, groups(text, 0, len(text)))
    4
    """
    digits, count = "", 0
    for i, (start, end) in enumerate(spans, 1):
        if count and is_parted(text, spans[i - 2][1], start):
            break
        digits += text[start : min(end, start + MAX_DIGITS)]
        if _ABROAD.fullmatch(digits):
            count = i
    if count > 1 and text.endswith("000", spans[count - 1][0], spans[count - 1][1]):
        return 0  # +50.000.000: that many more
    return count


def north_american(text: str, spans: Sequence[Span]) -> int:
    """How many of the groups are a number of the North American plan, with its hyphens."""
    if len(spans) < 3:
        return 0
    found = _NORTH_AMERICAN.match(text, spans[0][0])
    return sum(end <= found.end() for _, end in spans) if found else 0


def is_card(digits: str) -> bool:
    """Whether twelve digits are a Vietnamese identity number, by its province of birth.

    >>> is_card("001200012345"), is_card("007200012345"), is_card("001900012345")
    (True, False, False)
    """
    found = _CARD.fullmatch(digits)
    return found is not None and found[1] in _provinces()


@cache
def _provinces() -> frozenset[str]:
    """The codes of the provinces of the cards: those of the units until 2025."""
    codes = (f"{number:02}" for number in range(100))
    return frozenset(
        code for code in codes if any(unit.level == "province" for unit in places.by_code(code))
    )


def is_hotline(digits: str) -> bool:
    """Whether a number is one that companies and offices are called at: 1800 and 1900."""
    return _HOTLINE.fullmatch(digits) is not None


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether dots part the thousands.

    >>> is_amount("12.990.000", 0, 10), is_amount("0123.456.789", 0, 12)
    (True, False)
    """
    return _THOUSANDS.fullmatch(text, start, end) is not None


def taken(text: str, spans: Sequence[Span], low: int, whole: int, high: int) -> int:
    """How many of the groups make one number of `low` to `high` digits.

    A first group with `whole` digits is the whole number; what is parted from it is another.

    >>> text = "3826 1234 - 3826 1235"
    >>> taken(text, groups(text, 0, len(text)), 7, 8, 11)
    2
    """
    size = count = 0
    for i, (start, end) in enumerate(spans, 1):
        if size >= low and is_parted(text, spans[i - 2][1], start):
            break
        size += end - start
        if size > high:
            break
        if size >= low:
            count = i
        if i == 1 and size >= whole:
            break
    return count
