"""What a release says of itself to machines: digests, the content id, manifest and checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
CHANGELOG = "CHANGELOG.md"
CROISSANT = "croissant.json"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a release was made with: the version of phusa, and what went in, as hex SHA-256."""

    phusa: str
    recipe_sha256: str
    sources_sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a release: path with `/`, size in bytes, hex SHA-256, and rows if it has any."""

    path: str
    bytes: int
    sha256: str
    rows: int | None = None


class Digests:
    """The SHA-256 digests of many values, in order; 32 bytes of memory each.

    They lie in buckets by first byte, so that only a bucket at a time is spread out for sorting.

    >>> digests = Digests()
    >>> for value in (b"a", b"b", b"a"):
    ...     digests.add(value)
    >>> len(digests), next(digests.repeated()) == hashlib.sha256(b"a").digest()
    (3, True)
    """

    __slots__ = ("_buckets",)

    def __init__(self) -> None:
        """No digests yet."""
        self._buckets = [bytearray() for _ in range(256)]

    def add(self, value: bytes) -> None:
        """Take in the digest of a value."""
        digest = hashlib.sha256(value).digest()
        self._buckets[digest[0]] += digest

    def missing_from(self, other: Digests) -> int:
        """Count the digests here that `other` has not."""
        pairs = zip(self._buckets, other._buckets, strict=True)
        return sum(len(set(_cut(mine)) - set(_cut(theirs))) for mine, theirs in pairs)

    def __len__(self) -> int:
        """Count the digests."""
        return sum(map(len, self._buckets)) // 32

    def __iter__(self) -> Iterator[bytes]:
        """Give the digests, sorted."""
        for bucket in self._buckets:
            yield from sorted(_cut(bucket))

    def repeated(self) -> Iterator[bytes]:
        """Give the digests that were added before."""
        last = b""
        for digest in self:
            if digest == last:
                yield digest
            last = digest


def _cut(bucket: bytearray) -> Iterator[bytes]:
    return (bytes(bucket[at : at + 32]) for at in range(0, len(bucket), 32))


def canonical(record: Mapping[str, Any]) -> bytes:
    """Write the JSON that the digest of a record is made of: UTF-8, sorted keys, no blanks."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def content_id(records: Digests, schema: str) -> str:
    """Name the content: the same for the same records in any order, shards and codec.

    `records` are the digests of the records' canonical JSON, `schema` the name of their schema.
    """
    total = hashlib.sha256()
    for digest in records:
        total.update(digest)
    total.update(schema.encode())
    return total.hexdigest()


def sha256(path: Path) -> str:
    """Compute the hex SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def entry(folder: Path, path: str, rows: int | None = None) -> Entry:
    """Measure a file of `folder`, as the manifest lists it."""
    file = folder / path
    return Entry(path, file.stat().st_size, sha256(file), rows)


def dump(manifest: Mapping[str, Any]) -> bytes:
    """Write a manifest as its file has it."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(manifest, option=options)


def listing(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Write entries as the manifest has them, by path."""
    return [asdict(e) for e in sorted(entries, key=lambda e: e.path)]


def checksums(entries: Iterable[Entry]) -> bytes:
    r"""Write entries as `sha256sum -c` reads them, by path.

    >>> checksums([Entry("b", 1, "0b"), Entry("a", 1, "0a")])
    b'0a  a\n0b  b\n'
    """
    ordered = sorted(entries, key=lambda e: e.path)
    return "".join(f"{e.sha256}  {e.path}\n" for e in ordered).encode()
