"""The Vietnamese syllable: what is one, what it is made of, and where its tone mark goes.

A syllable is an onset, a rime and a tone; the lists are in `languages/vi/syllables.toml`. The
grammar judges spelling, not meaning: it accepts what could be a syllable, and nearly nothing that
damage makes of one is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from phusa import languages
from phusa.recipe import ToneStyle

TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
"""Combining marks of the tones: none, huyền, sắc, hỏi, ngã, nặng."""
STOP_TONES = ("\u0301", "\u0323")
"""Syllables that end in c, ch, p or t have sắc or nặng only."""

VIETNAMESE_SHARE = 0.06
_OWN_LETTER = re.compile("[ƠơƯưẢ-ặẺẻẾ-ỉỎ-ợỦ-ựỶỷ]")
"""Letters that only Vietnamese has: with a horn, a hook above, or two marks. Others have a dot
below or a tilde too (Yoruba, Igbo, Guarani), or a breve (Romanian)."""
VOWELS = frozenset("aăâeêioôơuưy")
_MARKED = frozenset("ăâêôơư")
_IN_NEW_STYLE = frozenset(("oa", "oe", "uy"))


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable in small letters; `tone` is one of `TONES`."""

    onset: str
    rime: str
    tone: str

    def spelled(self, style: ToneStyle = "old") -> str:
        """The syllable as it is written, in normal form C.

        The style says where the tone goes on oa, oe and uy at the end.

        >>> Syllable("h", "oa", TONES[1]).spelled(), Syllable("h", "oa", TONES[1]).spelled("new")
        ('hòa', 'hoà')
        """
        return self.onset + _toned(self.rime, self.tone, style)


def is_syllable(word: str) -> bool:
    """Whether a word could be a Vietnamese syllable, its tone mark placed in either style.

    `word` is in normal form C, its letters in any case.

    >>> [is_syllable(word) for word in ("phường", "HÒA", "hoà", "qúy", "bus", "gì", "nghành")]
    [True, True, True, False, False, True, False]
    """
    return word.lower() in _spellings()


def is_vietnamese(text: str) -> bool:
    """Whether a text, or a line of one, is in Vietnamese and in good order.

    Vietnamese has letters that no other language has; of all letters they must be
    `VIETNAMESE_SHARE`. In Vietnamese prose they are about 15 %.

    >>> [is_vietnamese(text) for text in ("Đảng bộ thị xã Kỳ Anh", "più di così", "Ọmọ ẹgbẹ́")]
    [True, False, False]
    """
    own = len(_OWN_LETTER.findall(text))
    return bool(own) and own >= VIETNAMESE_SHARE * sum(map(str.isalpha, text))


def parse(word: str) -> Syllable | None:
    """The syllable that a word spells, its tone mark on whichever vowel; None for other words.

    >>> parse("qúy"), parse("lựơng").spelled(), parse("bus")
    (Syllable(onset='qu', rime='y', tone='́'), 'lượng', None)
    """
    letters, tones = bare(word.lower())
    if len(tones) > 1:
        return None
    parts = _toneless().get(letters)
    if parts is None or (tones not in STOP_TONES and parts[1] in _stop_rimes()):
        return None
    return Syllable(*parts, tones)


def bare(word: str) -> tuple[str, str]:
    """A word without its tone marks, in normal form C, and the marks.

    >>> bare("tiếng")
    ('tiêng', '́')
    """
    marks: list[str] = []
    letters: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        (marks if char in TONES else letters).append(char)
    return unicodedata.normalize("NFC", "".join(letters)), "".join(marks)


@cache
def _toned(rime: str, tone: str, style: ToneStyle) -> str:
    """A rime with its tone: on the marked vowel, else the middle one of three or before a coda."""
    if not tone:
        return rime
    vowels = [i for i, char in enumerate(rime) if char in VOWELS]
    marked = [i for i in vowels if rime[i] in _MARKED]
    if marked:
        at = marked[-1]
    elif len(vowels) == 1:
        at = vowels[0]
    elif len(vowels) == 3 or rime[-1] not in VOWELS or (style == "new" and rime in _IN_NEW_STYLE):
        at = vowels[1]
    else:
        at = vowels[0]
    return unicodedata.normalize("NFC", rime[: at + 1] + tone + rime[at + 1 :])


@cache
def _stop_rimes() -> frozenset[str]:
    table = languages.syllables()
    return frozenset((*table["stop"], *table["qu"]["stop"]))


@cache
def _toneless() -> dict[str, tuple[str, str]]:
    """Onset and rime by the letters of a syllable without its tone."""
    table = languages.syllables()
    front, e = tuple(table["front"]), tuple(table["front"][:2])
    found: dict[str, tuple[str, str]] = {}
    for onset in table["onsets"]:
        for rime in (*table["open"], *table["nasal"], *table["stop"]):
            if rime in table["without_onset" if onset else "with_onset"]:
                continue
            if onset in table["before_front"] and not rime.startswith(front):
                continue
            if onset in table["not_before_front"] and rime.startswith(front):
                continue
            if onset in table["not_before_e"] and rime.startswith(e):
                continue
            # gi before a vowel is the onset (già), else g + i (gìn): the longer onset comes later
            if onset == "gi" and rime.startswith(("i", "y")):
                continue
            found[onset + rime] = onset, rime
    for rimes in table["qu"].values():
        found.update({"qu" + rime: ("qu", rime) for rime in rimes})
    return found


@cache
def _spellings() -> frozenset[str]:
    """Every spelling of every syllable, in small letters."""
    stop = _stop_rimes()
    styles: tuple[ToneStyle, ...] = ("old", "new")
    return frozenset(
        onset + _toned(rime, tone, style)
        for onset, rime in _toneless().values()
        for tone in (STOP_TONES if rime in stop else TONES)
        for style in styles
    )
