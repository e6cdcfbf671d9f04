"""Whether a word is to be repaired: its own reading first, then the words around it."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from phusa import languages
from phusa.repairs.spelling import glued, keys, tones
from phusa.repairs.spelling.readings import OWN_LETTER, Proof, Reading
from phusa.syllables import parse

MAX_LETTERS = 24
"""Longer runs of letters are no words of Vietnamese, glued or not."""
NEAR_WORDS = 6
"""So many words on each side, in the same line, tell the language around a word."""
MIN_SHARE = {Proof.STRONG: 0.35, Proof.WEAK: 0.5}
"""Of the words around, how many must be Vietnamese words with marks. In Vietnamese prose three of
four are. With 0.35 nothing English is touched in 73,000 lines of translated programs."""

_REACH = 64
"""Characters that hold so many words."""
_WORD = re.compile(r"[^\W_]+")
_CACHED_WORDS = 1 << 13
_TAGS = frozenset("@#_=\\")
"""What stands next to names of users, topics, files and variables."""
_EDGE_BEFORE = re.compile(r"(?:\A|[\s(\[{“‘\"«–—…,;!?*|•])\Z")
_EDGE_AFTER = re.compile(r"\Z|[\s)\]}…,;!?/–—|*•]|[.:”’'\"»](?:\Z|[\s!-/:-@…”’»])")
"""What stands beside a word in prose. Addresses, file names and programs have other characters
there, and so has text that was misread: `Viá»‡t`."""
_COMBINING = re.compile("[\u0300-\u036f]")
"""Marks that make no composed letter with the one before; Vietnamese needs none."""
_OPENING = frozenset("\"'“‘«([")
_CLOSING = frozenset("\"'”’»)]")


class Kind(IntEnum):
    """What a word says of the language it stands in."""

    NOTHING = 0
    FOREIGN = 1
    PLAIN = 2
    """A syllable without marks, which other languages may have as a word."""
    MARKED = 3
    OWN = 4
    """A syllable with letters that only Vietnamese has."""


@lru_cache(maxsize=_CACHED_WORDS)
def reading(word: str) -> Reading | None:
    """What a word was meant to be, by its letters alone; None if nothing is wrong with it.

    >>> reading("lựơng").text, reading("mớihiệu").text, reading("tieengs").text, reading("user")
    ('lượng', 'mới hiệu', 'tiếng', None)
    """
    if len(word) > MAX_LETTERS or word.lower() in languages.false_friends():
        return None
    return tones.replaced(word) or glued.split(word) or keys.typed(word)


@lru_cache(maxsize=_CACHED_WORDS)
def kind(word: str) -> Kind:
    """What a word says of its line. Misspelled ones count as what they should be.

    >>> [kind(word).name for word in ("UBND", "this", "anh", "là", "người", "nguowif")]
    ['NOTHING', 'FOREIGN', 'PLAIN', 'MARKED', 'OWN', 'OWN']
    """
    meant = reading(word)
    if meant is not None:
        word = meant.text
    elif not word.isalpha() or (word.isascii() and (len(word) == 1 or word.isupper())):
        return Kind.NOTHING
    if not all(map(parse, word.split())):
        return Kind.FOREIGN
    if word.isascii():
        return Kind.PLAIN
    return Kind.OWN if OWN_LETTER.search(word) else Kind.MARKED


def is_among_vietnamese(text: str, start: int, end: int, proof: Proof) -> bool:
    """Whether what stands around a word makes its reading sure.

    >>> is_among_vietnamese("số lựơng", 3, 8, Proof.WHOLE)
    True
    >>> is_among_vietnamese("ông nói più di così", 8, 11, Proof.STRONG)
    False
    """
    if proof is Proof.WHOLE:
        return True
    if _is_cited(text, start, end, proof):
        return False
    before, after = _around(text, start, end)
    near = before + after
    marked = sum(one >= Kind.MARKED for one in near)
    if Kind.OWN not in near or marked < MIN_SHARE[proof] * len(near):
        return False
    neighbours = before[-1:] + after[:1]
    return Kind.FOREIGN not in neighbours and (
        proof is not Proof.WEAK or max(neighbours) >= Kind.MARKED
    )


def _is_cited(text: str, start: int, end: int, proof: Proof) -> bool:
    """Whether a word stands in quotes or brackets; on one side is enough to doubt a weak proof."""
    opened = start > 0 and text[start - 1] in _OPENING
    closed = text[end : end + 1] in _CLOSING
    return (opened or closed) if proof is Proof.WEAK else (opened and closed)


def _around(text: str, start: int, end: int) -> tuple[list[Kind], list[Kind]]:
    """The kinds of the words that tell something before and after a word, in its line."""
    low = max(0, start - _REACH)
    line = text.rfind("\n", low, start) + 1
    before = _WORD.findall(text, line or low, start)
    if low and not line and text[low - 1].isalnum():
        del before[:1]  # it is cut
    high = min(len(text), end + _REACH)
    line = text.find("\n", end, high)
    after = _WORD.findall(text, end, high if line < 0 else line)
    if line < 0 and text[high : high + 1].isalnum():
        del after[-1:]
    return _telling(before)[-NEAR_WORDS:], _telling(after)[:NEAR_WORDS]


def _telling(words: list[str]) -> list[Kind]:
    return [one for one in map(kind, words) if one is not Kind.NOTHING]


def is_sealed(text: str, start: int, end: int, proof: Proof) -> bool:
    """Whether a word is part of an address, a file's name, a tag or the like.

    >>> is_sealed("#cuả", 1, 4, Proof.WHOLE), is_sealed("a/cuả", 2, 5, Proof.WHOLE)
    (True, False)
    >>> is_sealed("ddoong.vn", 0, 6, Proof.STRONG), is_sealed("ddoong. Và", 0, 6, Proof.STRONG)
    (True, False)
    """
    if proof is not Proof.WHOLE:
        before = _EDGE_BEFORE.search(text, max(0, start - 1), start)
        return not (before and _EDGE_AFTER.match(text, end))
    if (start and text[start - 1] in _TAGS) or text[end : end + 1] in _TAGS:
        return True
    return _COMBINING.match(text, end) is not None
