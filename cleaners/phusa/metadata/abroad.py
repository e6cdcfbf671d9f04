"""Where an article is about that is not written in Vietnamese: the city, or the country alone.

A name alone proves little. Cities are called like persons, words and other cities, and names of
clubs, papers and companies hold names of cities. So a name counts as a city's only if the text sets
it somewhere as a place: behind a word for it (`in Köln`), before the country or region
(`Paris, Texas`), or as a dateline.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Literal

from phusa.facts import Locality, Place
from phusa.findings import Rule
from phusa.places import world
from phusa.places.world import City, Gazetteer, Region, Toponym

DATELINE_CITY = Rule(
    "MET130",
    "dateline-city",
    "The city of the dateline that opens the text.",
    """`PARIS, May 5 (Reuters) –`, `Berlin (dpa) -`: where the report was written. Of several cities
of the name the one whose country or region the dateline or the text names, else the one that is by
far the largest; where nothing tells, the dateline is passed over. A report from Geneva may be about
Sudan: where the text names the places of another country most, or another city, it is about that.""",
)
NAMED_CITY = Rule(
    "MET131",
    "named-city",
    "The city that the article is about, by how often and where the text names it.",
    """It is named near the start, more than once, at least once behind a word for a place (`in Köln`)
or before its country or region, and more than twice as much as any other city of its country. Names
within longer names (`Real Madrid`, `New York Times`) are no places.""",
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
DATELINE_PARAGRAPHS = 3
OPENING_CHARS = 120
MAX_WORD_CHARS = 30
HEAD_WEIGHT, PLACED_WEIGHT, PLAIN_WEIGHT = 2.0, 1.0, 0.5
"""A mention weighs 1 where it is set as a place, else half; the double near the start."""
MIN_PLACED, MIN_PLACED_WEAK = 0.2, 0.5
"""Of the mentions of a city, of a weak name: the share set as a place from which it is one."""
MIN_WEIGHT = 4.0
MIN_COUNTRY_SHARE = 0.6
CITY_MARGIN = 2.0
MIN_CITY_SHARE = 0.4
"""Of the weight of its country."""
TELLS_COUNTRY, TELLS_REGION = 5, 100
"""A city whose country or region the text names is as likely as one so many times as large."""
SIZE_MARGIN = 5
"""Of cities of one name, one is meant if it is so many times as large as the next."""
MIN_TOLD = 0.2
"""The share of the mentions of countries from which one tells which city is meant."""

_AFTER = re.compile(r" (\w+)")
_QUALIFIER = re.compile(r"(?:, ?| \()((?:\w+[.-]?){1,3}(?: [A-ZΑ-ЯЁ][\w.-]*){0,2})")
_WORDS = re.compile(r"[\w.-]+")
_DATELINE = re.compile(
    r"(?P<place>(?:, ?[^\W\d_][\w. -]{0,24}?)?)"
    r"(?P<day>(?:, ?(?=[^\n]{0,12}\d)[^\n–—():]{3,24}?)?)"
    r"(?P<agency>(?:\s?[(/][^()\n]{2,30}\)?)?)"
    r"(?:(?P<dash>\.?\s?(?:[–—]|--?)\s)|(?P<colon>:\s)|(?P<stop>\.\s))"
    r"(?=[\"“„«']?[^\W\d_])"
)
"""What stands behind the city in a dateline."""


class _Weighed(NamedTuple):
    """A mention and its weight."""

    mention: Mention
    weight: float

    @property
    def toponym(self) -> Toponym:
        return self.mention.toponym


def locality(title: str | None, paragraphs: Sequence[str], language: str) -> Locality | None:
    """The city or country that an article is about, or None where the text does not tell.

    `language` is its BCP 47 code; None is the answer for languages without a table of places. The
    code of a city is its number in GeoNames, that of a country its ISO 3166-1 code.

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
    head = len(title) + 1 if title else 0
    text = _joined(title, paragraphs)
    found = _mentions(text, head, known)
    votes = _votes(found)
    named = _named(text, _kept(found), votes)
    reported = _dateline(paragraphs, known, votes)
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
        chars += len(lines[-1])
        if chars >= MAX_CHARS:
            break
    return "\n".join(lines)


def _weighed(found: Iterable[Mention], head: int) -> list[_Weighed]:
    """Mentions with their weights; `head` is where the text begins behind the title."""
    return [
        _Weighed(
            one,
            (PLAIN_WEIGHT if one.placed_from is None else PLACED_WEIGHT)
            * (HEAD_WEIGHT if one.start < head + HEAD_CHARS else 1),
        )
        for one in found
    ]


def _votes(found: Iterable[_Mention]) -> Mapping[Region, float]:
    """How much the text speaks of each country and region, by names that mean one country only."""
    votes: defaultdict[Region, float] = defaultdict(float)
    for mention in found:
        regions = [*mention.told, *mention.toponym.regions]
        countries = {region.country for region in regions} or {
            city.country for city in mention.toponym.cities
        }
        if len(countries) == 1 and not mention.toponym.weak:
            votes[Region(countries.pop())] += mention.weight
            for region in regions:
                if region.unit:
                    votes[region] += mention.weight
    return votes


def _city(mention: _Mention, votes: Mapping[Region, float]) -> City | None:
    """The city that a name means, if that is clear."""
    told = mention.told
    cities = [
        city
        for city in mention.toponym.cities
        if not told or any(region.holds(city) for region in told)
    ]
    least = MIN_TOLD * sum(weight for region, weight in votes.items() if not region.unit)

    def likely(city: City) -> float:
        weight = log10(city.people + 1)
        if votes.get(Region(city.country, city.region), 0):
            return weight + log10(TELLS_REGION)
        told = votes.get(Region(city.country), 0)
        return weight + (log10(TELLS_COUNTRY) if told and told >= least else 0)

    ranked = sorted(((likely(city), city.code, city) for city in cities), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < log10(SIZE_MARGIN)):
        return None
    return ranked[0][2]


