"""Dates of articles: the case files, and dates written in every form that is read."""

from __future__ import annotations

import calendar
import datetime
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phusa import clean, languages
from phusa.cues import cue, cues, lead_date
from phusa.dates import find_date, find_dates, find_months, find_short_date
from phusa.findings import Selection
from phusa.metadata import dates
from phusa.pipeline import RULES
from phusa.recipe import Cleaning, Recipe

CASES = Path(__file__).parent / "cases" / "dates" / "articles"
PAGES = CASES.parent / "pages"


def load(folder: Path = CASES) -> list[Any]:
    """The cases as parameters, known failures marked."""
    found = []
    for path in sorted(folder.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            failing = pytest.mark.xfail(strict=True, reason=case.get("why", ""))
            marks = failing if case.get("expect") == "fail" else ()
            found.append(pytest.param(case, marks=marks, id=f"{path.stem}: {case['label']}"))
    return found


@pytest.mark.parametrize("case", load())
def test_article(case: dict[str, Any]) -> None:
    lines = (case.get(name, ()) for name in ("bylines", "beside", "prose"))
    rest = case.get("order", "DMY"), case.get("fetched_at"), case.get("url")
    on = Selection(ignore=tuple(case.get("ignore", ())))
    published, modified = dates.dates(*lines, *rest, on)
    short = published and [published.value, published.precision, published.rule]
    assert short == case["published"]
    assert (modified and modified.value) == case.get("modified")
    assert published is None or published.inferred == (published.rule in ("MET103", "MET105"))
    if "not_after" in case:
        assert published is not None
        assert published.not_after == case["not_after"]


@pytest.mark.parametrize("case", load(PAGES))
def test_page(case: dict[str, Any]) -> None:
    recipe = Recipe(clean=Cleaning(ignore=tuple(case.get("ignore", ()))))
    source, kind = case.get("text"), "text/plain"
    if source is None:
        source, kind = case["html"], "text/html"
    article = clean(source, url=case.get("url"), media_type=kind, recipe=recipe)
    published = article.published
    short = published and [published.value, published.precision, published.rule]
    assert short == case["published"]
    assert (article.modified and article.modified.value) == case.get("modified")


def test_every_rule_and_case() -> None:
    cases = [param.values[0] for param in load()]
    assert {case["published"][2] for case in cases if case["published"]} == {
        rule.code for rule in dates.RULES
    }
    assert all(case["source"] for case in cases)
    assert all(rule.code in RULES for rule in dates.RULES)


DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2049, 12, 31))
FORMS = {
    "en": ("{month} {day}, {year}", "{day} {month} {year}", "{day}th of {month} {year}"),
    "de": ("{day}. {month} {year}", "{weekday}, {day}. {month} {year}"),
    "fr": ("{day} {month} {year}", "le {weekday} {day} {month} {year}"),
    "es": ("{day} de {month} de {year}", "{weekday}, {day} de {month} del {year}"),
    "it": ("{day} {month} {year}", "{weekday} {day} {month} {year}"),
    "nl": ("{day} {month} {year}", "{weekday} {day} {month} {year}"),
    "pl": ("{day} {month} {year}", "{weekday}, {day} {month} {year} r."),
    "pt": ("{day} de {month} de {year}", "{weekday}, {day} de {month} de {year}"),
    "ru": ("{day} {month} {year} г.", "{weekday}, {day} {month} {year}"),
    "el": ("{day} {month} {year}", "{weekday} {day} {month} {year}"),
    "vi": ("ngày {day} {month} năm {year}", "{weekday}, {day} {month}, {year}"),
    "zh": ("{year}年{number}月{day}日", "{year} 年 {number} 月 {day} 日"),
}
NUMBERS = ("{day}/{number}/{year}", "{day}-{number}-{year}", "{day}.{number}.{year}",
           "{day:02}/{number:02}/{year}", "{year}-{number:02}-{day:02}",
           "{year}/{number}/{day}")  # fmt: skip
CLOCKS = ("", " {hour:02}:{minute:02}", " - {hour}:{minute:02}", " {hour:02}:{minute:02}:07")


def table(language: str) -> dict[str, Any]:
    return languages._table(language, "dates.toml")


