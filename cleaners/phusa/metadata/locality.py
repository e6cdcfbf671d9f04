"""Where in Vietnam an article is about: the units of its day, and those of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from phusa.facts import Locality, Place
from phusa.findings import Rule
from phusa.metadata.eras import Identity, above_of, on_its_day
from phusa.metadata.mentions import Mention, chained, mentions
from phusa.metadata.names import chain, names
from phusa.metadata.toponyms import Meant, meant
from phusa.places import AS_OF, Unit, parents, today_of

NAMED = Rule(
    "MET120",
    "named-place",
    "The place the article is about: a unit that the text names together with one it lies in.",
    """`phường An Lưu, thị xã Kinh Môn, Hải Dương`. Names of persons, roads, events and companies
are no places, nor are those in related news and footers. Of several units of one name it is the one
whose district or province the text names. The place is as deep as the text is about one unit: a
district whose communes are listed is the district.""",
)
ONLY_ONE = Rule(
    "MET121",
    "only-place-of-the-name",
    "The place the article is about, named alone: no other unit of that day was called so.",
    """`phường Kỳ Phương` was one ward in the whole country, so its town and province follow from
the register though the text names neither. Where two units of the day had the name, and nothing
else tells them apart, there is no answer.""",
)
BY_SITE = Rule(
    "MET122",
    "place-near-publisher",
    "The place the article is about: of several units of the name the one where the publisher is.",
    """A page of the province Hà Tĩnh that says `xã Tân Lâm Hương` means the one of its own
province. The publisher's place is known by the site's name or address.""",
)
RULES = (NAMED, ONLY_ONE, BY_SITE)

COUNTRY = "VN"
PROVINCE_MARGIN, WARD_MARGIN = 1.5, 2.0
"""So much more than of the next one of its level an article speaks of the unit it is about."""
DISTRICT_SHARE = 0.35
MIN_WEIGHT = 2.0
"""One mention at the head of an article, or two further down; less is no subject."""
ROUNDUP = 4
"""An article that names so many provinces, none of them in its title, is of the whole country
where it does not speak of one of them more than of all others together."""

_RULES = {"parents": NAMED, "name": ONLY_ONE, "site": BY_SITE}


def locality(
    title: str | None, text: str, day: str | None = None, near: Sequence[Unit] = ()
) -> Locality | None:
    """The unit of Vietnam that an article is about, or None where the text does not tell.

    `text` is the article without its title, `day` when it was published (ISO, cut to its
    precision) and `near` the units the publisher lies in.

    >>> found = locality("Phường An Lưu (Thị xã Kinh Môn, Hải Dương) khởi sắc", "", "2020-06-18")
    >>> [(unit.level, unit.code) for unit in found.then], found.now[0].name
    ([('ward', '10675'), ('district', '292'), ('province', '30')], 'Phường Kinh Môn')
    """
    whole = f"{title}\n{text}" if title else text
    found = mentions(whole)
    if not found:
        return None
    head = len(title) + 1 if title else 0
    follows = chained(whole, found)
    known = _on_day(meant(names(found, follows, head), day, near), day)
    best = _main(known)
    if best is None:
        return None
    as_named, evidence = _evidence(whole, found, follows, best.name.first)
    return located(best.unit, as_named, evidence, _RULES[best.by], day)


def names_places(title: str | None, text: str) -> bool:
    """Whether a title or a text names any unit, whichever it may be."""
    return bool(mentions(f"{title or ''}\n{text}"))


def located(
    unit: Unit, as_named: str, evidence: str, rule: Rule, day: str | None = None
) -> Locality:
    """A unit as a locality: those it lies in on a day, and what covers it today.

    >>> from phusa.places import by_name
    >>> found = located(by_name("Tỉnh Hải Dương")[0], "Hải Dương", "tỉnh Hải Dương", NAMED)
    >>> found.precision, found.now[0].name
    ('province', 'Thành phố Hải Phòng')
    """
    then, now = _places(unit, day)
    return Locality(COUNTRY, as_named, unit.level, then, now, AS_OF, evidence, rule.code)


@lru_cache(maxsize=5_000)
def _places(unit: Unit, day: str | None) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """A unit and those it lies in on a day, and those of today; a site's pages are about few."""
    then = [Place(one.level, one.code, one.full_name) for one in (unit, *parents(unit, day))]
    now = [
        Place(one.unit.level, one.unit.code, one.unit.full_name, one.part) for one in today_of(unit)
    ]
    return tuple(then), tuple(now)


