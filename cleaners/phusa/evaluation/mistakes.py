"""What kind of line was lost, and what kind was kept wrongly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from phusa.evaluation.alignment import DROP, KEEP, line_labels
from phusa.evaluation.gold import GoldPage
from phusa.evaluation.marks import size
from phusa.evaluation.matching import kept_lines
from phusa.explanation import Explained, explain
from phusa.page import Article

MEDIUM_FROM_CHARS, LONG_FROM_CHARS = 40, 120


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that was lost, or kept wrongly.

    `position` of a line kept wrongly is before, inside or after the article; of a lost one, before,
    inside or after what was rightly kept of it. `length` is short, medium or long. `cause` is the
    rule that took a lost line out, or what it was taken for: title, caption, byline, or nothing.
    """

    lost: bool
    position: str
    length: str
    cause: str | None
    chars: int
    text: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines and characters of them a kind of mistake has."""

    kind: tuple[str, ...]
    lines: int
    chars: int


def mistakes(page: GoldPage, article: Article) -> list[Mistake]:
    """The mistakes on a page that has an article, in its order."""
    explained = explain(article)
    lines: Sequence[str] = page.lines or [line.text.strip() for line in explained]
    labels: Sequence[int] = page.labels
    if not labels and page.gold_text:
        labels = line_labels(lines, page.gold_text, [page.title] if page.title else [])
    if not labels or not page.is_article:
        return []
    kept = kept_lines(lines, article.text)
    right = [i for i, (x, k) in enumerate(zip(labels, kept, strict=True)) if x == KEEP and k]
    wanted = [i for i, label in enumerate(labels) if label == KEEP]
    causes = _causes(explained)
    found = []
    for i, line in enumerate(lines):
        cause = next(causes.get(" ".join(line.split()), iter(())), None)
        if labels[i] == KEEP and not kept[i]:
            found.append(_mistake(line, i, right, cause or "nothing"))
        elif labels[i] == DROP and kept[i]:
            found.append(_mistake(line, i, wanted, None))
    return found


def tally(found: Iterable[Mistake], *fields: str) -> list[Tally]:
    """Count mistakes by some of their fields; what weighs most comes first."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for mistake in found:
        groups[tuple(str(getattr(mistake, name)) for name in fields)].append(mistake.chars)
    counted = [Tally(kind, len(chars), sum(chars)) for kind, chars in groups.items()]
    return sorted(counted, key=lambda one: (-one.chars, one.kind))


def _mistake(line: str, i: int, run: Sequence[int], cause: str | None) -> Mistake:
    position = "before" if not run or i < run[0] else "after" if i > run[-1] else "inside"
    chars = size(line)
    length = (
        "short" if chars < MEDIUM_FROM_CHARS else "medium" if chars < LONG_FROM_CHARS else "long"
    )
    return Mistake(cause is not None, position, length, cause, chars, line)


def _causes(explained: Iterable[Explained]) -> dict[str, Iterator[str | None]]:
    """By the text of a line: why each line of that text is not in the article's text."""
    by_text: dict[str, list[str | None]] = defaultdict(list)
    for line in explained:
        by_text[" ".join(line.text.split())].append(line.rule or (line.kind and line.kind.value))
    return {text: iter(causes) for text, causes in by_text.items()}
