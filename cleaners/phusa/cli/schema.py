"""`phusa schema`: the JSON Schemas of what is published."""

from __future__ import annotations

from typing import Annotated

import typer

from phusa.cli.output import fail


def run(
    name: Annotated[
        str | None, typer.Argument(help="A schema, such as article-1.0.0.", show_default=False)
    ] = None,
) -> None:
    """Print a JSON Schema, or a list."""
    import orjson

    import phusa_schema

    if name is None:
        typer.echo("\n".join(phusa_schema.names()))
        return
    try:
        typer.echo(orjson.dumps(phusa_schema.load(name), option=orjson.OPT_INDENT_2))
    except LookupError as error:
        fail(str(error.args[0]))
