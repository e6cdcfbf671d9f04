"""Words that lost the blank between them."""

from __future__ import annotations

import re
from itertools import pairwise

from phusa import languages
from phusa.findings import Rule
from phusa.repairs.spelling.readings import OWN_LETTER, Proof, Reading
from phusa.syllables import STOP_TONES, VOWELS, bare, is_syllable, parse

GLUED_WORDS = Rule(
    "ENC074",
    "glued-words",
    "Two or three syllables with no blank between them: `mớihiệu` for `mới hiệu`.",
    """A blank got lost, and two words became one. They are cut where both parts are syllables, and
only if there is one such place. Names and loanwords that are written in one block stay: they have
other tone marks than native words, or are in a table.""",
)

_SENTENCE_START = re.compile(r"(?:\A|\n|[.!?…:;“\"‘(\-–—•] ?)\Z")
MIN_LETTERS = 2
"""Of a part. Nearly every word could be cut behind a single letter."""
_MAX_LETTERS = 7
"""Of a syllable: `nghiêng`."""
_LOAN_TONE = STOP_TONES[0]


def split(word: str) -> Reading | None:
    """The syllables of a word that is none, if it can be cut in one way only.

    >>> split("mớihiệu").text, split("doanhTrở").text, split("thànhphố").text
    ('mới hiệu', 'doanh Trở', 'thành phố')
    >>> split("Niutơn"), split("Đắkrông"), split("thànhanh"), split("Pokémon")
    (None, None, None, None)
    """
    small = word.lower()
    if (
        not 2 * MIN_LETTERS <= len(word) <= 3 * _MAX_LETTERS
        or not OWN_LETTER.search(small)
        or parse(small) is not None
        or small in languages.one_block()
    ):
        return None
    cuts = _at_capital(word) if _has_inner_capital(word) else _cuts(small)
    if cuts is None:
        return None
    places = [0, *cuts, len(word)]
    parts = [word[a:b] for a, b in pairwise(places)]
    if not any(map(_is_native, parts)):
        return None
    return Reading(GLUED_WORDS.code, " ".join(parts), Proof.STRONG)


def is_name(text: str, start: int) -> bool:
    """Whether a word with a capital is one that no sentence starts with: Quảngtrị.

    >>> is_name("ở Quảngtrị", 2), is_name("Đếnnăm nay", 0), is_name("xong. Đếnnăm nay", 6)
    (True, False, False)
    """
    return text[start].isupper() and not _SENTENCE_START.search(text, max(0, start - 2), start)


def _has_inner_capital(word: str) -> bool:
    return not word[1:].islower()


def _at_capital(word: str) -> list[int] | None:
    """The place of the one capital, where a sentence ran into the next: `doanhTrở`.

    Two capitals make a name that is written so.
    """
    capitals = [i for i, char in enumerate(word) if char.isupper()]
    if len(capitals) != 1:
        return None
    cut = capitals[0]
    fits = MIN_LETTERS <= cut <= len(word) - MIN_LETTERS
    return [cut] if fits and is_syllable(word[:cut]) and is_syllable(word[cut:]) else None


def _cuts(word: str) -> list[int] | None:
    """The only way to cut a word into two syllables, or into three if there is none into two."""
    twos = [[i] for i in _ends(word, 0) if _is_part(word[i:])]
    if len(twos) == 1:
        return twos[0]
    if twos:
        return None
    threes = [[i, j] for i in _ends(word, 0) for j in _ends(word, i) if _is_part(word[j:])]
    return threes[0] if len(threes) == 1 else None


def _ends(word: str, start: int) -> list[int]:
    """Where a syllable that starts at a place may end and another begin.

    That is never between two vowels: a vowel is typed twice or has lost its mark more often than a
    blank is lost there (cảảnh, ngừoi).
    """
    last = min(start + _MAX_LETTERS, len(word) - MIN_LETTERS)
    return [
        i
        for i in range(start + MIN_LETTERS, last + 1)
        if is_syllable(word[start:i]) and not (_is_vowel(word[i - 1]) and _is_vowel(word[i]))
    ]


def _is_part(word: str) -> bool:
    return len(word) >= MIN_LETTERS and is_syllable(word)


def _is_vowel(letter: str) -> bool:
    return bare(letter)[0] in VOWELS


def _is_native(part: str) -> bool:
    """Whether a part has a tone that loanwords do not have.

    Loanwords in one block (Niutơn, virút, cácbon) have a tone only where a stop ends a syllable,
    and then this one. No loanword has ươ.
    """
    syllable = parse(part)
    if syllable is None or not syllable.tone:
        return False
    stopped = syllable.rime.endswith(("c", "ch", "p", "t"))
    return not stopped or syllable.tone != _LOAN_TONE or "ươ" in syllable.rime
