"""Looking units up by code, by name and by date, and what became of them."""

from __future__ import annotations

from phusa.places.addresses import Part, parts
from phusa.places.names import fold, readings, unmarked
from phusa.places.table import table
from phusa.places.units import On, Predecessor, Successor, Unit, days

MAX_ALIKE = 5


def by_code(code: str, on: On | None = None) -> list[Unit]:
    """The units that had a code on a day (a date, or an ISO day, month or year), by time.

    In the bracket of a change there may be two of one level; without a day there are all. Raises
    TypeError where the code is no text, ValueError where `on` is no day.

    >>> [unit.full_name for unit in by_code("03037", "2020-06")]
    ['Xã Sử Pán', 'Xã Mường Hoa']
    """
    if not isinstance(code, str):
        raise TypeError(f"{code!r}: a code is text, since some begin with zeros")
    _check(on)
    units = table()
    return [units[row] for row in units.rows_coded.get(code.strip(), ()) if units[row].exists(on)]


def history(code: str) -> list[Unit]:
    """All units that ever had a code, in order of time; they need not be related.

    >>> [unit.full_name for unit in history("52")]
    ['Tỉnh Bình Định', 'Tỉnh Gia Lai']
    """
    return by_code(code)


def by_name(name: str, on: On | None = None) -> list[Unit]:
    """The units of a name on a day, with a kind before it or not, and with what they lie in.

    What they lie in stands after commas or dashes or in brackets; the provinces of today count
    where none of their time fits. Offices before a name are passed over (`UBND xã`), and so are
    smaller places that are no unit where a later part says its kind: `thôn Hạ Lôi, xã Mê Linh`.

    Capitals, the place of tone marks, blanks and signs do not matter; marks do. Kinds may be short.
    Greater units come first, and those of a level by code and time. Raises ValueError where `on`
    is no day.

    >>> [unit.code for unit in by_name("P. An Lưu, TX. Kinh Môn, Hải Dương", "2024-05-02")]
    ['10675']
    >>> [unit.full_name for unit in by_name("Kinh Môn", "2025-08-15")]
    ['Phường Kinh Môn']
    """
    _check(on)
    named = parts(name)
    units, above = table(), named[1:]
    found = [units[row] for part in named[:1] for row in sorted(part.rows)]
    found = [unit for unit in found if unit.exists(on)]
    within = [unit for unit in found if _lies_in(set(_rows_above(unit)), above)]
    return within or [unit for unit in found if _lies_in(_rows_above_ever(unit), above)]


def first_name(name: str) -> str:
    """The name that `by_name` looks up, without what it lies in.

    >>> first_name("An Lưu (Kinh Môn, Hải Dương)")
    'An Lưu'
    """
    return next((part.text for part in parts(name)), "")


def alike(name: str) -> list[str]:
    """Up to five full names that are the same as a name but for marks, greater units first.

    >>> alike("phuong an luu")
    ['Phường An Lưu']
    """
    units = table()
    rows: set[int] = set()
    for kind, bare in readings(first_name(name)):
        named = units.rows_unmarked.get(unmarked(fold(bare)), ())
        rows.update(row for row in named if kind is None or units[row].kind == kind)
    return list(dict.fromkeys(units[row].full_name for row in sorted(rows)))[:MAX_ALIKE]


def _check(on: On | None) -> None:
    """Raise ValueError for what is no day, also where no unit is asked for it."""
    if on is not None:
        days(on)


def _lies_in(rows: set[int], above: list[Part]) -> bool:
    return all(not rows.isdisjoint(part.rows) for part in above)


def parents(unit: Unit, on: On | None = None) -> list[Unit]:
    """The district and the province of a unit on a day, those of its last day without one.

    >>> [above.full_name for above in parents(by_name("Phường An Lưu")[0])]
    ['Thị xã Kinh Môn', 'Tỉnh Hải Dương']
    """
    _check(on)
    units = table()
    found = []
    for code in (unit.district, unit.province):
        rows = [row for row in units.rows_coded.get(code or "", ()) if _meet(unit.row, row)]
        then = [row for row in rows if units[row].exists(on)] or rows
        found += [units[row] for row in then[-1:]]
    return found


def children(unit: Unit, on: On | None = None) -> list[Unit]:
    """The units right below a unit on a day, by code and time; the wards of a province of today."""
    _check(on)
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


def _rows_above_ever(unit: Unit) -> set[int]:
    """The rows of all parents, and of the provinces that what the unit became lies in."""
    return {*_rows_above(unit), *(above.row for now in became(unit) for above in parents(now.unit))}


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
