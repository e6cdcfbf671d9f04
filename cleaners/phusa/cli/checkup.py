"""Telling of findings: what `phusa check` writes, and what it counts."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from phusa.cli.output import colour, tell
from phusa.cli.progress import Bar, bar

if TYPE_CHECKING:
    from phusa.checking import Checked, Problem, Settings
    from phusa.checking.baseline import Asked, Baseline, Entry
    from phusa.sources import Found


class Format(StrEnum):
    """How findings are written."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    JSONL = "jsonl"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


WHOLE = (Format.JSON, Format.SARIF, Format.JUNIT)
"""Formats that are a document of their own, with a start and an end."""


@dataclass(slots=True)
class Checkup:
    """How findings are told of, and what was found so far.

    With `collect` they are kept in `all`, for a baseline, and not told of.
    """

    settings: Settings
    baseline: Baseline
    format: Format
    most: int | None
    collect: bool
    workers: int
    quiet: bool
    documents: int = 0
    troubled: int = 0
    written: int = 0
    held: int = 0
    missing: bool = False
    fixable: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    paths: set[str] = field(default_factory=set)
    roots: Sequence[str] = ()
    all: list[Problem] = field(default_factory=list)

    @property
    def code(self) -> int:
        """The exit code."""
        return 2 if self.missing else 1 if self.counts and not self.collect else 0

    def show(self, results: Iterable[Checked], found: Found) -> None:
        """Write what is found in files, as it comes."""
        from phusa.checking import RULEBOOK
        from phusa.checking.formats import render
        from phusa.sources.reading import printable

        self.paths.update(printable(file.path) for file in found.files)
        total_bytes = sum(file.size for file in found.files)
        paint = colour if colour("x", "red") != "x" else None
        with bar("checking", "with findings", quiet=self.quiet) as shown:
            fresh = self._fresh(results, total_bytes, shown)
            for piece in render(fresh, self.format, RULEBOOK, paint):
                if shown and sys.stdout.isatty():
                    shown.hide()
                typer.echo(piece, nl=False)
        sys.stdout.flush()

    def _fresh(
        self, results: Iterable[Checked], total_bytes: int, shown: Bar | None
    ) -> Iterator[Problem]:
        """The findings to write, all being counted."""
        done = 0
        for result in results:
            done += result.size
            self.documents += result.documents
            for problems in result.problems:
                fresh = problems if self.collect else list(self.baseline.unknown(problems))
                self.troubled += bool(fresh)
                for problem in fresh:
                    yield from self._counted(problem)
            if shown:
                shown.move(done, total_bytes, self.documents, self.troubled)

    def _counted(self, problem: Problem) -> Iterator[Problem]:
        self.counts[problem.rule] += 1 + problem.more
        self.fixable += problem.fixable
        if self.collect:
            self.all.append(problem)
        elif self.most is None or self.written < self.most:
            self.written += 1
            yield problem
        else:
            self.held += 1

    def _asked(self) -> Asked:
        from phusa.checking.baseline import Asked

        return Asked(self.paths, self.roots)

    def known(self) -> Mapping[Entry, int]:
        """What is known from now on, of what was asked for and else."""
        return self.baseline.updated(self.all, self._asked(), self.settings.on)

    def show_statistics(self) -> None:
        """Write how often each rule was met, where the format leaves room for it."""
        from phusa.checking import RULEBOOK
        from phusa.checking.formats import statistics

        for line in statistics(self.counts, RULEBOOK):
            typer.echo(line, nl=False, err=self.format not in (Format.FULL, Format.CONCISE))

    def tell_of_all(self, baseline: Path | None) -> None:
        """Say in a line or two what was found."""
        total = self.counts.total()
        if self.collect:
            tell(f"{baseline}: {_number(total, 'finding')} known from now on")
            return
        documents = _number(self.documents, "document")
        parts = [f"{_number(total, 'finding')} in {self.troubled:,} of {documents}"]
        if not total:
            parts = [f"no findings in {documents}"]
        if self.held:
            parts.append(f", {self.held:,} not written")
        if self.fixable:
            parts.append(f"; --fix repairs {self.fixable:,}")
        tell("".join(parts))
        if idle := sum(self.baseline.idle(self._asked(), self.settings.on).values()):
            gone = "is" if idle == 1 else "are"
            tell(
                f"{_number(idle, 'finding')} of the baseline {gone} no longer there; "
                "--update-baseline leaves them out"
            )


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
