"""The gazetteer of Vietnam as a table, loaded when it is first needed.

`training/gazetteer.py` makes it; the file says of each unit between which lists it is found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources
from typing import Any, TypeVar, overload

import orjson
import zstandard

from phusa import languages
from phusa.places.names import fold, fold_all, other_signs, unmarked
from phusa.places.units import Bracket, Level, Unit

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)

LEVELS: Mapping[int, Level] = {2: "province", 3: "district", 5: "ward"}
"""The levels by the length of a code."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the file has of each unit, by row; `first` and `last` are numbers of lists."""

    code: list[str]
    kind: list[int]
    name: list[str]
    district: list[str | None]
    province: list[str | None]
    first: list[int]
    last: list[int]


class Table(Sequence[Unit]):
    """The units by row, provinces before districts before wards, each level by code and time.

    `snapshots` are the days of the lists.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        """Take the content of the file."""
        self.snapshots: tuple[str, ...] = tuple(content["snapshots"])
        self.kinds: tuple[str, ...] = tuple(content["kinds"])
        self.columns = Columns(**content["units"])
        self._spellings: list[tuple[int, str]] = content["spellings"]
        self._days = {row: (since, until) for row, since, until in content["days"]}
        self._edges: list[tuple[int, int, int]] = content["edges"]
        self._units: dict[int, Unit] = {}

    @property
    def units(self) -> Sequence[Unit]:
        """The units by row."""
        return self

    def __len__(self) -> int:
        return len(self.columns.code)

    @overload
    def __getitem__(self, row: int) -> Unit: ...
    @overload
    def __getitem__(self, row: slice) -> list[Unit]: ...
    def __getitem__(self, row: int | slice) -> Unit | list[Unit]:
        """The unit of a row, made when it is asked for."""
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        row = range(len(self))[row]
        return self._units.get(row) or self._units.setdefault(row, self._made(row))

    def __iter__(self) -> Iterator[Unit]:
        return (self[row] for row in range(len(self)))

    def _made(self, row: int) -> Unit:
        columns = self.columns
        since, until = self.span(row)
        return Unit(
            LEVELS[len(columns.code[row])],
            columns.code[row],
            self.kinds[columns.kind[row]],
            columns.name[row],
            columns.district[row],
            columns.province[row],
            since,
            until,
            row,
        )

    def span(self, row: int) -> tuple[Bracket, Bracket]:
        """Between which days a unit began and ended."""
        first, last = self.columns.first[row], self.columns.last[row]
        since, until = self._days.get(row, (None, None))
        return (
            (since, since) if since else self._before(first),
            (until, until) if until else self._before(last + 1),
        )

    def _before(self, number: int) -> Bracket:
        """When something happened that shows first in a list."""
        if number == len(self.snapshots):
            return None, None
        if number == 0:
            return None, self.snapshots[0]
        day = date.fromisoformat(self.snapshots[number - 1]) + timedelta(1)
        return day.isoformat(), self.snapshots[number]

    @cached_property
    def rows_coded(self) -> Mapping[str, tuple[int, ...]]:
        """The rows of each code, in order of time."""
        return _grouped(zip(self.columns.code, range(len(self)), strict=True))

    @cached_property
    def rows_named(self) -> Mapping[str, tuple[int, ...]]:
        """The rows of each bare name, as `fold` writes it, and of its other names and spellings."""
        names = self.columns.name
        distinct = list(dict.fromkeys(names))
        folded = dict(zip(distinct, fold_all(distinct), strict=True))
        pairs = [(folded[name], row) for row, name in enumerate(names)]
        pairs += [(fold(name), row) for row, name in self._spellings]
        for unit, others in languages.places()["aliases"].items():
            code, _, name = unit.partition(" ")
            for row in self.rows_coded[code]:
                if names[row] == name:
                    pairs += [(fold(other), row) for other in others]
        signs = {name: other_signs(name) for name in distinct}
        pairs += [(other, row) for row, name in enumerate(names) for other in signs[name]]
        return _grouped(pairs)

    def rows_called(self, name: str) -> tuple[int, ...]:
        """The rows of a bare name as anybody writes it; blanks may stand elsewhere: `EaBar`."""
        return self._rows_joined.get(fold(name).replace(" ", ""), ())

    @cached_property
    def _rows_joined(self) -> Mapping[str, tuple[int, ...]]:
        """The rows of each bare name without its blanks."""
        named = self.rows_named.items()
        return _grouped((name.replace(" ", ""), row) for name, rows in named for row in rows)

    @cached_property
    def rows_unmarked(self) -> Mapping[str, tuple[int, ...]]:
        """The rows of each bare name without its marks, and of each with its kind before it."""
        kinds = [unmarked(kind) for kind in self.kinds]
        named = [(unmarked(name), row) for name, rows in self.rows_named.items() for row in rows]
        full = [(f"{kinds[self.columns.kind[row]]} {name}", row) for name, row in named]
        return _grouped(named + full)

    @cached_property
    def successors(self) -> Mapping[int, tuple[tuple[int, bool], ...]]:
        """The rows that each row became next, and whether they took only a part of it."""
        return _grouped((old, (new, bool(part))) for old, new, part in self._edges)

    @cached_property
    def predecessors(self) -> Mapping[int, tuple[tuple[int, bool], ...]]:
        """The rows that became each row, and whether it took only a part of them."""
        return _grouped((new, (old, bool(part))) for old, new, part in self._edges)

    @cached_property
    def rows_within(self) -> Mapping[str, tuple[int, ...]]:
        """The rows right below each code: of wards with a district, below that."""
        columns = self.columns
        parents = (d or p for d, p in zip(columns.district, columns.province, strict=True))
        return _grouped((parent, row) for row, parent in enumerate(parents) if parent)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    """The second ones of pairs by the first, without repeats."""
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(dict.fromkeys(values)) for key, values in found.items()}


@cache
def table() -> Table:
    """The gazetteer."""
    packed = resources.files(__package__).joinpath("vietnam.json.zst").read_bytes()
    return Table(orjson.loads(zstandard.decompress(packed)))
