"""Looking units up by code, by name and by date, and what became of them."""

from __future__ import annotations

import re

from phusa.places.names import fold, split_kind
from phusa.places.table import table
from phusa.places.units import Predecessor, Successor, Unit

_BETWEEN = re.compile(r"[,;()]")


def by_code(code: str, on: str | None = None) -> list[Unit]:
    """The units that had a code on a day (an ISO day, month or year), in order of time.

    In the bracket of a change there may be two of one level; without a day there are all.

    >>> [unit.full_name for unit in by_code("03037", "2020-06")]
    ['Xã Sử Pán', 'Xã Mường Hoa']
    """
    units = table()
    return [units[row] for row in units.rows_coded.get(code, ()) if units[row].exists(on)]


def history(code: str) -> list[Unit]:
    """All units that ever had a code, in order of time; they need not be related.

    >>> [unit.full_name for unit in history("52")]
    ['Tỉnh Bình Định', 'Tỉnh Gia Lai']
    """
    return by_code(code)


def by_name(name: str, on: str | None = None) -> list[Unit]:
    """The units of a name on a day, with a kind before it or not, and with parents after commas.

    Capitals, the place of tone marks, blanks and signs do not matter; marks do. Kinds may be short.
    Greater units come first, and those of a level by code and time.

    >>> [unit.code for unit in by_name("P. An Lưu, TX. Kinh Môn, Hải Dương", "2024-05-02")]
    ['10675']
    >>> [unit.full_name for unit in by_name("Kinh Môn", "2025-08-15")]
    ['Phường Kinh Môn']
    """
    first, *above = [part for part in _BETWEEN.split(name) if part.strip()] or [""]
    found = [unit for unit in _named(first) if unit.exists(on)]
    for part in above:
        wanted = {unit.row for unit in _named(part)}
        found = [unit for unit in found if wanted & set(_rows_above(unit))]
    return found


def _named(name: str) -> list[Unit]:
    """The units of a bare name, or of one with its kind."""
    units = table()
    kind, bare = split_kind(name)
    rows = set(units.rows_named.get(fold(name), ()))  # also "Phường Đúc", whose name begins so
    if kind is not None:
        of_bare = units.rows_named.get(fold(bare), ())
        rows.update(row for row in of_bare if units[row].kind == kind)
    return [units[row] for row in sorted(rows)]


def parents(unit: Unit, on: str | None = None) -> list[Unit]:
    """The district and the province of a unit on a day, those of its last day without one.

    >>> [above.full_name for above in parents(by_name("Phường An Lưu")[0])]
    ['Thị xã Kinh Môn', 'Tỉnh Hải Dương']
    """
    units = table()
    found = []
    for code in (unit.district, unit.province):
        rows = [row for row in units.rows_coded.get(code or "", ()) if _meet(unit.row, row)]
        then = [row for row in rows if units[row].exists(on)] or rows
        found += [units[row] for row in then[-1:]]
    return found


def children(unit: Unit, on: str | None = None) -> list[Unit]:
    """The units right below a unit on a day, by code and time; the wards of a province of today."""
    units = table()
    rows = units.rows_within.get(unit.code, ())
    return [units[row] for row in rows if _meet(unit.row, row) and units[row].exists(on)]


def became(unit: Unit) -> list[Successor]:
    """The units of today that a unit became, by code: wards of a ward or district, provinces.

    A unit of today became itself. What a ward or a district of which a list tells no more became
    may be unknown: then there are none.

    >>> [(now.unit.full_name, now.part) for now in became(by_code("10729", "2025-06")[0])]
    [('Phường Trần Liễu', True), ('Xã Phú Thái', True)]
    """
    units = table()
    rows = _last_wards(unit) if unit.level == "district" else []
    parts: dict[int, bool] = {}
    for row in rows or [unit.row]:
        for new, part in _today(row):
            parts[new] = part and parts.get(new, True)
    if len(parts) == 1:  # all parts are together again
        parts = dict.fromkeys(parts, False)
    return [Successor(units[row], parts[row]) for row in sorted(parts)]


def today_of(unit: Unit) -> list[Successor]:
    """What a unit became, and the provinces of today it lies in, the smallest first.

    Where it is not known what it became, its province is.

    >>> [now.unit.full_name for now in today_of(by_name("Thị xã An Khê")[0])]
    ['Phường An Bình', 'Phường An Khê', 'Xã Cửu An', 'Tỉnh Gia Lai']
    """
    found = became(unit)
    if not found:
        return [now for above in parents(unit)[-1:] for now in became(above)]
    # no ward and no district was divided among provinces
    provinces = sorted({above.row for now in found for above in parents(now.unit)})
    return found + [Successor(table()[row], False) for row in provinces]


def came_from(unit: Unit) -> list[Predecessor]:
    """The units that became a unit, in whole or in part, as the list before it has them."""
    units = table()
    rows = units.predecessors.get(unit.row, ())
    return [Predecessor(units[row], part) for row, part in sorted(rows)]


def _meet(row: int, other: int) -> bool:
    """Whether a list has both units."""
    columns = table().columns
    first = max(columns.first[row], columns.first[other])
    return first <= min(columns.last[row], columns.last[other])


def _rows_above(unit: Unit) -> list[int]:
    """The rows of all parents a unit ever had."""
    coded = table().rows_coded
    codes = (unit.district, unit.province)
    return [row for code in codes for row in coded.get(code or "", ()) if _meet(unit.row, row)]


def _last_wards(unit: Unit) -> list[int]:
    """The rows of the wards that the last list with a district has in it."""
    columns = table().columns
    last = columns.last[unit.row]
    rows = table().rows_within.get(unit.code, ())
    return [row for row in rows if columns.first[row] <= last <= columns.last[row]]


def _today(row: int) -> list[tuple[int, bool]]:
    """The rows of today that a row became, and whether each took only a part of it."""
    units = table()
    if units.columns.last[row] == len(units.snapshots) - 1:
        return [(row, False)]
    return [
        (new, part or later)
        for after, part in units.successors.get(row, ())
        for new, later in _today(after)
    ]
