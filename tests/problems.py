"""Problems to write: plain ones, and such as hostile pages, keys and file names make."""

import re
from dataclasses import replace

from hypothesis import strategies as st

from phusa.checking.formats import render
from phusa.checking.problem import Problem
from phusa.checking.rules import CUT_OFF, NO_TITLE, PLACEHOLDER

RULES = {rule.code: rule for rule in (CUT_OFF, NO_TITLE, PLACEHOLDER)}

ON_A_PAGE = Problem(
    "QUA106", 21, 26, "filler: Lorem", None, "tin/a.txt", 12, 5, None, "Tin Lorem ipsum", (4, 9)
)
FIXABLE = replace(ON_A_PAGE, replacement="", line=7)
IN_A_ROW = Problem(
    "QUA106", 0, 5, "filler: Lorem", None, "b.jsonl", 3, 1, "/title", "Lorem ipsum", (0, 5)
)
OF_A_ROW = Problem("QUA104", 0, 0, "no title", None, "b.jsonl", 4, 1, "")
OF_A_PAGE = Problem("QUA104", 0, 0, "no title", None, "tin/a.txt")
ALL = [OF_A_PAGE, FIXABLE, ON_A_PAGE, ON_A_PAGE, IN_A_ROW, OF_A_ROW]

HOSTILE = [
    "\n", "\r\n", "\t", "\0", "\x1b[31m", "\x85", "\x9b", "\xa0", "\xad", "\u200d", "\u2028",
    "\u202e", "\ud83d", "\udcff", "\ufffe", "::error::", "%0A", "%", ",", ":", "=", "]]>", "<&>",
    "\"'", "--", "[x](javascript:0)", "{0}", "\\u001b", "😀", "e\u0301", "日本", "/", "..", "#?",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=3), max_size=6).map(
    "".join
)


@st.composite
def hostile(draw: st.DrawFn) -> Problem:
    """A problem with anything in it that a page, a key of a row or the name of a file may hold."""
    excerpt = draw(TEXTS)
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(excerpt))] * 2)))
    return Problem(
        draw(st.sampled_from(sorted(RULES))),
        start,
        end + draw(st.integers(0, 1)),
        draw(TEXTS),
        draw(st.none() | TEXTS),
        draw(TEXTS),
        draw(st.integers(1, 10**7)),
        draw(st.integers(1, 10**7)),
        draw(st.none() | st.just("") | TEXTS.map("/{}".format)),
        excerpt,
        (start, end),
    )


BATCHES = st.lists(hostile(), max_size=4).map(lambda found: sorted(found, key=lambda p: p.path))
"""Problems in the order of the files, as a check gives them."""


def shown(problems, name, **more) -> str:
    return "".join(render(problems, name, RULES, **more))


def told(text: str) -> str:
    """What JSON says of a text: all of it, but for halves of surrogate pairs."""
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)
