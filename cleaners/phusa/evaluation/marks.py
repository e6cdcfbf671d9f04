"""Marks: how far an answer is what the gold says, for one page and for many."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from phusa.evaluation.alignment import DROP, KEEP, UNSCORED
from phusa.evaluation.gold import GoldPage
from phusa.evaluation.matching import kept_lines
from phusa.evaluation.tokens import grams, tokens

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚`", "'"),
        **dict.fromkeys("–—‑", "-"),
        "…": "...",
        "\N{SOFT HYPHEN}": None,
        "\N{ZERO WIDTH SPACE}": None,
    }
)


class Answer(NamedTuple):
    """What an extractor says of a page. `published` is ISO 8601, cut to what is known."""

    text: str
    title: str | None = None
    published: str | None = None
    authors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found rightly, found wrongly, and missed; in characters, grams or strings."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 where there is nothing at all."""
        return self._share(self.wrong)

    @property
    def recall(self) -> float:
        """The share of what is right that was found; 1 where there is nothing at all."""
        return self._share(self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right, self.wrong + other.wrong, self.missed + other.missed
        )

    def _share(self, other: int) -> float:
        if self.right:
            return self.right / (self.right + other)
        return 0.0 if self.wrong or self.missed else 1.0


class Verdict(StrEnum):
    """What a title, a date or the authors of an answer are."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PageMarks:
    """The marks of an answer on one page; None where its gold says nothing of it.

    `lines` and `dropped` count characters, `grams` runs of four tokens, `segments` strings that
    must and must not occur. `kept_share` is how much of a page without an article was kept, 0 to 1;
    `empty` tells that the answer has no text.
    """

    id: str
    set: str
    language: str | None
    kind: str
    empty: bool
    lines: Counts | None = None
    dropped: Counts | None = None
    grams: Counts | None = None
    segments: Counts | None = None
    title: Verdict | None = None
    published: Verdict | None = None
    authors: Verdict | None = None
    kept_share: float | None = None

    @property
    def score(self) -> float | None:
        """One figure to sort pages by, 0 to 1: F1 by lines, else grams, else segments.

        Of a page without an article it is the share that was left out.
        """
        if self.kept_share is not None:
            return 1 - self.kept_share
        counts = self.lines or self.grams or self.segments
        return counts.f1 if counts else None


def mark(page: GoldPage, answer: Answer) -> PageMarks:
    """Mark an answer on a page."""
    about = page.id, page.set, page.language, page.kind, not answer.text.strip()
    if not page.is_article:
        return PageMarks(*about, kept_share=_kept_share(page, answer.text))
    lines, dropped = line_counts(page, answer.text) if page.labels else (None, None)
    known = page.known
    return PageMarks(
        *about,
        lines,
        dropped,
        gram_counts(page.gold_text, answer.text) if page.gold_text else None,
        segment_counts(page, answer.text) if page.present else None,
        _same(page.title, answer.title, _title_key) if "title" in known else None,
        _same_day(page.published, answer.published) if "published" in known else None,
        _same_names(page.authors, answer.authors) if "authors" in known else None,
    )


def size(line: str) -> int:
    """The characters of a line; white space does not count."""
    return sum(map(len, line.split()))


def line_counts(page: GoldPage, text: str) -> tuple[Counts, Counts]:
    """Characters of the lines that a text keeps, and of those it drops, over the scored lines."""
    counts: Counter[tuple[int, bool]] = Counter()
    for line, label, kept in zip(
        page.lines, page.labels, kept_lines(page.lines, text), strict=True
    ):
        counts[label, kept] += size(line)
    kept_wrongly, lost = counts[DROP, True], counts[KEEP, False]
    return (
        Counts(counts[KEEP, True], kept_wrongly, lost),
        Counts(counts[DROP, False], lost, kept_wrongly),
    )


def gram_counts(gold: str, text: str) -> Counts:
    """Runs of four tokens, repeats counted, that two texts share or that one alone has.

    >>> gram_counts("It rained all day long.", "It rained all day")
    Counts(right=1, wrong=0, missed=1)
    """
    wanted, found = Counter(grams(tokens(gold))), Counter(grams(tokens(text)))
    right = (wanted & found).total()
    return Counts(right, found.total() - right, wanted.total() - right)


def segment_counts(page: GoldPage, text: str) -> Counts:
    """Strings that must be in a text and are, that must not and are, that must and are not."""
    flat = " ".join(text.split())
    right = sum(" ".join(segment.split()) in flat for segment in page.present)
    wrong = sum(" ".join(segment.split()) in flat for segment in page.absent)
    return Counts(right, wrong, len(page.present) - right)


def _kept_share(page: GoldPage, text: str) -> float:
    """The share of a page without an article that an answer kept all the same."""
    if not page.lines:
        return float(bool(text.strip()))
    counts = Counter[bool]()
    for line, label, kept in zip(
        page.lines, page.labels, kept_lines(page.lines, text), strict=True
    ):
        if label != UNSCORED:
            counts[kept] += size(line)
    return counts[True] / max(1, counts.total())


def _same(gold: str | None, found: str | None, key: Callable[[str], object]) -> Verdict:
    if not found:
        return Verdict.MISSING if gold else Verdict.RIGHT
    return Verdict.RIGHT if gold and key(gold) == key(found) else Verdict.WRONG


def _title_key(title: str) -> str:
    """A title as titles are compared: quotes and dashes plain, no case, single blanks."""
    return " ".join(unicodedata.normalize("NFC", title).translate(_PLAIN).lower().split())


def _same_day(gold: str | None, found: str | None) -> Verdict:
    """Whether a date is right as far as the gold goes, at most to the day."""
    length = min(len(gold or ""), len("2026-01-31"))
    return _same(gold, found, lambda date: date[:length])


def _same_names(gold: Sequence[str], found: Sequence[str]) -> Verdict:
    return _same(
        "\n".join(gold), "\n".join(found), lambda names: sorted(map(_title_key, names.split("\n")))
    )
