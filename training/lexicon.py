"""What words and short lines tell of a line, learned from the sites they stand on.

A word counts once a site: by the share of its lines there that are main content. The table has the
log-odds of the mean of these shares against what is usual; words of few sites are left out. Pages
to learn from are given a table that does not know their own site.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from phusa.chrome.features import WORD_BITS, Words, phrases
from phusa.glyphs import Glyphs

MIN_SITES = 4
PRIOR = 0.3
"""The share of lines that are main content."""
PRIOR_SITES = 4.0
MAX_LOG_ODDS = 3.5
_SIZE = 1 << WORD_BITS

Ints = npt.NDArray[np.int64]


def numbers(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """The numbers of all words and short lines of a page, and the lines they stand on."""
    words, line = Glyphs.of(texts).words()
    whole, of = phrases(words, line, len(texts))
    shift = np.uint32(32 - WORD_BITS)
    found = np.concatenate([words >> shift, whole >> shift]).astype(np.int64)
    return found, np.concatenate([line, of])


class Lexicon:
    """The shares by site and word, and the table of all of them."""

    def __init__(self, pages: Iterable[tuple[str, Sequence[str], npt.NDArray[np.int8]]]) -> None:
        """Learn from pages: their site, their lines, the labels of the lines."""
        self._sites: dict[str, int] = {}
        keys, labels = [], []
        for site, lines, of_lines in pages:
            number = self._sites.setdefault(site, len(self._sites))
            found, line = numbers(lines)
            known = of_lines[line] >= 0
            keys.append(number * _SIZE + found[known])
            labels.append(of_lines[line][known].astype(np.float64))
        self._keys, place = np.unique(np.concatenate(keys), return_inverse=True)
        self._shares = np.bincount(place, np.concatenate(labels)) / np.bincount(place)
        word = self._keys % _SIZE
        self._count = np.bincount(word, minlength=_SIZE)
        self._sum = np.bincount(word, self._shares, _SIZE)
        self.table = _values(self._count, self._sum)

    def without(self, site: str) -> Words:
        """The table as it would be without a site."""
        number = self._sites.get(site)
        if number is None:
            return self.table
        low, high = np.searchsorted(self._keys, [number * _SIZE, (number + 1) * _SIZE])
        word = self._keys[low:high] % _SIZE
        table = self.table.copy()
        table[word] = _values(self._count[word] - 1, self._sum[word] - self._shares[low:high])
        return table


def _values(count: Ints, total: npt.NDArray[np.float64]) -> Words:
    share = (total + PRIOR_SITES * PRIOR) / (count + PRIOR_SITES)
    odds = np.log(share / (1 - share)) - np.log(PRIOR / (1 - PRIOR))
    values = np.clip(np.rint(odds / MAX_LOG_ODDS * 127), -127, 127)
    values[values == 0] = 1  # 0 is for what is not known
    return np.where(count >= MIN_SITES, values, 0).astype(np.int8)
