"""Locks on folders, by which builds and pushes keep out of each other's way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Lock a folder for as long as the block runs; give False where the system has no such locks.

    The lock ends with this process, however it ends. Nothing waits: raises BlockingIOError where
    somebody else holds the folder, OSError where there is none.
    """
    if sys.platform == "win32":  # a folder cannot be locked there
        yield False
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            known = True
        except BlockingIOError:
            raise
        except OSError:  # a file system without locks
            known = False
        yield known
    finally:
        os.close(opened)
