"""Records against their schema: a fast verdict, and readable reasons where it is no."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import jsonschema_rs
import orjson

from phusa.release import ARTICLE
from phusa_schema import load

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_HEAD, _TAIL = 120, 77
"""Characters kept of a long message: a value at the start, what is wrong with it at the end."""


def problems(value: object, schema: str = ARTICLE) -> list[str]:
    """Find what is wrong with a value, by JSON pointer; nothing where it follows the schema.

    The verdict is on what `value` becomes as JSON: NaN, say, is written as null. A violation is one
    line of at most 200 characters, without pointer where it concerns the whole value; the order is
    that of the pointers. Raises LookupError for a schema that is not known.

    >>> problems({"path": "a", "bytes": 1})[:2]
    ["'authors' is a required property", "'captions' is a required property"]
    """
    try:
        written = orjson.dumps(value)  # first: the validator overlooks halves of surrogate pairs
        if _fast(schema).is_valid(value):
            return []
    except orjson.JSONEncodeError as error:
        return [f"not JSON: {error}"]
    except ValueError:
        pass  # a type that only orjson can write, such as a date
    errors = _reference(schema).iter_errors(orjson.loads(written))
    return sorted(_located(error.absolute_path, error.message) for error in errors)


@cache
def _fast(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(load(schema))


@cache
def _reference(schema: str) -> Validator:
    import jsonschema  # noqa: PLC0415 - 70 ms that a corpus without violations never needs

    return jsonschema.Draft202012Validator(load(schema))


def _located(path: Sequence[str | int], message: str) -> str:
    """Put the message behind its pointer, and cut out its middle where it is long."""
    pointer = "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in path)
    line = f"{pointer}: {message}" if pointer else message
    return line if len(line) <= 200 else f"{line[:_HEAD]} … {line[-_TAIL:]}"
