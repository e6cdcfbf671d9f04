"""Which encoding bytes are in, told by how often the letters come that they would be.

Each encoding makes other letters of the same bytes. The letters are judged by how often they come
in the languages that the encoding is used for (`letters.toml`), and by how words are built: no
capital follows a small letter, no symbol stands inside a word, no word mixes scripts. The measure
is the logarithm of how likely the letters are, in nats, so that two readings of the same bytes
compare by their difference.
"""

from __future__ import annotations

import codecs
import math
import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import itemgetter, mul
from typing import NamedTuple

SAMPLE_BYTES = 4096
"""So many bytes of words tell the encoding; more do not tell it better."""

_WORDS = re.compile(
    rb"(?:[A-Za-z]{1,20} ){0,3}[\x40-\xff']{0,40}[\x80-\xff][\x40-\xff']*"
    rb"(?: [A-Za-z]{1,20}(?![\x40-\xff])){0,3}"
)
"""A run with a byte beyond ASCII, and the plain words around it, which tell the language. Bytes
from 40 on, because such are the second bytes of East Asian encodings."""

_SWITCHES = re.compile("[A-Za-z](?= ?[^\0-\x7f])|[^\0-\x7f](?= ?[A-Za-z])")

_BEYOND_ASCII = 0.2
"""Of the letters of words that have such a letter, in languages of Latin script."""

# Nats: what is seldom costs more. Found by trial on translations in 37 languages.
_UNKNOWN_LETTER = -10.0
_SYMBOL = -9.0
_PUNCTUATION = (
    {"\xad": -1.0}  # some pages have one after every syllable
    | dict.fromkeys("“”‘’«»–—…\xa0°©", -3.0)
    | dict.fromkeys("„‚•·®™№€£§ªº¿¡", -5.0)
)
_NOT_TEXT = -25.0  # controls, bytes that mean nothing
_CAPITAL_INSIDE = -5.0  # after a small letter
_MIXED_SCRIPTS = -12.0  # in a word
_SWITCH = -4.0  # of script, from one word to the next
_LETTER_ALONE = -4.0  # a capital, or one of a script without capitals
_SYMBOL_INSIDE = -6.0  # between two letters
_APOSTROPHE_FIRST = -4.0  # before a word
_NOT_FIRST = -1.0  # any common encoding but Windows-1252
_RARE = -4.0
_PLAIN = -3.0  # English, which has no letters of its own here
_AMONG_ASCII = -8.0  # a foreign word here and there

_EAST_ASIAN = {
    "gb18030": ("zh", "gb2312", 0xB0, 0xD7),
    "big5hkscs": ("zh", "big5", 0xA4, 0xC6),
    "cp932": ("ja", "euc_jp", 0xB0, 0xCF),
    "euc_jp": ("ja", "euc_jp", 0xB0, 0xCF),
    "cp949": ("ko", "euc_kr", 0xB0, 0xC8),
}
"""The language of an encoding, and where its standard has the characters in daily use: the code
and the first bytes of level 1 of GB 2312, Big5 and JIS X 0208, and of the Hangul of KS X 1001."""


class Reading(NamedTuple):
    """One way to read the bytes: its encoding by its Python name, the language, its likelihood.

    `score` is in nats; `per_byte` the same over the bytes that were looked at.
    """

    encoding: str
    language: str
    score: float
    per_byte: float


def readings(content: bytes) -> list[Reading]:
    """How likely each encoding is, the likeliest first; none for ASCII.

    >>> best = readings("Съешь ещё этих мягких булок".encode("koi8-r"))[0]
    >>> best.encoding, best.language
    ('koi8-r', 'ru')
    >>> readings("città è più".encode("latin-1"))[0].encoding
    'windows-1252'
    """
    runs: list[bytes] = []
    size = 0
    for match in _WORDS.finditer(content):
        runs.append(match[0][: SAMPLE_BYTES - size])
        size += len(runs[-1]) + 1
        if size >= SAMPLE_BYTES:
            break
    if not runs:
        return []
    sample = b" ".join((b"", *runs, b""))
    counted = Counter(sample)
    seen = len(sample) - counted[0x20]
    # a page of plain words with a foreign one here and there is in no foreign script
    among_ascii = _AMONG_ASCII if len(re.findall(rb"[A-Za-z]{2,}", sample)) > 2 * len(runs) else 0.0
    found = []
    for table in _tables():
        score, language = table.score(sample, counted)
        score += 0.0 if table.latin else among_ascii
        found.append(Reading(table.encoding, language, score, score / seen))
    for encoding, (language, *_) in _EAST_ASIAN.items():
        score = _east_asian(sample, encoding, size >= SAMPLE_BYTES) + among_ascii + _NOT_FIRST
        found.append(Reading(encoding, language, score, score / seen))
    return sorted(found, key=lambda reading: -reading.score)


