"""Names of places as addresses have them: parts from the smallest to the greatest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from phusa import languages
from phusa.places.names import fold, readings
from phusa.places.table import table

MAX_PARTS = 12
"""What has more is no address."""

_BETWEEN = re.compile(r"[,;()]")
_DASH = re.compile(r"\s[-–—]\s|[-–—](?=[^\W\d])")


class Part(NamedTuple):
    """A part of an address, whether it says its kind, and the rows of the table it may mean."""

    text: str
    kind: bool
    rows: frozenset[int]


def parts(address: str) -> list[Part]:
    """The parts of an address between commas, brackets and dashes, but for the country.

    Smaller places that are no unit are left out where a later part says its kind. Dashes in names
    stay. Raises TypeError where the address is no text.

    >>> [part.text for part in parts("thôn Hạ Lôi, xã Mê Linh - Hà Nội, Việt Nam")]
    ['xã Mê Linh', 'Hà Nội']
    """
    if not isinstance(address, str):
        raise TypeError(f"{address!r}: a name is text")
    address = unicodedata.normalize("NFC", address)
    texts = [text.strip() for text in _BETWEEN.split(address) if fold(text)]
    if len(texts) > MAX_PARTS:
        return []
    found = [part for text in texts for part in _between_dashes(text)]
    found = [part for part in found if fold(part.text) not in _countries()] or found[:1]
    kinds = [number for number, part in enumerate(found) if part.kind]
    first = 0
    while kinds and first < kinds[-1] and not found[first].kind and not found[first].rows:
        first += 1
    return found[first:]


def _between_dashes(text: str) -> Iterator[Part]:
    """The parts between dashes; of several dashes as many as can are those of a name.

    >>> [part.text for part in _between_dashes("TP. Bà Rịa - Bà Rịa - Vũng Tàu")]
    ['TP. Bà Rịa', 'Bà Rịa - Vũng Tàu']
    """
    dashes = list(_DASH.finditer(text))
    if len(dashes) >= MAX_PARTS:
        yield _part(text)
        return
    starts = [0, *(dash.end() for dash in dashes)]
    ends = [*(dash.start() for dash in dashes), len(text)]
    while starts:
        tried = [_part(text[starts[0] : end]) for end in ends]
        last = max((number for number, part in enumerate(tried) if part.rows), default=0)
        yield tried[last]
        starts, ends = starts[last + 1 :], ends[last + 1 :]


def _part(text: str) -> Part:
    """A part with the units of each way to read it."""
    units = table()
    kind, rows = False, set[int]()
    for said, bare in readings(text):
        kind |= said is not None
        rows.update(
            row for row in units.rows_called(bare) if said is None or units[row].kind == said
        )
    return Part(text, kind, frozenset(rows))


@cache
def _countries() -> frozenset[str]:
    return frozenset(map(fold, languages.places()["country"]["names"]))
