"""`phusa check`: what is wrong with newly scraped files, or with finished records."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from phusa.cli.options import From, Quiet, codes, input_from, media_type, recipe_from
from phusa.cli.output import colour, fail, tell
from phusa.cli.progress import Report, bar
from phusa.recipe import PYPROJECT, RECIPE, Recipe, RecipeError

if TYPE_CHECKING:
    from phusa.checking import Checked, Identities, Problem, Settings
    from phusa.checking.baseline import Baseline, Entry
    from phusa.sources import Found


WATCH_S = 1.0
"""Between two looks at a folder that is watched, in seconds."""


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


def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders, globs, releases; - is standard input.",
            metavar="[PATHS...|-]",
            show_default=False,
        ),
    ] = None,
    recipe: Annotated[
        Path | None,
        typer.Option(
            help="The recipe; else phusa.toml in this folder, or [tool.phusa] in pyproject.toml.",
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            help="A release, a folder or an address: tell what it has already.",
            show_default=False,
        ),
    ] = None,
    select: Annotated[
        str | None,
        typer.Option(help="Rules to tell of: codes or prefixes, by commas.", show_default=False),
    ] = None,
    ignore: Annotated[
        str | None,
        typer.Option(help="Rules to be silent of, likewise.", show_default=False),
    ] = None,
    output_format: Annotated[Format, typer.Option(help="How findings are written.")] = Format.FULL,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count the findings by rule at the end.")
    ] = False,
    max_findings: Annotated[
        int | None, typer.Option(help="Write no more than so many.", min=0, show_default=False)
    ] = None,
    known: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            help="A file of findings that are known: be silent of them.",
            show_default=False,
        ),
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write all findings into the baseline.")
    ] = False,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Write repaired copies of text and JSONL as NAME.fixed."),
    ] = False,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="With --fix: replace the files.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on checking files as they come into a folder.")
    ] = False,
    source: Annotated[From, typer.Option("--from", help="What standard input is.")] = From.AUTO,
    workers: Annotated[int, typer.Option(help="Worker processes.", min=1)] = 1,
    quiet: Quiet = False,
) -> None:
    """Check newly scraped files, or finished records, as a linter does.

    Text, HTML, JSONL, Parquet, folders of these, releases, standard input; without PATHS the
    sources of the recipe, else this folder. `phusa rule CODE` explains a finding. Exit code 0:
    nothing was found; 1: something was; 2: a path could not be found, or an option is wrong.
    """
    from phusa.checking import Identities, baseline, settled
    from phusa.checking.baseline import Baseline, BaselineError
    from phusa.engines.local import EngineError

    if in_place and not fix:
        fail("--in-place says where --fix writes; give both")
    if watch and output_format in WHOLE:
        fail(f"--watch has no end, and {output_format} needs one; take jsonl")
    if watch and (fix or update_baseline):
        fail("--watch only tells; --fix and --update-baseline are for files at rest")
    chosen = _recipe(recipe, select, ignore)
    file = known or (chosen.folder / chosen.check.baseline if chosen.check.baseline else None)
    if update_baseline and file is None:
        fail("--update-baseline must know which; name it: --baseline FILE")
    try:
        before = baseline.load(file) if file and (file.exists() or not update_baseline) else None
        checkup = _Checkup(
            settled(chosen),
            before or Baseline({}),
            output_format,
            max_findings,
            update_baseline,
            workers,
            quiet,
        )
        with Identities() as identities:
            if against:
                _take_in(against, identities, quiet=quiet)
            if watch:
                _watch(chosen, paths or [], checkup, identities)
            else:
                _check(chosen, paths or [], source, checkup, identities, fix, in_place)
        if update_baseline and file:
            baseline.write(file, baseline.dumps(checkup.all, checkup.not_asked()))
    except (BaselineError, EngineError, RecipeError) as error:
        fail(str(error))
    if statistics:
        checkup.show_statistics()
    if not quiet:
        checkup.tell_of_all(file)
    raise typer.Exit(checkup.code)


@dataclass(slots=True)
class _Checkup:
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
        with bar("checking", "with findings", quiet=self.quiet) as move:
            fresh = self._fresh(results, total_bytes, move)
            for piece in render(fresh, self.format, RULEBOOK, paint):
                typer.echo(piece, nl=False)
        sys.stdout.flush()

    def _fresh(
        self, results: Iterable[Checked], total_bytes: int, move: Report | None
    ) -> Iterator[Problem]:
        """The findings to write, all being counted."""
        done = 0
        for result in results:
            done += result.size
            self.documents += len(result.problems)
            for problems in result.problems:
                fresh = problems if self.collect else list(self.baseline.unknown(problems))
                self.troubled += bool(fresh)
                for problem in fresh:
                    yield from self._counted(problem)
            if move:
                move(done, total_bytes, self.documents, self.troubled)

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

    def _asked(self) -> set[str]:
        """The files that were checked, and those of the baseline that are gone."""
        return self.paths | {path for path in self.baseline.paths if not Path(path).exists()}

    def not_asked(self) -> Mapping[Entry, int]:
        """What the baseline knows of other files and rules than these."""
        return self.baseline.beyond(self._asked(), self.settings.on)

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


def _recipe(path: Path | None, select: str | None, ignore: str | None) -> Recipe:
    """The recipe to check by, the options before it."""
    if path is None:
        path = next((p for p in (Path(RECIPE), Path(PYPROJECT)) if p.is_file()), None)
    recipe = recipe_from(path) if path else Recipe()
    check = recipe.check
    if select is not None:
        check = replace(check, select=codes(select))
    if ignore is not None:
        check = replace(check, ignore=codes(ignore))
    return replace(recipe, check=check)


def _take_in(against: str, identities: Identities, *, quiet: bool) -> None:
    """Take in the documents of a release, from wherever it is."""
    from phusa.comparing import opened
    from phusa.publishing.fetching import FetchError, fetched
    from phusa.release import ReleaseError
    from phusa.release.lines import LineError

    try:
        with fetched(against, progress=sys.stderr.isatty() and not quiet) as folder:
            identities.release(chain.from_iterable(opened(folder).files.values()))
    except (FetchError, ReleaseError) as error:
        fail(str(error))
    except LineError as error:
        fail(f"{against}: cannot be read: {error}; `phusa verify` says more")


def _check(
    recipe: Recipe,
    paths: list[str],
    source: From,
    checkup: _Checkup,
    identities: Identities,
    fix: bool,
    in_place: bool,
) -> None:
    """Check what is named, else what the recipe names, else standard input."""
    from phusa.checking import check, gathered

    streamed: Iterator[Checked] = iter(())
    if "-" in paths:
        streamed = _standard_input(source, checkup.settings)
    found, known = gathered(recipe, [path for path in paths if path != "-"], only=bool(paths))
    for problem in found.missing:
        empty = Path(problem.path).is_dir()  # as a drop folder may be
        checkup.missing = checkup.missing or not empty
        grave = "" if empty else "error: "
        tell(f"{grave}{problem.path}: {problem.message}; the rest goes on")
    if fix:
        _fix(found, checkup.settings, in_place)
        if in_place:
            found, known = gathered(recipe, [p for p in paths if p != "-"], only=bool(paths))
    results = check(
        found,
        checkup.settings,
        identities,
        known=known,
        streamed=streamed,
        workers=checkup.workers,
    )
    checkup.show(results, found)


def _standard_input(source: From, settings: Settings) -> Iterator[Checked]:
    from phusa.checking.work import check_stream

    with input_from("-") as file:
        yield from check_stream(file, "-", media_type(source), settings)


def _fix(found: Found, settings: Settings, in_place: bool) -> None:
    """Write fixed files, and say what was done."""
    from phusa.checking.fixing import KINDS, FixError, fix_file

    cleaning = replace(settings.cleaning, select=settings.on.select, ignore=settings.on.ignore)
    for file in found.files:
        if not file.path.lower().endswith(KINDS):
            continue
        try:
            fixed = fix_file(found.folder / file.path, cleaning, in_place=in_place)
        except FixError as error:
            tell(f"{file.path}: {error}")
            continue
        if fixed is not None:
            rules = ", ".join(f"{count:,} {rule}" for rule, count in sorted(fixed.rules.items()))
            tell(f"{fixed.path}: fixed {rules}")


def _watch(recipe: Recipe, paths: list[str], checkup: _Checkup, identities: Identities) -> None:
    """Check the files of a folder as they come, until it is interrupted."""
    from threading import Event

    from phusa.checking import SUFFIXES, check, gathered
    from phusa.checking.watching import watch
    from phusa.sources.reading import printable

    if len(paths) != 1 or paths == ["-"]:
        fail("--watch needs one folder: phusa check --watch DIR")
    folder = Path(paths[0])
    if not checkup.quiet:
        tell(f"watching {folder}; Ctrl-C ends it")
    try:
        for names in watch(folder, interval_s=WATCH_S, stop=Event(), suffixes=SUFFIXES):
            found, known = gathered(recipe, [str(folder / name) for name in names], only=True)
            here = {printable(file.path) for file in found.files}
            for path in here & checkup.paths:
                identities.forget(path)
            checkup.baseline.again(here)
            results = check(
                found, checkup.settings, identities, known=known, workers=checkup.workers
            )
            checkup.show(results, found)
    except KeyboardInterrupt:
        pass
