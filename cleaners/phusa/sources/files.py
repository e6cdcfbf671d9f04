"""Which files a corpus is made of."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}
COMPRESSED = (".jsonl.gz", ".jsonl.zst")
SUFFIXES = (*MEDIA_TYPES, ".jsonl", ".ndjson", *COMPRESSED)

RELEASED = ({"manifest.json", "SHA256SUMS"}, {"pages.jsonl.zst", "findings.jsonl.zst"})
"""What a release and its audit hold: the results of earlier builds are no sources of later ones."""

_MAGIC = re.compile(r"[*?[]")
_Identity = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class File:
    """A file of documents: its POSIX path relative to the folder of the corpus, its size in bytes.

    The path opens the file; where its bytes are not UTF-8 it holds lone surrogates, as Python's
    paths do.
    """

    path: str
    size: int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A path that gives no documents, and why."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the paths of a corpus stand for, each part sorted by path and without repeats.

    `missing` are paths that were asked for and give nothing: no such file, a kind of file that is
    not read, a folder or a pattern with nothing in it. `unreadable` are problems met on the way: no
    permission, a link to nothing.
    """

    folder: Path
    files: tuple[File, ...]
    missing: tuple[Problem, ...] = ()
    unreadable: tuple[Problem, ...] = ()


def find(
    paths: Iterable[str],
    folder: Path,
    *,
    skip: Iterable[Path] = (),
    suffixes: tuple[str, ...] = SUFFIXES,
) -> Found:
    """Expand files, folders and globs, all relative to `folder`; their order does not matter.

    Folders are searched to the bottom, through links but never in a circle, for files whose names
    end with one of `suffixes`, in small letters or capitals; what is met there under a name that
    starts with a dot, releases and their audits, and the folders in `skip` are passed over. In a
    glob `**` stands for any folders, and a folder that fits stands for what is in it. A path never
    raises: what is wrong with it is in the result.
    """
    files: set[File] = set()
    missing: set[Problem] = set()
    unreadable: set[Problem] = set()
    passed_over = frozenset(_identity(path.stat()) for path in skip if path.exists())
    search = _Search(folder, passed_over, suffixes)
    for path in paths:
        items = list(_expand(path, search))
        files.update(item for item in items if isinstance(item, File))
        unreadable.update(item for item in items if isinstance(item, Problem))
        if not items:
            missing.add(Problem(path, _why_nothing(path, search)))
    return Found(folder, tuple(sorted(files)), tuple(sorted(missing)), tuple(sorted(unreadable)))


@dataclass(frozen=True, slots=True)
class _Search:
    """Where files are sought, the folders that are passed over, how the names end."""

    folder: Path
    passed_over: frozenset[_Identity]
    suffixes: tuple[str, ...]

    def wants(self, name: str) -> bool:
        """Whether a file of this name is of a kind that is read."""
        return name.lower().endswith(self.suffixes)


def _expand(path: str, search: _Search) -> Iterator[File | Problem]:
    """The files that one path stands for; nothing where it stands for nothing."""
    folder = search.folder
    try:
        info = (folder / path).stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the path
        if _MAGIC.search(path):
            yield from _glob(path, search)
        return
    except OSError as error:
        yield Problem(path, f"cannot be read: {error.strerror}")
        return
    name = _relative(folder / path, folder)
    if stat.S_ISDIR(info.st_mode):
        yield from _walk(name, search)
    elif search.wants(name):
        yield _file(name, info)


def _glob(pattern: str, search: _Search) -> Iterator[File | Problem]:
    """The files under the fixed head of a pattern that fit it; the problems met on the way."""
    folder = search.folder
    parts = Path(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if _MAGIC.search(part))
    root = folder.joinpath(*parts[:fixed])
    if not root.is_dir():
        return
    name = _relative(root, folder)
    depth = 0 if name == "." else len(name.split("/"))
    for item in _walk(name, search):
        below = not search.wants(item.path)  # an unreadable folder may hold what fits
        if below or _fits(item.path.split("/")[depth:], parts[fixed:]):
            yield item


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a path, or a folder above it, fits a pattern; both cut at the slashes."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_fits(path[start:], pattern[1:]) for start in range(len(path)))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _fits(path[1:], pattern[1:])


def _walk(root: str, search: _Search) -> Iterator[File | Problem]:
    """Every file below a folder. A folder is not entered again from below itself."""
    folder = search.folder
    todo = [(root, search.passed_over)]
    while todo:
        path, above = todo.pop()
        try:
            identity = _identity((folder / path).stat())
            if identity in above and path != root:
                continue
            with os.scandir(folder / path) as entries:
                listed = list(entries)
                if any(names <= {entry.name for entry in listed} for names in RELEASED):
                    continue
                for entry in listed:
                    name = entry.name if path == "." else f"{path}/{entry.name}"
                    if entry.name.startswith("."):
                        continue
                    try:
                        if entry.is_dir():
                            todo.append((name, above | {identity}))
                        elif search.wants(entry.name):
                            yield _file(name, entry.stat())
                    except OSError as error:
                        yield Problem(name, f"cannot be read: {error.strerror}")
        except OSError as error:
            yield Problem(path, f"cannot be read: {error.strerror}")


def _file(name: str, info: os.stat_result) -> File | Problem:
    if not stat.S_ISREG(info.st_mode):
        return Problem(name, "cannot be read: not a regular file")
    return File(name, info.st_size)


def _identity(info: os.stat_result) -> _Identity:
    return info.st_dev, info.st_ino


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _why_nothing(path: str, search: _Search) -> str:
    kinds = ", ".join(search.suffixes)
    target = search.folder / path
    if "\0" in path or not target.exists():
        return "no file fits the pattern" if _MAGIC.search(path) else "no such file or folder"
    if target.is_dir():
        return f"nothing in this folder is of a kind that is read: {kinds}"
    return f"not a kind of file that is read: {kinds}"
