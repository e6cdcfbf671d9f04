"""`phusa explain`: every removal and repair of a page, in place."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from phusa.cli.options import Ignore, RecipeFile, Select, cleaning_from, input_from
from phusa.cli.output import colour, fail, show_json, tell, visible

if TYPE_CHECKING:
    from phusa.explanation import Explained
    from phusa.facts import Locality, Published, Publisher
    from phusa.findings import Finding
    from phusa.page import Article, RawDocument
    from phusa.sources import Unreadable

COLOURS = {"chrome": "red", "title": "green", "lead": "green", "caption": "blue", "byline": "blue"}
MAX_REPAIR_CHARS = 40


def run(
    file: Annotated[str, typer.Argument(help="A page; - is standard input.")],
    recipe: RecipeFile = None,
    select: Select = None,
    ignore: Ignore = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Show every removal and repair.

    Each line of the page is shown with what it is, or with the rule that takes it out. Lines are
    cut to the width of the terminal; in a pipe they are whole. Exit code 1: there is no article.
    """
    from phusa import pipeline
    from phusa.page import RawDocument

    cleaning = cleaning_from(recipe, select, ignore)
    code = 0
    for document in _documents(file):
        if not isinstance(document, RawDocument):
            tell(f"{document.path}: {document.finding.rule} {document.finding.message}")
            code = 1
            continue
        article = pipeline.clean(document, cleaning)
        code = code if article.is_article else 1
        (_print_json if as_json else _print)(article)
    raise typer.Exit(code)


def _documents(name: str) -> Iterator[RawDocument | Unreadable]:
    from phusa import sources

    try:
        with input_from(name) as file:
            yield from sources.stream(file, name)
    except sources.DAMAGE as error:
        fail(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}")


def _print(article: Article) -> None:
    from phusa.explanation import explain

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    typer.echo(_summary(article))
    for line in explain(article):
        kind = line.rule or (line.kind.value if line.kind else "")
        text = _marked(line)
        if line.rule:
            text = f"- {text}  [{line.reason}]"
        shown = visible(f"{line.number:5}  {kind:8} {text}")
        if width and len(shown) > width:
            shown = shown[: width - 1] + "…"
        typer.echo(colour(shown, COLOURS.get(line.kind or "", "reset")))
    typer.echo("")


def _marked(line: Explained) -> str:
    """A line with its repairs in place, {ENC020 before → after}, and what was only found."""
    pieces: list[str] = []
    done = 0
    for repair in sorted(line.repairs, key=_shown_at):
        if _shown_at(repair) < done:
            continue
        if repair.replacement is None:
            pieces.append(f"{line.text[done : repair.end]} {{{repair.rule} {repair.message}}}")
            done = repair.end
            continue
        before = line.text[repair.start : repair.end]
        pieces.append(line.text[done : repair.start])
        pieces.append(f"{{{repair.rule} {_short(before)} → {_short(repair.replacement or '')}}}")
        done = repair.end
    pieces.append(line.text[done:])
    return "".join(pieces).strip()


def _shown_at(repair: Finding) -> int:
    """Where a finding is shown: what repairs nothing behind its characters, which stay."""
    return repair.end if repair.replacement is None else repair.start


def _short(text: str) -> str:
    """A text in quotes, its middle left out where it is long."""
    shown = text.replace("\n", "⏎").replace("\xa0", "⍽")
    if len(shown) > MAX_REPAIR_CHARS:
        shown = f"{shown[: MAX_REPAIR_CHARS // 2]}…{shown[-MAX_REPAIR_CHARS // 2 :]}"
    return f"“{shown}”"


def _summary(article: Article) -> str:
    """What the page is, and what is known of it."""
    counts = Counter(finding.rule for finding in article.findings)
    rules = ", ".join(f"{rule} × {count}" for rule, count in sorted(counts.items()))
    language = article.language
    facts = {
        "article": "yes" if article.rejection is None else f"no: {article.rejection.message}",
        "title": article.title,
        "published": article.published and _date(article.published),
        "modified": article.modified and _date(article.modified),
        "locality": article.locality and _place(article.locality),
        "publisher": article.publisher and _publisher(article.publisher),
        "authors": ", ".join(article.authors),
        "language": language and f"{language.code} ({language.confidence})",
        "findings": rules,
    }
    lines = [visible(article.source.path or "")]
    lines += [f"  {name + ':':11}{visible(str(value))}" for name, value in facts.items() if value]
    return "\n".join(lines)


def _date(date: Published) -> str:
    inferred = "inferred, " if date.inferred else ""
    return f"{date.value} ({inferred}{date.precision}; {date.rule}, “{date.evidence}”)"


def _place(place: Locality) -> str:
    then = ", ".join(f"{unit.name} {unit.code or ''}".strip() for unit in place.then)
    now = ", ".join(f"{unit.name} {unit.code or ''}".strip() for unit in place.now)
    today = f"; today {now}" if now and now != then else ""
    return f"{then}{today} ({place.rule}, “{place.evidence}”)"


def _publisher(publisher: Publisher) -> str:
    place = publisher.locality
    return f"{publisher.name}; {_place(place)}" if place else publisher.name


def _print_json(article: Article) -> None:
    from dataclasses import asdict

    row = {
        "path": article.source.path,
        "is_article": article.is_article,
        "findings": [asdict(finding) for finding in article.findings],
    }
    show_json(row)
