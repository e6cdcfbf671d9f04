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

_WORD = re.compile(r"\S+")


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for words that are not composed, and one report for lost characters.

    >>> [(f.rule, f.replacement) for f in propose(Page("Ky\u0300 la\u0323\u0302p ti\ufffdn"))]
    [('ENC040', 'Kỳ'), ('ENC040', 'lập'), ('ENC050', None)]
    """
    text = page.text
    findings: list[Finding] = []
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


STAGE = Stage("normal-form", (NOT_NFC, REPLACEMENT_CHARACTER), propose)
