"""What keeps the parser's time and memory in bounds, whatever the page.

The parser builds the tree that a browser builds, and some trees are far larger than their page. Its
time grows with the square of how deep tags are nested and of how many attributes a tag has, and its
memory with formatting tags left open times the blocks behind them, each of which opens them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

MAX_REOPENED = 2_000_000
"""Elements that formatting tags left open may add; they take half a second and 400 MB."""
MAX_TAGS = 40_000
"""Nested into each other they take about two seconds; no page made for people comes near."""
PIECE_TAGS = 5_000
MAX_TAG_CHARS = 20_000
MAX_ATTRIBUTES = 1_000

_FORMATTING = "[bBiIsSuUcCeEfFnNtT](?i:ig|ode|m|ont|obr|mall|trike|trong|t)?(?=[ \t\n\r\f/>])"
_WITH_ATTRIBUTES = re.compile(f"<{_FORMATTING}[^>]")
_EITHER_END = re.compile(f"(</?){_FORMATTING}")
_ROWS = re.compile("(</?)(?i:table|tbody|thead|tfoot|tr|td|th|caption)(?=[ \t\n\r\f/>])")
_WITHOUT_TEXT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b(?![^>]{0,200}ld\+json).*?(?:</\1>?|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile("<(?=[a-zA-Z])")
_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")


def documents(html: str) -> Iterator[str]:
    """The page as one document, or cut into several where one would be too much to parse.

    - A tag of very many attributes, such as text behind a lone "<b", loses its "<".
    - Formatting tags become <span>, which is not opened again, where they could add too much. Those
      without attributes cannot: of the same tag no more than three are opened again.
    - A page of more than `MAX_TAGS` tags is cut up, so that it can be nested no deeper than a piece
      is long. A piece may start in the middle of a table, so cells become <div>.

    >>> list(documents("<p>Tin"))
    ['<p>Tin']
    >>> [piece.count("<") for piece in documents("<div>" * 40_001)][-2:]
    [5000, 1]
    """
    html = html.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    html = _without_long_tags(html)
    tags = html.count("<")
    if tags**2 > 4 * MAX_REOPENED and tags * len(_WITH_ATTRIBUTES.findall(html)) > MAX_REOPENED:
        html = _EITHER_END.sub(r"\1span", html)
    if tags > MAX_TAGS:
        html = _WITHOUT_TEXT.sub(" ", html)
        tags = html.count("<")
    if tags <= MAX_TAGS:
        yield html
        return
    html = _ROWS.sub(r"\1div", html)
    start = 0
    for cut in islice(re.finditer("<", html), PIECE_TAGS, None, PIECE_TAGS):
        yield html[start : cut.start()]
        start = cut.start()
    yield html[start:]


def _without_long_tags(html: str) -> str:
    """The page without the starts of tags of too many attributes.

    A stretch of `MAX_TAG_CHARS` without ">" holds a whole window of half its size without one, so
    that a few looks are enough to see that there is none.
    """
    window = MAX_TAG_CHARS // 2
    texts: list[str] = []
    done = at = 0
    while at + window <= len(html):
        if html.find(">", at, at + window) >= 0:
            at += window
            continue
        start = max(html.rfind(">", done, at), done)
        end = html.find(">", at + window)
        at = len(html) if end < 0 else end
        if at - start > MAX_TAG_CHARS:
            texts += html[done:start], _without_long_tag(html[start:at])
            done = at
    return "".join(texts) + html[done:] if texts else html


def _without_long_tag(text: str) -> str:
    """A text without ">", a tag of too many attributes in it opened up."""
    tag = _TAG.search(text)
    if tag is None:
        return text
    names = text[tag.start() :]
    unquoted = _VALUE.sub(" ", names).replace("/", " ")
    many = len(unquoted.split(maxsplit=MAX_ATTRIBUTES)) > MAX_ATTRIBUTES
    return text[: tag.start()] + _TAG.sub(" ", names) if many else text
