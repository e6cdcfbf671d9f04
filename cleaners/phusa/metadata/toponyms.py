"""Which units of Vietnam the names in a text mean: names are many, and so are their bearers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from phusa import languages
from phusa.metadata.mentions import Mention, chained, is_province
from phusa.places import Unit, became, parents
from phusa.places.table import table
from phusa.places.units import days

EARLY_DAYS, LATE_DAYS = 60, 240
"""New names are in the papers before they hold, and old ones long after."""
LINGERING = 0.6
"""What a unit counts for that holds not yet or no more, but may still be named."""
PARENT_WEIGHT, MAX_PARENT_MENTIONS = 0.6, 3
BESIDE_WEIGHT = 2.0
NEAR_WEIGHT = 0.5
MARGIN = 1.5
"""So much better than the next bearer of a name the best one has to be."""
TITLE_WEIGHT, HEAD_WEIGHT = 4.0, 2.0
HEAD_CHARS = 400
"""The title and what stands first tell more of where an article is about."""
UNTYPED, WEAK, ASIDE = 0.5, 0.25, 0.25
"""What a name counts for without its kind: where a kind is said elsewhere, and where none is; and
where it only tells where somebody lives."""
MAX_CHAIN = 3
WARD_DIGITS = 5

USUAL_DAYS = ("2020-02-01", "2024-12-01")
"""About when most units changed between two lists: the decrees on the rearrangement of 2019 to 2021
mostly came into force from 2020-01-01 to 2020-03-01, those of 2023 to 2025 from 2024-09-01 to
2025-01-01 (the decrees of the standing committee of the National Assembly)."""

_LEVELS = {
    "tỉnh": ("province",),
    "thành phố": ("province", "district"),
    "quận": ("district",),
    "huyện": ("district",),
    "thị xã": ("district",),
    "phường": ("ward",),
    "xã": ("ward",),
    "thị trấn": ("ward",),
    "đặc khu": ("ward",),
}
"""The levels of the units that are called so."""

Identity = tuple[str, str]
"""Level and code: a unit before and after it got another kind or parents."""


@dataclass(slots=True)
class Name:
    """A name of a text with the kind it goes by, and all that the text says of it.

    `weight` adds up over its mentions, `beside` are the folded names that stand right after it as
    those of units it lies in. `first` is its first mention that says the kind, if any does.
    """

    name: str
    kind: str | None
    first: Mention
    weight: float = 0.0
    count: int = 0
    titled: bool = False
    former: bool = False
    beside: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Meant:
    """The unit that a name means, what the text speaks of it, and what told it from others.

    `by` is `parents` where the unit lies in others that the text names, `site` where it lies in the
    publisher's, and `name` where no other unit of the time is called so.
    """

    unit: Unit
    name: Name
    weight: float
    by: str


def names(text: str, found: Sequence[Mention], head: int = 0) -> list[Name]:
    """The names in a text, each with its kind once; `head` is where the title ends.

    A name without a kind is one with the kind that the text says of it most.

    >>> from phusa.metadata.mentions import mentions
    >>> text = "Phường An Lưu (thị xã Kinh Môn). Ở An Lưu."
    >>> [(name.kind, name.name, name.count) for name in names(text, mentions(text))]
    [('phường', 'an lưu', 2), ('thị xã', 'kinh môn', 1)]
    """
    kinds: dict[str, dict[str, int]] = {}
    for mention in found:
        if mention.kind is not None:
            of_name = kinds.setdefault(mention.name, {})
            of_name[mention.kind] = of_name.get(mention.kind, 0) + 1
    named: dict[tuple[str, str | None], Name] = {}
    follows = chained(text, found)
    for number, mention in enumerate(found):
        said = kinds.get(mention.name)
        kind = mention.kind or _usual_kind(mention.name, said)
        name = named.get((mention.name, kind))
        if name is None:
            name = named[mention.name, kind] = Name(mention.name, kind, mention)
        elif name.first.kind is None and mention.kind is not None:
            name.first = mention
        name.weight += _trust(mention, kind) * _place_weight(mention, head)
        name.count += 1
        name.titled |= mention.start < head
        name.former |= mention.former
        for other in chain(found, follows, number):
            name.beside.update((other.name, level) for level in _levels(other))
    return list(named.values())


def chain(found: Sequence[Mention], follows: Sequence[bool], number: int) -> Iterator[Mention]:
    """The mentions right after one: `phường A, quận B, thành phố C`."""
    for after in range(number, min(number + MAX_CHAIN, len(found))):
        if not follows[after]:
            return
        yield found[after + 1]


def _usual_kind(name: str, said: Mapping[str, int] | None) -> str | None:
    """What a name without a kind is where the text says it with some: the most usual.

    `Bắc Ninh` is the province, whatever else the text says of `thành phố Bắc Ninh`.
    """
    if not said:
        return None
    if is_province(name):
        return "tỉnh" if "tỉnh" in said else None
    return max(said, key=lambda kind: said[kind])


def _trust(mention: Mention, kind: str | None) -> float:
    if mention.aside:
        return ASIDE
    if mention.kind is not None:
        return 1.0
    return UNTYPED if kind is not None or is_province(mention.name) else WEAK


def _place_weight(mention: Mention, head: int) -> float:
    if mention.start < head:
        return TITLE_WEIGHT
    return HEAD_WEIGHT if mention.start < head + HEAD_CHARS else 1.0


def meant(found: Sequence[Name], day: str | None = None, near: Sequence[Unit] = ()) -> list[Meant]:
    """The units that names mean on a day (ISO, cut to a month or year; None is any time).

    Names that could mean several units, none of them clearly, are left out. `near` are the units
    that the publisher lies in.
    """
    counts: dict[tuple[str, str], int] = {}
    for name in found:
        for level in _levels(name):
            counts[name.name, level] = counts.get((name.name, level), 0) + name.count
    known = [_meaning(name, counts, day, near) for name in found]
    return [one for one in known if one is not None]


def _levels(name: Name | Mention) -> Sequence[str]:
    """The levels of the units that a name may be of."""
    if name.kind is not None:
        return _LEVELS[name.kind]
    return ("province",) if is_province(name.name) else ("province", "district", "ward")


def _meaning(
    name: Name, counts: Mapping[tuple[str, str], int], day: str | None, near: Sequence[Unit]
) -> Meant | None:
    """The unit a name means, or None."""
    bearers = _bearers(name, day)
    base = 1 / len(bearers) if bearers else 0.0
    ranked = sorted(_ranked(units, name, counts, day, near, base) for units in bearers)
    if not ranked:
        return None
    best = ranked.pop()
    rivals = [one.score for one in ranked if not _was_within(one.unit, best.unit, day)]
    if rivals and (not best.by or best.score < MARGIN * rivals[-1]):
        return None
    if name.kind is None and not best.by and best.unit.level != "province":
        return None  # a name alone may be that of anything
    weight = name.weight
    if name.kind is None and best.beside:  # `Mường Tè, Lai Châu` is as good as `huyện Mường Tè`
        weight /= UNTYPED if is_province(name.name) else WEAK
    by = best.by if rivals or best.by == "parents" else "name"
    return Meant(best.unit, name, weight, by)


def _was_within(unit: Unit, other: Unit, day: str | None) -> bool:
    """Whether a unit that is no more lay in another of its name, as the city Huế in today's."""
    codes = {one.code for one in above_of(unit.row)}
    return other.code in codes and not unit.exists(day)


