"""When an article was published, and when it was changed, by its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import islice

from phusa import languages
from phusa.candidates import (
    CHANGE_DATE,
    URL_DATE,
    Candidate,
    finer,
    foremost,
    in_address,
    settle,
    standing,
)
from phusa.cues import LEAD_DATE, Cue, any_of, cue, lead_date, said_dates
from phusa.dates import (
    YEAR,
    DateFound,
    DayOrder,
    MonthFound,
    corpus_date,
    find_dates,
    find_months,
    is_future,
    last_day,
)
from phusa.facts import Published
from phusa.findings import EVERY_RULE, Rule, Selection

DATELINE = Rule(
    "MET101",
    "dateline",
    "The publication date, read from the article's dateline.",
    """The date stands on its own line beside the title, with the author, or right below the last
paragraph: `15/08/2025 10:11`. It is no more precise than what is there; noon and midnight to the
second are what content systems fill in and count as the day alone. Dates in menus, counters,
related news and prose are not looked at, nor those of licences, decrees and events.""",
)
CORPUS_DATE = Rule(
    "MET102",
    "corpus-date",
    "The publication date that a corpus put before the text.",
    """The text starts with `date 2024-02`: an earlier corpus noted when the document appeared. It
is taken where the page itself shows no dateline.""",
)
INFERRED_MONTH = Rule(
    "MET103",
    "inferred-month",
    "The month that an article must be of, by what it says is still to come.",
    """No date stands on the page, but the text tells of something that *will take place* in a month
