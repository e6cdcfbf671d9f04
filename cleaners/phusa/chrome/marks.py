"""Marks: the lines of a page that are chrome by what they say, or as part of a list."""

from __future__ import annotations

from collections.abc import Sequence

from phusa.chrome import related, rules
from phusa.chrome.shapes import Shape
from phusa.page import Line


def marked(lines: Sequence[Line], shapes: Sequence[Shape]) -> dict[int, related.Mark]:
    """Lines that are chrome by what they say, or as part of a list."""
    found = {i: (s.rule, s.reason) for i, s in enumerate(shapes) if s.rule is not None}
    for i, mark in (related.headed(lines, shapes) | related.timed(lines, shapes)).items():
        found.setdefault(i, mark)
    for i in range(1, len(lines)):
        # keywords follow on the line below a bare label
        bare = (
            shapes[i - 1].rule == rules.TAGS.code
            and shapes[i - 1].reason == f"“{shapes[i - 1].key}”"
        )
        if bare and "," in lines[i].text and not shapes[i].ends:
            found.setdefault(i, (rules.TAGS.code, f"under “{lines[i - 1].text[:40]}”"))
    return found


def confirmed(shapes: Sequence[Shape], marked: dict[int, related.Mark]) -> set[int]:
    """The marked lines that are chrome also inside an article.

    A line that could be a heading or a sentence is chrome there only in a row of marked lines, one
    of which leaves no doubt.
    """
    sure: set[int] = set()
    row: list[int] = []
    for i in [*sorted(marked), len(shapes) + 1]:
        if row and i != row[-1] + 1:
            if any(not shapes[j].weak or shapes[j].rule is None for j in row):
                sure.update(row)
            row = []
        row.append(i)
    return sure
