"""`phusa rule`: what the rules are."""

from __future__ import annotations

from typing import Annotated

import typer

from phusa.cli.output import colour, fail, show_json


def run(
    code: Annotated[
        str | None, typer.Argument(help="A code (CHR112) or a name.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the page of a rule, or a list."""
    from dataclasses import asdict

    from phusa.checking import RULEBOOK as RULES

    if code is None:
        chosen = sorted(RULES.values(), key=lambda rule: rule.code)
    else:
        wanted = [rule for rule in RULES.values() if code.upper() == rule.code or code == rule.name]
        chosen = wanted or fail(f"{code}: no such rule; `phusa rule` lists them")
    if as_json:
        found = [asdict(rule) for rule in chosen]
        show_json(found if code is None else found[0], indent=True)
        return
    for rule in chosen:
        if code is None:
            typer.echo(f"{colour(rule.code, 'cyan')}  {rule.name:24} {rule.summary}")
        else:
            typer.echo(f"{colour(rule.code, 'cyan')} {rule.name}\n\n{rule.summary}\n\n{rule.docs}")
