"""`phusa eval`: how good the cleaning is, on pages whose article is known."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from phusa.cli.options import Quiet, RecipeFile, input_from, recipe_from
from phusa.cli.output import fail, show_json, tell, visible

if TYPE_CHECKING:
    from phusa.evaluation import BadRow, GoldPage, Mistake, PageMarks, Report


def run(
    gold: Annotated[
        list[str],
        typer.Argument(help="Files of gold pages (JSONL); - is standard input.", metavar="GOLD"),
    ],
    recipe: RecipeFile = None,
    worst: Annotated[int, typer.Option(help="How many of the worst pages to name.", min=0)] = 10,
    min_f1: Annotated[
        float | None,
        typer.Option(help="The least F1 of a set, 0 to 1.", min=0, max=1, show_default=False),
    ] = None,
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all marks as JSON.")] = False,
) -> None:
    """Mark the cleaning on pages with gold.

    The format of GOLD and the formulas are in docs/evaluation.md. Exit code 1: an F1 of a set, by
    lines, grams or segments, is under --min-f1; 2: a file or a row of gold could not be read.
    """
    from phusa.api import clean
    from phusa.evaluation import Answer, BadRow, as_markdown, mark, mistakes, report

    chosen = recipe_from(recipe) if recipe else None
    marks: list[PageMarks] = []
    wrong: list[Mistake] = []
    code, chars, cpu_s = 0, 0, 0.0
    for page in _pages(gold):
        if isinstance(page, BadRow):
            code = 2
            tell(f"error: {page.place}: {page.message}; the rest goes on")
            continue
        start = time.process_time()
        article = clean(page.source, page.url, media_type=page.media_type, recipe=chosen)
        cpu_s += time.process_time() - start
        chars += len(page.source)
        published = article.published.value if article.published else None
        answer = Answer(article.text, article.title, published, article.authors)
        marks.append(mark(page, answer))
        wrong += mistakes(page, article)
    if not marks:
        fail("no gold pages; docs/evaluation.md says how they are written")
    found = report(marks, wrong)
    if as_json:
        show_json(_as_json(found))
    elif not quiet:
        typer.echo(visible(as_markdown(found, worst)))
    if not quiet:
        cpu_s = max(cpu_s, 1e-9)  # some clocks are coarse
        speed = f"{len(marks) / cpu_s:,.0f} pages, {chars / 1e6 / cpu_s:.2f} million characters"
        tell(f"{speed} per CPU second")
    low = _under(found, min_f1)
    raise typer.Exit(code or (1 if low else 0))


def _pages(names: Iterable[str]) -> Iterator[GoldPage | BadRow]:
    """The pages of all files; a file that cannot be read is a bad row too."""
    from phusa.evaluation import BadRow, read
    from phusa.sources.lines import DAMAGE

    for name in names:
        try:
            with input_from(name) as file:
                yield from read(file, name)
        except DAMAGE as error:
            yield BadRow(name, f"cannot be read: {getattr(error, 'strerror', None) or error}")


def _under(found: Report, min_f1: float | None) -> list[str]:
    """The sets whose F1 is under the least; each is told."""
    low = []
    for name, summary in found.sets.items():
        f1 = summary.lowest_f1
        if min_f1 is not None and f1 is not None and f1 < min_f1:
            low.append(name)
            tell(f"{name}: F1 {f1:.3f} is under {min_f1}")
    return low


def _as_json(found: Report) -> dict[str, Any]:
    row = asdict(found)
    for page, mark in zip(row["pages"], found.pages, strict=True):
        page["score"] = mark.score
    return row
