"""Vietnamese spelling: misplaced tone marks, keys of input methods left in words, lost blanks.

One search finds the places that no syllable has; the words there are read, and repaired where the
words around are Vietnamese. Nothing is decided by the page, so that a line is repaired the same
wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from phusa.findings import Finding
from phusa.page import Page, Stage
from phusa.repairs.spelling.glued import GLUED_WORDS, is_name
from phusa.repairs.spelling.judgement import (
    MAX_LETTERS,
    is_among_vietnamese,
    is_sealed,
    reading,
)
from phusa.repairs.spelling.keys import TELEX, VNI_TYPING
from phusa.repairs.spelling.readings import OWN_LETTER, SIGNS, Proof, Reading, in_case
from phusa.repairs.spelling.search import suspects
from phusa.repairs.spelling.tones import MISPLACED_TONE, TONE_STYLE, tone_style
from phusa.syllables import parse

__all__ = ["STAGE", "TONE_STYLE", "propose", "tone_style"]

_MESSAGES = {
    MISPLACED_TONE.code: "the tone mark is on the wrong vowel",
    TELEX.code: "Telex keys",
    VNI_TYPING.code: "VNI keys",
    GLUED_WORDS.code: "a blank was lost",
}
_RUN = re.compile(rf"[^\W_]{{0,{2 * MAX_LETTERS + 1}}}")


def propose(page: Page) -> Sequence[Finding]:
    """Repairs for misspelled words.

    >>> [(f.rule, f.replacement) for f in propose(Page("Số lựơng đông fbooj, mớihiệu thì"))]
    [('ENC070', 'lượng'), ('ENC072', 'đồng bộ'), ('ENC074', 'mới hiệu')]
    """
    text = page.text
    findings: list[Finding] = []
    for start, end in _odd_words(text):
        meant = reading(text[start:end])
        if meant is None or _stays(text, start, end, meant):
            continue
        first, new = start, meant.text
        if meant.tone:
            first, new = _with_word_before(text, start, meant)
        if new and is_among_vietnamese(text, first, end, meant.proof):
            findings.append(Finding(meant.rule, first, end, _MESSAGES[meant.rule], new))
    return findings


def _odd_words(text: str) -> Iterator[tuple[int, int]]:
    """The words that may be misspelled, in the lines that have a letter of Vietnamese."""
    odd = suspects(text)
    at, line_end = odd.find(1), -1
    while at >= 0:
        if at > line_end:
            own = OWN_LETTER.search(text, text.rfind("\n", 0, at) + 1)
            if own is None:
                return
            line_end = text.find("\n", own.start()) % (len(text) + 1)
            line = text.rfind("\n", 0, own.start()) + 1
            if at < line:
                at = odd.find(1, line)
                continue
        start, end = _word(text, at)
        yield start, end
        at = odd.find(1, end)


def _word(text: str, at: int) -> tuple[int, int]:
    """The run of letters and digits around a place; of a longer one than words are, a part."""
    low = at - MAX_LETTERS if at > MAX_LETTERS else 0
    start = text.rfind(" ", low, at) + 1 or low
    while True:
        run = _RUN.match(text, start)
        assert run is not None  # it may be empty
        end = run.end()
        if end > at:
            return start, end
        start = end + 1


def _stays(text: str, start: int, end: int, meant: Reading) -> bool:
    """Whether a word is a name of something and stays whatever is around it."""
    return is_sealed(text, start, end, meant.proof) or (
        meant.rule == GLUED_WORDS.code and is_name(text, start)
    )


def _with_word_before(text: str, start: int, meant: Reading) -> tuple[int, str]:
    """Where the word before starts, and both words; an empty text if it cannot have the tone."""
    if start < 2 or text[start - 1] != " ":
        return start, ""
    first, end = _word(text, start - 2)
    word = text[first:end]
    syllable = parse(word + meant.tone) if word else None
    if syllable is None or (meant.proof is Proof.WEAK and word.isascii()):
        return start, ""
    toned = in_case(syllable.spelled(), word)
    return first, f"{toned} {meant.text}" if toned else ""


STAGE = Stage(
    "spelling",
    (MISPLACED_TONE, TELEX, VNI_TYPING, GLUED_WORDS),
    propose,
    signs=SIGNS,
)
