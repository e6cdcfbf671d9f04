"""Which units of Vietnam the names in a text mean: names are many, and so are their bearers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from phusa import languages
from phusa.metadata.eras import Above, above_of, days_off, holds
from phusa.metadata.mentions import is_province
from phusa.metadata.names import LEVELS, LEVELS_ABOVE, UNTYPED, WEAK, Name, levels
from phusa.places import Unit, became
from phusa.places.table import table

GONE = 0.3
"""What a unit counts for that is long gone, or that the text says is another one."""
PARENT_WEIGHT, MAX_PARENT_MENTIONS = 0.6, 3
BESIDE_WEIGHT = 2.0
NEAR_WEIGHT = 0.5
MARGIN = 1.5
"""So much better than the next bearer of a name the best one has to be."""
BARE_KINDS, MIN_BARE = ("thành phố", "thị xã"), 2
"""Cities and towns are named without their kind: `ở Đà Lạt`. Twice at least, it is one."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The unit that a name means, what the text speaks of it, and what told it from others.

    `by` is `parents` where the unit lies in others that the text names, `site` where it lies in the
    publisher's, and `name` where no other unit of the time is called so. `renamed` tells that the
    unit took the place of the one that has the name.
    """

    unit: Unit
    name: Name
    weight: float
    by: str
    renamed: bool = False


def meant(found: Sequence[Name], day: str | None = None, near: Sequence[Unit] = ()) -> list[Meant]:
    """The units that names mean on a day (ISO, cut to a month or year; None is any time).

    Names that could mean several units, none of them clearly, are left out. `near` are the units
    that the publisher lies in.
    """
    counts: dict[tuple[str, str], int] = {}
    for name in found:
        for level in levels(name):
            counts[name.name, level] = counts.get((name.name, level), 0) + name.count
    known = [_meaning(name, counts, day, near) for name in found]
    return [one for one in known if one is not None]


def _meaning(
    name: Name, counts: Mapping[tuple[str, str], int], day: str | None, near: Sequence[Unit]
) -> Meant | None:
    """The unit a name means, or None."""
    places = _bearers(name, day)
    base = 1 / len(places) if places else 0.0
    ranked = sorted(
        bearer
        for units in places
        if (bearer := _ranked(units, name, counts, day, near, base)) is not None
    )
    if not ranked:
        return None
    best = ranked.pop()
    rivals = [one.score for one in ranked if not _was_before(one.unit, best.unit, day)]
    if rivals and (not best.by or best.score < MARGIN * rivals[-1]):
        return None
    if _is_contradicted(best.unit, name):
        return None
    weight = name.weight
    if name.kind is None:
        known = best.by or best.unit.level == "province"
        if not known and not _is_famous(best.unit, name, day):
            return None  # a name alone may be that of anything
        if best.beside or not known:  # `Mường Tè, Lai Châu` is as good as `huyện Mường Tè`
            weight /= UNTYPED if is_province(name.name) else WEAK
    by = best.by if rivals or best.by == "parents" else "name"
    return Meant(best.unit, name, weight, by)


def _is_famous(unit: Unit, name: Name, day: str | None) -> bool:
    """Whether a name without kind or parents is that of a city, and of nothing elsewhere."""
    units = table()
    rows = [row for row in units.rows_named.get(name.name, ()) if holds(row, day)]
    elsewhere = any(unit.code not in (units[row].code, units[row].district) for row in rows)
    return unit.kind in BARE_KINDS and name.count >= MIN_BARE and not elsewhere


def _is_contradicted(unit: Unit, name: Name) -> bool:
    """Whether the text says that it is another one: `xã A, huyện B` is no A that lies in C."""
    greater = LEVELS_ABOVE[unit.level]
    above = {(alias, one.level) for one in above_of(unit.row) for alias in one.names}
    return any(level in greater for _, level in name.next) and above.isdisjoint(name.next)


def _was_before(unit: Unit, other: Unit, day: str | None) -> bool:
    """Whether a unit that is no more became another of its name, or lay in it as Huế in today's."""
    if unit.exists(day):
        return False
    codes = {one.code for one in above_of(unit.row)}
    return other.code in codes or any(now.unit.row == other.row for now in became(unit))


def _bearers(name: Name, day: str | None) -> list[list[Unit]]:
    """The units of a name and of its kind that may be meant, those of one place together."""
    units = table()
    of_name = [units[row] for row in units.rows_named.get(name.name, ())]
    if name.kind is None and name.name in languages.mentions()["words"]["persons"]:
        return []
    if name.kind is None:  # the greatest one, as `Hải Dương` is the province and not the city
        levels = {unit.level for unit in of_name if holds(unit.row, day)}
        level = next((one for one in ("province", "district") if one in levels), "ward")
        of_name = [unit for unit in of_name if unit.level == level]
    kinds = [unit for unit in of_name if name.kind in (None, unit.kind)]
    if not any(holds(unit.row, day) for unit in kinds):
        same_level = LEVELS.get(name.kind or "", ())  # another kind than it has: soon, or in error
        kinds += [unit for unit in of_name if unit.level in same_level and unit not in kinds]
    found: list[list[Unit]] = []
    same: dict[object, list[Unit]] = {}
    for unit in kinds:
        # of one code, or of one name in one place: a unit may take in another of its name
        keys = (unit.level, unit.code), (unit.kind, unit.district, unit.province)
        units_of = same.get(keys[0]) or same.get(keys[1])
        if units_of is None:
            found.append(units_of := [])
        units_of.append(unit)
        same |= dict.fromkeys(keys, units_of)
    return [units for units in found if any(_is_meant(unit, name, day) for unit in units)]


def _is_meant(unit: Unit, name: Name, day: str | None) -> bool:
    """Whether a name may mean a unit: one of the day, a former one, or one told by its parents."""
    return bool(name.former or holds(unit.row, day) or _beside(unit, name))


def _beside(unit: Unit, name: Name) -> int:
    """How many of the units that a unit lies in stand right behind its name."""
    above = above_of(unit.row)
    return sum(any((alias, one.level) in name.beside for alias in one.names) for one in above)


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
) -> _Bearer | None:
    """The best of the units of one place, of those that may be meant."""
    found = []
    for unit in units:
        if not _is_meant(unit, name, day):
            continue
        above = above_of(unit.row)
        named = sum(_mentions_of(one, name, counts) for one in above)
        beside = _beside(unit, name)
        codes = {one.code for one in above}
        close = sum(one.code in codes for one in near if one.level != "ward")
        support = PARENT_WEIGHT * named + BESIDE_WEIGHT * beside + NEAR_WEIGHT * close
        gone = not holds(unit.row, day) or _is_contradicted(unit, name)
        score = (GONE if gone else holds(unit.row, day)) * (base + support)
        by = "parents" if named else "site" if close else ""
        found.append(_Bearer(score, -days_off(unit.row, day), unit.row, by, beside > 0, unit))
    return max(found, default=None)


def _mentions_of(above: Above, name: Name, counts: Mapping[tuple[str, str], int]) -> int:
    """How often a text names a unit that another may lie in, but for what may be that other."""
    found = 0
    for alias in above.names:
        own = name.count if alias == name.name and above.level in levels(name) else 0
        found = max(found, counts.get((alias, above.level), 0) - own)
    return min(found, MAX_PARENT_MENTIONS)
