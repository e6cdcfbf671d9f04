"""Where a release stands among the versions of its dataset: what came before, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import orjson

from phusa.comparing import Difference, Version, compare, opened
from phusa.comparing.changelog import changelog, entry, summary
from phusa.recipe import AUTO, Dataset
from phusa.release import ARTICLE, ReleaseError, tables
from phusa.release.manifest import CHANGELOG, MANIFEST, Entry, Provenance, listing
from phusa.release.markdown import visible
from phusa.release.shards import split_in
from phusa.release.statistics import Statistics
from phusa.release.verify import integrity
from phusa.release.writer import History, Records
from phusa.versions import is_version, numbers
from phusa_schema import load

_MOST_BYTES = 1 << 20
"""Of an earlier changelog; what is larger was not written by a build."""

FIRST = "1.0.0"
"""The first version, where versions follow from what changed."""


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

    def history(self, name: str) -> History:
        """Tell it, for the card and the changelog of the dataset `name`."""
        difference = self.difference
        earlier = None if self.folder is None else _changelog_in(self.folder)
        return History(
            previous=(difference.old.version, difference.old.content_id) if difference else None,
            changes=tuple(summary(difference)) if difference else (),
            changelog=changelog(name, entry(self.version, difference), earlier),
        )


def _changelog_in(folder: Path) -> str | None:
    """The changelog of a release, if it is the file that its manifest lists, and no monster."""
    manifest = orjson.loads((folder / MANIFEST).read_bytes())
    listed = {e["path"]: e for e in manifest["files"]}.get(CHANGELOG)
    file = folder / CHANGELOG
    if listed is None or not file.is_file() or file.stat().st_size > _MOST_BYTES:
        return None
    content = file.read_bytes()
    if sha256(content).hexdigest() != listed["sha256"]:
        return None
    return "\n".join(map(visible, content.decode("utf-8", "replace").split("\n")))


def drafted(
    folder: Path, dataset: Dataset, records: Records, statistics: Statistics, made: Provenance
) -> Version:
    """What a release that is not described yet is to be compared by."""
    files: dict[str, tuple[Path, ...]] = dict.fromkeys(records.splits, ())
    for file in records.jsonl:
        files[split_in(file.path)] += (folder / file.path,)
    return Version(
        name=dataset.name,
        version="",
        schema=ARTICLE,
        content_id=records.content_id,
        columns=tables.columns(load(ARTICLE)),
        statistics=statistics.as_json(),
        files=files,
        splits={split: found.rows for split, found in records.splits.items()},
        made=_made(made, dataset.license_name or dataset.license),
    )


def _made(made: Provenance, licence: str | None) -> dict[str, str]:
    told = {"phusa": made.phusa, "recipe": made.recipe_sha256, "sources": made.sources_sha256}
    return told | ({"licence": licence} if licence else {})


def since(draft: Version, wanted: str, home: Path, given: Path | None) -> Lineage:
    """Compare a draft with the version before it.

    That is the one in the folder `given`, else the last one in `home` before `wanted`, which is a
    version or `auto`; where nothing changed since, `auto` is that version again. Raises
    ReleaseError where it cannot be read, and where it does not come before.
    """
    before = given or _last(home, wanted)
    if before is None:
        return Lineage(FIRST if wanted == AUTO else wanted)
    old = opened(before)
    if old.name != draft.name:
        raise ReleaseError(f"{before}: is a release of {old.name}, not of {draft.name}")
    if wanted != AUTO and numbers(old.version) >= numbers(wanted):
        raise ReleaseError(f"{before}: version {old.version} does not come before {wanted}")
    difference = compare(old, draft)
    if wanted == AUTO and difference.bump == "none":
        return since(draft, old.version, home, None)
    version = difference.proposed if wanted == AUTO else wanted
    side = replace(difference.new, version=version)
    return Lineage(version, before, replace(difference, new=side))


def _last(home: Path, wanted: str) -> Path | None:
    """The folder of the last version in `home` that is before the one wanted."""
    folders = [path for path in home.iterdir() if is_version(path.name) and path.is_dir()]
    if wanted != AUTO:
        folders = [path for path in folders if numbers(path.name) < numbers(wanted)]
    return max(folders, key=lambda path: numbers(path.name), default=None)


def stands(folder: Path, name: str, draft: Version, audits: Sequence[Entry]) -> bool:
    """Tell whether a folder holds the release of a draft already, every file as it was written.

    It may have been described when other versions lay beside it, and tell of other changes.
    """
    manifest, problems = integrity(folder)
    return (
        not problems
        and manifest is not None
        and all(
            (
                manifest["name"] == name,
                manifest["content_id"] == draft.content_id,
                manifest["splits"] == draft.splits,
                manifest["audit"] == listing(audits),
                opened(folder).made == draft.made,
            )
        )
    )
