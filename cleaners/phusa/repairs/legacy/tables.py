"""The tables of the legacy encodings, and how a run of text is read by one."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product

from phusa.findings import Rule

DOCS = """The letters of this text are those of {name}, one of the encodings Vietnamese had before
Unicode, read as Latin-1 or Windows-1252. A line is put right when nearly all of its words thereby
become Vietnamese syllables, or when the page around it is in the same encoding. {source}."""


MAX_CHARS = 400
"""Runs without a blank that are longer are no words; made of marks they would take long."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """An encoding: its letters by what is seen of them when its bytes are read as Latin-1.

    `number` is its place among the encodings, which wins a draw by being lower.

    Bytes from 80 to 9F are also listed as Windows-1252 shows them. `alone` tells whether a line on
    its own is enough to know the encoding by, `capitals` whether all capitals have codes,
    `marks_apart` whether letters with marks are written as a letter and a mark.
    """

    number: int
    rule: Rule
    name: str
    letters: Mapping[str, str]
    alone: bool
    capitals: bool
    marks_apart: bool
    pattern: re.Pattern[str]

    def read(self, surface: str) -> str:
        """The text that a surface stands for, in normal form C.

        >>> encodings()["TCVN3"].read("thÞ x· Kú Anh")
        'thị xã Kỳ Anh'
        """
        if len(surface) > MAX_CHARS:
            return surface
        read = self.pattern.sub(lambda match: self.letters[match[0]], surface)
        return read if read.isascii() else unicodedata.normalize("NFC", read)


@cache
def encodings() -> dict[str, Encoding]:
    """The encodings by name, in the order in which they win a draw.

    >>> list(encodings())
    ['TCVN3', 'VNI', 'VISCII', 'VPS', 'Windows-1258', 'BK HCM2']
    """
    file = resources.files(__package__).joinpath("tables.toml")
    tables = tomllib.loads(file.read_text("utf-8"))
    return {
        table["name"]: _encoding(number, key, table)
        for number, (key, table) in enumerate(tables.items())
    }


def _encoding(number: int, key: str, table: Mapping[str, str]) -> Encoding:
    letters: dict[str, str] = {}
    for entry in table["letters"].split():
        letter, code = entry.split(":")
        for surface in _surfaces(bytes.fromhex(code)):
            letters[surface] = letter
    for entry in table.get("marks", "").split():
        mark, code = entry.split(":")
        letters[bytes.fromhex(code).decode("latin-1")] = chr(int(mark, 16))
    if "À" not in letters.values() and "marks" not in table:
        letters |= _capitals_with_tones(letters)
    name = table["name"]
    rule = Rule(
        table["rule"],
        key,
        f"Vietnamese in {name}, read as Latin-1.",
        DOCS.format(name=name, source=table["source"]),
    )
    longest_first = sorted(letters, key=lambda surface: (-len(surface), surface))
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    # of the encodings with a letter in every place, a line fits more than one
    alone = not any("\x80" <= surface <= "\x9f" for surface in letters)
    capitals = key != "tcvn3"
    apart = "marks" in table or "a" in {surface[0] for surface in letters if len(surface) > 1}
    return Encoding(number, rule, name, letters, alone, capitals, apart, pattern)


def _surfaces(code: bytes) -> set[str]:
    r"""What is seen of the bytes of a letter.

    >>> sorted(_surfaces(b"\x93")), sorted(_surfaces(b"A\xd8"))
    (['\x93', '“'], ['AØ', 'Aø'])
    """
    latin_1 = code.decode("latin-1")
    surfaces = {latin_1, code.decode("windows-1252", "ignore")}
    if len(code) == 2:
        surfaces = {latin_1}
        if latin_1[0].isupper():
            surfaces.add(latin_1[0] + latin_1[1].lower())
    return surfaces - {""}


def _capitals_with_tones(letters: Mapping[str, str]) -> dict[str, str]:
    """Capitals with a tone where the encoding has none: the capital, then the small letter's code.

    `A¸` is Á, `¢Ê` is Ấ.
    """
    by_letter = {letter: surface for surface, letter in letters.items()}
    found: dict[str, str] = {}
    for base, tone in product("AĂÂEÊIOÔƠUƯY", "\u0300\u0301\u0303\u0309\u0323"):
        capital = unicodedata.normalize("NFC", base + tone)
        found[by_letter.get(base, base) + by_letter[capital.lower()]] = capital
    return found
