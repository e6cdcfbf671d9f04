"""What tells of a release against what is in it: card, changelog and Croissant.

Whoever changes a card and its digests too can still lie in its words. But what `datasets` reads
there, above all where the data are, is that of the manifest, and so are the files that Croissant
names by their digests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from phusa.release import Problem, tables
from phusa.release.card import configs
from phusa.release.manifest import CHANGELOG, CROISSANT, MANIFEST
from phusa_schema import load

CARD = "README.md"

_MOST_BYTES = 1 << 24
_MOST_HEAD = 1 << 20
"""Of a file that tells of a release."""

_PLOT = re.compile("assets/[a-z]+[.]svg")
_HEAD = re.compile(r"---\n(.*?\n)---\n", re.DOTALL)


def check(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what is told of a release that is not so; its files must be those of the manifest."""
    paths = {e["path"] for e in manifest["files"] if e["rows"] is None}
    own = {CARD, CHANGELOG, CROISSANT, f"schema/{manifest['schema']}.json"}
    for path in sorted(own - paths):
        yield Problem(path, "is missing, and every release has it")
    for path in sorted(paths - own):
        if not _PLOT.fullmatch(path):
            yield Problem(path, "is no part of a release")
    for path, checked in ((CARD, _card), (CHANGELOG, _changelog), (CROISSANT, _croissant)):
        if path in paths:
            try:
                wrong = checked(_text(folder / path), manifest)
            except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
                wrong = f"cannot be read: {type(error).__name__} {error}"[:160]
            if wrong:
                yield Problem(path, wrong)


def _text(file: Path) -> str:
    """Read a file as UTF-8. Raises ValueError, also where it is too large to be what it should."""
    if file.stat().st_size > _MOST_BYTES:
        raise ValueError(f"larger than {_MOST_BYTES:,} bytes")
    return file.read_text("utf-8")


def _card(text: str, manifest: Mapping[str, Any]) -> str | None:
    """Say what is wrong in the head of the card; readers load what it names."""
    import yaml  # noqa: PLC0415 - huggingface_hub brings it, and little needs it

    head = _HEAD.match(text)
    if head is None or len(head[1]) > _MOST_HEAD:
        return "has no head"
    try:
        told = yaml.safe_load(head[1])
    except yaml.YAMLError as error:
        return f"its head is no YAML: {str(error).splitlines()[0][:120]}"
    rows = {split["name"]: split["num_examples"] for split in told["dataset_info"]["splits"]}
    if rows != manifest["splits"]:
        return f"its splits are not those of {MANIFEST}"
    if told["configs"] != configs(rows):
        return "its configs do not name the data of this release"
    columns = tables.columns(load(manifest["schema"]))
    if told["dataset_info"]["features"] != tables.features(columns):
        return "its features are not those of the schema"
    return None


def _changelog(text: str, manifest: Mapping[str, Any]) -> str | None:
    first = next((line for line in text.split("\n") if line.startswith("## ")), None)
    if first != f"## {manifest['version']}":
        return f"does not begin with version {manifest['version']}"
    return None


def _croissant(text: str, manifest: Mapping[str, Any]) -> str | None:
    told = orjson.loads(text)
    if told["version"] != manifest["version"]:
        return f"is of another version than {MANIFEST}"
    data = {
        e["path"]: e["sha256"]
        for e in manifest["files"]
        if e["path"].startswith("data/") and e["rows"] is not None
    }
    files = {e["contentUrl"]: e["sha256"] for e in told["distribution"] if "sha256" in e}
    return None if files == data else f"its files are not those of {MANIFEST}"
