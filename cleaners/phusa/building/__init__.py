"""The build: raw documents in, a validated release out, or none at all.

The sources are cut into batches; an engine turns each into a part; parts are joined into a release
in a folder of its own, which is moved to its place when it is whole. The bytes of a release depend
on the recipe, the documents and the version before, since which its changelog tells the changes;
not on the number of workers or the order of the paths.
"""

from __future__ import annotations

import csv
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from phusa import __version__, pipeline, sources
from phusa.building.batch import SCHEMA_VIOLATION, TOO_SHORT, Task, clean_batch, reject_inputs
from phusa.building.ids import Ids
from phusa.building.parts import Part, without
from phusa.building.staging import BuildError, keep_audit, places, publish, workplace
from phusa.engines.local import EngineError, Lost, run
from phusa.findings import Registry
from phusa.page import canonical
from phusa.recipe import AUTO, Recipe, RecipeError
from phusa.release import ReleaseError
from phusa.release.manifest import Provenance
from phusa.release.statistics import Statistics
from phusa.sources import Found, load_removals

if TYPE_CHECKING:
    from phusa.building.lineage import Lineage
    from phusa.release.manifest import Entry
    from phusa.release.writer import Records

__all__ = ["RULEBOOK", "RULES", "BuildError", "Progress", "Release", "build", "check_rules"]

RULES = (TOO_SHORT, SCHEMA_VIOLATION)
RULEBOOK = Registry((*pipeline.RULES.values(), *sources.RULES, *RULES))


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was built, and what became of the documents.

    `rejected` counts them by rule, `reported` the damage that was found and could not be repaired,
    such as an unknown encoding; `unchanged` says that the same release was there already.
    `previous` is the version before, and `proposed` what this one should be called by what changed
    since. `removed_keys` are the keys of the removal list that documents were rejected by,
    `idle_keys` those that rejected nothing. `empty_splits` are left out of the release.
    """

    folder: Path
    audit: Path
    version: str
    content_id: str
    documents: int
    records: int
    rejected: Mapping[str, int]
    reported: Mapping[str, int]
    unchanged: bool
    previous: str | None
    proposed: str
    removed_keys: int
    idle_keys: int
    empty_splits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build has come: bytes of the source files, and documents so far."""

    done_bytes: int
    total_bytes: int
    documents: int
    rejected: int


Report = Callable[[Progress], None]


