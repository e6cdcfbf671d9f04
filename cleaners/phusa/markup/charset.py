"""The character set that a page, or the server that sent it, declares."""

from __future__ import annotations

import re

_LABEL = r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-z0-9_.:-]{2,40})"
_HEADER = re.compile(rf";\s{{0,9}}{_LABEL}", re.IGNORECASE)
_META = re.compile(rf"<meta[^>]{{0,200}}?{_LABEL}".encode(), re.IGNORECASE)
_XML = re.compile(
    rb"\s{0,9}<\?xml[^>]{0,99}?encoding\s{0,9}=\s{0,9}[\"']([a-z0-9_.:-]{2,40})", re.IGNORECASE
)
_SEARCHED_BYTES = 4096


def declarations(content_type: str, markup: bytes = b"") -> list[tuple[str, str]]:
    """The labels of character sets that are declared, each with who says so.

    The header `Content-Type` comes first, as in browsers; then the head of the page, if it is one
    of HTML. What is declared is often wrong; whether it can be is for the decoder to tell.

    >>> declarations("text/html", b'<html><meta charset="windows-1258">')
    [('windows-1258', 'the page')]
    >>> declarations("text/html; charset=EUC-KR", b'<meta charset="big5">')
    [('EUC-KR', 'the server'), ('big5', 'the page')]
    """
    header = _HEADER.search(content_type)
    found = [(header[1], "the server")] if header else []
    head = markup[:_SEARCHED_BYTES]
    page = _XML.match(head) or _META.search(head)
    if page:
        found.append((page[1].decode("ascii"), "the page"))
    return found
