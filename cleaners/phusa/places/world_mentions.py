"""Names of places of the world in a text: those that are no part of longer names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from phusa.places.world import Gazetteer, Region, Toponym

MAX_WORD_CHARS = 30
MAX_TITLE_CHARS = 5
"""Of a title before a person's name, with its full stop: `Prof.`"""

_BLANKS = " '’"
_OPENING = "(\"“„«'"
_JOINED_BEFORE, _JOINED_AFTER = "-@#/_", "-@_"
_AFTER = re.compile(r" (\w+)")
_QUALIFIER = re.compile(r"(?:, ?| \()((?:\w{1,30}[.-]?){1,3}(?: [A-ZΑ-ЯЁ][\w.-]{0,30}){0,2})")
_WORDS = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at the characters `start` to `end` of a text.

    `placed_from` is where the words begin that set it as a place, None where none do; `told` are
    the countries or regions that stand behind it.
    """

    start: int
    end: int
    toponym: Toponym
    placed_from: int | None
    told: tuple[Region, ...]


Words = Sequence[tuple[int, str]]
"""Words before a name, the nearest first, with their places in the text."""


def mentions(text: str, known: Gazetteer) -> list[Mention]:
    """The names of places in a text that are not part of longer names.

    >>> from phusa.places.world import gazetteer
    >>> found = mentions("Real Madrid and the Berlin wall in Paris, Texas", gazetteer("en"))
    >>> [(one.toponym.key, one.placed_from, one.told) for one in found]
    [('paris', 35, (Region(country='US', unit='TX'),)), ('texas', None, ())]
    """
    found = []
    for start, end, toponym in known.matcher.hits(text):
        if not (toponym.cities or toponym.regions):
            continue
        if toponym.capitals and not text[start:end].isupper():
            continue
        before = _words_before(text, start)
        if _is_within(text, start, end, before, known, _stands_alone(toponym, before, known)):
            continue
        told_all = told(text, end, known)
        of_city = told_all and any(one.holds(city) for city in toponym.cities for one in told_all)
        if of_city:
            found.append(Mention(start, end, toponym, start, told_all))
        elif any(one.unit for one in told_all):
            continue  # a smaller place of the name
        elif toponym.regions or not _is_word(before, known):
            placed_from = _placed_from(before, bool(toponym.regions), known)
            found.append(Mention(start, end, toponym, placed_from, ()))
    return found


def told(text: str, end: int, known: Gazetteer) -> tuple[Region, ...]:
    """The country or region right behind the name that ends at `end`.

    Short forms stand behind a comma: what is in brackets is as well an agency.

    >>> from phusa.places.world import gazetteer
    >>> told("Halifax (Nova Scotia)", 7, gazetteer("en"))
    (Region(country='CA', unit='07'),)
    """
    if text[end : end + 1] != "," and text[end : end + 2] != " (":
        return ()
    behind = _QUALIFIER.match(text, end)
    if behind is None:
        return ()
    regions = known.qualifiers if text[end] == "," else known.regions
    words = _WORDS.findall(behind[1])
    for count in range(min(3, len(words)), 0, -1):
        name = " ".join(words[:count]).rstrip(".").replace(".", " ").replace("-", " ").lower()
        if name in regions:
            return regions[name]
    return ()


def _words_before(text: str, start: int) -> Words:
    """Up to three words before a name, with one blank between.

    They end with the first that a sign parts from what follows.
    """
    words: list[tuple[int, str]] = []
    while len(words) < 3 and start > 0 and text[start - 1] in _BLANKS:
        least = max(0, start - MAX_WORD_CHARS)
        blank = max(text.rfind(" ", least, start - 1), text.rfind("\n", least, start - 1))
        left = max(blank + 1, least)
        word = text[left : start - 1]
        if not word:
            break
        bare = word.lstrip(_OPENING)
        words.append((start - 1 - len(bare), bare))
        start = left
        if not word[-1].isalnum():
            break
    return words


def _stands_alone(toponym: Toponym, before: Words, known: Gazetteer) -> bool:
    """Whether what stands before a city tells that no longer name begins with it."""
    return bool(before and not toponym.regions and before[0][1].lower() in known.alone)


def _is_within(
    text: str, start: int, end: int, before: Words, known: Gazetteer, alone: bool
) -> bool:
    """Whether a name is part of a longer one, an address or a compound."""
    if start and text[start - 1] in _JOINED_BEFORE:
        return True
    if alone and text[end : end + 1] == "-" and text[end + 1 : end + 2].isupper():
        return False
    if end < len(text) and text[end] in _JOINED_AFTER:
        return True
    if text[end : end + 1] == "." and text[end + 1 : end + 2].islower():
        return True
    after = _AFTER.match(text, end)
    if after and after[1][0].isupper() and not alone and after[1].lower() not in known.beside:
        return True
    if not before or not before[0][1][:1].isupper():
        return False
    word = before[0][1]
    if word[-1] == ".":  # `Mr. London`, but not the end of a sentence
        return len(word) <= MAX_TITLE_CHARS
    return (word[-1].isalnum() or word[-1] in "'’") and word.lower() not in known.words


def _is_word(before: Words, known: Gazetteer) -> bool:
    """Whether an article stands before what looks like a city: `in der Halle`."""
    word = before[0][1].lower() if before else ""
    return word in known.articles or word in known.placed_countries


def _placed_from(before: Words, country: bool, known: Gazetteer) -> int | None:
    """Where the words begin that set a name as a place."""
    for left, one in before:
        word = one.lower()
        if word in known.placed or (country and word in known.placed_countries):
            return left
        if word not in known.beside and not (country and word in known.articles):
            return None
    return None
