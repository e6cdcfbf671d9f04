"""The formats for people, as linters print them: `full`, `concise` and the statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from phusa.checking.formats.spans import underlined
from phusa.checking.problem import Problem
from phusa.findings import Rule
from phusa.release.markdown import visible

Colour = Callable[[str, str], str]
"""Gives a text in a colour, called by its name."""


def _plain(text: str, _: str) -> str:
    return text


def full(
    problems: Iterable[Problem], rules: Mapping[str, Rule], colour: Colour = _plain
) -> Iterator[str]:
    """Write each problem with the line it is on, carets below it, and what to read about it."""
    for problem in problems:
        yield f"{block(problem, rules, colour)}\n\n"


def block(problem: Problem, rules: Mapping[str, Rule], colour: Colour = _plain) -> str:
    r"""Write a problem for a person, in two lines or, where there is something to show, in four.

    >>> from phusa.checking.rules import HTML_RESIDUE
    >>> at = Problem("QUA102", 0, 4, "a tag: </b>", None, "a.txt", 12, 1, None, "</b> b", (0, 4))
    >>> print(block(at, {"QUA102": HTML_RESIDUE}))
    a.txt:12:1: QUA102 a tag: </b>
    12 | </b> b
       | ^^^^
    help: Markup in what should be text: tags, comments, ... See `phusa rule QUA102`.
    """
    rule = rules[problem.rule]
    lines = [_head(problem, colour)]
    if problem.excerpt:
        shown, carets = underlined(problem.excerpt, problem.mark)
        number, bar = str(problem.line), colour("|", "blue")
        lines.append(f"{colour(number, 'blue')} {bar} {shown}")
        lines.append(f"{' ' * len(number)} {bar} {_coloured(carets, colour)}")
    help_ = colour("help:", "cyan")
    return "\n".join([*lines, f"{help_} {rule.summary} See `phusa rule {rule.code}`."])


def concise(
    problems: Iterable[Problem], _: Mapping[str, Rule], colour: Colour = _plain
) -> Iterator[str]:
    """Write each problem in one line."""
    for problem in problems:
        yield f"{_head(problem, colour)}\n"


def statistics(counts: Mapping[str, int], rules: Mapping[str, Rule]) -> Iterator[str]:
    """Write how often each rule was met, the most frequent first. Raises KeyError: no such rule.

    >>> from phusa.checking.rules import CUT_OFF, NO_TITLE
    >>> rules = {"QUA104": NO_TITLE, "QUA105": CUT_OFF}
    >>> print("".join(statistics({"QUA104": 7, "QUA105": 12}, rules)), end="")
    12  QUA105  cut-off
     7  QUA104  no-title
    """
    width = len(str(max(counts.values(), default=0)))
    for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:{width}}  {code}  {rules[code].name}\n"


def _head(problem: Problem, colour: Colour) -> str:
    """The place, the code, a star where it can be fixed, and the message."""
    path = f"./{problem.path}" if problem.path.startswith("::") else problem.path  # no command
    place = f"{visible(path)}:{problem.line}:{problem.column}:"
    code = colour(problem.rule, "red") + (f" {colour('[*]', 'cyan')}" if problem.fixable else "")
    return f"{place} {code} {visible(problem.told)}"


def _coloured(carets: str, colour: Colour) -> str:
    """Carets in a colour, the blanks before them in none."""
    alone = carets.lstrip(" ")
    return carets[: -len(alone)] + colour(alone, "red")
