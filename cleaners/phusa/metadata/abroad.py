"""Where an article is about that is not written in Vietnamese: the city, or the country alone.

A name alone proves little. Cities are called like persons, words and other cities, and names of
clubs, papers and companies hold names of cities. So a name counts as a city's only if the text sets
it somewhere as a place: behind a word for it (`in Köln`), before the country or region
(`Paris, Texas`), or as a dateline.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log10

from phusa.facts import Locality, Place
from phusa.findings import Rule
from phusa.places import world
from phusa.places.world import City, Gazetteer, Region, Toponym
from phusa.places.world_mentions import Mention, mentions, told

DATELINE_CITY = Rule(
    "MET130",
    "dateline-city",
    "The city of the dateline that opens the text.",
    """`PARIS, May 5 (Reuters) –`, `Berlin (dpa) -`: where the report was written. Of several cities
of the name the one whose country or region the dateline or the text names, else the one that is by
far the largest; where nothing tells, the dateline is passed over. A report from Geneva may be about
Sudan: where the text names places of another country most, or another city, it is about those.""",
)
NAMED_CITY = Rule(
    "MET131",
    "named-city",
    "The city that the article is about, by how often and where the text names it.",
    """It is named near the start, more than once, at least once behind a word for a place
(`in Köln`) or before its country or region, and twice as much as any other city of its country.
Names within longer names (`Real Madrid`, `New York Times`) are no places.""",
)
NAMED_COUNTRY = Rule(
    "MET132",
    "named-country",
    "The country that the article is about, by how often and where the text names its places.",
    """Its name, those of its regions and of its cities count together: they are most of all the
places that the text names, one of them near the start. No city stands out.""",
)
RULES = (DATELINE_CITY, NAMED_CITY, NAMED_COUNTRY)

MAX_TITLE_CHARS = 300
MAX_CHARS = 6_000
"""What is said further down does not tell where an article is about."""
HEAD_CHARS = 500
HEAD_WEIGHT, PLACED_WEIGHT, PLAIN_WEIGHT = 2.0, 1.0, 0.5
"""A mention weighs 1 where it is set as a place, else half; the double in the title and the first
`HEAD_CHARS` of the text."""
MIN_PLACED, MIN_PLACED_WEAK = 0.2, 0.5
"""Of the mentions of a city, of a weak name: the share set as a place from which it is one."""
MIN_WEIGHT = 4.0
MIN_COUNTRY_SHARE = 0.6
MIN_CITY_MENTIONS = 2
CITY_MARGIN = 2.0
MIN_CITY_SHARE = 0.4
"""Of the weight of its country."""
TELLS_COUNTRY, TELLS_REGION = 10, 100
"""A city whose country or region the text names is as likely as one so many times as large."""
SIZE_MARGIN = 8
"""Of cities of one name, one is meant if it is so many times as large as the next."""
MIN_TOLD = 0.2
"""The share of the mentions of countries from which one tells which city is meant."""
DATELINE_PARAGRAPHS = 3
OPENING_CHARS = 120
"""A dateline stands in so many characters of one of so many paragraphs."""

_DATELINE = re.compile(
    r"(?P<place>(?:, ?[^\W\d_][\w. -]{0,24}?)?)"
    r"(?P<day>(?:, ?(?=[^\n]{0,12}\d)[^\n–—():]{3,24}?)?)"
    r"(?P<agency>(?:\s?[(/][^()\n]{2,40}\)?)?)"
    r"(?:(?P<dash>\.?\s?(?:[–—]|--?)\s)|(?P<colon>:\s)|(?P<stop>\.\s))"
    r"(?=[\"“„«']?[^\W\d_])"
)
"""What stands behind the city in a dateline."""

Votes = Mapping[Region, float]
"""How much a text speaks of each country and region."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A mention, its weight, and whether it stands near the start."""

    mention: Mention
    weight: float
    near_start: bool

    @property
    def toponym(self) -> Toponym:
        return self.mention.toponym

    @property
    def is_placed(self) -> bool:
        return self.mention.placed_from is not None


