"""Where the words may be that Vietnamese misspells: one look at all characters at once.

Each character becomes one of 39 kinds, and the kinds of three in a row one number, which a table
answers. The table is made from the grammar of the syllable. It holds what no syllable has: a tone
mark on the wrong vowel, the end of a syllable with the start of another behind it, and letters
that are typed for marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from phusa import languages
from phusa.syllables import TONES, VOWELS, parse

_BLOCK = 1 << 16
"""So many characters are looked at together, which bounds the memory that long texts need."""
_BMP = 1 << 16
_TONE = TONES[2]
"""Where a tone mark goes does not depend on which it is, and syllables of every rime have this."""

_GROUPS = ("blvđ", "c", "d", "g", "h", "k", "m", "n", "p", "q", "t", "rsx", "fjwz", "6789")
"""Consonants, and digits that are typed for letters; those of a group are one kind."""
_DOUBLED = "aeod"


class _Tables(NamedTuple):
    """The kind of each character (0 for all others), how many kinds, and which three are odd."""

    kinds: npt.NDArray[np.uint16]
    number: int
    odd: npt.NDArray[np.bool_]


def suspects(text: str) -> bytes:
    """A byte for each character: 1 in words that may be misspelled, which are few in clean text.

    >>> suspects("Đảng bộ phường").count(1), suspects("số lựơng").find(1)
    (0, 4)
    """
    kinds, number, odd = _tables()
    # the first and the last character need neighbours too
    codes = np.frombuffer(f" {text} ".encode("utf-16-le", "surrogatepass"), "<u2")
    if len(codes) != len(text) + 2:  # pairs of surrogates, which the kinds do not know
        codes = np.fromiter(map(ord, f" {text} "), np.uint32).clip(max=_BMP - 1)
    found = []
    for start in range(0, len(text), _BLOCK):
        block = kinds.take(codes[start : start + _BLOCK + 2])
        threes = block[:-2] * np.uint16(number * number)
        threes += block[1:-1] * np.uint16(number)
        threes += block[2:]
        found.append(odd.take(threes).tobytes())
    return b"".join(found)


@cache
def _tables() -> _Tables:
    kinds = {}
    vowels = sorted(VOWELS)
    for kind, vowel in enumerate(vowels, 1):
        kinds[vowel] = kind
        for tone in TONES[1:]:
            kinds[_with_tone(vowel, tone)] = kind + len(vowels)
    for kind, group in enumerate(_GROUPS, 2 * len(vowels) + 1):
        kinds.update(dict.fromkeys(group, kind))
    number = max(kinds.values()) + 1
    by_code = np.zeros(_BMP, np.uint16)
    for char, kind in kinds.items():
        by_code[[ord(char), ord(char.upper())]] = kind
    odd = np.zeros((number, number, number), np.bool_)
    as_kinds = str.maketrans({char: chr(kind) for char, kind in kinds.items()})
    for three in _odd_threes([[word.translate(as_kinds) for word in words] for words in _words()]):
        odd[tuple(map(ord, three))] = True
    digit = kinds["6"]
    odd[:, kinds["f"]] = True  # letters that no syllable has
    odd[1:digit, kinds["s"], 0] = True  # ... or that none ends in
    odd[1:digit, digit] = True
    for letter in _DOUBLED:
        odd[:, kinds[letter], kinds[letter]] = True
    return _Tables(by_code, number, odd.ravel())


def _odd_threes(words: list[list[str]]) -> set[str]:
    """Threes that misplaced tones and joined syllables have and no syllable has, as kinds."""
    right, wrong = words
    threes = _threes(wrong)
    for length in (1, 2):
        ends = {word[-length:] for word in right if len(word) > 1}
        starts = {word[: 3 - length] for word in right if len(word) > 1}
        threes |= {end + start for end in ends for start in starts}
    return threes - _threes(right)


def _threes(words: Iterable[str]) -> set[str]:
    marked = (f"\0{word}\0" for word in words)
    return {word[i : i + 3] for word in marked for i in range(len(word) - 2)}


def _words() -> tuple[set[str], set[str]]:
    """Syllables without a tone and with one, and the same with the tone on another vowel."""
    table = languages.syllables()
    rimes = [*table["open"], *table["nasal"], *table["stop"]]
    all_letters = [onset + rime for onset in table["onsets"] for rime in rimes]
    all_letters += ["qu" + rime for rimes in table["qu"].values() for rime in rimes]
    right, wrong = set(), set()
    for letters in all_letters:
        syllable = parse(letters + _TONE)
        if syllable is None:
            continue
        right |= {letters, syllable.spelled("old"), syllable.spelled("new")}
        wrong |= {
            letters[:i] + _with_tone(char, _TONE) + letters[i + 1 :]
            for i, char in enumerate(letters)
            if char in VOWELS
        }
    return right, wrong - right


def _with_tone(vowel: str, tone: str) -> str:
    return unicodedata.normalize("NFC", vowel + tone)
