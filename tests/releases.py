"""Folders that look like releases to those who carry them, and what they are told of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from phusa.publishing.plans import Outgoing
from phusa.release.manifest import CHECKSUMS, MANIFEST, checksums, entry


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def is_whole(files: dict[str, bytes]) -> bool:
    """Whether these are the files that the checksums among them name, and no others."""
    listed = (line.split("  ") for line in files[CHECKSUMS].decode().splitlines())
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return digests.pop(CHECKSUMS) and digests == {path: digest for digest, path in listed}


def made(folder: Path, version: str, text: str = "một", *, data: dict[str, bytes] | None = None):
    """Make a folder with some files and their checksums, ready to leave."""
    release = folder / version
    (release / "data").mkdir(parents=True)
    files = {
        "README.md": f"# {text} {version}".encode(),
        MANIFEST: f'{{"version": "{version}"}}'.encode(),
        "data/train-00000-of-00001.parquet": text.encode() * 500,
    }
    for path, content in (files | (data or {})).items():
        (release / path).write_bytes(content)
    return outgoing(release)


def outgoing(release: Path) -> Outgoing:
    """Tell of a folder what is told of a release that was found fit to leave."""
    entries = [entry(release, path) for path in contents(release) if path != CHECKSUMS]
    sums = checksums(entries)
    (release / CHECKSUMS).write_bytes(sums)
    entries.append(entry(release, CHECKSUMS))
    return Outgoing(
        folder=release,
        name="tin",
        version=release.name,
        content_id=hashlib.sha256(sums).hexdigest(),
        files=tuple(sorted(entries, key=lambda file: file.path)),
        checksums=sums,
        personal_data=0,
        personal_data_limit=None,
    )
