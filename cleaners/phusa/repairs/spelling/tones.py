"""Tone marks: on the wrong vowel of a syllable, or placed in another style than is wanted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from phusa.findings import Finding, Rule
from phusa.page import Page, Stage
from phusa.recipe import ToneStyle
from phusa.repairs.spelling.readings import OWN_LETTER, SIGNS, Proof, Reading, in_case
from phusa.syllables import TONES, VOWELS, is_syllable, is_vietnamese, parse

MISPLACED_TONE = Rule(
    "ENC070",
    "misplaced-tone",
    "A tone mark on the wrong vowel: `lựơng` for `lượng`.",
    """Keyboards and old converters put tone marks on a vowel that cannot have them: lựơng, baỏ,
qúy, cuả, hòan. The mark is put where it belongs. Both places that are right stay (hòa and hoà, thủy
and thuỷ). Words whose letters other languages have too are repaired only among Vietnamese words, so
that più, daí and raó stay.""",
)
TONE_STYLE = Rule(
    "ENC071",
    "tone-style",
    "A tone mark in the other style: `hoà` where `hòa` is wanted. Off by default.",
    """Syllables that end in oa, oe or uy have their tone mark on the first vowel in the old style
(hòa) and on the second in the new one (hoà). Both are right. With an option the lines in Vietnamese
are put into one style, so that the same word is always the same.""",
)

_EITHER = re.compile(
    "(?<![qQ])(?:[òóỏõọÒÓỎÕỌ][aeAE]|[oO][àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]"
    r"|[ùúủũụÙÚỦŨỤ][yY]|[uU][ỳýỷỹỵỲÝỶỸỴ])(?![^\W\d_])"
)
"""The end of a word whose tone mark has two places."""
_TONED_CONSONANT = re.compile(
    "[^a-zđ{}]".format(
        "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES)
    )
)
"""Other languages have them: ñ, ć, ṭ."""
_LETTERS_BEFORE = re.compile(r"[^\W\d_]*\Z")
_MAX_ONSET = 3


def replaced(word: str) -> Reading | None:
    """The word with its tone mark where it belongs, if that is what is wrong with it.

    >>> replaced("Lựơng").text, replaced("QÚY").text, replaced("hoà"), replaced("Zoé")
    ('Lượng', 'QUÝ', None, None)
    """
    small = word.lower()
    if is_syllable(small) or _TONED_CONSONANT.search(small):
        return None
    syllable = parse(small)
    if syllable is None:
        return None
    right = syllable.spelled()
    proof = Proof.WHOLE if OWN_LETTER.search(right) else Proof.STRONG
    return Reading.of(word, MISPLACED_TONE.code, right, proof)


@cache
def tone_style(style: ToneStyle) -> Stage:
    """The stage that puts the tone marks of Vietnamese lines into a style, `old` or `new`.

    >>> page = Page("Hòa giải ở Lộc Thủy")
    >>> [(f.start, f.replacement) for f in tone_style("new").propose(page)]
    [(0, 'Hoà'), (15, 'Thuỷ')]
    """

    def propose(page: Page) -> Sequence[Finding]:
        findings: list[Finding] = []
        at = 0
        for line in page.text.split("\n"):
            if _EITHER.search(line) and is_vietnamese(line):
                findings += _in_style(line, at, style)
            at += len(line) + 1
        return findings

    return Stage(f"tone-style-{style}", (TONE_STYLE,), propose, signs=SIGNS)


def _in_style(line: str, at: int, style: ToneStyle) -> list[Finding]:
    findings = []
    for match in _EITHER.finditer(line):
        before = _LETTERS_BEFORE.search(line, max(0, match.start() - _MAX_ONSET - 1), match.start())
        assert before is not None
        start, end = before.start(), match.end()
        word = line[start:end]
        syllable = parse(word) if is_syllable(word) else None
        text = syllable and in_case(syllable.spelled(style), word)
        if text and text != word:
            message = f"tone mark in the {style} style"
            findings.append(Finding(TONE_STYLE.code, at + start, at + end, message, text))
    return findings