@given(
    day=DAYS,
    language=st.sampled_from(sorted(FORMS)),
    form=st.integers(0, 20),
    name=st.integers(0, 1),
    clock=st.sampled_from(CLOCKS),
    hour=st.integers(1, 23),
    minute=st.integers(1, 59),
)
def test_a_date_that_was_written_is_read(
    day: datetime.date, language: str, form: int, name: int, clock: str, hour: int, minute: int
) -> None:
    forms = (*FORMS[language], *NUMBERS)
    words = table(language)
    names = words["months"][day.month - 1]
    weekdays = words["weekdays"]
    text = forms[form % len(forms)].format(
        day=day.day, number=day.month, year=day.year, weekday=weekdays[day.weekday()],
        month=names[0 if language == "vi" else name % len(names)],
    )  # fmt: skip
    text += clock.format(hour=hour, minute=minute)
    seconds = ":07" if clock.endswith(":07") else ""
    time_of_day = f"T{hour:02}:{minute:02}{seconds}" if clock else ""
    found = find_date(text)
    assert found is not None, text
    assert found.value == f"{day}{time_of_day}"


@given(st.sampled_from(sorted(FORMS)), st.integers(1, 12), st.integers(1990, 2049))
def test_a_month_that_was_written_is_read(language: str, month: int, year: int) -> None:
    name = table(language)["months"][month - 1][0]
    text = f"{year}年{month}月" if language == "zh" else f"{name} {year}"
    text = f"tháng {month}/{year}" if language == "vi" else text
    assert [found.value for found in find_months(text)] == [f"{year}-{month:02}"]


TEXTS = st.one_of(
    st.text(max_size=60),
    st.text("0123456789-/.:hgTZ+ ,|()–年月日ngàythánMaysẽ\x00\ud800", max_size=60),
    st.lists(
        st.sampled_from(
            """1 31 12 2020 1999 / - . : ngày tháng năm May März 5/3/2021 date 2024-02 năm sẽ tới
            diễn ra trong 3/2020 18/3 Cập nhật Updated Giấy phép 10:30 AM ( ) | –""".split()
        ),
        max_size=14,
    ).map(" ".join),
)
ISO = re.compile(
    r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)  # what the schema asks of a value


@given(
    bylines=st.lists(TEXTS, max_size=3),
    beside=st.lists(TEXTS, max_size=3),
    prose=st.lists(TEXTS, max_size=3),
    order=st.sampled_from(["DMY", "MDY", ""]),
    fetched_at=st.none() | DAYS.map(str) | TEXTS,
)
def test_any_lines_are_read(
    bylines: list[str], beside: list[str], prose: list[str], order: Any, fetched_at: str | None
) -> None:
    both = dates.dates(bylines, beside, prose, order, fetched_at)
    published, modified = both
    assert not (published and modified) or published.value[:10] <= modified.value[:10]
    for found in both:
        if found is None:
            continue
        assert ISO.fullmatch(found.value)
        parts = [int(part) for part in found.value[:10].split("-")]
        assert 1 <= [*parts, 1, 1][1] <= 12
        assert len(parts) < 3 or 1 <= parts[2] <= calendar.monthrange(*parts[:2])[1]
        assert found.inferred == bool(found.not_after)
        assert found.not_before is None
        if fetched_at and re.fullmatch(r"\d{4}-\d\d-\d\d", fetched_at) and "T" not in found.value:
            assert found.value <= fetched_at[: len(found.value)]


@given(TEXTS)
def test_any_text_is_scanned(text: str) -> None:
    for order in ("DMY", "MDY", ""):
        first = find_date(text, order)
        found = find_dates(text, order)
        assert (first and (first.start, first.value)) == (
            (found[0].start, found[0].value) if found else None
        )
        short = find_short_date(text, order)
        assert short is None or short.value[:2] in ("19", "20")
        lead_date(text, order)
        assert len(cues(text, found)) == len(found)
    assert cue(text, 0, len(text)) in ("published", "changed", "either", "other", "")


@pytest.mark.parametrize("piece", ["1/", "1.2.", "5 May ", "tháng 3/2020 ", "sẽ diễn ra ", "1, ",
                                   "2020-", "ngày 1/3 tới, ", "Updated ", "1/5/2024 - ", "11 ",
                                   "1/3 ", "08:30 1/5/2024 ", "sẽ diễn ra 3/2020. 1/3 tới. ",
                                   "Lễ hội sẽ diễn ra trong tháng 3/2020, ", "1 - 2 - ",
                                   "15 tháng tám ", "căn cứ 1/5/2024; ", "1/5/2024 4:30 p.m. ",
                                   "tháng mười ", "1/5/2024 cập nhật 9:00 "])  # fmt: skip
