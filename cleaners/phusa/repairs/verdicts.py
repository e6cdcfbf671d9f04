"""What the line around a place is, when a repair depends on it."""

from __future__ import annotations

from collections.abc import Callable

from phusa import syllables

Verdict = Callable[[str], bool | None]
"""Judges a line, or a whole text; None where it is too little to tell."""

MIN_LETTERS = 30
"""A line with so many letters that shows no Vietnamese is in another language."""


def by_line(text: str, line: Verdict, page: Verdict) -> Callable[[int], bool]:
    r"""The verdict on the line that holds a place; that on the page where the line tells nothing.

    Places are asked for in the order of the text; each line is judged once, the page at most once,
    and the page that tells nothing is none of it.

    >>> is_loud = by_line("OH!\n1\nah", str.isupper, str.isupper)
    >>> [is_loud(at) for at in (0, 2, 6)]
    [True, True, False]
    """
    end = -1
    verdict: bool | None = None
    whole: bool | None = None

    def at(place: int) -> bool:
        nonlocal end, verdict, whole
        if place > end:
            start = text.rfind("\n", 0, place) + 1
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
            verdict = line(text[start:end])
        if verdict is not None:
            return verdict
        if whole is None:
            whole = bool(page(text))
        return whole

    return at


def vietnamese(text: str) -> bool | None:
    """Whether a text is Vietnamese, None for one too short to say no.

    >>> [vietnamese(text) for text in ("Đà Nẵng", "Trang", "The committee met in the old hall.")]
    [True, None, None]
    >>> vietnamese("Það var í byrjun þessarar viku sem fundurinn var haldinn.")
    False
    """
    if syllables.is_vietnamese(text):
        return True
    return False if sum(map(str.isalpha, text)) >= MIN_LETTERS else None
