"""`phusa place`: what a place of Vietnam was, and what it became."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from phusa.cli.output import fail, show_json, tell, visible

if TYPE_CHECKING:
    from phusa.places import Bracket, Unit

PIPE_CHARS = 1000
"""Width of a table that no terminal limits."""


def run(
    name: Annotated[
        str, typer.Argument(help='A name, "Phường An Lưu, Kinh Môn", or an official code.')
    ],
    on: Annotated[
        str | None, typer.Option(help="Only what may have been on a day.", metavar="DAY")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print what a place of Vietnam was, where it lay, and what it became.

    `from` is its first day, `to` the first day it was no more; of a change between two lists of
    units the days on which it may have been are told. Today is the day of the newest list,
    2025-07-01. Exit code 1: there is no such place.
    """
    from phusa import places

    try:
        found = (places.by_code(name, on) if name.isdecimal() else []) or places.by_name(name, on)
    except ValueError:
        fail(f"--on {on}: no day; write 2020-06-18, 2020-06 or 2020")
    if as_json:
        show_json([_described(unit, on) for unit in found], indent=True)
    elif found:
        _show(found, on)
    else:
        tell(f"{name}: {_next_step(name, on)}")
    raise typer.Exit(0 if found else 1)


def _next_step(name: str, on: str | None) -> str:
    from phusa import places

    if on is not None and (places.by_code(name) or places.by_name(name)):
        return f"no such place on {on}; without --on all times are shown"
    if "," in name:
        return "no such place; try the first name alone"
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
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from phusa import places

    table = Table(box=box.SIMPLE, show_edge=False)
    for title in ("code", "unit", "in", "from", "to", "today"):
        table.add_column(title, no_wrap=title in ("code", "from", "to"))
    for unit in found:
        cells = (
            unit.code,
            unit.full_name,
            "\n".join(f"{above.full_name} {above.code}" for above in places.parents(unit, on)),
            _told(unit.since),
            _told(unit.until),
            "\n".join(
                f"{now.unit.full_name} {now.unit.code}{' (part)' * now.part}"
                for now in places.today_of(unit)
            ),
        )
        table.add_row(*(Text(visible(cell)) for cell in cells))
    width = None if sys.stdout.isatty() else PIPE_CHARS
    Console(width=width, highlight=False).print(table)


def _told(bracket: Bracket) -> str:
    """A day, or the days it may have been."""
    first, last = bracket
    if first == last:
        return first or ""
    return f"{first or ''}…{last or ''}"
