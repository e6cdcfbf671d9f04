"""The quality signals of the record; what each means is in the schema."""

from __future__ import annotations

import re
from collections.abc import Sequence

_END = re.compile(r"""[.!?…。！？؟।][)\]"'”’»」』*/.]*$""")
_DIGITS = b"0123456789"


def signals(paragraphs: Sequence[str], source_chars: int) -> dict[str, float | int]:
    """Measure the paragraphs of an article from a source of `source_chars` characters.

    >>> signals(["Một câu.", "Hai", "Một câu."], 38)["terminal_share"]
    0.6667
    """
    chars = sum(map(len, paragraphs))
    raw = "".join(paragraphs).encode("utf-8", "replace")
    digits = len(raw) - len(raw.translate(None, _DIGITS))
    visible = chars - sum(raw.count(blank) for blank in (b" ", b"\t", b"\n"))
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
        "replacement_chars": sum(p.count("\ufffd") for p in paragraphs),
        "mean_paragraph_chars": round(chars / len(paragraphs), 1) if paragraphs else 0.0,
    }


def _share(part: int, whole: int) -> float:
    return round(min(1.0, part / whole), 4) if whole else 0.0
