"""Small releases, changed and compared."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from phusa.comparing import Difference, compare, opened
from small_releases import Record, record, write

Change = Callable[[Record], object]


def diff(folder: Path, old: Any, new: Any, most: int = 10, **options: Any) -> Difference:
    """The difference of two releases of records; `options` are of the new one."""
    number = len(list(folder.iterdir()))
    before = write(folder / f"{number}-old", old)
    after = write(folder / f"{number}-new", new, "1.1.0", **options)
    return compare(opened(before), opened(after), most=most)


def some(number: int = 5) -> list[Record]:
    return [record(f"a/{i}") for i in range(number)]


def with_one(change: Change) -> list[Record]:
    """Records like `some`, but for what `change` does to the second one."""
    rows = copy.deepcopy(some())
    change(rows[1])
    return rows
