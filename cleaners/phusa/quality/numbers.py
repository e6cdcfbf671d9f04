"""Numbers that are personal data: of phones, identity cards, passports and bank accounts.

What a number is, its form tells (a Vietnamese mobile number), the word before it (an account), or
both. What stands around it may tell that it is no such thing: an amount, an address, a decree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from phusa import languages
from phusa.quality import forms
from phusa.quality.pieces import Context, Kind, Piece, Said, before

Digits = tuple[int, int, int]
"""The digits of a number that a word announces: the fewest, those of a first group that is all of
it, the most."""

PHONE: Digits = (7, 8, 11)
LONG_PHONE: Digits = (8, 11, 14)
"""With an area code, or the code of a country."""
IDENTITY: Digits = (8, 9, 18)
VIETNAMESE_IDENTITY = (9, 12)
PASSPORT: Digits = (6, 6, 9)
ACCOUNT: Digits = (9, 9, 20)
SHORT_ACCOUNT: Digits = (6, 9, 20)
"""Right behind the word; no list of the lengths that banks use is known."""

_DIGIT_BEFORE = re.compile(rf"[0-9]({forms.SIGNS}{{1,3}})$")
_DIGIT_BEHIND = re.compile(rf"({forms.SIGNS}{{1,3}})[0-9]")
_PASSPORT_LETTERS = re.compile(r"(?<![^\W_])[A-Z]{1,2} ?$")
_ADDRESS = re.compile(r"://|www\.|\.[a-z]{2,6}/|[=&?_%#~\\]|^/|/.*/|-.*-|^[a-z0-9]+-$")
"""In the word that a number ends: an address on the web, a file, a code."""
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|html?|php|aspx?|mp[34])\b")
_DECREE = re.compile(r"/(?:[0-9]{4}/)?[A-ZĐ]{2}")
_PART_BEFORE = re.compile("(?<![0-9])[0-9]{1,4}[,/]$|[0-9]:$")
_AREA_CODE = re.compile(r"(?<![0-9])(?:\+[0-9]{1,3} ?)?\(?0[0-9 ()]{0,7} ?/ ?$")
"""An area code with a slash behind, as in German."""
_AMOUNT_BEFORE = re.compile(r"[$€£¥₫#№]\s?$")
_PART_BEHIND = re.compile(r",[0-9]{1,4}(?![0-9])|:[0-9]|\s?[%$€£¥₫°]|[. -]?[xX*•](?:[xX*•]|\b)")
_LETTER_BEHIND = re.compile("[A-Z](?![^\\W_])")
_CHINESE = re.compile("[\u3000-\u9fff]")
MAX_LEAD_CHARS = 16
"""Characters before the digits of a number that may be a part of it."""
MAX_WORD_CHARS = 80
"""Characters of the word that a number ends which are looked at."""


def numbers(text: str, stops: Sequence[Piece]) -> Iterator[Piece]:
    """The numbers of a text that are personal, in its order.

    `stops` are the pieces that are known already, in their order; no number reaches into one.

    >>> text = "ĐT (024) 3826 1234, 3826 1235; STK: 0123 4567 8901; giá 912.345.678 đồng"
    >>> [(text[piece.start : piece.end], piece.kind) for piece in numbers(text, [])]
    [('(024) 3826 1234', 'phone'), ('3826 1235', 'phone'), ('0123 4567 8901', 'account')]
    """
    at, last = 0, None
    for stop in (*stops, None):
        limit = len(text) if stop is None else stop.start
        while (found := forms.START.search(text, at, limit)) is not None:
            start = found.start()
            if (date := forms.date_end(text, start, limit)) and text[start - 1 : start] != "+":
                at = date
                continue
            here = _Here(text, start, limit, last)
            piece = _read(here)
            if piece is not None:
                yield piece
                at, last = piece.end, piece
            else:
                at = here.spans[0][1]
        if stop is not None:
            at, last = stop.end, stop


class _Here:
    """A place where a number may start: its groups of digits and those behind it.

    `has_plus` tells whether a + stands before it, `runs_on` whether digits stand right before that
    belong to no piece, so that this may be their rest; `last` is the piece before it.
    """

    __slots__ = ("has_plus", "last", "limit", "runs_on", "spans", "start", "text")

    def __init__(self, text: str, start: int, limit: int, last: Piece | None) -> None:
        self.text, self.start, self.limit, self.last = text, start, limit, last
        self.spans = forms.groups(text, start, limit)
        before = text[start - 1] if start else ""
        self.has_plus = before == "+"
        self.runs_on = before in forms.SIGN_CHARS and self._runs_on()

    def _runs_on(self) -> bool:
        found = _DIGIT_BEFORE.search(self.text, max(0, self.start - 4), self.start)
        if found is None or (self.last is not None and self.last.end > found.start()):
            return False
        return not forms.is_parted(self.text, found.start(1), self.start)

    def digits(self, count: int) -> str:
        """The digits of the first groups."""
        return "".join(self.text[start:end] for start, end in self.spans[:count])

    def taken(self, digits: Digits) -> int:
        """How many of the groups make a number of so many digits: `forms.taken`."""
        return forms.taken(self.text, self.spans, *digits)

    def is_amount(self, count: int) -> bool:
        """Whether dots part the thousands of the first groups."""
        return forms.is_amount(self.text, self.start, self.spans[count - 1][1])

    def goes_on(self, count: int) -> bool:
        """Whether digits stand right behind the first groups that are no number of their own."""
        if count == len(self.spans):
            return False
        end, start = self.spans[count - 1][1], self.spans[count][0]
        if forms.is_parted(self.text, end, start):
            return False
        spans = forms.groups(self.text, start, self.limit)
        is_card = forms.is_card(self.text[slice(*spans[0])])
        return not is_card and not forms.vietnamese(self.text, spans)

    def lead(self) -> tuple[int, Said]:
        """Where what is a part of the number starts, after which word: +, letters, an area code."""
        text, start = self.text, self.start
        low = max(0, start - MAX_LEAD_CHARS, self.last.end if self.last is not None else 0)
        before = text[low:start].rstrip(" ")
        if before[-1:] == "/" and (area := _AREA_CODE.search(text, low, start)):
            return area.start(), "phone"
        if before[-1:].isupper() and (letters := _PASSPORT_LETTERS.search(text, low, start)):
            return letters.start(), "passport"
        return start - self.has_plus, ""

    def stands_apart(self) -> bool:
        """Whether the first group has a blank, or nothing that digits follow, on either side."""
        start, end = self.spans[0]
        before = _DIGIT_BEFORE.search(self.text, max(0, start - 4), start)
        behind = _DIGIT_BEHIND.match(self.text, end, self.limit)
        return all(found is None or found[1].strip() == "" for found in (before, behind))


class _Number(NamedTuple):
    """What the first `groups` groups are; `sure` where a word right before says so."""

    groups: int
    kind: Kind
    sure: bool = False


def _read(here: _Here) -> Piece | None:
    """The piece of personal data that starts here, if one does."""
    if here.spans[0][1] - here.start > forms.MAX_DIGITS:
        return None
    own = _by_form(here)
    if own is None and here.runs_on:
        return None
    start = here.start - here.has_plus
    lead, said = here.lead()
    context = before(here.text, lead, here.last)
    if lead < start and not (context.near and context.said == said):
        lead, context = start, before(here.text, start, here.last)
    if context.said == "other" and context.is_close:
        return None
    number = None if here.runs_on else _by_word(here, context, own)
    if number is None:
        number = _alone(here, own, context)
    if number is None:
        return None
    return _whole(here, lead, number)


def _by_form(here: _Here) -> _Number | None:
    """What the form of the groups tells alone."""
    text, spans = here.text, here.spans
    if count := forms.vietnamese(text, spans, plus=here.has_plus):
        return _Number(count, "phone")
    if count := forms.abroad(text, spans) if here.has_plus else forms.north_american(text, spans):
        return _Number(count, "phone")
    return _Number(1, "identity") if forms.is_card(here.digits(1)) else None


def _by_word(here: _Here, context: Context, own: _Number | None) -> _Number | None:
    """What the word before the groups tells, by how many digits such a number has."""
    said, near = context.said, context.near
    if said == "phone" and near and own is None:
        is_long = here.digits(2).startswith(("0", "84"))
        count = here.taken(LONG_PHONE if is_long else PHONE)
        digits = here.digits(count)
        if forms.is_hotline(digits) or (digits.endswith("000") and here.is_amount(count)):
            return None
        return _Number(count, "phone", sure=True) if count else None
    if own is not None and own.kind == "phone" and not near:
        return None
    if said in ("account", "maybe_account") and (near or (said == "account" and context.far)):
        count = here.taken(SHORT_ACCOUNT if said == "account" and near else ACCOUNT)
        if not count or here.is_amount(count) or forms.is_hotline(here.digits(count)):
            return None
        return _Number(count, "account", near)
    if said == "identity" and (near or context.far):
        count = here.taken(IDENTITY)
        fits = near or len(here.digits(count)) in VIETNAMESE_IDENTITY
        return _Number(count, "identity", near) if count and fits else None
    if said == "passport" and near:
        count = here.taken(PASSPORT)
        return _Number(count, "identity", sure=True) if count else None
    return None


def _alone(here: _Here, own: _Number | None, context: Context) -> _Number | None:
    """A number by its form, where no other digits stand beside it that it may be a part of."""
    if own is None:
        return None
    if context.said == "phone" and context.near:
        return own._replace(sure=True)
    beside = here.runs_on or here.goes_on(own.groups)
    if beside and not (own.groups == 1 and here.stands_apart()):
        return None
    return own


def _whole(here: _Here, start: int, number: _Number) -> Piece | None:
    """The piece with the signs that belong to it; None where what is around it says otherwise."""
    text, end = here.text, here.spans[number.groups - 1][1]
    if start and text[start - 1] == "(" and ")" in text[start:end]:
        start -= 1
    if number.kind == "identity" and number.sure and _LETTER_BEHIND.match(text, end):
        end += 1
    if _PART_BEHIND.match(text, end) or _FILE.match(text, end):
        return None
    is_no_amount = number.sure and text[here.start] == "0"
    if not is_no_amount and _units().match(text, end):
        return None
    if _AMOUNT_BEFORE.search(text, max(0, start - 2), start):
        return None
    if not number.sure and (_DECREE.match(text, end) or _is_in_a_word(here, start, end)):
        return None
    return Piece(start, end, number.kind, sum(map(str.isdigit, text[start:end])))


def _is_in_a_word(here: _Here, start: int, end: int) -> bool:
    """Whether a number is a part of a word, of an address on the web, or of a longer number."""
    text, low = here.text, here.last.end if here.last is not None else 0
    if end < here.limit and _is_glued(text[end]):
        return True
    if start > low and _is_glued(text[start - 1]):
        return True
    if here.last is not None and start - low <= 1:
        return False
    low = max(low, start - MAX_WORD_CHARS)
    word = text[low:start].rpartition(" ")[2]
    return bool(_ADDRESS.search(word) or _PART_BEFORE.search(word))


def _is_glued(char: str) -> bool:
    """Whether a character beside a number makes one word with it."""
    return (char.isalnum() or char == "_") and not _CHINESE.match(char)


@cache
def _units() -> re.Pattern[str]:
    """What stands behind an amount, in small letters or in capitals."""
    words = languages.privacy().units
    written = {*words, *(word.upper() for word in words if len(word) > 1)}
    either = "|".join(map(re.escape, sorted(written, key=lambda word: (-len(word), word))))
    return re.compile(rf"[\s(]{{0,2}}(?:{either})(?![^\W_]|[/.])")
