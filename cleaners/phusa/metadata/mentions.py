"""Mentions of administrative units of Vietnam in a text: names, and what kind of unit is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from phusa import languages
from phusa.places.matcher import Hit, Matcher, blanked
from phusa.places.names import fold, spellings
from phusa.places.table import LEVELS, table

BEFORE_CHARS = 28
"""How far before a name its kind, and what else it may be the name of, is looked for."""
MAX_WORDS, MAX_WORD_CHARS = 3, 12
RESIDENCE_CHARS = 60
DASHES, DASH_CHARS = ("-", "–", "—"), 3
MAX_GAP_CHARS = 80
"""Between members of a list there may be one that is no unit we know."""
CHAIN_CHARS = 24
"""Between a unit and the one it lies in: `phường An Lưu (nay thuộc TX. Kinh Môn)`."""

_WORD = re.compile(r"\w+")
_UNKNOWN_MEMBER = re.compile(r"\([^()]{0,80}\)|[^\W\d_a-zà-ỹ]\w*")
"""In the gap of a list: what stands in brackets, and words with a capital."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at the characters `start` to `end` of a text.

    `name` is folded; `kind` what the text calls it (`thị xã`), None where it does not say, and
    `begins` where the kind begins. `former` tells that the text calls the unit a former one,
    `aside` that it only says where somebody lives or comes from, and `heads` that a line opens with
    it as with a heading: `Quảng Bình: …`, `(Quảng Bình) - …`.
    """

    start: int
    end: int
    begins: int
    name: str
    kind: str | None
    former: bool = False
    aside: bool = False
    heads: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """The words around names, ready to be looked up."""

    kinds: Mapping[str, str]
    short: frozenset[str]
    plural: frozenset[str]
    joins: frozenset[str]
    within: frozenset[str]
    former: tuple[str, ...]
    other: frozenset[str]
    opening: frozenset[str]
    surnames: frozenset[str]
    amounts: frozenset[str]


def mentions(text: str) -> list[Mention]:
    """The units that a text in NFC may name, in its order.

    Names without a kind are left out where they are those of persons, roads, events and bodies, or
    a part of a longer name.

    >>> text = "Các phường: Tây Sơn, An Phú của TX. An Khê. Khởi nghĩa Tây Sơn, ông Hà Nam."
    >>> [(found.kind, found.name) for found in mentions(text)]
    [('phường', 'tây sơn'), ('phường', 'an phú'), ('thị xã', 'an khê')]
    """
    small = blanked(text)
    hits = _matcher().hits(text, small)
    starts = {hit.start for hit in hits}
    found: list[Mention] = []
    listed: Mention | None = None  # the last member of a list that may go on
    other = -1  # where the last name of something else ends
    for hit in hits:
        said = _kind_before(text, small, hit.start)
        kind, begins, plural = said or (None, hit.start, False)
        if kind is None and listed is not None and _goes_on(text, listed.end, hit.start):
            kind, plural = listed.kind, True
        if hit.value.isdecimal() and (kind is None or _is_amount(text, small, hit.end)):
            continue
        if _is_longer(text, small, hit, starts, typed=kind is not None):
            continue
        if kind is None and (
            _is_other(text, small, hit, found) or _is_between(text, other, hit.start)
        ):
            other = hit.end
            continue
        former = _is_former(small, hit.end)
        aside = _is_residence(text, small, begins)
        heads = _is_heading(text, hit)
        mention = Mention(hit.start, hit.end, begins, hit.value, kind, former, aside, heads)
        found.append(mention)
        if plural:
            listed = mention
    return found


def chained(text: str, found: Sequence[Mention]) -> list[bool]:
    """For each mention whether the next one is named right after it, as the unit it lies in may be.

    >>> text = "Phường An Lưu (Thị xã Kinh Môn, Hải Dương). Đà Nẵng"
    >>> chained(text, mentions(text))
    [True, True, False, False]
    """
    return [_is_chain(text[a.end : b.begins]) for a, b in pairwise(found)] + [False] * bool(found)


def _is_chain(gap: str) -> bool:
    if len(gap) > CHAIN_CHARS or any(sign in gap for sign in ".;\n:)"):
        return False
    return _words().within.issuperset(_WORD.findall(gap.lower()))


def _is_between(text: str, other: int, start: int) -> bool:
    """Whether a name goes on with a dash from something else: `cao tốc Hà Nội - Hải Phòng`."""
    return other >= 0 and start - other <= DASH_CHARS and text[other:start].strip() in DASHES


def _is_amount(text: str, small: str, end: int) -> bool:
    """Whether a number goes on or counts something: `phường 65,47 tỷ đồng`, `phường 5 năm qua`."""
    if text[end : end + 1] in (",", ".", "%", "/", "-") and text[end + 1 : end + 2].isdecimal():
        return True
    after = small[end : end + 12].split()
    return text[end : end + 1] == "%" or (bool(after) and after[0] in _words().amounts)


def _kind_before(text: str, small: str, start: int) -> tuple[str, int, bool] | None:
    """The kind that stands before a name, where it begins, and whether it is said of several."""
    words = _words()
    before = small[max(start - BEFORE_CHARS, 0) : start].rstrip(" ")
    end = start - BEFORE_CHARS + len(before) if start > BEFORE_CHARS else len(before)
    last = before.rfind(" ") + 1
    two = before.rfind(" ", 0, max(last - 1, 0)) + 1
    for first in (two, last):
        kind = words.kinds.get(before[first:])
        if kind is not None:
            break
    else:
        return None
    begins = end - len(before) + first
    signs = text[end:start].replace(" ", "").replace("\xa0", "")
    if before[first:] in words.short:
        if signs not in ("", ".") or not text[begins].isupper():
            return None
        if len(before) - first == 1 and signs != "." and not text[start].isdecimal():
            return None
    elif signs.strip(":“\"'‘-–"):
        return None
    ahead = _words_before(text, small, begins)[-1:]
    plural = bool(ahead) and (ahead[0] in words.plural or ahead[0].isdecimal())
    return kind, begins, plural


def _words_before(text: str, small: str, at: int) -> list[str]:
    """Up to three words right before a place in a text, with nothing but blanks between."""
    if text[at - 1 : at] not in (" ", "\xa0", "-") or not at:
        return []
    found: list[str] = []
    end = at - 1
    while len(found) < MAX_WORDS and end > 0:
        start = small.rfind(" ", max(end - MAX_WORD_CHARS, 0), end) + 1
        if start == end or (start == 0 and end > MAX_WORD_CHARS):
            break
        found.insert(0, small[start:end])
        if text[start - 1 : start] not in (" ", "\xa0"):
            break
        end = start - 1
    return found


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether a list goes on from one name to the next: commas, an `and`, unknown members."""
    gap = text[end:start]
    if len(gap) > MAX_GAP_CHARS or "\n" in gap or "." in gap:
        return False
    rest = _WORD.findall(_UNKNOWN_MEMBER.sub(" ", gap).lower())
    return bool(gap.strip()) and all(word in _words().joins for word in rest)


