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


@dataclass(frozen=True, slots=True)
class Glance:
    """What can be seen of a page at once.

    `plain` says that it has an article beyond doubt; `headed` that a line which may be its title
    stands above the first paragraph; `text` is from the first paragraph to the end of the last.
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
    if not paragraphs:
        return Glance(plain=False, headed=False, text=(0, 0))
    above = ((i, shapes[i]) for i in range(paragraphs[0]))
    headed = any(s.key and s.date is None and (s.weak or i not in marks) for i, s in above)
    return Glance(plain, headed, (lines[paragraphs[0]].start, lines[paragraphs[-1]].end))


def _is_paragraph(shape: Shape) -> bool:
    return shape.ends and shape.size >= MIN_PARAGRAPH_CHARS
