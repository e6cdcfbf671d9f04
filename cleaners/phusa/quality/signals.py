"""The quality signals of the record; what each means is in the schema."""

from __future__ import annotations

import re

_END = re.compile(r"""[.!?…。！？؟।][)\]"'”’»」』*/.]*$""")
_DIGITS = b"0123456789"


def signals(text: str, source_chars: int) -> dict[str, float | int]:
    r"""Measure an article, paragraphs parted by a blank line, from so many characters of source.

    >>> signals("Một câu.\n\nHai\n\nMột câu.", 38)["terminal_share"]
    0.6667
    """
    paragraphs = text.split("\n\n") if text else []
    chars = sum(map(len, paragraphs))
    raw = text.encode("utf-8", "replace")
    digits = len(raw) - len(raw.translate(None, _DIGITS))
    visible = len(text) - sum(raw.count(blank) for blank in (b" ", b"\t", b"\n"))
    seen: set[str] = set()
    repeated = 0
    for paragraph in paragraphs:
        if paragraph in seen:
            repeated += len(paragraph)
        seen.add(paragraph)
    ended = sum(_END.search(p, max(0, len(p) - 8)) is not None for p in paragraphs)
    return {
        "kept_share": _share(chars, source_chars),
        "terminal_share": _share(ended, len(paragraphs)),
        "digit_share": _share(digits, visible),
        "repeated_share": _share(repeated, chars),
        "replacement_chars": text.count("\ufffd"),
        "mean_paragraph_chars": round(chars / len(paragraphs), 1) if paragraphs else 0.0,
    }


def _share(part: int, whole: int) -> float:
    return round(min(1.0, part / whole), 4) if whole else 0.0
