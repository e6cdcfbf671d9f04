"""When an article was published."""

from __future__ import annotations

import re
from collections.abc import Sequence

from phusa.bylines import corpus_date, find_date
from phusa.facts import Published
from phusa.findings import Rule

DATELINE = Rule(
    "MET101",
    "dateline",
    "The publication date, read from the article's dateline.",
    """The date stands on its own line beside the title, or with the author: `15/08/2025 10:11`.
It is no more precise than what is there; noon and midnight to the second are what content systems
fill in and count as the day alone. Dates in menus, counters, related news and
prose are not looked at.""",
)
CORPUS_DATE = Rule(
    "MET102",
    "corpus-date",
    "The publication date that a corpus put before the text.",
    """The text starts with `date 2024-02`: an earlier corpus noted when the document appeared. It
is taken where the page itself shows no dateline.""",
)
RULES = (DATELINE, CORPUS_DATE)

_ISO_DAY = re.compile(r"[12]\d{3}-[01]\d-[0-3]\d")


def published(bylines: Sequence[str], fetched_at: str | None = None) -> Published | None:
    """The publication date on the bylines of an article, or None.

    A date with a clock time goes before one without, then the earlier line. A date after the day of
    the crawl (`fetched_at`, where it is ISO 8601) cannot be right.

    >>> published(["Thứ Bảy, 07/03/2026", "07/03/2026   08:52 (GMT+07:00)"]).value
    '2026-03-07T08:52'
    """
    best: Published | None = None
    for line in bylines:
        corpus = corpus_date(line)
        if corpus is not None:
            _, value, precision = corpus
            found = Published(value, precision, line, CORPUS_DATE.code)
        else:
            date = find_date(line)
            if date is None:
                continue
            found = Published(date.value, date.precision, line, DATELINE.code)
        if fetched_at and _ISO_DAY.match(fetched_at) and found.value[:10] > fetched_at[:10]:
            continue
        if best is None or _rank(found) > _rank(best):
            best = found
    return best


def _rank(found: Published) -> tuple[bool, int]:
    return found.rule == DATELINE.code, len(found.value)
