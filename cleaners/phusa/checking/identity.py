"""Which documents of a batch are there twice, and which a release has already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from phusa.building.ids import Ids
from phusa.checking import rules
from phusa.findings import Finding
from phusa.quality.privacy import masked
from phusa.release import lines
from phusa.release.lines import LineError
from phusa.sources import DUPLICATE_ID

SHOWN_CHARS = 80
"""Of an id, in a message."""

_BATCH = 1_000


class Identity(NamedTuple):
    """What makes a document the same as another: its id and url, the digest of its content.

    `digest` is a SHA-256: of a raw page that of its bytes, of a record that of its text. `document`
    is its number in what is checked together; `line` that of a row, None of a file of one page.
    """

    document: int
    path: str
    line: int | None
    id: str | None
    url: str | None
    digest: str


class Identities:
    """The documents seen so far, on disk, and those of a release.

    >>> with Identities() as seen:
    ...     a = Identity(0, "a.txt", None, "1", None, "d1")
    ...     b = Identity(1, "b.jsonl", 7, "2", None, "d1")
    ...     [(number, found.message) for number, found in seen.repeated([a, b])]
    [(1, 'the same text as a.txt')]
    >>> with Identities() as seen:
    ...     _, _ = list(seen.repeated([a])), seen.forget("a.txt")
    ...     list(seen.repeated([b]))
    []
    """

    def __init__(self) -> None:
        self._seen, self._released = Ids(), Ids()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with closing(self._seen), closing(self._released):
            pass

    def release(self, files: Iterable[Path]) -> None:
        """Take in the records of a release, by its files of JSON lines. Raises LineError."""
        for file in files:
            rows: list[tuple[str, str]] = []
            for number, record in enumerate(lines.values(file), 1):
                if not isinstance(record, dict):
                    raise LineError(file, number, "not a record")
                rows += _released(record)
                if len(rows) > _BATCH:
                    self._released.add(rows)
                    rows = []
            self._released.add(rows)

    def repeated(self, batch: Sequence[Identity]) -> Iterator[tuple[int, Finding]]:
        """Tell of the documents of a batch that were seen before or released; takes them in.

        Each comes with the number of its document.
        """
        keys = [_keys(one) for one in batch]
        wanted = [(key, "") for row in keys for key in row.values()]
        seen, released = self._seen.taken(wanted), self._released.taken(wanted)
        fresh: list[tuple[str, str]] = []
        for one, named in zip(batch, keys, strict=True):
            for found in (_again(one, named, seen), _known(one, named, released)):
                if found is not None:
                    yield one.document, found
            for key in named.values():
                if key not in seen:
                    seen[key] = f"{one.line or ''}\0{one.path}"
                    fresh.append((key, seen[key]))
        self._seen.add(fresh)

    def forget(self, path: str) -> None:
        """Forget the documents of a file, which is to be checked again."""
        self._seen.forget(f"\0{path}")


def _keys(one: Identity) -> dict[str, str]:
    """What a document is looked up by."""
    keys = {"digest": f"digest {one.digest}"}
    if one.url:
        keys["url"] = f"url {one.url}"
    if one.id:
        keys["id"] = f"id {one.id}"
    return keys


def _again(one: Identity, keys: Mapping[str, str], seen: Mapping[str, str]) -> Finding | None:
    """Say of which document before a document is the second."""
    places = {name: _place(seen[key]) for name, key in keys.items() if key in seen}
    if "digest" in places:
        return _found(rules.DUPLICATE_TEXT.code, f"the same text as {places['digest']}")
    if "url" in places:
        return _found(rules.SAME_URL.code, f"the url of {places['url']}, with other content")
    if "id" in places:
        name = masked(one.id or "")[:SHOWN_CHARS]
        return _found(DUPLICATE_ID.code, f"has the id {name} of {places['id']}")
    return None


def _place(held: str) -> str:
    line, _, path = held.partition("\0")
    return f"{path}:{line}" if line else path


def _known(one: Identity, keys: Mapping[str, str], released: Mapping[str, str]) -> Finding | None:
    """Say which record of the release a document is."""
    for name in ("digest", "id", "url"):
        if (held := released.get(keys.get(name, ""))) is None:
            continue
        digests, _, record = held.partition(" ")
        shown = masked(record)[:SHOWN_CHARS]
        if one.digest in digests.split(","):
            return _found(rules.ALREADY_RELEASED.code, f"in the release as {shown}")
        message = f"in the release as {shown}: the same {name}, other content"
        return _found(rules.CHANGED_SINCE.code, message)
    return None


def _found(rule: str, message: str) -> Finding:
    return Finding(rule, 0, 0, message)


def _released(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys of a record of a release, each with its digests and id."""
    source = record.get("source")
    raw = source.get("raw_sha256") if isinstance(source, dict) else None
    digests = [digest for digest in (raw, record.get("text_sha256")) if isinstance(digest, str)]
    held = f"{','.join(digests)} {record.get('id')}"
    yield from ((f"digest {digest}", held) for digest in digests)
    for name in ("id", "url"):
        if isinstance(value := record.get(name), str):
            yield f"{name} {value}", held
