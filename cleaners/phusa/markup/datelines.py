"""The dates that stand in the lines of a page, with what speaks for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from phusa.candidates import OWN_LETTERS, SHORT_LETTERS, Candidate, standing
from phusa.cues import LEAD_DATE, Cue, cue, cues, lead_date, said_dates
from phusa.dates import DateFound, DayOrder, find_date, find_short_date
from phusa.facts import Published
from phusa.findings import Rule
from phusa.markup.blocks import Time
from phusa.markup.stamps import OF_CHANGE, OF_PUBLICATION, read_stamp

TIME_DATE = Rule(
    "MET112",
    "time-date",
    "The publication date in a <time> element.",
    """The `datetime` of a `<time>`, beside the title before one further down. A `<time>` whose
class, or whose line, speaks of a change is the date of that change; one in comments, in related
news or in the foot of the page counts for little.""",
)
TITLE_DATE = Rule(
    "MET114",
    "title-date",
    "The publication date in a line beside the title.",
    """A full date in a short line around the title of an HTML page: alone, or with an author. The
words before it say whose it is: that of a change, of an event or of a licence is passed over, and
so is one of three numbers that could be read in two ways in the language of the page.""",
)
LINE_DATE = Rule(
    "MET116",
    "line-date",
    "The publication date in a line of the article away from the title.",
    """A full date in a short line, where nothing better is known: below a long head, above a post,
