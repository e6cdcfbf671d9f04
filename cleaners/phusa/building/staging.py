"""Where a release is built, and how it gets to its place: whole or not at all."""

from __future__ import annotations

import filecmp
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

_MARK = ".building-"


class BuildError(RuntimeError):
    """A release that cannot be built: the message says why and what to do."""


@contextmanager
def workplace(home: Path, version: str) -> Iterator[Path]:
    """Make a folder in `home` to build a version in, and remove it afterwards, whatever happens.

    What a killed build left behind is put in order first: a release that it had moved away comes
    back, everything else goes. Raises BuildError while another build works in `home`; OSError.
    """
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home):
        for left in home.glob(f".*{_MARK}*"):
            _clear(left, home)
        folder = Path(mkdtemp(prefix=f".{version}{_MARK}", dir=home))
        try:
            yield folder
        finally:
            _clear(folder, home)
            with suppress(OSError):  # it holds releases
                home.rmdir()


def places(folder: Path, version: str) -> tuple[Path, Path]:
    """Where in a folder the release of a version lies, and its audit."""
    return folder / version, folder / f"{version}.audit"


def publish(folder: Path, home: Path, version: str, *, overwrite: bool) -> bool:
    """Move a version from `folder / "new"` to `home`; return False where the same is there already.

    Raises BuildError where the version is there with other content, unless `overwrite`; OSError.
    """
    release, audit = places(home, version)
    new_release, new_audit = places(folder / "new", version)
    unchanged = _same(new_release, release)
    if unchanged and _same(new_audit, audit):
        return False
    if release.exists() and not unchanged and not overwrite:
        raise BuildError(
            f"version {version} exists with other content; "
            "raise dataset.version or pass --overwrite"
        )
    (folder / "old").mkdir()
    for place in (release, audit):
        if place.exists():
            place.rename(folder / "old" / place.name)
    new_audit.rename(audit)
    new_release.rename(release)  # last: a release never lacks its audit
    return not unchanged


def _clear(folder: Path, home: Path) -> None:
    """Remove a workplace; a release that was moved there and has no successor goes back first."""
    for release in list((folder / "old").glob("*[0-9]")):  # an audit ends in a letter
        _, audit = places(folder / "old", release.name)
        if not (home / release.name).exists():
            if audit.exists():
                shutil.rmtree(home / audit.name, ignore_errors=True)
                audit.rename(home / audit.name)
            release.rename(home / release.name)
    shutil.rmtree(folder, ignore_errors=True)


def _same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files, byte for byte."""
    files = _files(one)
    return files == _files(other) and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in files
    )


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Keep other builds out of `home`. The lock ends with this process, however it ends."""
    if sys.platform == "win32":  # a folder cannot be locked there
        yield
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    lock = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise BuildError(f"{home}: another build works here; wait until it is done") from None
    except OSError:  # a file system without locks
        pass
    try:
        yield
    finally:
        os.close(lock)
