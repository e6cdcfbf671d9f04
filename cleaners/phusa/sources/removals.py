"""The removal list: documents that no release may hold, as their owners asked."""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from phusa.findings import Finding
from phusa.page import RawDocument
from phusa.recipe import RecipeError
from phusa.sources.rules import TAKEN_DOWN
from phusa.sources.tables import rows

_URL = re.compile(r"https?://([^/?#]*)([^#]*)", re.IGNORECASE)
_ENCODED = re.compile("%([0-9A-Fa-f]{2})")
_ASCII = string.punctuation
"""What stays as it is where the rest of an url is percent-encoded."""

_DIGEST = re.compile("[0-9A-Fa-f]{64}")


def load(table: Path) -> frozenset[str]:
    """Read the keys of the documents that are to be left out.

    A key is what names a document: its id, its url, or a SHA-256 in hex, of the page as found or of
    the text. It comes in the form that `taken_down` compares by: hex in small letters, of urls no
    scheme and fragment, the host in small letters, percent-encoded as little as can be, all in
    NFC. The other columns, such as a reason, are for those who keep the list.

    Raises RecipeError where the file cannot be read as UTF-8 CSV, has no column `key`, or has a row
    without one.
    """
    keys = set()
    for line, row in rows(table, "key"):
        if not row["key"]:
            raise RecipeError(f"{table}:{line}: no key; write the id, the url or a SHA-256 in hex")
        keys.add(_normal(row["key"]))
    return frozenset(keys)


@dataclass(frozen=True, slots=True)
class Removal:
    """A key of the list that a document goes by, and what of the document it is."""

    key: str
    by: str

    @property
    def finding(self) -> Finding:
        """What rejects the document."""
        return Finding(TAKEN_DOWN.code, 0, 0, f"on the removal list, by its {self.by}")


def taken_down(
    removals: Set[str], document: RawDocument, text: str | None = None
) -> Removal | None:
    """Look a document up in the list; None where it is not there.

    `text` is that of the article, where it is known by now.

    >>> page = RawDocument("x1", "Một câu.", url="HTTP://A.vn/x%C3%A0#top")
    >>> taken_down({"a.vn/x%C3%A0"}, page).by
    'url'
    """
    if not removals:
        return None
    names = {
        "id": _normal(document.id),
        "url": document.url and _normal(document.url),
        "page": document.raw_sha256,
        "text": text and hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    }
    return next((Removal(key, by) for by, key in names.items() if key and key in removals), None)


def _normal(key: str) -> str:
    """A key in the form that keys are compared by: what spells the same page is the same."""
    if url := _URL.match(key):
        key = url[1].lower() + _ENCODED.sub(_spelt, quote(_nfc(url[2]), _ASCII)).rstrip("/")
    elif _DIGEST.fullmatch(key):
        return key.lower()
    return _nfc(key)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _spelt(encoded: re.Match[str]) -> str:
    """An encoded byte: the character it is where encoding it means nothing, else with capitals."""
    char = chr(int(encoded[1], 16))
    return char if char.isascii() and (char.isalnum() or char in "-._~") else encoded[0].upper()
