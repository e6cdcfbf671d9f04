"""The case files: what each rule must find, and what it must leave alone.

A case that is known to fail says so (`"expect": "fail"`, and `why`); should it pass,
the test fails.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from phusa import bylines, dates
from phusa.chrome.labeller import PageLabeller
from phusa.chrome.rules import RULES as CHROME
from phusa.chrome.shapes import shape
from phusa.findings import Selection
from phusa.page import Page
from phusa.pipeline import REPAIR, repair

CASES = Path(__file__).parent / "cases"


def load(folder: str) -> list[Any]:
    """The cases of a folder as parameters, known failures marked."""
    found = []
    for path in sorted((CASES / folder).glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            failing = pytest.mark.xfail(strict=True, reason=case.get("why", ""))
            marks = failing if case.get("expect") == "fail" else ()
            name = case.get("label") or case.get("line") or case["input"]
            found.append(pytest.param(case, marks=marks, id=f"{path.stem}: {name[:40]!a}"))
    return found


@pytest.mark.parametrize("case", load("lines"))
def test_line(case: dict[str, Any]) -> None:
    assert shape(case["line"].strip()).rule == case["rule"]


@pytest.mark.parametrize("case", load("pages"))
def test_page(case: dict[str, Any]) -> None:
    page = Page("\n".join(text for _, text in case["lines"]))
    lines = page.lines()
    found = [found.rule or found.kind.value for found in PageLabeller()(page, lines)]
    assert found == [expected for expected, text in case["lines"] if text]


@pytest.mark.parametrize("case", load("repair"))
def test_repair(case: dict[str, Any]) -> None:
    log: list[Any] = []
    page, flags = repair(Page(case["input"]), Selection(), log)
    assert page.text == case["expected"]
    found = {edit.rule for step in log for edit in step} | {flag.rule for flag in flags}
    assert sorted(found) == case["rules"]


@pytest.mark.parametrize("case", load("dates"))
def test_date(case: dict[str, Any]) -> None:
    found = dates.find_date(case["input"])
    assert (found and found.value, found and found.precision) == (case["value"], case["precision"])


@pytest.mark.parametrize("case", load("bylines"))
def test_byline(case: dict[str, Any]) -> None:
    assert bylines.names(case["input"]) == case["names"]
    assert bylines.is_byline(case["input"]) is case["byline"]


def test_every_rule_has_cases() -> None:
    """Chrome and repair rules have a positive case; every line family a negative one."""
    params = [param.values[0] for folder in ("lines", "pages", "repair") for param in load(folder)]
    shown = {case.get("rule") for case in params}
    shown |= {code for case in params for code in case.get("rules", ())}
    shown |= {kind for case in params for kind, _ in case.get("lines", ())}
    wanted = {rule.code for rule in CHROME} | {
        rule.code for stage in REPAIR for rule in stage.rules
    }
    assert sorted(wanted - shown) == []


def test_every_case_has_a_source() -> None:
    folders = ("lines", "pages", "repair", "dates", "bylines")
    assert all(param.values[0]["source"] for folder in folders for param in load(folder))
