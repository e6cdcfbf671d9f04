"""The command line: parse, call, print. One module a command; heavy imports stay inside them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from phusa import __version__
from phusa.cli import (
    build,
    check,
    clean,
    diff,
    eval,  # noqa: A004 - a command
    explain,
    place,
    push,
    rule,
    schema,
    verify,
)
from phusa.cli.output import tell

app = typer.Typer(
    name="phusa",
    help="Clean scraped pages and package them as datasets.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich would triple the time of --help
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (build, check, clean, diff, eval, explain, place, push, rule, schema, verify):
    app.command(name=command.__name__.rpartition(".")[2])(command.run)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"phusa {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Clean scraped pages and package them as datasets."""


def main() -> None:
    """Run the command line; text is UTF-8 whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except OSError as error:  # what commands read they see to; this is standard output
        tell(f"error: cannot write: {error.strerror}")
        raise SystemExit(2) from None
