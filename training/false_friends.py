"""Collect the words of other languages that Vietnamese typing could have left.

    pip install babel django faker spacy stopwordsiso wagtail zxcvbn
    python training/false_friends.py SCOWL > cleaners/phusa/languages/vi/false_friends.txt

SCOWL is the folder of the word lists of that name (the package `scowl` of Debian has them). Only
the words that the rules for typing and tone marks would change are written; a rule that changes
needs a new list.
"""

from __future__ import annotations

import ast
import gettext
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from phusa.repairs.spelling import keys, tones

SCOWL_SIZE = 80
"""Larger lists have words that nobody writes, and some of them look like frequent Vietnamese."""
BY_HAND = ("chown", "daí", "ddos", "eof", "raó")
OWN = ("vi", "vi_VN")
MAX_LETTERS = 12

HEADER = """\
# Words of other languages that look like keys of Vietnamese input methods, or like Vietnamese with
# a misplaced tone mark: only those that the rules would change. Made by training/false_friends.py.
# Sources: SCOWL 2020.12.07 up to size 80 (Copyright 2000-2020 Kevin Atkinson and others; may be
# used, copied, modified, distributed and sold for any purpose), translations in Django and Wagtail
# (BSD-3-Clause), names in CLDR as Babel ships them (Unicode-3.0), names in Faker (MIT), words in
# spaCy (MIT), Stopwords ISO (MIT), word frequencies in zxcvbn (MIT); a few written by hand."""

_WORD = re.compile(r"[^\W\d_]+")
_NAMES = ("currency_names", "days", "languages", "months", "scripts", "territories", "variants")


def main() -> None:
    """Write the list."""
    usual = set(_words(_translations("django", own=True)))
    usual |= set(_words(_translations("wagtail", own=True)))
    words = set(BY_HAND)
    words.update(_words(_collected(Path(sys.argv[1]))))
    print(HEADER)
    print("\n".join(sorted(word for word in words if _is_changed(word, usual))))


def _collected(scowl: Path) -> Iterator[str]:
    for path in scowl.iterdir():
        if int(path.suffix[1:]) <= SCOWL_SIZE and "variant_3" not in path.name:
            yield path.read_text("utf-8", "replace")
    yield from _translations("django")
    yield from _translations("wagtail")
    yield from _locale_names()
    for path in (_folder("faker") / "providers").rglob("*.py"):
        if not set(path.parts) & set(OWN):
            yield from _literals(path)
    for path in (_folder("spacy") / "lang").rglob("*.py"):
        if not set(path.parts) & set(OWN):
            yield from _literals(path)
    stopwords = json.loads((_folder("stopwordsiso") / "stopwords-iso.json").read_text("utf-8"))
    yield from _strings([words for language, words in stopwords.items() if language not in OWN])
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    # passwords are typed in any way
    yield from _strings([words for name, words in FREQUENCY_LISTS.items() if name != "passwords"])


def _is_changed(word: str, usual: set[str]) -> bool:
    """Whether a rule changes a word; a frequent Vietnamese word is worth a foreign one."""
    placed = tones.replaced(word)
    if placed is not None:
        return placed.text not in usual
    return keys.typed(word) is not None


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
            if len(word) <= MAX_LETTERS:
                yield word


def _translations(package: str, own: bool = False) -> Iterator[str]:
    """The messages of a package in the languages other than Vietnamese, or in it."""
    for path in _folder(package).rglob("LC_MESSAGES/*.mo"):
        if (path.parent.parent.name in OWN) is own:
            with path.open("rb") as file:
                yield from _strings(vars(gettext.GNUTranslations(file))["_catalog"])


def _locale_names() -> Iterator[str]:
    from babel import localedata

    for locale in localedata.locale_identifiers():
        if locale.split("_")[0] not in OWN:
            data = localedata.load(locale)
            yield from _strings([data.get(name) for name in _NAMES])


def _literals(path: Path) -> Iterator[str]:
    """The strings in a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed")
    return Path(spec.origin).parent


if __name__ == "__main__":
    main()
