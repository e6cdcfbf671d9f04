"""The changelog of a dataset: an entry for each version, written from the difference.

It holds numbers and the names of fields and splits, and no text of any record: what was taken down
must not live on in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from phusa.comparing.difference import Difference, Move, records
from phusa.release.markdown import code

_TAKEN_DOWN = "SRC108"
"""The rule that rejects what is on the removal list."""

_MOST_FIELDS = 10
_DERIVED = ("counts.", "quality.", "text_sha256")
"""Fields that are computed from the text."""

_ENTRY = "## "


def entry(version: str, difference: Difference | None) -> str:
    r"""Write the entry of a version; without a difference it is the first one.

    >>> entry("1.0.0", None)
    '## 1.0.0\n\n- First version.\n'
    """
    told = summary(difference) if difference else ["First version."]
    return f"{_ENTRY}{version}\n\n" + "".join(f"- {line}\n" for line in told)


def changelog(name: str, entry: str, previous: str | None) -> str:
    r"""Write the changelog of a dataset: an entry, and before it came those of `previous`.

    `previous` is the changelog of the version before. Its entries stay as they are; where it has
    none, it is kept whole.

    >>> changelog("tin", "## 1.0.1\n\n- More.\n", "# Tin\n\n## 1.0.0\n\n- First version.\n")
    '# Changelog of `tin`\n\n## 1.0.1\n\n- More.\n\n## 1.0.0\n\n- First version.\n'
    """
    earlier = _entries(previous or "")
    return f"# Changelog of {code(name)}\n\n{entry}" + (f"\n{earlier}\n" if earlier else "")


def summary(difference: Difference) -> list[str]:
    """Tell a difference in lines of Markdown, the first one of which tells how many records are."""
    old, new = difference.old, difference.new
    lines = [f"{records(new.records)}, after {old.records:,} in {old.version}."]
    changes = [*_of_records(difference)]
    lines += changes or ["The records are the same."]
    lines += _of_schema(difference)
    before, after = (side.made.get("licence") for side in (old, new))
    if before != after:
        lines.append(f"Licence: {_licence(after)}, after {_licence(before)}.")
    if down := _taken_down(difference):
        lines.append(f"Documents on the removal list: {down.new:,}, after {down.old:,}.")
    if not changes and difference.bump == "patch":
        lines.append(f"Otherwise made: {', '.join(difference.told_reasons(code))}.")
    return lines


def _licence(name: str | None) -> str:
    return "none stated" if name is None else code(name)


def _entries(text: str) -> str:
    """Cut out the entries of a changelog; all of a text that has none."""
    start = 0 if text.startswith(_ENTRY) else text.find(f"\n{_ENTRY}") + 1
    return text[start:].strip("\n")


def _of_records(difference: Difference) -> Iterator[str]:
    changed = difference.changed
    kinds = {
        "in their words": changed.real,
        "in diacritics alone": changed.diacritics,
        "in white space alone": changed.white_space,
        "in metadata alone": changed.metadata,
    }
    told = ", ".join(f"{number:,} {what}" for what, number in kinds.items() if number)
    for what, number, more in (
        ("Added", difference.added, ""),
        ("Removed", difference.removed, ""),
        ("Changed", changed.total, f": {told}"),
        ("Moved to another split", difference.moved, ""),
    ):
        if number:
            yield f"{what}: {records(number)}{more}."
    if fields := _fields(difference):
        names = [f"{code(name)} ({number:,})" for name, number in fields[:_MOST_FIELDS]]
        others = len(fields[_MOST_FIELDS:])
        more = f", and {others} more" if others else ""
        yield f"Fields that changed, and in how many records: {', '.join(names)}{more}."


def _fields(difference: Difference) -> list[tuple[str, int]]:
    """Give the fields that changed, but for those that follow from the texts that did."""
    texts = difference.fields.get("text", 0)
    return [
        (name, number)
        for name, number in difference.fields.items()
        if number > texts or not name.startswith(_DERIVED)
    ]


def _of_schema(difference: Difference) -> Iterator[str]:
    schema = difference.schema
    if difference.old.schema != difference.new.schema:
        yield f"Schema {code(difference.new.schema)}, after {code(difference.old.schema)}."
    if schema.added:
        yield f"Fields added to the schema: {', '.join(map(code, schema.added))}."
    if schema.removed:
        yield f"Fields removed from the schema: {', '.join(map(code, schema.removed))}."
    for field in schema.retyped:
        yield f"Another type: {code(field.name)} is {code(field.new)}, after {code(field.old)}."


def _taken_down(difference: Difference) -> Move | None:
    """Find how the number of documents moved that are on the removal list."""
    moves = difference.drift.rejected
    return next((move for move in moves if move.value == _TAKEN_DOWN), None)