def _is_longer(text: str, small: str, hit: Hit[str], starts: set[int], *, typed: bool) -> bool:
    """Whether a name goes on after a hit, so that it is another name."""
    after = hit.end + 1
    if typed and text[hit.start : hit.end].isupper():
        return False  # a title in capitals
    if text[hit.end : after] not in (" ", "-") or not text[after : after + 1].isupper():
        return False
    if text[hit.end] == "-":
        return after not in starts
    if after in starts:
        return False
    nexts = small[after : after + 16].split(" ")
    words = _words()
    if nexts[0] in words.kinds or " ".join(nexts[:2]) in words.kinds:
        return False
    return not (typed and nexts[0] in words.surnames)


def _is_other(text: str, small: str, hit: Hit[str], found: Sequence[Mention]) -> bool:
    """Whether a name without a kind is that of something else than an administrative unit."""
    words = _words()
    if " " not in hit.value and not is_province(hit.value):
        return True
    ahead = _words_before(text, small, hit.start)
    if not ahead:
        return False
    if any(" ".join(ahead[-n:]) in words.other for n in range(1, MAX_WORDS + 1)):
        return True
    word = text[hit.start - 1 - len(ahead[-1]) : hit.start - 1]
    if word[0].islower() or (word.isupper() and len(word) > 1 and not _is_capitals(text, hit)):
        return False  # `ở Hà Tĩnh`, `CSGT Hà Tĩnh`
    if found and found[-1].end == hit.start - 1:
        return False
    return ahead[-1] not in words.opening and " ".join(ahead[-2:]) not in words.opening


def _is_capitals(text: str, hit: Hit[str]) -> bool:
    return text[hit.start : hit.end].isupper()


def _is_heading(text: str, hit: Hit[str]) -> bool:
    before = text[max(hit.start - 2, 0) : hit.start]
    opens = not before or before.endswith("\n") or before in ("(", "\n(")
    return opens and text[hit.end : hit.end + 3].startswith((":", ") -", ") –", ")-", " - ", " – "))


def _is_residence(text: str, small: str, begins: int) -> bool:
    """Whether a place is that of a person: `(SN 2003, trú tại xã A, huyện B)`."""
    start = max(begins - RESIDENCE_CHARS, 0)
    for match in _residences().finditer(small, start, begins):
        if not any(sign in text[match.end() : begins] for sign in ".\n;"):
            return True
    return False


@cache
def _residences() -> re.Pattern[str]:
    words = "|".join(sorted(languages.mentions()["words"]["residence"], key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def _is_former(small: str, end: int) -> bool:
    after = small[end : end + 12].lstrip(" ")
    return any(after.startswith(f"{word} ") or after == word for word in _words().former)


def is_province(name: str) -> bool:
    """Whether a folded name is that of a province of any time."""
    return name in _provinces()


@cache
def _provinces() -> frozenset[str]:
    units = table()
    codes = enumerate(units.columns.code)
    rows = {row for row, code in codes if LEVELS[len(code)] == "province"}
    return frozenset(name for name, named in units.rows_named.items() if not rows.isdisjoint(named))


@cache
def _matcher() -> Matcher[str]:
    """Finds the names of all units of all times, however they are spelled."""
    return Matcher(dict(_patterns()))


def _patterns() -> Iterator[tuple[str, str]]:
    """Spellings of names as a text may have them, and the folded names."""
    for name in table().rows_named:
        yield from ((spelling, name) for spelling in spellings(name))
        if name.isdecimal():
            yield f"0{name}", name
    for raw in dict.fromkeys(table().columns.name):
        signed = blanked(raw)
        if "  " in signed:  # Bà Rịa - Vũng Tàu
            yield signed, fold(raw)


@cache
def _words() -> _Words:
    around, kinds = languages.mentions(), languages.places()["kinds"]
    words, bodies = around["words"], around["bodies"]
    short = {blanked(form): kind for kind, forms in kinds.items() for form in forms}
    said = {**bodies, **{kind: kind for kind in kinds}}
    return _Words(
        short | {form: kind for body, kind in said.items() for form in spellings(body)},
        frozenset(short),
        frozenset(words["plural"]),
        frozenset(words["joins"]),
        frozenset(words["within"]),
        tuple(words["former"]),
        frozenset(words["other"]),
        frozenset(words["opening"]),
        frozenset(words["surnames"]),
        frozenset(words["amounts"]),
    )
