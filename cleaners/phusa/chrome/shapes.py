"""What a line looks like on its own: its size, its end, its date, the chrome phrase it is."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from phusa import languages
from phusa.chrome import rules
from phusa.dates import find_date

MAX_PHRASE_CHARS = 120
"""A longer line is a sentence, whatever it starts with."""
MAX_CONTAINS_CHARS = 400
"""Legal notices run to two or three sentences."""
MAX_CREDIT_CHARS = 30
"""A longer line that ends a sentence is no credit, though it starts like one."""
WIDE_CHAR = 2.5
"""A Chinese, Japanese, Korean or Thai character weighs as many Latin ones."""

_WORDS = re.compile(r"[^\W\d_]+")
_WIDE = re.compile(
    "[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
)
_END = re.compile(r"""[.!?…。！？؟।;][)\]"'”’»」』*/.]*$""")
_BULLET = re.compile(r"[•●▪■◦‣·○–*+►»>-]\s")
MAX_FONT_SIZE_CHARS = 16
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?\s?%")
_FONT_SIZE = re.compile(r"\d\s?[aA]{1,2}[+-]?|[aA][+-]?(?:[\s/|]{0,2}[aA][+-]?){1,3}")
_LINKS = re.compile(r"[^|]{1,60}(?: \| [^|]{1,60}){3,30}")
_PAGE_NUMBERS = re.compile(r"(?:\d{1,4}[\s|]+){2,40}(?:\d{1,4}|[>»…\s]{0,8})")
_HASHTAGS = re.compile(r"#[^#]{1,60}(?:#[^#]{1,60}){1,40}")
_IMAGE_NAME = re.compile(r"[^/\\]{1,150}\.(?:jpe?g|png|gif|webp|bmp|svg)", re.IGNORECASE)
_IMAGE_NUMBER = re.compile(r".{1,200} - Ảnh \d{1,3}\.?")


class Shape(NamedTuple):
    """A line on its own.

    `size` is its length in Latin characters; `ends` whether a sentence ends with it; `date` the
    letters that stand beside a full date, or None where there is none; `timed` whether a clock time
    stands there too; `caption` whether it says that it is one; `key` its words in lower case (of a
    long line all of it, of a paragraph nothing), for comparison; `rule` the code of the chrome it
    shows, if any; `weak` whether an article may well have such a line.
    """

    size: float
    ends: bool
    bullet: bool
    key: str
    date: int | None = None
    timed: bool = False
    rule: str | None = None
    reason: str = ""
    caption: bool = False
    weak: bool = False


def shape(text: str) -> Shape:
    """Look at a line.

    >>> shape("Tất cả: 12,943").rule, shape("Tất cả chúng ta đều biết điều đó.").rule
    ('CHR112', None)
    >>> shape("Thứ Bảy, 07/03/2026 - 08:52").date
    6
    """
    return _short(text) if len(text) <= MAX_CONTAINS_CHARS else Shape(*_frame(text), key="")


def _frame(text: str) -> tuple[float, bool, bool]:
    """The size of a line, whether a sentence ends with it, whether it starts with a bullet."""
    size: float = len(text)
    if len(text) <= MAX_CONTAINS_CHARS and not text.isascii():  # a longer line is long anyway
        size += (WIDE_CHAR - 1) * len(_WIDE.findall(text))
    ends = _END.search(text, max(0, len(text) - 8)) is not None
    return size, ends, _BULLET.match(text) is not None


@lru_cache(maxsize=16_384)
def _short(text: str) -> Shape:
    """The shape of all but long lines; remembered, since a page is looked at more than once, and
    the pages of a site share their chrome.
    """
    frame = _frame(text)
    lower = text.lower()
    caption = _is_caption(lower)
    if len(text) > MAX_PHRASE_CHARS:
        rule, reason = _contained(lower) or (None, "")
        return Shape(*frame, lower, rule=rule, reason=reason, caption=caption, weak=frame[1])
    key = " ".join(_WORDS.findall(lower))
    rule, reason = _phrase(lower, key) or _form(text, key) or (None, "")
    weak = rule in rules.WEAK or text.endswith(".") or not key or " " not in key
    date = find_date(text)
    if date is None:
        return Shape(*frame, key, rule=rule, reason=reason, caption=caption, weak=weak)
    beside, timed = date.other_letters, date.timed
    return Shape(*frame, key, beside, timed, rule, reason, caption, weak)


