"""Where an article is about that is not written in Vietnamese: the city, or the country alone.

A name alone proves little. Cities are called like persons, words and other cities, and names of
clubs, papers and companies hold names of cities. So a name counts as a city's only if the text sets
it somewhere as a place: behind a word for it (`in Köln`), before the country or region
(`Paris, Texas`), or as a dateline.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from phusa.facts import Locality, Place
from phusa.findings import Rule
from phusa.metadata.abroad_names import Sited, Votes, Weighed, city_of, country_votes, sites, weigh
from phusa.metadata.locality import COUNTRY as VIETNAM
from phusa.metadata.locality import located
from phusa.places import AS_OF, Unit, by_code, by_name, parents, today_of, world
from phusa.places.lookup import alike
from phusa.places.world import City, Gazetteer, Region
from phusa.places.world_mentions import mentions, told

DATELINE_CITY = Rule(
    "MET130",
    "dateline-city",
    "The city of the dateline that opens the text.",
    """`PARIS, May 5 (Reuters) –`, `Berlin (dpa) -`: where the report was written. Of several cities
of the name the one whose country or region the dateline or the text names, else the one that is by
far the largest; where nothing tells, the dateline is passed over. A report from Geneva may be about
Sudan: where the text names places of another country most, or another city, it is about those. If
the city is not named again, and the title names other places, or the start of the text does behind
a word for one, the answer is the country where all these lie in it, and none elsewhere.""",
)
NAMED_CITY = Rule(
    "MET131",
    "named-city",
    "The city that the article is about, by how often and where the text names it.",
    """It is named near the start and again, at least once behind a word for a place (`in Köln`) or
before its country or region, and twice as much as any other city of its country, which is the one
that the text names most. Two mentions are enough where the first is in the title or the opening and
the other is near the start too, or set as a place. Names within longer names (`Real Madrid`,
`New York Times`) are no places, and a title that names other countries only leaves no answer.""",
)
NAMED_COUNTRY = Rule(
    "MET132",
    "named-country",
    "The country that the article is about, by how often and where the text names its places.",
    """Its name, those of its regions and of its cities count together: they are most of all the
places that the text names, one of them near the start. No city stands out. A title that names other
countries only leaves no answer.""",
)
RULES = (DATELINE_CITY, NAMED_CITY, NAMED_COUNTRY)

MAX_TITLE_CHARS = 300
MAX_CHARS = 6_000
"""What is said further down does not tell where an article is about."""
MIN_WEIGHT = 4.0
MIN_OPENING_WEIGHT = 3.0
"""Of a city that the title or the opening names."""
MIN_COUNTRY_SHARE = 0.6
MIN_CITY_MENTIONS = 2
CITY_MARGIN = 2.0
MIN_CITY_SHARE = 0.4
"""Of the weight of its country."""
DATELINE_PARAGRAPHS = 3
DATELINE_CHARS = 120
"""A dateline stands in so many characters of one of so many paragraphs."""

_DATELINE = re.compile(
    r"(?P<place>(?:, ?[^\W\d_][\w. -]{0,24}?)?)"
    r"(?P<day>(?:, ?(?=[^\n]{0,12}\d)[^\n–—():]{3,24}?)?)"
    r"(?P<agency>(?:\s?[(/][^()\n]{2,40}\)?)?)"
    r"(?:(?P<dash>\.?\s?(?:[–—]|--?)\s)|(?P<colon>:\s)|(?P<stop>\.\s))"
    r"(?=[\"“„«']?[^\W\d_])"
)
"""What stands behind the city in a dateline."""


def locality(
    title: str | None, paragraphs: Sequence[str], language: str, day: str | None = None
) -> Locality | None:
    """The city or country that an article is about, or None where the text does not tell.

    `language` is its BCP 47 code; None is the answer for languages without a table of places. The
    code of a city is its number in GeoNames, that of a country its ISO 3166-1 code; `then` and
    `now` are the same, since the table knows today only. A city of Vietnam is its province: that
    of the `day` the article was published (ISO, cut to its precision), that of today without one.

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
    found = weigh(mentions(text, known), len(title))
    votes = country_votes(found)
    sited = sites(found, votes)
    answer = _named(text, sited, day)
    dateline = _dateline(paragraphs, known, votes)
    if dateline is not None:
        start = dateline.start + (len(title) + 1 if title else 0)
        reported = _reported(
            dateline,
            any(dateline.city in one.toponym.cities for one in found if one.mention.start != start),
            [one for one in sited if one.named.mention.start != start],
            day,
        )
        if answer is None or (reported is not None and not _is_elsewhere(answer, reported)):
            answer = reported
    if answer is None or not _is_of_title(answer.country, found, sited):
        return None
    return answer


