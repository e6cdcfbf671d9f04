"""A version to compare: what its manifest says, and where its records are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from phusa.release import ReleaseError, tables
from phusa.release.manifest import MANIFEST
from phusa.versions import is_version

_FORMAT = re.compile(r"manifest-1\.[0-9]{1,9}\.[0-9]{1,9}", re.ASCII)
_SCHEMA = re.compile(r"[a-z]{1,40}-[0-9.]{1,40}", re.ASCII)
_SHARD = re.compile(
    r"jsonl/(?P<split>[A-Za-z0-9_]{1,40})-[0-9]{5}-of-[0-9]{5}\.jsonl\.zst", re.ASCII
)

_MOST_FIELDS = 10_000
"""Of a schema, references followed."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a dataset, whether described already or not.

    `schema` names the schema of the records and `columns` are its fields. `statistics` are those of
    the manifest; what an old one lacks is not compared. `files` are the JSON lines of each split,
    in order, and `splits` the rows of each. `made` tells what it was made with: `phusa`, `recipe`
    and `sources`, as the manifest does, and its `licence`.
    """

    name: str
    version: str
    schema: str
    content_id: str
    columns: tuple[tables.Column, ...]
    statistics: Mapping[str, Any]
    files: Mapping[str, tuple[Path, ...]]
    splits: Mapping[str, int]
    made: Mapping[str, str] = field(default_factory=dict)


def opened(folder: Path) -> Version:
    """Read what the release in a folder says of itself.

    The records are not read, and nothing is checked that comparing does not need: `phusa verify`
    does that. Raises ReleaseError where the folder holds no release that can be compared.
    """
    manifest = _read(folder / MANIFEST)
    match manifest:
        case {
            "format": str(form),
            "name": str(name),
            "version": str(version),
            "schema": str(schema),
            "content_id": str(content_id),
            "files": list(files),
            "statistics": dict(statistics),
        } if is_version(version) and _SCHEMA.fullmatch(schema):
            pass
        case _:
            raise ReleaseError(f"{folder / MANIFEST}: not a manifest; `phusa verify` says why")
    if not _FORMAT.fullmatch(form):
        raise ReleaseError(
            f"{folder / MANIFEST}: the format is {form[:40]!r}; this phusa reads manifest-1"
        )
    shards = _shards(folder, files)
    return Version(
        name=name,
        version=version,
        schema=schema,
        content_id=content_id,
        columns=_columns(folder / "schema" / f"{schema}.json"),
        statistics=statistics,
        files={split: tuple(path for path, _ in found) for split, found in shards.items()},
        splits={split: sum(rows for _, rows in found) for split, found in shards.items()},
        made={
            what: str(value)
            for what, value in (
                ("phusa", manifest.get("phusa")),
                ("licence", manifest.get("license")),
                ("recipe", manifest.get("recipe_sha256")),
                ("sources", manifest.get("sources_sha256")),
            )
            if value is not None
        },
    )


def _read(file: Path) -> Any:
    """Read a file of JSON. Raises ReleaseError where that fails."""
    try:
        return orjson.loads(file.read_bytes())
    except OSError as error:
        if not file.is_file():
            raise ReleaseError(
                f"{file.parent}: holds no release; name the folder of a version, such as "
                "dist/NAME/VERSION"
            ) from error
        raise ReleaseError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ReleaseError(f"{file}: not JSON; `phusa verify` says why") from error


def _shards(folder: Path, files: list[Any]) -> dict[str, list[tuple[Path, int]]]:
    """Find the JSON lines by split, `train` first, each file with its rows."""
    shards: dict[str, list[tuple[Path, int]]] = {}
    for entry in files:
        match entry:
            case {"path": str(path), "rows": int(rows)} if found := _SHARD.fullmatch(path):
                shards.setdefault(found["split"], []).append((folder / path, rows))
    for file, _ in chain.from_iterable(shards.values()):
        if not file.is_file():
            raise ReleaseError(f"{file}: the file is missing; `phusa verify` tells of others")
    order = sorted(shards, key=lambda split: (split != "train", split))
    return {split: sorted(shards[split]) for split in order}


def _columns(file: Path) -> tuple[tables.Column, ...]:
    """Read the fields of a schema that may be anybody's. Raises ReleaseError where it is none."""
    try:
        schema = orjson.loads(file.read_bytes())
        _check_size(schema)
        columns = tables.columns(schema)
        if not all(isinstance(column.kind, str) for _, column in tables.documented(columns)):
            raise ValueError("a type without a name")
    except OSError as error:
        raise ReleaseError(f"{file}: cannot be read: {error.strerror}") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ReleaseError(f"{file}: not a schema of records; `phusa verify` says why") from error
    return columns


def _check_size(schema: Mapping[str, Any]) -> None:
    """Raise ValueError where a schema refers to itself without end, or has too many fields."""
    nodes, seen = [schema], 0
    while nodes:
        node = nodes.pop()
        seen += 1
        if seen > _MOST_FIELDS:
            raise ValueError("too many fields")
        nodes.extend(node.get("properties", {}).values())
        if "items" in node:
            nodes.append(node["items"])
        if "$ref" in node:
            nodes.append(schema["$defs"][node["$ref"].removeprefix("#/$defs/")])
