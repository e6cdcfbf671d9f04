"""The screen before the repair: a stage that it holds back would have found nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phusa.page import Page, Signs, Stage
from phusa.pipeline import REPAIR
from phusa.repairs.screen import CHARS_AT_ONCE, Screen

CASES = sorted((Path(__file__).parent / "cases" / "repair").glob("*.json"))
TEXTS = [
    text
    for path in CASES
    for case in json.loads(path.read_text("utf-8"))
    for text in (case["input"], case["expected"])
]
SCREEN = Screen(REPAIR)

pieces = st.one_of(
    st.sampled_from([word for text in TEXTS for word in text.split(" ")]),
    st.text("aă\xad\u0301\u200b\xa0\t\r&^+(.?'ÃÂ¡»\x80\ufffdдΩÐ\ud800\U0010ffff", max_size=6),
    st.text(max_size=4),
)


def held_back(text: str) -> list[Stage]:
    verdicts = zip(REPAIR, SCREEN.suspects(text), strict=True)
    return [stage for stage, suspect in verdicts if not suspect]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    for case in json.loads(path.read_text("utf-8")):
        for text in (case["input"], case["expected"], *case["input"].split("\n")):
            for stage in held_back(text):
                assert list(stage.propose(Page(text))) == [], (stage.name, text)


@given(st.lists(pieces, max_size=30).map(" ".join))
def test_any_text(text: str) -> None:
    for stage in held_back(text):
        assert list(stage.propose(Page(text))) == [], stage.name


def test_half_of_a_pair_lets_all_stages_look() -> None:
    assert held_back("a\ud800b") == []


@pytest.mark.parametrize("before", range(-2, 2))
def test_what_lies_across_two_looks_is_seen(before: int) -> None:
    stage = Stage("double", (), lambda page: (), signs=(Signs("a", "b-c"),))
    start = "x" * (CHARS_AT_ONCE + before)
    assert Screen((stage,)).suspects(f"{start}ab{start}") == [True]
    assert Screen((stage,)).suspects(f"{start}ba{start}") == [False]
