"""HTML to lines of text: one line a block, in the order of the page."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from phusa.findings import Rule

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MARKUP = Rule(
    "HTM101",
    "markup",
    "The markup of an HTML page.",
    """The page was parsed as a browser does it, and its text written out with a line for every
block. Scripts, styles, templates and form fields have no text. The log keeps the markup, so that
the page can be rebuilt.""",
)

_BLOCKS = frozenset(
    """address article aside blockquote body br caption center dd details dialog dir div dl dt
    fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main
    menu nav ol optgroup option p pre section summary table tbody td tfoot th thead title tr
    ul""".split()
)
_APART = frozenset("blockquote dd dl figure h1 h2 h3 h4 h5 h6 ol p pre table ul".split())
_SILENT = frozenset(
    """audio button canvas embed head iframe input map math noscript object script select style svg
    template textarea title video""".split()
)
MAX_OPEN_TAGS = 30_000
"""No page made for people comes near; parsing so many nested elements takes about two seconds."""

_TAG = re.compile("<[^<>]{1,1000}>")
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_-]{2,20})"
)
_SAFE_CHARSET = re.compile(
    "iso-8859-[0-9]{1,2}|windows-125[0-8]|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(?:jp|kr)"
    "|shift_jis|tis-620|macintosh"
)


def declared_charset(content: bytes) -> str | None:
    """The character set that the head of the page declares, if it is one to believe.

    >>> declared_charset(b'<html><meta charset="windows-1258">')
    'windows-1258'
    """
    found = _DECLARED.search(content[:4096])
    name = found[1].decode("ascii").lower() if found else ""
    return name if _SAFE_CHARSET.fullmatch(name) else None


def render(html: str) -> str:
    r"""The text of a page.

    A page that opens far more tags than it closes is not parsed, since building a tree that deep
    takes time that grows with its square; its tags become line ends.

    >>> render("<title>T</title><h1>Tin <b>mới</b></h1><p>Một<br>hai<script>x</script></p>")
    'Tin mới\n\nMột\nhai\n'
    """
    if html.count("<") - 2 * html.count("</") > MAX_OPEN_TAGS:
        texts = map(str.strip, _TAG.sub("\n", html).split("\n"))
        return "".join(f"{unescape(text)}\n" for text in texts if text)
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - text pages never need it

    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    lines: list[str] = []
    words: list[str] = []

    def end_line(apart: bool = False) -> None:
        text = _BLANKS.sub(" ", "".join(words)).strip()
        words.clear()
        if text:
            lines.append(text)
        if apart and lines and lines[-1]:
            lines.append("")

    top = body.mem_id  # comparing nodes themselves would write both out as HTML
    node: LexborNode | None = body
    while node is not None:
        tag = node.tag
        if tag == "-text":
            words.append(node.text_content or "")
        elif tag in _BLOCKS:
            end_line(tag in _APART)
        child = None if tag in _SILENT else node.child
        while child is None and node is not None:
            if node.tag in _BLOCKS and node.tag not in ("br", "hr"):
                end_line(node.tag in _APART)
            if node.mem_id == top:
                node = None
                break
            child = node.next
            if child is None:
                node = node.parent
        node = child
    end_line()
    return "\n".join(lines).rstrip("\n") + "\n" if lines else ""
