"""The build: raw documents in, a validated release out, or none at all.

The sources are cut into batches; an engine turns each into a part; parts are joined into a release
in a folder of its own, which is moved to its place when it is whole. The bytes of a release depend
on the recipe and the documents, not on the number of workers or the order of the paths.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from phusa import __version__, pipeline, sources
from phusa.building.batch import SCHEMA_VIOLATION, TOO_SHORT, Task, clean_batch, reject_inputs
from phusa.building.parts import Part, without
from phusa.building.staging import BuildError, places, publish, workplace
from phusa.engines.local import EngineError, Lost, run
from phusa.findings import Registry
from phusa.page import canonical
from phusa.recipe import Cleaning, Recipe, RecipeError
from phusa.release import ReleaseError
from phusa.release.manifest import Provenance
from phusa.release.statistics import Statistics
from phusa.sources import Found

if TYPE_CHECKING:
    from phusa.release.writer import Written

__all__ = ["RULEBOOK", "RULES", "BuildError", "Progress", "Release", "build", "check_rules"]

RULES = (TOO_SHORT, SCHEMA_VIOLATION)
RULEBOOK = Registry((*pipeline.RULES.values(), *sources.RULES, *RULES))


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was built, and what became of the documents.

    `rejected` counts them by rule, `reported` the damage that was found and could not be repaired,
    such as an unknown encoding; `unchanged` says that the same release was there already.
    """

    folder: Path
    audit: Path
    content_id: str
    documents: int
    records: int
    rejected: Mapping[str, int]
    reported: Mapping[str, int]
    unchanged: bool


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
    progress: Report | None = None,
) -> Release:
    """Build the release of a recipe into `out / name / version`, its audit beside it.

    Every document becomes a record or is rejected with a rule. Where the version exists with the
    same content it is left alone. A build that fails or is interrupted leaves nothing behind.

    Raises RecipeError where the metadata or a rule code is wrong, BuildError where sources are
    missing, where no record is left, where the version exists with other content and is not to be
    overwritten, where another build works on this dataset, and where files cannot be written.
    """
    version, home = recipe.dataset.version, out / recipe.dataset.name
    check_rules(recipe.clean)
    try:
        found = _found(recipe, (out, home))
        total_bytes = sum(file.size for file in found.files)
        with workplace(home, version) as folder:
            corpus = _Corpus()
            for part in _parts(recipe, found, folder / "parts", workers):
                corpus.add(part)
                if progress:
                    progress(corpus.progress(total_bytes))
            release = _write(recipe, corpus, folder / "new")
            changed = publish(folder, home, version, overwrite=overwrite)
    except (EngineError, ReleaseError) as error:
        raise BuildError(str(error)) from error
    except OSError as error:
        raise BuildError(f"cannot write the release: {error}") from error
    found_by = corpus.statistics.findings
    return Release(
        *places(home, version),
        content_id=release.content_id,
        documents=corpus.documents,
        records=corpus.statistics.records,
        rejected=dict(sorted(corpus.statistics.rejected.items())),
        reported={code: found_by[code] for code in pipeline.REPORTS if found_by[code]},
        unchanged=not changed,
    )


@dataclass(slots=True)
class _Corpus:
    """Parts, joined in their order; ids are unique."""

    prefixes: list[Path] = field(default_factory=list)
    statistics: Statistics = field(default_factory=Statistics)
    documents: int = 0
    size: int = 0
    _paths: dict[str, str] = field(default_factory=dict)  # of the record with each id
    _inputs: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, part: Part) -> None:
        """Join a part; records with ids that are taken are rejected from it."""
        taken = {name: self._paths[name] for name, _ in part.kept if name in self._paths}
        if taken:
            part = without(part, taken)
        self._paths.update(part.kept)
        self._inputs.update(part.inputs)
        self.prefixes.append(part.prefix)
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


def check_rules(cleaning: Cleaning) -> None:
    """Raise RecipeError where rules are selected or ignored that there are not."""
    for code in (*cleaning.select, *cleaning.ignore):
        if not any(known.startswith(code) for known in RULEBOOK):
            raise RecipeError(f"{code}: no such rule; `phusa rule` lists them")


def _found(recipe: Recipe, skip: Iterable[Path]) -> Found:
    """The files of the recipe. Raises BuildError where some are missing."""
    found = sources.find(recipe.sources.paths, recipe.folder, skip=skip)
    if found.missing:
        first, more = found.missing[0], len(found.missing) - 1
        also = f" (and {more} more)" if more else ""
        raise BuildError(f"{first.path}: {first.message}{also}")
    return found


def _parts(recipe: Recipe, found: Found, folder: Path, workers: int) -> Iterator[Part]:
    """The parts of the corpus, in the order of its files."""
    folder.mkdir()
    if found.unreadable:
        yield reject_inputs(folder / "unreadable", map(sources.unreadable, found.unreadable))
    known = {}
    if recipe.sources.metadata is not None:
        table = recipe.folder / recipe.sources.metadata
        known = sources.load_metadata(table, (file.path for file in found.files))
    batches = sources.batches(found.files, found.folder, known)
    yield from _cleaned(
        (Task(folder / f"{i:06}", batch, recipe.clean) for i, batch in enumerate(batches)), workers
    )


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


def _write(recipe: Recipe, corpus: _Corpus, folder: Path) -> Written:
    """Write the release and its audit into a new folder."""
    from phusa.release.writer import write  # noqa: PLC0415 - pyarrow, which no worker needs

    statistics = corpus.statistics
    if corpus.documents != statistics.documents:
        raise BuildError(
            f"{corpus.documents} documents were read, but {statistics.records} records and "
            f"{statistics.rejected.total()} rejected documents written; please report this"
        )
    if not statistics.records:
        raise BuildError(_no_records(statistics))
    release, audit = places(folder, recipe.dataset.version)
    release.mkdir(parents=True)
    audit.mkdir()
    provenance = Provenance(__version__, _recipe_sha256(recipe), corpus.inputs_sha256)
    return write(
        corpus.prefixes,
        release,
        audit,
        dataset=recipe.dataset,
        provenance=provenance,
        statistics=statistics,
        rules=RULEBOOK,
    )


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


def _recipe_sha256(recipe: Recipe) -> str:
    """Hex digest of a recipe, wherever it lies and in whatever order it names its sources."""
    values = asdict(recipe)
    del values["folder"]
    values["sources"]["paths"] = sorted(set(recipe.sources.paths))
    return hashlib.sha256(canonical(values).encode()).hexdigest()