def test_long_lines_end(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    prose = ["Đại hội sẽ diễn ra trong tháng 3/2020 " + text[:90_000]]
    start = time.process_time()
    list(find_months(text))
    find_dates(text)
    find_date(text)
    for fetched_at in (None, "2019-01-01"):
        dates.dates([text], [text], [text], "DMY", fetched_at)
        dates.dates([], [], prose, "DMY", fetched_at)
        dates.dates([], [], [text[:90_000]], "DMY", fetched_at)
    assert time.process_time() - start < 3


def test_many_months_to_come_end() -> None:
    months = (f"{month}/{year}" for year in range(1990, 2090) for month in range(1, 13))
    prose = [f"Lễ hội sẽ diễn ra trong tháng {month}, ngày 1/3 tới." for month in months]
    start = time.process_time()
    assert dates.dates([], [], prose, "DMY", "1989-01-01") == (None, None)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("08:30 01/05/2024 | 09:00 03/05/2024", ["2024-05-01T08:30", "2024-05-03T09:00"]),
        ("01/05/2024 08:30 | 03/05/2024 09:00", ["2024-05-01T08:30", "2024-05-03T09:00"]),
        ("08:30 01/05/2024 | 03/05/2024 09:00", ["2024-05-01T08:30", "2024-05-03T09:00"]),
        ("08:30 01/05/2024 | 03/05/2024", ["2024-05-01T08:30", "2024-05-03"]),
        ("01/05/2024 | 03/05/2024 09:00", ["2024-05-01", "2024-05-03T09:00"]),
        ("01/05/2024 | 09:00 03/05/2024", ["2024-05-01", "2024-05-03T09:00"]),
        ("01/05/2024 08:30 | 03/05/2024", ["2024-05-01T08:30", "2024-05-03"]),
        ("01/05/2024 08:30, 09:00 03/05/2024", ["2024-05-01T08:30", "2024-05-03T09:00"]),
        (
            "01/05/2024 (Thứ Tư) 08:30 - 03/05/2024 (Thứ Sáu) 09:00",
            ["2024-05-01T08:30", "2024-05-03T09:00"],
        ),
        ("01/05/2024 GMT-05:00", ["2024-05-01"]),
        ("2024-05-01T00:00:00Z", ["2024-05-01"]),
        ("2024-05-01T00:00:00+07:00", ["2024-05-01"]),
        ("2024-05-01 12:00:00+07:00", ["2024-05-01"]),
        ("2024-05-01T12:00Z", ["2024-05-01T12:00Z"]),
    ],
)
def test_the_time_of_each_date(text: str, values: list[str]) -> None:
    assert [found.value for found in find_dates(text)] == values
    first = find_date(text)
    assert first is not None
    assert first.value == values[0]


def test_dates_of_whole_pages() -> None:
    body = "Cây cầu mới đã thông xe sau hai năm thi công, nối hai xã ở hai bờ sông. " * 4
    page = f"Cầu mới thông xe\n\nThu Xuân - 01/05/2024 08:30\n\n{body}\n\n{body}"
    article = clean(page)
    assert article.published is not None
    assert (article.published.value, article.modified) == ("2024-05-01T08:30", None)
    later = clean(page, fetched_at="2024-04-30T00:00:00Z")
    assert later.published is None


def test_a_change_is_not_before_the_publication() -> None:
    body = "The bridge opened today after two years of work on both banks of the river. " * 4
    head = '<head><meta property="article:modified_time" content="2024-05-01"></head>'
    html = f"<html lang=en-US>{head}<h1>Bridge opens</h1><p>Posted: 13/05/2024</p><p>{body}</p>"
    article = clean(html, media_type="text/html")
    assert article.published is not None
    assert (article.published.value, article.modified) == ("2024-05-13", None)


def test_the_order_of_the_language() -> None:
    english = "The new bridge over the river opened today after two years of work on both banks. "
    html = f"<h1>Bridge opens</h1><p>03/04/2024</p><p>{english * 3}</p>"
    found = {
        code: clean(f"<html lang={code}>{html}</html>", media_type="text/html").published
        for code in ("en", "en-US", "en-GB")
    }
    assert [date and date.value for date in found.values()] == [None, "2024-03-04", "2024-04-03"]
