"""What the line model sees: a row of numbers from 0 to 1 for each line of a page.

All of them come from whole numbers by division and square root, which IEEE 754 defines to the last
bit: the same page has the same features on every machine.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from phusa.glyphs import FIRST_KINDS, LAST_KINDS, Codes, Floats, Glyphs, Ints, mixed

LONG_LINE = 80
"""A line of this size is long: most of them are sentences."""
LINE_COST = 70
MAX_LINE_GAIN = 300
"""The run with the largest sum of min(size, 300) - 70 is where the article most likely is."""
PHRASE_WORDS = 8
"""A line of so many words at most is looked up as a whole too."""
WORD_BITS = 20
WORD_FEATURES = 5
OWN = 32 + WORD_FEATURES
"""Features of a line by itself."""
PLACE = 14
"""Features of its place on the page."""
PAGE = 8
"""Features of the page as a whole."""

Words = npt.NDArray[np.int8]
"""What words and phrases tell, by their number: -127 chrome, 127 article, 0 nothing known."""


def span(gain: Floats) -> tuple[int, int]:
    """First and last line of the run with the largest sum.

    >>> span(np.array([-60, 130, -40, 180, -60, 20, -60], np.float32))
    (1, 3)
    """
    total = np.concatenate(([0.0], np.cumsum(gain.astype(np.float64))))
    lowest = np.minimum.accumulate(total[:-1])
    last = int(np.argmax(total[1:] - lowest))
    return int(np.argmin(total[: last + 1])), last


def phrases(words: Codes, line: Ints, lines: int) -> tuple[Codes, Ints]:
    """The numbers of the short lines that are looked up as a whole, and which lines they are."""
    count = np.bincount(line, minlength=lines)
    count[count > PHRASE_WORDS] = 0
    whole = np.flatnonzero(count)
    if not len(whole):
        return np.zeros(0, np.uint32), whole
    short = count[line] > 0
    of_phrase = np.repeat(np.arange(len(whole)), count[whole])
    first = np.cumsum(count[whole]) - count[whole]
    place = (np.arange(len(of_phrase)) - first[of_phrase]).astype(np.uint32)
    sums = np.add.reduceat(mixed(words[short] + place), first, dtype=np.uint32)
    return mixed(sums + np.uint32(1)), whole


def _told(glyphs: Glyphs, table: Words) -> Floats:
    """What the words of each line tell: mean, least, most, how many are known; the whole line."""
    lines = len(glyphs.start)
    told = np.zeros((WORD_FEATURES, lines))
    words, line = glyphs.words()
    if not len(words):
        return _centred(told)
    value = table[words >> np.uint32(32 - WORD_BITS)].astype(np.int64)
    known = np.bincount(line, value != 0, lines)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    filled = line[first]
    told[0, filled] = np.add.reduceat(value, first) / np.maximum(known[filled], 1)
    told[1, filled] = np.minimum.reduceat(value, first)
    told[2, filled] = np.maximum.reduceat(value, first)
    numbers, whole = phrases(words, line, lines)
    told[4, whole] = table[numbers >> np.uint32(32 - WORD_BITS)]
    found = _centred(told)
    found[3] = np.minimum(known, 8) / 8
    return found


def _centred(told: npt.NDArray[np.float64]) -> Floats:
    """From -127 to 127 become 0 to 1; but nothing is known of no words."""
    found = (told / 254 + 0.5).astype(np.float32)
    found[3] = 0
    return found


_CAPS = np.array([[400, 80, 25, 2_000, 12, 100, 4, 8, 4, 4, 3]], np.float32).T
_ROOTS = np.array([0, 3, 5])
"""Which of what is capped counts by its square root."""
_FIRST = np.arange(1, FIRST_KINDS, dtype=np.int8)[:, None]
_LAST = np.arange(1, LAST_KINDS, dtype=np.int8)[:, None]


def _own(c: dict[str, Floats], size: Floats, glyphs: Glyphs) -> Floats:
    """What a line is by itself, one row a feature."""
    chars, words, letters = c["chars"], np.maximum(c["words"], 1), np.maximum(c["letters"], 1)
    first, last = glyphs.edges()
    capped = np.minimum(
        (size, size, size, size, words, words, c["stops"], c["digits"], c["commas"], c["bars"],
         c["camel"]), _CAPS,
    ) / _CAPS  # fmt: skip
    capped[_ROOTS] = np.sqrt(capped[_ROOTS])
    by_chars = np.stack((c["digits"], np.maximum(chars - c["letters"], 0), c["wide"])) / chars
    rows = (
        capped[:6],
        np.minimum(chars / words, 12) / 12,
        c["closed"],
        capped[6],
        c["upper"] / letters,
        np.minimum(c["capitals"] / words, 1),
        by_chars[0],
        capped[7],
        np.minimum(c["commas"] / words, 0.25) * 4,
        capped[8:11],
        by_chars[1:],
        first == _FIRST,
        last == _LAST,
    )
    return np.concatenate([np.atleast_2d(row) for row in rows], dtype=np.float32)


_PLACES = np.array([[100, 100, 30, 30, 50, 50]], np.float32).T


def _placed(size: Floats, long: npt.NDArray[np.bool_], run: tuple[int, int]) -> list[Floats]:
    """Where a line stands on the page, beside long lines and beside the best run of them."""
    n = len(size)
    begin, stop = run
    at = np.arange(n, dtype=np.float32)
    left = n - 1 - at
    total = np.cumsum(size)
    before = at - np.maximum.accumulate(np.where(long, at, np.float32(-99)))
    after = np.minimum.accumulate(np.where(long, at, np.float32(n + 99))[::-1])[::-1] - at
    outside = np.maximum((begin - at, at - stop), 0)
    near = np.sqrt(np.minimum((at, left, before, after, *outside), _PLACES) / _PLACES)
    within = np.minimum(np.maximum((at - begin) / max(stop - begin, 1), 0), 1)
    return [
        at / max(n - 1, 1),
        total / total[-1],
        near[0],
        np.minimum(at, 10) / 10,
        near[1],
        np.minimum(left, 10) / 10,
        near[2],
        near[3],
        (outside[0] + outside[1] == 0).astype(np.float32),
        within,
        near[4],
        near[5],
        size / size.max(),
    ]


def _page(measures: Floats, long: npt.NDArray[np.bool_], run: tuple[int, int]) -> list[float]:
    """What the page is: the same for all of its lines."""
    begin, stop = run
    size, chars, wide = measures.T
    inside, total = float(size[begin : stop + 1].sum()), float(size.sum())
    middle = np.sort(size)[[(len(size) - 1) // 2, len(size) // 2]].tolist()
    return [
        inside / total,
        math.sqrt(min(inside, 10_000) / 10_000),
        math.sqrt(min(stop - begin, 100) / 100),
        math.sqrt(min(len(size), 400) / 400),
        math.sqrt(min(total, 20_000) / 20_000),
        int(np.count_nonzero(long)) / len(size),
        min(sum(middle) / 2, 200) / 200,
        float(wide.sum() / chars.sum()),
    ]


class Known:
    """What the lines of a document are by themselves: computed once for each text.

    A document is looked at more than once, and each time there are fewer of the same lines.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._row: dict[str, int] = {}
        self._rows = np.zeros((0, OWN), np.float32)
        self._measures = np.zeros((0, 3), np.float32)

    def look(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """The rows of lines: their features, and their size, characters and wide characters."""
        new = [text for text in dict.fromkeys(texts) if text not in self._row]
        if new:
            rows, measures = own(new, self._words)
            self._row |= {text: row for row, text in enumerate(new, len(self._rows))}
            self._rows = np.concatenate((self._rows, rows))
            self._measures = np.concatenate((self._measures, measures))
        at = [self._row[text] for text in texts]
        return self._rows[at], self._measures[at]


def own(texts: Sequence[str], words: Words) -> tuple[Floats, Floats]:
    """What lines are by themselves, and their size, characters and wide characters."""
    glyphs = Glyphs.of(texts)
    counts = glyphs.counts()
    size = glyphs.sizes()
    rows = np.concatenate((_own(counts, size, glyphs), _told(glyphs, words))).T
    return rows, np.stack((size, counts["chars"], counts["wide"]), axis=1)


def columns(texts: Sequence[str], rows: Floats, measures: Floats) -> Floats:
    """The features of the lines of a page, one row a line; of what they are by themselves."""
    size = measures[:, 0]
    long = size >= LONG_LINE
    run = span(np.minimum(size, MAX_LINE_GAIN) - LINE_COST)
    seen = Counter(texts)
    again = np.fromiter(map(seen.__getitem__, texts), np.float32, len(texts)) - 1
    table = np.empty((len(texts), OWN + PLACE + PAGE), np.float32)
    table[:, :OWN] = rows
    table.T[OWN] = np.minimum(again, 3) / 3
    table.T[OWN + 1 : -PAGE] = _placed(size, long, run)
    table[:, -PAGE:] = _page(measures, long, run)
    return table
