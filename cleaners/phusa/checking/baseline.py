"""Findings that are known: written once, silent from then on.

A baseline is a JSON file to be kept under version control. It has an entry for each kind of finding
in a file, one on a line and in a fixed order, so that two versions of it can be compared by eye. An
entry names a finding by its fingerprint, a digest in which no line number and no personal data
stands, and the file by its path from the folder of the baseline, wherever the command runs. It
counts all that was found, also what was not told one by one.
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
_MAGIC = re.compile(r"[*?[]")
_STREAM = "-"


class BaselineError(ValueError):
    """A baseline that cannot be used: the message says why, on one line."""


class Entry(NamedTuple):
    """What a baseline knows a finding by; the path is that from its folder, - standard input."""

    path: str
    rule: str
    fingerprint: str


class Asked(NamedTuple):
    """What a check was asked for, as it was named there, from the folder the command runs in.

    `checked` are the files whose problems all went through, - among them if standard input was one;
    `roots` the paths that these are of: files, folders, globs.
    """

    checked: Collection[str]
    roots: Collection[str]


class Baseline:
    r"""The findings that are known and were not met yet; each is met as often as it was counted.

    `file` is where the baseline stands, or will. A problem counts for itself and for the ones like
    it that are not told.

    >>> twice = [Problem("ENC050", 3, 4, "lost", path="a.txt", line=line) for line in (2, 9)]
    >>> known = Baseline({Entry("a.txt", "ENC050", twice[0].fingerprint): 1}, Path("known.json"))
    >>> [problem.line for problem in known.unknown(twice)]
    [9]
    """

    def __init__(self, known: Mapping[Entry, int], file: Path) -> None:
        self._known = known
        self._left = Counter(known)
        self._exceeded: set[Entry] = set()
        self._home = _Home(file)

    def unknown(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The problems that are not known, or more often than that; takes those off that are."""
        for problem in problems:
            entry = self._entry(problem)
            count = 1 + problem.more
            if self._left[entry] >= count:
                self._left[entry] -= count
            else:
                self._exceeded.add(entry)
                yield problem

    def again(self, paths: Iterable[str]) -> None:
        """Know the findings of files anew, as these are checked another time."""
        names = {self._home.name(path) for path in paths}
        for entry, count in self._known.items():
            if entry.path in names:
                self._left[entry] = count
                self._exceeded.discard(entry)

    def idle(self, asked: Asked, on: Selection) -> dict[Entry, int]:
        """How often entries were not met that would have been, in their order.

        That is to be asked when all problems went through. Entries count whose file was checked, or
        is gone and was asked for, and whose rule is `on`: what nobody looked for may still be
        there. So may what is left of an entry that was exceeded.
        """
        settled = self._settled(asked, on)
        return {
            entry: left
            for entry, left in sorted(self._left.items())
            if left > 0 and entry in settled and entry not in self._exceeded
        }

    def updated(self, problems: Iterable[Problem], asked: Asked, on: Selection) -> dict[Entry, int]:
        """The entries for all `problems` of a check, and those of what it did not look at.

        That is, of files that were not asked for, of rules that are not `on`. Of a file that is not
        among the checked ones though it has problems, those are counted and the others kept.
        """
        counts = Counter[Entry]()
        for problem in problems:
            counts[self._entry(problem)] += 1 + problem.more
        settled = self._settled(asked, on)
        kept = {entry: count for entry, count in self._known.items() if entry not in settled}
        return kept | counts

    def _entry(self, problem: Problem) -> Entry:
        return Entry(self._home.name(problem.path), problem.rule, problem.fingerprint)

    def _settled(self, asked: Asked, on: Selection) -> set[Entry]:
        """The entries that a check has the last word on: it met them, or they are no more."""
        checked = {self._home.name(path) for path in asked.checked}
        roots = self._home.roots(asked.roots)
        others = {entry.path for entry in self._known} - checked
        files = checked | {path for path in others if self._home.lost(path, roots)}
        return {entry for entry in self._known if entry.path in files and entry.rule in on}


class _Home:
    """The folder of a baseline, from which it names files."""

    def __init__(self, file: Path) -> None:
        self._folder = str(Path(os.path.realpath(file)).parent)
        self._real: dict[str, str] = {}

    def name(self, path: str) -> str:
        """The name of a file; `path` starts at the folder the command runs in.

        Links are followed that stay in the folder of the baseline; where one leads out of it, to
        where data are on this machine, the file goes by the name it has in here.
        """
        if path == _STREAM or "\0" in path:
            return path
        head, tail = os.path.split(path)
        if head not in self._real:
            self._real[head] = os.path.realpath(head)
        real = os.path.normpath(f"{self._real[head]}{os.sep}{tail}")
        plain = os.path.normpath(Path(path).absolute())
        place = next((place for place in (real, plain) if _below(place, (self._folder,))), real)
        try:
            return Path(os.path.relpath(place, self._folder)).as_posix()
        except ValueError:  # on another drive
            return Path(place).as_posix()

    def roots(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Where what paths stand for lies, their links followed and not."""
        heads = {_fixed(path) for path in paths if path != _STREAM and "\0" not in path}
        names = {self.name(form) for head in heads for form in (head, os.path.realpath(head))}
        return tuple(sorted(map(self._place, names)))

    def lost(self, name: str, roots: tuple[str, ...]) -> bool:
        """Whether a file lay below one of the roots, and is gone; where nobody can tell it is not.

        What cannot be looked at, for want of permission, may be there.
        """
        place = self._place(name)
        if name == _STREAM or not _below(place, roots):
            return False
        try:
            os.lstat(place)
        except (FileNotFoundError, NotADirectoryError):
            return True
        except (OSError, ValueError):  # ValueError: a NUL in the path
            return False
        return False

    def _place(self, name: str) -> str:
        return os.path.normpath(Path(self._folder) / name)


def _below(place: str, roots: tuple[str, ...]) -> bool:
    """Whether an absolute path is one of the roots, or lies below one.

    >>> _below("/b/a.txt", ("/b",)), _below("/b", ("/b",)), _below("/bc", ("/b",))
    (True, True, False)
    """
    return f"{place}{os.sep}".startswith(tuple(f"{root.rstrip(os.sep)}{os.sep}" for root in roots))


def _fixed(path: str) -> str:
    """A path up to where it is a pattern, if it is one.

    >>> _fixed("tin/2024-*/a.txt"), _fixed("*.txt")
    ('tin', '.')
    """
    if os.path.lexists(path):
        return path
    parts = Path(path).parts
    fixed = next((i for i, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
    return str(Path(*parts[:fixed]))


def dumps(known: Mapping[Entry, int]) -> str:
    """The text of a baseline with these entries, whatever their order.

    >>> print(dumps({Entry("a.txt", "ENC050", "0123456789abcdef"): 2}), end="")
    {
      "phusa": "baseline",
      "version": 1,
      "known": {
        "a.txt": [
          {"rule": "ENC050", "fingerprint": "0123456789abcdef", "count": 2}
        ]
      }
    }
    """
    files = [
        f"    {_quoted(path)}: [\n{_entries(group)}\n    ]"
        for path, group in groupby(sorted(known.items()), key=lambda item: item[0].path)
    ]
    listed = "{\n" + ",\n".join(files) + "\n  }" if files else "{}"
    return f'{{\n  "phusa": "baseline",\n  "version": {VERSION},\n  "known": {listed}\n}}\n'


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
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise BaselineError(f"{path}: cannot read the baseline: {reason}") from None
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
    return Baseline(known, path)


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
