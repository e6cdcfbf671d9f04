"""What may leave: a release that is what it says, with no more personal data than it may hold."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

from phusa.publishing.plans import Outgoing, UnfitError
from phusa.release import contents, described
from phusa.release.manifest import CHECKSUMS, MANIFEST, Entry, entry
from phusa.release.verify import integrity

_WAYS = "redact it ([clean] redact), take the records out ([sources] removals) or"


def outgoing(folder: Path) -> Outgoing:
    """Check a release as `phusa verify` does but for loading, and list what is to leave.

    Raises UnfitError where it is not what it says or holds more than the limit of its recipe.
    """
    manifest, problems = integrity(folder)
    if manifest is not None and not problems:  # its counts are relied on below
        rows = contents.check(folder, manifest, contents.Seen())
        problems = list(islice(chain(rows, described.check(folder, manifest)), 1))
    if problems or manifest is None:
        first = problems[0]
        raise UnfitError(
            f"{folder}: {first.path}: {first.message}; not pushed, see `phusa verify {folder}`"
        )
    pieces: Mapping[str, int] = manifest["statistics"]["personal_data"]
    total, limit = sum(pieces.values()), manifest["personal_data_limit"]
    if limit is not None and total > limit:
        raise UnfitError(
            f"{folder}: holds {_told(pieces)}, more than dataset.personal_data_limit = {limit}; "
            f"{_WAYS} raise the limit"
        )
    return Outgoing(
        folder=folder,
        name=manifest["name"],
        version=manifest["version"],
        content_id=manifest["content_id"],
        files=_files(folder, manifest["files"]),
        checksums=(folder / CHECKSUMS).read_bytes(),
        personal_data=total,
        personal_data_limit=limit,
    )


def check_public(release: Outgoing) -> None:
    """Raise UnfitError where all could read personal data that its recipe sets no limit to."""
    if release.personal_data and release.personal_data_limit is None:
        raise UnfitError(
            f"{release.folder}: {release.personal_data:,} pieces of personal data would be public; "
            f"{_WAYS} say how many may stay (dataset.personal_data_limit)"
        )


def _told(pieces: Mapping[str, int]) -> str:
    """Put counts by kind into words.

    >>> _told({"emails": 1200, "identity_numbers": 1, "phones": 0})
    '1,200 emails, 1 identity numbers'
    """
    counted = (f"{count:,} {kind.replace('_', ' ')}" for kind, count in pieces.items() if count)
    return ", ".join(counted)


def _files(folder: Path, listed: list[dict[str, Any]]) -> tuple[Entry, ...]:
    """All files, by path: those that the manifest lists, itself and the checksums."""
    files = [Entry(**e) for e in listed]
    files += [entry(folder, MANIFEST), entry(folder, CHECKSUMS)]
    return tuple(sorted(files, key=lambda file: file.path))
