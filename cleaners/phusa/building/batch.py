"""The work on one batch, as a worker does it: documents in, part files out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from phusa import pipeline
from phusa.building.parts import Part, PartWriter, Rejected, Row, duplicate
from phusa.findings import Finding, Rule, trace
from phusa.page import Article, RawDocument, restore
from phusa.recipe import Cleaning
from phusa.release.validation import problems
from phusa.sources import Batch, Removal, Unreadable, load_removals, read, taken_down

SCHEMA_VIOLATION = Rule(
    "SCH101",
    "schema-violation",
    "A record that breaks the schema it is published under.",
    """Every record is checked against `article-1.0.0` before it is written; one that breaks it is
rejected, so that no release holds a record that its schema forbids. The message names the field by
a JSON pointer.

    /id: '0123…' is longer than 200 characters

Most often a value of the source row is at fault, such as that id: correct the row. Where the field
is one that phusa made, it is a bug and worth a report.""",
)
TOO_SHORT = Rule(
    "QUA101",
    "too-short",
    "An article with fewer characters than the recipe asks for.",
    """The page has an article, but its text is shorter than `min_chars` in the section `[clean]` of
the recipe, 100 unless it says otherwise: a caption, a teaser, a page whose article is loaded by a
script.

    38 characters, and the recipe asks for 100

See with `phusa explain FILE` what was taken out of the page. `min_chars = 0` keeps everything.""",
)


_BESIDE = tuple(field.name for field in fields(RawDocument) if field.name != "content")


@dataclass(frozen=True, slots=True)
class Task:
    """A batch to clean, the path that its part files begin with, and the removal list, if any."""

    prefix: Path
    batch: Batch
    cleaning: Cleaning
    removals: Path | None = None


def clean_batch(task: Task) -> Part:
    """Clean the documents of a batch into a part; each becomes a record or is rejected."""
    with PartWriter(task.prefix) as part:
        for item in read(task.batch):
            if isinstance(item, Unreadable):
                # whether it is on the list cannot be read, so nothing of it is kept
                _reject_input(replace(item, excerpt=None) if task.removals else item, part)
            else:
                raw_sha256 = _clean(item, task, part)
                part.inputs += _digest(item, raw_sha256)
    return part.part(task.batch.size)


def reject_inputs(prefix: Path, items: Iterable[Unreadable], size: int = 0) -> Part:
    """Write a part of inputs that gave no documents; `size` is in bytes of the source files."""
    with PartWriter(prefix) as part:
        for item in items:
            _reject_input(item, part)
    return part.part(size)


def _clean(document: RawDocument, task: Task, part: PartWriter) -> str:
    """Clean a document and write what became of it; return the digest of what was found."""
    removals = _keys(task.removals)
    if removal := taken_down(removals, document):
        return _remove(document, removal, part)
    if (first := part.kept.get(document.id)) is not None:
        decoded = pipeline.decode(document)
        # it is not cleaned, so its text cannot be looked up in the list
        text = decoded.text if decoded.readable and not task.removals else None
        return _reject(document, duplicate(document.id, first), text, part)
    article = pipeline.clean(document, task.cleaning)
    if removal := taken_down(removals, document, article.text):
        return _remove(document, removal, part)
    text = restore(article)
    outcome = _judged(article, task.cleaning.min_chars)
    if isinstance(outcome, Finding):
        readable = bool(text) or not document.content
        return _reject(document, outcome, text if readable else None, part)
    part.keep(outcome, _page(article, text), list(_findings(article)))
    raw_sha256: str = outcome["source"]["raw_sha256"]
    return raw_sha256


@lru_cache(1)
def _keys(removals: Path | None) -> frozenset[str]:
    """The keys of a removal list, read once a worker: there may be many of them."""
    return load_removals(removals) if removals else frozenset()


def _judged(article: Article, min_chars: int) -> dict[str, Any] | Finding:
    """The record of an article, or the finding that rejects it."""
    if article.rejection is not None:
        return article.rejection
    record = article.record()
    chars = record["counts"]["chars"]
    if chars < min_chars:
        message = f"{chars} characters, and the recipe asks for {min_chars}"
        return Finding(TOO_SHORT.code, 0, 0, message)
    if wrong := problems(record):
        return Finding(SCHEMA_VIOLATION.code, 0, 0, "; ".join(wrong))
    return record


def _page(article: Article, text: str) -> Row:
    """The row of a clean page; `text` is what it was made from."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"id": article.source.id, "page": article.page, "decoded_sha256": digest}


def _findings(article: Article) -> Iterator[Row]:
    """A row for each edit, in the order of the log, then one for each flag.

    `start` and `end` of an edit lie in the input of its step, `source` in the decoded source.
    """
    places, _ = trace(article.log)
    edits = ((step, edit) for step, edits in enumerate(article.log) for edit in edits)
    for (step, edit), place in zip(edits, places, strict=True):
        yield {
            "id": article.source.id,
            "rule": edit.rule,
            "step": step,
            "start": edit.start,
            "end": edit.end,
            "before": edit.before,
            "after": edit.after,
            "source": [place.start, place.end],
            "message": edit.message,
        }
    for flag in article.flags:
        yield {
            "id": article.source.id,
            "rule": flag.rule,
            "step": None,
            "start": None,
            "end": None,
            "before": None,
            "after": None,
            "source": [flag.start, flag.end],
            "message": flag.message,
        }


def _reject(document: RawDocument, finding: Finding, text: str | None, part: PartWriter) -> str:
    path, raw_sha256 = document.path or document.id, document.raw_sha256
    part.reject(Rejected(document.id, path, finding.rule, finding.message, raw_sha256, text))
    return raw_sha256


def _remove(document: RawDocument, removal: Removal, part: PartWriter) -> str:
    """Reject a document that is on the removal list; not even the audit gets its text."""
    part.removed.add(removal.key)
    return _reject(document, removal.finding, None, part)


def _reject_input(item: Unreadable, part: PartWriter) -> None:
    finding, raw_sha256 = item.finding, item.raw_sha256
    part.reject(
        Rejected(item.id, item.path, finding.rule, finding.message, raw_sha256, item.excerpt)
    )
    part.inputs += _sha256((item.path, raw_sha256))


def _digest(document: RawDocument, raw_sha256: str) -> bytes:
    """A digest of everything that is known of a document."""
    return _sha256((raw_sha256, *(getattr(document, name) for name in _BESIDE)))


def _sha256(value: object) -> bytes:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).digest()
