"""Findings, rules, and the one engine that applies edits and undoes them.

A cleaner looks at a text and proposes findings; it never touches the text. `apply` carries out the
findings that have a replacement and returns what it did as a step: a tuple of edits. A list of
steps is a log, and `undo` walks a log backwards to the text it started from, character for
character. `trace` says where in that first text each edit, and each place of the last text, lies.

Offsets are counted in Unicode code points, from 0; spans are half open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_CODE = re.compile(r"[A-Z]{3}[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing phusa can find, known to users by its code.

    `code` is three capitals for the family and three digits; `name` is the same in words;
    `summary` is one line; `docs` is the page that `phusa rule CODE` prints.
    """

    code: str
    name: str
    summary: str
    docs: str

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"rule code {self.code!r} is not three capitals and three digits")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has to say about the characters `start` to `end` of a text.

    With a `replacement` the finding is a repair (the empty string deletes); without one it only
    reports. A repair may be an insertion: then `start == end`.
    """

    rule: str
    start: int
    end: int
    message: str
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One repair carried out: at `start` of the step's input, `before` became `after`."""

    rule: str
    start: int
    before: str
    after: str
    message: str

    @property
    def end(self) -> int:
        """Where `before` ended in the step's input."""
        return self.start + len(self.before)


Step = tuple[Edit, ...]
"""Edits made at once: sorted by place, disjoint, all counted in the text before the step."""


class UndoError(ValueError):
    """A log does not belong to the text it is undone from."""


class Registry(dict[str, Rule]):
    """The rules by code.

    >>> rules = Registry([Rule("CHR112", "visitor-counter", "Visitor counters.", "…")])
    >>> rules["CHR112"].name
    'visitor-counter'
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Raises ValueError where two rules share a code or a name."""
        super().__init__()
        names: set[str] = set()
        for rule in rules:
            if rule.code in self or rule.name in names:
                raise ValueError(f"rule {rule.code} {rule.name} is registered twice")
            self[rule.code] = rule
            names.add(rule.name)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rules are on, by code or prefix; the longest prefix that fits decides, as in linters.

    >>> on = Selection(select=("CHR", "ENC"), ignore=("CHR1", "ENC020"))
    >>> [code for code in ("CHR112", "CHR201", "ENC020", "ENC021", "ART101") if code in on]
    ['CHR201', 'ENC021']
    """

    select: tuple[str, ...] = ("",)
    ignore: tuple[str, ...] = ()

    def __contains__(self, code: object) -> bool:
        if not self.ignore and self.select == ("",):
            return True
        wanted = self._longest(self.select, str(code))
        return wanted >= 0 and wanted > self._longest(self.ignore, str(code))

    @staticmethod
    def _longest(prefixes: tuple[str, ...], code: str) -> int:
        return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=-1)


EVERY_RULE = Selection()


def apply(text: str, findings: Iterable[Finding]) -> tuple[str, Step]:
    """Carry out the repairs among the findings; return the new text and the step that was made.

    Where two repairs overlap, the one that starts first wins, then the longer one, then the lower
    code; a repair that changes nothing is left out.

    >>> apply("a  b", [Finding("ENC035", 1, 3, "two blanks", " ")])[0]
    'a b'
    """
    repairs = [f for f in findings if f.replacement is not None]
    if not repairs:
        return text, ()
    repairs.sort(key=lambda f: (f.start, -f.end, f.rule))
    pieces: list[str] = []
    step: list[Edit] = []
    done = 0
    for f in repairs:
        before = text[f.start : f.end]
        if f.start < done or before == f.replacement or (step and f.start == step[-1].start):
            continue
        assert f.replacement is not None
        pieces.append(text[done : f.start])
        pieces.append(f.replacement)
        step.append(Edit(f.rule, f.start, before, f.replacement, f.message))
        done = f.end
    pieces.append(text[done:])
    return "".join(pieces), tuple(step)


def undo(text: str, log: Sequence[Step]) -> str:
    """Rebuild the text that a log started from.

    Raises UndoError where the log was not made on the way to `text`.

    >>> clean, step = apply("Tin tức. Online: 77", [Finding("CHR112", 8, 19, "counter", "")])
    >>> undo(clean, [step])
    'Tin tức. Online: 77'
    """
    for step in reversed(log):
        pieces: list[str] = []
        done = shift = 0
        for edit in step:
            at = edit.start + shift
            if at < done or text[at : at + len(edit.after)] != edit.after or at > len(text):
                raise UndoError(f"the edit by {edit.rule} at {edit.start} does not fit the text")
            pieces.append(text[done:at])
            pieces.append(edit.before)
            done = at + len(edit.after)
            shift += len(edit.after) - len(edit.before)
        pieces.append(text[done:])
        text = "".join(pieces)
    return text


class SourceMap:
    """Where the characters of a text lay in the source it was made from.

    The text is cut into segments. A verbatim segment lies in the source as it is, so that offsets
    inside it move along; the characters of any other segment stand for a whole source span.
    """

    __slots__ = ("_ends", "_source", "_starts")

    def __init__(self) -> None:
        """The map of a source onto itself."""
        self._starts = [0]  # where each segment starts in the text
        self._source = [0]  # ... and in the source
        self._ends: list[int | None] = [None]  # where its source span ends; None when verbatim

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of the characters `start` to `end` of the text."""
        first = bisect_right(self._starts, start) - 1
        low = self._source[first]
        if self._ends[first] is None:
            low += start - self._starts[first]
        if end <= start:
            return low, low
        last = bisect_right(self._starts, end - 1) - 1
        high = self._ends[last]
        return low, self._source[last] + end - self._starts[last] if high is None else high

    def after(self, step: Step) -> SourceMap:
        """The map of the text that `step` makes of this map's text."""
        result = SourceMap()
        starts, source, ends = result._starts, result._source, result._ends
        del starts[:], source[:], ends[:]
        i, n, shift = 0, len(self._starts), 0

        def copy(low: int, high: float) -> None:
            """Take over the segments of this text's characters `low` to `high`."""
            nonlocal i
            while i + 1 < n and self._starts[i + 1] <= low:
                i += 1
            while low < high:
                starts.append(low + shift)
                whole = self._ends[i]
                ends.append(whole)
                source.append(self._source[i] + (low - self._starts[i] if whole is None else 0))
                if i + 1 == n or self._starts[i + 1] >= high:
                    break
                i += 1
                low = self._starts[i]

        done = 0
        for edit in step:
            copy(done, edit.start)
            if edit.after:
                low, high = self.span(edit.start, edit.end)
                starts.append(edit.start + shift)
                source.append(low)
                ends.append(high)
            shift += len(edit.after) - len(edit.before)
            done = edit.end
        copy(done, float("inf"))
        return result


