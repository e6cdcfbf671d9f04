"""What is pushed, what a push would do, and what it did: shared by all destinations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from phusa.release.manifest import Entry

_MOST_CHARS = 80
"""Of a path in a message."""


class PushError(RuntimeError):
    """A release that cannot be pushed: the message says what, where and what to do."""


class UnfitError(PushError):
    """A release that must not leave as it is: not what it says, or with too much personal data."""


class FetchError(RuntimeError):
    """A release that cannot be read from where it is: the message says what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A release that was found fit to leave.

    `files` are all files of its folder, manifest and checksums among them; `checksums` is the
    content of SHA256SUMS, which names every byte of the release.
    """

    folder: Path
    name: str
    version: str
    content_id: str
    files: tuple[Entry, ...]
    checksums: bytes
    personal_data: int
    personal_data_limit: int | None


def check_whole(release: Outgoing, there: Mapping[str, int], where: str) -> None:
    """Raise PushError where a version with the checksums of a release has not all of its files.

    `there` are the files at `where`, by path, with their sizes in bytes. Hidden ones that are of
    no release belong to the place, as `phusa verify` has it.
    """
    sizes = {entry.path: entry.bytes for entry in release.files}
    for path in sorted(sizes.keys() | there.keys()):
        if path not in there:
            wrong = "is missing"
        elif path not in sizes:
            wrong = "" if path.startswith(".") else "is no part of it"
        else:
            wrong = "" if there[path] == sizes[path] else "is not the file that was pushed"
        if wrong:
            raise PushError(
                f"{where}: {quoted(path)} {wrong}; "
                f"remove {where}, or raise dataset.version and build again"
            )


def quoted(path: str) -> str:
    r"""Write a path that others gave as it may stand in a message.

    >>> quoted("a\nb")
    "'a\\nb'"
    """
    return repr(path if len(path) <= _MOST_CHARS else f"{path[:_MOST_CHARS]}…")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a push would do at `where`: nothing where `unchanged`.

    `upload` are files that are not there yet, `delete` paths of files that are no part of this
    version, `notes` what else the user should know.
    """

    where: str
    upload: tuple[Entry, ...] = ()
    delete: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Pushed:
    """A release at its destination.

    `where` is an address that `phusa verify` takes; `revision` names its commit on a hub. `notes`
    are what else the user should know.
    """

    where: str
    version: str
    content_id: str
    revision: str | None = None
    unchanged: bool = False
    notes: tuple[str, ...] = ()
