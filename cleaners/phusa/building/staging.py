"""Where a release is built, and how it gets to its place: whole or not at all."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from phusa.release.locks import locked

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
    with _alone(home):
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


def keep_audit(new: Path, folder: Path, home: Path, version: str) -> None:
    """Move an audit to the release it is of, where that one lost its own. Raises OSError."""
    _, audit = places(home, version)
    if not _same(new, audit):
        (folder / "old").mkdir()
        if audit.exists():
            audit.rename(folder / "old" / audit.name)
        new.rename(audit)


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
def _alone(home: Path) -> Iterator[None]:
    """Keep other builds and pushes out of `home`. Raises BuildError where one is at work."""
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(home))
        except BlockingIOError:
            raise BuildError(f"{home}: another build works here; wait until it is done") from None
        yield
