"""Letters that look like the right one: Cyrillic and Greek in Latin words, eth in Vietnamese."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import chain, islice

from phusa import syllables
from phusa.findings import Finding, Rule
from phusa.page import Page, Signs, Stage
from phusa.repairs import classes
from phusa.repairs.verdicts import by_line, vietnamese

LOOKALIKE = Rule(
    "ENC038",
    "look-alike-letter",
    "A Cyrillic or Greek letter in a Latin word: `Viеt` with a Cyrillic е.",
    """A letter of another script was typed, or put there to fool filters, in a word that is
otherwise Latin. It becomes the Latin letter that it looks like, when most letters of the word, and
two at least, are Latin, and all others look like one. Words of Cyrillic or Greek letters stay, and
so do signs beside letters (kΩ, μm, TNFα). Where Cyrillic or Greek words stand around, and in
hashtags, the letter must be between Latin ones: `iPhoneа` may be a name with a Russian ending.""",
)
ETH = Rule(
    "ENC039",
    "eth-for-d",
    "Ð, ð, Ɖ or ɖ in place of the Vietnamese Đ or đ.",
    """The capital eth of Icelandic and the African D look like Đ, and old keyboards and converters
write them. They become Đ and đ in Vietnamese lines, in words that are Vietnamese syllables with
it. Icelandic, Faroese and Old English keep their letters.""",
)

_LATIN = "A-Za-zÀ-ÖØ-öø-\u024f\u1e00-\u1eff"
_FOREIGN = classes.GREEK_OR_CYRILLIC
_MARKS = "\u0300-\u036f"
_ONE_LATIN = re.compile(f"[{_LATIN}]")
_ONE_FOREIGN = re.compile(f"[{_FOREIGN}]")
_LATIN_WORD = re.compile(f"(?<![{_LATIN}{_FOREIGN}])[{_LATIN}]{{2,}}+(?![{_FOREIGN}])")
_FOREIGN_WORD = re.compile(f"(?<![{_LATIN}{_FOREIGN}])[{_FOREIGN}]{{2,}}+(?![{_LATIN}])")
_OF_LATIN = re.compile(f"[{_LATIN}{_MARKS}]+")
_LETTER = r"[^\W\d_]"
_ETH_WORD = re.compile(f"[{classes.ETHS}](?<!{_LETTER}.){_LETTER}{{1,7}}+(?!{_LETTER})")
"""A short word that starts with one; Vietnamese has no đ elsewhere, and Icelandic no ð there."""
_MISREAD = frozenset("®©°±¶·µ")
"""What stands behind a Cyrillic letter where UTF-8 was read as Windows-1251."""
_D = str.maketrans("ÐƉðɖ", "ĐĐđđ")

MIN_LATIN_WORDS = 3
"""A line with so many words of Latin letters, and none of others, is a Latin line."""


def propose(page: Page) -> Sequence[Finding]:
    """Repairs for the words with such letters.

    >>> [(f.rule, f.replacement) for f in propose(Page("Ðà Nẵng, Viеt Nаm"))]
    [('ENC039', 'Đà'), ('ENC038', 'Viet'), ('ENC038', 'Nam')]
    """
    text = page.text
    return [*_eths(text), *_lookalikes(text)]


def _eths(text: str) -> Iterator[Finding]:
    is_vietnamese = by_line(text, vietnamese, vietnamese)
    for match in _ETH_WORD.finditer(text):
        word = match[0].translate(_D)
        if syllables.parse(word) and is_vietnamese(match.start()):
            yield Finding(ETH.code, *match.span(), "eth for d", word)


def _lookalikes(text: str) -> Iterator[Finding]:
    table = _table()
    is_mixed = by_line(text, _has_other_script, _is_in_other_script)
    for start, end in _words(text, _beside_latin()):
        word = text[start:end]
        others = _OF_LATIN.sub("", word)
        latin = len(_ONE_LATIN.findall(word))
        if latin < 2 or latin <= len(others) or not table.keys() >= set(others):
            continue
        if text[end : end + 1] in _MISREAD:
            continue  # `firstВ®` is misread, not mistyped
        if not _is_enclosed(word) and (text[start - 1 : start] in ("#", "@") or is_mixed(start)):
            continue
        named = " ".join(f"U+{ord(char):04X}" for char in sorted(set(others))[:4])
        replacement = "".join(table.get(char, char) for char in word)
        yield Finding(LOOKALIKE.code, start, end, f"{named} in a Latin word", replacement)


def _is_enclosed(word: str) -> bool:
    """Whether the first and the last letter of a word are Latin."""
    return all(_ONE_LATIN.match(end) for end in (word[0], word[-1]))


def _has_other_script(line: str) -> bool | None:
    if _FOREIGN_WORD.search(line):
        return True
    words = sum(1 for _ in islice(_LATIN_WORD.finditer(line), MIN_LATIN_WORDS))
    return False if words == MIN_LATIN_WORDS else None


def _is_in_other_script(text: str) -> bool:
    latin, foreign = (sum(1 for _ in one.finditer(text)) for one in (_ONE_LATIN, _ONE_FOREIGN))
    return foreign > latin


def _words(text: str, letters: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The words that such letters stand in, in order; each character is met once."""
    end = 0
    for place in letters.finditer(text):
        start = place.start()
        if start < end:
            continue
        done, end = end, place.end()
        while start > done and _is_of_word(text[start - 1]):
            start -= 1
        while end < len(text) and _is_of_word(text[end]):
            end += 1
        yield start, end


def _is_of_word(char: str) -> bool:
    return char.isalpha() or "\u0300" <= char <= "\u036f"


@cache
def _table() -> dict[str, str]:
    """The Latin letter of each look-alike, those with marks that Unicode has as one letter too."""
    file = resources.files(__package__).joinpath("lookalikes.toml")
    scripts = tomllib.loads(file.read_text("utf-8"))
    table = {
        char: latin
        for letters in scripts.values()
        for latin, chars in letters.items()
        for char in chars
    }
    for code in chain(range(0x370, 0x530), range(0x1F00, 0x2000)):
        apart = unicodedata.normalize("NFD", chr(code))
        if len(apart) > 1 and apart[0] in table:
            letter = unicodedata.normalize("NFC", table[apart[0]] + apart[1:])
            if len(letter) == 1:
                table[chr(code)] = letter
    return table


@cache
def _beside_latin() -> re.Pattern[str]:
    """Finds a look-alike next to a Latin letter."""
    chars = "".join(_table())
    return re.compile(f"[{chars}](?:(?<=[{_LATIN}].)|(?=[{_LATIN}]))")


_SIGNS = (Signs(classes.GREEK_OR_CYRILLIC + classes.ETHS),)
STAGE = Stage("lookalikes", (LOOKALIKE, ETH), propose, by_line=False, signs=_SIGNS)
