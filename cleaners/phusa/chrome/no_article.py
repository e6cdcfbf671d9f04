"""Pages without an article: lists of articles, and pages that say only why they are empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from phusa import languages
from phusa.chrome import rules
from phusa.chrome.related import Mark
from phusa.chrome.shapes import Shape

MIN_TEASER_CHARS = 60
MIN_TEASERS = 6
MAX_ITEM_LINES = 5
MIN_EVEN = 0.7
"""The share of teasers that stand at the usual distance from the one before."""
MIN_REPEATED = 0.3
"""Repetitions of short lines (sections, buttons) for each teaser."""
MAX_TEASER_SHARE = 0.7
"""Of all lines from the first to the last; the headlines are the rest."""
MIN_LISTED = 2.0
"""Characters of marked lists between the lines of the text, for each character of the text."""
MAX_LEFT_CHARS = 2_000
"""Where more text is left, the lists stand on the page of a long article."""
MIN_SURE = 2
"""Lines of chrome beyond doubt beside a text without a sentence, which may be a poem."""
MAX_NOTICE_CHARS = 700
MAX_NOTICE_LINES = 12
MIN_PARAGRAPH_CHARS = 100
"""A line of this size that ends a sentence is a paragraph."""
MAX_SAID_CHARS, MAX_OPENING_CHARS = 100, 40
"""A notice is a short line, or opens a line; news that tell of one do so within a sentence."""
MAX_NOTICE_PARAGRAPHS = 2
"""Whoever writes three paragraphs writes about notices, not in their place."""


def told(shapes: Sequence[Shape], marks: dict[int, Mark], text: Sequence[int]) -> Mark | None:
    """Why the lines `text` of a page are no article, or None where they may be one."""
    if found := notice(shapes, text):
        return found
    if _is_list(shapes, text) or _is_between_lists(shapes, marks, text):
        return rules.LISTING_PAGE.code, "headlines and teasers of several articles"
    if _is_menu(shapes, marks, text):
        return rules.AFTER_ARTICLE.code, "labels among menus and counters, no sentence"
    return None


def _is_menu(shapes: Sequence[Shape], marks: dict[int, Mark], text: Sequence[int]) -> bool:
    """Whether no line says anything, and most lines of the page are chrome for sure."""
    sure = sum(not shapes[i].weak for i in marks)
    silent = not any(shapes[i].ends or shapes[i].size >= MIN_TEASER_CHARS for i in text)
    return silent and sure >= MIN_SURE and len(marks) >= len(text)


def notice(shapes: Sequence[Shape], text: Sequence[int]) -> Mark | None:
    """What a short page says instead of having content; a sentence and a date are content."""
    if len(text) > MAX_NOTICE_LINES or sum(shapes[i].size for i in text) > MAX_NOTICE_CHARS:
        return None
    ended = [shapes[i].size for i in text if shapes[i].ends]
    if sum(size >= MIN_PARAGRAPH_CHARS for size in ended) > MAX_NOTICE_PARAGRAPHS:
        return None
    if ended and any(shape.date is not None for shape in shapes[: text[-1] + 1]):
        return None
    said = next(filter(None, (_said(shapes[i].key) for i in text)), None)
    return (rules.NOTICE_PAGE.code, f"a page that says “{said}”") if said else None


def _said(key: str) -> str | None:
    """The phrase of a notice that a line says; in a longer one it stands near the start."""
    most = MAX_OPENING_CHARS if len(key) > MAX_SAID_CHARS else MAX_SAID_CHARS
    return next((p for p in languages.cues().notice if 0 <= key.find(p) <= most), None)


def _is_list(shapes: Sequence[Shape], text: Sequence[int]) -> bool:
    """Whether every paragraph stands alone between short lines, at an even distance."""
    teasers = [i for i in text if shapes[i].ends and shapes[i].size >= MIN_TEASER_CHARS]
    if len(teasers) < MIN_TEASERS:
        return False
    steps = Counter(b - a for a, b in pairwise(teasers))
    usual, often = max(steps.items(), key=lambda step: (step[1], step[0]))
    between = [shapes[i] for i in range(text[0], text[-1] + 2) if i < len(shapes)]
    short = Counter(s.key for s in between if s.key and s.size < MIN_TEASER_CHARS)
    repeated = short.total() - len(short)
    mass = sum(shapes[i].size for i in teasers) / sum(s.size for s in between)
    return (
        steps[1] == 0
        and usual <= MAX_ITEM_LINES
        and often >= MIN_EVEN * (len(teasers) - 1)
        and repeated >= MIN_REPEATED * len(teasers)
        and mass <= MAX_TEASER_SHARE
    )


def _is_between_lists(shapes: Sequence[Shape], marks: dict[int, Mark], text: Sequence[int]) -> bool:
    """Whether lists of other articles part the text, and outweigh it."""
    lists = (rules.RELATED_LIST.code, rules.TIMED_LIST.code)
    between = sum(
        shapes[i].size for i, (rule, _) in marks.items() if rule in lists and text[0] < i < text[-1]
    )
    left = sum(shapes[i].size for i in text)
    return left <= MAX_LEFT_CHARS and between > MIN_LISTED * left
