"""Where on its line a problem lies, in characters and in the cells of a terminal."""

from __future__ import annotations

from rich.cells import cell_len

from phusa.checking.problem import Problem
from phusa.release.markdown import visible


def end_column(problem: Problem) -> int | None:
    """The column behind the last character; None where it is on another line, or in a row.

    >>> end_column(Problem("ENC050", 3, 5, "lost", column=2, excerpt="T??n", mark=(1, 3)))
    4
    >>> end_column(Problem("QUA101", 0, 0, "too short")) is None
    True
    """
    low, high = problem.mark
    # a mark that is shorter than the span was cut, at the end of the line or of the excerpt
    whole = 0 < high - low == problem.end - problem.start
    return problem.column + high - low if whole and problem.pointer is None else None


def underlined(excerpt: str, mark: tuple[int, int]) -> tuple[str, str]:
    r"""An excerpt as a terminal may show it, and the line below it with carets under the mark.

    >>> print("\n".join(underlined("日本\ufffdn", (2, 3))))
    日本�n
        ^
    """
    first, last = mark
    # a mark of tone or a variation of an emoji shows on the character that it follows
    while 0 < first < len(excerpt) and _cells(excerpt[: first + 1]) == _cells(excerpt[:first]):
        first -= 1
    start = _cells(excerpt[:first])
    return visible(excerpt), " " * start + "^" * max(1, _cells(excerpt[:last]) - start)


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes once it is harmless."""
    return cell_len(visible(text))
