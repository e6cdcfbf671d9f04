"""LATEST: the file beside the folders of the versions, with the newest of them and a newline."""

from __future__ import annotations

from phusa.publishing.plans import PushError
from phusa.versions import is_version, numbers

LATEST = "LATEST"


def version_in(content: bytes, where: str) -> str:
    r"""Read the version in a LATEST that lies at `where`. Raises PushError where it holds none.

    >>> version_in(b"1.10.0\n", "s3://corpora/LATEST")
    '1.10.0'
    >>> version_in(b"../../etc\n", "s3://corpora/LATEST")
    Traceback (most recent call last):
    phusa.publishing.plans.PushError: s3://corpora/LATEST: holds no version; correct or remove it
    """
    version = content.decode("ascii", "replace").removesuffix("\n").removesuffix("\r")
    if is_version(version):
        return version
    raise PushError(f"{where}: holds no version; correct or remove it")


def content_of(version: str) -> bytes:
    """Write the content of LATEST for a version."""
    return f"{version}\n".encode()


def ahead(version: str, latest: str | None) -> bool:
    """Tell whether a version comes after the one in LATEST, which is never moved back.

    >>> ahead("1.10.0", "1.9.0"), ahead("1.9.0", "1.9.0"), ahead("1.9.0", None)
    (True, False, True)
    """
    return latest is None or numbers(version) > numbers(latest)


def told(version: str, latest: str | None) -> tuple[str, ...]:
    """Say in a note where a push of a version leaves LATEST; nothing where it names it.

    >>> told("1.9.0", "1.10.0")
    ('LATEST stays at 1.10.0, which comes after 1.9.0',)
    """
    if latest is None:
        return (f"LATEST is made, at {version}",)
    if ahead(version, latest):
        return (f"LATEST moves from {latest} to {version}",)
    return () if latest == version else (f"LATEST stays at {latest}, which comes after {version}",)
