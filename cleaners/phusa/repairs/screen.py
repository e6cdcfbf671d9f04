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

from phusa.page import Stage

CHARS_AT_ONCE = 1 << 20
"""Of a large text: what is seen of it takes eight times its memory."""


class Screen:
    """The signs of some stages; at most sixteen different classes of characters."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = stages

    def suspects(self, text: str) -> list[bool]:
        r"""For each stage, whether it has to look at a text.

        A character beyond U+FFFF counts as what one of the 1,024 around it is, and the end of the
        text as a line end. Where half of a pair of surrogates stands alone, all stages look.

        >>> from phusa.page import Signs
        >>> stage = Stage("double", (), lambda page: (), signs=(Signs("a", "b-c"),))
        >>> [Screen((stage,)).suspects(text) for text in ("bac", "bca")]
        [[True], [False]]
        """
        table, wanted = self._compiled
        alone = pairs = 0
        text += "\n"
        for at in range(0, len(text), CHARS_AT_ONCE):
            try:
                raw = text[at : at + CHARS_AT_ONCE + 1].encode("utf-16-le")
            except UnicodeEncodeError:
                return [True] * len(self._stages)
            seen = table.take(np.frombuffer(raw, np.uint16))
            alone |= int(np.bitwise_or.reduce(seen))
            # the class of a second character has the bit above that of the first
            if len(seen) > 1:
                pairs |= int(np.bitwise_or.reduce(seen[:-1] & (seen[1:] >> 1)))
        return [not bits or bool(alone & bits[0] or pairs & bits[1]) for bits in wanted]

    @cached_property
    def _compiled(self) -> tuple[npt.NDArray[np.uint16], list[tuple[int, int] | None]]:
        """The bits of each UTF-16 unit; for each stage those it wants alone, and before another."""
        table = np.zeros(0x10000, np.uint16)
        wanted: list[tuple[int, int] | None] = []
        bit = 1
        for stage in self._stages:
            alone = pairs = 0
            for sign in stage.signs:
                if sign.second:
                    pairs |= bit
                else:
                    alone |= bit
                for chars in filter(None, (sign.first, sign.second)):
                    for low, high in re.findall("(.)(?:-(.))?", chars, re.DOTALL):
                        table[_unit(low) : _unit(high or low) + 1] |= bit
                    bit <<= 1
            wanted.append((alone, pairs) if stage.signs else None)
        if bit > 1 << 16:
            raise ValueError("more than sixteen classes of signs")
        return table, wanted


def _unit(char: str) -> int:
    """The first UTF-16 unit of a character."""
    code = ord(char)
    return code if code < 0x10000 else 0xD800 + (code - 0x10000 >> 10)
