"""Marks of many pages as the figures of a set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from phusa.evaluation.marks import Counts, PageMarks, Verdict


@dataclass(frozen=True, slots=True)
class Means:
    """Precision, recall and F1 over `pages` pages, each 0 to 1."""

    pages: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Facts:
    """On how many pages a fact is right, wrong, missing."""

    right: int
    wrong: int
    missing: int

    @property
    def pages(self) -> int:
        """Pages whose gold speaks of the fact."""
        return self.right + self.wrong + self.missing


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a set of pages; None where no page has gold for them.

    `articles` pages have an article; of `empty` among them nothing was kept. `others` have none;
    of `others_empty` among them nothing was kept, and `others_kept` is the mean share that was
    kept of all of them, 0 to 1.
    """

    articles: int
    empty: int
    lines: Means | None
    dropped: Means | None
    grams: Means | None
    segments: Means | None
    title: Facts | None
    published: Facts | None
    authors: Facts | None
    others: int
    others_empty: int
    others_kept: float | None

    @property
    def lowest_f1(self) -> float | None:
        """The lowest F1 of the kept text: by lines, by grams, by segments; and of pages that have
        no article the share that was not kept.
        """
        found = [means.f1 for means in (self.lines, self.grams, self.segments) if means]
        if self.others_kept is not None:
            found.append(1 - self.others_kept)
        return min(found, default=None)


def summarize(marks: Iterable[PageMarks]) -> Summary:
    """The figures of a set."""
    marks = list(marks)
    articles = [mark for mark in marks if mark.kept_share is None]
    others = [mark.kept_share for mark in marks if mark.kept_share is not None]
    return Summary(
        articles=len(articles),
        empty=sum(mark.empty for mark in articles),
        lines=_mean_of_f1([mark.lines for mark in articles if mark.lines]),
        dropped=_mean_of_f1([mark.dropped for mark in articles if mark.dropped]),
        grams=_f1_of_means([mark.grams for mark in articles if mark.grams]),
        segments=_pooled([mark.segments for mark in articles if mark.segments]),
        title=_facts([mark.title for mark in articles if mark.title]),
        published=_facts([mark.published for mark in articles if mark.published]),
        authors=_facts([mark.authors for mark in articles if mark.authors]),
        others=len(others),
        others_empty=sum(mark.empty for mark in marks if mark.kept_share is not None),
        others_kept=fmean(others) if others else None,
    )


def _mean_of_f1(counts: Sequence[Counts]) -> Means | None:
    """Every page weighs the same."""
    if not counts:
        return None
    parts = ((c.precision, c.recall, c.f1) for c in counts)
    return Means(len(counts), *map(fmean, zip(*parts, strict=True)))


def _f1_of_means(counts: Sequence[Counts]) -> Means | None:
    """scrapinghub/article-extraction-benchmark: pages where nothing was found have no precision."""
    if not counts:
        return None
    precisions = [c.precision for c in counts if c.right or c.wrong]
    recalls = [c.recall for c in counts if c.right or c.missed]
    precision, recall = (fmean(x) if x else 0.0 for x in (precisions, recalls))
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Means(len(counts), precision, recall, f1)


def _pooled(counts: Sequence[Counts]) -> Means | None:
    """All strings of the set together."""
    if not counts:
        return None
    total = sum(counts, Counts())
    return Means(len(counts), total.precision, total.recall, total.f1)


def _facts(verdicts: Sequence[Verdict]) -> Facts | None:
    return Facts(*map(verdicts.count, Verdict)) if verdicts else None