def _is_elsewhere(named: Locality, reported: Locality) -> bool:
    """Whether what the text names is another place than that of the dateline, or one around it."""
    return named.country != reported.country or (
        named.precision != "country" and named.then != reported.then
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


def _is_of_title(country: str, found: Iterable[Weighed], sited: Iterable[Sited]) -> bool:
    """Whether the title names a country or places in it, or none of any country."""
    countries = {one.country for one in sited if one.named.in_title}
    # `China` and `Turkey` are no proof of a place, but they are a doubt about others
    for one in found:
        if one.in_title:
            countries.update(region.country for region in one.toponym.regions)
    return not countries or country in countries


@dataclass(frozen=True, slots=True)
class _Dateline:
    """A city that a dateline names, and where that begins in the text without its title."""

    city: City
    start: int
    as_named: str
    evidence: str


def _dateline(paragraphs: Sequence[str], known: Gazetteer, votes: Votes) -> _Dateline | None:
    """The dateline at the start of one of the first paragraphs."""
    before = 0
    for paragraph in paragraphs[:DATELINE_PARAGRAPHS]:
        opening, offset = paragraph[:DATELINE_CHARS], before
        before += len(paragraph) + 1
        hits = known.matcher.hits(opening)
        if not hits or hits[0].start > 1 or not hits[0].value.cities:
            continue
        start, end, toponym = hits[0]
        behind = _DATELINE.match(opening, end)
        if behind is None or not _is_dateline(opening[start:end], behind):
            continue
        if any(hit.start == behind.end() for hit in hits):
            continue  # a list of places
        city = city_of(toponym, told(opening, end, known), votes)
        if city is not None:
            evidence = opening[start : behind.end()].rstrip()
            return _Dateline(city, offset + start, opening[start:end], evidence)
    return None


def _reported(
    dateline: _Dateline, again: bool, named: Iterable[Sited], day: str | None
) -> Locality | None:
    """The city of a dateline, or its country where the article is about another place in it.

    `again` is whether the city is named elsewhere, `named` what else is.
    """
    city = dateline.city
    others = [] if again else [one for one in named if _is_other(one, city)]
    if any(one.country != city.country for one in others):
        return None
    if not others:
        return _of_city(city, dateline.as_named, dateline.evidence, DATELINE_CITY, day)
    units = (_place(city.country),)
    return Locality(
        city.country,
        dateline.as_named,
        "country",
        units,
        units,
        world.as_of(),
        dateline.evidence,
        DATELINE_CITY.code,
    )


def _is_other(one: Sited, city: City) -> bool:
    """Whether an article may be about what a mention means rather than about a city."""
    if one.city == city or any(region.holds(city) for region in one.named.toponym.regions):
        return False
    return one.named.in_title or (one.named.near_start and one.named.is_placed)


def _is_dateline(name: str, behind: re.Match[str]) -> bool:
    """Whether a name and what stands behind it are surely one."""
    if behind["stop"]:
        return bool(behind["day"] or (name.isupper() and len(name) > 3))
    if behind["colon"]:
        prose = len(behind.string) == DATELINE_CHARS and not behind["place"]
        return name.isupper() or bool(behind["agency"]) or prose
    return name.isupper() or bool(behind["agency"] or behind["day"]) or "-" not in behind["dash"]


def _named(text: str, sited: Iterable[Sited], day: str | None) -> Locality | None:
    """The city or country that mentions speak of most."""
    by_country: defaultdict[str, list[Sited]] = defaultdict(list)
    for one in sited:
        by_country[one.country].append(one)
    weights = {country: sum(one.named.weight for one in own) for country, own in by_country.items()}
    if not weights:
        return None
    country = max(weights, key=lambda code: (weights[code], code))
    own, weight = by_country[country], weights[country]
    if not any(one.named.near_start for one in own):
        return None
    if weight < MIN_COUNTRY_SHARE * sum(weights.values()):
        return None
    city = _main_city(text, own, weight, day)
    if city is None and weight >= MIN_WEIGHT:
        return _of_country(text, country, [one.named for one in own])
    return city


def _main_city(text: str, sited: Iterable[Sited], whole: float, day: str | None) -> Locality | None:
    """The city of a country that stands out."""
    by_city: defaultdict[City, list[Weighed]] = defaultdict(list)
    for one in sited:
        if one.city is not None:
            by_city[one.city].append(one.named)
    weights = {city: sum(one.weight for one in own) for city, own in by_city.items()}
    ranked = sorted(weights, key=lambda city: (weights[city], city.code), reverse=True)
    if not ranked:
        return None
    best, own = ranked[0], by_city[ranked[0]]
    following = weights[ranked[1]] if len(ranked) > 1 else 0.0
    placed = [one.mention for one in own if one.is_placed]
    if not placed or not own[0].near_start or len(own) < MIN_CITY_MENTIONS:
        return None
    if whole < MIN_WEIGHT and not (own[0].opens and weights[best] >= MIN_OPENING_WEIGHT):
        return None
    if weights[best] < max(CITY_MARGIN * following, MIN_CITY_SHARE * whole):
        return None
    start, end = placed[0].start, placed[0].end
    return _of_city(best, text[start:end], text[placed[0].placed_from : end], NAMED_CITY, day)


def _of_city(city: City, as_named: str, evidence: str, rule: Rule, day: str | None) -> Locality:
    if city.country == VIETNAM:
        province = _province(city, as_named, day or AS_OF)
        if province is not None:
            return located(province, as_named, evidence, rule, day or AS_OF)
    units = (Place("city", city.code, city.name), _place(city.country))
    return Locality(
        city.country, as_named, "city", units, units, world.as_of(), evidence, rule.code
    )


def _of_country(text: str, country: str, found: Sequence[Weighed]) -> Locality:
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


def _province(city: City, as_named: str, day: str) -> Unit | None:
    """The province of Vietnam that a city lay in on a day.

    The region of a city is the code of its province of today. Of the units of its name the one is
    meant that lies in it now. What has another name abroad (Hanoi) is a province that was never
    called otherwise; the code alone is no proof, since provinces of today took those of others.
    """
    for name in (city.name, as_named):
        for unit in (unit for full in (name, *alike(name)) for unit in by_name(full, day)):
            today = [now.unit.code for now in today_of(unit) if now.unit.level == "province"]
            if today == [city.region]:
                return (parents(unit, day) or [unit])[-1]
    today_names = {unit.full_name for unit in by_code(city.region, AS_OF)}
    then = (unit for unit in by_code(city.region, day) if unit.level == "province")
    return next((unit for unit in then if unit.full_name in today_names), None)
