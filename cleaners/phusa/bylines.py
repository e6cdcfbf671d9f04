"""Names as they stand on a line: bylines.

The chrome stage asks whether a line is one, the metadata stage what it says.
"""

from __future__ import annotations

import re
from functools import cache

from phusa import languages
from phusa.dates import find_date, without_times

MAX_NAME_CHARS = 40
MAX_BYLINE_CHARS = 80

_NAME = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]*)*")
_URL = re.compile(r"https?://\S{4,500}")
_AGENCY = re.compile(r"\s?(?:\([^()]{2,20}\)|/[\w.]{2,20})\s*$")
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|\s[-–|]\s|\svà\s|\sand\s)\s*")


def is_name(text: str) -> bool:
    """Whether a text looks like a person's name: two to five words, each with a capital.

    >>> is_name("Thu Xuân"), is_name("Trang chủ"), is_name("CHÍNH TRỊ")
    (True, False, False)
    """
    if len(text) > MAX_NAME_CHARS or text.isupper():
        return False
    if text.lower() in languages.cues().no_names or text.lower() in languages.dates().weekdays:
        return False
    words = text.split()
    return 2 <= len(words) <= 5 and all(
        _NAME.fullmatch(word) and word[0].isupper() for word in words
    )


def is_byline(text: str) -> bool:
    """Whether a line names an author or a source.

    >>> [is_byline(line) for line in ("Theo Hồ Hương", "Bài, ảnh: Đức Hùng", "Theo quy định")]
    [True, True, False]
    """
    if len(text) > MAX_BYLINE_CHARS:
        return _URL.fullmatch(text) is not None
    cue = _cue().match(text)
    named = text[cue.end() :].strip(" .()") if cue else text
    if cue and ":" in cue[0] and named[:1].isupper() and len(named) <= MAX_NAME_CHARS:
        return True
    return _URL.fullmatch(text) is not None or bool(_people(named))


def names(text: str) -> list[str]:
    """The names on a byline, without cues, dates and times.

    >>> names("Nguyên Minh - 07/03/2026 08:47"), names("Bài, ảnh: Đức Hùng, Thu Xuân")
    (['Nguyên Minh'], ['Đức Hùng', 'Thu Xuân'])
    """
    found = find_date(text)
    if found is not None:
        text = without_times(f"{text[: found.start]} | {text[found.end :]}")
    cue = _cue().match(text)
    if cue is not None:
        if cue["source"]:
            return []
        text = text[cue.end() :]
    return [part for part in _parts(text) if is_name(part)]


def _people(text: str) -> list[str]:
    """The names in a text that is nothing but names."""
    parts = _parts(text)
    return parts if all(map(is_name, parts)) else []


def _parts(text: str) -> list[str]:
    """What stands between the commas, dashes and ands of a text, without agencies behind names."""
    parts = (part.strip(" |-–.()") for part in _BETWEEN_NAMES.split(f" {_AGENCY.sub('', text)} "))
    return [" ".join(part.split()) for part in parts if part]


@cache
def _cue() -> re.Pattern[str]:
    """A byline cue at the start of a line, with the colon or blank after it."""

    def either(words: tuple[str, ...]) -> str:
        return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))

    source, byline = either(languages.cues().source), either(languages.cues().byline)
    return re.compile(rf"[(]?(?:(?P<source>{source})|{byline})(?:\s?:\s?|\s)", re.IGNORECASE)
