"""What `phusa check` found, as people and as machines read it.

Each format is a function from problems, and the rules by code, to pieces of text that carry their
ends of lines; written one after the other they are the output. Nothing waits for the last problem,
but that a JUnit report waits for the last one of each file. Pages, keys of rows and names of files
may hold anything: what comes out has no character that does not show but the ends of its own lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from phusa.checking.formats import as_json, github, junit, sarif, text
from phusa.checking.formats.text import Colour, statistics
from phusa.checking.problem import Problem
from phusa.findings import Rule

__all__ = ["FORMATS", "Colour", "render", "statistics"]

FORMATS: Mapping[str, Callable[[Iterable[Problem], Mapping[str, Rule]], Iterator[str]]] = {
    "full": text.full,
    "concise": text.concise,
    "json": as_json.array,
    "jsonl": as_json.lines,
    "github": github.commands,
    "sarif": sarif.log,
    "junit": junit.report,
}
"""The formats by name, the one that people read first."""

_COLOURED = {"full": text.full, "concise": text.concise}


def render(
    problems: Iterable[Problem],
    format: str,  # noqa: A002 - the field's word
    rules: Mapping[str, Rule],
    colour: Colour | None = None,
) -> Iterator[str]:
    """Write problems in a format.

    `rules` has the rule of every problem; those of one file come one after the other. `colour`
    gives a text in a colour of a terminal; formats for machines do without. Raises KeyError where
    there is no such format or rule.

    >>> from phusa.checking.rules import CUT_OFF
    >>> found = [Problem("QUA105", 0, 0, "cut", path="a.txt", line=3, column=9)]
    >>> print("".join(render(found, "concise", {"QUA105": CUT_OFF})), end="")
    a.txt:3:9: QUA105 cut
    """
    if colour is not None and format in _COLOURED:
        return _COLOURED[format](problems, rules, colour)
    return FORMATS[format](problems, rules)
