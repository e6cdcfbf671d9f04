"""Sentences in many languages: the translations that installed packages ship.

The packages are requirements of development: Django (BSD), with about a hundred languages, and the
Vietnamese pack of JupyterLab (BSD), for more Vietnamese. Nothing of them is copied into this
project; their compiled catalogues are read when a test asks for them.
"""

from __future__ import annotations

import gettext
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("django", "jupyterlab_language_pack_vi_VN")
SAME_LANGUAGE = {"vi_VN": "vi"}
"""Names that packages give to a language which others name without a region."""

_SPOILED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")


@cache
def catalogues() -> dict[str, tuple[str, ...]]:
    """The translated messages of each language, as they are, each once, in a fixed order.

    A message may have several lines, and placeholders such as `%(name)s`. The plural forms of a
    message are messages of their own. English is what all of them were translated from.
    """
    found: dict[str, dict[str, None]] = {}
    for path in _files():
        name = path.parent.parent.name
        translated = found.setdefault(SAME_LANGUAGE.get(name, name), {})
        for original, message in _messages(path):
            found.setdefault("en", {})[original] = None
            translated[message] = None
    return {language: tuple(messages) for language, messages in sorted(found.items()) if messages}


@cache
def clean_catalogues() -> tuple[dict[str, tuple[str, ...]], Counter[tuple[str, str]]]:
    """The messages that are clean Unicode, and how many others each language has, by what they are.

    A test of clean text can do nothing with the others: a repair of theirs is right.
    """
    kept: dict[str, tuple[str, ...]] = {}
    dropped: Counter[tuple[str, str]] = Counter()
    for language, messages in catalogues().items():
        fine = []
        for message in messages:
            why = fault(message)
            if why:
                dropped[language, why] += 1
            else:
                fine.append(message)
        kept[language] = tuple(fine)
    logging.getLogger(__name__).info("left out: %s", dict(dropped))
    return kept, dropped


def lines(language: str) -> list[str]:
    """The lines of the clean messages of a language that are not blank, each once."""
    split = (
        line.strip() for message in clean_catalogues()[0][language] for line in message.split("\n")
    )
    return list(dict.fromkeys(filter(None, split)))


def fault(message: str) -> str | None:
    """Why a message is no clean Unicode, or None."""
    if not unicodedata.is_normalized("NFC", message):
        return "not in normal form C"
    if _SPOILED.search(message):
        return "a control, a private or a replacement character"
    return None


def _files() -> Iterator[Path]:
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(
                f"{package} is a requirement of development: pip install -e '.[dev]'"
            )
        yield from sorted(Path(spec.origin).parent.rglob("LC_MESSAGES/*.mo"))


def _messages(path: Path) -> Iterator[tuple[str, str]]:
    """The messages of a catalogue in English and in its language."""
    with path.open("rb") as file:
        # the standard library reads catalogues, but has no public way to walk through one
        catalogue = vars(gettext.GNUTranslations(file))["_catalog"]
    for original, translation in catalogue.items():
        # a key is the English, with its plural's number in a tuple, with its context before an EOT
        english = original if isinstance(original, str) else original[0]
        if english and translation:
            yield english.rpartition("\x04")[2], translation
