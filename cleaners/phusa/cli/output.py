"""Printing: results on stdout, messages on stderr, text of pages made harmless."""

from __future__ import annotations

import os
import re
import sys
from typing import NoReturn, TextIO

import typer

_HARMFUL = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""A text from a page as a terminal may show it: controls and direction marks as escapes.

    The escapes are those of JSON, so that JSON stays what it is.

    >>> visible("đỏ\x1b[31m\u202e")
    'đỏ\\u001b[31m\\u202e'
    """
    return _HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def show_json(value: object, *, indent: bool = False) -> None:
    """Print a value as JSON, for a terminal with nothing in it that one obeys."""
    import orjson

    text = orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2 if indent else 0).decode()
    typer.echo(visible(text) if sys.stdout.isatty() else text)


def tell(message: str) -> None:
    """Print a message on stderr."""
    typer.echo(f"phusa: {visible(message)}", err=True)


def fail(message: str) -> NoReturn:
    """Print a message of one line on stderr and end with exit code 2."""
    tell(f"error: {message}")
    raise typer.Exit(2)


def colour(text: str, fg: str, stream: TextIO | None = None) -> str:
    """A text in a colour where the stream (stdout) is a terminal and `NO_COLOR` is not set."""
    plain = os.environ.get("NO_COLOR") or not (stream or sys.stdout).isatty()
    return text if plain else typer.style(text, fg=fg)
