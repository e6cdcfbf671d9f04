"""Captions of pictures inside the article, and the alternative texts beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from phusa.chrome import rules
from phusa.chrome.shapes import Shape
from phusa.page import Kind, Line

MAX_CAPTION_CHARS = 250
MAX_ALT_CHARS = 60
MIN_TWICE_CHARS = 20
"""Shorter lines that stand twice are the refrain of a song, or code."""
MAX_SHORT_CAPTION_CHARS = 80
LONG_PARAGRAPHS = 400
"""Where paragraphs are this long (the median), a lone short sentence is a caption."""
MAX_SHORT_SENTENCES = 2
"""... unless there are more of them: then it is how the author writes."""

_END_MARK = re.compile(r"\./\.?$")

Verdict = tuple[Kind, str | None, str]
"""Kind, rule and reason of a line."""


def captions(
    lines: Sequence[Line], shapes: Sequence[Shape], body: Sequence[int]
) -> dict[int, Verdict]:
    """The captions, and the texts that stand for pictures, among the lines of the body."""
    verdicts: dict[int, Verdict] = {}
    spaced = sum(lines[i].gap for i in body) * 2 > len(body)
    for position, i in enumerate(body):
        if shapes[i].size > MAX_CAPTION_CHARS or i in verdicts:
            continue
        previous = body[position - 1] if position else None
        following = body[position + 1] if position + 1 < len(body) else None
        attached = following == i + 1 and not lines[i + 1].gap
        twice = attached and lines[i].text == lines[i + 1].text
        if twice and shapes[i].size >= MIN_TWICE_CHARS:
            verdicts[i] = Kind.CAPTION, None, "stands twice, as a caption and its picture do"
            verdicts[i + 1] = Kind.CHROME, rules.DUPLICATED_LINE.code, "the caption again"
        elif shapes[i].caption:
            verdicts[i] = Kind.CAPTION, None, "says that it is a caption"
        elif spaced and attached and _is_alt(lines, shapes, i):
            verdicts[i] = Kind.CHROME, rules.IMAGE_ALT.code, "the text of the picture below"
            verdicts[i + 1] = Kind.CAPTION, None, "below the text of a picture"
        elif previous is not None and _END_MARK.search(lines[previous].text) and following is None:
            verdicts[i] = Kind.CAPTION, None, "below the end of the article"
    for i in _short_sentences(lines, shapes, [i for i in body if i not in verdicts]):
        verdicts[i] = Kind.CAPTION, None, "a lone short sentence between long paragraphs"
    return verdicts


def _is_alt(lines: Sequence[Line], shapes: Sequence[Shape], i: int) -> bool:
    """A short text in lower case that a line follows at once which has the same words and more, on
    a page with blank lines.
    """
    alone = i + 2 >= len(lines) or lines[i + 2].gap
    return (
        lines[i].gap
        and alone
        and shapes[i].size <= MAX_ALT_CHARS
        and not shapes[i].ends
        and not shapes[i].bullet
        and lines[i].text[0].islower()
        and not shapes[i + 1].ends
        and shapes[i].key in shapes[i + 1].key
        and shapes[i].key != shapes[i + 1].key
    )


def _short_sentences(
    lines: Sequence[Line], shapes: Sequence[Shape], body: Sequence[int]
) -> list[int]:
    """Lone short sentences among long paragraphs."""
    short = [
        i
        for before, i, after in zip(body, body[1:], body[2:], strict=False)
        if shapes[i].size <= MAX_SHORT_CAPTION_CHARS
        and lines[i].text.endswith(".")
        and not shapes[i].bullet
        and min(shapes[before].size, shapes[after].size) > 2 * MAX_SHORT_CAPTION_CHARS
    ]
    if not short or len(short) > MAX_SHORT_SENTENCES:
        return []
    return short if median(shapes[i].size for i in body) >= LONG_PARAGRAPHS else []
