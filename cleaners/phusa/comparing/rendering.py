"""A difference for people, as text or Markdown, and for machines, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Any

from rich.cells import cell_len, set_cell_size

from phusa.comparing.changelog import summary
from phusa.comparing.difference import Difference, Move, Piece, Side, TextChange
from phusa.release import markdown
from phusa.release.markdown import code, visible

TEXT_CHARS, MARKDOWN_CHARS = 76, 96
"""Width of a change of text, word by word."""

_NAME_CHARS = 40
_MOST_FIELDS = 20
_MARKS = {"same": ("", ""), "out": ("[-", "-]"), "in": ("{+", "+}")}
"""Around words that went and words that came, as `git diff --word-diff` has them."""

_KINDS = {
    "real": "in its words",
    "diacritics": "in diacritics alone",
    "white_space": "in white space alone",
    "metadata": "in metadata alone",
}

Paint = Callable[[Piece, str], str]
"""Shows a word of a piece as what it is, by colour."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of a name and numbers. Where `foreign`, names may hold anything."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    foreign: bool = True


def as_json(difference: Difference) -> dict[str, Any]:
    """Give a difference as JSON has it: by the names of its fields, and the version it proposes."""
    return asdict(difference) | {
        "bump": difference.bump,
        "reasons": difference.reasons,
        "proposed": difference.proposed,
    }


def as_markdown(difference: Difference) -> str:
    """Write a difference for a pull request or for release notes."""
    old, new = difference.old, difference.new
    parts = [
        f"## {code(old.name)} {old.version} → {_renamed(difference, code)}{new.version}",
        markdown.bullets(summary(difference)),
        _conclusion(difference, code),
    ]
    for table in (_sizes(difference), *_drift(difference)):
        names = [code(row[0]) if table.foreign else row[0] for row in table.rows]
        rows = [(name, *row[1:]) for name, row in zip(names, table.rows, strict=True)]
        parts += [f"### {table.title}", markdown.table(("", *table.head), rows)]
    if difference.largest:
        parts.append("### Largest changes of text")
    for change in difference.largest:
        title = f" {code(change.title)}" if change.title else ""
        parts.append(f"{code(change.id, 200)}{title}: {_measured(change)}")
        parts.append(markdown.fence("\n".join(_wrapped(change, MARKDOWN_CHARS)), "text"))
    for title, ids in _listed(difference):
        parts += [f"### {title}", markdown.bullets(code(name, 200) for name in ids)]
    return "\n\n".join(parts) + "\n"


def as_text(difference: Difference, paint: Paint | None = None) -> str:
    """Write a difference for a terminal of 80 columns.

    Words that went stand in `[-…-]` and those that came in `{+…+}`; with `paint` they are shown by
    that alone.
    """
    old, new = difference.old, difference.new
    lines = [f"{_cut(old.name)} {old.version} → {_renamed(difference, _cut)}{new.version}"]
    for table in (_sizes(difference), *_counts(difference), *_drift(difference)):
        lines += ["", table.title]
        lines += _aligned([("", *table.head)] if any(table.head) else [], table.rows)
    if difference.largest:
        lines += ["", "Largest changes of text"]
    for change in difference.largest:
        lines += [f"  {_named(change)}", f"    {_measured(change)}"]
        lines += [f"    {line}" for line in _wrapped(change, TEXT_CHARS, paint)]
    for title, ids in _listed(difference):
        lines += ["", title, *(f"  {visible(name)}" for name in ids)]
    lines += ["", *wrap(_conclusion(difference, visible), TEXT_CHARS)]
    return "\n".join(lines) + "\n"


def _conclusion(difference: Difference, shown: Callable[[str], str]) -> str:
    if difference.bump == "none":
        return "Nothing differs."
    reasons = "; ".join(difference.told_reasons(shown))
    old, proposed = difference.old.version, difference.proposed
    return f"By what changed, {proposed} comes after {old} ({difference.bump}): {reasons}."


def _renamed(difference: Difference, shown: Callable[[str], str]) -> str:
    """Give the new name of a dataset that has another."""
    name = difference.new.name
    return "" if name == difference.old.name else f"{shown(name)} "


def _counts(difference: Difference) -> Iterator[_Table]:
    """Give how many records changed, and in which fields."""
    if rows := [*_of_records(difference)]:
        yield _Table("Records", ("",), rows, foreign=False)
    if fields := [*difference.fields.items()]:
        rows = [(name, f"{number:,}") for name, number in fields[:_MOST_FIELDS]]
        yield _Table("Fields that changed", ("records",), rows)
    if rows := [*_of_schema(difference)]:
        yield _Table("Schema", ("",), rows)


