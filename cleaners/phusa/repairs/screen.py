"""One look at a text that tells which stages of the repair can find anything in it.

Nearly all text is clean, and each stage alone can say so only by going over the text once more. So
the characters that a stage must see are kept in one table, a bit for each class of them, and a
look-up over the whole text at once answers for all stages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from phusa.page import Signs, Stage

_Bits = list[tuple[int, int]]


class Screen:
    """The signs of some stages; at most sixteen different classes of characters."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = stages

    def suspects(self, text: str) -> list[bool]:
        r"""For each stage, whether it has to look at a text.

        A character beyond U+FFFF counts as what one of the 1,024 around it is, and the end of the
        text as a line end. Where half of a pair of surrogates stands alone, all stages look.

        >>> from phusa.page import Page
        >>> stage = Stage("double", (), lambda page: (), signs=(Signs("a", "b-c"),))
        >>> [Screen((stage,)).suspects(text) for text in ("bac", "bca")]
        [[True], [False]]
        """
        try:
            units = np.frombuffer((text + "\n").encode("utf-16-le"), np.uint16)
        except UnicodeEncodeError:
            return [True] * len(self._stages)
        table, wanted = self._compiled
        seen = table.take(units)
        found = int(np.bitwise_or.reduce(seen))
        return [
            not bits or any(_holds(seen, found, first, second) for first, second in bits)
            for bits in wanted
        ]

    @cached_property
    def _compiled(self) -> tuple[npt.NDArray[np.uint16], list[_Bits]]:
        """The bits of each UTF-16 unit, one a class, and those that each stage wants."""
        classes: dict[str, int] = {"": 0}
        for stage in self._stages:
            for sign in stage.signs:
                for name in (sign.first, sign.second):
                    classes.setdefault(name, 1 << len(classes) - 1)
        table = np.zeros(0x10000, np.uint16)
        for name, bit in classes.items():
            for low, high in re.findall("(.)(?:-(.))?", name, re.DOTALL):
                table[_unit(low) : _unit(high or low) + 1] |= bit
        wanted = [[_bits(sign, classes) for sign in stage.signs] for stage in self._stages]
        return table, wanted


def _bits(sign: Signs, classes: dict[str, int]) -> tuple[int, int]:
    return classes[sign.first], classes[sign.second]


def _holds(seen: npt.NDArray[np.uint16], found: int, first: int, second: int) -> bool:
    """Whether a text has a character of the first class, and right after it one of the second."""
    if not found & first or not second:
        return bool(found & first)
    if not found & second:
        return False
    return bool((((seen[:-1] & first) != 0) & ((seen[1:] & second) != 0)).any())


def _unit(char: str) -> int:
    """The first UTF-16 unit of a character."""
    code = ord(char)
    return code if code < 0x10000 else 0xD800 + (code - 0x10000 >> 10)
