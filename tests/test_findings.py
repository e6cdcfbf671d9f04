"""The engine: edits over several steps, undone and traced."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phusa.findings import (
    Edit,
    Finding,
    Registry,
    Rule,
    Selection,
    Step,
    UndoError,
    apply,
    trace,
    undo,
)

TEXTS = st.text(max_size=60)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Step], str]:
    """A source, a log of up to five steps of arbitrary edits, and the text it ends in."""
    source = draw(TEXTS)
    text, log = source, []
    for _ in range(draw(st.integers(0, 5))):
        places = st.integers(0, len(text))
        spans = draw(st.lists(st.tuples(places, places).map(sorted), max_size=6))
        findings = [
            Finding("ENC001", start, end, "", draw(st.text(max_size=5))) for start, end in spans
        ]
        text, step = apply(text, findings)
        log.append(step)
    return source, log, text


@given(edited())
def test_undo_rebuilds_the_source(case: tuple[str, list[Step], str]) -> None:
    source, log, text = case
    assert undo(text, log) == source


@given(edited())
def test_steps_are_sorted_and_disjoint(case: tuple[str, list[Step], str]) -> None:
    for step in case[1]:
        assert all(a.end <= b.start for a, b in itertools.pairwise(step))


@given(edited())
def test_trace_points_into_the_source(case: tuple[str, list[Step], str]) -> None:
    source, log, text = case
    findings, to_source = trace(log)
    assert [f.rule for f in findings] == [edit.rule for step in log for edit in step]
    assert all(0 <= f.start <= f.end <= len(source) for f in findings)
    spans = [to_source.span(i, i + 1) for i in range(len(text))]
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert all(0 <= start <= end <= len(source) for start, end in spans)


@given(edited())
def test_untouched_characters_keep_their_place(case: tuple[str, list[Step], str]) -> None:
    """A source whose characters are all different shows where each one went."""
    source, log, _ = case
    unique = "".join(chr(0xF0000 + i) for i in range(len(source)))
    text = unique
    for step in log:
        pieces, done = [], 0
        for edit in step:
            pieces += [text[done : edit.start], edit.after]
            done = edit.end
        text = "".join([*pieces, text[done:]])
    _, to_source = trace(log)
    for i, char in enumerate(text):
        if ord(char) >= 0xF0000:
            at = ord(char) - 0xF0000
            if at < len(unique):
                assert to_source.span(i, i + 1) == (at, at + 1)


def test_first_repair_wins() -> None:
    findings = [Finding("ENC002", 2, 5, "", "b"), Finding("ENC001", 0, 3, "", "a")]
    assert apply("012345", findings)[0] == "a345"


def test_a_repair_that_changes_nothing_is_no_edit() -> None:
    assert apply("abc", [Finding("ENC001", 0, 1, "", "a")]) == ("abc", ())


def test_a_report_is_no_edit() -> None:
    assert apply("abc", [Finding("ENC001", 0, 1, "only said")]) == ("abc", ())


@pytest.mark.parametrize(
    "log",
    [
        [(Edit("ENC001", 0, "x", "y", ""),)],
        [(Edit("ENC001", 9, "x", "", ""),)],
        [(Edit("ENC001", 1, "x", "b", ""), Edit("ENC001", 0, "x", "a", ""))],
    ],
    ids=["other text", "past the end", "out of order"],
)
def test_undo_refuses_a_log_of_another_text(log: list[Step]) -> None:
    with pytest.raises(UndoError, match="ENC001"):
        undo("abc", log)


@pytest.mark.parametrize("code", ["CHR12", "chr112", "CHRR112", "CHR112\n", ""])
def test_codes_have_one_form(code: str) -> None:
    with pytest.raises(ValueError, match="three capitals"):
        Rule(code, "name", "summary", "docs")


def test_a_code_has_one_rule() -> None:
    rule = Rule("CHR112", "visitor-counter", "", "")
    with pytest.raises(ValueError, match="twice"):
        Registry([rule, Rule("CHR113", "visitor-counter", "", "")])


@pytest.mark.parametrize(
    ("select", "ignore", "code", "on"),
    [
        (("",), (), "CHR112", True),
        (("",), ("CHR",), "CHR112", False),
        (("CHR112",), ("CHR",), "CHR112", True),
        (("CHR",), ("CHR112",), "CHR112", False),
        (("CHR",), ("CHR",), "CHR112", False),
        ((), (), "CHR112", False),
        (("ENC",), (), "CHR112", False),
    ],
)
def test_selection(select: tuple[str, ...], ignore: tuple[str, ...], code: str, on: bool) -> None:
    assert (code in Selection(select, ignore)) is on
