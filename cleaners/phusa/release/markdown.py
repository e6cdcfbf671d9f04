"""Markdown that foreign text cannot break out of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

_ADDRESS = re.compile(
    r"https?://[^\s<>]{1,2000}|[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
"""What Markdown takes for a link between angle brackets, and is safe to follow."""


def code(text: str, most: int = 80) -> str:
    r"""Write text as a code span in one line, cut to `most` characters.

    >>> code("a|b`c\n")
    '``a|b`c\\n``'
    """
    text = visible(text if len(text) <= most else text[: most - 1] + "…")
    ticks = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(text: str, language: str) -> str:
    """Write lines of text as a block, fenced by more backticks than the text has in a row."""
    ticks = "`" * max(3, _longest_run(text) + 1)
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def link(target: str) -> str:
    """Write an address as a link to itself; what cannot be one as a code span.

    >>> link("https://a.vn"), link("tin@a.vn"), link("12 Lê Lợi")
    ('<https://a.vn>', '<tin@a.vn>', '`12 Lê Lợi`')
    """
    return f"<{target}>" if _ADDRESS.fullmatch(target) else code(target, 200)


def bullets(lines: Iterable[str]) -> str:
    """Write lines of Markdown as a list."""
    return "\n".join(f"- {line}" for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Write a table. Cells are Markdown, so foreign text goes through `code` first.

    Where a cell has the mark that parts cells, it is escaped; ends of lines become blanks.

    >>> print(table(["Rule", "Count"], [["`CHR112`", 1200], [code("a|b"), 3]]))
    | Rule | Count |
    | --- | ---: |
    | `CHR112` | 1,200 |
    | `a\|b` | 3 |
    """
    body = [[_cell(cell) for cell in row] for row in rows]
    numeric = [all(row[i][:1].isdigit() for row in body) for i in range(len(head))]
    marks = ["---:" if number else "---" for number in numeric]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [map(_cell, head), marks, *body])


def _cell(content: object) -> str:
    if isinstance(content, int):
        return f"{content:,}"
    return " ".join(str(content).splitlines()).replace("|", r"\|")


def visible(text: str) -> str:
    r"""Escape every character that does not show, as JSON does.

    >>> visible("a\u202eb c\n")
    'a\\u202eb c\\n'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def _longest_run(text: str) -> int:
    """Measure the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)
