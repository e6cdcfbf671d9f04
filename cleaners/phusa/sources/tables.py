"""Tables that come with a corpus: CSV files whose first line names the columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from phusa.recipe import RecipeError


def rows(table: Path, key: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Read the rows that are not blank, by column, with their line numbers, counted from 1.

    Empty cells are left out, but for that of the column `key`. Raises RecipeError where the file
    cannot be read as UTF-8 CSV, or has no column `key`.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            columns = [name.strip() for name in next(reader, [])]
            if key not in columns or len(set(columns)) < len(columns):
                raise RecipeError(
                    f"{table}:1: the first line must name the columns, each once, one of them "
                    f"`{key}`, between commas; it has {', '.join(map(repr, columns)) or 'nothing'}"
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
                    yield reader.line_num, {key: "", **row}
    except UnicodeDecodeError:
        raise RecipeError(f"{table}: not UTF-8; save the table as “CSV UTF-8”") from None
    except csv.Error as error:
        raise RecipeError(f"{table}:{reader.line_num}: not CSV: {error}") from None
    except OSError as error:
        raise RecipeError(f"{table}: cannot be read: {error.strerror}") from None
