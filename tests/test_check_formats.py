"""The formats of `phusa check`: readers parse them whatever pages, keys and file names hold."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from phusa.checking.formats import FORMATS, render, statistics
from phusa.checking.formats.spans import end_column, underlined
from phusa.checking.problem import in_text
from phusa.findings import Finding
from phusa.release.markdown import visible
from problems import (
    ALL,
    BATCHES,
    FIXABLE,
    IN_A_ROW,
    OF_A_PAGE,
    ON_A_PAGE,
    RULES,
    TEXTS,
    hostile,
    shown,
    told,
)

# --- all formats ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
@given(problems=BATCHES)
@settings(max_examples=60)
def test_nothing_in_it_is_obeyed_by_a_terminal(name, problems):
    assert set(filter(lambda char: not char.isprintable(), shown(problems, name))) <= {"\n"}


@pytest.mark.parametrize("name", ["concise", "jsonl", "github"])
@given(problems=BATCHES)
@settings(max_examples=60)
def test_a_problem_is_a_line(name, problems):
    output = shown(problems, name)
    assert len(output.splitlines()) == output.count("\n") == len(problems)


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_written_as_it_comes(name):
    """A JUnit report counts the failures of a file before it names them; nothing else waits."""
    taken = []

    def found():
        for path in "abc":
            taken.append(path)
            yield replace(OF_A_PAGE, path=path, message=f"no title in {path}")

    pieces = render(found(), name, RULES)
    assert any("no title in a" in piece for piece in pieces)
    assert taken == (["a", "b"] if name == "junit" else ["a"])


@pytest.mark.parametrize("name", FORMATS)
def test_colours_are_for_people(name):
    plain = shown(ALL, name)
    coloured = shown(ALL, name, colour=lambda text, fg: f"\x1b[{len(fg)}m{text}\x1b[0m")
    assert (plain != coloured) == (name in {"full", "concise"})
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_a_format_or_a_rule_that_is_not_there():
    with pytest.raises(KeyError):
        shown(ALL, "xml")
    for name in FORMATS.keys() - {"concise"}:
        with pytest.raises(KeyError):
            shown([replace(OF_A_PAGE, rule="XXX001")], name)


# --- for people ----------------------------------------------------------------------------------


def test_full():
    assert shown([OF_A_PAGE, FIXABLE, IN_A_ROW], "full") == (
        "tin/a.txt:1:1: QUA104 no title\n"
        "help: An article without a title. See `phusa rule QUA104`.\n"
        "\n"
        "tin/a.txt:7:5: QUA106 [*] filler: Lorem\n"
        "7 | Tin Lorem ipsum\n"
        "  |     ^^^^^\n"
        "help: Text that stands where text should be. See `phusa rule QUA106`.\n"
        "\n"
        "b.jsonl:3:1: QUA106 /title: filler: Lorem\n"
        "3 | Lorem ipsum\n"
        "  | ^^^^^\n"
        "help: Text that stands where text should be. See `phusa rule QUA106`.\n"
        "\n"
    )


def test_concise():
    hostile_name = replace(ON_A_PAGE, path="a\n::error::\x1b[31m.txt", message="x\ty\u202e")
    assert shown([FIXABLE, IN_A_ROW, hostile_name], "concise") == (
        "tin/a.txt:7:5: QUA106 [*] filler: Lorem\n"
        "b.jsonl:3:1: QUA106 /title: filler: Lorem\n"
        "a\\n::error::\\u001b[31m.txt:12:5: QUA106 x\\ty\\u202e\n"
    )


@pytest.mark.parametrize(
    ("excerpt", "marked", "line", "carets"),
    [
        ("Tin mới", "mới", "Tin mới", "    ^^^"),
        ("日本 Lorem", "Lorem", "日本 Lorem", "     ^^^^^"),
        ("日本", "本", "日本", "  ^^"),
        ("mo\u031b\u0301i x", "x", "mo\u031b\u0301i x", "    ^"),
        ("mo\u031b\u0301i", "\u0301", "mo\u031b\u0301i", " ^"),
        ("\u0301x", "\u0301", "\u0301x", "^"),
        ("😀 x", "x", "😀 x", "   ^"),
        ("👍🏽 x", "👍🏽", "👍🏽 x", "^^"),
        ("\x1b[1mx", "x", "\\u001b[1mx", "         ^"),
        ("a\tb", "\t", "a\\tb", " ^^"),
        ("a\xa0b", "\xa0", "a\\u00a0b", " ^^^^^^"),
        ("a\ufeffb", "b", "a\\ufeffb", "       ^"),
        ("Tin", "", "Tin", "^"),
    ],
)
def test_carets_stand_under_what_is_meant(excerpt, marked, line, carets):
    at = excerpt.index(marked)
    assert underlined(excerpt, (at, at + len(marked))) == (line, carets)


def test_carets_behind_the_end():
    assert underlined("Tin", (3, 3)) == ("Tin", "   ^")


@given(hostile())
def test_carets_stay_under_the_line(problem):
    line, carets = underlined(problem.excerpt, problem.mark)
    assert re.fullmatch(r" *\^+", carets)
    assert len(carets) <= cell_len(line) + 1


@given(BATCHES)
@settings(max_examples=60)
def test_full_has_two_or_four_lines_for_each(problems):
    """And one that is empty, behind."""
    lines = sum(5 if problem.excerpt else 3 for problem in problems)
    assert len(shown(problems, "full").split("\n")) == lines + 1


def test_statistics():
    counts = {"QUA105": 9, "QUA106": 12, "QUA104": 9}
    assert "".join(statistics(counts, RULES)).splitlines() == [
        "12  QUA106  placeholder-text",
        " 9  QUA104  no-title",
        " 9  QUA105  cut-off",
    ]
    assert list(statistics({}, RULES)) == []


@given(TEXTS, st.data())
def test_columns_are_those_of_the_text(text, data):
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    ((_, problem),) = in_text([Finding("QUA106", start, end, "here")], text, "a.txt")
    last = end_column(problem)
    line = text.split("\n")[problem.line - 1]
    if last is not None:
        assert line[problem.column - 1 : last - 1] == text[start:end]
    elif end > start:
        assert "\n" in text[start:end] or text[start:end] != text[start:end].rstrip()


# --- JSON ----------------------------------------------------------------------------------------


@given(BATCHES)
@settings(max_examples=60)
def test_json_says_everything(problems):
    rows = json.loads(shown(problems, "json"))
    assert rows == [json.loads(line) for line in shown(problems, "jsonl").splitlines()]
    assert len(rows) == len(problems)
    for row, problem in zip(rows, problems, strict=True):
        for field in ("line", "column", "rule", "start", "end", "fixable", "fingerprint"):
            assert row[field] == getattr(problem, field)
        for field in ("path", "message", "excerpt"):
            assert row[field] == told(getattr(problem, field))
        assert row["pointer"] == (None if problem.pointer is None else told(problem.pointer))
        assert row["name"] == RULES[problem.rule].name
        assert row["excerpt"][slice(*row["mark"])] == told(problem.excerpt[slice(*problem.mark)])


def test_a_repair_is_not_in_it():
    """It may hold what was found, and so personal data."""
    assert "0912" not in shown([replace(FIXABLE, replacement="0912 345 678")], "json")


def test_json_of_nothing():
    assert shown([], "json") == "[]\n"
    assert shown([], "jsonl") == ""


# --- GitHub --------------------------------------------------------------------------------------


def command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner of GitHub Actions takes it apart."""
    form = re.fullmatch(r"::(?P<name>[a-z-]+)(?: (?P<stated>[^:]*))?::(?P<message>.*)", line)
    assert form
    properties = {}
    for pair in filter(None, (form["stated"] or "").strip().split(",")):
        name, value = pair.split("=", 1)
        properties[name] = unescaped(value, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","})
    return form["name"], properties, unescaped(form["message"], {"%0D": "\r", "%0A": "\n"})


