"""The dates that a page declares: in its head, in the items of its body, and in its address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from phusa.candidates import Candidate, in_address
from phusa.cues import Cue
from phusa.dates import DayOrder
from phusa.facts import Published
from phusa.findings import Rule
from phusa.markup import linked_data
from phusa.markup.linked_data import Node
from phusa.markup.stamps import OF_CHANGE, OF_PUBLICATION, read_stamp

LINKED_DATE = Rule(
    "MET110",
    "json-ld-date",
    "The publication date in the page's JSON-LD.",
    """`datePublished` of the node that speaks of the page itself (an article, a posting, a report,
else the page), not of a teaser, a comment or a review on it; `uploadDate` and `dateCreated` where
it has no other. The day is the one stated, in the time zone it is stated in. `dateModified` is the
date of the last change, never that of publication.""",
)
META_DATE = Rule(
    "MET111",
    "meta-date",
    "The publication date in the page's meta tags.",
    """`article:published_time`, `datePublished`, `DC.date.issued`, `pubdate` and their like, before
tags that only say `date`. What speaks of events, of the site or of the copyright is not read.""",
)
ITEM_DATE = Rule(
    "MET115",
    "item-date",
    "The publication date in an element of the body that is marked up as one.",
    """An element with `itemprop="datePublished"` or `property="schema:datePublished"`: its
`content`, its `datetime`, or its text. Pages mark up the dates of teasers as well, so it counts for
less than the head, and for nothing where there are many of different days.""",
)
RULES = (LINKED_DATE, META_DATE, ITEM_DATE)

PUBLISHED, DATED, IN_ITEM = 8, 3, 4
"""Points of dates that say to be of publication, that only say `date`, and of other places."""
MAX_ITEM_DAYS = 2
"""Items of more days are a list."""

_OTHER_DATE = re.compile(
    "last|publisher|unpublish|expir|copyright|comment|meeting|event|valid"
    "|birth|death|build|start|end[-_]?date"
)


class _Kind(NamedTuple):
    """A kind of declared dates: names in JSON-LD, in meta tags and items, points, what it says."""

    properties: tuple[str, ...]
    keys: re.Pattern[str]
    points: int
    said: Cue


_CHANGED = _Kind(("dateModified",), OF_CHANGE, PUBLISHED, "changed")
_KINDS = (
    _Kind(("datePublished",), OF_PUBLICATION, PUBLISHED, "published"),
    _Kind(
        ("uploadDate", "dateCreated"),
        re.compile(r"(?:^|[:._-])(?:date|created|date[-_:.]?created|upload[-_:.]?date)$"),
        DATED,
        "",
    ),
    _CHANGED,
)


def declared_dates(
    meta: Mapping[str, Sequence[str]],
    own: Sequence[Node],
    items: Sequence[tuple[str, str]],
    url: str | None,
    order: DayOrder,
) -> Iterator[Candidate]:
    """All dates that a page declares, each kind before the next one.

    `meta` are its meta tags, `own` the nodes of its JSON-LD that speak of it, `items` the dates in
    its body that are marked up; `order` is how it writes dates (`day_order`).

    >>> meta = {"article:modified_time": ["2024-05-03"], "date": ["May 1, 2024"]}
    >>> [(one.date.value, one.said) for one in declared_dates(meta, [], [], None, "")]
    [('2024-05-01', ''), ('2024-05-03', 'changed')]
    """
    for kind in _KINDS:
        for node in own:
            for name in kind.properties:
                for stamp in linked_data.texts(node.get(name)):
                    yield from _candidate(LINKED_DATE, name, stamp, kind, order)
        for key in _keys(meta, kind):
            stamp = " ".join(meta[key][0].split())
            yield from _candidate(META_DATE, key, stamp, kind, order)
        marked = [(key, value) for key, value in items if any(_keys((key,), kind))]
        found = [one for item in marked for one in _candidate(ITEM_DATE, *item, kind, order)]
        if len({one.date.value[:10] for one in found}) <= MAX_ITEM_DAYS:
            yield from found
    yield from in_address(url)


def _keys(keys: Iterable[str], kind: _Kind) -> Iterator[str]:
    for key in keys:
        if not kind.keys.search(key):
            continue
        if kind is _CHANGED:
            if not _OTHER_DATE.search(key.replace("last", "")):
                yield key
        elif not _OTHER_DATE.search(key) and not _CHANGED.keys.search(key):
            yield key


def _candidate(
    rule: Rule, name: str, stamp: str, kind: _Kind, order: DayOrder
) -> Iterator[Candidate]:
    read = read_stamp(stamp, order)
    if read is not None:
        date = Published(*read, f"{name}: {stamp}", rule.code)
        if rule is ITEM_DATE:
            yield Candidate(date, min(kind.points, IN_ITEM), "item", kind.said)
        else:
            alone = rule is LINKED_DATE
            yield Candidate(date, kind.points, "head", kind.said, dates_page=alone)
