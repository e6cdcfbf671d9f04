"""Records against their schema: a fast verdict, and readable reasons where it is no."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema_rs
import orjson

from phusa.release import ARTICLE
from phusa_schema import load, source

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MAX_VIOLATIONS = 1000
"""So many are looked for in a value; in one made to be hostile every byte of a list can be one."""

_HEAD, _TAIL = 120, 77
_READ = 1_000
"""Characters kept of a long message: a value at the start, what is wrong with it at the end."""
_AT_THE_END = rb"(?!\n)$"
"""How a pattern of a schema ends where `$` alone would take a line end after it, as in Python."""


class Violation(NamedTuple):
    """What is wrong with the value at a JSON pointer, "" the whole; 200 characters each at most.

    The message may quote the value.
    """

    pointer: str
    message: str

    def __str__(self) -> str:
        return _short(f"{self.pointer}: {self.message}" if self.pointer else self.message)


def problems(value: object, schema: str = ARTICLE) -> list[str]:
    """Find what is wrong with a value, as lines of at most 200 characters; see `violations`."""
    return list(map(str, violations(value, schema)))


def violations(
    value: object,
    schema: str = ARTICLE,
    *,
    parsed: bool = False,
    mask: Callable[[str], str] = str,
) -> list[Violation]:
    """Find what is wrong with a value, in the order of the pointers; nothing where it is valid.

    The verdict is on what `value` becomes as JSON: NaN, say, is written as null. It is that of
    jsonschema, which is asked where jsonschema-rs, a hundred times as fast, finds fault; patterns
    and keywords of the schemas are such that what the one lets pass the other does. At most
    `MAX_VIOLATIONS` are told. A value that orjson has `parsed` is known to be JSON. Messages hold
    parts of values; `mask` is what makes these fit to be shown. Raises LookupError for a schema
    that is not known.

    >>> [str(violation) for violation in violations({"path": "a", "bytes": 1})[:2]]
    ["'authors' is a required property", "'captions' is a required property"]
    """
    try:
        if not parsed:  # the validator overlooks halves of surrogate pairs
            written = orjson.dumps(value)
        if _fast(schema).is_valid(value):
            return []
    except orjson.JSONEncodeError as error:
        return [Violation("", f"not JSON: {error}")]
    except ValueError:
        pass  # a type that only orjson can write, such as a date
    known: Any = value if parsed else orjson.loads(written)
    try:
        errors = list(islice(_reference(schema).iter_errors(known), MAX_VIOLATIONS))
    except RecursionError:
        return [Violation("", "a value is nested too deep to be looked at")]
    return sorted(
        (Violation(_pointer(error.absolute_path), _short(error.message, mask)) for error in errors),
        key=str,
    )


@cache
def _fast(schema: str) -> jsonschema_rs.Draft202012Validator:
    """The fast validator. Its `$` takes no line end, and without looking ahead it is faster yet."""
    return jsonschema_rs.Draft202012Validator(json.loads(source(schema).replace(_AT_THE_END, b"$")))


@cache
def _reference(schema: str) -> Validator:
    import jsonschema  # noqa: PLC0415 - 70 ms that a corpus without violations never needs

    return jsonschema.Draft202012Validator(load(schema))


def _pointer(path: Sequence[str | int]) -> str:
    return _short("".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in path))


def _short(line: str, mask: Callable[[str], str] = str) -> str:
    """A line with its middle cut out where it is long."""
    if len(line) > 2 * _READ:
        line = line[:_READ] + line[-_READ:]
    line = mask(line)  # first: a piece that is cut is known no more
    return line if len(line) <= 200 else f"{line[:_HEAD]} … {line[-_TAIL:]}"
