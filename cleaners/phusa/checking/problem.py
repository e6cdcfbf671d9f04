"""Findings with their place in a file, and what may be shown of the text around them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from unicodedata import category, normalize
from urllib.parse import unquote

from phusa.findings import Finding
from phusa.quality.privacy import masked, pieces

MOST_ALIKE = 50
"""Problems of one rule in one document; the last tells how many more there are."""
EXCERPT_CHARS = 100
_ELSEWHERE = re.compile(
    "^(the same text as|the url of|has the id .*? of) .*|(?<=after today, )[0-9-]+", re.DOTALL
)
"""What a message says of other documents, and of the day: it changes when the page does not."""
_BEFORE_CHARS = 40
_READ_CHARS = 400
"""Of a line, so far back and ahead words may say what a number is."""
_UNSEEN = ("Cf", "Cc", "Cn", "Co", "Cs")
_MOST_UNPACKED = 3
"""Times that text is written as entities."""
_DISGUISES = re.compile("[%&<>\x00-\x08\x0b-\x1f\x7f]")
_TAGS = re.compile("<[^<>]{0,400}>")


@dataclass(frozen=True, slots=True)
class Problem(Finding):
    """A finding, and where it is.

    `line` and `column` count from 1, columns in characters; of a row of JSONL or Parquet the line
    is its number and the column 1, but for broken JSON. `pointer` is the JSON pointer of the value
    in the row, "" the row itself, None in a file that holds one page. `start` and `end` lie in the
    decoded page or in that value. `excerpt` is a piece of the line, its personal data masked, and
    `mark` where in it the finding is; both are empty where there is nothing to show. `more` counts
    the findings like it that its document has besides, and which are not told.

    >>> print(Problem("ENC050", 3, 4, "lost", path="a.txt", line=2, column=1))
    a.txt:2:1: ENC050 lost
    """

    path: str = ""
    line: int = 1
    column: int = 1
    pointer: str | None = None
    excerpt: str = ""
    mark: tuple[int, int] = (0, 0)
    more: int = 0

    @property
    def told(self) -> str:
        """The message, behind the pointer if there is one, and how many more there are."""
        told = f"{self.pointer}: {self.message}" if self.pointer else self.message
        return f"{told}; and {self.more:,} more like it" if self.more else told

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}: " if self.path else ""
        return f"{place}{self.rule} {self.told}"

    @property
    def fixable(self) -> bool:
        """Whether the finding says what belongs in its place."""
        return self.replacement is not None

    @property
    def fingerprint(self) -> str:
        """What names the problem in its file when lines above it come and go; not unique.

        The digest of rule, pointer, message and excerpt, in all of which no personal data stands;
        but which other document one repeats, and what day it is, is left out.
        """
        message = _ELSEWHERE.sub(r"\1", self.message)
        shown = (self.rule, self.pointer or "", message, self.excerpt)
        return hashlib.sha256("\0".join(shown).encode("utf-8", "replace")).hexdigest()[:16]


def in_text(findings: Iterable[Finding], text: str, path: str) -> Iterator[tuple[Finding, Problem]]:
    r"""Place findings in a file that is one page, in the order of their places.

    >>> found = [Finding("ENC050", 4, 5, "lost")]
    >>> _, placed = next(in_text(found, "Tin\n\ufffdn", "a.txt"))
    >>> placed.line, placed.column, placed.excerpt, placed.mark
    (2, 1, '\ufffdn', (0, 1))
    """
    line, done = 1, 0
    for found in sorted(findings, key=lambda f: (f.start, f.end, f.rule)):
        line += text.count("\n", done, found.start)
        done = found.start
        start = text.rfind("\n", 0, found.start) + 1
        yield found, _problem(found, text, path, line, found.start - start + 1, None)


def in_row(found: Finding, path: str, line: int, pointer: str = "", text: str = "") -> Problem:
    """Place a finding in a row; it lies in `text`, the value at `pointer`.

    >>> print(in_row(Finding("QUA106", 0, 3, "filler"), "a.jsonl", 7, "/title", "xxx"))
    a.jsonl:7:1: QUA106 /title: filler
    """
    return _problem(found, text, path, line, 1, pointer)


def of_all(found: Finding, path: str, line: int | None) -> Problem:
    """Place what is told of a file, or of its row `line`, as a whole.

    >>> print(of_all(Finding("DUP101", 0, 0, "the same text as a.txt"), "b.txt", None))
    b.txt:1:1: DUP101 the same text as a.txt
    """
    return _problem(found, "", path, line or 1, 1, None if line is None else "")


def _problem(
    found: Finding, text: str, path: str, line: int, column: int, pointer: str | None
) -> Problem:
    excerpt, mark = _excerpt(text, found.start, found.end)
    return Problem(
        found.rule,
        found.start,
        found.end,
        masked(found.message),
        found.replacement,
        path,
        line,
        column,
        pointer and masked(pointer),
        excerpt,
        mark,
    )


def _excerpt(text: str, start: int, end: int) -> tuple[str, tuple[int, int]]:
    r"""The line that a span starts in, cut around it, and where in it the span is.

    >>> _excerpt("Tin\n" + "a" * 60 + "xyz" + "b" * 90, 64, 67)
    ('…aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaxyzbbbbbbbbb...b…', (41, 44))
    """
    first = max(text.rfind("\n", 0, start) + 1, start - _READ_CHARS)
    stop = text.find("\n", start, start + _READ_CHARS)
    raw = text[first : stop if stop >= 0 else start + _READ_CHARS]
    line = masked(raw)
    if _hides(text[max(0, start - _READ_CHARS) : start + _READ_CHARS]):
        return "", (0, 0)
    cut = max(0, start - first - _BEFORE_CHARS) if len(line) > EXCERPT_CHARS else 0
    shown = line[cut : cut + EXCERPT_CHARS].rstrip()
    before = "…" if cut or text[first - 1 : first] not in ("", "\n") else ""
    after = "…" if line[cut + len(shown) :].strip() else ""
    at = len(before) - first - cut
    low = min(start + at, len(before + shown))
    high = min(max(end + at, low), len(before + shown))
    return before + shown + after, (low, high)


def _hides(text: str) -> bool:
    """Whether a text holds personal data that is only seen when it is repaired, or rendered.

    >>> _hides("Gọi 0912&nbsp;345&nbsp;678"), _hides("Gọi 0912 345 678")
    (True, False)
    """
    if text.isascii() and not _DISGUISES.search(text):
        return False
    plain = masked(text)
    if "<" in plain:
        plain = plain.replace("\n", " ")  # as whoever shows the page does
    for _ in range(_MOST_UNPACKED):
        plain = unescape(plain)
    plain = "".join(char for char in plain if category(char) not in _UNSEEN or char == "\n")
    forms = {plain, _TAGS.sub("", plain), _TAGS.sub(" ", plain)}
    forms |= {unquote(form) for form in forms}
    return any(pieces(normalize("NFKC", form)) for form in forms)
