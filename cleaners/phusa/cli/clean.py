"""`phusa clean`: a filter from pages to articles."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from phusa.cli.options import Ignore, Quiet, RecipeFile, Select, cleaning_from, input_from
from phusa.cli.output import fail, tell, visible

if TYPE_CHECKING:
    from phusa.page import Article, RawDocument
    from phusa.sources import Unreadable


class From(StrEnum):
    """What the input is."""

    AUTO = "auto"
    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"


class To(StrEnum):
    """What the output is."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


def run(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="Pages; - is standard input.", metavar="[FILES...|-]", show_default=False
        ),
    ] = None,
    source: Annotated[From, typer.Option("--from", help="What the input is.")] = From.AUTO,
    target: Annotated[To, typer.Option("--to", help="What the output is.")] = To.TEXT,
    recipe: RecipeFile = None,
    select: Select = None,
    ignore: Ignore = None,
    quiet: Quiet = False,
) -> None:
    """Clean pages, as a filter.

    The articles go to standard output, in the order of the input. Rows of JSONL are read and
    written one by one. Exit code 1: some page had no article; 2: some file could not be read.
    """
    from phusa import pipeline
    from phusa.page import RawDocument

    if not files and sys.stdin.isatty():
        fail("no input; name files, or pipe a page in: phusa clean - < page.txt")
    cleaning = cleaning_from(recipe, select, ignore)
    code = 0
    first = True
    for name in files or ["-"]:
        try:
            for document in _documents(name, source):
                if not isinstance(document, RawDocument):
                    code = max(code, 1)
                    tell(f"{document.path}: {document.finding.rule} {document.finding.message}")
                    continue
                article = pipeline.clean(document, cleaning)
                if article.rejection is not None:
                    code = max(code, 1)
                    if not quiet:
                        tell(f"{name}: {article.rejection.rule} {article.rejection.message}")
                if article.is_article or target is not To.TEXT:
                    _write(article, target, first)
                    first = False
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            code = 2
            tell(f"error: {name}: cannot be read: {error.strerror}; the other files go on")
    raise typer.Exit(code)


def _documents(name: str, source: From) -> Iterator[RawDocument | Unreadable]:
    """The documents of a file or of standard input, as they are read."""
    from phusa import sources

    media_type = {From.TEXT: "text/plain", From.HTML: "text/html", From.JSONL: sources.JSONL}
    with input_from(name) as file:
        yield from sources.stream(file, name, media_type.get(source))


def _write(article: Article, target: To, first: bool) -> None:
    import orjson

    if target is To.TEXT:
        text = article.text if not sys.stdout.isatty() else visible(article.text)
        typer.echo(text if first else f"\n{text}")
    else:
        option = orjson.OPT_INDENT_2 if target is To.JSON else 0
        typer.echo(orjson.dumps(article.record(), option=option))
    sys.stdout.flush()