def _bearers(name: Name, day: str | None) -> list[list[Unit]]:
    """The units of a name and of its kind that may be meant, those of one place together."""
    units = table()
    of_name = [units[row] for row in units.rows_named.get(name.name, ())]
    if name.kind is None and name.name in languages.mentions()["words"]["persons"]:
        return []
    if name.kind is None:  # the greatest one, as `Hải Dương` is the province and not the city
        levels = {unit.level for unit in of_name if _holds(unit.row, day)}
        level = next((one for one in ("province", "district") if one in levels), "ward")
        of_name = [unit for unit in of_name if unit.level == level]
    kinds = [unit for unit in of_name if name.kind in (None, unit.kind)]
    if not any(_holds(unit.row, day) for unit in kinds):
        same_level = _LEVELS.get(name.kind or "", ())  # another kind than it has: soon, or in error
        kinds += [unit for unit in of_name if unit.level in same_level and unit not in kinds]
    bearers: list[list[Unit]] = []
    same: dict[object, list[Unit]] = {}
    for unit in kinds:
        if name.former or _holds(unit.row, day):
            # of one code, or of one name in one place: a unit may take in another of its name
            keys = (unit.level, unit.code), (unit.kind, unit.district, unit.province)
            units_of = same.get(keys[0]) or same.get(keys[1])
            if units_of is None:
                bearers.append(units_of := [])
            units_of.append(unit)
            same |= dict.fromkeys(keys, units_of)
    return bearers


