"""Plots: valid SVG of nothing but shapes and texts, that says what the numbers say."""

import random
import re
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from phusa.release.plots import LENGTHS, YEARS, plots
from phusa.release.statistics import Statistics

SVG = "{http://www.w3.org/2000/svg}"
CHAR = 7.5
"""Pixels of a digit in a wide font, DejaVu Sans at 12."""


def counted(years: dict[int, int], lengths: dict[int, int] | None = None, **numbers) -> Statistics:
    statistics = Statistics(records=sum(years.values()), **numbers)
    statistics.years = Counter({f"{year}": n for year, n in years.items()})
    statistics.lengths = Counter({f"{1 << power}": n for power, n in (lengths or {}).items()})
    return statistics


def spread(first: int, last: int) -> dict[int, int]:
    rng = random.Random(first)
    return {year: rng.randrange(1, 90_000) for year in range(first, last + 1)}


CASES = {
    "few": counted({2020: 1, 2024: 2}, {8: 1, 12: 2}),
    "many years": counted(spread(1990, 2025), {power: 4**power for power in range(20)}),
    "more years than bars": counted(spread(1890, 2025), {0: 5, 24: 1}),
    "all years there can be": counted({0: 1, 9999: 1} | spread(1000, 2025)),
    "lonely years": counted({1071: 3, 9998: 2} | spread(1991, 2025)),
    "as many as can be": counted({2020: 2**53, 2021: 1}, {10: 2**53, 11: 1}),
}


def texts(svg: str) -> list[tuple[float, float, str, str]]:
    """Every text: left and right end in a wide font, its height, and what it says."""
    found = []
    for node in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        width, x = (
            CHAR * len(node.text) * float(node.get("font-size", 12)) / 12,
            float(node.get("x")),
        )
        left = x - width * {"start": 0, "middle": 0.5, "end": 1}[node.get("text-anchor", "start")]
        found.append((left, left + width, float(node.get("y")), node.text))
    return found


@pytest.mark.parametrize("statistics", CASES.values(), ids=CASES.keys())
def test_plots_are_small_valid_svg_for_all_readers(statistics):
    drawn = plots(statistics)
    assert drawn
    for svg in drawn.values():
        root = ElementTree.fromstring(svg)
        assert root.tag == f"{SVG}svg"
        assert {node.tag for node in root} == {
            f"{SVG}{n}" for n in ("title", "desc", "text", "path")
        }
        assert root.get("aria-labelledby") == "title desc"
        assert root.find(f"{SVG}title").text
        assert len(svg.encode()) < 6_000
        assert not re.search(r"nan|inf|e[+-]\d|\d\.\d\d", svg.replace("7.2", ""))
        assert not re.search(r"(?i)script|href|style=|url\(|http(?!://www\.w3\.org/2000/svg)", svg)


@pytest.mark.parametrize("statistics", CASES.values(), ids=CASES.keys())
def test_no_text_lies_on_another_or_outside(statistics):
    for svg in plots(statistics).values():
        rows: dict[float, list[tuple[float, float, str]]] = {}
        for left, right, y, text in texts(svg):
            assert left >= 0
            assert right <= 720, text
            rows.setdefault(y, []).append((left, right, text))
        for row in rows.values():
            for (_, right, one), (left, _, other) in pairwise(sorted(row)):
                assert right < left, (one, other)


@pytest.mark.parametrize("statistics", CASES.values(), ids=CASES.keys())
def test_every_article_is_in_a_bar(statistics):
    svg = plots(statistics)[YEARS]
    told = ElementTree.fromstring(svg).find(f"{SVG}desc").text
    rows = [int(n.replace(",", "")) for n in re.findall(r": ([\d,]+)[;.]", told)]
    assert sum(rows) == statistics.records
    assert svg.count("M", svg.index('fill="#')) >= 2


def test_bars_are_as_high_as_their_numbers():
    svg = plots(counted({2020: 100, 2021: 50, 2023: 1}))[YEARS]
    heights = [float(h) for h in re.findall(r"v-([\d.]+)h", svg)]
    assert heights == [154, 77, 1.5]
    assert "2022: 0;" in svg


def test_lonely_years_do_not_squeeze_the_others():
    told = plots(CASES["lonely years"])[YEARS]
    assert "&lt;1991: 3; 1991: " in told
    assert "≥2026: 2." in told
    assert "years a bar" not in told
    assert "year of publication, 5 years a bar" in plots(CASES["more years than bars"])[YEARS]


def test_what_is_unknown_is_told():
    assert "3 of 5 articles, where it is known" in plots(_with_records(5))[YEARS]
    assert "where it is known" not in plots(_with_records(3))[YEARS]


def _with_records(records: int) -> Statistics:
    statistics = counted({2020: 1, 2021: 2})
    statistics.records = records
    return statistics


def test_nothing_is_drawn_where_there_is_nothing_to_see():
    assert plots(Statistics()) == {}
    assert plots(counted({2020: 7}, {9: 7})) == {}
    assert list(plots(counted({}, {9: 7, 10: 1}))) == [LENGTHS]


def test_the_order_of_counting_does_not_show():
    statistics = CASES["lonely years"]
    backwards = counted({int(year): n for year, n in reversed(statistics.years.items())})
    assert plots(backwards) == plots(statistics)
