"""The typing of a release, all of it from the JSON Schema: Arrow types, features, documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.json

_TYPES: dict[str, tuple[str, pa.DataType]] = {
    "string": ("string", pa.string()),
    "integer": ("int64", pa.int64()),
    "number": ("float64", pa.float64()),
    "boolean": ("bool", pa.bool_()),
}
"""Types of JSON Schema: their names in `datasets` and their Arrow types."""

_NUMBERS = {"integer": int, "number": float}


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the records.

    `kind` is a type of JSON Schema: that of the items where `many`, for a list. `fields` are those
    of an object, or of the objects in a list.
    """

    name: str
    kind: str
    many: bool
    nullable: bool
    description: str
    fields: tuple[Column, ...] = ()

    @property
    def type_name(self) -> str:
        """The type in words.

        >>> Column("published", "object", False, True, "When.").type_name
        'object or null'
        """
        name = _TYPES[self.kind][0] if self.kind in _TYPES else self.kind
        return ("list of " if self.many else "") + name + (" or null" if self.nullable else "")


def columns(schema: Mapping[str, Any]) -> tuple[Column, ...]:
    """Read the fields of a schema of objects, in its order.

    >>> schema = {"properties": {"a": {"type": ["string", "null"], "description": "An a."}}}
    >>> columns(schema)
    (Column(name='a', kind='string', many=False, nullable=True, description='An a.', fields=()),)
    """
    return _fields(schema, schema)


def _fields(node: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[Column, ...]:
    properties = node.get("properties", {})
    return tuple(_column(name, part, schema) for name, part in properties.items())


def _column(name: str, node: Mapping[str, Any], schema: Mapping[str, Any]) -> Column:
    node = _resolved(node, schema)
    kind, nullable = _kind(node)
    many = kind == "array"
    inner = node
    if many:
        inner = _resolved(node["items"], schema)
        kind, _ = _kind(inner)
    return Column(name, kind, many, nullable, node["description"], _fields(inner, schema))


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Join a node with the definition it refers to; what stands beside the reference wins."""
    while "$ref" in node:
        beside = {key: value for key, value in node.items() if key != "$ref"}
        node = {**schema["$defs"][node["$ref"].removeprefix("#/$defs/")], **beside}
    return node


def _kind(node: Mapping[str, Any]) -> tuple[str, bool]:
    """Read the one type of a node, and whether null may stand for it."""
    named = node["type"]
    kinds = [named] if isinstance(named, str) else named
    (kind,) = (kind for kind in kinds if kind != "null")
    return kind, "null" in kinds


def arrow_schema(fields: Sequence[Column]) -> pa.Schema:
    """Build the Arrow schema of records with these fields, structs and lists nested as they are.

    >>> arrow_schema([Column("n", "integer", many=True, nullable=False, description="Some.")])
    n: list<item: int64>
      child 0, item: int64
    """
    return pa.schema([(field.name, _arrow(field)) for field in fields])


def _arrow(field: Column) -> pa.DataType:
    if field.fields:
        inner = pa.struct([(part.name, _arrow(part)) for part in field.fields])
    else:
        inner = _TYPES[field.kind][1]
    return pa.list_(inner) if field.many else inner


def features(fields: Sequence[Column]) -> list[dict[str, Any]]:
    """Build the same as a dataset card declares it, under `dataset_info: features:`.

    >>> features([Column("n", "integer", many=True, nullable=False, description="Some.")])
    [{'name': 'n', 'list': 'int64'}]
    """
    return [_feature(field) for field in fields]


def _feature(field: Column) -> dict[str, Any]:
    inner = features(field.fields) if field.fields else _TYPES[field.kind][0]
    key = "list" if field.many else "struct" if field.fields else "dtype"
    return {"name": field.name, key: inner}


def documented(fields: Sequence[Column], prefix: str = "") -> Iterator[tuple[str, Column]]:
    """Give every field under its dotted name, outer ones first; `[]` marks those within a list.

    >>> inner = Column("level", "string", False, False, "Level.")
    >>> [name for name, _ in documented([Column("then", "object", True, False, "…", (inner,))])]
    ['then', 'then[].level']
    """
    for field in fields:
        name = prefix + field.name
        yield name, field
        yield from documented(field.fields, f"{name}[]." if field.many else f"{name}.")


def with_exact_numbers(record: dict[str, Any], fields: Sequence[Column]) -> dict[str, Any]:
    """Turn every number of a record, in place, into the type of its column.

    JSON has one type for both of Arrow's: without this, `1` for `1.0` would give rows that are
    equal as tables and differ as text.

    >>> share = Column("share", "number", many=False, nullable=True, description="A share.")
    >>> with_exact_numbers({"share": 1}, [share])
    {'share': 1.0}
    """
    for field in fields:
        value = record[field.name]
        if value is None:
            continue
        if field.fields:
            for part in value if field.many else (value,):
                with_exact_numbers(part, field.fields)
        elif number := _NUMBERS.get(field.kind):
            record[field.name] = [number(item) for item in value] if field.many else number(value)
    return record


def read(lines: bytes, schema: pa.Schema) -> pa.Table:
    r"""Read JSON lines as a table of one chunk. Raises pyarrow.ArrowInvalid where one does not fit.

    >>> read(b'{"n":1}\n{"n":null}\n', pa.schema([("n", pa.int64())])).to_pylist()
    [{'n': 1}, {'n': None}]
    """
    return pyarrow.json.read_json(
        pa.BufferReader(lines),
        # one block, as a record may be larger than any usual one: threads would only wait for it
        read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(lines) + 1),
        parse_options=pyarrow.json.ParseOptions(
            explicit_schema=schema, unexpected_field_behavior="error"
        ),
    )
