"""Pages to learn from: rows of JSONL with the lines of a page and what is right of them.

A row has `id`, `site` and either `lines` with `labels` (1 main content, 0 not, -1 unknown) or, with
a row of the same id in an HTML file, `html`; what is right of an HTML page, and of a row without
labels, comes from `gold_text`, or from the strings `with` and `without`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from phusa.evaluation.alignment import line_labels
from phusa.evaluation.tokens import tokens
from phusa.markup import structure
from phusa.markup.blocks import parse

Labels = npt.NDArray[np.int8]

MIN_COVER = 0.6
"""Of the characters of the gold text; a page that shows less of it teaches nothing."""
HINTED = 0.5
"""The weight of a page of which some strings are known only."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A page: its lines, a label for each, their structure if it was HTML, and its weight.

    `titles` is 1 for the line that is the title, 0 for others, -1 where that is not known.
    """

    id: str
    site: str
    lines: list[str]
    labels: Labels
    titles: Labels
    structure: npt.NDArray[np.float32] | None
    weight: float


def fold(site: str, folds: int) -> int:
    """The fold of a site: a hash of its name, so that pages of one site stay together."""
    return int(hashlib.sha256(site.encode()).hexdigest()[:12], 16) % folds


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL file, packed with zstd or plain."""
    import zstandard

    with path.open("rb") as raw:
        file = zstandard.ZstdDecompressor().stream_reader(raw) if path.suffix == ".zst" else raw
        for line in io.TextIOWrapper(file, "utf-8"):
            yield json.loads(line)


def texts(folder: Path) -> Iterator[Sample]:
    """Pages as text, from the files `text-*.jsonl*` of a folder."""
    for path in sorted(folder.glob("text-*.jsonl*")):
        for row in rows(path):
            lines = row.get("lines") or []
            labels = row.get("labels")
            if not lines or (labels and (row.get("cover") or 0) < MIN_COVER):
                continue
            if labels:
                found, weight = np.array(labels, np.int8), 1.0
            elif row.get("with"):
                found, weight = _hinted(lines, row), HINTED
            else:
                continue
            titles = _titled(lines, row.get("title"), found)
            yield Sample(row["id"], row["site"], lines, found, titles, None, weight)


def pages(folder: Path) -> Iterator[Sample]:
    """Pages as HTML, from the files `html-*.jsonl*` of a folder and their `text-*.jsonl*`."""
    for path in sorted(folder.glob("html-*.jsonl*")):
        html = {row["id"]: row["html"] for row in rows(path)}
        for row in rows(path.with_name(path.name.replace("html-", "text-", 1))):
            if row["id"] not in html:
                continue
            markup = parse(html[row["id"]])
            lines = [line.strip() for line in markup.text.split("\n") if line.strip()]
            if not lines:
                continue
            if row.get("gold_text"):
                titles = [x for x in (row.get("title"), markup.head.title) if x]
                labels = np.array(line_labels(lines, row["gold_text"], titles), np.int8)
                if _cover(lines, labels, row["gold_text"]) < MIN_COVER:
                    continue
                weight = 1.0
            elif row.get("with"):
                labels, weight = _hinted(lines, row), HINTED
            else:
                continue
            columns = structure.columns(markup)
            known = _titled(lines, row.get("title"), labels)
            yield Sample(row["id"], row["site"], lines, labels, known, columns, weight)


def _cover(lines: list[str], labels: Labels, gold: str) -> float:
    kept = sum(len(line.replace(" ", "")) for line, y in zip(lines, labels, strict=True) if y)
    return kept / max(len("".join(gold.split())), 1)


def _hinted(lines: list[str], row: dict[str, Any]) -> Labels:
    """Labels of the lines that hold one of the strings that must, or must not, be in the text."""
    wanted = [_plain(text) for text in row["with"]]
    unwanted = [_plain(text) for text in row.get("without") or ()]
    labels = np.full(len(lines), -1, np.int8)
    for i, line in enumerate(map(_plain, lines)):
        keep = any(text in line for text in wanted)
        if keep != any(text in line for text in unwanted):
            labels[i] = keep
    return labels


def _titled(lines: list[str], title: str | None, labels: Labels) -> Labels:
    """Which line is the title: the last that says it above the text, else the first that does.

    No copy of the title is main content, so they get that label too.
    """
    key = tokens((title or "").lower())
    copies = [i for i, line in enumerate(lines) if key and tokens(line.lower()) == key]
    if not copies:
        return np.full(len(lines), -1, np.int8)
    kept = np.flatnonzero(labels == 1)
    first = int(kept[0]) if len(kept) else len(lines)
    titles = np.zeros(len(lines), np.int8)
    titles[copies] = -1
    titles[max((i for i in copies if i <= first), default=copies[0])] = 1
    labels[copies] = np.where(labels[copies] == -1, 0, labels[copies])
    return titles


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
