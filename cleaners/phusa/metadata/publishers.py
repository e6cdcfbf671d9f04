"""Who published a page, and which units of Vietnam the publisher belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from phusa import languages
from phusa.facts import Locality, Publisher
from phusa.findings import EVERY_RULE, Rule, Selection
from phusa.hosts import host
from phusa.metadata.locality import located
from phusa.metadata.mentions import chained, mentions
from phusa.metadata.names import names
from phusa.metadata.toponyms import meant
from phusa.places import Unit
from phusa.places.names import unmarked
from phusa.places.table import table

MASTHEAD = Rule(
    "MET123",
    "masthead-place",
    "The publisher's place, named in the masthead or footer of the page.",
    """`TRANG THÔNG TIN ĐIỆN TỬ XÃ QUANG THÀNH - THỊ XÃ KINH MÔN` in the lines that were taken out
as page chrome. It is where the publisher is, and says nothing of what the article is about.""",
)
HOST = Rule(
    "MET124",
    "host-place",
    "The publisher's place, named by the address of the site.",
    """`daksong.daknong.gov.vn`, `baohatinh.vn`: the name of a province, and of a district or ward
of it, among the labels of the host.""",
)
OF_PUBLISHER = Rule(
    "MET125",
    "place-of-publisher",
    "No place is named: the place of the local government that published the article.",
    """A ward's own page need not say which ward it is about. Only sites of local governments
are taken, and only where the text names no place and yet speaks of one: `UBND xã`, `toàn tỉnh`.
`--ignore MET125` leaves it out.""",
)
RULES = (MASTHEAD, HOST, OF_PUBLISHER)

MAX_LINE_CHARS = 200
MAX_LINES = 400
"""What is taken out of a page may be many times its article; a masthead is near its ends."""
MIN_LABEL_CHARS = 3
GOVERNMENT = ".gov.vn"
WARDS = ("xã", "phường", "thị trấn")


@dataclass(frozen=True, slots=True)
class Home:
    """The place of a publisher: the smallest unit it belongs to, and how that is told.

    `government` is true of the site of a local government.
    """

    unit: Unit
    locality: Locality
    government: bool


def home(
    addresses: Sequence[str | None],
    chrome: Sequence[str],
    day: str | None = None,
    on: Selection = EVERY_RULE,
) -> Home | None:
    """Where the publisher of a page is, None where nothing tells.

    `addresses` are those of its site, or names of hosts, `chrome` the lines that were taken out of
    the page, `day` is when the article was published, and `on` are the rules that may tell.

    >>> found = home(["http://daksong.daknong.gov.vn/a"], [], "2019-11-08")
    >>> found.unit.full_name, found.locality.rule, found.government
    ('Huyện Đắk Song', 'MET124', True)
    """
    named = _owner(chrome, day) if MASTHEAD.code in on else None
    found = None
    if named is not None:
        unit, as_named, line = named
        portal = bool(_cue("portal").match(line) or _cue("government").search(line))
        found = Home(unit, located(unit, as_named, line, MASTHEAD, day), portal)
    for address in filter(None, addresses) if HOST.code in on else ():
        site = host(address if "//" in address else f"//{address}")
        at = unit_of_host(site, day)
        if at is None:
            continue
        government = site.endswith(GOVERNMENT)
        # daksong.daknong.gov.vn tells more than `Cơ quan chủ quản: UBND tỉnh Đắk Nông`
        if found is None or _is_within(at, found.unit):
            found = Home(at, located(at, site, site, HOST, day), government)
        elif at == found.unit:
            found = replace(found, government=found.government or government)
    return found


def publisher(name: str | None, at: Home | None) -> Publisher | None:
    """Who published a page: what the page calls its site, else the unit whose site it is.

    >>> lines = ["TRANG THÔNG TIN ĐIỆN TỬ XÃ QUANG THÀNH - THỊ XÃ KINH MÔN"]
    >>> found = publisher(None, home([], lines, "2023-06-22"))
    >>> found.name, [above.code for above in found.locality.then]
    ('Xã Quang Thành', ['10705', '292', '30'])
    """
    if at is None:
        return Publisher(name) if name else None
    known = at.unit.full_name if at.government else at.locality.as_named
    return Publisher(name or known, at.locality)


def of_publisher(at: Home | None, text: str) -> Locality | None:
    """The place of a local government as that of an article that names none, else None.

    The text has to speak of it without its name (`UBND xã`, `toàn tỉnh`): sites of governments
    also carry what concerns no place.
    """
    if at is None or not at.government:
        return None
    kinds = {at.unit.kind, *(WARDS if at.unit.level == "district" else ())}
    if not re.search(rf"(?<!\w)(?:{'|'.join(sorted(kinds))})(?!\w| hội)", text, re.IGNORECASE):
        return None
    return replace(at.locality, rule=OF_PUBLISHER.code)


def unit_of_host(host: str, day: str | None = None) -> Unit | None:
    """The unit that a host is named after: a province, or a district or ward of one it also names.

    >>> unit_of_host("daksong.daknong.gov.vn", "2019-11-08").full_name
    'Huyện Đắk Song'
    >>> unit_of_host("baohatinh.vn").full_name, unit_of_host("vnexpress.net")
    ('Tỉnh Hà Tĩnh', None)
    """
    labels = list(filter(None, map(_plain_label, reversed(host.lower().split(".")))))
    if labels and host.endswith(GOVERNMENT):
        return _within_each_other(labels, day) or _only_one(labels[-1], day)
    return _within_each_other(labels, day)


def _only_one(label: str, day: str | None) -> Unit | None:
    """The unit of the label of a government's host, where but one had the name."""
    there = [unit for row in _rows_by_label()[label] if (unit := table()[row]).exists(day)]
    return there[-1] if len({unit.code for unit in there}) == 1 else None


