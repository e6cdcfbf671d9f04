"""Places of articles in other languages than Vietnamese: the cases, the table, the packs."""

from __future__ import annotations

import time
from importlib import resources
from typing import Any

import jsonschema
import pytest

import phusa_schema
from phusa import languages
from phusa.metadata.abroad import MAX_CHARS, locality
from phusa.places import world
from phusa.places.matcher import blanked
from phusa.places.world_mentions import mentions
from test_cases import CASES, load

ABROAD = [pack for pack in languages.packs() if pack != "vi"]


def cases() -> list[Any]:
    params = load("places")
    return [param for param in params if not param.id.startswith("vi:")]


def language_of(param: Any) -> str:
    language: str = param.id.partition(":")[0]
    return language


@pytest.mark.parametrize(
    ("language", "case"),
    [pytest.param(language_of(one), one.values[0], marks=one.marks, id=one.id) for one in cases()],
)
def test_place(language: str, case: dict[str, Any]) -> None:
    found = locality(case["title"], case["text"].split("\n"), language)
    told = found and {
        "country": found.country,
        "precision": found.precision,
        "then": [unit.code for unit in found.then],
        "rule": found.rule,
    }
    assert told == case["expected"]
    if found is not None:
        whole = f"{case['title']}\n{case['text']}"
        assert found.evidence in whole
        assert found.as_named in found.evidence
        assert found.now == found.then or found.country == "VN"


@pytest.mark.parametrize(
    ("text", "day", "then", "now"),
    [
        ("VUNG TAU — Boats stayed in port.", "2021-03-04", "77", "79"),
        ("VUNG TAU — Boats stayed in port.", "2026-03-04", "79", "79"),
        ("VUNG TAU — Boats stayed in port.", None, "79", "79"),
        ("QUY NHON — A pier was opened.", "2019", "52", "52"),
        ("PLEIKU — A road was opened.", "2019-06", "64", "52"),
        ("HÀ NỘI — A line was opened.", "2019-06", "01", "01"),
        ("Sa Dec, May 5 – Flowers were sold.", "2020-01-01", "87", "82"),
        ("ĐÔNG HÀ — A bridge was opened.", "2020-01-01", "45", "44"),
    ],
)
def test_cities_of_vietnam_are_their_provinces(
    text: str, day: str | None, then: str, now: str
) -> None:
    found = locality(None, [text], "en", day)
    assert found is not None
    assert (found.country, found.precision) == ("VN", "province")
    assert [unit.code for unit in found.then] == [then]
    assert [unit.code for unit in found.now] == [now]


def test_every_language_has_cases_and_negatives() -> None:
    for pack in ABROAD:
        assert (CASES / "places" / f"{pack}.json").is_file()
        own = [one.values[0] for one in cases() if language_of(one) == pack]
        assert any(case["expected"] is None for case in own)
        assert {case["expected"]["rule"] for case in own if case["expected"]} == {
            "MET130",
            "MET131",
            "MET132",
        }
        assert all(case["source"] for case in own)


def test_records_follow_the_schema() -> None:
    schema = phusa_schema.load("article-1.0.0")
    validator = jsonschema.Draft202012Validator(
        {"$ref": "#/$defs/locality", "$defs": schema["$defs"]}
    )
    for param in cases():
        case = param.values[0]
        found = locality(case["title"], case["text"].split("\n"), language_of(param))
        if found is not None:
            validator.validate(found.record())


@pytest.mark.parametrize("language", ["vi", "zh-Hans", "ja", "sv", ""])
def test_a_language_without_a_table_has_no_places(language: str) -> None:
    assert locality("Brand in Köln", ["In Köln brannte es."], language) is None


def test_a_region_of_a_language_is_the_language() -> None:
    assert locality(None, ["LONDON (PA) - Trains stopped."], "en-GB") is not None


@pytest.mark.parametrize("pack", ABROAD)
def test_packs_name_what_the_table_has(pack: str) -> None:
    table = languages.places_abroad(pack)
    known = world.gazetteer(pack)
    assert known is not None
    units = {(row[2], row[3]) for row in world._table()["cities"]}
    for code in (*table["regions"].values(), *table.get("qualifiers", {}).values()):
        assert tuple(code.split("-")) in units, code
    assert set(table["countries"].values()) <= set(world._table()["countries"])
    for listed in table["cities"]:
        hits = known.matcher.hits(listed.partition(" = ")[0])
        assert hits, listed
        assert hits[0].value.cities, listed
    for name, forms in table.get("forms", {}).items():
        stands_for = known.matcher.hits(name)[0].value
        for form in forms:
            inflected = known.matcher.hits(form)[0].value
            assert inflected.regions == stands_for.regions, form
            assert set(inflected.cities) & set(stands_for.cities) or stands_for.regions, form


def test_endings_are_of_one_language_and_make_other_words() -> None:
    for pack in ABROAD:
        for row in languages.places_abroad(pack).get("endings", ()):
            assert all(len(end) >= row["cut"] for end in row["of"])
            assert all(blanked(ending) == ending for ending in row["add"])


def test_the_table_is_small_and_whole() -> None:
    table = world._table()
    packed = resources.files("phusa.places").joinpath("world.json.zst").read_bytes()
    assert len(packed) < 400_000
    assert len(table["countries"]) == 250
    codes = [row[0] for row in table["cities"]]
    assert len(codes) == len(set(codes)) > 15_000
    assert {row[2] for row in table["cities"]} <= set(table["countries"])
    assert set(table["homes"]) == set(ABROAD)
    assert len(set(table["capitals"]) & set(codes)) > 230


def test_names_inside_longer_ones_are_no_mentions() -> None:
    known = world.gazetteer("en")
    assert known is not None
    for text in (
        "the Paris-Nice race",
        "write to news@london.org",
        "the Chicago Tribune",
        "Mr. London said",
        "Bank of America",
    ):
        assert mentions(text, known) == [], text


@pytest.mark.parametrize(
    "text",
    ["in Paris, " * 200_000, "A" * 2_000_000, "PARIS" + ", 1" * 700_000, "(" * 2_000_000],
    ids=["names", "letters", "numbers", "brackets"],
)
def test_long_lines_cost_no_more_than_their_start(text: str) -> None:
    locality(None, ["warm"], "en")
    start = time.process_time()
    found = locality(text, [text], "en")
    assert time.process_time() - start < 0.5
    assert found == locality(text, [text[:MAX_CHARS]], "en")
