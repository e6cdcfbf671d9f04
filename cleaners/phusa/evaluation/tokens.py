"""Words and runs of four words, the units that texts are compared by."""

from __future__ import annotations

import re
from collections.abc import Sequence

CHARACTERS = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Thai, Kana, Chinese, Korean: scripts whose every character is a token, as a regex class."""

GRAM = 4
"""Tokens of a gram."""

_TOKEN = re.compile(rf"[{CHARACTERS}]|[^\W{CHARACTERS}]+")


def tokens(text: str) -> list[str]:
    """Words; of scripts written without blanks, characters.

    >>> tokens("Cà phê, 25.000 đồng: 咖啡")
    ['Cà', 'phê', '25', '000', 'đồng', '咖', '啡']
    """
    return _TOKEN.findall(text)


def grams(units: Sequence[str]) -> list[tuple[str, ...]]:
    """Every run of four tokens; all of them as one where there are fewer.

    >>> grams("a b c d e".split()), grams(["a"]), grams([])
    ([('a', 'b', 'c', 'd'), ('b', 'c', 'd', 'e')], [('a',)], [])
    """
    if len(units) <= GRAM:
        return [tuple(units)] if units else []
    return list(zip(*(units[i:] for i in range(GRAM)), strict=False))
