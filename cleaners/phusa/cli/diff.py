"""`phusa diff`: what changed between two releases."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from phusa.cli.options import Quiet
from phusa.cli.output import colour, fail, show_json

if TYPE_CHECKING:
    from phusa.comparing import Difference
    from phusa.comparing.difference import Piece

_COLOURS = {"out": "red", "in": "green"}


def run(
    old: Annotated[str, typer.Argument(help="The folder or the url of a release.")],
    new: Annotated[str, typer.Argument(help="That of the release to compare with it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown, as for a pull request.")
    ] = False,
    most: Annotated[
        int, typer.Option(help="How many ids, values and changes of text are named.", min=1)
    ] = 10,
    quiet: Quiet = False,
) -> None:
    """Print what changed between two releases, record by record.

    Records are compared by id and field by field, wherever they stand. Releases elsewhere
    (hf://datasets/ORG/NAME@v1.0.0, s3://…) are fetched first. Exit code 0: nothing differs; 1:
    something does; 2: a release cannot be read.
    """
    from phusa.publishing.fetching import FetchError
    from phusa.release import ReleaseError

    if as_json and as_markdown:
        fail("--json and --markdown exclude each other")
    try:
        difference = _compared(old, new, most, progress=sys.stderr.isatty() and not quiet)
    except (FetchError, ReleaseError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot compare: {error.strerror}; TMPDIR names the folder for temporary files")
    if as_json:
        from phusa.comparing import rendering

        show_json(rendering.as_json(difference))
    elif as_markdown or not quiet:
        typer.echo(_shown(difference, as_markdown), nl=False)
    raise typer.Exit(0 if difference.bump == "none" else 1)


def _compared(old: str, new: str, most: int, *, progress: bool) -> Difference:
    from phusa.comparing import compare, opened
    from phusa.publishing.fetching import fetched

    with fetched(old, progress=progress) as before, fetched(new, progress=progress) as after:
        return compare(opened(before), opened(after), most=most)


def _shown(difference: Difference, as_markdown: bool) -> str:
    from phusa.comparing import rendering

    if as_markdown:
        return rendering.as_markdown(difference)
    plain = colour("out", _COLOURS["out"]) == "out"  # no terminal, or one without colours
    return rendering.as_text(difference, None if plain else _painted)


def _painted(piece: Piece, word: str) -> str:
    """A word in the colour of what became of it."""
    return colour(word, _COLOURS[piece.op]) if piece.op in _COLOURS else word