def _on_day(known: Iterable[Meant], day: str | None) -> list[Meant]:
    """What names mean as it was on a day: a former ward is the one it went to."""
    found = []
    for one in known:
        unit = on_its_day(one.unit, day)
        if unit is not None:
            found.append(replace(one, unit=unit, renamed=unit != one.unit))
    return found


def _main(known: Sequence[Meant]) -> Meant | None:
    """The unit that an article is about, of those its names mean.

    The province it speaks of most, then as deep as one unit below it stands out.
    """
    own: dict[Identity, float] = defaultdict(float)
    said: dict[Identity, float] = defaultdict(float)
    total: dict[Identity, float] = defaultdict(float)
    above: dict[Identity, tuple[Identity, ...]] = {}
    for one in known:
        unit, lies_in = _identity(one.unit), _lies_in(one.unit)
        # a code that goes on may have got other parents, and both be named
        above[unit] = tuple(dict.fromkeys((*above.get(unit, ()), *lies_in)))
        own[unit] += one.weight
        for each in (unit, *lies_in):
            total[each] += one.weight
            said[each] += one.name.said if one.unit.level == "province" else one.weight
    titled = {_identity(one.unit) for one in known if one.name.titled}
    # a province is named with its kind or without: that tells nothing of how much it matters
    provinces = {one: said[one] for one in total if one[0] == "province"}
    best = _leading(provinces, PROVINCE_MARGIN)
    if best is None or total[best] < MIN_WEIGHT:
        return None
    named = [one for one in provinces if one in own]
    others = sum(provinces[one] for one in named if one != best)
    if len(named) >= ROUNDUP and best not in titled and provinces[best] <= others:
        return None
    districts = _below(best, "district", total, above)
    district = _leading(districts, PROVINCE_MARGIN)
    least = max(MIN_WEIGHT, DISTRICT_SHARE * total[best], own[best])
    if district is not None and districts[district] >= least:
        best = district
    if best == district or not districts:
        wards = _below(best, "ward", total, above)
        ward = _leading(wards, WARD_MARGIN)
        capped = best in titled and best[0] == "district" and titled.isdisjoint(wards)
        if ward is not None and not capped and wards[ward] >= max(MIN_WEIGHT, own[best]):
            best = ward
    of_best = [one for one in known if _identity(one.unit) == best]
    if of_best:
        return max(of_best, key=_evident)
    below = max((one for one in known if best in _lies_in(one.unit)), key=_evident)
    return replace(below, unit=next(one for one in parents(below.unit) if _identity(one) == best))


def _lies_in(unit: Unit) -> tuple[Identity, ...]:
    return tuple((each.level, each.code) for each in above_of(unit.row))


def _evident(one: Meant) -> tuple[bool, bool, float]:
    """How well a name shows its unit: by the name it has that day, with its kind, often."""
    return not one.renamed, one.name.first.kind is not None, one.weight


def _below(
    unit: Identity,
    level: str,
    total: Mapping[Identity, float],
    above: Mapping[Identity, Sequence[Identity]],
) -> dict[Identity, float]:
    """What an article speaks of the units of a level within a unit."""
    found = {one: total[one] for one in above if one[0] == level and unit in above[one]}
    if level == "district":  # also those of which only wards are named
        parents_of = (each for one in above.values() if unit in one for each in one)
        found |= {one: total[one] for one in parents_of if one[0] == level}
    return found


def _leading(weights: Mapping[Identity, float], margin: float) -> Identity | None:
    """The unit that is spoken of so many times as much as the next one."""
    ranked = sorted(weights, key=lambda one: (-weights[one], one))
    if len(ranked) > 1 and weights[ranked[0]] < margin * weights[ranked[1]]:
        return None
    return ranked[0] if ranked else None


def _identity(unit: Unit) -> Identity:
    return unit.level, unit.code


def _evidence(
    text: str, found: Sequence[Mention], follows: Sequence[bool], first: Mention
) -> tuple[str, str]:
    """A name as the text has it with its kind, and the same with the units named right after it."""
    last = [first, *chain(found, follows, found.index(first))][-1]
    end = last.end
    if "(" in text[first.begins : end] and text[end : end + 1] == ")":
        end += 1
    return text[first.begins : first.end], text[first.begins : end]