that it names with its year. The article appeared before that, by all likelihood not long. The date
is marked as `inferred`; `not_after` is the last day before the event, where its day is told, else
the last of the month. Deadlines and plans (*until*, *by*) tell nothing.""",
)
RULES = (DATELINE, CORPUS_DATE, INFERRED_MONTH, LEAD_DATE, URL_DATE, CHANGE_DATE)

MIN_POINTS = 3
LABELLED = 4
"""Points of a date on a byline."""
STANDING = {"alone": 3, "short": 1, "prose": -3}
"""Points of a date on another line, by how it stands there."""
TIMED = 2
SAID: Mapping[Cue, int] = {"published": 3, "changed": 1, "either": 1, "other": -8, "": 0}
"""Points of a date by what is said of it: what is published goes before any clock."""
BEFORE_EVENT = -3
"""Points of a date that is before a day on which the first paragraph says something happened."""
MAX_LINE_CHARS = 200
MAX_EVENT_DAYS = 30
"""An event is told of within so many days; one further away is of another year."""
MAX_TO_EVENT = 60
MAX_SENTENCE_CHARS = 1_000
"""Of a sentence, as far as it is read."""
MAX_EVIDENCE_CHARS = 400
MAX_MONTHS = 8
"""Of the months to come in a text, so many different ones are tried."""
MAX_TO_MONTH = 40
"""Characters between `will take place` and the month it takes place in."""
MAX_MONTH_CHARS = 24
MAX_AFTER_MONTH = 4
"""Chinese says *before* behind the month."""
MAX_PROSE_CHARS = 100_000

_DAY = len("2024-05-01")
_HAS_YEAR = re.compile(YEAR)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_DAY_OF_MONTH = (
    r"(?<![\d/.,-])(?P<day>[0-9]{{1,2}})(?:\s?(?:[,–-]|[^\W\d_]{{1,3}})\s?[0-9]{{1,2}}){{0,5}}"
    r"\s?/\s?0?{}(?![\d/])"
)
"""`18/3`, `18, 19/3`: days of a month that is to be filled in."""


def dates(
    bylines: Sequence[str],
    beside: Sequence[str] = (),
    prose: Sequence[str] = (),
    order: DayOrder = "DMY",
    fetched_at: str | None = None,
    url: str | None = None,
    on: Selection = EVERY_RULE,
) -> tuple[Published | None, Published | None]:
    """When an article was published and when it was changed last; None for what is not known.

    `bylines` are its bylines, `beside` the other lines around its title and at its end that may
    hold a date, `prose` its paragraphs, which give bounds only; `order` is how dates of three
    numbers are read. The date with the most points is taken, of as many the first. A date after the
    day of the crawl (`fetched_at`, where it is ISO 8601) cannot be right. `url` is the address, and
    `on` are the rules that may tell a date.

    >>> dates(["Thứ Bảy, 07/03/2026", "07/03/2026   08:52 (GMT+07:00)"])[0].value
    '2026-03-07T08:52'
    >>> dates([], ["Giấy phép số 20/GP-TTĐT cấp ngày 12/3/2020"])
    (None, None)
    """
    lead = prose[0] if prose else ""
    events = _events(lead)
    found = [
        *(one for line in bylines for one in _on_line(line, order, labelled=True)),
        *(one for line in beside for one in _on_line(line, order, labelled=False)),
        *_in_lead(lead, order),
        *in_address(url),
    ]
    possible = [one for one in found if _is_possible(one.date, fetched_at, on)]
    corpora = filter(None, map(_corpus_date, bylines))
    known = next((date for date in corpora if _is_possible(date, fetched_at, on)), None)

    def best(found: Sequence[Candidate]) -> Published | None:
        best = foremost(found, lambda one: one.points + _by_events(one, events), MIN_POINTS)
        return best and finer(best, found)

    published, changed = settle(possible, best, known, on)
    if published is None and INFERRED_MONTH.code in on:
        published = _inferred(prose, order, fetched_at)
    return published, changed


def _is_possible(date: Published, fetched_at: str | None, on: Selection) -> bool:
    return date.rule in on and not is_future(date.value, fetched_at)


def _corpus_date(line: str) -> Published | None:
    corpus = corpus_date(line)
    return corpus and Published(*corpus[1:], line, CORPUS_DATE.code)


def _on_line(line: str, order: DayOrder, *, labelled: bool) -> Iterator[Candidate]:
    """The dates of a line, with the points they have by themselves."""
    if len(line) > MAX_LINE_CHARS or corpus_date(line) is not None:
        return
    dated = said_dates(line, order)
    for found, said in dated:
        points = LABELLED if labelled else STANDING[standing(line, found)]
        points += TIMED * found.timed + SAID[said]
        date = Published(found.value, found.precision, line, DATELINE.code)
        yield Candidate(date, points, said=said)
    if not dated:
        yield from _month_on_line(line)


def _month_on_line(line: str) -> Iterator[Candidate]:
    """The month of a line that says it is that of publication: `Ngày đăng: tháng 3/2020`."""
    for month in find_months(line):
        if cue(line, 0, month.start) == "published":
            date = Published(month.value, "month", line, DATELINE.code)
            yield Candidate(date, LABELLED, said="published")
            return


def _in_lead(lead: str, order: DayOrder) -> Iterator[Candidate]:
    found = lead_date(lead, order)
    if found is not None and len(lead) > MAX_LINE_CHARS // 2:
        date = Published(found.value, found.precision, lead[: found.end], LEAD_DATE.code)
        yield Candidate(date, MIN_POINTS)


def _by_events(one: Candidate, events: Sequence[tuple[int, int]]) -> int:
    return BEFORE_EVENT * any(_is_before(one.date.value, *day) for day in events)


def _events(lead: str) -> list[tuple[int, int]]:
    """Month and day of what the first paragraph starts with: `Ngày 21/6, Thị uỷ tổ chức …`.

    >>> _events("Ngày 21/6, Thị uỷ tổ chức hội nghị."), _events("Tỷ lệ 16/19 chỉ tiêu.")
    ([(6, 21)], [])
    """
    found = _on_day().search(lead, 0, MAX_TO_EVENT)
    return [(int(found["month"]), int(found["day"]))] if found is not None else []


def _is_before(value: str, month: int, day: int) -> bool:
    """Whether a date is some days before a day of its year."""
    if len(value) < len("2024-05-01"):
        return False
    try:
        days = (date(int(value[:4]), month, day) - date.fromisoformat(value[:10])).days
    except ValueError:
        return False
    return 0 < days <= MAX_EVENT_DAYS


def _inferred(prose: Sequence[str], order: DayOrder, fetched_at: str | None) -> Published | None:
    """The month before the end of which an article appeared, by what it says is to come.

    >>> prose = ["Đại hội sẽ diễn ra trong tháng 3/2020.", "Đại hội họp vào ngày 18/3 tới."]
    >>> found = _inferred(prose, "DMY", None)
    >>> found.value, found.not_after
    ('2020-03', '2020-03-17')
    >>> _inferred(["Tuyến đường sẽ hoàn thành trước tháng 12/2025."], "DMY", None)
    """
    dated = [paragraph for paragraph in prose if _HAS_YEAR.search(paragraph)]
    likely = [paragraph for paragraph in dated if _may_be_to_come(paragraph)]
    if not likely:
        return None
    sentences = list(_sentences(prose))
    tried: set[str] = set()
    for sentence in filter(_HAS_YEAR.search, _sentences(likely)):  # a month has its year
        for when in _to_come(sentence, order):
            if when in tried:
                continue
            tried.add(when)
            if len(tried) > MAX_MONTHS:
                return None
            last = _last_day(when, sentences)
            if not is_future(last[:7], fetched_at):
                evidence, code = sentence[:MAX_EVIDENCE_CHARS], INFERRED_MONTH.code
                return Published(last[:7], "month", evidence, code, inferred=True, not_after=last)
    return None


def _may_be_to_come(paragraph: str) -> bool:
    """Whether a paragraph has any of the words; far cheaper than where they stand as words."""
    small = paragraph.lower()
    return any(phrase in small for phrase in languages.dates().coming)


def _sentences(prose: Iterable[str]) -> Iterator[str]:
    left = MAX_PROSE_CHARS
    for paragraph in prose:
        left -= len(paragraph)
        if left < 0:
            return
        for sentence in _SENTENCE_END.split(paragraph):
            yield sentence[:MAX_SENTENCE_CHARS]


def _to_come(sentence: str, order: DayOrder) -> Iterator[str]:
    """The days and months when something will take place, where they are no end or start of a time.

    >>> list(_to_come("Lễ hội sẽ diễn ra vào ngày 2/9/2023.", "DMY"))
    ['2023-09-02']
    """
    for said in _coming().finditer(sentence):
        window = sentence[said.end() : said.end() + MAX_TO_MONTH + MAX_MONTH_CHARS]
        found: list[DateFound | MonthFound] = [*find_dates(window, order)[:1]]
        found += islice(find_months(window), 1)
        when = min(found, key=lambda one: one.start, default=None)
        if when is not None and not _until().search(window, 0, when.end + MAX_AFTER_MONTH):
            yield when.value[:_DAY]


def _last_day(when: str, sentences: Iterable[str]) -> str:
    """The day before a day, or before the first one of a month that lies ahead, else its last."""
    if len(when) == _DAY:
        return str(date.fromisoformat(when) - timedelta(1))
    first = date.fromisoformat(f"{when}-01")
    pattern = re.compile(_DAY_OF_MONTH.format(first.month))
    days = [
        int(found["day"])
        for sentence in sentences
        if _ahead().search(sentence)
        for found in pattern.finditer(sentence)
    ]
    try:
        return str(first.replace(day=min(days)) - timedelta(1))
    except ValueError:  # no days, or none of that month
        return last_day(when)


@cache
def _on_day() -> re.Pattern[str]:
    """A day and a month after a word such as `ngày`."""
    words = "|".join(map(re.escape, languages.dates().on_day))
    day = r"(?P<day>[0-9]{1,2})/(?P<month>1[0-2]|0?[1-9])(?![\d/.,-]\d|\d)"
    return re.compile(rf"(?<!\w)(?:{words})\s{day}", re.IGNORECASE)


@cache
def _coming() -> re.Pattern[str]:
    return re.compile(any_of(languages.dates().coming), re.IGNORECASE)


@cache
def _ahead() -> re.Pattern[str]:
    return re.compile(any_of(languages.dates().ahead), re.IGNORECASE)


@cache
def _until() -> re.Pattern[str]:
    return re.compile(any_of(languages.dates().until), re.IGNORECASE)
