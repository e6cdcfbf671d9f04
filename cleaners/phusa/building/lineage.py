"""Where a release stands among the versions of its dataset: what came before, what changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from phusa.comparing import Difference, Version, compare, opened
from phusa.comparing.changelog import changelog, entry, summary
from phusa.recipe import AUTO
from phusa.release import ARTICLE, tables
from phusa.release.manifest import CHANGELOG, Provenance
from phusa.release.shards import split_in
from phusa.release.statistics import Statistics
from phusa.release.writer import History, Records
from phusa_schema import load

FIRST = "1.0.0"
"""The first version, where versions follow from what changed."""

_VERSION = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Lineage:
    """A version and the one before it, which lies in `folder`; a first one has none."""

    version: str
    folder: Path | None = None
    difference: Difference | None = None

    @property
    def previous(self) -> str | None:
        """The version before."""
        return self.difference.old.version if self.difference else None

    @property
    def proposed(self) -> str:
        """What the version should be called, by what changed since the one before."""
        return self.difference.proposed if self.difference else self.version

    @property
    def repeats(self) -> bool:
        """Whether there is nothing new: the version is the one before."""
        return self.version == self.previous

    def history(self, name: str) -> History:
        """Tell it, for the card and the changelog of the dataset `name`."""
        difference, earlier = self.difference, None
        if self.folder is not None and (self.folder / CHANGELOG).is_file():
            earlier = (self.folder / CHANGELOG).read_text("utf-8", errors="replace")
        return History(
            previous=(difference.old.version, difference.old.content_id) if difference else None,
            changes=tuple(summary(difference)) if difference else (),
            changelog=changelog(name, entry(self.version, difference), earlier),
        )


def drafted(
    folder: Path, name: str, records: Records, statistics: Statistics, made: Provenance
) -> Version:
    """What a release that is not described yet is to be compared by."""
    files: dict[str, tuple[Path, ...]] = dict.fromkeys(records.splits, ())
    for file in records.jsonl:
        files[split_in(file.path)] += (folder / file.path,)
    return Version(
        name=name,
        version="",
        schema=ARTICLE,
        content_id=records.content_id,
        columns=tables.columns(load(ARTICLE)),
        statistics=statistics.as_json(),
        files=files,
        splits={split: found.rows for split, found in records.splits.items()},
        made={"phusa": made.phusa, "recipe": made.recipe_sha256, "sources": made.sources_sha256},
    )


def since(draft: Version, wanted: str, home: Path, given: Path | None) -> Lineage:
    """Compare a draft with the version before it.

    That is the one in the folder `given`, else the last one in `home` before `wanted`, which is a
    version or `auto`. Raises ReleaseError where it cannot be read.
    """
    before = given or _last(home, wanted)
    if before is None:
        return Lineage(FIRST if wanted == AUTO else wanted)
    difference = compare(opened(before), draft)
    version = difference.proposed if wanted == AUTO else wanted
    side = replace(difference.new, version=version)
    return Lineage(version, before, replace(difference, new=side))


def _last(home: Path, wanted: str) -> Path | None:
    """The folder of the last version in `home` that is before the one wanted."""
    folders = [path for path in home.iterdir() if _VERSION.fullmatch(path.name) and path.is_dir()]
    if wanted != AUTO:
        folders = [path for path in folders if _numbers(path.name) < _numbers(wanted)]
    return max(folders, key=lambda path: _numbers(path.name), default=None)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