def unescaped(text: str, escapes: dict[str, str]) -> str:
    for escape, char in escapes.items():
        text = text.replace(escape, char)
    return text.replace("%25", "%")


def received(text: str) -> str:
    """What comes of a text: only ends of lines have escapes that the runner takes back."""
    return "".join(char if char in "\r\n" else visible(char) for char in text)


@given(hostile())
def test_github_reads_back_what_was_meant(problem):
    name, properties, message = command(shown([problem], "github").removesuffix("\n"))
    assert name == "error"
    assert properties["file"] == received(problem.path)
    assert properties["title"] == f"{problem.rule} {RULES[problem.rule].name}"
    assert message == received(str(problem))
    stated = {
        key: int(properties[key]) for key in ("line", "col", "endColumn") if key in properties
    }
    columns = {"line": problem.line, "col": problem.column}
    end = end_column(problem)
    assert stated == (columns if end is None else columns | {"endColumn": end})


def test_a_page_gives_the_runner_no_command():
    bad = replace(ON_A_PAGE, path="a,title=x\n::group::x.txt", message="%0A::debug::x\n")
    assert shown([bad], "github") == (
        "::error file=a%2Ctitle=x%0A%3A%3Agroup%3A%3Ax.txt,line=12,col=5,endColumn=10,"
        "title=QUA106 placeholder-text::"
        "a,title=x%0A::group::x.txt:12:5: QUA106 %250A::debug::x%0A\n"
    )


# --- JUnit ---------------------------------------------------------------------------------------


@given(BATCHES)
@settings(max_examples=60)
def test_junit_adds_up(problems):
    root = ET.fromstring(shown(problems, "junit"))
    assert root.tag == "testsuites"
    suites = root.findall("testsuite")
    failures = Counter(visible(problem.path) for problem in problems)
    if not problems:
        (suite,) = suites
        assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
        assert suite.find("testcase/failure") is None
        return
    assert sum(int(suite.get("failures")) for suite in suites) == len(problems)
    for suite in suites:
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == int(suite.get("failures")) == len(cases)
        assert suite.get("errors") == suite.get("skipped") == "0"
        assert failures[suite.get("name")]
        assert all(case.get("classname") == suite.get("name") for case in cases)
    cases = root.findall("testsuite/testcase")
    for case, problem in zip(cases, problems, strict=True):
        failure = case.find("failure")
        assert failure.get("type") == problem.rule
        assert failure.get("message") == visible(problem.told)
        assert failure.text + "\n\n" == shown([problem], "full")
        assert (case.get("file"), case.get("line")) == (visible(problem.path), str(problem.line))


def test_cases_have_names_of_their_own():
    """Readers keep the first of the cases of one name."""
    root = ET.fromstring(shown(ALL, "junit"))
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert names == [
        ("tin/a.txt", "QUA104 no-title 1:1"),
        ("tin/a.txt", "QUA106 placeholder-text 7:5"),
        ("tin/a.txt", "QUA106 placeholder-text 12:5"),
        ("tin/a.txt", "QUA106 placeholder-text 12:5 #2"),
        ("b.jsonl", "QUA106 placeholder-text 3:1 /title"),
        ("b.jsonl", "QUA104 no-title 4:1"),
    ]
    assert [suite.get("name") for suite in root] == ["tin/a.txt", "b.jsonl"]