@dataclass(frozen=True, slots=True, order=True)
class _Bearer:
    """A unit that a name may mean: its score, what speaks for it (as in `Meant`), and the unit.

    `beside` tells that one of those it lies in stands right behind the name.
    """

    score: float
    off: int
    row: int
    by: str = field(compare=False)
    beside: bool = field(compare=False)
    unit: Unit = field(compare=False)


def _ranked(
    units: Iterable[Unit],
    name: Name,
    counts: Mapping[tuple[str, str], int],
    day: str | None,
    near: Sequence[Unit],
    base: float,
) -> _Bearer:
    """The best of the units of one place."""
    found = []
    for unit in units:
        above = above_of(unit.row)
        named = sum(_mentions_of(one, name, counts) for one in above)
        beside = sum(any((alias, one.level) in name.beside for alias in one.names) for one in above)
        codes = {one.code for one in above}
        close = any(one.code in codes for one in near if one.level != "ward")
        support = PARENT_WEIGHT * named + BESIDE_WEIGHT * beside + NEAR_WEIGHT * close
        score = (_holds(unit.row, day) or LINGERING) * (base + support)
        by = "parents" if named else "site" if close else ""
        found.append(_Bearer(score, -_days_off(unit.row, day), unit.row, by, beside > 0, unit))
    return max(found)


def _mentions_of(above: Above, name: Name, counts: Mapping[tuple[str, str], int]) -> int:
    """How often a text names a unit that another may lie in, but for what may be that other."""
    found = 0
    for alias in above.names:
        own = name.count if alias == name.name and above.level in _levels(name) else 0
        found = max(found, counts.get((alias, above.level), 0) - own)
    return min(found, MAX_PARENT_MENTIONS)


class Above(NamedTuple):
    """A unit that another lies in: its names, folded, its level and code."""

    names: tuple[str, ...]
    level: str
    code: str


@lru_cache(maxsize=20_000)
def above_of(row: int) -> tuple[Above, ...]:
    """The units that a unit of the table lies in, the smallest first."""
    above = parents(table()[row])
    return tuple(Above(_names_of()[one.row], one.level, one.code) for one in above)


@cache
def _names_of() -> Mapping[int, tuple[str, ...]]:
    """The names of each province and district, the short and the older ones too."""
    units = table()
    found: dict[int, tuple[str, ...]] = {}
    for name, rows in units.rows_named.items():
        for row in rows:
            if len(units.columns.code[row]) < WARD_DIGITS:
                found[row] = (*found.get(row, ()), name)
    return found


@lru_cache(maxsize=20_000)
def _holds(row: int, day: str | None) -> float:
    """How well a unit goes with a day: 1 on its days, less about them, 0 else."""
    unit = table()[row]
    if unit.exists(day):
        return 1.0
    return LINGERING if unit.exists(day, EARLY_DAYS, LATE_DAYS) else 0.0


@lru_cache(maxsize=20_000)
def _days_off(row: int, day: str | None) -> int:
    """How far a day is from those of a unit, if it changed when most units of its time did."""
    if day is None:
        return 0
    unit = table()[row]
    first, last = days(day)
    begins, ends = (_usual(*bracket) for bracket in (unit.since, unit.until))
    return max(begins - last if begins else 0, first - ends + 1 if ends else 0, 0)


@lru_cache(maxsize=64)
def _usual(start: str | None, end: str | None) -> int | None:
    """The day on which most changes within a bracket came into force, as an ordinal."""
    if end is None or start is None:
        return None
    pivot = next((pivot for pivot in USUAL_DAYS if start <= pivot <= end), end)
    return days(pivot)[0]


def on_its_day(unit: Unit, day: str | None) -> Unit | None:
    """The unit that a unit is on a day: itself, the one it had become, or the province of several.

    >>> from phusa.places.lookup import by_name
    >>> on_its_day(by_name("Phường An Lưu")[0], "2025-08-15").full_name
    'Phường Kinh Môn'
    """
    if unit.exists(day):
        return unit
    successors = [now.unit for now in became(unit) if now.unit.exists(day)]
    if len(successors) == 1:
        return successors[0]
    above = {one.row: one for successor in successors for one in parents(successor)}
    return above.popitem()[1] if len(above) == 1 else None
