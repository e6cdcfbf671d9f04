"""Releases in stores: immutable version folders, and LATEST beside them.

A version is claimed before anything of it is sent: `.pushing` in its folder holds the checksums of
the release that is on its way. They name every byte, so who finds a claim with the same checksums
goes on where the other stopped, and who finds other ones gives way. SHA256SUMS comes last: a folder
without it is no release yet. LATEST is swapped after that, and only forward.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from phusa.publishing.filesystems import Store, opened, plain_errors, shown
from phusa.publishing.latest import LATEST, ahead, content_of, told, version_in
from phusa.publishing.plans import Outgoing, Plan, Pushed, PushError, check_whole, quoted
from phusa.release.manifest import CHECKSUMS, Entry

CLAIM = ".pushing"

_SWAPS = 30
"""Of LATEST, at most: one that fails means that another push moved it forward."""

_PART = re.compile(r"[^\0-\x1f\x7f\\/:]{1,255}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


def plan(release: Outgoing, dest: str) -> Plan:
    """Say what a push to a store would do. Raises PushError where it would."""
    where = _where(release, dest)
    with plain_errors(where):
        store = opened(dest)
        latest = _latest(store)
        notes = told(release.version, latest)
        if _finished(store, release):
            _check_whole(store, release)
            return Plan(where, notes=notes, unchanged=not ahead(release.version, latest))
        resumed = _claimed(store, release)
        missing = _missing(store, release, resumed)
        if resumed:
            there = len(release.files) - len(missing)
            notes = (f"goes on with a push that stopped: {there} files are there", *notes)
        return Plan(where, upload=tuple(missing), notes=notes)


def push(release: Outgoing, dest: str) -> Pushed:
    """Send a release to `dest/<version>` in a store and move LATEST to it, if that is forward.

    Where it was sent before it is left alone; where a push of it stopped, this one goes on. Raises
    PushError where the version is there with other content or is being pushed with other content,
    and for whatever the store and its driver refuse.
    """
    where = _where(release, dest)
    with plain_errors(where):
        store = opened(dest)
        _latest(store)  # what cannot be moved later is better known now
        sent = _send(store, release)
        moved, latest = _move_latest(store, release.version)
    return Pushed(
        where,
        release.version,
        release.content_id,
        unchanged=not (sent or moved),
        notes=told(release.version, latest),
    )


@contextmanager
def fetched(url: str) -> Iterator[Path]:
    """Fetch a release into a folder that is removed afterwards.

    The url is that of a version, or that of a folder with LATEST. All files that are there come
    along, those that no release has too. Raises PushError where there is no release, where it has
    a path that no file can have, and for whatever the store and its driver refuse.
    """
    with TemporaryDirectory(prefix="phusa-") as folder:
        with plain_errors(shown(url)):
            release = _fetch(opened(url), Path(folder))
        yield release


def _where(release: Outgoing, dest: str) -> str:
    return f"{shown(dest).rstrip('/')}/{release.version}"


def _send(store: Store, release: Outgoing) -> bool:
    """Send what is not there yet; return False where all of it is."""
    sums, claim = f"{release.version}/{CHECKSUMS}", f"{release.version}/{CLAIM}"
    if store.read(sums) is None:
        resumed = _claim(store, release)
        if store.read(sums) is None:
            try:
                missing = _missing(store, release, resumed)
            except PushError:
                if not resumed:  # else the next push takes what is there for its own
                    store.remove(claim)
                raise
            for entry in missing:
                if entry.path != CHECKSUMS:
                    store.put(release.folder / entry.path, f"{release.version}/{entry.path}")
            _finish(store, release)
            store.remove(claim)
            return True
    if store.read(claim) is not None:  # of a push that was killed, or came too late
        store.remove(claim)
    if not _finished(store, release):
        return True
    _check_whole(store, release)
    return False


def _claim(store: Store, release: Outgoing) -> bool:
    """Claim the version; return whether this push goes on with another of the same content.

    Raises PushError where one of other content is at work or stopped.
    """
    if _claimed(store, release):
        return True
    made = store.create(release.folder / CHECKSUMS, f"{release.version}/{CLAIM}")
    # Read it again: stores that cannot make a file only where there is none let two pushes in.
    _claimed(store, release)
    return not made


def _finish(store: Store, release: Outgoing) -> None:
    """Make the version a release, now that all else was sent."""
    left = [e.path for e in _missing(store, release, resumed=True) if e.path != CHECKSUMS]
    if left:
        raise PushError(f"{_at(store, release)}/{left[0]}: was sent, but is not there; push again")
    if not _claimed(store, release) and not _finished(store, release):
        raise PushError(f"{_at(store, release)}: somebody took the claim away; push again")
    store.create(release.folder / CHECKSUMS, f"{release.version}/{CHECKSUMS}")
    if not _finished(store, release):
        raise PushError(f"{_at(store, release)}/{CHECKSUMS}: is not there; push again")


def _finished(store: Store, release: Outgoing) -> bool:
    """Tell whether the version is there. Raises PushError where it has other content."""
    other = "is there with other content and never changes; raise dataset.version and build again"
    return _holds(store, release, CHECKSUMS, other)


def _check_whole(store: Store, release: Outgoing) -> None:
    """Raise PushError where files of a version that is there got lost, or others came."""
    check_whole(release, store.files(release.version), _at(store, release))


def _claimed(store: Store, release: Outgoing) -> bool:
    """Tell whether a push of this content began. Raises PushError where one of another did."""
    other = (
        "a push of other content is at work there, or stopped; "
        "remove the folder if it stopped, or raise dataset.version and build again"
    )
    return _holds(store, release, CLAIM, other)


def _holds(store: Store, release: Outgoing, name: str, other: str) -> bool:
    """Tell whether a file is there with the checksums. Raises PushError where it has others."""
    held = store.read(f"{release.version}/{name}")
    if held is not None and held.content != release.checksums:
        raise PushError(f"{_at(store, release)}: {other}")
    return held is not None


def _missing(store: Store, release: Outgoing, resumed: bool) -> list[Entry]:
    """List the files that are to be sent. Raises PushError where others are in the folder.

    The sizes of what is there are enough: all of it came from pushes of the same content, or
    else it is not `resumed`, and nothing may be there.
    """
    there = store.files(release.version)
    there.pop(CLAIM, None)
    sizes = {entry.path: entry.bytes for entry in release.files} if resumed else {}
    if strange := sorted(there.keys() - sizes.keys()):
        raise PushError(
            f"{_at(store, release)}: holds {quoted(strange[0])}, which no push left there; "
            "remove the folder, or raise dataset.version and build again"
        )
    return [entry for entry in release.files if there.get(entry.path) != entry.bytes]


def _at(store: Store, release: Outgoing) -> str:
    return f"{store.url}/{release.version}"


def _latest(store: Store) -> str | None:
    held = store.read(LATEST)
    return None if held is None else version_in(held.content, f"{store.url}/{LATEST}")


def _move_latest(store: Store, version: str) -> tuple[bool, str]:
    """Move LATEST to a version, unless it is there or beyond; return whether, and what it holds."""
    where = f"{store.url}/{LATEST}"
    for _ in range(_SWAPS):
        held = store.read(LATEST)
        latest = version_in(held.content, where) if held else None
        if latest is not None and not ahead(version, latest):
            return False, latest
        if store.replace(LATEST, content_of(version), held):
            return True, version
    raise PushError(f"{where}: others change it all the time; push again")


def _fetch(store: Store, folder: Path) -> Path:
    """Fetch a release into a new folder in `folder`, named like it."""
    version, name = "", store.root.rpartition("/")[2]
    if store.read(CHECKSUMS) is None:
        version = name = _latest(store) or ""
        if not version:
            raise PushError(
                f"{store.url}: no release, which has {CHECKSUMS}, and no {LATEST} that names one"
            )
        if store.read(f"{version}/{CHECKSUMS}") is None:
            raise PushError(f"{store.url}/{version}: no release, or not all of one yet")
    release = folder / (name if _NAME.fullmatch(name) else "release")
    for path in store.files(version):
        if not all(_PART.fullmatch(part) and part not in {".", ".."} for part in path.split("/")):
            raise PushError(f"{store.url}: {quoted(path)} is no path of a release")
        if path != CLAIM:
            file = release / path
            file.parent.mkdir(parents=True, exist_ok=True)
            store.get(f"{version}/{path}" if version else path, file)
    return release
