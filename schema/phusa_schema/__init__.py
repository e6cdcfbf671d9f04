"""The JSON Schemas of what phusa publishes, never edited after a release that uses them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["load", "names", "source"]


def names() -> list[str]:
    """List the schemas there are, sorted.

    >>> names()
    ['article-1.0.0', 'manifest-1.0.0']
    """
    found = (entry.name for entry in files(__name__).iterdir())
    return sorted(name.removesuffix(".json") for name in found if name.endswith(".json"))


@cache
def source(name: str) -> bytes:
    """Give the file of a schema, byte for byte, as a release carries it.

    Raises LookupError, naming the schemas there are, where `name` is none of them.

    >>> source("article-2")
    Traceback (most recent call last):
    LookupError: no schema 'article-2'; there are article-1.0.0, manifest-1.0.0
    """
    if name not in names():
        raise LookupError(f"no schema {name!r}; there are {', '.join(names())}")
    return (files(__name__) / f"{name}.json").read_bytes()


@cache
def load(name: str) -> dict[str, Any]:
    """Give a schema as a dict, shared: do not change it. Raises LookupError like `source`.

    >>> load("article-1.0.0")["properties"]["text"]["type"]
    'string'
    """
    schema: dict[str, Any] = json.loads(source(name))
    return schema
