"""The names of places in a text, each with all that the text says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phusa.metadata.mentions import Mention, is_province

TITLE_WEIGHT, HEAD_WEIGHT = 4.0, 2.0
HEAD_CHARS = 400
"""The title and what stands first tell more of where an article is about."""
UNTYPED, WEAK, ASIDE = 0.5, 0.25, 0.25
"""What a name counts for without its kind: where a kind is said elsewhere, and where none is; and
where it only tells where somebody lives."""
LOCATOR = 0.5
"""What a unit counts for that is only named to tell where the one before it lies."""
MAX_CHAIN = 3

LEVELS = {
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

_ORDER = {"province": 0, "district": 1, "ward": 2}
LEVELS_ABOVE = {"ward": ("district", "province"), "district": ("province",), "province": ()}


@dataclass(slots=True)
class Name:
    """A name of a text with the kind it goes by, and all that the text says of it.

    `weight` adds up over its mentions, `said` as well, but as if each said the kind. `beside` are
    the folded names that stand right after it as those of units it lies in, with their levels,
    `next` the first of them. `first` is its first mention that says the kind, if any does.
    """

    name: str
    kind: str | None
    first: Mention
    weight: float = 0.0
    said: float = 0.0
    count: int = 0
    titled: bool = False
    former: bool = False
    beside: set[tuple[str, str]] = field(default_factory=set)
    next: set[tuple[str, str]] = field(default_factory=set)


def names(found: Sequence[Mention], follows: Sequence[bool], head: int = 0) -> list[Name]:
    """The names in a text, each with its kind once.

    `found` are its mentions, `follows` tells of each whether the next is `chained` to it, and
    `head` is where the title ends. A name without a kind is that of the greatest unit that the text
    calls so.

    >>> from phusa.metadata.mentions import chained, mentions
    >>> text = "Phường An Lưu (thị xã Kinh Môn). Ở An Lưu."
    >>> found = mentions(text)
    >>> [(name.kind, name.name, name.count) for name in names(found, chained(text, found))]
    [('phường', 'an lưu', 2), ('thị xã', 'kinh môn', 1)]
    """
    kinds: dict[str, dict[str, int]] = {}
    for mention in found:
        if mention.kind is not None:
            of_name = kinds.setdefault(mention.name, {})
            of_name[mention.kind] = of_name.get(mention.kind, 0) + 1
    named: dict[tuple[str, str | None], Name] = {}
    for number, mention in enumerate(found):
        said = kinds.get(mention.name)
        kind = mention.kind or _usual_kind(mention.name, said)
        name = named.get((mention.name, kind))
        if name is None:
            name = named[mention.name, kind] = Name(mention.name, kind, mention)
        elif name.first.kind is None and mention.kind is not None:
            name.first = mention
        place = _place_weight(mention, head)
        if number and follows[number - 1] and _is_above(mention, found[number - 1]):
            place *= LOCATOR
        name.weight += _trust(mention, kind) * place
        name.said += place * (ASIDE if mention.aside else 1.0)
        name.count += 1
        name.titled |= mention.start < head
        name.former |= mention.former
        for far, other in enumerate(chain(found, follows, number)):
            name.beside.update((other.name, level) for level in levels(other))
            if not far:
                name.next.update((other.name, level) for level in levels(other))
    return list(named.values())


def chain(found: Sequence[Mention], follows: Sequence[bool], number: int) -> Iterator[Mention]:
    """The mentions right after one: `phường A, quận B, thành phố C`."""
    for after in range(number, min(number + MAX_CHAIN, len(found))):
        if not follows[after]:
            return
        yield found[after + 1]


def _usual_kind(name: str, said: Mapping[str, int] | None) -> str | None:
    """What a name without a kind is where the text says it with some: the greatest unit.

    `Bắc Ninh` is the province, whatever else the text says of `thành phố Bắc Ninh`.
    """
    if not said:
        return None
    if is_province(name):
        return "tỉnh" if "tỉnh" in said else None
    return min(said, key=lambda kind: (_ORDER[LEVELS[kind][-1]], -said[kind]))


def _trust(mention: Mention, kind: str | None) -> float:
    if mention.aside:
        return ASIDE
    if mention.kind is not None or (mention.heads and is_province(mention.name)):
        return 1.0
    return UNTYPED if kind is not None or is_province(mention.name) else WEAK


def _place_weight(mention: Mention, head: int) -> float:
    if mention.start < head:
        return TITLE_WEIGHT
    return HEAD_WEIGHT if mention.start < head + HEAD_CHARS else 1.0


def _is_above(mention: Mention, other: Mention) -> bool:
    """Whether a mention may be that of a unit in which another one lies."""
    above = LEVELS_ABOVE[levels(other)[-1]]
    return any(level in above for level in levels(mention))


def levels(name: Name | Mention) -> Sequence[str]:
    """The levels of the units that a name may be of."""
    if name.kind is not None:
        return LEVELS[name.kind]
    return ("province",) if is_province(name.name) else ("province", "district", "ward")
