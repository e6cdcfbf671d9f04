"""Countries and cities of the world, and the names they have in a language.

The table is made by `training/world_places.py` from GeoNames and CLDR (`NOTICE-world.md`); words
and further names are in the packs (`languages/*/places.toml`). Both are read when a language is
first asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import orjson

from phusa import languages
from phusa.places.matcher import Matcher, blanked

NOT_LATIN = ("el", "ru")
"""Languages in which the main names of the table are not written."""
WORDS = ("placed", "placed_countries", "articles", "beside")


class City(NamedTuple):
    """A city: GeoNames number, name, country, region by GeoNames' code, thousands of people."""

    code: str
    name: str
    country: str
    region: str
    people: int


class Region(NamedTuple):
    """A country by its ISO 3166-1 code, or a first-level unit of it by GeoNames' code."""

    country: str
    unit: str = ""

    def holds(self, city: City) -> bool:
        """Whether a city lies in it."""
        return city.country == self.country and self.unit in ("", city.region)


class Toponym(NamedTuple):
    """What a name can stand for.

    `key` is the name of the table in small letters, whatever its case ending. `weak` names more
    often stand for something else; `capitals` are short forms written so; a toponym that stands
    for nothing is a longer name of something else.
    """

    key: str
    regions: tuple[Region, ...]
    cities: tuple[City, ...]
    weak: bool
    capitals: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The places that a language has names for, and the words it sets beside them.

    `regions` are countries and regions by name, `qualifiers` those and what stands only behind a
    city and its comma. `placed` are words before a place, `placed_countries` those that hold an
    article, `articles` what may stand between them and a country, and never before a city; `beside`
    words that may stand next to a name and are no part of it; `words` all of these. `alone` are
    words behind which no longer name begins with a city: what follows is another noun or a district
    (`in Hamburg Auto`, `in Berlin-Neukölln`). All are in small letters.
    """

    matcher: Matcher[Toponym]
    regions: Mapping[str, tuple[Region, ...]]
    qualifiers: Mapping[str, tuple[Region, ...]]
    placed: frozenset[str]
    placed_countries: frozenset[str]
    articles: frozenset[str]
    beside: frozenset[str]
    words: frozenset[str]
    alone: frozenset[str]


@cache
def _table() -> dict[str, Any]:
    import zstandard  # noqa: PLC0415 - heavy

    packed = resources.files(__package__).joinpath("world.json.zst").read_bytes()
    table: dict[str, Any] = orjson.loads(zstandard.ZstdDecompressor().decompress(packed))
    return table


def as_of() -> str:
    """The day that the table holds for, in ISO 8601."""
    day: str = _table()["as_of"]
    return day


def country(code: str) -> str:
    """The English name of a country by its ISO 3166-1 code.

    >>> country("PL"), as_of()
    ('Poland', '2026-07-01')
    """
    name: str = _table()["countries"][code]["name"]
    return name


@cache
def gazetteer(language: str) -> Gazetteer | None:
    """The places of a language, by its code of two letters; None where there is no table for it.

    >>> known = gazetteer("de")
    >>> [hit.value.cities[0].name for hit in known.matcher.hits("von Wien nach München")]
    ['Vienna', 'Munich']
    >>> gazetteer("vi") is None
    True
    """
    if language not in _table()["homes"]:
        return None
    pack = languages.places_abroad(language)
    regions, short = _regions(language, pack)
    names = _inflected(_toponyms(language, pack, regions, short), pack)
    placed, placed_countries, articles, beside = (frozenset[str](pack[use]) for use in WORDS)
    return Gazetteer(
        Matcher(names),
        regions,
        {**regions, **_qualifiers(pack)},
        placed,
        placed_countries,
        articles,
        beside,
        words=placed | placed_countries | articles | beside,
        alone=frozenset(pack.get("alone", ())),
    )


def _qualifiers(pack: Mapping[str, Any]) -> dict[str, tuple[Region, ...]]:
    return {
        _key(name): (Region(*code.split("-")),) for name, code in pack.get("qualifiers", {}).items()
    }


def _regions(
    language: str, pack: Mapping[str, Any]
) -> tuple[dict[str, tuple[Region, ...]], set[str]]:
    """The countries and regions by name, and the names among them that are short forms."""
    named: list[tuple[str, Region]] = [
        (name, Region(code))
        for code, one in _table()["countries"].items()
        for name in (*one["names"][language], *([one["name"]] if language == "en" else []))
    ]
    named += [(name, Region(code)) for name, code in pack["countries"].items()]
    named += [(name, Region(*code.split("-"))) for name, code in pack["regions"].items()]
    if language == "en":
        # New York and Washington too: unless a dateline says so, the state may be meant
        named += [(name, Region("US", code)) for name, code in _table()["states"].items()]
    found: defaultdict[str, dict[Region, None]] = defaultdict(dict)
    for name, region in named:
        found[_key(name)][region] = None
    short = {_key(name) for name, _ in named if name.isupper()}
    return {name: tuple(regions) for name, regions in found.items()}, short


def _toponyms(
    language: str,
    pack: Mapping[str, Any],
    regions: Mapping[str, tuple[Region, ...]],
    short: set[str],
) -> dict[str, Toponym]:
    cities: defaultdict[str, list[City]] = defaultdict(list)
    for name, city in _cities(language):
        cities[_key(name)].append(city)
    weak = {blanked(name) for name in pack["not_places"]}
    found = {
        key: Toponym(
            key, regions.get(key, ()), tuple(cities.get(key, ())), key in weak, key in short
        )
        for key in (*cities, *regions)
    }
    for name in pack["longer"]:
        key = _key(name)
        found[key] = Toponym(key, (), (), weak=False, capitals=False)
    return found


def _cities(language: str) -> Iterator[tuple[str, City]]:
    """The names of a language, each with its city."""
    table = _table()
    homes, capitals = set(table["homes"][language]), set(table["capitals"])
    least, latin = table["least_abroad"], language not in NOT_LATIN
    unknown: list[list[Any]] = []
    main_names: set[str] = set()
    for row in table["cities"]:
        code, name, country_code, _, people, names = row
        known = people >= least or country_code in homes or code in capitals
        own = names.get(language, ())
        if latin and known:
            main_names.add(name)
            own = (name, *names.get("", ()), *own)
        elif latin:
            unknown.append(row)
        if own:
            city = _of_row(row)
            for each in own:
                yield each, city
    for row in unknown:
        # a small place abroad is known where a place that is known has its name
        if row[1] in main_names:
            yield row[1], _of_row(row)


def _key(name: str) -> str:
    """A name as the matcher has it."""
    # most names are one word, and there are thousands
    return name.lower() if name.isalpha() and "İ" not in name else blanked(name).strip()


def _of_row(row: list[Any]) -> City:
    code, name, country_code, region, people, _ = row
    return City(str(code), name, country_code, region, people)


def _inflected(toponyms: dict[str, Toponym], pack: Mapping[str, Any]) -> dict[str, Toponym]:
    """The names with their case endings; a name that is itself a place is no form of another."""
    forms = {
        blanked(name): [blanked(form) for form in listed]
        for name, listed in pack.get("forms", {}).items()
    }
    rows = [(tuple(row["of"]), row["cut"], row["add"]) for row in pack.get("endings", ())]
    found = dict(toponyms)
    for key, toponym in toponyms.items():
        for form in forms.get(key) or _forms(key, rows):
            found.setdefault(form, toponym)
    return found


def _forms(name: str, rows: Iterable[tuple[tuple[str, ...], int, list[str]]]) -> list[str]:
    """The forms of a name of one word.

    >>> _forms("москва", [(("ва",), 1, ["ы", "е"])])
    ['москвы', 'москве']
    """
    if " " in name or len(name) < 4:
        return []
    for ends, cut, add in rows:
        if name.endswith(ends):
            stem = name[: len(name) - cut]
            return [stem + ending for ending in add]
    return []
