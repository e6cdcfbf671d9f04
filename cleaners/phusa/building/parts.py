"""Part files: what a batch becomes, and how a part is written again without duplicates.

A part is four files with a common path: `.records.jsonl`, `.pages.jsonl`, `.findings.jsonl` and
`.rejected.jsonl`. They get these names when they are whole.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, Self

import orjson

from phusa.findings import Edit, Finding, undo
from phusa.release import lines
from phusa.release.statistics import Statistics
from phusa.sources import DUPLICATE_ID

Row = Mapping[str, Any]

_KINDS = ("records", "pages", "findings", "rejected")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was written.

    `kept` has the id and the path of each record; `inputs` a SHA-256 digest of 32 bytes for each
    document that was read, of all that is known of it; `size` is in bytes of the source files.
    `removed` are the keys of the removal list that documents were rejected by.
    """

    prefix: Path
    kept: tuple[tuple[str, str], ...]
    inputs: bytes
    statistics: Statistics
    size: int
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that gave no record: the rule that rejected it, and the reason in words.

    `text` is the decoded source, where there is one, or how a row starts that was no document.
    """

    id: str
    path: str
    rule: str
    reason: str
    raw_sha256: str | None
    text: str | None


class PartWriter:
    """Writes a part; its files get their names when the `with` block ends without an error."""

    def __init__(self, prefix: Path, inputs: bytes = b"") -> None:
        self.inputs = bytearray(inputs)
        self.kept: dict[str, str] = {}
        self.removed: set[str] = set()
        self._prefix = prefix
        self._statistics = Statistics()
        self._stack = ExitStack()
        self._files: dict[str, BinaryIO] = {}

    def __enter__(self) -> Self:
        self._files = {
            kind: self._stack.enter_context(self._path(kind, ".tmp").open("wb")) for kind in _KINDS
        }
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stack.close()
        if kind is None:
            for name in _KINDS:
                self._path(name, ".tmp").replace(self._path(name))

    def keep(self, record: Row, page: Row, findings: Sequence[Row]) -> None:
        """Take in a valid record, its page and the findings on it."""
        self.kept[record["id"]] = record["source"]["path"]
        self._statistics.add_record(record)
        self._statistics.add_findings(Counter(row["rule"] for row in findings))
        self._files["records"].write(_line(record))
        self._files["pages"].write(_line(page))
        self._files["findings"].writelines(map(_line, findings))

    def reject(self, document: Rejected) -> None:
        """Take in a document that gave no record."""
        self._statistics.add_rejected(document.rule)
        self._files["rejected"].write(_line(document))

    def part(self, size: int) -> Part:
        """What was written."""
        kept = tuple(self.kept.items())
        removed = frozenset(self.removed)
        return Part(self._prefix, kept, bytes(self.inputs), self._statistics, size, removed)

    def _path(self, kind: str, suffix: str = "") -> Path:
        return _file(self._prefix, kind, suffix)


def duplicate(name: str, first: str) -> Finding:
    """What rejects a second document with the id `name`; `first` is the path of the first."""
    return Finding(DUPLICATE_ID.code, 0, 0, f"has the id {name} of {first}")


def without(part: Part, taken: Mapping[str, str]) -> Part:
    """Write a part again without the records whose ids are taken; they are rejected.

    `taken` has the path of the document that came first, by id.
    """
    with PartWriter(part.prefix, part.inputs) as writer:
        writer.removed |= part.removed
        for row in _rows(part, "rejected"):
            writer.reject(Rejected(**row))
        for record, page, findings in _whole(part):
            if (first := taken.get(record["id"])) is None:
                writer.keep(record, page, findings)
            else:
                writer.reject(_repeated(record, first, _decoded(page["page"], findings)))
    return writer.part(part.size)


def _repeated(record: Row, first: str, text: str) -> Rejected:
    """A record as a rejected document, because of the one at the path `first`."""
    finding, source = duplicate(record["id"], first), record["source"]
    return Rejected(
        record["id"], source["path"], finding.rule, finding.message, source["raw_sha256"], text
    )


def _whole(part: Part) -> Iterator[tuple[Row, Row, list[Row]]]:
    """The records of a part, each with its page and the findings on it."""
    logs = groupby(_rows(part, "findings"), key=itemgetter("id"))
    owner, log = next(logs, (None, iter(())))
    for record, page in zip(_rows(part, "records"), _rows(part, "pages"), strict=True):
        findings: list[Row] = []
        if owner == record["id"]:
            findings = list(log)
            owner, log = next(logs, (None, iter(())))
        yield record, page, findings


def _decoded(page: str, findings: Sequence[Row]) -> str:
    """The text that a clean page was made from."""
    edits = [row for row in findings if row["step"] is not None]
    names = ("rule", "start", "before", "after", "message")
    log = [
        tuple(Edit(*(row[name] for name in names)) for row in step)
        for _, step in groupby(edits, key=itemgetter("step"))
    ]
    return undo(page, log)


def _rows(part: Part, kind: str) -> Iterator[Row]:
    return lines.values(_file(part.prefix, kind))


def _file(prefix: Path, kind: str, suffix: str = "") -> Path:
    return prefix.with_name(f"{prefix.name}.{kind}.jsonl{suffix}")


def _line(row: Row | Rejected) -> bytes:
    """A row as a line of JSON. Half a surrogate pair, which UTF-8 has no bytes for, is escaped."""
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:
        plain = asdict(row) if isinstance(row, Rejected) else row
        return json.dumps(plain, separators=(",", ":")).encode("ascii") + b"\n"
