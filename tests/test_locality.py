"""Where an article is about: real sentences, every ward of a draw, and whatever a page may hold."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phusa.article import Whereabouts, whereabouts
from phusa.facts import Locality
from phusa.findings import Selection
from phusa.metadata.locality import locality
from phusa.metadata.mentions import chained, mentions
from phusa.page import RawDocument
from phusa.places import Unit, parents, today_of
from phusa.places.names import fold
from phusa.places.table import table

CASES = Path(__file__).parent / "cases" / "places" / "vi.json"
DAYS = (
    *("2016-06-10", "2019-05-10", "2020-06-18", "2023-03-01"),
    *("2025-03-01", "2025-09-01", "2026-10-01"),
)
DRAWN = 400
SHORT = {
    "phường": "P.",
    "xã": "X.",
    "thị trấn": "TT.",
    "thị xã": "TX.",
    "thành phố": "TP.",
    "quận": "Q.",
    "huyện": "H.",
    "tỉnh": "T.",
}
FILLER = (
    "Sáng nay, hội nghị sơ kết công tác sáu tháng đầu năm đã diễn ra trong không khí phấn khởi. "
    "Các đại biểu thảo luận về phát triển kinh tế, an sinh xã hội và cải cách hành chính."
)
WHOLE = (
    "UBND {ward}, {above} vừa tổ chức hội nghị.",
    "Tại {short}, {above_short}, người dân phấn khởi đón năm mới.",
    "Lãnh đạo {ward} ({above}) cho biết kết quả rất khả quan.",
    "{Ward} thuộc {above} đã hoàn thành các tiêu chí đề ra.",
    "Đảng bộ {ward}, {next} họp phiên thường kỳ.",
    "Tại {next} có mưa lớn. {Ward} bị ngập sâu.",
    "Nước lên nhanh ở {ward}. Theo UBND {next}, chưa có thiệt hại về người.",
    "Cử tri {ward}, {above_bare} nêu nhiều kiến nghị.",
)
"""A ward with all that it lies in, or the next of it; the last phrase has bare names above."""
ALONE = (
    "UBND {ward} vừa tổ chức hội nghị.",
    "Người dân {ward} phấn khởi. {Ward} nay đã đổi thay.",
    "Công an {short} bắt giữ hai đối tượng trộm cắp.",
)
PHRASES: tuple[tuple[str, list[str]], ...] = (
    (
        "UBND phường An Lưu, thị xã Kinh Môn, Hải Dương",
        ["phường an lưu", "thị xã kinh môn", "hải dương"],
    ),
    ("Bình Chánh lên quận", ["bình chánh"]),
    ("TP.HCM", ["thành phố hcm"]),
    (
        "ba phường An Lưu, Hiệp An và Long Xuyên cũ",
        ["phường an lưu", "phường hiệp an", "phường long xuyên"],
    ),
    ("các xã: Cẩm Duệ, Cẩm Mỹ, Cẩm Quan", ["xã cẩm duệ", "xã cẩm mỹ", "xã cẩm quan"]),
    (
        "P. Kỳ Phương, TX. Kỳ Anh, T. Hà Tĩnh",
        ["phường kỳ phương", "thị xã kỳ anh", "tỉnh hà tĩnh"],
    ),
    ("Thị uỷ Kinh Môn, Thị ủy Kỳ Anh", ["thị xã kinh môn", "thị xã kỳ anh"]),
    ("Đăk Song và Qui Nhơn", ["đắk song", "quy nhơn"]),
    ("Tân An", ["tân an"]),
)
"""Phrases, and the kinds and names that are found in them."""
NO_PLACES = (
    "chiến khu Trần Hưng Đạo",
    "Khu kinh tế Vũng Áng",
    "Tây Sơn Thượng đạo",
    "Khởi nghĩa nông dân Tây Sơn",
    "Ngọc Hồi-Đống Đa (1789-2023)",
    "Chủ tịch UBND phường",
    "Nguyễn Văn Tân ở Pháp",
    "Tân An",
)
SNIPPETS = (
    *"phường xã quận huyện tỉnh các P. Q. TX. TP. Thị ủy HĐND cũ và , ; : ( ) - – . \n".split(" "),
    *"An Lưu|Kinh Môn|Hải Dương|Tân An|Hồ Chí Minh|TP.HCM|An|12|Bà Rịa - Vũng Tàu|İ".split("|"),
)


def at(
    text: str,
    day: str | None,
    *,
    title: str | None = None,
    url: str | None = None,
    chrome: tuple[str, ...] = (),
) -> Whereabouts:
    document = RawDocument("t", "", url=url)
    day = day and day[:10]
    return whereabouts(document, title, [text], "vi", day, None, chrome, Selection())


def load() -> list[Any]:
    found = []
    for case in json.loads(CASES.read_text("utf-8")):
        failing = pytest.mark.xfail(strict=True, reason=case.get("why", ""))
        marks = failing if case.get("expect") == "fail" else ()
        found.append(pytest.param(case, marks=marks, id=case["label"]))
    return found


def codes(found: Locality) -> list[str | None]:
    return [unit.code for unit in found.then]


@pytest.mark.parametrize("case", load())
def test_place(case: dict[str, Any]) -> None:
    chrome = tuple(case.get("chrome", ()))
    found = at(case["text"], case["published"], title=case["title"], url=case["url"], chrome=chrome)
    place, expected = found.locality, case["expected"]
    got = place and {
        "precision": place.precision,
        "then": codes(place),
        "rule": place.rule,
        "now": [unit.code for unit in place.now],
        "as_named": place.as_named,
    }
    if got and expected:
        got = {name: got[name] for name in expected}
    assert got == expected
    if "publisher" in case:
        of = found.publisher
        at_home = of.locality if of else None
        told = {"name": of and of.name, "then": at_home and codes(at_home)}
        told["rule"] = at_home and at_home.rule
        assert told == {"rule": told["rule"]} | case["publisher"]


def test_cases_are_many_and_sourced() -> None:
    cases = [param.values[0] for param in load()]
    assert len(cases) >= 200
    assert sum(case["expected"] is None for case in cases) >= 60
    assert all(case["source"] for case in cases)
    assert len({case["label"] for case in cases}) == len(cases)


@pytest.mark.parametrize(("text", "expected"), PHRASES, ids=[text for text, _ in PHRASES])
def test_phrase(text: str, expected: list[str]) -> None:
    found = mentions(text)
    assert [" ".join(filter(None, (one.kind, one.name))) for one in found] == expected


@pytest.mark.parametrize("text", NO_PLACES)
def test_no_place(text: str) -> None:
    assert locality(text, f"{text}. {text}.", "2020-06-18") is None


@given(st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=8), max_size=40).map(" ".join))
def test_mentions_lie_in_order_inside_the_text(text: str) -> None:
    found = mentions(text)
    ends = [0, *(one.end for one in found)]
    for one, before in zip(found, ends[:-1], strict=True):
        assert before <= one.begins <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip() == text[one.start : one.end]
    assert len(chained(text, found)) == len(found)


@given(
    st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=8), max_size=40).map(" ".join),
    st.sampled_from([None, "2018", "2020-06", "2025-08-15"]),
)
def test_any_text_has_a_place_or_none(text: str, day: str | None) -> None:
    found = locality(text[:20], text, day)
    if found is not None:
        assert found.precision == found.then[0].level
        assert found.as_named in f"{text[:20]}\n{text}"
        assert found.as_named in found.evidence
        assert found.now


@pytest.mark.parametrize(
    ("piece", "each"),
    [("phường An Lưu, ", 1), ("Xã Xã Xã ", 0), ("7", 0), ("các xã A B, ", 0), ("An Lưu-", 1)],
)
def test_a_megabyte_of_one_line(piece: str, each: int) -> None:
    """All of it is looked through, and what is found in each piece is found in all of them."""
    times = 1_000_000 // len(piece)
    assert len(mentions(piece * times)) == each * times


def test_places_of_a_megabyte() -> None:
    found = locality(None, "phường An Lưu, " * 60_000, "2020-06-18")
    assert found is not None
    assert codes(found)[0] == "10675"


def test_day_of_a_page_that_tells_none() -> None:
    """It is the one on which the page was fetched, which sources give to the second."""
    document = RawDocument("t", "", fetched_at="2025-08-15T10:11:00+07:00")
    found = whereabouts(
        document, "Phường Kinh Môn", ["Tại phường Kinh Môn."], "vi", None, None, (), Selection()
    ).locality
    assert found is not None
    assert codes(found) == ["10675", "31"]


def test_order_of_calls_does_not_matter() -> None:
    cases = [param.values[0] for param in load()]

    def answers(of: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            case["label"]: at(case["text"], case["published"], title=case["title"]) for case in of
        }

    shuffled = random.Random(5).sample(cases, len(cases))
    assert answers(cases) == answers(shuffled)


def small(unit: Unit) -> str:
    return f"{unit.kind} {unit.name}"


def short(unit: Unit) -> str:
    return f"{SHORT[unit.kind]} {unit.name}" if unit.kind in SHORT else unit.full_name


def told(phrase: str, ward: Unit, above: list[Unit]) -> str:
    """A phrase about a ward and the units above it, in a small article."""

    def joined(written: Callable[[Unit], str]) -> str:
        return ", ".join(map(written, above))

    text = phrase.format(
        ward=small(ward),
        Ward=ward.full_name,
        short=short(ward),
        next=small(above[0]),
        above=joined(small),
        above_short=joined(short),
        above_bare=joined(lambda unit: unit.name),
    )
    return f"{text} {FILLER}"


@cache
def drawn(day: str) -> tuple[Unit, ...]:
    """Wards of a day, also those of which the register does not know whether they still were."""
    wards = [unit for unit in table() if unit.level == "ward" and unit.exists(day)]
    return tuple(random.Random(f"wards of {day}").sample(wards, DRAWN))


def truths(ward: Unit, day: str) -> list[tuple[list[str], list[tuple[str, bool]]]]:
    """Codes then and now that are right: those of the ward, or of what took its name in a bracket.

    Lists tell of single days. Between two of them a ward may have got another district or code
    and kept its name, and nobody can tell on which day.
    """
    same = [
        unit
        for unit in (table()[row] for row in table().rows_named[fold(ward.name)])
        if unit.level == "ward" and unit.kind == ward.kind and unit.exists(day)
    ]
    near = [unit for unit in same if ward.code == unit.code or ward.district == unit.district]
    return [
        (
            [unit.code, *(one.code for one in parents(unit, day))],
            [(one.unit.code, one.part) for one in today_of(unit)],
        )
        for unit in near
    ]


def answers_of(day: str, phrases: tuple[str, ...]) -> Iterator[tuple[bool, Locality | None]]:
    """Of each drawn ward in each phrase: whether then and now are right, and the answer."""
    for ward in drawn(day):
        right = truths(ward, day)
        for phrase in phrases:
            found = locality(None, told(phrase, ward, parents(ward, day)), day)
            now = [(unit.code or "", unit.part) for unit in found.now] if found else []
            yield found is not None and (codes(found), now) in right, found


@pytest.mark.parametrize("day", DAYS)
def test_drawn_wards_with_their_district_or_province(day: str) -> None:
    right = [is_right for is_right, _ in answers_of(day, WHOLE)]
    assert sum(right) / len(right) >= 0.97


@pytest.mark.parametrize("day", DAYS)
def test_drawn_wards_alone(day: str) -> None:
    """No answer, or the right one."""
    wrong = [bool(found) and not is_right for is_right, found in answers_of(day, ALONE)]
    assert sum(wrong) / len(wrong) <= 0.01


def test_addresses_of_before_told_years_later() -> None:
    """What an old ward became, or a unit that holds it; never another of its name."""
    answers = wrong = 0
    for ward in drawn("2020-06-18"):
        became = {one.unit.code for one in today_of(ward)}
        for phrase in WHOLE[:4]:
            found = locality(None, told(phrase, ward, parents(ward)), "2026-08-01")
            answers += found is not None
            wrong += found is not None and not became.issuperset(codes(found))
    assert answers >= 3 * DRAWN
    assert wrong <= 0.01 * answers


SENTENCES = tuple(
    f"{name} họp."
    for name in (
        *(
            "Phường An Lưu",
            "Phường Kinh Môn",
            "Thị trấn Kinh Môn",
            "Phường Hiệp An",
            "Huyện Kinh Môn",
        ),
        *("Thị xã Kinh Môn", "Tỉnh Hải Dương", "Thành phố Hải Phòng", "Phường An Phú", "Bình Định"),
    )
)
"""Units of one code and of several times, which lay in different ones."""


@pytest.mark.parametrize("day", [None, "2019-09-01", "2025-03-01", "2025-08-15"])
def test_units_of_one_code_and_of_several_times(day: str | None) -> None:
    rng = random.Random(1)
    told_once = locality(None, "Phường Kinh Môn họp. Phường An Lưu họp. Phường Kinh Môn họp.", day)
    assert told_once is not None
    for _ in range(1_500):
        text = " ".join(rng.choices(SENTENCES, k=rng.randint(2, 8)))
        found = locality(None, text, day)
        assert found is None or found.then
