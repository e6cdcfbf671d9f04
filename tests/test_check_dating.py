"""Stated dates: against one another, today and the address."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phusa.checking.dating import MAX_DAYS_OFF, days_of, stated_dates

CASES = json.loads((Path(__file__).parent / "cases/check/dates.json").read_text("utf-8"))
TODAY = date(2025, 6, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["values"])[:60])
def test_dates(case: dict[str, Any]) -> None:
    found = stated_dates(case["values"], case["url"], date.fromisoformat(case["today"]))
    assert [[at, finding.rule, finding.message] for at, finding in found] == case["found"]


@pytest.mark.parametrize("off", range(-MAX_DAYS_OFF - 2, MAX_DAYS_OFF + 3))
def test_days_off_the_address(off: int) -> None:
    day = date(2024, 5, 17) + timedelta(off)
    found = list(stated_dates({"/date": day.isoformat()}, "https://a.example/2024/05/17/", TODAY))
    assert [finding.rule for _, finding in found] == ["MET203"] * (abs(off) > MAX_DAYS_OFF)


@given(st.text(max_size=30) | st.datetimes().map(str) | st.dates().map(str))
def test_any_value(value: str) -> None:
    """Whatever is stated, the check ends, and says at most one thing of each date."""
    values = {"/fetched_at": value, "/published": value, "/modified/value": value}
    found = [pointer for pointer, _ in stated_dates(values, f"https://a.example/{value}/", TODAY)]
    assert len(found) == len(set(found))
    days = days_of(value)
    assert days is None or 1 <= days.first <= days.last