def trace(log: Sequence[Step]) -> tuple[list[Finding], SourceMap]:
    """Put a log into the coordinates of its source.

    Returns every edit as a finding that points into the source, in the order of the log, and the
    map from the last text back to the source.

    >>> text, first = apply("x&amp;y z", [Finding("ENC030", 1, 6, "entity", "&")])
    >>> text, second = apply(text, [Finding("CHR120", 3, 5, "share bar", "")])
    >>> findings, to_source = trace([first, second])
    >>> [(f.rule, f.start, f.end) for f in findings], to_source.span(1, 2)
    ([('ENC030', 1, 6), ('CHR120', 7, 9)], (1, 6))
    """
    to_source = SourceMap()
    findings: list[Finding] = []
    for step in log:
        for edit in step:
            start, end = to_source.span(edit.start, edit.end)
            findings.append(Finding(edit.rule, start, end, edit.message, edit.after))
        to_source = to_source.after(step)
    return findings, to_source


def in_source(findings: Sequence[Finding], log: Sequence[Step]) -> list[Finding]:
    r"""Move findings in the last text of a log to where they lie in its source.

    >>> text, step = apply("\ufeffti\ufffdn", [Finding("ENC002", 0, 1, "mark", "")])
    >>> in_source([Finding("ENC050", 2, 3, "lost")], [step])[0].start
    3
    """
    if not findings:
        return []
    _, to_source = trace(log)
    moved = []
    for finding in findings:
        start, end = to_source.span(finding.start, finding.end)
        moved.append(replace(finding, start=start, end=end))
    return moved