def _within_each_other(labels: Sequence[str], day: str | None) -> Unit | None:
    """The last of units that lie in each other, the first of them a province."""
    found: Unit | None = None
    for label in labels:
        below = [
            unit
            for row in _rows_by_label().get(label, ())
            if (unit := table()[row]).exists(day) and _is_within(unit, found)
        ]
        greatest = min((len(unit.code) for unit in below), default=0)
        below = [unit for unit in below if len(unit.code) == greatest]
        if len({unit.code for unit in below}) == 1:
            found = below[-1]
    return found


def _is_within(unit: Unit, above: Unit | None) -> bool:
    if above is None:
        return unit.level == "province"
    return above.code in (unit.district, unit.province)


def _plain_label(label: str) -> str | None:
    """A label of a host without what says the kind of the site, if it can be a name."""
    aliases: dict[str, str] = languages.mentions()["mastheads"]["labels"]
    label = aliases.get(label, label).replace("-", "")
    if label in _rows_by_label():
        return label
    for prefix in languages.mentions()["mastheads"]["hosts"]:
        rest = label.removeprefix(prefix)
        if rest != label and rest in _rows_by_label():
            return rest
    return None


@cache
def _rows_by_label() -> Mapping[str, tuple[int, ...]]:
    """The rows of the table by their names as hosts have them: letters alone, without marks."""
    found: dict[str, list[int]] = {}
    for name, rows in table().rows_named.items():
        label = unmarked(name).replace(" ", "")
        if len(label) >= MIN_LABEL_CHARS and not label.isdecimal():
            found.setdefault(label, []).extend(rows)
    return {label: tuple(sorted(rows)) for label, rows in found.items()}


def _owner(chrome: Sequence[str], day: str | None) -> tuple[Unit, str, str] | None:
    """The unit that a masthead names as the owner of the site, as it is named, and the line."""
    lines = list(_ends(chrome))
    portals = [line for line in lines if _cue("portal").match(line)]
    for line in (*portals, *(line for line in lines if _cue("owner").match(line))):
        found = mentions(line)
        if not found or found[0].kind is None:
            continue
        address = [one for one in lines if _cue("address").match(one)]
        whole = "\n".join([line, *address])
        among = mentions(whole)
        for one in meant(names(among, chained(whole, among)), day):
            if (one.name.name, one.name.kind) == (found[0].name, found[0].kind):
                return one.unit, line[found[0].begins : found[0].end], line
    return None


def _ends(chrome: Sequence[str]) -> Iterator[str]:
    """The lines that may be a masthead: short ones, those of the foot of the page first."""
    for line in reversed(chrome[-MAX_LINES:]):
        if len(line) <= MAX_LINE_CHARS and not line.isspace():
            yield line.strip()


@cache
def _cue(kind: str) -> re.Pattern[str]:
    """How a line of a masthead begins, whatever signs stand between its words."""
    cues = languages.mentions()["mastheads"][kind]
    words = "|".join(re.escape(cue).replace(r"\ ", r"\W{1,3}") for cue in cues)
    return re.compile(rf"(?<!\w)\W{{0,8}}(?:{words})(?!\w)", re.IGNORECASE)
