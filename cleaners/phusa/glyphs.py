"""A page as one array of code points: what its lines are made of, counted for all lines at once.

A table gives the classes of each character, one bit each; spread into fields of 16 bits, one sum
over a line counts four classes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Bits = npt.NDArray[np.uint8]

MAX_LINE_CHARS = 2_000
"""Of a longer line the start and the end are looked at; nothing asks for more than that."""
TAIL_CHARS = 200
WIDE_CHAR = 1.5
"""What a Chinese, Japanese, Korean or Thai character weighs more than a Latin one."""
FIRST_KINDS = 7
LAST_KINDS = 8

_BMP = 0x10000
_SENTENCE_ENDS = ".!?…。！？؟।॥;"
_COMMAS = ",،、，;:："
_BARS = "|•·►»›▪●>/–—*"
_WIDE = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Kana
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),  # Hangul
)
_FIRST = ("\"'“‘«„‹「『([", _BARS + "-+#")
_LAST = (_SENTENCE_ENDS, ":：", "…", ",;،、，", "\"'”’»›」』)]")
_PACKED = (
    ("letters", "upper", "digits", "accents"),
    ("ends", "commas", "bars", "wide"),
    ("words", "capitals", "camel", "stops"),
)
_LETTER, _UPPER, _DIGIT, _ACCENT, _END, _COMMA, _BAR, _WIDE_BIT = (1 << bit for bit in range(8))
_OF_WORDS = _LETTER | _UPPER | _DIGIT | _ACCENT


class _Tables(NamedTuple):
    """By code point: classes, the kind of a first and of a last character, lower case."""

    classes: Bits
    first: npt.NDArray[np.int8]
    last: npt.NDArray[np.int8]
    lower: Codes


@cache
def _tables() -> _Tables:
    classes = np.zeros(_BMP, np.uint8)
    first, last = np.zeros(_BMP, np.int8), np.zeros(_BMP, np.int8)
    lower = np.arange(_BMP, dtype=np.uint32)
    for code in range(_BMP):
        category = unicodedata.category(chr(code))
        if category[0] == "L":
            upper = category in ("Lu", "Lt")
            classes[code] = _LETTER | (_UPPER if upper else 0)
            first[code] = 1 if upper else 2 if category == "Ll" else 3
            last[code] = 1
            lower[code] = ord(chr(code).lower()[0])
        elif category[0] == "N":
            classes[code] = _DIGIT
            first[code], last[code] = 4, 2
        elif category[0] == "M":
            classes[code] = _ACCENT
    for bit, chars in ((_END, _SENTENCE_ENDS), (_COMMA, _COMMAS), (_BAR, _BARS)):
        for char in chars:
            classes[ord(char)] |= bit
    for low, high in _WIDE:
        classes[low : high + 1] |= _WIDE_BIT
    for table, kinds, at in ((first, _FIRST, 5), (last, _LAST, 3)):
        for kind, chars in enumerate(kinds, at):
            for char in chars:
                table[ord(char)] = kind
    return _Tables(classes, first, last, lower)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The lines of a page as code points.

    `start` and `end` are the places of the first and the last character of each line in `codes`;
    `classes` the classes of every character.
    """

    codes: Codes
    start: Ints
    end: Ints
    classes: Bits

    @classmethod
    def of(cls, texts: Sequence[str]) -> Glyphs:
        """Look at lines, none of which may be empty."""
        cut = [
            t if len(t) <= MAX_LINE_CHARS else t[: MAX_LINE_CHARS - TAIL_CHARS] + t[-TAIL_CHARS:]
            for t in texts
        ]
        codes = np.frombuffer("\n".join(cut).encode("utf-32-le", "surrogatepass"), np.uint32)
        codes = np.minimum(codes, _BMP - 1)
        length = np.fromiter(map(len, cut), np.int64, len(cut))
        after = np.cumsum(length + 1)
        return cls(codes, after - length - 1, after - 2, _tables().classes[codes])

    def sizes(self) -> Floats:
        """The length of lines in Latin characters."""
        wide = np.add.reduceat(self.classes >> 7, self.start, dtype=np.int64)
        chars = (self.end - self.start + 1).astype(np.float32)
        return chars + np.float32(WIDE_CHAR) * wide.astype(np.float32)

    def counts(self) -> dict[str, Floats]:
        """Characters of each class by line, by the names in `_PACKED`, and `chars` in all.

        `words` counts the starts of words and numbers, `capitals` those with a capital, `camel`
        capitals after a letter, `stops` the sentence ends before something that is no letter or
        digit, `closed` whether one is among the last three characters.
        """
        word = (self.classes & _OF_WORDS) != 0
        upper = (self.classes & _UPPER) != 0
        begin = word.copy()
        begin[1:] &= ~word[:-1]
        camel = upper.copy()
        camel[0] = False
        camel[1:] &= (self.classes[:-1] & (_LETTER | _UPPER)) == _LETTER
        stop = (self.classes & _END) != 0
        stop[:-1] &= ~word[1:]
        joints = begin.view(np.uint8)
        for bit, flag in enumerate((begin & upper, camel, stop), 1):
            joints |= flag.view(np.uint8) << bit
        counts = {"chars": (self.end - self.start + 1).astype(np.float32)}
        flags = (self.classes & 15, self.classes >> 4, joints)
        for four, names in zip(flags, _PACKED, strict=True):
            sums = np.add.reduceat(_SPREAD[four], self.start).view(np.uint16).reshape(-1, 4)
            counts.update(zip(names, sums.T.astype(np.float32), strict=True))
        closed = stop[self.end]
        for back in (1, 2):
            closed = closed | stop[np.maximum(self.end - back, self.start)]
        counts["closed"] = closed.astype(np.float32)
        return counts

    def edges(self) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
        """The kinds of the first and of the last character of each line.

        First: 1 capital, 2 small letter, 3 other letter, 4 digit, 5 opening mark, 6 bullet. Last: 1
        letter, 2 digit, 3 sentence end, 4 colon, 5 ellipsis, 6 comma, 7 closing mark. 0: another.
        """
        tables = _tables()
        return tables.first[self.codes[self.start]], tables.last[self.codes[self.end]]

    def words(self) -> tuple[Codes, Ints]:
        """A number for every word, the same for the same letters in any case, and its line.

        A word is a run of letters and accents; of scripts without blanks, a character. Its number
        is a polynomial of its letters, read off the sums over the line up to its two ends.
        """
        apart = (self.classes & _WIDE_BIT) != 0
        letter = (self.classes & (_LETTER | _ACCENT | _WIDE_BIT)) != 0
        apart |= ~letter
        begin, finish = letter.copy(), letter.copy()
        begin[1:] &= apart[1:] | apart[:-1]
        finish[:-1] &= apart[1:] | apart[:-1]
        first, last = np.flatnonzero(begin), np.flatnonzero(finish)
        length = self.end - self.start + 2
        line = np.repeat(np.arange(len(length)), length)[:-1]
        place = np.arange(len(self.codes)) - self.start[line]
        sums = np.zeros(len(self.codes) + 1, np.uint32)
        np.cumsum(_tables().lower[self.codes] * _POWERS[place], dtype=np.uint32, out=sums[1:])
        numbers = (sums[last + 1] - sums[first]) * _INVERSES[place[first]]
        return mixed(numbers), line[first]


def mixed(numbers: Codes) -> Codes:
    """Spread numbers over 32 bits (the finaliser of MurmurHash3, by Austin Appleby)."""
    numbers = (numbers ^ (numbers >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    numbers = (numbers ^ (numbers >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return numbers ^ (numbers >> np.uint32(16))


_PRIME = 0x01000193
"""The FNV prime; odd, so that it can be divided by modulo 2**32."""
_POWERS = np.cumprod(np.full(MAX_LINE_CHARS + 1, _PRIME, np.uint32), dtype=np.uint32)
_INVERSES = np.cumprod(
    np.append(np.uint32(1), np.full(MAX_LINE_CHARS, pow(_PRIME, -1, 1 << 32), np.uint32)),
    dtype=np.uint32,
)
_SPREAD = np.array([sum((flags >> bit & 1) << 16 * bit for bit in range(4)) for flags in range(16)])
"""Four flags, each in a field of 16 bits."""