def locality(title: str | None, paragraphs: Sequence[str], language: str) -> Locality | None:
    """The city or country that an article is about, or None where the text does not tell.

    `language` is its BCP 47 code; None is the answer for languages without a table of places. The
    code of a city is its number in GeoNames, that of a country its ISO 3166-1 code; `then` and
    `now` are the same, since the table knows today only.

    >>> found = locality(None, ["WARSCHAU (dpa) - Die Regierung trat zurück."], "de")
    >>> found.country, found.precision, [(unit.code, unit.name) for unit in found.then]
    ('PL', 'city', [('756135', 'Warsaw'), ('PL', 'Poland')])
    >>> locality(None, ["Real Madrid beat Manchester United."], "en") is None
    True
    """
    known = world.gazetteer(language.partition("-")[0])
    if known is None:
        return None
    title = (title or "")[:MAX_TITLE_CHARS]
    text = _joined(title, paragraphs)
    found = _weighed(mentions(text, known), HEAD_CHARS + (len(title) + 1 if title else 0))
    votes = _votes(found)
    named = _named(text, _kept(found), votes)
    reported = _reported(paragraphs, known, votes)
    if reported is None or (named is not None and _is_elsewhere(named, reported)):
        return named
    return reported


def _is_elsewhere(named: Locality, reported: Locality) -> bool:
    """Whether what the text names is another place than that of the dateline, or one around it."""
    return named.country != reported.country or (
        named.precision == "city" and named.then != reported.then
    )


def _joined(title: str, paragraphs: Iterable[str]) -> str:
    """The title and the start of the text, a paragraph a line."""
    lines, chars = [title] if title else [], 0
    for paragraph in paragraphs:
        lines.append(paragraph[: MAX_CHARS - chars])
        chars += len(lines[-1]) + 1
        if chars >= MAX_CHARS:
            break
    return "\n".join(lines)


def _weighed(found: Iterable[Mention], head_end: int) -> list[_Weighed]:
    weighed = []
    for one in found:
        weight = PLAIN_WEIGHT if one.placed_from is None else PLACED_WEIGHT
        near_start = one.start < head_end
        weighed.append(_Weighed(one, weight * (HEAD_WEIGHT if near_start else 1), near_start))
    return weighed


def _votes(found: Iterable[_Weighed]) -> Votes:
    """The weights of countries and regions, by names that mean places of one country only."""
    votes: defaultdict[Region, float] = defaultdict(float)
    for one in found:
        country = None if one.toponym.weak else _country(one.toponym)
        if country is not None:
            votes[Region(country)] += one.weight
        for region in one.mention.told:
            votes[Region(region.country)] += one.weight
        for region in (*one.mention.told, *(one.toponym.regions if country else ())):
            if region.unit:
                votes[region] += one.weight
    return votes


def _country(toponym: Toponym) -> str | None:
    """The country that a name stands for, or that all places of the name lie in."""
    countries = {place.country for place in toponym.regions or toponym.cities}
    return countries.pop() if len(countries) == 1 else None


def _city(toponym: Toponym, behind: Sequence[Region], votes: Votes) -> City | None:
    """The city that a name means, if that is clear; `behind` is what the text says behind it."""
    cities = toponym.cities
    if behind:
        cities = tuple(city for city in cities if any(region.holds(city) for region in behind))
    if len(cities) == 1:
        return cities[0]
    least = MIN_TOLD * sum(weight for region, weight in votes.items() if not region.unit)

    def likely(city: City) -> float:
        size = log10(city.people + 1)
        if votes.get(Region(city.country, city.region)):
            return size + log10(TELLS_REGION)
        of_country = votes.get(Region(city.country), 0.0)
        return size + (log10(TELLS_COUNTRY) if of_country and of_country >= least else 0)

    ranked = sorted(((likely(city), city.code, city) for city in cities), reverse=True)
    if not ranked or ranked[0][0] - ranked[1][0] < log10(SIZE_MARGIN):
        return None
    return ranked[0][2]


def _reported(paragraphs: Sequence[str], known: Gazetteer, votes: Votes) -> Locality | None:
    """The city that a dateline names at the start of one of the first paragraphs."""
    for paragraph in paragraphs[:DATELINE_PARAGRAPHS]:
        opening = paragraph[:OPENING_CHARS]
        hits = known.matcher.hits(opening)
        if not hits or hits[0].start > 1 or not hits[0].value.cities:
            continue
        start, end, toponym = hits[0]
        behind = _DATELINE.match(opening, end)
        if behind is None or not _is_dateline(opening[start:end], behind):
            continue
        if any(hit.start == behind.end() for hit in hits):
            continue  # a list of places
        city = _city(toponym, told(opening, end, known), votes)
        if city is not None:
            evidence = opening[start : behind.end()].rstrip()
            return _of_city(city, opening[start:end], evidence, DATELINE_CITY)
    return None


