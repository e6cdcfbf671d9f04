"""What is known beside the text: a CSV file with a row for each document."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from phusa.recipe import RecipeError

Known = Mapping[str, str]
"""What one row says, by column, without the path and the empty cells."""


def load(table: Path, paths: Iterable[str]) -> dict[str, Known]:
    """Read the table; return what it says of each of the `paths` of a corpus.

    A row stands for a file, and for every row of a JSONL file that does not say otherwise itself.
    Paths are compared in NFC, so that a table from a spreadsheet fits files from a Mac.

    Raises RecipeError where the file cannot be read as UTF-8 CSV, has no column `path`, names a
    path twice or one that is not in the corpus.
    """
    corpus = {_normal(path): path for path in paths}
    known: dict[str, Known] = {}
    for line, row in _rows(table):
        name = row.pop("path")
        path = corpus.get(_normal(name))
        if path is None:
            raise RecipeError(
                f"{table}:{line}: {name!r} is not among the sources; "
                "write paths relative to the folder of the recipe"
            )
        if path in known:
            raise RecipeError(f"{table}:{line}: {name!r} has a row already; remove one")
        known[path] = row
    return known


def _rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that are not blank, by column, with their line numbers."""
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            columns = [name.strip() for name in next(reader, [])]
            if "path" not in columns or len(set(columns)) < len(columns):
                raise RecipeError(
                    f"{table}:1: the first line must name the columns, each once, one of them "
                    f"`path`, between commas; it has {', '.join(map(repr, columns)) or 'nothing'}"
                )
            for cells in reader:
                if len(cells) > len(columns):
                    raise RecipeError(
                        f"{table}:{reader.line_num}: {len(cells)} cells for {len(columns)} "
                        "columns; put cells that hold commas between double quotes"
                    )
                values = zip(columns, map(str.strip, cells), strict=False)
                row = {column: value for column, value in values if value}
                if row:
                    yield reader.line_num, {"path": "", **row}
    except UnicodeDecodeError:
        raise RecipeError(f"{table}: not UTF-8; save the table as “CSV UTF-8”") from None
    except csv.Error as error:
        raise RecipeError(f"{table}:{reader.line_num}: not CSV: {error}") from None
    except OSError as error:
        raise RecipeError(f"{table}: cannot read the metadata: {error.strerror}") from None


def _normal(path: str) -> str:
    return unicodedata.normalize("NFC", str(PurePosixPath(path)))
