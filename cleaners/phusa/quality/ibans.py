"""International bank account numbers, by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phusa.quality.pieces import Piece

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?:[ \u00a0]?[0-9A-Z]){11,30}(?![0-9A-Za-z])")
MIN_CHARS = 15


def ibans(text: str) -> Iterator[Piece]:
    """The IBANs of a text that speaks of them, in its order.

    >>> text = "IBAN: DE89 3704 0044 0532 0130 00"
    >>> [text[found.start : found.end] for found in ibans(text)]
    ['DE89 3704 0044 0532 0130 00']
    """
    if "iban" not in text.lower():
        return
    for found in _IBAN.finditer(text):
        if found.start() and text[found.start() - 1].isalnum():
            continue
        # words in capitals may stand right behind: cut them off one by one
        end = found.end()
        while end - found.start() >= MIN_CHARS:
            number = text[found.start() : end].replace(" ", "").replace("\u00a0", "")
            if len(number) >= MIN_CHARS and _checks(number):
                yield Piece(found.start(), end, "account", sum(map(str.isdigit, number)))
                break
            end = max(text.rfind(" ", found.start(), end), text.rfind("\u00a0", found.start(), end))


def _checks(number: str) -> bool:
    """Whether the check digits are right: ISO 13616, by ISO 7064 MOD 97-10."""
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1
