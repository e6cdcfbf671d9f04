"""Unicode normal form C, and the replacement characters that no repair can fill."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from phusa.findings import Finding, Rule
from phusa.page import Page, Stage

NOT_NFC = Rule(
    "ENC040",
    "not-nfc",
    "Letters written as a base and combining marks.",
    """The same word can be written with composed letters or with base letters and combining marks,
and the two do not compare equal. Words that are not in Unicode normal form C are put into it; what
they look like does not change.""",
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
# Blocks that hold combining marks, their letters too: where a run may be, not where one is. The
# class is written twice because the engine looks for the start of a counted class three times
# slower than for a plain one.
_BLOCKS = "[\u0300-\u1dff\u20d0-\u20f0\u2cef-\u309a\ua66f-\uabed\ufb1e-\ufe2f\U000101fd-\U0001e94a]"
_MARKS = re.compile(f"{_BLOCKS}{_BLOCKS}{{30,}}")


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for words that are not composed, and one report for lost characters.

    >>> [(f.rule, f.replacement) for f in propose(Page("Ky\u0300 la\u0323\u0302p ti\ufffdn"))]
    [('ENC040', 'Kỳ'), ('ENC040', 'lập'), ('ENC050', None)]
    """
    text = page.text
    findings = _long_runs(text)
    if findings:
        return findings  # before anything else asks for the normal form
    if not unicodedata.is_normalized("NFC", text):
        for match in _WORD.finditer(text):
            word = unicodedata.normalize("NFC", match[0])
            if word != match[0]:
                findings.append(Finding(NOT_NFC.code, *match.span(), "not in normal form C", word))
    first = text.find("\ufffd")
    if first >= 0:
        lost = text.count("\ufffd")
        message = f"{lost} character{'s were' if lost > 1 else ' was'} lost in decoding"
        findings.append(Finding(REPLACEMENT_CHARACTER.code, first, first + 1, message))
    return findings


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


STAGE = Stage("normal-form", (NOT_NFC, MARK_RUN, REPLACEMENT_CHARACTER), propose)
