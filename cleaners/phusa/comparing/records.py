"""Two records of one id compared, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from phusa.comparing.difference import Kind, Retyped, SchemaChanges
from phusa.comparing.words import kind_of_change
from phusa.release.tables import Column, documented

CONTENT = ("title", "lead", "text", "captions")
"""The fields that hold the text of an article; all others are metadata."""

_ROW = re.compile("#[0-9]+$")

_KINDS: tuple[Kind, ...] = ("metadata", "white_space", "diacritics", "real")
"""The greater one counts for the whole record."""


def schema_changes(old: Sequence[Column], new: Sequence[Column]) -> SchemaChanges:
    """Compare the fields of two schemas; of a field that only one has, those in it go unsaid.

    >>> some = Column("n", "integer", many=False, nullable=False, description="A number.")
    >>> schema_changes((some,), (replace(some, nullable=True), replace(some, name="m")))
    SchemaChanges(added=('m',), removed=(),
        retyped=(Retyped(name='n', old='int64', new='int64 or null'),))
    """
    before, after = dict(documented(old)), dict(documented(new))
    return SchemaChanges(
        added=tuple(_outermost(after.keys() - before.keys(), after)),
        removed=tuple(_outermost(before.keys() - after.keys(), before)),
        retyped=tuple(
            Retyped(name, before[name].type_name, after[name].type_name)
            for name in after
            if name in before and before[name].type_name != after[name].type_name
        ),
    )


def _outermost(names: set[str], ordered: Mapping[str, Column]) -> Iterator[str]:
    """Give names in their order, without those in a field that is named itself."""
    for name in ordered:
        outer, _, _ = name.rpartition(".")
        if name in names and outer.removesuffix("[]") not in names:
            yield name


def shared(old: Sequence[Column], new: Sequence[Column]) -> tuple[Column, ...]:
    """Give the fields of both schemas: those by which records are compared."""
    before = {column.name: column for column in old}
    return tuple(
        replace(column, fields=shared(before[column.name].fields, column.fields))
        for column in new
        if column.name in before
    )


def changed_fields(
    old: Mapping[str, Any], new: Mapping[str, Any], fields: Sequence[Column], prefix: str = ""
) -> Iterator[str]:
    """Name the innermost fields that differ, as `documented` does; a name may come again.

    A field that is null or a list of another length differs as a whole. Where a row stands in its
    file is no field: it is another for all rows after one that goes.

    >>> level = Column("level", "string", False, False, "Level.")
    >>> then = Column("then", "object", True, False, "Units.", (level,))
    >>> list(changed_fields({"then": [{"level": "ward"}]}, {"then": [{"level": "city"}]}, [then]))
    ['then[].level']
    """
    for field in fields:
        before, after = old.get(field.name), new.get(field.name)
        name = prefix + field.name
        if before == after or (name == "source.path" and _file(before) == _file(after)):
            continue
        pairs = list(_pairs(before, after)) if field.fields else []
        if not pairs:
            yield name
        inner = f"{name}[]." if isinstance(after, list) else f"{name}."
        for one, other in pairs:
            yield from changed_fields(one, other, field.fields, inner)


def _file(path: object) -> str:
    """Cut the number of the row off a path such as `pages.jsonl#12`."""
    return _ROW.sub("", str(path))


def _pairs(old: object, new: object) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pair the objects of two values of a field, if they can be."""
    match old, new:
        case dict(), dict():
            yield old, new
        case list(), list() if len(old) == len(new) and all(
            isinstance(item, dict) for item in (*old, *new)
        ):
            yield from zip(old, new, strict=True)


def kind_of(old: Mapping[str, Any], new: Mapping[str, Any], names: set[str]) -> Kind:
    """Say how a record changed whose changed fields have these names."""
    kinds = {
        kind_of_change(_as_text(old.get(name)), _as_text(new.get(name)))
        for name in CONTENT
        if name in names
    }
    return max(kinds, key=_KINDS.index, default="metadata")


def article_of(record: Mapping[str, Any]) -> str:
    """Join title, text and captions, as they are compared word by word; the lead is in the text."""
    parts = (_as_text(record.get(name)) for name in ("title", "text", "captions"))
    return "\n\n".join(part for part in parts if part)


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return "\n".join(map(str, value))
    return str(value)
