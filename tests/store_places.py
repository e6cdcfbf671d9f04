"""Places in stores that tests push to, and what is there."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from s3fs import S3FileSystem

from phusa.publishing.stores import CLAIM
from phusa.release.manifest import CHECKSUMS
from releases import is_whole
from s3_server import BUCKET, Door, serving

PLACES = {"s3": f"s3://{BUCKET}/tin", "memory": "memory://corpora/tin"}


@contextmanager
def s3() -> Iterator[Door]:
    """A store that speaks S3, and an environment in which it is found."""
    with serving() as (door, environment), pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        S3FileSystem.clear_instance_cache()
        yield door
        S3FileSystem.clear_instance_cache()
        gc.collect()  # which closes what is open


@contextmanager
def emptied(door: Door) -> Iterator[Door]:
    """A store that is empty again afterwards, and lets everything in."""
    door.seen.clear()
    yield door
    door.refuse = lambda request: None
    door.empty()


@contextmanager
def memory() -> Iterator[str]:
    """A place in memory that is empty again afterwards."""
    yield PLACES["memory"]
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


def there(dest: str) -> dict[str, bytes]:
    """Every file at a destination, by path."""
    fs, root = fsspec.core.url_to_fs(dest)
    fs.invalidate_cache()
    return {name.removeprefix(f"{root}/"): fs.cat_file(name) for name in fs.find(root)}


def write(dest: str, files: dict[str, bytes]) -> None:
    fs, root = fsspec.core.url_to_fs(dest)
    for path, data in files.items():
        fs.pipe_file(f"{root}/{path}", data)


def below(version: str, files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{version}/{path}": data for path, data in files.items()}


def whole(dest: str, version: str) -> bool:
    """Whether a version is there as a release, which must then be all of one."""
    start = f"{version}/"
    files = {k.removeprefix(start): v for k, v in there(dest).items() if k.startswith(start)}
    files.pop(CLAIM, None)
    if CHECKSUMS not in files:
        return False
    assert is_whole(files)
    return True
