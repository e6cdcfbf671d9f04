"""Language packs: what phusa knows of a language, as data.

A pack is a folder with the tables it has; nothing in the code names a language. The line tables of
all packs are read together, because a page's chrome is often in another language than its article.

- `chrome.toml`: phrases of page chrome by rule code (how they match: `Phrases`).
- `cues.toml`: words around bylines, captions and dates.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any

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
    what looks like a name and is a weekday, a section or a place. `caption`: what a caption says of
    itself. `notice`: what a page says that is empty, words only. `months`: names of months and
    their numbers.
    """

    byline: tuple[str, ...]
    source: tuple[str, ...]
    no_names: frozenset[str]
    caption: tuple[str, ...]
    notice: tuple[str, ...]
    months: Mapping[str, int]


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

    >>> cues().months["march"]
    3
    """
    tables = [_table(pack, "cues.toml") for pack in packs()]

    def words(name: str) -> tuple[str, ...]:
        return tuple(chain.from_iterable(table[name] for table in tables))

    months = {
        name: number
        for table in tables
        for number, names in enumerate(table["months"], 1)
        for name in names
    }
    no_names = frozenset(words("no_names"))
    return Cues(
        words("byline"), words("source"), no_names, words("caption"), words("notice"), months
    )


def _table(pack: str, name: str) -> dict[str, Any]:
    """A table of a pack; empty where the pack has none of that name."""
    file = resources.files(__package__).joinpath(pack, name)
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
