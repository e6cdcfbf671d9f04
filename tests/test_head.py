"""What a page says about itself: the case files, and whatever else may stand in a head."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phusa import candidates, cues
from phusa.candidates import Candidate
from phusa.dates import find_date
from phusa.facts import Published
from phusa.markup import datelines, declared, linked_data
from phusa.markup.blocks import HeadStrings, Time, parse
from phusa.markup.datelines import visible_dates
from phusa.markup.dating import choose
from phusa.markup.head import Head, headings, read_head
from phusa.markup.reader import read
from phusa.markup.stamps import read_stamp
from phusa.markup.titles import best_title

CASES = Path(__file__).parent / "cases" / "head"


RULES = (*declared.RULES, *datelines.RULES, *candidates.RULES, *cues.RULES)


def load(name: str) -> list[Any]:
    """The cases of a file as parameters, known failures marked."""
    found = []
    for case in json.loads((CASES / f"{name}.json").read_text("utf-8")):
        failing = pytest.mark.xfail(strict=True, reason=case.get("why", ""))
        marks = failing if case.get("expect") == "fail" else ()
        found.append(pytest.param(case, marks=marks, id=ascii(case.get("label") or case["input"])))
    return found


def strings_of(case: dict[str, Any]) -> HeadStrings:
    strings = dict(case["strings"])
    strings["meta"] = tuple((key, content) for key, content in strings.get("meta", ()))
    scripts = strings.get("ld", ())
    strings["ld"] = tuple(ld if isinstance(ld, str) else json.dumps(ld) for ld in scripts)
    strings["items"] = tuple((key, value) for key, value in strings.get("items", ()))
    return HeadStrings(**strings)


def short(published: Published | None) -> list[str] | None:
    return [published.value, published.precision, published.rule] if published else None


@pytest.mark.parametrize("case", load("pages"))
def test_page(case: dict[str, Any]) -> None:
    headings = case.get("headings", ())
    found = read_head(strings_of(case), headings, case["url"], case.get("fetched_at"))
    got = asdict(found) | {"authors": list(found.authors)}
    got |= {"published": short(found.published), "modified": short(found.modified)}
    assert {name: got[name] for name in case["expected"]} == case["expected"]


@pytest.mark.parametrize("case", load("titles"))
def test_title(case: dict[str, Any]) -> None:
    assert best_title(case["headings"], case["declared"], case["names"]) == case["expected"]


@pytest.mark.parametrize("case", load("stamps"))
def test_stamp(case: dict[str, Any]) -> None:
    found = read_stamp(case["input"], case.get("order", ""))
    assert found == (case["value"] and (case["value"], case["precision"]))


@pytest.mark.parametrize("case", load("visible"))
def test_visible_date(case: dict[str, Any]) -> None:
    times = [Time(*time) for time in case.get("times", ())]
    aside = case.get("aside", ()).__contains__
    shown = visible_dates(case["lines"], case["title"], times, case.get("order", ""), aside)
    published, modified = choose(shown, case.get("fetched_at"))
    assert short(published) == case["expected"]
    assert short(modified) == case.get("modified", short(modified))


@pytest.mark.parametrize("case", load("whole"))
def test_date_of_a_whole_page(case: dict[str, Any]) -> None:
    found = read(case["html"], case.get("url"), case.get("fetched_at")).head
    assert short(found.published) == case["expected"]
    assert short(found.modified) == case.get("modified", short(found.modified))
    assert found.published is None or found.published.inferred == bool(found.published.not_after)
    if "not_after" in case:
        assert found.published is not None
        assert found.published.not_after == case["not_after"]


@pytest.mark.parametrize(
    ("head", "line", "chosen"),
    [
        (None, None, None),
        ("2024-05-01", None, "2024-05-01"),
        (None, "2024-05-01", "2024-05-01"),
        ("2024-05-01", "2024-05-03", "2024-05-01"),
        ("2024-05-01", "2023-04-03", "2023-04-03"),
        ("2024-05-01", "2013-04-03", "2024-05-01"),
        ("2024-05-01", "2024-05-01T08:30", "2024-05-01T08:30"),
        ("2024-05-01T08:30:00Z", "2024-05-01", "2024-05-01T08:30:00Z"),
        ("2024-05-01T23:30:00Z", "2024-05-02", "2024-05-01T23:30:00Z"),
        ("2024-05", "2024-05-03", "2024-05-03"),
        ("2024", "2025-05-03", "2024"),
        ("2024-05-01T02:00:00+07:00", "2024-04-30T19:00:00Z", "2024-05-01T02:00:00+07:00"),
    ],
)
def test_head_or_line(head: str | None, line: str | None, chosen: str | None) -> None:
    found = []
    if head:
        found.append(Candidate(Published(head, "day", head, "MET111"), 8, "head"))
    if line:
        date = Published(line, "day", line, "MET114")
        found.append(Candidate(date, datelines.BESIDE, "line", own=True))
    published, _ = choose(found)
    assert (published and published.value) == chosen


def test_the_address_knows_the_day_better_than_a_time_in_utc() -> None:
    meta = (("article:published_time", "2024-05-01T20:00:00Z"),)
    found = read_head(HeadStrings(meta=meta), [], "https://a.example/2024/05/02/cau-moi.html")
    assert short(found.published) == ["2024-05-02", "day", "MET113"]


def test_headings() -> None:
    page = parse(
        "<header><h1><a href=/><div>Báo A</div></a></h1></header><p>Menu</p>"
        "<h1>Cầu mới<br><small>thông xe</small></h1><h2>Sáng nay</h2><h1> </h1>"
    )
    assert headings(page) == [(0, "Báo A"), (2, "Cầu mới thông xe")]
    assert headings(parse("")) == []


def test_every_rule_has_a_case() -> None:
    cases = [param.values[0] for name in ("pages", "visible", "whole") for param in load(name)]
    dates_of = [case["expected"] for case in cases]
    found = [date.get("published") if isinstance(date, dict) else date for date in dates_of]
    shown = {date[2] for date in found if date}
    assert shown == {rule.code for rule in RULES}


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("3/4/2021", "DMY", "2021-04-03"),
        ("3/4/2021", "MDY", "2021-03-04"),
        ("14/4/2021", "MDY", None),
        ("3.4.2021", "", "2021-04-03"),
        ("3-4-2021", "", None),
        ("3/14/2021 8:05 PM", "", "2021-03-14T20:05"),
        ("2021-04-03", "MDY", "2021-04-03"),
        ("", "", None),
    ],
)
def test_order_of_numbers(text: str, order: Any, value: str | None) -> None:
    found = find_date(text, order)
    assert (found and found.value) == value


def test_the_bounds_of_json() -> None:
    deep = '{"mainEntity":' * 900 + "{}" + "}" * 900
    deeper = "[" * 200_000
    wide = json.dumps([{"@type": "Article", "datePublished": "2024-05-01"}] * 100_000)
    assert len(linked_data.nodes([deep])) == 901
    assert linked_data.nodes([deeper, "x" * 3_000_000, '{"@type": "Article"}']) == []
    assert linked_data.nodes(["[" + '{"a": 1},' * 100_000]) == []
    assert read_head(HeadStrings(ld=(wide,))) == Head()


def test_long_strings_end() -> None:
    long = " " * 300_000 + "| - " * 100_000
    meta = tuple((key, long) for key in ("og:title", "og:site_name", "author", "date", "og:locale"))
    assert read_head(HeadStrings(long, meta, (long,), long, (), long), [long], long) == Head()


KEYS = st.sampled_from(
    """og:title og:site_name og:locale author article:published_time date dc.date pubdate
    citation_author content-language og:url twitter:title uploaddate""".split()
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text("0123456789-/:TZ+. ,|»–ſİ\ud800\x00<>&;[]\"'", max_size=40),
    st.sampled_from(
        ["2024-05-01", "9999-12-31T23:59:59-12:00", "0001-01-01", "https://[x", "//[:"]
    ),
)
PROPERTIES = st.sampled_from(
    """@type @id @graph mainEntity mainEntityOfPage headline name url author publisher inLanguage
    datePublished dateCreated uploadDate""".split()
)
TYPES = st.sampled_from(
    ["Article", "WebPage", "WebSite", "BlogPosting", "http://schema.org/Person"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | TYPES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PROPERTIES, inner, max_size=6),
    max_leaves=24,
)


@given(
    strings=st.builds(
        HeadStrings,
        items=st.lists(st.tuples(KEYS, TEXTS), max_size=3).map(tuple),
        title=TEXTS,
        meta=st.lists(st.tuples(KEYS, TEXTS), max_size=6).map(tuple),
        ld=st.lists(JSON.map(json.dumps) | TEXTS, max_size=3).map(tuple),
        language=st.none() | TEXTS,
        canonical=st.none() | TEXTS,
    ),
    headings=st.lists(TEXTS, max_size=3),
    url=st.none() | TEXTS,
    fetched_at=st.none() | TEXTS,
)
def test_any_head_is_read(
    strings: HeadStrings, headings: list[str], url: str | None, fetched_at: str | None
) -> None:
    found = read_head(strings, headings, url, fetched_at)
    assert found == read_head(strings, headings, url, fetched_at)
    assert all(found.authors)
    assert found.title is None or found.title.strip()


@given(
    lines=st.lists(TEXTS, min_size=1, max_size=9),
    title=st.integers(0, 8),
    times=st.lists(st.builds(Time, st.integers(0, 9), TEXTS, TEXTS), max_size=4),
    order=st.sampled_from(["DMY", "MDY", ""]),
    fetched_at=st.none() | TEXTS,
)
def test_any_lines_are_searched(
    lines: list[str], title: int, times: list[Any], order: Any, fetched_at: str | None
) -> None:
    shown = visible_dates(lines, title % len(lines), times, order)
    published, modified = choose(shown, fetched_at)
    for found in (published, modified):
        assert found is None or found.value[:2] in ("19", "20")
        assert found is None or found.inferred == bool(found.not_after)
    assert not (published and modified) or published.value[:10] <= modified.value[:10]


@given(st.text("0123456789-/.:TZ+ ſepMay年月日٢", max_size=30) | TEXTS)
def test_any_stamp_is_read(text: str) -> None:
    for order in ("DMY", "MDY", ""):
        found = read_stamp(text, order)
        assert found is None or len(found[0]) >= len("2024")
