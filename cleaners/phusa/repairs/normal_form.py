"""Unicode normal form C, and the replacement characters that no repair can fill."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from phusa import syllables
from phusa.findings import Finding, Rule
from phusa.page import Page, Signs, Stage
from phusa.repairs import classes
from phusa.repairs.verdicts import by_line, vietnamese

NOT_NFC = Rule(
    "ENC040",
    "not-nfc",
    "Letters written as a base and combining marks.",
    """The same word can be written with composed letters or with base letters and combining marks,
and the two do not compare equal. Words that are not in Unicode normal form C are put into it; what
they look like does not change. Windows-1258 writes Vietnamese so, and some converters put the tone
before the circumflex or the breve: in Vietnamese lines that is put right too, where it makes a
syllable.""",
)
REPLACEMENT_CHARACTER = Rule(
    "ENC050",
    "replacement-character",
    "U+FFFD stands where a character was lost.",
    """Somebody decoded this text wrongly before phusa saw it, or its bytes were not valid, and a
character is gone for good. It is only reported: `ti\N{REPLACEMENT CHARACTER}n` may have been tiền
or tiến. The page gets one finding at the first of them, with their number.""",
)

MARK_RUN = Rule(
    "ENC041",
    "mark-run",
    "More than thirty combining marks in a row.",
    """No language needs more than a few marks on a letter, and Unicode's stream-safe format allows
thirty. Longer runs are made to break programs, whose work on them grows with the square of their
length; the marks beyond the thirtieth are taken out.""",
)

MAX_MARKS = 30
"""Unicode Standard Annex 15, stream-safe text format."""

_WORD = re.compile(r"\S+")
_CAN_DECOMPOSE = re.compile(f"[{classes.CAN_DECOMPOSE}]")
# Where a run may be, not where one is. The class is written twice because the engine looks for the
# start of a counted class three times slower than for a plain one.
_MARKS = re.compile(f"[{classes.CAN_DECOMPOSE}][{classes.CAN_DECOMPOSE}]{{{MAX_MARKS},}}")
_SHAPES = "\u0302\u0306"
"""The circumflex and the breve, which make other vowels, as the horn does. Normal form C keeps the
order of these and the tones above the letter."""
_TONE_FIRST = re.compile(f"[àáảãèéẻẽòóỏõÀÁẢÃÈÉẺẼÒÓỎÕ][{_SHAPES}]")
_WITH_SHAPES = re.compile(f"[\\w{_SHAPES}]+")


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for words that are not composed, and one report for lost characters.

    >>> [(f.rule, f.replacement) for f in propose(Page("Ky\u0300 la\u0323\u0302p ti\ufffdn"))]
    [('ENC040', 'Kỳ'), ('ENC040', 'lập'), ('ENC050', None)]
    """
    text = page.text
    findings = _long_runs(text)
    if findings:
        return findings  # before anything else asks for the normal form
    if not unicodedata.is_normalized("NFC", text) or _TONE_FIRST.search(text):
        findings = _composed(text)
    lost = text.count("\ufffd")
    if lost:
        first = text.find("\ufffd")
        message = f"{lost} character{'s were' if lost > 1 else ' was'} lost in decoding"
        findings.append(Finding(REPLACEMENT_CHARACTER.code, first, first + 1, message))
    return findings


def _composed(text: str) -> list[Finding]:
    """The words that are not in normal form C, or have a tone before the mark that it stands on."""
    findings: list[Finding] = []
    is_vietnamese = by_line(text, _will_be_vietnamese, _will_be_vietnamese)
    done = 0
    for place in _CAN_DECOMPOSE.finditer(text):
        start = place.start()
        if start < done:
            continue
        while start > done and not text[start - 1].isspace():
            start -= 1
        match = _WORD.match(text, start)
        if match is None:
            continue  # a blank that has another form
        done = match.end()
        word = unicodedata.normalize("NFC", match[0])
        if _TONE_FIRST.search(word) and is_vietnamese(start):
            word = _WITH_SHAPES.sub(_reordered, word)
        if word != match[0]:
            findings.append(Finding(NOT_NFC.code, start, done, "not in normal form C", word))
    return findings


def _will_be_vietnamese(text: str) -> bool | None:
    return vietnamese(unicodedata.normalize("NFC", text))


def _reordered(match: re.Match[str]) -> str:
    """A syllable with its tone after the mark that it stands on; what makes none, as it is."""
    word = _TONE_FIRST.sub(_tone_last, match[0])
    return word if syllables.parse(word) else match[0]


def _tone_last(match: re.Match[str]) -> str:
    apart = unicodedata.normalize("NFD", match[0])  # letter, tone, shape
    return unicodedata.normalize("NFC", apart[0] + apart[2] + apart[1])


def _long_runs(text: str) -> list[Finding]:
    """Cut runs of marks, in time that grows with their length."""
    findings: list[Finding] = []
    for stretch in _MARKS.finditer(text):
        start = stretch.start()
        for at in range(stretch.start(), stretch.end() + 1):
            if at == stretch.end() or not unicodedata.combining(text[at]):
                if at - start > MAX_MARKS:
                    cut, marks = start + MAX_MARKS, at - start
                    findings.append(Finding(MARK_RUN.code, cut, at, f"{marks} marks", ""))
                start = at + 1
    return findings


STAGE = Stage(
    "normal-form",
    (NOT_NFC, MARK_RUN, REPLACEMENT_CHARACTER),
    propose,
    by_line=False,
    signs=(Signs(classes.CAN_DECOMPOSE), Signs("\ufffd")),
)
