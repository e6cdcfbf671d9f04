"""Options that several commands share."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from phusa.cli.output import fail
from phusa.recipe import Cleaning, Recipe, RecipeError, load

RecipeFile = Annotated[
    Path | None, typer.Option("--recipe", help="The recipe to clean by.", show_default=False)
]
Select = Annotated[
    str | None,
    typer.Option(help="Rules to apply: codes or prefixes, by commas.", show_default=False),
]
Ignore = Annotated[
    str | None,
    typer.Option(help="Rules to leave out: codes or prefixes, by commas.", show_default=False),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]


class From(StrEnum):
    """What an input is."""

    AUTO = "auto"
    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"


def media_type(source: From) -> str | None:
    """The media type of an input, None where it is to be told."""
    from phusa.sources import JSONL

    known = {From.TEXT: "text/plain", From.HTML: "text/html", From.JSONL: JSONL}
    return known.get(source)


def input_from(name: str) -> io.BufferedIOBase:
    """The file of a name, unpacked where it is packed; standard input for `-`. Raises OSError."""
    if name != "-":
        from phusa.sources.lines import opened

        return opened(Path(name))
    assert isinstance(sys.stdin.buffer, io.BufferedReader)
    return sys.stdin.buffer


def recipe_from(path: Path) -> Recipe:
    """A recipe file's recipe; ends with exit code 2 where it cannot be used."""
    try:
        return load(path)
    except RecipeError as error:
        fail(str(error))


def cleaning_from(recipe: Path | None, select: str | None, ignore: str | None) -> Cleaning:
    """How to clean: by the recipe, the options before it."""
    cleaning = recipe_from(recipe).clean if recipe else Cleaning()
    if select is not None:
        cleaning = replace(cleaning, select=codes(select))
    if ignore is not None:
        cleaning = replace(cleaning, ignore=codes(ignore))
    if cleaning != Cleaning():
        from phusa.building import check_rules

        try:
            check_rules((*cleaning.select, *cleaning.ignore))
        except RecipeError as error:
            fail(str(error))
    return cleaning


def codes(text: str) -> tuple[str, ...]:
    """Codes and prefixes of rules, which stand between commas."""
    named = tuple(code.strip().upper() for code in text.split(",") if code.strip())
    return named or fail("--select and --ignore need a code or a prefix of one")
