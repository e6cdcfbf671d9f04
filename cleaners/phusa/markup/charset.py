"""The character set that a page, or the server that sent it, declares."""

from __future__ import annotations

import re

_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-z0-9_-]{2,20})", re.IGNORECASE
)
_HEADER = re.compile(
    r";\s{0,9}charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-z0-9_-]{2,20})", re.IGNORECASE
)
_SAFE = re.compile(
    "iso-8859-[0-9]{1,2}|windows-125[0-8]|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(?:jp|kr)"
    "|shift_jis|tis-620|macintosh"
)
_SEARCHED_BYTES = 4096


def declared_charset(content: bytes, content_type: str | None = None) -> str | None:
    """The declared character set, if it is one to believe; in lower case.

    The header `Content-Type` comes first, as in browsers; then the head of the page. UTF-8 and
    UTF-16 are not among the answers: bytes that are in them say so themselves, and those that are
    not only claim it.

    >>> declared_charset(b'<html><meta charset="windows-1258">')
    'windows-1258'
    >>> declared_charset(b'<meta charset="big5">', "text/html; charset=EUC-KR")
    'euc-kr'
    """
    header = _HEADER.search(content_type or "")
    if header and _SAFE.fullmatch(header[1].lower()):
        return header[1].lower()
    meta = _META.search(content[:_SEARCHED_BYTES])
    name = meta[1].decode("ascii").lower() if meta else ""
    return name if _SAFE.fullmatch(name) else None
