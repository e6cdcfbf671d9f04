"""Releases from wherever they are, as folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

from phusa.publishing.addresses import checked, of_folder, scheme
from phusa.publishing.latest import LATEST, version_in
from phusa.publishing.plans import FetchError, PushError
from phusa.release.manifest import CHECKSUMS, MANIFEST

__all__ = ["FetchError", "fetched"]


@contextmanager
def fetched(where: str | Path, *, progress: bool = False) -> Iterator[Path]:
    """Give a folder with the release at an address, for as long as the block runs.

    A folder is given as it is; one with LATEST gives the version that is named there.
    `hf://datasets/ORG/NAME[@REVISION]` is downloaded into the cache of huggingface_hub, anything
    else that fsspec knows into a folder that goes afterwards. Nothing is checked but that there is
    something to check. Raises FetchError.
    """
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(_opened(where, progress=progress))
        except PushError as error:
            raise FetchError(str(error)) from error
        except OSError as error:
            raise FetchError(f"{where}: {error.strerror or error}") from error
        yield folder


def _opened(where: str | Path, *, progress: bool) -> AbstractContextManager[Path]:
    """Open an address by its scheme. Drivers are heavy; folders need none."""
    url, kind = checked(where), scheme(where)
    if kind in (None, "file"):
        folder = Path(url.removeprefix("file://"))
        if of_folder(folder) != str(folder):  # readers of Parquet take it for an address too
            folder = folder.absolute()
        return nullcontext(_release_in(folder))
    if kind == "hf":
        from phusa.publishing import hub  # noqa: PLC0415 - huggingface_hub

        return nullcontext(hub.fetched(url, progress=progress))
    from phusa.publishing import stores  # noqa: PLC0415 - fsspec

    return stores.fetched(url)


def _release_in(folder: Path) -> Path:
    if not folder.is_dir():
        raise FetchError(f"{folder}: no such folder; name a release, such as dist/NAME/VERSION")
    latest = folder / LATEST
    if latest.is_file() and not (folder / MANIFEST).exists():
        with latest.open("rb") as file:
            folder /= version_in(file.read(100), str(latest))
    if not any((folder / name).exists() for name in (MANIFEST, CHECKSUMS)):
        raise FetchError(
            f"{folder}: holds no release; name the folder of a version, such as dist/NAME/VERSION"
        )
    return folder