or at the end with words such as `Posted on`. Dates in menus, related news, comments and the foot of
the page count for little.""",
)
RULES = (TIME_DATE, TITLE_DATE, LINE_DATE)

LINES_BELOW = 8
LINES_ABOVE = 4
LINES_AFTER_FIRST = 2
LINES_AFTER_LAST = 8
PARAGRAPH_CHARS = 100
MAX_LINE_CHARS = 150
MIN_LIST = 3
"""Dated lines in a row, away from the head, are a list from so many on: related or latest news."""
MAX_CUE_CHARS = 40
"""A line above the date no longer than this may say what it is: `Published`."""

BESIDE, IN_HEAD, WITHIN, OUTSIDE = 4, 3, 1, 0
"""Points of dates by their line: beside the title, above the first paragraph, above the last."""
ASIDE, ASIDE_OF_TITLE = -4, -1
"""... in an element with related news, comments and the like that does not hold the title; beside
the title such names are often wrong."""
SAID_PUBLISHED, SAID_OTHER = 4, -8
TIMED = 1
NAMED = -1
"""A <time> says less by its class than a line by its words: templates give all of them the same."""

_WORD = re.compile(r"\w")


class Zones(NamedTuple):
    """Where things are among the lines of a page: the title, the first and the last paragraph."""

    title: int
    first: int
    last: int

    def points(self, number: int) -> int:
        """The points of a date by its line."""
        below = number - self.title
        if -LINES_ABOVE <= below <= LINES_BELOW:
            return BESIDE
        if below < 0 or number > self.last + LINES_AFTER_LAST:
            return OUTSIDE
        return IN_HEAD if number <= self.first + LINES_AFTER_FIRST else WITHIN


class _Dated(NamedTuple):
    """A date on a line and what is said before it."""

    found: DateFound
    said: Cue


def zones(lines: Sequence[str], title: int | None) -> Zones:
    """The zones of a page; without a title, it is taken to stand above the first paragraph.

    >>> zones(["Báo A", "Cầu mới", "1/5/2024", "Một câu dài. " * 9, "Liên hệ"], 1)
    Zones(title=1, first=3, last=3)
    """
    paragraphs = [i for i, line in enumerate(lines) if len(line) >= PARAGRAPH_CHARS]
    first = next((i for i in paragraphs if title is None or i > title), title or 0)
    last = max(paragraphs[-1], first) if paragraphs else first
    return Zones(max(first - 1, 0) if title is None else title, first, last)


def visible_dates(
    lines: Sequence[str],
    title: int | None,
    times: Iterable[Time] = (),
    order: DayOrder = "",
    is_aside: Callable[[int], bool] = lambda _: False,
) -> Iterator[Candidate]:
    """The dates that the lines of a page show, those below the title before those above it.

    `title` is the number of its line, `times` are the <time> elements, `order` is how the page
    writes dates (`day_order`), and `is_aside` tells lines that are not of the main content.

    >>> shown = visible_dates(["Báo A", "Cầu mới", "Thu Xuân", "1/5/2024 08:30"], 1, order="DMY")
    >>> [(one.date.value, one.points) for one in shown]
    [('2024-05-01T08:30', 5)]
    """
    zone = zones(lines, title)
    by_line: dict[int, list[Time]] = {}
    for time in times:
        by_line.setdefault(time.line, []).append(time)
    near = range(zone.title - LINES_ABOVE, zone.title + LINES_BELOW + 1)
    for number in (*range(zone.title, len(lines)), *range(min(zone.title, len(lines)))):
        line = lines[number]
        known = by_line.get(number, ())
        if "20" not in line and "19" not in line and not known and number not in near:
            continue  # most lines are passed over here
        place = zone.points(number)
        aside = None
        for one in _in_line(lines, number, zone, title, known, order):
            if place < BESIDE and _is_listed(one, lines, number):
                continue
            if aside is None:
                aside = is_aside(number)
            beside = place == BESIDE and one.source == "line"
            yield _placed(one, place, (ASIDE_OF_TITLE if beside else ASIDE) * aside)


def _is_listed(one: Candidate, lines: Sequence[str], number: int) -> bool:
    """Whether a date is on one of three dated lines in a row, each with a line between at most."""
    if one.said or one.source != "line":
        return False
    dated = 1
    for step in (-1, 1):
        at, other = number + step, 0
        while 0 <= at < len(lines) and other < 2 and dated < MIN_LIST:
            is_dated = len(lines[at]) <= MAX_LINE_CHARS and find_date(lines[at]) is not None
            dated, other = dated + is_dated, 0 if is_dated else other + 1
            at += step
    return dated >= MIN_LIST


def _placed(one: Candidate, place: int, aside: int) -> Candidate:
    """A candidate with the points of its place, and of what is said of it."""
    said = {"published": SAID_PUBLISHED, "other": SAID_OTHER}.get(one.said, 0)
    points = one.points + place + aside + said
    own = place == BESIDE or (one.said == "published" and points > 0)
    return Candidate(one.date, points, one.source, one.said, own)


def _in_line(
    lines: Sequence[str],
    number: int,
    zone: Zones,
    title: int | None,
    times: Iterable[Time],
    order: DayOrder,
) -> Iterator[Candidate]:
    """The dates of a line and of its <time> elements, with the points they have of themselves."""
    line = lines[number]
    beside = zone.points(number) == BESIDE
    dated: list[_Dated] = []
    lead = lead_date(line, order) if number == zone.first and number != title else None
    if lead is not None:
        yield Candidate(
            Published(lead.value, lead.precision, line[: lead.end], LEAD_DATE.code), 0, "line"
        )
    elif len(line) <= MAX_LINE_CHARS and number != title:
        dated = _dated(lines, number, order, beside)
    for time in times:
        read = read_stamp(time.stamp, order)
        if read is not None and len(read[0]) >= len("2024-05-01"):
            said = _said_of(time, read[0], dated, lines, number)
            date = Published(*read, time.stamp, TIME_DATE.code)
            yield Candidate(date, NAMED if said == "published" else TIMED, "time", said)
    rule = TITLE_DATE if beside else LINE_DATE
    for found, said in dated:
        if _is_stated(line, found, said):
            date = Published(found.value, found.precision, line, rule.code)
            own_time = found.timed and found.other_letters <= OWN_LETTERS
            yield Candidate(date, TIMED * own_time, "line", said)


def _is_stated(line: str, found: DateFound, said: Cue) -> bool:
    """Whether a date is stated on its line, and not told of in a sentence."""
    if said == "published":
        return True
    if said == "changed":
        return found.other_letters <= SHORT_LETTERS
    return standing(line, found) != "prose"


def _dated(lines: Sequence[str], number: int, order: DayOrder, beside: bool) -> list[_Dated]:
    """The dates of a line and what is said before each, on the line or alone on the one above."""
    line = lines[number]
    dated = [_Dated(*one) for one in said_dates(line, order)]
    if not dated and beside:
        short = find_short_date(line, order)
        if short is not None and short.other_letters <= OWN_LETTERS:
            dated = [_Dated(short, cues(line, [short])[0])]
    if dated and not dated[0].said and not _WORD.search(line, 0, dated[0].found.start):
        dated[0] = dated[0]._replace(said=_said_above(lines, number))
    return dated


def _said_above(lines: Sequence[str], number: int) -> Cue:
    """What the line above says of a date, if it says that it is one of the page."""
    above = lines[number - 1] if number else ""
    if len(above) > MAX_CUE_CHARS or any(map(str.isdigit, above)):
        return ""
    said = cue(above, 0, len(above))
    return "" if said == "other" else said


def _said_of(
    time: Time, value: str, dated: Sequence[_Dated], lines: Sequence[str], number: int
) -> Cue:
    """What is said of a <time>: by its class, else by the line before the same day."""
    names = time.names.lower()
    if OF_CHANGE.search(names):
        return "changed"
    for found, said in dated:
        if said and (found.value[:10] == value[:10] or len(dated) == 1):
            return said
    if OF_PUBLICATION.search(names):
        return "published"
    line = lines[number] if number < len(lines) else ""
    if dated or len(line) > MAX_LINE_CHARS:
        return ""
    return cue(line, 0, len(line)) or _said_above(lines, number)
