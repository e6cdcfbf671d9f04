"""A glance at a page of text: whether it plainly has an article, without the line model."""

from __future__ import annotations

from dataclasses import dataclass

from phusa.chrome import no_article
from phusa.chrome.marks import marked
from phusa.chrome.no_article import MIN_PARAGRAPH_CHARS
from phusa.chrome.shapes import Shape, shape
from phusa.page import Page, Span

MIN_PARAGRAPHS = 3
MIN_CHARS = 600
"""Of all paragraphs together. What has less may be an article too; the line model tells."""
MIN_TITLE_LETTERS = 15
"""Beside a date. Weekdays, names and "last change" have fewer."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What can be seen of a page at once.

    `plain` says that it has an article beyond doubt; `headed` that a line which may be its title
    stands above the first paragraph, or opens a page without one; `text` is from the first
    paragraph to the end of the last.
    """

    plain: bool
    headed: bool
    text: Span


def glance(page: Page) -> Glance:
    r"""Look at the lines of a page, each on its own and at how they lie.

    >>> paragraph = "Phường này nằm ở trung tâm thị xã, " + "nơi có nhiều việc làm. " * 10
    >>> glance(Page("\n\n".join(["Một phường mới", *[paragraph] * 3])))
    Glance(plain=True, headed=True, text=(16, 814))
    """
    lines = page.lines()
    shapes = [shape(line.text) for line in lines]
    marks = marked(lines, shapes)
    paragraphs = [i for i, s in enumerate(shapes) if i not in marks and _is_paragraph(s)]
    enough = (
        len(paragraphs) >= MIN_PARAGRAPHS and sum(shapes[i].size for i in paragraphs) >= MIN_CHARS
    )
    plain = enough and no_article.told(shapes, marks, paragraphs) is None
    above = range(paragraphs[0] if paragraphs else len(lines) - 1)
    headed = any(_may_head(shapes[i]) for i in above)  # marks are of short lines, as titles are
    if not paragraphs:
        return Glance(plain=False, headed=headed, text=(0, 0))
    return Glance(plain, headed, (lines[paragraphs[0]].start, lines[paragraphs[-1]].end))


def _may_head(shape: Shape) -> bool:
    """Whether a line may be a title: words, with a date among many of them at most."""
    return bool(shape.key) and (shape.date is None or shape.date >= MIN_TITLE_LETTERS)


def _is_paragraph(shape: Shape) -> bool:
    return shape.ends and shape.size >= MIN_PARAGRAPH_CHARS
