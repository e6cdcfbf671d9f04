"""What the names of places in a text mean, outside Vietnam: their countries and cities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log10

from phusa.places.world import City, Region, Toponym
from phusa.places.world_mentions import Mention

HEAD_CHARS = 500
HEAD_WEIGHT, PLACED_WEIGHT, PLAIN_WEIGHT = 2.0, 1.0, 0.5
"""A mention weighs 1 where it is set as a place, else half; the double in the title and the first
`HEAD_CHARS` of the text."""
OPENING_CHARS = 150
"""The title and so much of the text say what an article is about."""
MIN_PLACED, MIN_PLACED_WEAK = 0.2, 0.5
"""Of the mentions of a city, of a weak name: the share set as a place from which it is one."""
TELLS_COUNTRY, TELLS_REGION = 10, 100
"""A city whose country or region the text names is as likely as one so many times as large."""
SIZE_MARGIN = 8
"""Of cities of one name, one is meant if it is so many times as large as the next."""
MIN_TOLD = 0.2
"""The share of the mentions of countries from which one tells which city is meant."""

Votes = Mapping[Region, float]
"""How much a text speaks of each country and region."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A mention, its weight, and whether it stands in the title, the opening, near the start."""

    mention: Mention
    weight: float
    in_title: bool
    opens: bool
    near_start: bool

    @property
    def toponym(self) -> Toponym:
        """What is named."""
        return self.mention.toponym

    @property
    def is_placed(self) -> bool:
        """Whether words set it as a place."""
        return self.mention.placed_from is not None


@dataclass(frozen=True, slots=True)
class Sited:
    """A mention with the country that it means, and the city if that is clear."""

    named: Weighed
    country: str
    city: City | None


def weigh(found: Iterable[Mention], title_chars: int) -> list[Weighed]:
    """The mentions of a text that begins with a title of so many characters, with their weights."""
    weighed = []
    for one in found:
        weight = PLAIN_WEIGHT if one.placed_from is None else PLACED_WEIGHT
        start = one.start - title_chars
        near_start = start < HEAD_CHARS
        weight *= HEAD_WEIGHT if near_start else 1
        weighed.append(Weighed(one, weight, start < 0, start < OPENING_CHARS, near_start))
    return weighed


def sites(found: Sequence[Weighed], votes: Votes) -> list[Sited]:
    """The mentions of places whose country is clear."""
    sited = []
    for one in _kept(found):
        city = None if one.toponym.regions else city_of(one.toponym, one.mention.told, votes)
        country = city.country if city else _country(one.toponym)
        if country:
            sited.append(Sited(one, country, city))
    return sited


def country_votes(found: Iterable[Weighed]) -> Votes:
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


def city_of(toponym: Toponym, behind: Sequence[Region], votes: Votes) -> City | None:
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


def _kept(found: Sequence[Weighed]) -> list[Weighed]:
    """The mentions of names that the text sets as places often enough."""
    count = Counter(one.toponym.key for one in found)
    placed = Counter(one.toponym.key for one in found if one.is_placed)

    def is_kept(toponym: Toponym) -> bool:
        if toponym.regions and not toponym.weak:
            return True
        least = MIN_PLACED_WEAK if toponym.weak else MIN_PLACED
        return placed[toponym.key] >= max(1, least * count[toponym.key])

    return [one for one in found if is_kept(one.toponym)]