def _drift(difference: Difference) -> Iterator[_Table]:
    """Give what moved, a table for each kind."""
    drift, totals = difference.drift, (difference.old.records, difference.new.records)
    versions = difference.old.version, difference.new.version
    for title, moves in (
        ("Languages", drift.languages),
        ("Sites", drift.sites),
        ("Places", drift.places),
        ("Years of publication", drift.years),
        ("Characters of text, from", drift.lengths),
    ):
        if moves:
            yield _Table(title, (*versions, "points"), [_share(move, *totals) for move in moves])
    for title, moves in (
        ("Documents rejected, by rule", drift.rejected),
        ("Findings, by rule", drift.findings),
        ("Personal data, by kind", drift.personal_data),
    ):
        if moves:
            rows = [(str(m.value), *_numbers(m.old, m.new)) for m in moves]
            yield _Table(title, (*versions, ""), rows)


def _sizes(difference: Difference) -> _Table:
    old, new = difference.old, difference.new
    return _Table("Sizes", (old.version, new.version, ""), [*_measures(old, new)], foreign=False)


def _measures(old: Side, new: Side) -> Iterator[Sequence[str]]:
    """Measure both versions; what one of them does not tell is left out."""
    yield "records", *_numbers(old.records, new.records)
    if old.chars is not None and new.chars is not None:
        yield "characters", *_numbers(old.chars, new.chars)
        means = old.chars // max(old.records, 1), new.chars // max(new.records, 1)
        yield "characters of a record", *_numbers(*means)
    if old.words is not None and new.words is not None:
        yield "words", *_numbers(old.words, new.words)
    splits = sorted(old.splits.keys() | new.splits.keys())
    if len(splits) > 1:
        for split in splits:
            numbers = _numbers(old.splits.get(split, 0), new.splits.get(split, 0))
            yield f"records in {split}", *numbers


def _of_records(difference: Difference) -> Iterator[Sequence[str]]:
    changed = difference.changed
    for what, number in (
        ("added", difference.added),
        ("removed", difference.removed),
        ("changed in their words", changed.real),
        ("changed in diacritics alone", changed.diacritics),
        ("changed in white space alone", changed.white_space),
        ("changed in metadata alone", changed.metadata),
        ("moved to another split", difference.moved),
        ("unchanged", difference.unchanged),
    ):
        if number:
            yield what, f"{number:,}"


def _of_schema(difference: Difference) -> Iterator[Sequence[str]]:
    schema = difference.schema
    yield from ((name, "added") for name in schema.added)
    yield from ((name, "removed") for name in schema.removed)
    yield from ((field.name, f"{_cut(field.old)} → {_cut(field.new)}") for field in schema.retyped)


def _share(move: Move, old_records: int, new_records: int) -> Sequence[str]:
    old, new = move.old / max(old_records, 1), move.new / max(new_records, 1)
    name = "unknown" if move.value is None else move.value
    return name, f"{old:.1%}", f"{new:.1%}", f"{(new - old) * 100:+.1f}"


def _numbers(old: int, new: int) -> tuple[str, str, str]:
    """Write two numbers, and by how much the second is greater."""
    return f"{old:,}", f"{new:,}", f"{new - old:+,}" if new != old else ""


def _listed(difference: Difference) -> Iterator[tuple[str, Sequence[str]]]:
    """Give the ids that are named, and of how many."""
    for what, ids, number in (
        ("Added", difference.added_ids, difference.added),
        ("Removed", difference.removed_ids, difference.removed),
    ):
        if ids:
            first = "" if len(ids) == number else f", the first {len(ids):,} of {number:,}"
            yield f"{what}{first}", ids


def _named(change: TextChange) -> str:
    return _cut(f"{change.id}  {change.title}" if change.title else change.id, TEXT_CHARS)


def _measured(change: TextChange) -> str:
    return f"{_KINDS[change.kind]}: {change.words_out:,} out, {change.words_in:,} in"


def _aligned(head: list[Sequence[str]], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write rows as columns: names to the left, all else to the right."""
    shown = [*head, *([_cut(row[0]), *row[1:]] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*shown, strict=True)]
    for name, *cells in shown:
        padded = [f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True)]
        yield "  ".join(["", set_cell_size(name, widths[0]), *padded]).rstrip()


def _cut(name: str, most: int = _NAME_CHARS) -> str:
    """Cut a name to columns of a terminal, whatever is in it."""
    name = visible(name)
    return name if cell_len(name) <= most else f"{set_cell_size(name, most - 1)}…"


def _wrapped(change: TextChange, most: int, paint: Paint | None = None) -> Iterator[str]:
    """Write the words of a change as lines of at most `most` columns."""
    line: list[str] = []
    filled = 0
    for piece in change.pieces:
        words = visible(piece.text).split(" ")
        if paint is None:
            start, end = _MARKS[piece.op]
            words[0] = start + words[0]
            words[-1] += end
        for word in words:
            if line and filled + cell_len(word) > most:
                yield " ".join(line)
                line, filled = [], 0
            line.append(paint(piece, word) if paint else word)
            filled += cell_len(word) + 1
    yield " ".join(line)
