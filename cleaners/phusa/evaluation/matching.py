"""Which lines of a page an answer kept, told by the answer's text alone."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from phusa.evaluation.tokens import GRAM, grams, tokens

JOINED_FROM = 0.8
"""A line is in a longer one, or was repaired, where this share of its grams is in the answer."""
MAX_GAP_LINES = 2000
"""A match further on than this is a chance; the search goes on from where it was."""

K = TypeVar("K", bound=Hashable)


def kept_lines(lines: Sequence[str], answer: str) -> list[bool]:
    r"""Say of each line of a page whether it is in an answer.

    The lines of the answer are matched in order; what is left, by words alone (bullets, marks and
    case may differ); then lines of four tokens or more by their grams (the answer may join or cut
    lines).

    >>> kept_lines(["Home", "• One day in May.", "It rained all day.", "Home"],
    ...            "One day in May\nHome\nIn fact it rained all day. So what?")
    [True, True, True, False]
    """
    plain = [" ".join(line.split()) for line in lines]
    kept = [False] * len(lines)
    left = _in_order(plain, filter(None, (" ".join(x.split()) for x in answer.splitlines())), kept)
    if not left:
        return kept
    words = [tuple(_words(line)) for line in plain]
    places = _places((line, i) for i, line in enumerate(words) if not kept[i])
    seen: set[tuple[str, ...]] = set()
    for missed in map(_words, left):
        if places.get(tuple(missed)):
            kept[places[tuple(missed)].pop(0)] = True
        seen.update(grams(missed))
    for i, line in enumerate(words):
        if not kept[i] and len(line) >= GRAM:
            runs = grams(line)
            kept[i] = sum(run in seen for run in runs) >= JOINED_FROM * len(runs)
    return kept


def _in_order(lines: Sequence[str], answer: Iterable[str], kept: list[bool]) -> list[str]:
    """Mark the lines that the answer has as they are; return the answer's lines that are left."""
    places = _places((line, i) for i, line in enumerate(lines))
    left, last = [], -1
    for line in answer:
        free = places.get(line)
        if free:
            at = bisect_right(free, last)
            found = free.pop(at if at < len(free) else 0)
            kept[found] = True
            if found - last < MAX_GAP_LINES:
                last = max(last, found)
        elif free is None:
            left.append(line)
    return left


def _places(items: Iterable[tuple[K, int]]) -> dict[K, list[int]]:
    places: dict[K, list[int]] = defaultdict(list)
    for item, i in items:
        if item:
            places[item].append(i)
    return dict(places)


def _words(line: str) -> list[str]:
    return tokens(unicodedata.normalize("NFC", line).lower())
