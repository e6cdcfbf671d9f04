"""Character references of HTML that were left in the text: `&nbsp;`, `&eacute;`, `&#7855;`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from phusa.findings import Finding, Rule
from phusa.page import Page, Stage

ENTITY = Rule(
    "ENC030",
    "html-entity",
    "A character reference left over from HTML: `&amp;`, `&eacute;`, `&#7855;`.",
    """The page was turned into text without reading its character references, or they were escaped
twice (`&amp;eacute;`). They are replaced by their characters. A line that shows markup (`&lt;`,
`<p`) is about HTML and is left as it is, and so is a reference that was escaped three times.""",
)

_REFERENCE = re.compile(
    "&(?:amp;)?(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_MARKUP = re.compile("&(?:amp;)?(?:lt|gt|#60|#62);|<[A-Za-z/!]")
_REFERENCE_TAIL = re.compile("#?[A-Za-z0-9]{1,32};")


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for the references of the page.

    >>> [f.replacement for f in propose(Page("R&amp;D &amp;eacute; &lt;\n&nbsp;&amp;eacute;"))]
    ['\xa0', 'é']
    """
    text = page.text
    if "&" not in text:
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
        char = html.unescape(html.unescape(match[0]))
        if char in (match[0], "\N{REPLACEMENT CHARACTER}") or len(char) > 2:
            continue  # no such character
        if not char.isprintable() and char != "\N{NO-BREAK SPACE}":
            continue
        if char == "&" and _REFERENCE_TAIL.match(line, match.end()):
            continue  # would make a new reference
        start, end = match.span()
        message = f"{match[0]} is a character reference"
        yield Finding(ENTITY.code, at + start, at + end, message, char)


STAGE = Stage("entities", (ENTITY,), propose)
