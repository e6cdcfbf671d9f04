"""The check: newly scraped files and finished records in, problems out.

Files are cut into batches as for a build; workers check the documents of a batch alone, and what
depends on others (ids, urls, texts seen before or released) is told when their results come in, in
the order of the files. So the problems are the same whatever the number of workers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

from phusa import building, sources
from phusa.building.batch import SCHEMA_VIOLATION
from phusa.checking.identity import Identities
from phusa.checking.parquet import PARQUET, Group, groups
from phusa.checking.problem import Problem, of_all
from phusa.checking.rules import ALREADY_RELEASED, CHANGED_SINCE, RULES
from phusa.checking.work import Checked, Settings, Task, check_batch, check_rows, unread
from phusa.engines.local import Lost, run
from phusa.findings import Registry, Selection
from phusa.recipe import Recipe
from phusa.release.manifest import CHECKSUMS, MANIFEST
from phusa.sources import Batch, File, Found, Known
from phusa.sources.reading import printable

__all__ = [
    "QUIET",
    "RULEBOOK",
    "Checked",
    "Identities",
    "Problem",
    "Settings",
    "check",
    "check_row",
    "gathered",
    "settled",
    "sought",
]

RULEBOOK = Registry((*building.RULEBOOK.values(), *RULES))
"""Every rule there is."""

QUIET = ("ENC033", "ENC034", "ENC035", "ENC070", "ENC071", "ENC072", "ENC073", "ENC074")
"""Rules that are off unless rules are selected: blanks, line ends and spelling of pages as found,
which harm nothing and which cleaning puts right."""

UNREAD = ("SRC", SCHEMA_VIOLATION.code, "DUP")
"""Rules that need no look at the text of a page or record."""

SUFFIXES = (*sources.SUFFIXES, PARQUET)


def settled(recipe: Recipe, today: date | None = None, *, compared: bool = False) -> Settings:
    """What is looked for by a recipe; `today` is a day in UTC unless it is given.

    Without a release that is `compared` with, nothing is asked about one. Raises RecipeError where
    the recipe selects rules that there are not.
    """
    chosen = recipe.check
    building.check_rules((*chosen.select, *chosen.ignore), RULEBOOK)
    quiet = () if chosen.select else QUIET
    unasked = () if compared else (ALREADY_RELEASED.code, CHANGED_SINCE.code)
    on = Selection(chosen.select or ("",), (*chosen.ignore, *quiet, *unasked))
    reading = any(code in on for code in RULEBOOK if not code.startswith(UNREAD))
    today = today or datetime.now(UTC).date()
    return Settings(on, recipe.clean, chosen.require, today, reading)


def gathered(
    recipe: Recipe, paths: Sequence[str], *, only: bool = False
) -> tuple[Found, dict[str, Known]]:
    """Find the files to check, and what the recipe's metadata says of them, all from this folder.

    They are those of the paths, or else, unless it is to be `only` these, the sources of the
    recipe. Raises RecipeError where the metadata cannot
    be read, or names a file that is no source.
    """
    home = recipe.folder
    named = [str(home / path) for path in recipe.sources.paths]
    found = sought(paths if paths or only else named, Path())
    if recipe.sources.metadata is None:
        return found, {}
    names = {Path(os.path.relpath(f.path, home)).as_posix(): f.path for f in found.files}
    table = sources.load_metadata(home / recipe.sources.metadata, names, partly=only)
    return found, {names[name]: known for name, known in table.items()}


def sought(paths: Iterable[str], folder: Path, *, skip: Iterable[Path] = ()) -> Found:
    """Find the files to check, as `sources.find` does, Parquet too.

    A release stands for its JSON lines; that its Parquet has the same rows is for `verify` to say.
    """
    named = (f"{path}/jsonl" if _is_release(folder / path) else path for path in paths)
    return sources.find(named, folder, skip=skip, suffixes=SUFFIXES)


def _is_release(folder: Path) -> bool:
    try:
        return (folder / MANIFEST).is_file() and (folder / CHECKSUMS).is_file()
    except OSError:  # whoever reads it says why it cannot be read
        return False


def check(
    found: Found,
    settings: Settings,
    identities: Identities,
    *,
    known: Mapping[str, Known] | None = None,
    streamed: Iterable[Checked] = (),
    workers: int = 1,
) -> Iterator[Checked]:
    """Check files, a batch at a time, in their order; then what is `streamed`.

    `identities` are the documents that were seen before; those of the files are taken in. `known`
    says by path what is known of a file beside its text. Raises EngineError where workers cannot
    work.
    """
    for problem in found.unreadable:
        yield unread(printable(problem.path), problem.message)
    done = _done(_tasks(found, settings, known), workers)
    for one in chain(done, streamed):
        yield _with_repeated(one, identities, settings)


def check_row(row: Mapping[str, object], settings: Settings) -> list[Problem]:
    """Check a finished record, or a row of a raw page, alone. Raises TypeError or ValueError where
    it cannot be written as JSON.
    """
    try:
        raw = json.dumps(dict(row), default=_plain).encode()  # as it would stand in a file, NaN too
    except RecursionError:
        raise ValueError("the row is nested too deep to be JSON") from None
    (problems,) = check_rows([raw], "", settings).problems
    return list(problems)


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _with_repeated(done: Checked, identities: Identities, settings: Settings) -> Checked:
    """A result with what is told of documents that were seen before, which it is one of now."""
    problems = list(done.problems)
    places = {one.document: one for one in done.identities}
    for document, finding in identities.repeated(done.identities):
        if finding.rule in settings.on:
            one = places[document]
            problems[document] = (*problems[document], of_all(finding, one.path, one.line))
    return replace(done, problems=tuple(problems))


def _tasks(
    found: Found, settings: Settings, known: Mapping[str, Known] | None
) -> Iterator[Task | Checked]:
    """The work, in the order of the files; where a file cannot be cut, what there is to say."""
    plain: list[File] = []
    for file in found.files:
        if not file.path.lower().endswith(PARQUET):
            plain.append(file)
            continue
        for batch in sources.batches(plain, found.folder, known):
            yield Task(batch, settings)
        plain = []
        try:
            parts: Sequence[Group] = groups(file, found.folder)
        except OSError as error:
            yield unread(printable(file.path), f"cannot be read: {error.strerror or error}")
            continue
        for part in parts:
            yield Task(part, settings)
    for batch in sources.batches(plain, found.folder, known):
        yield Task(batch, settings)


def _done(tasks: Iterable[Task | Checked], workers: int) -> Iterator[Checked]:
    """The result of each task; a batch that is lost is cut down to the document that did it."""
    for _, result in run(check_batch, tasks, workers):
        if not isinstance(result, Lost):
            yield result
            continue
        task = result.batch
        assert isinstance(task, Task)
        batch = task.batch
        smaller = sources.split(batch) if isinstance(batch, Batch) else []
        if smaller:
            yield from _done([Task(part, task.settings) for part in smaller], workers)
        elif isinstance(batch, Batch):
            culprit = sources.lost(batch, result.reason).finding
            (piece,) = batch.pieces
            line = None if piece.media_type else piece.line
            yield unread(printable(piece.path), culprit.message, culprit.rule, line)
        else:
            yield unread(printable(batch.path), f"its worker died: {result.reason}")
