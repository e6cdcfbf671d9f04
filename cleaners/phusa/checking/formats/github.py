"""The format `github`: commands that make GitHub Actions show problems beside the lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from phusa.checking.formats.spans import end_column
from phusa.checking.problem import Problem
from phusa.findings import Rule
from phusa.release.markdown import visible

_IN_MESSAGES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_MESSAGES | str.maketrans({":": "%3A", ",": "%2C"})
"""The escapes that the runner takes back, all there are."""


def commands(problems: Iterable[Problem], rules: Mapping[str, Rule]) -> Iterator[str]:
    r"""Write each problem as a command in one line.

    >>> from phusa.checking.rules import CUT_OFF
    >>> at = Problem("QUA105", 5, 6, "100 %\n", None, "a,b.txt", 3, 9)
    >>> print("".join(commands([at], {"QUA105": CUT_OFF})), end="")
    ::error file=a%2Cb.txt,line=3,col=9,title=QUA105 cut-off::a,b.txt:3:9: QUA105 100 %25%0A
    """
    for problem in problems:
        properties: dict[str, object] = {
            "file": problem.path,
            "line": problem.line,
            "col": problem.column,
        }
        if (end := end_column(problem)) is not None:
            properties["endColumn"] = end
        properties["title"] = f"{problem.rule} {rules[problem.rule].name}"
        stated = ",".join(
            f"{name}={_escaped(str(value), _IN_PROPERTIES)}" for name, value in properties.items()
        )
        # the log shows the message alone, so the place is in it too
        yield f"::error {stated}::{_escaped(str(problem), _IN_MESSAGES)}\n"


def _escaped(text: str, escapes: Mapping[int, str]) -> str:
    return visible(text.translate(escapes))
