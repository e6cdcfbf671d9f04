"""Whether a text is on code: it may show markup, templates and values that other texts may not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_WORD = re.compile(
    r"(?<![\w./=-])(?:(?P<plain>code)|css|html5?|javascript|jinja|jquery|json|jsx|markup|php|python"
    r"|sql|typescript|xhtml|xml|yaml)(?![\w/=(-])",
    re.IGNORECASE,
)
"""Words of texts on code, not those of file names and of code; `code` is also a word of shops."""
MIN_WORDS, PLAIN_WORTH = 3, 1 / 3
"""So many of them make a text one on code, where `code` alone counts for less. On the development
pages no text has as many that shows markup by accident."""


def is_on_code(text: str, shown: Iterable[tuple[int, int]]) -> bool:
    r"""Whether a text speaks of code outside the lines of some spans, which are in order.

    >>> is_on_code("HTML, Python, JSON:\n<p>", [(20, 23)]), is_on_code("A code:\n<p>", [(8, 11)])
    (True, False)
    """
    done = 0
    words = 0.0
    for start, end in shown:
        if start >= done:
            words += _worth(text, done, text.rfind("\n", done, start))
        if end > done:
            stop = text.find("\n", end)
            done = stop if stop >= 0 else len(text)
    return words + _worth(text, done, len(text)) >= MIN_WORDS


def line_starts(text: str, places: Iterable[int]) -> Iterator[int]:
    r"""Where the lines of some places start, which are in order.

    Each stretch of the text is looked at once, however long its lines are.

    >>> list(line_starts("ab\ncd", [0, 1, 3, 4]))
    [0, 0, 3, 3]
    """
    start = done = 0
    for place in places:
        start = text.rfind("\n", done, place) + 1 or start
        done = place
        yield start


def _worth(text: str, start: int, end: int) -> float:
    """What the words of a stretch are worth; none where it ends before it starts."""
    return sum(PLAIN_WORTH if word["plain"] else 1 for word in _WORD.finditer(text, start, end))
