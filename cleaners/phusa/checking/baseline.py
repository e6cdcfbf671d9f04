"""Findings that are known: written once, silent from then on.

A baseline is a JSON file to be kept under version control. It has an entry for each kind of finding
in a file, one on a line and in a fixed order, so that two versions of it can be compared by eye. An
entry names a finding by its fingerprint, a digest in which no line number and no personal data
stands.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from phusa.checking.problem import Problem
from phusa.checking.replacing import put
from phusa.findings import Selection

VERSION = 1
MAX_BYTES = 64 << 20
"""A baseline of that size holds some 800,000 entries."""

_RULE = re.compile("[A-Z]{3}[0-9]{3}")
_FINGERPRINT = re.compile("[0-9a-f]{16}")


class BaselineError(ValueError):
    """A baseline that cannot be used: the message says why, on one line."""


class Entry(NamedTuple):
    """What a baseline knows a finding by."""

    path: str
    rule: str
    fingerprint: str


class Baseline:
    r"""The findings that are known and were not met yet; each is met as often as it was counted.

    >>> twice = [Problem("ENC050", 3, 4, "lost", path="a.txt", line=line) for line in (2, 9)]
    >>> known = Baseline({entry_of(twice[0]): 1})
    >>> [problem.line for problem in known.unknown(twice)]
    [9]
    """

    def __init__(self, known: Mapping[Entry, int]) -> None:
        self._known = known
        self._left = Counter(known)

    @property
    def paths(self) -> frozenset[str]:
        """The files that something is known of; some may be gone."""
        return frozenset(entry.path for entry in self._known)

    def unknown(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The problems that are not known, or more often than that; takes those off that are."""
        for problem in problems:
            entry = entry_of(problem)
            if self._left[entry] > 0:
                self._left[entry] -= 1
            else:
                yield problem

    def again(self, paths: Collection[str]) -> None:
        """Know the findings of files anew, as these are checked another time."""
        for entry, count in self._known.items():
            if entry.path in paths:
                self._left[entry] = count

    def idle(self, paths: Collection[str], on: Selection) -> dict[Entry, int]:
        """How often entries were not met that would have been, in their order.

        That is to be asked when all problems of `paths` went through, and counts those entries
        only whose rule is `on`: what nobody looked for may still be there.
        """
        return {
            entry: left
            for entry, left in sorted(self._left.items())
            if left > 0 and entry.path in paths and entry.rule in on
        }

    def beyond(self, paths: Collection[str], on: Selection) -> dict[Entry, int]:
        """What is known of other files, and by other rules, than those that were looked at."""
        return {
            entry: count
            for entry, count in self._known.items()
            if entry.path not in paths or entry.rule not in on
        }


def entry_of(problem: Problem) -> Entry:
    """What a baseline knows a problem by."""
    return Entry(problem.path, problem.rule, problem.fingerprint)


def dumps(problems: Iterable[Problem], kept: Mapping[Entry, int] | None = None) -> str:
    """A baseline in which problems are known, whatever their order, beside entries that are `kept`.

    >>> print(dumps([Problem("ENC050", 3, 4, "lost", path="a.txt")]), end="")
    {
      "phusa": "baseline",
      "version": 1,
      "known": {
        "a.txt": [
          {"rule": "ENC050", "fingerprint": "...", "count": 1}
        ]
      }
    }
    """
    counted = sorted((Counter(map(entry_of, problems)) + Counter(kept)).items())
    files = [
        f"    {_quoted(path)}: [\n{_entries(group)}\n    ]"
        for path, group in groupby(counted, key=lambda item: item[0].path)
    ]
    known = "{\n" + ",\n".join(files) + "\n  }" if files else "{}"
    return f'{{\n  "phusa": "baseline",\n  "version": {VERSION},\n  "known": {known}\n}}\n'


def _entries(counted: Iterable[tuple[Entry, int]]) -> str:
    return ",\n".join(
        f'      {{"rule": "{entry.rule}", "fingerprint": "{entry.fingerprint}", "count": {count}}}'
        for entry, count in counted
    )


def _quoted(path: str) -> str:
    r"""A path as JSON in which people can read letters and no terminal finds orders.

    >>> print(_quoted("tin tức/\x9b1m.txt"))
    "tin tức/\u009b1m.txt"
    """
    quoted = json.dumps(path, ensure_ascii=False)
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in quoted)


def load(path: Path) -> Baseline:
    """Read a baseline.

    Raises BaselineError where the file cannot be read or is none, or none of this version.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BaselineError(f"{path}: cannot read the baseline: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise BaselineError(f"{path}: no baseline: more than {MAX_BYTES:,} bytes")
    try:
        data = json.loads(raw, object_pairs_hook=_once)
    except _TwiceError as twice:
        raise BaselineError(f"{path}: {twice} stands twice; write the baseline again") from None
    except (ValueError, RecursionError):
        raise BaselineError(f"{path}: not JSON; write the baseline again") from None
    if not isinstance(data, dict) or data.get("phusa") != "baseline":
        raise BaselineError(f"{path}: JSON, but no baseline; name the file that phusa wrote")
    version = data.get("version")
    if type(version) is not int:
        version = 0
    if version > VERSION:
        raise BaselineError(
            f"{path}: a baseline of version {version}, and this phusa reads {VERSION}; upgrade it"
        )
    known = _known(data.get("known")) if version == VERSION else None
    if known is None:
        raise BaselineError(f"{path}: a damaged baseline; write it again")
    return Baseline(known)


def write(path: Path, text: str) -> None:
    """Write a baseline, whole or not at all; a link is followed. Raises BaselineError."""
    try:
        target = Path(os.path.realpath(path))
        like = target.stat() if target.exists() else None
        put(target, [text.encode()], like)
    except OSError as error:
        raise BaselineError(f"{path}: cannot write the baseline: {error.strerror}") from None


class _TwiceError(Exception):
    """An object in which a key stands twice, as a merge that went wrong leaves it."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        name, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise _TwiceError(ascii(name))
    return values


def _known(data: object) -> dict[Entry, int] | None:
    """The entries of a parsed baseline; None where something else is among them."""
    if not isinstance(data, dict):
        return None
    known: dict[Entry, int] = {}
    for path, listed in data.items():
        for item in listed if isinstance(listed, list) else [None]:
            match item:
                case {"rule": str(rule), "fingerprint": str(mark), "count": int(count), **rest} if (
                    not rest
                    and _RULE.fullmatch(rule)
                    and _FINGERPRINT.fullmatch(mark)
                    and type(count) is int
                    and count > 0
                ):
                    entry = Entry(path, rule, mark)
                    known[entry] = known.get(entry, 0) + count
                case _:
                    return None
    return known
