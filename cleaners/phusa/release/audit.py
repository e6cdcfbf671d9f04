"""The audit folder: every page, everything found on it, every rejected document.

It holds what was taken out of the pages, so it is kept beside the release and not published.
Findings come in the order of the pages they were found on.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from phusa.findings import Edit, Step, UndoError, undo
from phusa.release import Problem, lines
from phusa.release.lines import LineError
from phusa.release.manifest import MANIFEST, Digests, Entry, entry

PAGES = "pages.jsonl.zst"
FINDINGS = "findings.jsonl.zst"
REJECTED = "rejected.jsonl"


@dataclass(frozen=True, slots=True)
class _Found:
    """A row of the findings: `edit` is None where the finding repaired nothing."""

    page: str
    rule: str
    step: int
    edit: Edit | None


def write(parts: Sequence[Path], folder: Path) -> list[Entry]:
    """Join the audit files of part files into those of a release."""
    entries = []
    for name in (PAGES, FINDINGS, REJECTED):
        kind = name.removesuffix(".zst")
        joined = (line for part in parts for line in lines.read(Path(f"{part}.{kind}")))
        entries.append(entry(folder, name, lines.write(joined, folder / name)))
    return entries


def check(folder: Path, records: Digests, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what is wrong in an audit folder whose files are those of the manifest.

    Undoing the edits of each page must rebuild the decoded page, and the rows must be as many as
    the manifest says. `records` are the digests of all ids in the release: each must have a page.
    """
    pages, findings = Digests(), Counter[str]()
    try:
        yield from _undone(folder, pages, findings)
        rejected = Counter(_rejected(folder / REJECTED))
    except LineError as error:
        yield Problem(f"{folder.name}/{error.path.name}", str(error))
        return
    if missing := records.missing_from(pages):
        yield Problem(f"{folder.name}/{PAGES}", f"{missing} records have no page")
    for name, found in (("findings", findings), ("rejected", rejected)):
        if found != manifest["statistics"][name]:
            yield Problem(MANIFEST, f"statistics/{name} are not the counts of the audit")
    counts = {PAGES: len(pages), FINDINGS: findings.total(), REJECTED: rejected.total()}
    if counts != {e["path"]: e["rows"] for e in manifest["audit"]}:
        yield Problem(MANIFEST, "the rows of the audit files are not those it gives")


def _undone(folder: Path, pages: Digests, findings: Counter[str]) -> Iterator[Problem]:
    """Undo every page; count the pages and the findings on the way."""
    logs = groupby(_found(folder / FINDINGS, findings), key=attrgetter("page"))
    owner, log = next(logs, (None, iter(())))
    for page, text, sha256 in _pages(folder / PAGES):
        pages.add(page.encode("utf-8", "surrogatepass"))
        steps: tuple[Step, ...] = ()
        if page == owner:
            steps = _steps(log)
            owner, log = next(logs, (None, iter(())))
        if (reason := _not_rebuilt(text, steps, sha256)) is not None:
            yield from _both(folder, f"{page[:80]}: {reason}")
    if owner is not None:
        yield from _both(folder, f"{owner[:80]}: its findings come where its page does not")
    for _ in logs:
        pass  # the rest counts too


def _not_rebuilt(text: str, steps: Sequence[Step], sha256: str) -> str | None:
    """Say why undoing `steps` does not give the page with that digest, or None where it does."""
    try:
        decoded = undo(text, steps).encode("utf-8", "surrogatepass")
    except UndoError as error:
        return str(error)
    rebuilt = hashlib.sha256(decoded).hexdigest() == sha256
    return None if rebuilt else "undoing its edits does not rebuild the decoded page"


def _both(folder: Path, message: str) -> Iterator[Problem]:
    """Report a contradiction of pages and findings: either may be at fault."""
    for name in (PAGES, FINDINGS):
        yield Problem(f"{folder.name}/{name}", message)


def _steps(log: Iterable[_Found]) -> tuple[Step, ...]:
    """Pick the edits among the findings of one page, step by step."""
    edits = (row for row in log if row.edit is not None)
    return tuple(
        tuple(row.edit for row in step if row.edit is not None)
        for _, step in groupby(edits, key=attrgetter("step"))
    )


def _pages(path: Path) -> Iterator[tuple[str, str, str]]:
    """Read id, clean text and digest of the decoded text of each page. Raises LineError."""
    for number, row in enumerate(lines.values(path), 1):
        match row:
            case {"id": str(page), "page": str(text), "decoded_sha256": str(sha256)}:
                yield page, text, sha256
            case _:
                raise LineError(path, number, "not a page")


def _found(path: Path, findings: Counter[str]) -> Iterator[_Found]:
    """Read the findings and count them by rule. Raises LineError."""
    for number, row in enumerate(lines.values(path), 1):
        match row:
            case {
                "id": str(page),
                "rule": str(rule),
                "step": int(step),
                "start": int(start),
                "before": str(before),
                "after": str(after),
                "message": str(message),
            }:
                yield _Found(page, rule, step, Edit(rule, start, before, after, message))
            case {"id": str(page), "rule": str(rule), "step": None, "before": None, "after": None}:
                yield _Found(page, rule, 0, None)
            case _:
                raise LineError(path, number, "not a finding")
        findings[rule] += 1


def _rejected(path: Path) -> Iterator[str]:
    """Read the rule of each rejected document. Raises LineError."""
    for number, row in enumerate(lines.values(path), 1):
        match row:
            case {"rule": str(rule)}:
                yield rule
            case _:
                raise LineError(path, number, "not a rejected document")
