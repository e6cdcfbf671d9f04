"""Which units of Vietnam the names in a text mean: names are many, and so are their bearers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import sqrt

from phusa.metadata.mentions import Mention, canonical, chained, is_province, rows_named
from phusa.places import Unit, became, parents
from phusa.places.names import fold
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
HEAD_WEIGHT = 2.0
HEAD_CHARS = 400
"""The title and what stands first tell more of where an article is about."""
UNTYPED, WEAK = 0.5, 0.25
"""What a name without its kind counts for: where a kind is said elsewhere, and where none is."""

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
        kind = mention.kind or (max(said, key=lambda k: said[k]) if said else None)
        name = named.get((mention.name, kind))
        if name is None:
            name = named[mention.name, kind] = Name(mention.name, kind, mention)
        elif name.first.kind is None and mention.kind is not None:
            name.first = mention
        name.weight += _trust(mention, kind) * (
            HEAD_WEIGHT if mention.start < head + HEAD_CHARS else 1
        )
        name.count += 1
        name.titled |= mention.start < head
        name.former |= mention.former
        after = number
        while follows[after]:  # phường A, quận B, thành phố C
            after += 1
            other = found[after]
            name.beside.update((other.name, level) for level in _levels(other))
    return list(named.values())


def _trust(mention: Mention, kind: str | None) -> float:
    if mention.kind is not None:
        return 1.0
    return UNTYPED if kind is not None or is_province(mention.name) else WEAK


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
    if not bearers:
        return None
    base = 1 / len(bearers)
    ranked = sorted(
        (_ranked(units, name, counts, day, near, base) for units in bearers),
        key=lambda one: (-one[0], one[2].code),
    )
    score, by, unit = ranked[0]
    if len(ranked) > 1 and (not by or score < MARGIN * ranked[1][0]):
        return None
    if name.kind is None and not by and unit.level != "province":
        return None  # a name alone may be that of anything
    damped = 1.0 if by == "parents" else 1 / sqrt(len(ranked))
    return Meant(
        unit, name, name.weight * damped * (_holds(unit.row, day) or LINGERING), by or "name"
    )


def _bearers(name: Name, day: str | None) -> list[list[Unit]]:
    """The units of a name and of its kind that may be meant, those of one place together."""
    units = table()
    of_name = [units[row] for row in rows_named().get(name.name, ())]
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


def _ranked(
    units: Iterable[Unit],
    name: Name,
    counts: Mapping[tuple[str, str], int],
    day: str | None,
    near: Sequence[Unit],
    base: float,
) -> tuple[float, str, Unit]:
    """The best of the units of one place: its score, what speaks for it, and the unit."""
    best: tuple[tuple[float, int, int], str, Unit] | None = None
    for unit in units:
        above = above_of(unit.row)
        named = sum(
            min(counts.get((parent, level), 0), MAX_PARENT_MENTIONS)
            for parent, level, _ in above
            if parent != name.name or name.kind is not None
        )
        beside = sum((parent, level) in name.beside for parent, level, _ in above)
        close = any(code == one.code for _, _, code in above for one in near if one.level != "ward")
        support = PARENT_WEIGHT * named + BESIDE_WEIGHT * beside + NEAR_WEIGHT * close
        holds = _holds(unit.row, day) or LINGERING
        by = "parents" if named else "site" if close else ""
        score = holds * (base + support), -_days_off(unit.row, day), unit.row
        if best is None or score > best[0]:
            best = score, by, unit
    assert best is not None
    return best[0][0], *best[1:]


@lru_cache(maxsize=20_000)
def above_of(row: int) -> tuple[tuple[str, str, str], ...]:
    """The folded names, levels and codes of the units that a unit of the table lies in."""
    above = parents(table()[row])
    return tuple((canonical(fold(parent.name)), parent.level, parent.code) for parent in above)


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
    """The unit that a unit is on a day: itself, or the one it had become; None where that are more.

    >>> from phusa.places.lookup import by_name
    >>> on_its_day(by_name("Phường An Lưu")[0], "2025-08-15").full_name
    'Phường Kinh Môn'
    """
    if unit.exists(day):
        return unit
    successors = [now.unit for now in became(unit) if now.unit.exists(day)]
    return successors[0] if len(successors) == 1 else None
