"""Character references of HTML that were left in the text: `&nbsp;`, `&eacute;`, `&#7855;`."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence

from phusa.findings import Finding, Rule
from phusa.page import Page, Signs, Stage

ENTITY = Rule(
    "ENC030",
    "html-entity",
    "A character reference left over from HTML: `&amp;`, `&eacute;`, `&#7855;`.",
    """The page was turned into text without reading its character references, or they were escaped
twice (`&amp;eacute;`). Numbers are replaced by their characters (128 to 159 by those of
Windows-1252, as HTML has it; line ends and tabs by a blank), and so are the names of Latin letters,
punctuation, blanks and common symbols. What stays: references without their semicolon; ones that
were escaped three times; ones in quotes or backticks, which somebody writes about; all of a line
that shows markup (`<p`, `&lt;p`).""",
)

_NAMED_OR_NUMBERED = "(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_REFERENCE = re.compile(f"&(?:amp;)?{_NAMED_OR_NUMBERED}")
_REFERENCE_TAIL = re.compile("(?:amp;)?" + _NAMED_OR_NUMBERED)
_LESS = "(?:lt|LT|#0{0,4}60|#[xX]0{0,4}3[cC]);"
_MARKUP = re.compile(f"(?:<|&(?:amp;)?{_LESS})[A-Za-z/!?]|&amp;(?:{_LESS}|gt;)")
_QUOTES = {"`": "`", '"': '"', "'": "'", "“": "”", "‘": "’", "«": "»"}
_LINE_ENDS_AND_TABS = ("\t", "\n", "\r")
_COMMON = re.compile(
    "[ -~\xa0-\u024f\u02c6\u02dc\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2122\u2190-\u21ff]"
)
"""What a name may stand for: ASCII, Latin letters, blanks, punctuation, ©, €, ™, arrows. The other
names of HTML are signs of mathematics and single alphabets; text about those has them by design."""


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for the references of the page.

    >>> [f.replacement for f in propose(Page("R&amp;D &amp;eacute; &lt;b\n&nbsp;&amp;eacute;"))]
    ['\xa0', 'é']
    """
    text = page.text
    if not _REFERENCE.search(text):
        return ()
    findings: list[Finding] = []
    at = 0
    for line in text.split("\n"):
        if "&" in line and not _MARKUP.search(line):
            findings += _in_line(line, at)
        at += len(line) + 1
    return findings


def _in_line(line: str, at: int) -> Iterator[Finding]:
    """The references of one line, which starts at `at` in the page."""
    for match in _REFERENCE.finditer(line):
        char = _character(match[0])
        start, end = match.span()
        if char is None or (char == "&" and _REFERENCE_TAIL.match(line, end)):
            continue  # none, or it would make a new reference
        if start and _QUOTES.get(line[start - 1]) == line[end : end + 1]:
            continue
        message = f"{match[0]} is a character reference"
        yield Finding(ENTITY.code, at + start, at + end, message, char)


def _character(reference: str) -> str | None:
    """What a reference stands for, escaped once or twice; None where it has no place in text."""
    char = html.unescape(html.unescape(reference))
    if len(char) != 1 or char == "\N{REPLACEMENT CHARACTER}":
        return None  # no such character, or several
    if char in _LINE_ENDS_AND_TABS:
        return " "
    if "#" not in reference and not _COMMON.match(char):
        return None
    # blanks and characters that nobody sees are for later stages to judge
    return char if char.isprintable() or unicodedata.category(char) in ("Zs", "Cf") else None


STAGE = Stage("entities", (ENTITY,), propose, signs=(Signs("&", "#A-Za-z"),))
