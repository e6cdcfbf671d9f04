"""VIQR: Vietnamese in ASCII, its marks written after the letters: `Vie^.t Nam` is Việt Nam."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence

from phusa.findings import Finding, Rule
from phusa.page import Page, Signs, Stage
from phusa.syllables import is_syllable

VIQR = Rule(
    "ENC016",
    "viqr",
    "Vietnamese in VIQR: `Vie^.t Nam` for `Việt Nam`.",
    r"""Mail and early web pages wrote the marks of Vietnamese as ASCII signs after the letter
(RFC 1456). A line is put right when nearly all of its words with such signs become Vietnamese
syllables. A full stop or question mark at the end of a sentence is one, unless the page escapes
those (`\.`) as the RFC wants it.""",
)

MIN_LINES = 3
"""So many lines in VIQR make it that of the page."""
MIN_SENTENCE = 5
"""Lines of fewer words are headings, and do not end with a full stop."""
MIN_SHARE = 0.85
MIN_SHARE_OF_PAGE = 0.4
"""Of the words with signs so many become syllables, and on a page in VIQR."""
MIN_DISTINCT = 3
MIN_TONES = 2
"""Of the words of a line so many have a tone: formulas have none."""
MAX_WORD_CHARS = 200
"""Longer runs without a blank are no words, and are left alone."""
MIN_SIGNS = 2
"""A line has so many signs that are not punctuation."""
MIN_WORDS_IN_ORDER = 0.7

_MARKS = {
    "^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b",
    "'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323",
}  # fmt: skip
_LETTER = re.compile(
    r"""\\(?P<literal>[\\'`?~.^(+*dD])|(?P<d>d)d|(?P<D>D)[dD]
    |(?P<base>[aA])(?P<hat>[\^(]?)(?P<tone>['`?~.]?)
    |(?P<base_e>[eE])(?P<hat_e>\^?)(?P<tone_e>['`?~.]?)
    |(?P<base_o>[oO])(?P<hat_o>[\^+*]?)(?P<tone_o>['`?~.]?)
    |(?P<base_u>[uU])(?P<hat_u>[+*]?)(?P<tone_u>['`?~.]?)
    |(?P<base_i>[iIyY])(?P<tone_i>['`?~.]?)""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\[.?]")
_STOP = re.compile(r"(?<=[aeiouyAEIOUY^(+*])[.?](?=[\"')]*\Z)")
_QUESTION = re.compile(r"\b(?:ai|bao|dda\^u|chu\+a|gi`|ha\?|kho\^ng|na`o|sao)\b", re.IGNORECASE)
"""Words of questions. Where a line has none, `?` at its end is a tone, as it mostly is."""
_RUNS = re.compile("([ \t\r]+)")
_WORD = re.compile(r"[^\W\d_]+")
_NO_TEXT = re.compile("@|://|www[.]")
_HAT = re.compile(r"[aeoAEO]\^|[aA]\((?=['`?~.]?[A-Za-z])|[ouOU]\+")
_TONE = re.compile("[aeiouyAEIOUY^(+*]['`?~.][a-z]*")
_PRICE = re.compile("[0-9]đ")


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for the lines in VIQR.

    >>> [f.replacement for f in propose(Page("Ho^.i nghi. dda~ ba^`u ra Ban Cha^'p ha`nh.\nx^2"))]
    ['Hội nghị đã bầu ra Ban Chấp hành.']
    """
    text = page.text
    escaped = bool(_ESCAPED.search(text))
    lines = text.split("\n")
    # a line with letters beyond ASCII is in order
    signs = [len(_HAT.findall(line)) if line.isascii() else 0 for line in lines]
    repaired = [
        _line(line, escaped) if count >= MIN_SIGNS else line
        for line, count in zip(lines, signs, strict=True)
    ]
    certain = sum(old != new for old, new in zip(lines, repaired, strict=True))
    if certain:
        repaired = [
            _line(old, escaped, of_page=True)
            if old == new and old.isascii() and (count or certain >= MIN_LINES)
            else new
            for old, new, count in zip(lines, repaired, signs, strict=True)
        ]
    findings: list[Finding] = []
    at = 0
    for old, new in zip(lines, repaired, strict=True):
        if old != new:
            findings.append(Finding(VIQR.code, at, at + len(old), "VIQR", new))
        at += len(old) + 1
    return findings


def _line(line: str, escaped: bool, *, of_page: bool = False) -> str:
    """The line as Vietnamese, or as it is where too few of its words become syllables.

    A word is enough where other lines of the page are in VIQR.
    """
    pieces = _RUNS.split(line)
    stops = (
        ""
        if escaped
        else "." * (len(pieces) >= 2 * MIN_SENTENCE) + "?" * bool(_QUESTION.search(line))
    )
    changed = ordered = words = good = 0
    distinct: set[str] = set()
    for i in range(0, len(pieces), 2):
        word = pieces[i]
        following = pieces[i + 2] if i + 2 < len(pieces) else ""
        ends = not following or (following[0].isupper() and not word.isupper())
        read = _word(word, stops if ends else "")
        found = _WORD.findall(read)
        syllables = bool(found) and all(map(is_syllable, found))
        syllables = syllables or bool(_PRICE.search(read))
        if read != word or word.strip(string.punctuation).isalpha():
            words += 1
            ordered += syllables or word.isupper()
        if read.isascii():
            pieces[i] = read  # with its full stop no longer escaped
            continue
        changed += 1
        if syllables or (read.isupper() and "Đ" in read):
            good += 1
            distinct.add(read)
            pieces[i] = read
        elif _HAT.search(word):
            pieces[i] = read  # misspelt, or a name
    if of_page:
        return "".join(pieces) if good > MIN_SHARE_OF_PAGE * changed else line
    if len(distinct) < MIN_DISTINCT or good < MIN_SHARE * changed:
        return line
    if len(_TONE.findall(line)) < MIN_TONES:
        return line
    return "".join(pieces) if ordered >= MIN_WORDS_IN_ORDER * words else line


def _word(word: str, stops: str) -> str:
    """Read a word; the signs in `stops` are no tone at its end."""
    if len(word) > MAX_WORD_CHARS or _NO_TEXT.search(word):
        return word
    stop = _STOP.search(word) if stops else None
    at = stop.start() if stop and stop[0] in stops else len(word)
    return unicodedata.normalize("NFC", _LETTER.sub(_letter, word[:at])) + word[at:]


def _letter(match: re.Match[str]) -> str:
    if match["literal"]:
        return match["literal"]
    if match["d"] or match["D"]:
        return "đ" if match["d"] else "Đ"
    base, *signs = (group for group in match.groups() if group is not None)
    return base + "".join(_MARKS[sign] for sign in signs if sign)


STAGE = Stage("viqr", (VIQR,), propose, by_line=False, signs=(Signs("AEOUaeou", "^(+"),))
