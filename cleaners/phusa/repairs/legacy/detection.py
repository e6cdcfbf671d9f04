"""Which legacy encoding a text is in: its words are read by each, and syllables decide.

What makes the decision safe is that a word read by the wrong table is hardly ever a Vietnamese
syllable, and that a text in good order has letters no legacy encoding leaves to be seen.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from phusa.repairs.legacy.tables import Encoding, encodings
from phusa.syllables import is_syllable

MIN_SHARE = 0.85
"""Of the words that an encoding changes, so many become syllables."""
MIN_SHARE_BY_PAGE = 0.75
MIN_SHARE_OF_WHOLE = 0.5
"""The same where the page is known to be in that encoding, in part or as a whole."""
HOPELESS_SHARE = 0.4
"""Where no encoding makes syllables of so many words of a sample, the page is in none."""
HOPELESS_WORDS = 64
SAMPLED_WORDS = 250
MAX_SYLLABLES_BEFORE = 0.5
"""Of the words that an encoding changes, more than these were syllables already: text in order."""
MIN_WORDS_IN_ORDER = 0.75
"""Of all words that were read, so many are syllables or capitals."""
MIN_DISTINCT = 2
MIN_DISTINCT_BY_PAGE = 12
"""For the encodings that have a letter in every place."""
MAX_WORD_CHARS = 40
"""Longer runs without a blank tell nothing, and are not remembered."""

_FIELD = 32
_FIELDS = 4 * _FIELD
_FULL = (1 << _FIELD) - 1

_LETTERS = re.compile(r"[^\W\d_]+")
_QUOTES = "\xa0\x85\x91-\x97‘’“”–—…•"
_QUOTE = re.compile(f"([{_QUOTES}]+)")
_MARKS = "«»®©°"
"""Letters of some encodings, and marks on a text that is in order."""
_MARK = re.compile(f"([{_QUOTES}{_MARKS}]+)")
_ALONE = frozenset("ỞổỔỒỪ")
"""Letters that are words, of those in places where Windows has a dash or a mark."""
_INSIDE = re.compile(f"[A-Za-z](?:«|[{_MARKS}][A-Za-z])")
_BEYOND_MARKS = re.compile(f"[^\\0-\x7f{_QUOTES}{_MARKS}]")
CONTROLS = "\x02-\x06\x10-\x15\x19\x1c-\x1e"
"""Letters of VISCII and VPS that are controls."""
_SIGN = f"(?:[{CONTROLS}]|[^\\0-\x7f])"
_BESIDE_LETTER = re.compile(f"[A-Za-z]{_SIGN}|{_SIGN}[A-Za-z]|[^\\0-\x7f{_QUOTES}{_MARKS}]{{2}}")
_MARKED = re.compile(
    f"[A-Za-z][{_MARKS}{CONTROLS}]|[{_MARKS}{CONTROLS}][A-Za-z]|[A-Za-z][{_QUOTES}][A-Za-z]"
)
_FOREIGN = re.compile(
    f"[^\\0-\x7f{_QUOTES}{_MARKS}ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]"
)
"""What no Vietnamese text in order has."""


WINDOWS = {code: bytes((code,)).decode("cp1252") for code in (0x85, *range(0x91, 0x98))}
"""Quotes and dashes, which documents in any encoding took from Windows."""


class Reading(NamedTuple):
    """What an encoding makes of a word, and whether that is Vietnamese."""

    text: str
    good: bool


class Vote(NamedTuple):
    """How many words an encoding changes, how many of them well, and how many were well before.

    `distinct` counts good words once, `ordered` are good words that it leaves alone.
    """

    changed: int
    good: int
    before: int
    distinct: int
    ordered: int

    @property
    def share(self) -> float:
        """The share of the changed words that became Vietnamese."""
        return self.good / self.changed if self.changed else 0.0


def readings(word: str) -> Sequence[Reading]:
    """What each encoding makes of a word, which has no blanks in it; none of a very long one."""
    return _readings(word) if len(word) <= MAX_WORD_CHARS else _readings.__wrapped__(word)


@lru_cache(1 << 16)
def _readings(word: str) -> Sequence[Reading]:
    return tuple(_reading(word, encoding) for encoding in encodings().values())


def _reading(word: str, encoding: Encoding) -> Reading:
    """Read a word whole, or with what may be quotes and dashes on it left alone.

    Where both make syllables, dashes and quotes at the ends of a word are left alone: they are
    frequent, and the letters in their places are rare capitals.
    """
    whole = encoding.read(word)
    if whole == word:
        return Reading(word, False)
    if not _MARK.search(word):
        return Reading(whole, is_vietnamese_word(whole, encoding.capitals))
    if not _has_letters(word):
        letters = _may_be_letters(word, whole, encoding)
        return Reading(whole if letters else _read_around(word, _MARK, encoding), False)
    around = _read_around(word, _QUOTE, encoding)
    inside = word.strip(string.punctuation + string.digits)
    ends = _QUOTE.match(inside) or _QUOTE.match(inside[-1:])
    for text in (around, whole) if ends else (whole, around):
        if is_vietnamese_word(text, encoding.capitals, text is whole):
            return Reading(text, text != word)
    around = _read_around(word, _MARK, encoding)
    good = is_vietnamese_word(around, encoding.capitals, initials=False)
    marks_only = not _BEYOND_MARKS.search(around) and not _INSIDE.search(word)
    return Reading(around if good or marks_only else whole, good)


def _may_be_letters(word: str, whole: str, encoding: Encoding) -> bool:
    """Whether the marks of a word are letters: `®«` in TCVN3, a dash after S in VPS."""
    if not is_vietnamese_word(whole, encoding.capitals, initials=False):
        return False
    letters = _LETTERS.findall(word)
    if encoding.capitals and not letters:
        return whole in _ALONE
    if encoding.capitals and not whole.isupper() and any(map(is_syllable, letters)):
        return False
    marked = [found for found in _LETTERS.findall(whole) if not found.isascii()]
    return marked == ["đ"] or not encoding.capitals or min(map(len, marked)) > 1


def _read_around(word: str, marks: re.Pattern[str], encoding: Encoding) -> str:
    """Read what stands between marks and leave those alone."""
    pieces = marks.split(word)
    pieces[::2] = map(encoding.read, pieces[::2])
    return "".join(pieces)


def is_vietnamese_word(word: str, capitals: bool = True, initials: bool = True) -> bool:
    """Whether a run without blanks is Vietnamese: letters with marks that are syllables.

    `capitals` tells whether capitals and small letters must be in their places, `initials` whether
    capitals with Đ among them will do.

    >>> [is_vietnamese_word(word) for word in ("“phường,", "bus", "trÌnh", "HĐND", "Hà–Nội)")]
    [True, False, False, True, True]
    """
    if word.isascii() or _FOREIGN.search(word):
        return False
    marked = [found for found in _LETTERS.findall(word) if not found.isascii()]
    if marked == ["đ"] and any(map(str.isdigit, word)):
        return True  # a price
    return bool(marked) and all(_fits(found, capitals, initials) for found in marked)


def _fits(letters: str, capitals: bool, initials: bool) -> bool:
    if capitals and not (letters[1:].islower() or letters.isupper() or len(letters) == 1):
        return False
    return is_syllable(letters) or (initials and letters.isupper() and "Đ" in letters)


@lru_cache(1 << 16)
def _in_order(word: str) -> bool:
    return is_vietnamese_word(word)


def _has_letters(word: str) -> bool:
    """Whether a word has more than ASCII, quotes and dashes, or has them among its letters."""
    return bool(_BEYOND_MARKS.search(word) or _MARKED.search(word))


@lru_cache(1 << 16)
def is_evidence(word: str) -> bool:
    """Whether a word tells an encoding: a sign beside a letter, not beside a number (`£3.99`).

    >>> is_evidence("nghÞ"), is_evidence("£3.99"), is_evidence("f()¶"), is_evidence("it’s")
    (True, False, False, True)
    """
    return bool(_BESIDE_LETTER.search(word)) and _has_letters(word)


def votes(words: Iterable[str]) -> list[Vote]:
    """What each encoding makes of words that are not ASCII."""
    words = list(words)
    total, distinct = sum(map(_ballot, words)), sum(map(_ballot, set(words)))
    return [
        Vote(*_counts(total, i)[:3], _counts(distinct, i)[1], _counts(total, i)[3])
        for i in range(len(encodings()))
    ]


@lru_cache(1 << 16)
def _ballot(word: str) -> int:
    """What each encoding makes of a word, as counts that add up: see `_counts`."""
    ordered = _in_order(word)
    ballot = 0
    for i, reading in enumerate(readings(word)):
        # a word that is in no order and that the encoding cannot explain is changed badly
        changed = reading.text != word or not ordered
        counts = (changed, reading.good, changed and ordered, not changed)
        ballot |= sum(count << _FIELD * field for field, count in enumerate(counts)) << _FIELDS * i
    return ballot


def _counts(ballots: int, encoding: int) -> tuple[int, int, int, int]:
    """Of a sum of ballots: words changed, changed well, in order before, in order and kept."""
    mine = ballots >> _FIELDS * encoding
    changed, good, before, kept = (mine >> _FIELD * field & _FULL for field in range(4))
    return changed, good, before, kept


def verdict(words: Sequence[str], plain: Sequence[str], *, page: bool) -> Encoding | None:
    """The encoding that words are in, None where none is likely.

    `words` are the runs without blanks that are not ASCII, `plain` the others; `page` tells whether
    they are all of a page.
    """
    counted = votes(_sampled(words, SAMPLED_WORDS))
    able: list[tuple[float, int, int, Encoding]] = []
    for vote, encoding in zip(counted, encodings().values(), strict=True):
        distinct = MIN_DISTINCT if encoding.alone else MIN_DISTINCT_BY_PAGE
        if (
            (page or encoding.alone)
            and vote.share >= MIN_SHARE
            and vote.before <= MAX_SYLLABLES_BEFORE * vote.changed
            and vote.distinct + vote.ordered // 2 >= distinct
        ):
            able.append((vote.share, vote.good, -encoding.number, encoding))
    if not able:
        return None
    *_, best = max(able)
    judged = [
        ordered for ordered in map(_is_plain, _sampled(plain, SAMPLED_WORDS)) if ordered is not None
    ]
    total = len(judged) + counted[best.number].changed
    good = sum(judged) + counted[best.number].good
    return best if good >= MIN_WORDS_IN_ORDER * total else None


def is_hopeless(words: Sequence[str]) -> bool:
    """Whether a look at some words of a page tells that no encoding will do for it."""
    return all(vote.share < HOPELESS_SHARE for vote in votes(_sampled(words, HOPELESS_WORDS)))


def _sampled(words: Sequence[str], count: int) -> Sequence[str]:
    """Every so many words, so that they are hardly more than `count`."""
    return words[:: max(1, len(words) // count)]


@lru_cache(1 << 16)
def _is_plain(word: str) -> bool | None:
    """Whether an ASCII word is a syllable or capitals; None for what is no word."""
    letters = word.strip(string.punctuation)
    if len(letters) < 2 or not letters.isalpha():
        return None
    return is_syllable(letters) or letters.isupper()


def agrees(words: Iterable[str], encoding: Encoding, *, whole: bool) -> bool:
    """Whether a line may be in the encoding of its page; `whole` if no line there is in order."""
    changed, good, before, _ = _counts(sum(map(_ballot, words)), encoding.number)
    if not good or good < (MIN_SHARE_OF_WHOLE if whole else MIN_SHARE_BY_PAGE) * changed:
        return False
    if not whole:
        return before <= MAX_SYLLABLES_BEFORE * changed
    # `trò` is a syllable, and trị in VNI; where each letter has one code, several words that all
    # are syllables are in order
    return encoding.marks_apart or before < changed or changed == 1


def in_order(words: Iterable[str]) -> bool:
    """Whether all words are Vietnamese as they stand."""
    return all(map(_in_order, words))