def _is_dateline(name: str, behind: re.Match[str]) -> bool:
    """Whether a name and what stands behind it are surely one."""
    if behind["stop"]:
        return bool(behind["day"] or (name.isupper() and len(name) > 3))
    if behind["colon"]:
        prose = len(behind.string) == OPENING_CHARS and not behind["place"]
        return name.isupper() or bool(behind["agency"]) or prose
    return name.isupper() or bool(behind["agency"] or behind["day"]) or "-" not in behind["dash"]


def _kept(found: Sequence[_Weighed]) -> list[_Weighed]:
    """The mentions of names that the text sets as places often enough."""
    count = Counter(one.toponym.key for one in found)
    placed = Counter(one.toponym.key for one in found if one.is_placed)

    def is_kept(toponym: Toponym) -> bool:
        if toponym.regions and not toponym.weak:
            return True
        least = MIN_PLACED_WEAK if toponym.weak else MIN_PLACED
        return placed[toponym.key] >= max(1, least * count[toponym.key])

    return [one for one in found if is_kept(one.toponym)]


def _named(text: str, found: Sequence[_Weighed], votes: Votes) -> Locality | None:
    """The city or country that mentions speak of most."""
    by_country: defaultdict[str, list[tuple[_Weighed, City | None]]] = defaultdict(list)
    for one in found:
        city = None
        if not one.toponym.regions:
            city = _city(one.toponym, one.mention.told, votes)
        country = city.country if city else _country(one.toponym)
        if country:
            by_country[country].append((one, city))
    weights = {country: sum(one.weight for one, _ in own) for country, own in by_country.items()}
    if not weights:
        return None
    country = max(weights, key=lambda code: (weights[code], code))
    own = by_country[country]
    if not any(one.near_start for one, _ in own) or weights[country] < MIN_WEIGHT:
        return None
    if weights[country] < MIN_COUNTRY_SHARE * sum(weights.values()):
        return None
    return _main_city(text, own, weights[country]) or _of_country(
        text, country, [one for one, _ in own]
    )


def _main_city(
    text: str, found: Sequence[tuple[_Weighed, City | None]], whole: float
) -> Locality | None:
    """The city of a country that stands out."""
    by_city: defaultdict[City, list[_Weighed]] = defaultdict(list)
    for one, city in found:
        if city is not None:
            by_city[city].append(one)
    weights = {city: sum(one.weight for one in own) for city, own in by_city.items()}
    ranked = sorted(weights, key=lambda city: (weights[city], city.code), reverse=True)
    if not ranked:
        return None
    best, own = ranked[0], by_city[ranked[0]]
    following = weights[ranked[1]] if len(ranked) > 1 else 0.0
    placed = [one.mention for one in own if one.is_placed]
    if not placed or not own[0].near_start or len(own) < MIN_CITY_MENTIONS:
        return None
    if weights[best] < max(CITY_MARGIN * following, MIN_CITY_SHARE * whole):
        return None
    start, end = placed[0].start, placed[0].end
    return _of_city(best, text[start:end], text[placed[0].placed_from : end], NAMED_CITY)


def _of_city(city: City, as_named: str, evidence: str, rule: Rule) -> Locality:
    units = (Place("city", city.code, city.name), _place(city.country))
    return Locality(
        city.country, as_named, "city", units, units, world.as_of(), evidence, rule.code
    )


def _of_country(text: str, country: str, found: Sequence[_Weighed]) -> Locality:
    """The country by its own name, else by a region or the first city in it."""
    named = [one.mention for one in found if Region(country) in one.toponym.regions]
    named += [one.mention for one in found if one.toponym.regions] or [found[0].mention]
    start, end = named[0].start, named[0].end
    start_all = start if named[0].placed_from is None else named[0].placed_from
    units = (_place(country),)
    return Locality(
        country,
        text[start:end],
        "country",
        units,
        units,
        world.as_of(),
        text[start_all:end],
        NAMED_COUNTRY.code,
    )


def _place(country: str) -> Place:
    return Place("country", country, world.country(country))