@dataclass(frozen=True, slots=True)
class _Table:
    """A single-byte encoding: what each of its bytes costs in each language, and what kind it is.

    `kinds` and `scripts` translate bytes: to l, u, x, s for small and capital letters, letters
    without case and symbols; to a and o for letters of Latin and other scripts.
    """

    encoding: str
    latin: bool
    prior: float
    kinds: bytes
    scripts: bytes
    costs: dict[str, list[float]]

    def score(self, sample: bytes, counted: Counter[int]) -> tuple[float, str]:
        """The likelihood of the sample in the language that fits best, and that language."""
        kinds, scripts = sample.translate(self.kinds), sample.translate(self.scripts)
        inside = sum(map(kinds.count, (b"lsl", b"lsu", b"usl", b"usu", b"xsx")))
        score = self.prior + _SYMBOL_INSIDE * inside + _CAPITAL_INSIDE * kinds.count(b"lu")
        score += _MIXED_SCRIPTS * (scripts.count(b"ao") + scripts.count(b"oa"))
        score += _SWITCH * (scripts.count(b"a o") + scripts.count(b"o a"))
        score += _APOSTROPHE_FIRST * (kinds.count(b" 'l") + kinds.count(b" 'u"))
        score += _LETTER_ALONE * (kinds.count(b" u ") + kinds.count(b" x "))
        if not self.latin and b"o" not in scripts:
            score += _NOT_TEXT
        of_bytes = itemgetter(*counted)
        return max(
            (
                score
                + _PLAIN * (language == "en")
                + sum(map(mul, counted.values(), of_bytes(costs))),
                language,
            )
            for language, costs in self.costs.items()
        )


@cache
def _tables() -> tuple[_Table, ...]:
    data = tomllib.loads(resources.files(__package__).joinpath("letters.toml").read_text("utf-8"))
    shares = {language: _shares(row) for language, row in data["letters"].items()}
    english = shares["en"]
    found = []
    for group, prior in (("common", _NOT_FIRST), ("rare", _RARE)):
        for encoding, languages in data[group].items():
            chars = [bytes((byte,)).decode(encoding, "replace") for byte in range(256)]
            codes = languages.split()
            latin = "e" in shares[codes[0]]
            costs = {
                # words in Latin letters stand in every language
                code: [
                    _cost(char, shares[code] if latin else english | shares[code]) for char in chars
                ]
                for code in codes
            }
            kinds = "".join(map(_kind, chars)).encode()
            scripts = "".join(map(_script, chars)).encode()
            first = 0.0 if encoding == "windows-1252" else prior
            found.append(_Table(encoding, latin, first, kinds, scripts, costs))
    return tuple(found)


def _shares(row: str) -> dict[str, float]:
    """The logarithms of the shares of the letters in a row of the table."""
    counts = {item[0]: int(item[1:]) for item in row.split()}
    beyond = sum(count for letter, count in counts.items() if not letter.isascii())
    plain = sum(counts.values()) - beyond
    if plain:
        # only words with a letter beyond ASCII are looked at: in all languages it is one of a few
        factors = (1 - _BEYOND_ASCII) / plain, _BEYOND_ASCII / max(beyond, 1)
    else:
        factors = (1 / beyond,) * 2
    return {x: math.log(count * factors[not x.isascii()]) for x, count in counts.items()}


def _cost(char: str, shares: dict[str, float]) -> float:
    if char in " '":
        return 0.0
    kind = _kind(char)
    if kind in "lux":
        return shares.get(char.lower()[0], _UNKNOWN_LETTER)
    if char == "\ufffd" or (not char.isprintable() and char not in "\xa0\xad"):
        return _NOT_TEXT
    return _PUNCTUATION.get(char, _SYMBOL)


def _kind(char: str) -> str:
    if char in " \xa0":
        return " "
    if char in "'’·\xad":
        return "'"
    category = unicodedata.category(char)
    return {"Ll": "l", "Lu": "u", "Lo": "x", "Lm": "x", "Mn": "x"}.get(category, "s")


def _script(char: str) -> str:
    if _kind(char) not in "lux":
        return " " if char == " " else "s"
    script = unicodedata.name(char).split()[0]
    return {"LATIN": "a", "COMBINING": "s"}.get(script, "o")


def _east_asian(sample: bytes, encoding: str, cut: bool) -> float:
    """The likelihood of a sample as Chinese, Japanese or Korean; `cut` if it ends anywhere."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample, not cut)
    common = _common(encoding)
    language = _EAST_ASIAN[encoding][0]
    score = _SWITCH * len(_SWITCHES.findall(text))
    counted = Counter(text).items()
    return score + sum(n * _east_asian_cost(char, language, common) for char, n in counted)


def _east_asian_cost(char: str, language: str, common: frozenset[str]) -> float:
    if char in " '":
        return 0.0
    if char.isascii():
        return -3.0 if char.isalpha() else _SYMBOL
    if "\u3041" <= char <= "\u30fe" and language == "ja":
        return -4.2 if char < "\u30a0" else -5.2
    if char in common:
        return -6.0 if language == "ko" else -6.8
    if char in "、。，！？：；「」『』《》（）“”‘’・ー…—\u3000％【】":
        return -5.0
    if "\uff01" <= char <= "\uff5e":
        return -7.0
    if "\u4e00" <= char <= "\u9fff":
        return -11.0
    return -12.0 if char.isprintable() and char != "\ufffd" else _NOT_TEXT


@cache
def _common(encoding: str) -> frozenset[str]:
    """The characters in daily use."""
    _, code, first, last = _EAST_ASIAN[encoding]
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in trails)
    return frozenset(pair.decode(code, "ignore") for pair in pairs) - {""}
