"""Releases in plain folders: staged beside their place, then renamed, so whole or not there.

Pushes to one folder may run at the same time. Each keeps a lock on its own stage while it works,
which tells the others that it is alive, and one on the destination for the moment of the rename.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from phusa.publishing.addresses import of_folder
from phusa.publishing.filesystems import one_line
from phusa.publishing.latest import LATEST, ahead, content_of, told, version_in
from phusa.publishing.plans import Outgoing, Plan, Pushed, PushError, check_whole
from phusa.release.locks import locked
from phusa.release.manifest import CHECKSUMS, sha256

_MARK = ".pushing-"
_STAGES = f".*{_MARK}*"
_PATIENCE_S = 30.0
"""For others to be done with a destination, which they hold for a moment only."""


def plan(release: Outgoing, dest: str) -> Plan:
    """Say what a push to a folder would do. Raises PushError where it would."""
    home = _home(release, dest)
    with _plain_errors(home):
        latest = _latest(home)
        notes = told(release.version, latest)
        there = _is_there(release, home)
        unchanged = there and not ahead(release.version, latest)
        if not unchanged:
            _check_writable(home)
    where = of_folder(home / release.version)
    if there:
        return Plan(where, notes=notes, unchanged=unchanged)
    return Plan(where, upload=release.files, notes=notes)


def push(release: Outgoing, dest: str) -> Pushed:
    """Copy a release to `dest/<version>` and move LATEST to it, if that is forward.

    `dest` is a path or a `file://` url; it is made if it is not there. A push that is killed leaves
    no version or all of it, and what it had staged goes with the next push. Raises PushError where
    the version is there with other content, and where files cannot be read or written.
    """
    home = _home(release, dest)
    with _plain_errors(home):
        changed = ahead(release.version, _latest(home)) or not _is_there(release, home)
        if changed or any(home.glob(_STAGES)):
            _check_writable(home)
            home.mkdir(parents=True, exist_ok=True)
            with _stage(home, release.version) as stage:
                changed = _put(release, home, stage)
        notes = told(release.version, _latest(home))
    return Pushed(
        of_folder(home / release.version),
        release.version,
        release.content_id,
        unchanged=not changed,
        notes=notes,
    )


def _home(release: Outgoing, dest: str) -> Path:
    """The folder that is meant. Raises PushError where it is none, or is that of the release."""
    home = Path(dest.removeprefix("file://"))
    if home.resolve().is_relative_to(release.folder.resolve()):
        raise PushError(f"{home}: lies in the release itself; name another folder")
    if (home / release.version).resolve() == release.folder.resolve():
        raise PushError(f"{home}: the release lies there already; name another folder")
    nearest = _nearest(home)
    if not nearest.is_dir():
        raise PushError(f"{nearest}: is a file; name a folder")
    return home


def _nearest(home: Path) -> Path:
    """The folder itself, or what there is on the way to it."""
    return next(path for path in (home, *home.absolute().parents) if os.path.lexists(path))


def _check_writable(home: Path) -> None:
    """Raise PushError where nothing may be written to a folder, or where it would be made."""
    nearest = _nearest(home)
    if not os.access(nearest, os.W_OK | os.X_OK):
        within = "" if nearest == home else f" in {nearest}"
        raise PushError(
            f"{home}: no permission to write{within}; name another folder, or ask for the right to"
        )


def _put(release: Outgoing, home: Path, stage: Path) -> bool:
    """Bring a release to its place and LATEST up to date; return False where both are."""
    staged = stage / release.version
    if not _is_there(release, home):
        _copy(release, staged)
    with _alone(home):
        copied = not _is_there(release, home)
        if copied:
            staged.rename(home / release.version)
            _flush(home)
        moved = ahead(release.version, _latest(home))
        if moved:
            (stage / LATEST).write_bytes(content_of(release.version))
            _flush(stage / LATEST)
            (stage / LATEST).replace(home / LATEST)
            _flush(home)
    return copied or moved


def _is_there(release: Outgoing, home: Path) -> bool:
    """Tell whether the version is there. Raises PushError where it is not as it was pushed."""
    folder = home / release.version
    if not os.path.lexists(folder):
        return False
    sums = folder / CHECKSUMS
    if not sums.is_file():
        raise PushError(
            f"{folder}: is there, but is no release; "
            "remove it, or raise dataset.version and build again"
        )
    if sums.read_bytes() != release.checksums:
        raise PushError(
            f"{folder}: is there with other content and never changes; "
            "raise dataset.version and build again"
        )
    check_whole(release, _sizes(folder), str(folder))
    return True


def _sizes(folder: Path) -> dict[str, int]:
    """Measure every file below a folder, by path within it, in bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def _latest(home: Path) -> str | None:
    try:
        with (home / LATEST).open("rb") as file:
            return version_in(file.read(100), str(home / LATEST))
    except FileNotFoundError:
        return None


def _copy(release: Outgoing, folder: Path) -> None:
    """Copy a release so that a power cut does not lose it. Raises PushError where it changes."""
    for entry in release.files:
        file = folder / entry.path
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release.folder / entry.path, file)
        _flush(file)
        if sha256(file) != entry.sha256:
            raise PushError(
                f"{release.folder / entry.path}: changed while it was copied; "
                "build the release again and push it"
            )
    for inner in {folder, *(path for path in folder.rglob("*") if path.is_dir())}:
        _flush(inner)


def _flush(path: Path) -> None:
    """Have what was written to a file or a folder reach the disk."""
    if sys.platform == "win32":  # nothing that is opened for reading can be flushed there
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _stage(home: Path, version: str) -> Iterator[Path]:
    """Make a folder in `home` to stage a version in, and remove it afterwards."""
    with ExitStack() as stack:
        with _alone(home):  # so that nobody takes the new stage for one of the dead
            for left in home.glob(_STAGES):
                _clear(left)
            stage = Path(mkdtemp(prefix=f".{version}{_MARK}", dir=home))
            stack.enter_context(locked(stage))
        stack.callback(shutil.rmtree, stage, ignore_errors=True)
        yield stage


def _clear(stage: Path) -> None:
    """Remove a stage, if the push that made it is dead: its lock went with it."""
    with suppress(OSError), locked(stage) as alone:
        if alone:
            shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Keep other pushes out of `home`. Raises PushError where one stays too long."""
    end = time.monotonic() + _PATIENCE_S
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locked(home))
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise PushError(
                        f"{home}: another push or build works here; wait until it is done"
                    ) from None
                time.sleep(0.02)
        yield


@contextmanager
def _plain_errors(home: Path) -> Iterator[None]:
    """Turn what the system raises into a PushError of one line, which names no stage."""
    try:
        yield
    except OSError as error:
        name = str(error.filename or home)
        raise PushError(f"{home if _MARK in name else name}: {one_line(error)}") from error
