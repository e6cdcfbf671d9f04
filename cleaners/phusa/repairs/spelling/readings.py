"""What a misspelled word should be, and how much the words around it must speak for that."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from phusa.page import Signs

OWN_LETTER = re.compile("[ƠơƯưĐđẢ-ặẺẻẾ-ỉỎ-ợỦ-ựỶỷ]")
"""Letters of Vietnamese that the languages it is quoted with do not have."""

SIGNS = (Signs("ƠơƯưẠ-ỹ"),)
"""A text without any of these is not Vietnamese, or too short to tell."""


class Proof(IntEnum):
    """How sure a word alone makes its reading, from quite sure to hardly."""

    WHOLE = 0
    STRONG = 1
    WEAK = 2


class Reading(NamedTuple):
    """A repair of a word: the rule, what stands instead, and the proof that the word gives.

    With a `tone` the word has taken a key of the syllable before it, which gets the tone.
    """

    rule: str
    text: str
    proof: Proof
    tone: str = ""

    @classmethod
    def of(cls, word: str, rule: str, small: str, proof: Proof) -> Reading | None:
        """The reading of a word, in its case; None where that is mixed."""
        text = in_case(small, word)
        return cls(rule, text, proof) if text else None


def in_case(small: str, word: str) -> str | None:
    """A text in small letters in the case of a word: small, capital or title; None for others.

    >>> in_case("lượng", "Lựơng"), in_case("lượng", "LỰƠNG"), in_case("lượng", "lựƠng")
    ('Lượng', 'LƯỢNG', None)
    """
    if word.islower():
        return small
    if word.isupper() and len(word) > 1:
        return small.upper()
    if word[0].isupper() and word[1:].islower():
        return small[0].upper() + small[1:]
    return None
