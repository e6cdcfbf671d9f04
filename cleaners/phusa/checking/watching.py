"""A folder that is watched: its files as they come, once they are at rest.

The folder is looked at again and again rather than asked to tell of changes, which folders on
network file systems do not do. A file is at rest when two looks find it with the same size and time
of change.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from phusa.sources import SUFFIXES, find

State = tuple[int, int] | str
"""The size and the time of change of a file, in bytes and nanoseconds; or why it has neither."""


class Stop(Protocol):
    """What ends a watch: a `threading.Event`, or what waits like one."""

    def wait(self, timeout: float, /) -> bool:
        """Wait so many seconds, or until it is set; tell whether it is."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was found at the last look, and the states in which paths were told of."""

    seen: Mapping[str, State] = field(default_factory=dict)
    told: Mapping[str, State] = field(default_factory=dict)

    def after(self, found: Mapping[str, State]) -> tuple[Watched, tuple[str, ...]]:
        """What is known after another look, and the paths that are new or changed and at rest.

        >>> watched, ready = Watched().after({"a.txt": (3, 17)})
        >>> watched, ready = watched.after({"a.txt": (3, 17), "b.txt": (0, 18)})
        >>> ready
        ('a.txt',)
        >>> watched.after({"a.txt": (3, 17), "b.txt": (9, 19)})[1]
        ()
        """
        ready = {
            path: state
            for path, state in found.items()
            if self.seen.get(path) == state != self.told.get(path)
        }
        unread = (path for path, state in found.items() if isinstance(state, str))
        hidden = tuple("" if path == "." else f"{path}/" for path in unread)
        told = {
            path: state
            for path, state in self.told.items()
            if path in found or path.startswith(hidden)
        }
        return Watched(found, told | ready), tuple(sorted(ready))

    def away(self) -> Watched:
        """What is known while the folder is not there: what was told of is when it comes back."""
        return Watched(told=self.told)


def watch(
    folder: Path, *, interval_s: float, stop: Stop, suffixes: tuple[str, ...] = SUFFIXES
) -> Iterator[tuple[str, ...]]:
    """Yield the files in a folder as `phusa.sources.find` finds them, in batches, until `stop`.

    A batch is of files that are new or changed since they were told of, and at rest; the first is
    of those that were there at the start. The paths are relative to the folder, sorted. A file that
    keeps its state is told of once, also where it cannot be read; one that went and came back is
    told of again, unless the whole folder went with it. Nothing is raised on what lies in there, or
    on a folder that is not there, or not yet.
    """
    watched = Watched()
    while True:
        found = _look(folder, suffixes)
        if _is_there(folder):  # asked afterwards, for it may go in the middle of a look
            watched, ready = watched.after(found)
            if ready:
                yield ready
        else:
            watched = watched.away()
        if stop.wait(interval_s):
            return


def _is_there(folder: Path) -> bool:
    try:
        return stat.S_ISDIR(folder.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # it cannot be read, which the look tells


def _look(folder: Path, suffixes: tuple[str, ...]) -> dict[str, State]:
    """The state of each file in a folder, and of what cannot be read."""
    found = find(["."], folder, suffixes=suffixes)
    states: dict[str, State] = {problem.path: problem.message for problem in found.unreadable}
    for file in found.files:
        try:
            info = (folder / file.path).stat()
        except OSError:  # it vanished
            continue
        states[file.path] = (info.st_size, info.st_mtime_ns)
    return states
