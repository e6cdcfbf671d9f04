"""`phusa schema`: the JSON Schemas of what is published."""

from __future__ import annotations

from typing import Annotated

import typer

from phusa.cli.output import fail, show_json


def run(
    name: Annotated[
        str | None, typer.Argument(help="A schema, such as article-1.0.0.", show_default=False)
    ] = None,
) -> None:
    """Print a JSON Schema, or a list."""
    import phusa_schema

    if name is None:
        typer.echo("\n".join(phusa_schema.names()))
        return
    try:
        show_json(phusa_schema.load(name), indent=True)
    except LookupError as error:
        fail(str(error.args[0]))
