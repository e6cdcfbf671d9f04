"""Files that take the place of others: whole, or not at all."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

_OWNER_ONLY = 0o600
_AS_USUAL = 0o666  # the process's mask takes from it


def put(
    path: Path,
    pieces: Iterable[bytes],
    like: os.stat_result | None = None,
    check: Callable[[], None] | None = None,
) -> None:
    """Write a file of `pieces` and move it to `path`, in the place of what is there.

    Whatever happens meanwhile, at `path` is the old file or the whole new one; a process that is
    killed may leave a hidden file beside it. A link at `path` is replaced, not followed. The new
    file gets the mode bits of `like`, and its owner where that is allowed. `check` is called right
    before the move; what it raises, and what `pieces` raise, leaves the old file. Raises OSError.
    """
    stage = path.with_name(f".phusa-{secrets.token_hex(8)}")

    def private(name: str, flags: int) -> int:
        return os.open(name, flags, _OWNER_ONLY if like else _AS_USUAL)

    try:
        # in the same folder, for a move to another disk is a copy
        with open(stage, "xb", opener=private) as file:
            file.writelines(pieces)
            if like:
                _make_alike(stage, like)
            file.flush()
            os.fsync(file.fileno())
        if check:
            check()
        stage.replace(path)
    finally:
        with suppress(OSError):  # it was moved, or never came to be
            stage.unlink()
    _flush(path.parent)


def _make_alike(path: Path, like: os.stat_result) -> None:
    """Give a file the owner and the mode bits of another."""
    if sys.platform != "win32":
        made = path.stat()
        if (made.st_uid, made.st_gid) != (like.st_uid, like.st_gid):
            with suppress(PermissionError):
                os.chown(path, like.st_uid, like.st_gid)
    path.chmod(stat.S_IMODE(like.st_mode))


def _flush(folder: Path) -> None:
    """Have a move reach the disk, where folders can be flushed; the new file is there already."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
