"""The format `junit`: a report as test runners write it, which most CI servers show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby

from phusa.checking.formats.text import block
from phusa.checking.problem import Problem
from phusa.findings import Rule
from phusa.release.markdown import visible


def report(problems: Iterable[Problem], rules: Mapping[str, Rule]) -> Iterator[str]:
    """Write a suite for each file with problems, and in it a failed case for each problem.

    Where nothing was found, one case has passed: some readers take a report of no cases for a run
    that failed.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="phusa">\n'
    met = Counter[tuple[str, str]]()
    found = False
    for path, here in groupby(problems, key=lambda problem: problem.path):
        found = True
        yield _suite(path, [_case(problem, rules, met) for problem in here])
    if not found:
        passed = '<testcase classname="phusa" name="no problems" time="0"/>\n'
        yield _suite("phusa", [passed], failures=0)
    yield "</testsuites>\n"


def _suite(name: str, cases: list[str], failures: int | None = None) -> str:
    failed = len(cases) if failures is None else failures
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="0" time="0"'
    return f'<testsuite name="{_xml(name)}" {counts}>\n{"".join(cases)}</testsuite>\n'


def _case(problem: Problem, rules: Mapping[str, Rule], met: Counter[tuple[str, str]]) -> str:
    """One failure. `met` counts the names: of cases of one name, readers keep the first alone."""
    path = _xml(problem.path)
    place = f"{problem.line}:{problem.column}" + (f" {problem.pointer}" if problem.pointer else "")
    name = f"{problem.rule} {rules[problem.rule].name} {place}"
    met[problem.path, name] += 1
    if (number := met[problem.path, name]) > 1:
        name += f" #{number}"
    return (
        f'<testcase classname="{path}" name="{_xml(name)}" file="{path}" line="{problem.line}"'
        f' time="0">\n<failure type="{problem.rule}" message="{_xml(problem.told)}">'
        f"{escape(block(problem, rules))}</failure>\n</testcase>\n"
    )


def _xml(text: str) -> str:
    """Text for an attribute. Characters that XML forbids do not show, and so are escapes here."""
    return escape(visible(text))