def build(
    recipe: Recipe,
    out: Path,
    *,
    workers: int = 1,
    overwrite: bool = False,
    previous: Path | None = None,
    progress: Report | None = None,
) -> Release:
    """Build the release of a recipe into `out / name / version`, its audit beside it.

    Every document becomes a record or is rejected with a rule. Where the version exists with the
    same content it is left alone. A build that fails or is interrupted leaves nothing behind.

    The changelog tells what changed since `previous`, the folder of a release; without one it is
    the version before this one in `out / name`, if there is any.

    Raises RecipeError where the metadata or a rule code is wrong, BuildError where sources are
    missing, where no record is left, where the version exists with other content and is not to be
    overwritten, where another build works on this dataset, and where files cannot be written.
    """
    recipe, home = _settled(recipe), out / recipe.dataset.name
    check_rules((*recipe.clean.select, *recipe.clean.ignore))
    removals = _removals(recipe)
    try:
        found = _found(recipe, (out, home))
        total_bytes = sum(file.size for file in found.files)
        with (
            workplace(home, recipe.dataset.version) as folder,
            closing(Ids(folder / "ids.sqlite")) as ids,
        ):
            corpus = _Corpus(ids)
            listed = _copied(removals, folder / "removals.csv")
            for part in _parts(recipe, found, folder / "parts", workers, listed):
                corpus.add(part)
                if progress:
                    progress(corpus.progress(total_bytes))
            draft = _drafted(recipe, corpus, folder / "new")
            made = Provenance(__version__, _recipe_sha256(recipe, removals), corpus.inputs_sha256)
            lineage, there = _lineage(
                recipe, corpus, draft, made, home, previous, overwrite=overwrite
            )
            unchanged = there and not overwrite
            if unchanged:
                keep_audit(draft.audit, folder, home, lineage.version)
            else:
                _describe(recipe, corpus, draft, made, lineage)
                unchanged = not publish(folder, home, lineage.version, overwrite=overwrite)
    except (EngineError, ReleaseError) as error:
        raise BuildError(str(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise BuildError(f"cannot write the release: {error}") from error
    found_by = corpus.statistics.findings
    return Release(
        *places(home, lineage.version),
        version=lineage.version,
        content_id=draft.records.content_id,
        documents=corpus.documents,
        records=corpus.statistics.records,
        rejected=dict(sorted(corpus.statistics.rejected.items())),
        reported={code: found_by[code] for code in pipeline.REPORTS if found_by[code]},
        unchanged=unchanged,
        previous=lineage.previous,
        proposed=lineage.proposed,
        removed_keys=len(corpus.removed),
        idle_keys=len(removals - corpus.removed),
        empty_splits=tuple(
            name for name in recipe.splits.names if name not in draft.records.splits
        ),
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """The records and the audit of a release that is not described yet, and their folders."""

    folder: Path
    audit: Path
    records: Records
    audits: Sequence[Entry]


@dataclass(slots=True)
class _Corpus:
    """Parts, joined in their order; ids are unique."""

    ids: Ids
    prefixes: list[Path] = field(default_factory=list)
    statistics: Statistics = field(default_factory=Statistics)
    removed: set[str] = field(default_factory=set)
    documents: int = 0
    size: int = 0
    _inputs: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, part: Part) -> None:
        """Join a part; records with ids that are taken are rejected from it."""
        if taken := self.ids.taken(part.kept):
            part = without(part, taken)
        self.ids.add(part.kept)
        self._inputs.update(part.inputs)
        self.prefixes.append(part.prefix)
        self.removed |= part.removed
        self.statistics.merge(part.statistics)
        self.documents += len(part.inputs) // hashlib.sha256().digest_size
        self.size += part.size

    @property
    def inputs_sha256(self) -> str:
        """Hex digest of all documents that were read."""
        return self._inputs.hexdigest()

    def progress(self, total_bytes: int) -> Progress:
        """How far it has come."""
        rejected = self.statistics.rejected.total()
        return Progress(self.size, total_bytes, self.documents, rejected)


def check_rules(codes: Iterable[str], rulebook: Iterable[str] = RULEBOOK) -> None:
    """Raise RecipeError where a code or prefix is that of no rule."""
    for code in codes:
        if not any(known.startswith(code) for known in rulebook):
            raise RecipeError(f"{code}: no such rule; `phusa rule` lists them")


def _found(recipe: Recipe, skip: Iterable[Path]) -> Found:
    """The files of the recipe. Raises BuildError where some are missing."""
    found = sources.find(recipe.sources.paths, recipe.folder, skip=skip)
    if found.missing:
        first, more = found.missing[0], len(found.missing) - 1
        also = f" (and {more} more)" if more else ""
        raise BuildError(f"{first.path}: {first.message}{also}")
    return found


def _removals(recipe: Recipe) -> frozenset[str]:
    """The keys of the documents that the release may not hold."""
    listed = recipe.sources.removals
    return load_removals(recipe.folder / listed) if listed else frozenset()


def _copied(removals: Iterable[str], copy: Path) -> Path | None:
    """Write the keys for the workers, so that all see the same; None where there are none."""
    keys = sorted(removals)
    if not keys:
        return None
    with copy.open("x", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["key"], *([key] for key in keys)])
    return copy


def _parts(
    recipe: Recipe, found: Found, folder: Path, workers: int, removals: Path | None
) -> Iterator[Part]:
    """The parts of the corpus, in the order of its files."""
    folder.mkdir()
    if found.unreadable:
        yield reject_inputs(folder / "unreadable", map(sources.unreadable, found.unreadable))
    known = {}
    if recipe.sources.metadata is not None:
        table = recipe.folder / recipe.sources.metadata
        known = sources.load_metadata(table, (file.path for file in found.files))
    batches = sources.batches(found.files, found.folder, known)
    tasks = (
        Task(folder / f"{number:06}", batch, recipe.clean, removals)
        for number, batch in enumerate(batches)
    )
    yield from _cleaned(tasks, workers)


def _cleaned(tasks: Iterable[Task], workers: int) -> Iterator[Part]:
    """The part of each task. A batch that is lost is cut down to the document that is to blame."""
    for _, result in run(clean_batch, tasks, workers):
        if not isinstance(result, Lost):
            yield result
            continue
        task = result.batch
        if smaller := sources.split(task.batch):
            again = (
                replace(task, prefix=task.prefix.with_name(f"{task.prefix.name}-{i}"), batch=batch)
                for i, batch in enumerate(smaller)
            )
            yield from _cleaned(again, workers)
        else:
            culprit = sources.lost(task.batch, result.reason)
            yield reject_inputs(task.prefix, [culprit], task.batch.size)


def _drafted(recipe: Recipe, corpus: _Corpus, folder: Path) -> _Draft:
    """Write the records and the audit into a new folder."""
    from phusa.release import audit  # noqa: PLC0415 - pyarrow, which no worker needs
    from phusa.release.writer import write_records  # noqa: PLC0415

    statistics = corpus.statistics
    if corpus.documents != statistics.documents:
        raise BuildError(
            f"{corpus.documents} documents were read, but {statistics.records} records and "
            f"{statistics.rejected.total()} rejected documents written; please report this"
        )
    if not statistics.records:
        raise BuildError(_no_records(statistics))
    release, beside = places(folder, "draft")
    release.mkdir(parents=True)
    beside.mkdir()
    records = write_records(corpus.prefixes, release, splits=recipe.splits)
    return _Draft(release, beside, records, audit.write(corpus.prefixes, beside))


def _lineage(
    recipe: Recipe,
    corpus: _Corpus,
    draft: _Draft,
    made: Provenance,
    home: Path,
    previous: Path | None,
    *,
    overwrite: bool,
) -> tuple[Lineage, bool]:
    """Find the version before and what changed since; and whether the release is there already."""
    from phusa.building.lineage import drafted, since, stands  # noqa: PLC0415 - pyarrow again

    name, version = recipe.dataset.name, recipe.dataset.version
    new = drafted(draft.folder, recipe.dataset, draft.records, corpus.statistics, made)
    lineage = since(new, version, home, previous)
    release, _ = places(home, lineage.version)
    there = release.is_dir() and stands(release, name, new, draft.audits)
    if version == AUTO and release.is_dir() and not (there or overwrite):
        raise BuildError(
            f"version {lineage.version} exists with other content; "
            + ("leave out --previous or pass" if previous else "`phusa verify` tells more;")
            + " --overwrite"
            + ("" if previous else " writes it again")
        )
    return lineage, there


def _describe(
    recipe: Recipe, corpus: _Corpus, draft: _Draft, made: Provenance, lineage: Lineage
) -> None:
    """Write what tells of a draft, and give its folders the name of its version."""
    from phusa.release.writer import describe  # noqa: PLC0415

    describe(
        draft.folder,
        draft.records,
        draft.audits,
        recipe=replace(recipe, dataset=replace(recipe.dataset, version=lineage.version)),
        provenance=made,
        statistics=corpus.statistics,
        rules=RULEBOOK,
        history=lineage.history(recipe.dataset.name),
    )
    folder, audit = places(draft.folder.parent, lineage.version)
    draft.folder.rename(folder)
    draft.audit.rename(audit)


def _no_records(statistics: Statistics) -> str:
    """Why there is nothing to release."""
    if not statistics.documents:
        kinds = ", ".join(sources.SUFFIXES)
        return f"no records: the sources hold no documents; what is read: {kinds}"
    reasons = (
        f"{count:,} {rule} {RULEBOOK[rule].name}"
        for rule, count in statistics.rejected.most_common()
    )
    return f"no records, all documents were rejected: {', '.join(reasons)}"


def _settled(recipe: Recipe) -> Recipe:
    """The recipe with its sources named from its folder, in order, wherever the build runs."""
    folder = Path.cwd() / recipe.folder  # links stay, as they do in the paths
    paths = {
        Path(os.path.relpath(path, folder)).as_posix() if Path(path).is_absolute() else path
        for path in recipe.sources.paths
    }
    return replace(recipe, sources=replace(recipe.sources, paths=tuple(sorted(paths))))


def _recipe_sha256(recipe: Recipe, removals: Iterable[str]) -> str:
    """Hex digest of a settled recipe and its removal list.

    The version is no part of it, as it may follow from the rest, nor is what nothing follows from.
    """
    values = asdict(recipe)
    del values["folder"], values["check"], values["dataset"]["version"]
    values["removals"] = sorted(removals)
    return hashlib.sha256(canonical(values).encode()).hexdigest()
