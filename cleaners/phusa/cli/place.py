"""`phusa place`: what a place of Vietnam was, and what it became."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from phusa.cli.output import fail, show_json, tell, visible

if TYPE_CHECKING:
    from rich.table import Table

    from phusa.places import Bracket, Unit

PIPE_CHARS = 1000
"""Width of a table that no terminal limits."""
TABLE_CHARS, WIDE_CHARS = 80, 120
"""Narrower terminals get a block for each unit, and narrower tables brackets on two lines."""


def run(
    name: Annotated[
        str, typer.Argument(help='A name, "Phường An Lưu, Kinh Môn", or an official code.')
    ],
    on: Annotated[
        str | None,
        typer.Option(
            help="Only what may have been on a day, in a month or in a year: 2020-06-18, 2020-06 "
            "or 2020.",
            metavar="DATE",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print what a place of Vietnam was, where it lay, and what it became.

    `from` is its first day, `to` the first day it was no more; of a change between two lists of
    units the days on which it may have been are told. Today is the day of the newest list,
    2025-07-01. A number is a code if there is one (`01`, `292`, `10675`), else a name: `1` is
    Quận 1. Exit code 1: there is no such place.
    """
    from phusa import places

    if not any(character.isalnum() for character in name):
        fail('no name; write one, "Phường An Lưu, Kinh Môn", or an official code, 10675')
    try:
        found = places.by_code(name, on) or places.by_name(name, on)
    except ValueError:
        fail(f"--on {on}: no day; write 2020-06-18, 2020-06 or 2020")
    if as_json:
        show_json([_described(unit, on) for unit in found], indent=True)
    elif found:
        _show(found, on)
    if not found:
        tell(f"{name.strip()}: {_next_step(name, on)}")
    raise typer.Exit(0 if found else 1)


def _next_step(name: str, on: str | None) -> str:
    from phusa import places
    from phusa.places.lookup import alike, first_name

    if on is not None and (places.by_code(name) or places.by_name(name)):
        return f"no such place on {on}; without --on all times are shown"
    if name.strip().isdecimal():
        return "no such code; those of provinces have 2 digits, of districts 3, of wards 5"
    first = first_name(name)
    if first != name.strip() and places.by_name(first):
        return f"no such place; try the first name alone: {first}"
    if others := alike(name):
        return f"no such place; marks count, try: {', '.join(others)}"
    return "no such place; marks count, and a kind before the name must be right"


def _described(unit: Unit, on: str | None) -> dict[str, Any]:
    from phusa import places

    return {
        **_named(unit),
        "since": unit.since,
        "until": unit.until,
        "parents": [_named(above) for above in places.parents(unit, on)],
        "now": [{**_named(now.unit), "part": now.part} for now in places.today_of(unit)],
        "as_of": places.AS_OF,
    }


def _named(unit: Unit) -> dict[str, Any]:
    return {"level": unit.level, "code": unit.code, "name": unit.full_name}


def _show(found: list[Unit], on: str | None) -> None:
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else PIPE_CHARS, highlight=False)
    if console.width < TABLE_CHARS:
        for number, unit in enumerate(found):
            console.print(*[""] * bool(number), _block(unit, on), sep="\n")
    else:
        console.print(_table(found, on, wide=console.width >= WIDE_CHARS))


def _table(found: list[Unit], on: str | None, *, wide: bool) -> Table:
    """A row for each unit."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, show_edge=False)
    for title in ("code", "unit", "in", "from", "to", "today"):
        table.add_column(title, no_wrap=title in ("code", "from", "to"))
    for unit in found:
        cells = unit.code, unit.full_name, *_facts(unit, on, wide=wide).values()
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return table


def _block(unit: Unit, on: str | None) -> Table:
    """A unit over what is known of it, a line for each."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1), expand=False)
    table.add_column(no_wrap=True, min_width=len("today"))
    table.add_column()
    table.add_row(Text(unit.code), Text(visible(unit.full_name)))
    for title, cell in _facts(unit, on, wide=False).items():
        if cell:
            table.add_row(Text(title), Text(visible(cell)))
    return table


def _facts(unit: Unit, on: str | None, *, wide: bool) -> dict[str, str]:
    """What is told of a unit under its code and name, by title."""
    from phusa import places

    above = (f"{one.full_name} {one.code}" for one in places.parents(unit, on))
    today = (
        f"{now.unit.full_name} {now.unit.code}{' (part)' * now.part}"
        for now in places.today_of(unit)
    )
    return {
        "in": "\n".join(above),
        "from": _told(unit.since, wide=wide),
        "to": _told(unit.until, wide=wide),
        "today": "\n".join(today),
    }


def _told(bracket: Bracket, *, wide: bool) -> str:
    """A day, or the days it may have been."""
    first, last = bracket
    if first == last:
        return first or ""
    between = "…" if wide or first is None or last is None else "…\n"
    return f"{first or ''}{between}{last or ''}"
