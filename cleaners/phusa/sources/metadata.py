"""What is known beside the text: a CSV file with a row for each document."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from phusa.recipe import RecipeError
from phusa.sources.tables import rows

Known = Mapping[str, str]
"""What one row says, by column, without the path and the empty cells."""


def load(table: Path, paths: Iterable[str], *, partly: bool = False) -> dict[str, Known]:
    """Read the table; return what it says of each of the `paths` of a corpus, or of a part of one.

    A row stands for a file, and for every row of a JSONL file that does not say otherwise itself.
    Paths are compared in NFC, so that a table from a spreadsheet fits files from a Mac.

    Raises RecipeError where the file cannot be read as UTF-8 CSV, has no column `path`, names a
    path twice or one that is not in the corpus, unless `paths` are a part of it.
    """
    corpus = {_normal(path): path for path in paths}
    known: dict[str, Known] = {}
    for line, row in rows(table, "path"):
        name = row.pop("path")
        path = corpus.get(_normal(name))
        if path is None:
            if partly:
                continue
            raise RecipeError(
                f"{table}:{line}: {name!r} is not among the sources; "
                "write paths relative to the folder of the recipe"
            )
        if path in known:
            raise RecipeError(f"{table}:{line}: {name!r} has a row already; remove one")
        known[path] = row
    return known


def _normal(path: str) -> str:
    return unicodedata.normalize("NFC", str(PurePosixPath(path)))
