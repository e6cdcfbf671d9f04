"""Language packs: what phusa knows of a language, as data.

A pack is a folder with the tables it has; nothing in the code names a language. The line tables of
all packs are read together, because a page's chrome is often in another language than its article.

- `chrome.toml`: phrases of page chrome by rule code (how they match: `Phrases`).
- `cues.toml`: words around bylines and captions.
- `dates.toml`: names of months and days, and words around dates.
- `blanks.toml`: the blanks that the language's typography asks for (`Blanks`).
- `places.toml`: how places are written, and in Vietnam what kinds of them there are.
- `syllables.toml`: what the syllables of Vietnamese are made of.
- `mentions.toml`: words around the names of places.
- `privacy.toml`: words around personal data (`Privacy`).
- `false_friends.txt`: words of other languages that look like keys of Vietnamese input methods.
- `one_block.txt`: names and loanwords that look like two Vietnamese words with no blank between.
- `lost_letters.toml`: which Vietnamese syllable is meant where a letter was lost.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any

_DATE_WORDS = "published changed either other on_day coming ahead until through silent laws".split()
MATCHES = ("lines", "counted", "labels", "starts", "contains")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of chrome and the code of the rule each belongs to, by how they match a line.

    Phrases are in lower case, words only, single blanks. `lines`: the words of the line are the
    phrase. `counted`: the same, and the line holds a digit. `labels`: the phrase stands before the
    first colon. `starts`: the line starts with the phrase. `contains`: the phrase, with its
    punctuation, stands anywhere in the lower-cased line.
    """

    lines: Mapping[str, str]
    counted: Mapping[str, str]
    labels: Mapping[str, str]
    starts: Mapping[str, str]
    contains: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that tell what a line is, of all packs together, in lower case.

    `byline`: what stands before an author's name, `source` before that of a source. `no_names`:
    what looks like a name and is a section or a place. `caption`: what a caption says of
    itself. `notice`: what a page says that is empty, words only. `placeholder`: what stands where
    text is still to come, as a sentence of its own, `untitled` where a title is; words only.
    """

    byline: tuple[str, ...]
    source: tuple[str, ...]
    no_names: frozenset[str]
    caption: tuple[str, ...]
    notice: tuple[str, ...]
    placeholder: frozenset[str]
    untitled: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dates:
    """Names and words in and around dates, of all packs together, in lower case.

    `months` and `weekdays` are names; months have their number. What stands before a date tells
    whose it is: `published`, `changed`, `either` of the two, or `other`: an event, a licence, a
    decree, a counter, a membership. `on_day` stands before a day with its month and without its
    year; `coming` says that something will take place, `ahead` that a day is still to come, and
    `until` that a month is the end or the start of something; `through` stands between the first
    and the last day of a range. `silent` are phrases that hold one of these words and do not say
    it, and `laws` start lines whose dates are all those of laws.
    """

    months: Mapping[str, int]
    weekdays: frozenset[str]
    published: tuple[str, ...]
    changed: tuple[str, ...]
    either: tuple[str, ...]
    other: tuple[str, ...]
    on_day: tuple[str, ...]
    coming: tuple[str, ...]
    ahead: tuple[str, ...]
    until: tuple[str, ...]
    through: tuple[str, ...]
    silent: tuple[str, ...]
    laws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blanks:
    """Blanks other than the plain one that belong to the typography of a language.

    `kept` are the blanks, `before` and `after` the characters they stand before and after; `words`
    are common words that tell the language, in lower case. `language` is its BCP 47 code.
    """

    language: str
    kept: str
    before: str
    after: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Privacy:
    """Words around numbers, of all packs together, in lower case.

    `before` are phrases and what the number behind them is: `phone`, `account`, `maybe_account` (an
    account or a login), `identity`, `passport`, or `other`: nothing that is personal. `between` may
    stand between such a phrase and its number; `units` after a number make it a quantity.
    """

    before: Mapping[str, str]
    between: frozenset[str]
    units: tuple[str, ...]


def packs() -> list[str]:
    """The codes of the languages there is a pack for.

    >>> packs()
    ['de', 'el', 'en', 'es', 'fr', 'it', 'nl', 'pl', 'pt', 'ru', 'vi']
    """
    folder = resources.files(__package__)
    return sorted(entry.name for entry in folder.iterdir() if entry.joinpath("cues.toml").is_file())


@cache
def phrases() -> Phrases:
    """The chrome phrases of all packs.

    >>> phrases().lines["tin liên quan"]
    'CHR130'
    """
    tables: dict[str, dict[str, str]] = {match: {} for match in MATCHES}
    for pack in packs():
        for code, by_match in _table(pack, "chrome.toml").items():
            for match, words in by_match.items():
                tables[match].update(dict.fromkeys(words, code))
    return Phrases(**tables)


@cache
def cues() -> Cues:
    """The cues of all packs.

    >>> "theo" in cues().byline
    True
    """
    tables = [_table(pack, "cues.toml") for pack in packs()]

    def words(name: str) -> tuple[str, ...]:
        return tuple(chain.from_iterable(table[name] for table in tables))

    return Cues(
        words("byline"),
        words("source"),
        frozenset(words("no_names")),
        words("caption"),
        words("notice"),
        frozenset(words("placeholder")),
        frozenset(words("untitled")),
    )


@cache
def dates() -> Dates:
    """The names and words in and around dates of all packs.

    >>> dates().months["march"], "đăng lúc" in dates().published
    (3, True)
    """
    folder = resources.files(__package__)
    codes = sorted(e.name for e in folder.iterdir() if e.joinpath("dates.toml").is_file())
    tables = [_table(code, "dates.toml") for code in codes]

    def words(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(chain.from_iterable(table.get(name, ()) for table in tables)))

    months = {
        name: number
        for table in tables
        for number, names in enumerate(table["months"], 1)
        for name in names
    }
    return Dates(
        months,
        frozenset(words("weekdays")),
        *map(words, _DATE_WORDS),
    )


@cache
def privacy() -> Privacy:
    """The words around personal data of all packs.

    >>> privacy().before["số tài khoản"], "triệu" in privacy().units
    ('account', True)
    """
    folder = resources.files(__package__)
    codes = sorted(e.name for e in folder.iterdir() if e.joinpath("privacy.toml").is_file())
    before: dict[str, str] = {}
    words: dict[str, list[str]] = {"between": [], "units": []}
    for code in codes:
        for name, listed in _table(code, "privacy.toml").items():
            if name in words:
                words[name] += listed
            else:
                before.update(dict.fromkeys(listed, name))
    return Privacy(before, frozenset(words["between"]), tuple(dict.fromkeys(words["units"])))


@cache
def blanks() -> tuple[Blanks, ...]:
    """The blanks of the languages that have their own.

    >>> [(own.language, own.after) for own in blanks()]
    [('fr', '«')]
    """
    tables = ((pack, _table(pack, "blanks.toml")) for pack in packs())
    return tuple(
        Blanks(pack, table["kept"], table["before"], table["after"], frozenset(table["words"]))
        for pack, table in tables
        if table
    )


@cache
def syllables() -> dict[str, Any]:
    """The parts of Vietnamese syllables, as `phusa.syllables` reads them."""
    return _table("vi", "syllables.toml")


@cache
def places() -> dict[str, Any]:
    """How places of Vietnam are written: kinds of units, spellings, other names.

    >>> places()["kinds"]["thị xã"]
    ['TX', 'T.X']
    """
    return _table("vi", "places.toml")


@cache
def mentions() -> dict[str, Any]:
    """Words around the names of places of Vietnam.

    >>> mentions()["bodies"]["thị ủy"]
    'thị xã'
    """
    return _table("vi", "mentions.toml")


@cache
def places_abroad(pack: str) -> dict[str, Any]:
    """Words around the names of places in a language, and names the table of the world lacks.

    >>> places_abroad("de")["countries"]["USA"]
    'US'
    """
    return _table(pack, "places.toml")


@cache
def lost_letters() -> tuple[frozenset[str], frozenset[str]]:
    """Syllables far more common than those they lose a letter to, and telling pairs of syllables.

    >>> common, pairs = lost_letters()
    >>> "chọn" in common, "mọi người" in pairs
    (True, True)
    """
    table = _table("vi", "lost_letters.toml")
    return frozenset(table["common"]), frozenset(table["pairs"])


@cache
def false_friends() -> frozenset[str]:
    """Words of other languages that Vietnamese typing could have left, in small letters."""
    return _words("vi", "false_friends.txt")


@cache
def one_block() -> frozenset[str]:
    """Vietnamese names and loanwords that are written in one block, in small letters."""
    return _words("vi", "one_block.txt")


def _words(pack: str, name: str) -> frozenset[str]:
    """The words of a list, one a line; lines that start with # tell where they are from."""
    lines = resources.files(__package__).joinpath(pack, name).read_text("utf-8").split("\n")
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _table(pack: str, name: str) -> dict[str, Any]:
    """A table of a pack; empty where the pack has none of that name."""
    file = resources.files(__package__).joinpath(pack, name)
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
