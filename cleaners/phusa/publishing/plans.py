"""What is pushed, what a push would do, and what it did: shared by all destinations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from phusa.release.manifest import Entry


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
