"""`phusa clean`: a filter from pages to articles."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from phusa.cli.options import (
    From,
    Ignore,
    Quiet,
    RecipeFile,
    Select,
    cleaning_from,
    input_from,
    media_type,
)
from phusa.cli.output import fail, show_json, tell, visible

if TYPE_CHECKING:
    from phusa.page import Article, RawDocument, Repaired
    from phusa.sources import Unreadable


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
    only: Annotated[
        str | None,
        typer.Option(
            help="Repair characters and do nothing else: ENC, or codes of repairs, by commas.",
            show_default=False,
        ),
    ] = None,
    recipe: RecipeFile = None,
    select: Select = None,
    ignore: Ignore = None,
    quiet: Quiet = False,
) -> None:
    """Clean pages, as a filter.

    The articles go to standard output, in the order of the input; as text, a line with a form feed
    parts them. Rows of JSONL are read and written one by one. With --only ENC the whole text of a
    page comes out, its characters repaired. Exit code 1: some page had no article; 2: some file
    could not be read.
    """
    from phusa import pipeline
    from phusa.page import RawDocument
    from phusa.repairs.decoding import NOT_TEXT

    if not files and sys.stdin.isatty():
        fail("no input; name files, or pipe a page in: phusa clean - < page.txt")
    if only is not None:
        if select is not None:
            fail("--only and --select both say which rules apply; give one of them")
        if not all(code.strip().upper().startswith("ENC") for code in only.split(",")):
            fail("--only knows repairs of characters: ENC, or codes that start so")
    cleaning = cleaning_from(recipe, only or select, ignore)
    code = 0
    first = True
    for document in chain.from_iterable(_documents(name, source) for name in files or ["-"]):
        if isinstance(document, _NotRead):
            code = 2
            tell(f"error: {document.name}: cannot be read: {document.reason}; the rest goes on")
        elif not isinstance(document, RawDocument):
            code = max(code, 1)
            tell(f"{document.path}: {document.finding.rule} {document.finding.message}")
        elif only is not None:
            repaired = pipeline.repaired(document, cleaning)
            if repaired.findings and repaired.findings[0].rule == NOT_TEXT.code:
                code = max(code, 1)
                tell(f"{document.path}: {repaired.findings[0].rule} {repaired.findings[0].message}")
            else:
                _write_repaired(document, repaired, target, first)
                first = False
        elif (article := pipeline.clean(document, cleaning)).rejection is not None:
            code = max(code, 1)
            if not quiet:
                tell(f"{document.path}: {article.rejection.rule} {article.rejection.message}")
        else:
            _write(article, target, first)
            first = False
    raise typer.Exit(code)


@dataclass(frozen=True, slots=True)
class _NotRead:
    """A file that could not be read, or not to its end."""

    name: str
    reason: str


def _documents(name: str, source: From) -> Iterator[RawDocument | Unreadable | _NotRead]:
    """The documents of a file or of standard input, as they are read."""
    from phusa import sources

    try:
        with input_from(name) as file:
            yield from sources.stream(file, name, media_type(source))
    except sources.DAMAGE as error:
        yield _NotRead(name, getattr(error, "strerror", None) or str(error))


def _write(article: Article, target: To, first: bool) -> None:
    if target is To.TEXT:
        text = article.text if not sys.stdout.isatty() else visible(article.text)
        typer.echo(text if first else f"\f\n{text}")
    else:
        show_json(article.record(), indent=target is To.JSON)
    sys.stdout.flush()


def _write_repaired(document: RawDocument, repaired: Repaired, target: To, first: bool) -> None:
    """Write a repaired text as it is, or with what was done to it."""
    if target is To.TEXT:
        text = repaired.text if not sys.stdout.isatty() else visible(repaired.text)
        typer.echo(text if first else f"\f\n{text}", nl=not text.endswith("\n"))
    else:
        findings = list(map(asdict, repaired.findings))
        known = {"id": document.id, "path": document.path, "url": document.url}
        row = known | {"title": document.title, "text": repaired.text, "findings": findings}
        show_json(row, indent=target is To.JSON)
    sys.stdout.flush()
