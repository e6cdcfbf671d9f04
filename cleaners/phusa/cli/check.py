"""`phusa check`: what is wrong with newly scraped files, or with finished records."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from phusa.cli.checkup import WHOLE, Checkup, Format
from phusa.cli.options import From, Quiet, codes, input_from, media_type, recipe_from
from phusa.cli.output import fail, tell
from phusa.recipe import PYPROJECT, RECIPE, Recipe, RecipeError

if TYPE_CHECKING:
    from phusa.checking import Checked, Identities, Settings
    from phusa.sources import Found


WATCH_S = 1.0
"""Between two looks at a folder that is watched, in seconds."""


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
        checkup = Checkup(
            settled(chosen, compared=against is not None),
            before or Baseline({}, file or Path(RECIPE)),
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
            baseline.write(file, baseline.dumps(checkup.known()))
    except (BaselineError, EngineError, RecipeError) as error:
        fail(str(error))
    except sqlite3.Error as error:
        fail(f"cannot keep what was seen: {error}; TMPDIR names the folder for temporary files")
    if statistics:
        checkup.show_statistics()
    if not quiet:
        checkup.tell_of_all(file)
    raise typer.Exit(checkup.code)


def _recipe(path: Path | None, select: str | None, ignore: str | None) -> Recipe:
    """The recipe to check by, the options before it."""
    if path is None:
        path = next((p for p in (Path(RECIPE), Path(PYPROJECT)) if p.is_file()), None)
    recipe = recipe_from(path) if path else Recipe()
    check = recipe.check
    if select is not None:  # whoever asks for a rule is told, whatever the recipe says
        check = replace(check, select=codes(select), ignore=())
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
    checkup: Checkup,
    identities: Identities,
    fix: bool,
    in_place: bool,
) -> None:
    """Check what is named, else what the recipe names, else standard input."""
    from phusa.checking import check, gathered

    streamed: Iterator[Checked] = iter(())
    if "-" in paths:
        checkup.paths.add("-")
        streamed = _standard_input(source, checkup.settings)
    sources = [str(recipe.folder / path) for path in recipe.sources.paths]
    checkup.roots = paths or sources
    found, known = gathered(recipe, [path for path in paths if path != "-"], only=bool(paths))
    for problem in found.missing:
        empty = _is_empty(Path(problem.path))  # as a drop folder may be
        checkup.missing = checkup.missing or not empty
        grave = "" if empty else "error: "
        tell(f"{grave}{problem.path}: {problem.message}; the rest goes on")
    if fix:
        _fix(found, checkup, in_place)
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


def _is_empty(folder: Path) -> bool:
    try:
        return not any(folder.iterdir())
    except (OSError, ValueError):
        return False


def _standard_input(source: From, settings: Settings) -> Iterator[Checked]:
    from phusa.checking.work import check_stream

    with input_from("-") as file:
        yield from check_stream(file, "-", media_type(source), settings)


def _fix(found: Found, checkup: Checkup, in_place: bool) -> None:
    """Write fixed files, and say what was done."""
    from phusa.checking.fixing import KINDS, SUFFIX, FixError, fix_file

    settings = checkup.settings
    cleaning = replace(settings.cleaning, select=settings.on.select, ignore=settings.on.ignore)
    for file in found.files:
        if not file.path.lower().endswith(KINDS):
            continue
        try:
            fixed = fix_file(found.folder / file.path, cleaning, in_place=in_place)
        except FixError as error:
            tell(f"{file.path}: {error}")
            continue
        if fixed is not None and not checkup.quiet:
            rules = ", ".join(f"{count:,} {rule}" for rule, count in sorted(fixed.rules.items()))
            tell(f"{file.path}{'' if in_place else SUFFIX}: fixed {rules}")


def _watch(recipe: Recipe, paths: list[str], checkup: Checkup, identities: Identities) -> None:
    """Check the files of a folder as they come, until it is interrupted."""
    from threading import Event

    from phusa.checking import SUFFIXES, check, gathered
    from phusa.checking.watching import watch
    from phusa.sources.reading import printable

    if len(paths) != 1 or paths == ["-"]:
        fail("--watch needs one folder: phusa check --watch DIR")
    folder = Path(paths[0])
    checkup.roots = paths
    if not folder.is_dir():
        fail(f"{folder}: no such folder; make it before it is watched")
    if not checkup.quiet:
        tell(f"watching {folder}; Ctrl-C ends it")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what service managers send
    try:
        for names in watch(folder, interval_s=WATCH_S, stop=Event(), suffixes=SUFFIXES):
            found, known = gathered(recipe, [str(folder / name) for name in names], only=True)
            here = {printable(file.path) for file in found.files}
            gone = {path for path in checkup.paths if not os.path.lexists(path)}
            for path in gone | (here & checkup.paths):
                identities.forget(path)
            checkup.paths -= gone
            checkup.baseline.again(here)
            results = check(
                found, checkup.settings, identities, known=known, workers=checkup.workers
            )
            checkup.show(results, found)
    except KeyboardInterrupt:
        pass
