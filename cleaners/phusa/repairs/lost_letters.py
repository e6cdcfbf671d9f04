"""Letters that lost a byte when they were misread, filled where only one can have been meant.

Windows-1252 has no character for five bytes, so that `người` became `ngÆ°á»�i`: the letter is ề, ọ,
ỏ, ờ or Ố, and only người is a syllable. Soft hyphens that were taken out, no-break spaces that
became blanks, and bytes that were dropped leave the same holes with nothing in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from math import prod

from phusa import languages
from phusa.findings import Finding, Rule
from phusa.repairs.misreadings import Hole
from phusa.syllables import is_syllable, is_vietnamese

LOST_LETTER = Rule(
    "ENC021",
    "lost-letter",
    "A letter of misread Vietnamese that has lost a byte: `ngÆ°á»\N{REPLACEMENT CHARACTER}i`.",
    """Some bytes of UTF-8 have no character in the encoding they were read as, and were replaced or
dropped; others became a soft hyphen that was taken out, or a no-break space that became a blank.
What is left of the letter and of its syllable decides: the letter is put back where one syllable
fits, or where one is at least twenty times as common as the others that do, or where the syllable
beside it tells. A U+FFFD in text that is not misread is filled only where a single letter makes a
syllable; all others stay and are reported as ENC050.""",
)

MESSAGE = "a letter that was lost in decoding"
LETTERS = "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ"
"""The small letters of Vietnamese that are not ASCII."""
MAX_HOLES = 6
"""In letters without a blank, as in ĐHĐCĐ."""
MAX_READINGS = 64
"""Of letters with holes; with more of them nothing is certain."""

_BOTH_CASES = frozenset(LETTERS + LETTERS.upper())
_COUNTED = frozenset("ềọỏờỐÁÍÝĐ")
"""The letters that Windows-1252 loses, which `languages.lost_letters` knows the frequencies of."""
_QUOTE = "”"
_ACRONYM = re.compile("[B-DF-HJ-NP-TV-XĐ]{2,}")
_RUN = re.compile("(?:[^\\W\\d_]|\ufffd)+")
_INSIDE = re.compile("[^\\W\\d_]{1,7}\ufffd[^\\W\\d_]{1,7}")
_LAST = re.compile("([^\\W\\d_]{1,7}) ?$")
_FIRST = re.compile(" ?([^\\W\\d_]{1,7})")


def fill(
    word: str, holes: Sequence[Hole], lost: tuple[bytes, bytes], beside: tuple[str, str]
) -> str | None:
    r"""A word with its holes filled, or None where that is not certain.

    `lost` are the bytes that can have been in a hole that is not marked, and in one that is;
    `beside` is the text before the word and after it.

    >>> hole = Hole(3, b"\xe1\xbb", True)
    >>> fill("ng\u01b0\ufffdi", [hole], (b"", b"\x81\x8d\x8f\x90\x9d"), ("", ""))
    'người'
    """
    filled = list(word)
    at = {}
    for hole in holes:
        at[hole.at] = hole
        if _letters(hole.prefix, lost[hole.marked]) == _QUOTE:
            filled[hole.at] = _QUOTE
    word = "".join(filled)
    for run in _RUN.finditer(word):
        places = [i for i in range(*run.span()) if word[i] == "\ufffd" and i in at]
        if not places:
            continue
        choices = [_letters(at[i].prefix, lost[at[i].marked]) for i in places]
        before = word[: run.start()] or beside[0]
        after = word[run.end() :] or beside[1]
        certain = all(at[i].marked for i in places) and all(len(each) == 1 for each in choices)
        letters = _choose(run, places, choices, (before, after), certain)
        if letters is None:
            return None
        for i, letter in zip(places, letters, strict=True):
            filled[i] = letter
    return "".join(filled)


def _choose(
    run: re.Match[str],
    places: Sequence[int],
    choices: Sequence[str],
    beside: tuple[str, str],
    certain: bool,
) -> tuple[str, ...] | None:
    """The letters that fill a run of letters with holes; None where that is not certain."""
    if len(places) > MAX_HOLES or prod(map(len, choices)) > MAX_READINGS:
        return None
    readings = {}
    for letters in product(*choices):
        chars = list(run[0])
        for i, letter in zip(places, letters, strict=True):
            chars[i - run.start()] = letter
        readings["".join(chars)] = letters
    fit = [
        one
        for one in readings
        if has_one_case(one) and (certain or is_syllable(one) or _ACRONYM.fullmatch(one))
    ]
    if len(fit) > 1 and all(map(_COUNTED.issuperset, (readings[one] for one in fit))):
        fit = _likeliest(fit, *beside)
    return readings[fit[0]] if len(fit) == 1 else None


def _likeliest(fit: Sequence[str], before: str, after: str) -> list[str]:
    """Of several syllables the one that its neighbours or its frequency tell."""
    common, pairs = languages.lost_letters()
    last, first = _LAST.search(before[-8:]), _FIRST.match(after)
    told = [
        one
        for one in fit
        if (last and f"{last[1]} {one}".lower() in pairs)
        or (first and f"{one} {first[1]}".lower() in pairs)
    ]
    return told or [one for one in fit if one.lower() in common]


@cache
def _letters(prefix: bytes, lost: bytes) -> str:
    """The letters, or the quote, that a prefix and one of the lost bytes make."""
    found = ((prefix + bytes((byte,))).decode("utf-8", "ignore") for byte in lost)
    return "".join(char for char in found if char in _BOTH_CASES or char == _QUOTE)


def has_one_case(letters: str) -> bool:
    """Whether letters are all small, all capital, or small after a capital.

    >>> [has_one_case(word) for word in ("ánh", "Ánh", "ÁNH", "ÁNh", "hiỀn")]
    [True, True, True, False, False]
    """
    return letters.islower() or letters.isupper() or letters[1:].islower()


def propose(text: str) -> Iterator[Finding]:
    r"""Fill what is left of U+FFFD in text that is not misread.

    >>> [f.replacement for f in propose("Nhân dân phấn khởi trên mọi nẻo đ\ufffdờng, t\ufffd")]
    ['đường']
    """
    at = text.find("\ufffd")
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[start:end]
        if is_vietnamese(line):
            yield from _in_line(line, start)
        at = text.find("\ufffd", end)


def _in_line(line: str, start: int) -> Iterator[Finding]:
    for run in _RUN.finditer(line):
        left, _, right = run[0].partition("\ufffd")
        if not _INSIDE.fullmatch(run[0]) or (is_syllable(left) and is_syllable(right)):
            continue  # where a quote or a blank may have been, nothing is certain
        letters = LETTERS.upper() if (left + right).isupper() else LETTERS
        fit = [one for letter in letters if is_syllable(one := left + letter + right)]
        if len(fit) == 1 and has_one_case(fit[0]):
            at = start + run.start()
            yield Finding(LOST_LETTER.code, at, at + len(run[0]), MESSAGE, fit[0])
