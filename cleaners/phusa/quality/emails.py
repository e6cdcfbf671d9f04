"""E-mail addresses in a text, also those written with (at) against harvesters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phusa.quality.pieces import Piece

MAX_LOCAL_CHARS = 64
"""Of the part before the sign, by RFC 5321."""

_AT = re.compile("@(?=[A-Za-z0-9])")
_HIDDEN_AT = re.compile(r" ?[\[(] ?(?:at|@) ?[\])] ?", re.IGNORECASE)
_LOCAL_BACKWARDS = re.compile(rf"[\w.%+'-]{{1,{MAX_LOCAL_CHARS + 1}}}")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.| ?[\[(](?:dot|DOT)[\])] ?)){1,8}"
    r"(?:(?i:com|net|org|edu|gov|info|vn)|[a-z]{2,24}|[A-Z]{2,24})(?![a-z0-9])"
)
_NO_DOMAIN = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|css|js|html?|php|mp[34]|pdf)$", re.IGNORECASE)
"""Names of files with an @ in them, such as those of pictures for fine screens."""


def emails(text: str) -> Iterator[Piece]:
    """The addresses of a text, in its order.

    >>> text = "(A.B@X.VN), @lan, lan [at] a.vn"
    >>> [text[found.start : found.end] for found in emails(text)]
    ['A.B@X.VN', 'lan [at] a.vn']
    """
    signs = [found.span() for found in _AT.finditer(text)]
    signs += (found.span() for found in _HIDDEN_AT.finditer(text))
    done = 0
    for at, behind in sorted(signs):
        domain = _DOMAIN.match(text, behind)
        if domain is None or at < done or _NO_DOMAIN.search(domain[0]):
            continue
        start = _local(text, at, done)
        if start < at and not (text[start:at] == "git" and text.startswith(":", domain.end())):
            yield Piece(start, domain.end(), "email")
            done = domain.end()


def _local(text: str, at: int, done: int) -> int:
    """Where the name before the sign starts, not before `done`; `at` where there is none."""
    found = _LOCAL_BACKWARDS.match(text[max(done, at - MAX_LOCAL_CHARS - 1) : at][::-1])
    if found is None or len(found[0]) > MAX_LOCAL_CHARS:
        return at
    start = at - len(found[0])
    if text.startswith("@", start - 1) and start:
        return at  # the handle of a social network: @name@host
    name = text[start:at]
    return at - len(name.lstrip(".%+'-"))
