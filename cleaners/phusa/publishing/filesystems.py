"""A place in any store that fsspec has a driver for: what is read there, and written.

Stores differ in what they promise. On S3 and its kin a file can be made only where there is none
and replaced only where it is still the one that was read. Where a driver has no such condition it
looks first and then writes.
"""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from phusa.publishing.plans import PushError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_PART_BYTES = 8 << 20
_MOST_BYTES = 64 << 20
"""Of a file that is read into memory: checksums of half a million files."""

_PAUSES_S = (1.0, 4.0)
"""Before the second and the third try, on top of what the drivers do themselves."""

_SENDING: Mapping[str, Mapping[str, int]] = {
    "s3": {"chunksize": _PART_BYTES, "max_concurrency": 4},  # else ten parts of 50 MB in memory
    "gs": {"chunksize": _PART_BYTES},
}
_FETCHING: Mapping[str, Mapping[str, int]] = {"s3": _SENDING["s3"]}

_LASTING = (
    FileNotFoundError,
    FileExistsError,
    PermissionError,
    IsADirectoryError,
    NotADirectoryError,
    NotImplementedError,
    TypeError,
    ValueError,
    PushError,
)
_LASTING_NUMBERS = {errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.ENOSPC}

_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs"}
"""Of this package, by the scheme of the store that they bring a driver for."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Held:
    """A small file of a store; `tag` names this state of it where the store has such names."""

    content: bytes
    tag: str | None


@dataclass(frozen=True, slots=True)
class Store:
    """A folder in a store; paths are within it, with `/`.

    Every call is tried again where the store or the way to it fails for a moment, and raises what
    the driver raises; `plain_errors` makes that readable.
    """

    url: str
    fs: AbstractFileSystem
    root: str

    @property
    def kind(self) -> str:
        """The scheme that the driver goes by first."""
        schemes = self.fs.protocol
        return str(schemes if isinstance(schemes, str) else schemes[0])

    def read(self, path: str) -> Held | None:
        """Read a small file; None where there is none."""
        place = self._place(path)

        def work() -> Held | None:
            self.fs.invalidate_cache()  # drivers remember listings, and others write here
            try:
                # The tag first: where the content is newer than it, replacing fails as it should.
                info = self.fs.info(place)
                if info["type"] != "file":
                    return None
                if (info["size"] or 0) > _MOST_BYTES:
                    raise PushError(f"{self.url}/{path}: too large to be what it is named")
                return Held(self.fs.cat_file(place), info.get("ETag"))
            except FileNotFoundError:
                return None

        return _patiently(work)

    def files(self, path: str) -> dict[str, int]:
        """List the files below a folder, by path within it, with their sizes in bytes."""
        place = self._place(path)

        def work() -> dict[str, int]:
            self.fs.invalidate_cache()
            try:
                found = self.fs.find(place, detail=True)
            except FileNotFoundError:
                return {}
            files = {name: info for name, info in found.items() if info["type"] == "file"}
            return {name.removeprefix(f"{place}/"): info["size"] for name, info in files.items()}

        return _patiently(work)

    def put(self, file: Path, path: str) -> None:
        """Send a file, in parts where it is large."""
        options = _SENDING.get(self.kind, {})
        _patiently(lambda: self.fs.put_file(str(file), self._place(path), **options))

    def create(self, file: Path, path: str) -> bool:
        """Send a small file where there is none; return False where there is one."""
        if self.read(path) is not None:
            return False
        place = self._place(path)
        try:
            _patiently(lambda: self.fs.put_file(str(file), place, mode="create"))
        except Exception as error:
            if _no_conditions(error):
                self.put(file, path)
            elif self.read(path) is None:
                raise
            else:
                return False
        return True

    def replace(self, path: str, content: bytes, was: Held | None) -> bool:
        """Write a small file; return False where it is no longer what it `was`."""
        place = self._place(path)
        condition: dict[str, str] = {}
        if self.kind == "s3":
            condition = {"IfMatch": was.tag} if was and was.tag else {"IfNoneMatch": "*"}
        try:
            _patiently(lambda: self.fs.pipe_file(place, content, **condition))
        except Exception as error:
            if _no_conditions(error):
                _patiently(lambda: self.fs.pipe_file(place, content))
            elif self.read(path) == was:
                raise
            else:
                return False
        return True

    def get(self, path: str, file: Path) -> None:
        """Fetch a file, in parts where it is large."""
        options = _FETCHING.get(self.kind, {})
        _patiently(lambda: self.fs.get_file(self._place(path), str(file), **options))

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            _patiently(lambda: self.fs.rm_file(self._place(path)))

    def _place(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root


def opened(url: str) -> Store:
    """Find the driver of a url; credentials are those that it finds in its standard places.

    Raises PushError where there is no driver, or where the url names no place in a store.
    """
    from fsspec import available_protocols  # noqa: PLC0415 - not for folders
    from fsspec.core import url_to_fs  # noqa: PLC0415

    kind = url.partition("://")[0].rpartition("::")[2]
    try:
        fs, root = url_to_fs(url)
    except ImportError as error:
        extra = _EXTRAS.get(kind)
        step = f"no driver for {kind}; run: pip install 'phusa[{extra}]'" if extra else ""
        raise PushError(f"{shown(url)}: {step or one_line(error)}") from error
    except ValueError as error:
        unknown = "" if kind in available_protocols() else f"no such kind of store: {kind}"
        raise PushError(f"{shown(url)}: {unknown or one_line(error)}") from error
    if not root.strip("/"):
        raise PushError(f"{shown(url)}: names no place in the store; add a bucket or a folder")
    return Store(shown(url).rstrip("/"), fs, root.rstrip("/"))


def shown(text: str) -> str:
    """Leave out of urls what may be secret: names and passwords of users, and queries.

    >>> shown("ftp://anna:secret@example.org/corpora, https://a.vn/x?sig=secret")
    'ftp://example.org/corpora, https://a.vn/x?…'
    """
    return re.sub(r"(?<=://)[^/@\s]{1,500}@|(?<=\?)[^\s'\"]{1,2000}", _mask, text)


def _mask(match: re.Match[str]) -> str:
    return "" if match[0].endswith("@") else "…"


def one_line(error: BaseException) -> str:
    r"""Write what an error says in one line of at most 200 characters, without secrets.

    >>> one_line(OSError(5, "a store\nsays much")), one_line(TimeoutError())
    ('a store says much', 'TimeoutError')
    """
    text = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return shown(" ".join(text[:4000].split()))[:200] or type(error).__name__


@contextmanager
def plain_errors(where: str) -> Iterator[None]:
    """Turn whatever drivers raise into a PushError of one line that begins with `where`."""
    try:
        yield
    except PushError:
        raise
    except PermissionError as error:
        raise PushError(
            f"{where}: no permission; check your credentials and your rights there"
        ) from error
    except FileNotFoundError as error:
        raise PushError(f"{where}: not found: {one_line(error)}") from error
    except Exception as error:
        raise PushError(f"{where}: {one_line(error)}") from error


def _patiently(work: Callable[[], T]) -> T:
    """Do something, and again after a pause where it failed for what may pass.

    That is everything but what is known to last: each driver has its own errors for a server that
    is busy or a line that broke.
    """
    for pause in _PAUSES_S:
        try:
            return work()
        except Exception as error:
            lasting = isinstance(error, OSError) and error.errno in _LASTING_NUMBERS
            if lasting or isinstance(error, _LASTING):
                raise
        time.sleep(pause)
    return work()


def _no_conditions(error: Exception) -> bool:
    """Tell whether a driver takes no condition on writing, or its store has none.

    Of the stores that speak S3 some do not.
    """
    refused = isinstance(error, OSError) and error.errno == errno.ENOSYS
    return refused or isinstance(error, (NotImplementedError, TypeError, ValueError))
