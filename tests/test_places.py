"""Looking places up: what the case files ask, and what holds of every unit."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phusa import places
from phusa.places.lookup import alike
from phusa.places.names import fold, other_signs, spellings, split_kind
from phusa.places.table import table
from phusa.places.units import Predecessor, Successor, Unit

CASES = Path(__file__).parent / "cases" / "gazetteer" / "vi.json"
UNITS = st.integers(0, len(table()) - 1).map(table().__getitem__)
UNKNOWN = {"Xã Chư Jôr", "Xã Phú An Hòa"}
"""Wards of which no source was found to say what they became."""


def load(*asked: str) -> list[Any]:
    cases = json.loads(CASES.read_text("utf-8"))
    chosen = [case for case in cases if case["ask"] in asked]
    return [pytest.param(case, id=case["label"]) for case in chosen]


def shown(found: Unit | Successor | Predecessor) -> str:
    if isinstance(found, Unit):
        return f"{found.code} {found.full_name}"
    return shown(found.unit) + " (part)" * found.part


@pytest.mark.parametrize("case", load("by_name", "by_code"))
def test_lookup(case: dict[str, Any]) -> None:
    found = getattr(places, case["ask"])(case["of"], case["on"])
    assert [shown(unit) for unit in found] == case["expected"]


@pytest.mark.parametrize("case", load("history"))
def test_history(case: dict[str, Any]) -> None:
    assert [shown(unit) for unit in places.history(case["of"])] == case["expected"]


@pytest.mark.parametrize("case", load("parents", "children"))
def test_above_and_below(case: dict[str, Any]) -> None:
    (unit,) = places.by_name(case["of"], case["on"])
    found = getattr(places, case["ask"])(unit, case["on"])
    assert [shown(unit) for unit in found] == case["expected"]


@pytest.mark.parametrize("case", load("became", "today_of", "came_from"))
def test_then_and_now(case: dict[str, Any]) -> None:
    (unit,) = places.by_name(case["of"], case["on"])
    assert [shown(found) for found in getattr(places, case["ask"])(unit)] == case["expected"]


def test_every_case_is_asked() -> None:
    asked = {case["ask"] for case in json.loads(CASES.read_text("utf-8"))}
    assert asked == set(places.__all__) & {name for name in dir(places) if name.islower()}


# -- what holds of every unit


@given(UNITS)
def test_a_unit_is_found_by_its_name_within_its_span(unit: Unit) -> None:
    day = unit.since[1]
    assert unit.exists(day)
    assert unit in places.by_name(unit.full_name, day)
    assert unit in places.by_name(unit.name.upper(), day)
    assert unit in places.by_code(unit.code, day)


@given(UNITS)
def test_a_unit_is_found_with_its_parents(unit: Unit) -> None:
    above = [parent.full_name for parent in places.parents(unit)]
    assert unit in places.by_name(", ".join([unit.full_name, *above]))


@given(UNITS)
def test_parents_and_children_agree(unit: Unit) -> None:
    above = places.parents(unit)
    assert [parent.code for parent in above] == [c for c in (unit.district, unit.province) if c]
    for parent in above[:1]:
        assert unit in places.children(parent)


@given(UNITS)
def test_it_is_known_what_a_unit_became(unit: Unit) -> None:
    became = places.became(unit)
    assert became or unit.full_name in UNKNOWN
    assert [now.unit.code for now in became] == sorted(now.unit.code for now in became)
    wanted = "province" if unit.level == "province" else "ward"
    for now in became:
        assert (now.unit.level, now.unit.until) == (wanted, (None, None))
        assert now.unit.exists(places.AS_OF)
    assert len({now.unit.province for now in became}) <= 1
    assert places.today_of(unit)[-1].unit.level == "province"


@given(UNITS)
def test_what_came_from_a_unit_goes_there(unit: Unit) -> None:
    for before in places.came_from(unit):
        assert (unit.row, before.part) in table().successors[before.unit.row]


@given(st.text(max_size=30), st.none() | st.text(max_size=12))
def test_any_text_is_no_error_but_of_the_day(name: str, on: str | None) -> None:
    assert isinstance(split_kind(name)[1], str)
    assert fold(fold(name)) == fold(name)
    try:
        places.by_name(name, on)
    except ValueError:
        assert on is not None


@given(UNITS)
def test_every_spelling_is_the_name(unit: Unit) -> None:
    folded = fold(unit.name)
    assert spellings(folded)[0] == folded
    assert {fold(spelling) for spelling in spellings(folded)} == {folded}


def test_letters_that_are_two_when_small() -> None:
    for name in ("HUYỆN ĐỘİ Kinh Môn", "THỊ XÃ KİNH", "TİNH Hải Dương"):
        assert places.by_name(name) == []


def test_a_long_name_takes_no_long_time() -> None:
    for name in ("P." * 50_000, "Phường " * 20_000, " " * 100_000, "," * 100_000, "oà" * 50_000):
        assert places.by_name(name) == []


# -- days


def test_exists() -> None:
    (unit,) = places.by_name("Phường An Lưu")
    assert unit.since == ("2019-11-01", "2019-11-01")
    assert unit.until == ("2025-07-01", "2025-07-01")
    assert not unit.exists("2019-10-31")
    assert unit.exists("2019-11-01")
    assert unit.exists("2019-10-31", early=1)
    assert unit.exists("2025-06-30")
    assert not unit.exists("2025-07-01")
    assert unit.exists("2025-07-01", late=1)
    assert unit.exists("2019-11")
    assert unit.exists("2019")
    assert not unit.exists("2019-10")
    assert not unit.exists("2018")
    assert unit.exists(None)


def test_a_bracket_has_the_old_and_the_new() -> None:
    old, new = places.history("03037")[:2]
    assert old.until == new.since == ("2019-05-11", "2022-09-17")
    for day in ("2019-05-11", "2020-01-01", "2022-09-16"):
        assert old.exists(day)
        assert new.exists(day)
    assert not new.exists("2019-05-10")
    assert not old.exists("2022-09-17")


@pytest.mark.parametrize(
    "on",
    [
        *("", "20", "202", "18/06/2020", "2020-13", "2020-02-30", "2020-6", "0000"),
        *("2020-W01-1", "2020-W01", "20200618", "2020-06-1", " 2020", "٢٠٢٠", "2020\n", "garbage"),
    ],
)
def test_what_is_no_day(on: str) -> None:
    (unit,) = places.by_name("Phường An Lưu")
    for look in (places.by_name, places.by_code):
        for of in ("Kinh Môn", "10675", "zzz", ""):
            with pytest.raises(ValueError, match="no ISO day"):
                look(of, on)
    for around in (places.parents, places.children):
        with pytest.raises(ValueError, match="no ISO day"):
            around(unit, on)


def test_a_day_may_be_a_date() -> None:
    day, hour = date(2020, 6, 18), datetime(2020, 6, 18, 23, 59, tzinfo=UTC)
    for on in (day, hour):
        assert places.by_name("An Lưu", on) == places.by_name("An Lưu", "2020-06-18")
        assert places.by_code("10675", on) == places.by_code("10675", "2020-06-18")
    assert places.by_code("10675", day) != places.history("10675")


def test_what_is_no_code_or_day_by_its_type() -> None:
    not_text: Any = 10675
    with pytest.raises(TypeError, match="a code is text"):
        places.by_code(not_text)
    with pytest.raises(TypeError, match="a code is text"):
        places.history(not_text)
    with pytest.raises(TypeError, match="a name is text"):
        places.by_name(not_text)
    with pytest.raises(TypeError, match="no ISO day"):
        places.by_name("Kinh Môn", not_text)


# -- names that are not found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("phuong an luu", ["Phường An Lưu"]),
        ("An Luu, Kinh Mon", ["Phường An Lưu"]),
        ("tx. kinh mon", ["Thị xã Kinh Môn"]),
        ("UBND huyen Ly Son", ["Huyện Lý Sơn"]),
        ("huyen CU MGAR", ["Huyện Cư M'gar"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_names_that_differ_in_marks(name: str, expected: list[str]) -> None:
    assert alike(name)[: len(expected)] == expected
    assert bool(alike(name)) == bool(expected)


def test_few_names_are_suggested() -> None:
    assert len(alike("Tan An")) == 5
    assert len(set(alike("Tan An"))) == 5


# -- names as the article scanner looks for them


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("cư mgar", "Cư M'gar"),
        ("ea hleo", "Ea H'leo"),
        ("k bang", "KBang"),
        ("mđrắk", "M'Đrắk"),
        ("đắk g long", "Đăk Glong"),
        ("ia b lứ", "Ia BLứ"),
    ],
)
def test_other_signs_are_names_of_the_table(spelling: str, name: str) -> None:
    names = {unit.name for unit in map(table().__getitem__, table().rows_named[spelling])}
    assert name in names


def test_other_signs_make_no_names_of_persons() -> None:
    for name in ("HBông", "HNol", "Hra"):
        assert other_signs(name) == []


def test_other_signs_bring_no_other_place() -> None:
    """What is looked up without blanks means names with the same letters only."""
    known: dict[str, set[str]] = {}
    for name in dict.fromkeys(table().columns.name):
        for spelling in (fold(name), *other_signs(name)):
            known.setdefault(spelling.replace(" ", ""), set()).add(fold(name).replace(" ", ""))
    assert [names for names in known.values() if len(names) > 1] == []
