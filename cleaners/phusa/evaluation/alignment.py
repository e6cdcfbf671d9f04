"""Labels for the lines of a page, from the article as somebody else extracted it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from phusa.evaluation.tokens import GRAM, grams, tokens

KEEP, DROP, UNSCORED = 1, 0, -1

KEPT_FROM = 0.7
"""A line with at least this share of its tokens in the gold text can be part of the article."""
DROPPED_UNDER = 0.3
"""A line with less than this share of its tokens in the gold text is none."""
PLACED_FROM = 0.35
"""A line with less than this share has no place in the gold text."""
SHORT_WEIGHT = 0.9
"""A line under four tokens is found in many places by chance, so it weighs less."""
MAX_PLACES = 64
"""Places in the gold text that are tried for a line, or for one of its runs of four tokens."""
MAX_DIAGONALS = 4
"""Places of a longer line that go into the chain."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A line in the gold text: its tokens, the share that is there, and where it may start."""

    count: int
    share: float
    places: tuple[int, ...]

    @property
    def weight(self) -> float:
        return self.count * self.share * (1 if self.count >= GRAM else SHORT_WEIGHT)


def line_labels(lines: Sequence[str], gold: str, titles: Iterable[str] = ()) -> list[int]:
    r"""Say of each line whether the gold text has it: 1 keep, 0 drop, -1 unscored.

    The lines of the article are the heaviest chain of lines whose places in the gold text are in
    order. Unscored is what no label can be trusted for: copies of `titles`, second copies of
    article text, lines that are partly in it, lines without a word.

    >>> page = ["Home | News", "Rain fell on the old town all day.", "Rain fell on Monday"]
    >>> line_labels([*page, "—"], "Rain fell on the old town all day.\nThe river rose.")
    [0, 1, 0, -1]
    """
    units = [tokens(line.lower()) for line in lines]
    gold_units = tokens(gold.lower())
    found = _find(units, gold_units)
    chain = _chain(found)
    copies = {tuple(tokens(title.lower())) for title in titles}
    covered = bytearray(len(gold_units))
    for i, place in chain.items():
        if found[i].share >= KEPT_FROM:
            _cover(found[i], place, covered)
    labels = []
    for i, line in enumerate(found):
        if not line.count or tuple(units[i]) in copies:
            labels.append(UNSCORED)
        elif line.count < GRAM:
            labels.append(KEEP if i in chain else DROP)
        elif line.share < DROPPED_UNDER:
            labels.append(DROP)
        elif line.share < KEPT_FROM:
            labels.append(UNSCORED)
        else:
            first = i in chain or (line.places and _cover(line, line.places[0], covered))
            labels.append(KEEP if first else UNSCORED)
    return labels


def _find(lines: Sequence[Sequence[str]], gold: Sequence[str]) -> list[_Found]:
    """Where in the gold text each line is."""
    by_gram: dict[tuple[str, ...], list[int]] = {gram: [] for gram in grams(gold)}
    for at, gram in enumerate(grams(gold)):
        if len(by_gram[gram]) < MAX_PLACES:
            by_gram[gram].append(at)
    by_line: dict[tuple[str, ...], list[int]] = {
        tuple(line): [] for line in lines if 0 < len(line) < GRAM
    }
    for size in range(1, GRAM):
        for at, run in enumerate(zip(*(gold[i:] for i in range(size)), strict=False)):
            if run in by_line and len(by_line[run]) < MAX_PLACES:
                by_line[run].append(at)
    return [
        _find_long(line, by_gram) if len(line) >= GRAM else _find_short(line, by_line)
        for line in lines
    ]


def _find_short(line: Sequence[str], by_line: dict[tuple[str, ...], list[int]]) -> _Found:
    places = by_line.get(tuple(line), ())
    return _Found(len(line), 1.0 if places else 0.0, tuple(places))


def _find_long(line: Sequence[str], by_gram: dict[tuple[str, ...], list[int]]) -> _Found:
    """A line by its grams: the diagonals (place in the gold less place in the line) they lie on."""
    diagonals: Counter[int] = Counter()
    inside = done = 0
    for at, gram in enumerate(grams(line)):
        places = by_gram.get(gram)
        if places:
            inside += at + GRAM - max(at, done)
            done = at + GRAM
            diagonals.update(place - at for place in places)
    share = inside / len(line)
    if share < PLACED_FROM:
        return _Found(len(line), share, ())
    best = sorted(diagonals, key=lambda d: (-diagonals[d], d))[:MAX_DIAGONALS]
    return _Found(len(line), share, tuple(max(0, d) for d in best))


def _chain(found: Sequence[_Found]) -> dict[int, int]:
    """The heaviest chain of lines whose places follow each other: line number to place.

    `ends` and `totals` are a staircase, the weight of the best chain that ends there or before:
    both rise. Of two chains of one weight the one whose lines come first is kept.
    """
    ends, totals, tails = [-1], [0.0], [-1]
    links: list[tuple[int, int, int]] = []  # line, place, the link before it
    for i, line in enumerate(found):
        steps = []
        for place in line.places:  # all looked up before any goes in: a line has one place
            before = bisect_right(ends, place) - 1
            steps.append((place, totals[before] + line.weight, tails[before]))
        for place, total, tail in steps:
            end = place + line.count
            low = bisect_right(ends, end)
            if totals[low - 1] >= total:
                continue
            high = low
            low -= ends[low - 1] == end
            while high < len(ends) and totals[high] <= total:
                high += 1
            ends[low:high], totals[low:high], tails[low:high] = [end], [total], [len(links)]
            links.append((i, place, tail))
    chain = {}
    link = tails[-1]
    while link >= 0:
        i, place, link = links[link]
        chain[i] = place
    return chain


def _cover(line: _Found, place: int, covered: bytearray) -> bool:
    """Whether under half of a line's stretch of gold was covered; all of it is from now on."""
    stretch = covered[place : place + line.count]
    covered[place : place + line.count] = b"\1" * len(stretch)
    return 2 * sum(stretch) < len(stretch)