def _is_caption(lower: str) -> bool:
    """Whether a line says that it is a caption: at its start or end, in brackets, with a colon."""
    cues, before_colon, in_brackets = _caption_cues()
    if lower.rstrip(" .)").endswith(cues):
        return True
    if lower.startswith(cues) and not (lower[-1] == "." and len(lower) > MAX_CREDIT_CHARS):
        return True
    return (":" in lower and any(cue in lower for cue in before_colon)) or (
        "(" in lower and any(cue in lower for cue in in_brackets)
    )


@cache
def _caption_cues() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The cues of captions: all, those that end with a colon, all after a bracket."""
    cues = tuple(dict.fromkeys(languages.cues().caption))
    colon = tuple(cue for cue in cues if cue.endswith(":"))
    return cues, colon, tuple(f"({cue}" for cue in cues)


def _phrase(lower: str, key: str) -> tuple[str, str] | None:
    """The rule whose phrase the line is, and the phrase in quotes."""
    table = languages.phrases()
    counted = key in table.counted and any(map(str.isdigit, lower))
    rule = table.counted[key] if counted else table.lines.get(key)
    if rule is not None:
        return rule, f"“{key}”"
    head, colon, _ = lower.partition(":")
    if colon:
        label = " ".join(_WORDS.findall(head))
        if label in table.labels:
            return table.labels[label], f"“{label}:”"
    if key.partition(" ")[0] in _first_words():
        at = 0
        for _ in range(_longest_start()):
            at = key.find(" ", at + 1)
            start = key if at < 0 else key[:at]
            if start in table.starts:
                return table.starts[start], f"“{start}”"
            if at < 0:
                break
    return _contained(lower)


def _contained(lower: str) -> tuple[str, str] | None:
    """The rule of the first phrase that stands anywhere in the line, and the phrase in quotes."""
    for phrase, rule in languages.phrases().contains.items():
        if phrase in lower:
            return rule, f"“{phrase}”"
    return None


def _form(text: str, key: str) -> tuple[str, str] | None:
    """The rule that the form of the line alone shows."""
    if not key:
        if _PERCENT.fullmatch(text):
            return rules.E_OFFICE.code, "a percentage alone"
        if _PAGE_NUMBERS.fullmatch(text):
            return rules.NAVIGATION.code, "page numbers"
        if not any(map(str.isdigit, text)):
            return rules.STRAY_MARK.code, "no word"
        return None
    if len(text) <= MAX_FONT_SIZE_CHARS and _FONT_SIZE.fullmatch(text):
        return rules.SHARE_BAR.code, "font size"
    if " | " in text and _LINKS.fullmatch(text):
        return rules.NAVIGATION.code, "a row of links"
    if text[0] == "#" and _HASHTAGS.fullmatch(text):
        return rules.TAGS.code, "hashtags"
    if "." in text[-5:-3] and _IMAGE_NAME.fullmatch(text):
        return rules.IMAGE_ALT.code, "a file name"
    if text[-1:] in ".0123456789" and _IMAGE_NUMBER.fullmatch(text):
        return rules.IMAGE_ALT.code, "a numbered picture"
    middle = len(text) // 2
    if middle >= 8 and text[:middle].strip() == text[-middle:].strip():
        return rules.NAVIGATION.code, "the same words twice"
    return None


@cache
def _first_words() -> frozenset[str]:
    """The first words of the phrases that a line may start with."""
    return frozenset(phrase.partition(" ")[0] for phrase in languages.phrases().starts)


@cache
def _longest_start() -> int:
    """Words in the longest phrase that a line may start with."""
    return max(phrase.count(" ") + 1 for phrase in languages.phrases().starts)
