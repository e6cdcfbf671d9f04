"""Finds many names in a text in one pass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

T = TypeVar("T")

_APART = re.compile(r"[^\w ]|[_ʼ]")
"""What is no letter, digit or blank stands between words."""


class Hit(NamedTuple, Generic[T]):
    """A name at the characters `start` to `end` of a text, and what it stands for."""

    start: int
    end: int
    value: T


def blanked(text: str) -> str:
    """A text in small letters with blanks for all signs, each character in its place.

    >>> blanked("TP.HCM, Bà Rịa-Vũng Tàu")
    'tp hcm  bà rịa vũng tàu'
    """
    # the one letter that is two when small
    return _APART.sub(" ", text.replace("İ", "I").lower())


class Matcher(Generic[T]):
    """Finds names as whole words that start with capitals; of names in one place the longest.

    `names` maps names, as `blanked` writes them, to what they stand for. The search is that of Aho
    and Corasick (1975): its time does not depend on the number of names.

    >>> found = Matcher({"an lưu": 10675, "kinh môn": 292}).hits("phường An Lưu, TX.Kinh Môn")
    >>> [(hit.start, hit.end, hit.value) for hit in found]
    [(7, 13, 10675), (18, 26, 292)]
    """

    def __init__(self, names: Mapping[str, T]) -> None:
        self._values = list(names.values())
        # a blank before each name, so that none is found within a word
        self._automaton = AhoCorasick([f" {name}" for name in names])

    def hits(self, text: str, small: str | None = None) -> list[Hit[T]]:
        """The names in a text, in its order; `small` is `blanked(text)` where it is at hand.

        The first word of a name and the last one have a capital, and no name goes over a line end.
        """
        small = blanked(text) if small is None else small
        found: list[tuple[int, int, int]] = []
        # all of them, as the longest may be none: `Thạnh Đông bị` is no `Thạnh Đông B`
        for pattern, start, end in self._automaton.find_matches_as_indexes(f" {small}", True):
            end -= 1  # noqa: PLW2901 - the blank before the text
            if text[start].islower() or (end < len(small) and small[end] != " "):
                continue
            if text[max(text.rfind(" ", start, end) + 1, start)].islower():
                continue
            found.append((start, -end, pattern))
        hits: list[Hit[T]] = []
        for start, end, pattern in sorted(found):
            if (not hits or start >= hits[-1].end) and "\n" not in text[start:-end]:
                hits.append(Hit(start, -end, self._values[pattern]))
        return hits
