"""How texts end: with a sentence, or in the middle of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from phusa.checking.rules import CUT_OFF
from phusa.findings import Finding

MIN_LINE_CHARS = 80
"""Names, sources, captions and items of lists are shorter; in Latin characters."""
MIN_TAIL_CHARS = 20
"""What stands behind the last sentence of a line is shorter where it is a name or a source."""
MIN_ENDED_SHARE = 0.6
"""Of the other long lines of the text: where fewer end a sentence, it is a list, table or poem."""
READ_CHARS = 1_000
"""Of a line, as far back as it is read."""
WIDE_CHAR = 2.5
"""A Chinese, Japanese or Korean character weighs as many Latin ones."""
MAX_MARKED_CHARS = 20
"""Of the last word, so much is shown: not all languages put blanks between words."""

_STOPS = ".!?…。！？؟।॥۔։။።៕;:．｡"
_ENDED = re.compile(rf"[{_STOPS}][^\w\s,]*$")
_STOP = re.compile(rf"[{_STOPS}](?=[^\w,]|$|[^\W\d_])")
_IN_BRACKETS = re.compile(r"[(\[（][^()\[\]（）\n]{1,80}[)\]）][^\w,]{0,9}$")
_LINK = re.compile(
    r"(?:https?://|www\.)\S*$|\S@\S*$|\.(?:com|net|org|vn)(?:/\S*)?$|\[email.protected\]$"
    r"|\+?[0-9][0-9 ./-]{5,20}[0-9]\W?$"
)
"""An address or a number that one may call."""
_LOST = " \t\n\r\xa0\ufffd"
"""Blanks, and what a character becomes that was cut."""
_SYMBOL = re.compile('[»”"’」』→\ufe0f]')
"""Quotes may close without a stop; others stand behind pictures and links."""
_NO_STOPS = re.compile("[\u0e00-\u0eff]")
"""Thai and Lao have no full stop."""
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_LEFT_OUT = re.compile(r"[\[(](?:…|\.\.\.)[\])]$")


def cut_off(text: str) -> Finding | None:
    """Tell of a text whose last line is long and ends no sentence.

    Sources in brackets, links, numbers, pictographs and two capitalized words may stand behind the
    last sentence or end it. On the 1,954 gold texts of the development pages, all whole, 0.9 % are
    told (0.6 % of the articles of WCXB; most lack their full stop); of texts cut anywhere in a long
    line it is 75 %.

    >>> sentence = "Sáng nay, cây cầu nối hai xã đã thông xe sau mười một tháng thi công. "
    >>> cut_off(sentence * 3), cut_off(f"{sentence * 3}Người dân hai bên bờ sông không còn").message
    (None, 'the text ends in the middle of a sentence')
    """
    end = len(text.rstrip(_LOST))
    start = text.rfind("\n", 0, end) + 1
    line = text[max(start, end - READ_CHARS) : end].lstrip()
    left_out = _LEFT_OUT.search(line)
    if left_out is not None:
        message = "what follows is left out"
        return Finding(CUT_OFF.code, end - len(left_out[0]), end, message)
    if _size(line) < MIN_LINE_CHARS or _ends(line):
        return None
    tail = line[max((stop.end() for stop in _STOP.finditer(line)), default=0) :]
    if _size(tail) < MIN_TAIL_CHARS or not _is_prose(text[:start], spoken=len(tail) < len(line)):
        return None
    word = max(text.rfind(" ", start, end) + 1, start, end - MAX_MARKED_CHARS)
    return Finding(CUT_OFF.code, word, end, "the text ends in the middle of a sentence")


def _size(line: str) -> float:
    """The length of a line in Latin characters."""
    return len(line) + (0 if line.isascii() else (WIDE_CHAR - 1) * len(_WIDE.findall(line)))


def _ends(line: str) -> bool:
    """Whether a line ends a sentence, or something else than one."""
    if _ended(line) or _NO_STOPS.match(line[-1]) or _LINK.search(line):
        return True
    if _SYMBOL.match(line[-1]) or unicodedata.category(line[-1]) in ("So", "Sk"):
        return True
    words = [word.lstrip("\"'(„“«-–—") for word in line.split()[-2:]]
    return len(words) == 2 and all(word[:1].isupper() for word in words)


def _ended(line: str) -> bool:
    """Whether a sentence ends at the end of a line, or before what stands there in brackets."""
    if _ENDED.search(line, max(0, len(line) - 16)):
        return True
    behind = _IN_BRACKETS.search(line, max(0, len(line) - 99))
    return behind is not None and _ENDED.search(line[: behind.start()].rstrip()) is not None


def _is_prose(before: str, *, spoken: bool) -> bool:
    """Whether lines that end without a sentence stand out after those before them.

    Where there are no others, the last line itself has to hold a sentence (`spoken`).
    """
    lines = [line for line in map(str.strip, before.split("\n")) if line]
    if len(lines) > 1 and not any(map(_ended, lines[-2:])):
        return False
    long = [line[-READ_CHARS:] for line in lines if _size(line[:READ_CHARS]) >= MIN_LINE_CHARS]
    return _share_ended(long) >= MIN_ENDED_SHARE if long else spoken


def _share_ended(lines: Sequence[str]) -> float:
    return sum(map(_ended, lines)) / len(lines)
