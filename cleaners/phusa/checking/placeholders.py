"""Text that stands where text should be: filler, fields that were not filled, notices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, groupby
from operator import itemgetter

from phusa import languages
from phusa.checking.code import is_on_code, line_starts
from phusa.checking.rules import PLACEHOLDER
from phusa.findings import Finding
from phusa.quality.privacy import masked

MAX_NOTICE_CHARS = 120
MAX_SHOWN_CHARS, MAX_READ_CHARS = 60, 1_000

_FILLER = re.compile(
    r"lorem\s{1,3}ipsum\s{1,3}dolor|consectetur\s{1,3}adipisci|^\W{0,8}lorem ipsum\W{0,8}$",
    re.IGNORECASE | re.MULTILINE,
)
"""Cicero's words as printers mangled them; *lorem ipsum* alone is also the name for that."""
_IN_FILLER = "psum", "PSUM", "dipisci", "DIPISCI"
_FIELD = re.compile(
    r"\{\{[{#^&!-]?[\w\s.$|:'\"()\[\],/=@-]{1,100}\}\}|\{%-?\s{0,5}\w[^{}%\n]{0,100}%\}"
    r"|\$\{[a-z][\w.]{0,60}\}|<%=?\s{0,5}\w[^<>%\n]{0,100}%>|\[object Object\]"
)
"""Fields of template languages; `${…}` in capitals is a variable of a shell."""
_IN_FIELD = "{{", "{%", "${", "<%", "[object"
_MARKED = re.compile(
    r"%(?<![\w%]%)(?:author|category|content|date|description|excerpt|name|sitename|tags?|title|url)%",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"^(?:[^:\n]{1,40}:[ \t]{0,3})?"
    r"(?P<value>undefined|null|NaN|Invalid Date|NaN[/. -]NaN[/. -]NaN)[ \t]{0,9}$",
    re.MULTILINE,
)
"""What programs write for nothing, alone on a line or behind a label."""
_VALUES = "undefined", "null", "NaN", "Invalid Date"
_PART = re.compile(
    r"(?:^|\s[|–—·:-]\s)\s{0,9}(undefined|null|NaN|Invalid Date)\s{0,9}(?=$|\s[|–—·:-]\s)"
)
"""One of them as a part of a title."""
_NO_TITLE = frozenset(("undefined", "null", "nan", "none", "nil", "n/a", "(null)", "invalid date"))
_WORDS = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[^.!?…\n]+")


def placeholders(text: str, *, title: bool = False) -> Iterator[Finding]:
    """Find what stands in a text, or in a title, where something should be, by its place.

    Phrases count as a sentence that opens a line of its own; fields and values do not count in
    texts on code. The phrases of each language are in its pack.

    >>> [found.message for found in placeholders("Nội dung đang được cập nhật...")]
    ['a notice: Nội dung đang được cập nhật']
    >>> [found.message for found in placeholders("{{ page.title }} | Báo A", title=True)]
    ['a field that was not filled: {{ page.title }}']
    """
    whole = _instead_of_title(text) if title else None
    if whole is not None:
        yield _told(text, *whole, "no title")
        return
    found = [(*span, "filler") for span in _filler(text)]
    found += [(*span, "a notice") for span in _notices(text)]
    fields = [(*span, what) for span, what in chain(_fields(text), _values(text))]
    if fields and (title or not is_on_code(text, sorted(span[:2] for span in fields))):
        found += fields
    for start, end, what in sorted(found):
        yield _told(text, start, end, what)


def _told(text: str, start: int, end: int, what: str) -> Finding:
    shown = masked(text[start : min(end, start + MAX_READ_CHARS)])
    shown = " ".join(shown[:MAX_SHOWN_CHARS].split())
    return Finding(PLACEHOLDER.code, start, end, f"{what}: {shown}")


def _instead_of_title(title: str) -> tuple[int, int] | None:
    """Where a title says that there is none."""
    part = _PART.search(title)
    if part is not None:
        return part.span(1)
    bare = title.strip().lower()
    if bare in _NO_TITLE or " ".join(_WORDS.findall(bare)) in languages.cues().untitled:
        return 0, len(title)
    return None


def _filler(text: str) -> Iterator[tuple[int, int]]:
    """The lines with filler, at the first of it."""
    if not any(sign in text for sign in _IN_FILLER):
        return
    found = list(_FILLER.finditer(text))
    lines = line_starts(text, (filler.end() for filler in found))
    for _, fillers in groupby(zip(lines, found, strict=True), itemgetter(0)):
        yield next(fillers)[1].span()


def _notices(text: str) -> Iterator[tuple[int, int]]:
    """Sentences that say that text is to come, at the start of a line."""
    phrases = languages.cues().placeholder
    start = 0
    for line in text.split("\n"):
        if line and len(line) <= MAX_NOTICE_CHARS:
            sentence = _SENTENCE.search(line)
            if sentence and " ".join(_WORDS.findall(sentence[0].lower())) in phrases:
                yield start + sentence.start(), start + sentence.end()
        start += len(line) + 1


def _fields(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    patterns = [_FIELD] if any(sign in text for sign in _IN_FIELD) else []
    for pattern in [*patterns, _MARKED]:
        for found in pattern.finditer(text):
            yield found.span(), "a field that was not filled"


def _values(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    if any(value in text for value in _VALUES):
        for found in _VALUE.finditer(text):
            yield found.span("value"), "a value that is none"
