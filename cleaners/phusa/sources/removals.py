"""The removal list: documents that no release may hold, as their owners asked."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from pathlib import Path

from phusa.findings import Finding
from phusa.page import RawDocument
from phusa.recipe import RecipeError
from phusa.sources.rules import TAKEN_DOWN
from phusa.sources.tables import rows


def load(table: Path) -> frozenset[str]:
    """Read the keys of the documents that are to be left out.

    A key is what names a document: its id, its url, or a SHA-256 in hex, of the page as found or of
    the text. The other columns, such as a reason, are for those who keep the list.

    Raises RecipeError where the file cannot be read as UTF-8 CSV, has no column `key`, or has a row
    without one.
    """
    keys = set()
    for line, row in rows(table, "key"):
        if not row["key"]:
            raise RecipeError(f"{table}:{line}: no key; write the id, the url or a SHA-256 in hex")
        keys.add(row["key"])
    return frozenset(keys)


def taken_down(
    removals: Set[str], document: RawDocument, text: str | None = None
) -> Finding | None:
    """What rejects a document that is on the list; None where it is not.

    `text` is that of the article, where it is known by now.

    >>> page = RawDocument("x1", "Một câu.", url="https://a.vn/1")
    >>> taken_down({"https://a.vn/1"}, page).message
    'on the removal list, by its url'
    """
    if not removals:
        return None
    names = {
        "id": document.id,
        "url": document.url,
        "page": document.raw_sha256,
        "text": text and hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    }
    by = next((name for name, key in names.items() if key in removals), None)
    if by is None:
        return None
    return Finding(TAKEN_DOWN.code, 0, 0, f"on the removal list, by its {by}")