def _dateline(
    paragraphs: Sequence[str], known: Gazetteer, votes: Mapping[Region, float]
) -> Locality | None:
    """The city that a dateline names at the start of one of the first paragraphs."""
    for paragraph in paragraphs[:DATELINE_PARAGRAPHS]:
        opening = paragraph[:OPENING_CHARS]
        hits = known.matcher.hits(opening)
        if not hits or hits[0].start > 1 or not hits[0].value.cities:
            continue
        first = hits[0]
        behind = _DATELINE.match(opening, first.end)
        if behind is None or not _is_dateline(opening[first.start : first.end], behind):
            continue
        if any(hit.start == behind.end() for hit in hits):
            continue  # a list of places
        told = _told(opening, first.end, known)
        mention = _Mention(first.start, first.end, first.value, first.start, 1, told)
        city = _city(mention, votes)
        if city is not None:
            evidence = opening[first.start : behind.end()].rstrip()
            return _of_city(city, opening[first.start : first.end], evidence, DATELINE_CITY)
    return None


def _is_dateline(name: str, behind: re.Match[str]) -> bool:
    """Whether a name and what stands behind it are surely one."""
    if behind["stop"]:
        return bool(behind["day"] or (name.isupper() and len(name) > 3))
    if behind["colon"]:
        prose = len(behind.string) == OPENING_CHARS and not behind["place"]
        return name.isupper() or bool(behind["agency"]) or prose
    return name.isupper() or bool(behind["agency"] or behind["day"]) or "-" not in behind["dash"]


def _kept(found: Sequence[_Mention]) -> list[_Mention]:
    """The mentions of names that the text sets as places often enough."""
    count: defaultdict[str, int] = defaultdict(int)
    placed: defaultdict[str, int] = defaultdict(int)
    for mention in found:
        count[mention.toponym.key] += 1
        placed[mention.toponym.key] += mention.placed_from is not None
    kept = []
    for mention in found:
        key, toponym = mention.toponym.key, mention.toponym
        least = MIN_PLACED_WEAK if toponym.weak else MIN_PLACED if not toponym.regions else 0.0
        if placed[key] >= least * count[key] and (placed[key] or not least):
            kept.append(mention)
    return kept


def _named(text: str, found: Sequence[_Mention], votes: Mapping[Region, float]) -> Locality | None:
    """The city or country that mentions speak of most."""
    by_country: defaultdict[str, list[tuple[_Mention, City | None]]] = defaultdict(list)
    weights: defaultdict[str, float] = defaultdict(float)
    for mention in found:
        city = _city(mention, votes) if not mention.toponym.regions else None
        country = city.country if city else _country(mention.toponym)
        if country:
            by_country[country].append((mention, city))
            weights[country] += mention.weight
    if not weights:
        return None
    country = max(weights, key=lambda code: (weights[code], code))
    first = by_country[country][0][0]
    near_start = first.weight in (HEAD_WEIGHT * PLACED_WEIGHT, HEAD_WEIGHT * PLAIN_WEIGHT)
    share = weights[country] / sum(weights.values())
    if not near_start or weights[country] < MIN_WEIGHT or share < MIN_COUNTRY_SHARE:
        return None
    return _main_city(text, by_country[country], weights[country]) or _of_country(
        text, country, by_country[country]
    )


def _country(toponym: Toponym) -> str | None:
    """The country that a name stands for or all places of the name lie in."""
    countries = {place.country for place in toponym.regions or toponym.cities}
    return countries.pop() if len(countries) == 1 else None


def _main_city(
    text: str, found: Sequence[tuple[_Mention, City | None]], whole: float
) -> Locality | None:
    """The city of a country that stands out."""
    mentions: defaultdict[City, list[_Mention]] = defaultdict(list)
    for mention, city in found:
        if city is not None:
            mentions[city].append(mention)
    weights = {city: sum(one.weight for one in all_of) for city, all_of in mentions.items()}
    ranked = sorted(weights, key=lambda city: (weights[city], city.code), reverse=True)
    if not ranked:
        return None
    best, own = ranked[0], mentions[ranked[0]]
    next_best = weights[ranked[1]] if len(ranked) > 1 else 0.0
    placed = [one for one in own if one.placed_from is not None]
    if (
        len(own) < 2
        or not placed
        or own[0].weight < HEAD_WEIGHT * PLAIN_WEIGHT
        or weights[best] < CITY_MARGIN * next_best
        or weights[best] < MIN_CITY_SHARE * whole
    ):
        return None
    one = placed[0]
    return _of_city(best, text[one.start : one.end], text[one.placed_from : one.end], NAMED_CITY)


def _of_city(city: City, as_named: str, evidence: str, rule: Rule) -> Locality:
    units = (Place("city", city.code, city.name), _place(city.country))
    return Locality(
        city.country, as_named, "city", units, units, world.as_of(), evidence, rule.code
    )


def _of_country(text: str, country: str, found: Sequence[tuple[_Mention, City | None]]) -> Locality:
    """The country by its own name, else by the first place in it."""
    one = next((one for one, _ in found if Region(country) in one.toponym.regions), None)
    one = one or next((one for one, _ in found if one.toponym.regions), found[0][0])
    units = (_place(country),)
    as_named = text[one.start : one.end]
    evidence = text[one.start if one.placed_from is None else one.placed_from : one.end]
    return Locality(
        country, as_named, "country", units, units, world.as_of(), evidence, NAMED_COUNTRY.code
    )


def _place(country: str) -> Place:
    return Place("country", country, world.country(country))
