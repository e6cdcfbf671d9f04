"""Characters that do not belong in text: controls, invisible ones, odd blanks and line ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from phusa.findings import Finding, Rule
from phusa.page import Page, Stage

BYTE_ORDER_MARK = Rule(
    "ENC002",
    "byte-order-mark",
    "U+FEFF at the start of the text.",
    """A byte order mark tells the encoding of a file and is no part of its text. It is taken
out.""",
)
CONTROL = Rule(
    "ENC031",
    "control-character",
    "A control character or a terminal escape sequence.",
    """Controls other than tab and line end mean nothing in a text, and escape sequences can take
over a terminal that shows them. They are taken out.""",
)
INVISIBLE = Rule(
    "ENC032",
    "invisible-character",
    "A zero-width space, a soft hyphen, or a joiner or direction mark between Latin letters.",
    """Characters that nobody sees make two words that look the same differ. Zero-width spaces, word
joiners, soft hyphens and stray byte order marks are taken out everywhere; joiners and direction
marks only where both neighbours are Latin, since Indic and right-to-left scripts and emoji need
them.""",
)
ODD_BLANK = Rule(
    "ENC033",
    "no-break-space",
    "A no-break space or another blank that is not a plain one.",
    """No-break and typographic spaces come from layout; a plain blank takes their place. The French
ones stay: after « and before » ! ? : ; and between two digits.""",
)
LINE_END = Rule(
    "ENC034",
    "line-end",
    "A line end that is not a plain line feed.",
    r"""Carriage returns, form feeds, NEL and the line and paragraph separators of Unicode become a
plain line feed, so that every later step sees the same lines.""",
)
BLANK_RUN = Rule(
    "ENC035",
    "blank-run",
    "Several blanks in a row, or blanks at the end of a line.",
    """Runs of blanks inside a line become one blank, and blanks before a line end go. The
indentation of a line stays in the clean page; the paragraphs of a record are cut at both ends.""",
)
SURROGATE = Rule(
    "ENC060",
    "lone-surrogate",
    "Half of a UTF-16 pair.",
    """A lone surrogate is no character and cannot be written as UTF-8. It becomes U+FFFD, the
replacement character.""",
)

_LINE_END = "\r\n?|[\x0b\x0c\x85\u2028\u2029]"
_ESCAPE = "\x1b\\[[0-9;?]{0,32}[@-~]"
_CONTROL = "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
_INVISIBLE = "[\xad\u180e\u200b\u2060\ufeff]"
_LATIN = "\\0-\u024f\u1e00-\u1eff\u1680\u2000-\u200a\u202f\u205f"  # and the blanks of ODD_BLANK
_MARK = f"(?<![^{_LATIN}])[\u200c-\u200f\u202a-\u202e\u2061-\u2064\u2066-\u2069](?![^{_LATIN}])"
_FRENCH = "(?<![«])[\xa0\u202f](?![»!?:;])|[\u1680\u2000-\u200a\u205f]"
_SURROGATE = "[\ud800-\udfff]"
_ODD = re.compile(
    f"(?P<ENC034>{_LINE_END})|(?P<ENC031>{_ESCAPE}|{_CONTROL})|(?P<ENC032>{_INVISIBLE}|{_MARK})"
    f"|(?P<ENC033>{_FRENCH})|(?P<ENC060>{_SURROGATE})"
)
_ANY_ODD = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2069\ufeff"
    "\ud800-\udfff]"
)
_REPLACEMENT = {"ENC034": "\n", "ENC031": "", "ENC032": "", "ENC033": " ", "ENC060": "\ufffd"}
_BLANKS = re.compile("[ \t]+")


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for single characters.

    >>> [(f.rule, f.replacement) for f in propose(Page("Tin\r\nmới\xa0 <<\u200b1\xa0000 \x1b[31m"))]
    [('ENC034', '\n'), ('ENC033', ' '), ('ENC032', ''), ('ENC031', '')]
    """
    text = page.text
    findings: list[Finding] = []
    done = 0
    for place in _ANY_ODD.finditer(text):
        match = _ODD.match(text, place.start()) if place.start() >= done else None
        if match is None or match.lastgroup is None:
            continue
        start, done = match.span()
        rule = match.lastgroup
        if rule == ODD_BLANK.code and _is_digit(text, start - 1) and _is_digit(text, done):
            continue
        replacement = _REPLACEMENT[rule]
        if match[0] == "\ufeff" and start == 0:
            rule = BYTE_ORDER_MARK.code
        named = " ".join(f"U+{ord(char):04X}" for char in match[0][:4])
        findings.append(Finding(rule, start, done, named, replacement))
    return findings


def _is_digit(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isdigit()


def propose_blanks(page: Page) -> Sequence[Finding]:
    r"""Repairs for runs of blanks.

    >>> [(f.start, f.replacement) for f in propose_blanks(Page("của  An Lưu  \n    mã\n"))]
    [(3, ' '), (11, '')]
    """
    text = page.text
    findings: list[Finding] = []
    for start, end in _blank_runs(text):
        if end == len(text) or text[end] == "\n":
            findings.append(Finding(BLANK_RUN.code, start, end, "blanks end the line", ""))
        elif end - start > 1 and start and text[start - 1] != "\n":
            findings.append(Finding(BLANK_RUN.code, start, end, f"{end - start} blanks", " "))
    return findings


def _blank_runs(text: str) -> list[tuple[int, int]]:
    """Runs of blanks that hold two of them, or a tab, or stand before a line end or at the end.

    Searching for the few places where one can be is five times faster than looking at every blank.
    """
    runs: set[tuple[int, int]] = set()
    for mark in ("  ", "\t", " \n"):
        at = text.find(mark)
        while at >= 0:
            start = at
            while start and text[start - 1] in " \t":
                start -= 1
            run = _BLANKS.match(text, start)
            assert run is not None
            runs.add(run.span())
            at = text.find(mark, run.end())
    last = _BLANKS.match(text, len(text.rstrip(" \t")))
    if last is not None:
        runs.add(last.span())
    return sorted(runs)


CHARACTERS = Stage(
    "characters", (BYTE_ORDER_MARK, CONTROL, INVISIBLE, ODD_BLANK, LINE_END, SURROGATE), propose
)
BLANKS = Stage("blanks", (BLANK_RUN,), propose_blanks)
