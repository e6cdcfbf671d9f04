"""The formats that are JSON: `json`, an array of objects, and `jsonl`, an object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import orjson

from phusa.checking.problem import Problem
from phusa.findings import Rule
from phusa.release.markdown import visible


def array(problems: Iterable[Problem], rules: Mapping[str, Rule]) -> Iterator[str]:
    """Write the problems as one array."""
    yield from listed(_object(problem, rules) for problem in problems)
    yield "\n"


def lines(problems: Iterable[Problem], rules: Mapping[str, Rule]) -> Iterator[str]:
    """Write each problem as an object in a line of its own."""
    for problem in problems:
        yield f"{encoded(_object(problem, rules))}\n"


def _object(problem: Problem, rules: Mapping[str, Rule]) -> dict[str, object]:
    """A problem by the names of its fields; its repair, which may hold personal data, is left out.

    >>> from phusa.checking.rules import CUT_OFF
    >>> shown = _object(Problem("QUA105", 5, 6, "cut", None, "a.txt"), {"QUA105": CUT_OFF})
    >>> shown["path"], shown["rule"], shown["name"], shown["mark"]
    ('a.txt', 'QUA105', 'cut-off', [0, 0])
    """
    return {
        "path": whole(problem.path),
        "line": problem.line,
        "column": problem.column,
        "pointer": None if problem.pointer is None else whole(problem.pointer),
        "rule": problem.rule,
        "name": rules[problem.rule].name,
        "message": whole(problem.message),
        "more": problem.more,
        "start": problem.start,
        "end": problem.end,
        "excerpt": whole(problem.excerpt),
        "mark": [len(whole(problem.excerpt[:at])) for at in problem.mark],
        "fixable": problem.fixable,
        "fingerprint": problem.fingerprint,
    }


def listed(values: Iterable[object]) -> Iterator[str]:
    r"""Write an array as its values come, each in a line.

    >>> "".join(listed([1, 2])), "".join(listed([]))
    ('[\n1,\n2\n]', '[]')
    """
    before = "["
    for value in values:
        yield f"{before}\n{encoded(value)}"
        before = ","
    yield "[]" if before == "[" else "\n]"


def encoded(value: object) -> str:
    r"""A value as JSON in one line, with nothing in it that a terminal obeys.

    The escapes are those of JSON, so that it says the same.

    >>> print(encoded({"path": "a\x9b\n.txt"}))
    {"path":"a\u009b\n.txt"}
    """
    return visible(orjson.dumps(value).decode())


def whole(text: str) -> str:
    r"""A text that JSON can hold: halves of surrogate pairs, which it cannot, as their escapes.

    >>> whole("tin \ud83d")
    'tin \\ud83d'
    """
    return text.encode("utf-8", "backslashreplace").decode()
