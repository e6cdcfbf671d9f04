"""`phusa push`: a release to a hub, a store or a folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from phusa.cli.options import Quiet
from phusa.cli.output import fail, show_json, tell, visible

if TYPE_CHECKING:
    from phusa.publishing.plans import Plan, Pushed

_HUB = "hf://datasets/"


def run(
    release: Annotated[str, typer.Argument(help="The folder or the url of a release.")],
    dest: Annotated[
        str,
        typer.Argument(help="hf://datasets/ORG/NAME[@BRANCH], s3://… or the like, or a folder."),
    ],
    private: Annotated[
        bool,
        typer.Option("--private/--public", help="Who may see a dataset that is made on a hub."),
    ] = True,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite and delete files on a hub of no release.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be done, and do nothing.")
    ] = False,
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Push a release: all of it or nothing, and nothing where it is there already.

    On a hub it becomes one commit with the tag of its version; in a store or a folder it goes to
    DEST/VERSION, and DEST/LATEST names the newest. A version is never overwritten. The token of a
    hub is that of `hf auth login` or HF_TOKEN. Exit code 1: the release is not what it says or
    holds more personal data than it may, and was not pushed; 2: it could not be pushed.
    """
    from phusa import publishing
    from phusa.publishing.plans import PushError, UnfitError

    try:
        if dry_run:
            _print_plan(publishing.plan(release, dest, private=private, replace=replace), as_json)
            return
        progress = sys.stderr.isatty() and not quiet
        pushed = publishing.push(release, dest, private=private, replace=replace, progress=progress)
    except UnfitError as error:
        tell(f"error: {error}")
        raise typer.Exit(1) from None
    except PushError as error:
        fail(str(error))
    if as_json:
        _print_json(pushed)
    elif not quiet:
        _print(pushed)


def _print_plan(plan: Plan, as_json: bool) -> None:
    if as_json:
        _print_json(plan)
        return
    typer.echo(visible(f"{plan.where}{'  unchanged' if plan.unchanged else ''}"))
    for file in plan.upload:
        typer.echo(visible(f"  + {file.path}  {file.bytes:,} bytes"))
    for path in plan.delete:
        typer.echo(visible(f"  - {path}"))
    for note in plan.notes:
        typer.echo(visible(f"  {note}"))


def _print_json(done: Plan | Pushed) -> None:
    from dataclasses import asdict

    show_json(asdict(done))


def _print(pushed: Pushed) -> None:
    typer.echo(visible(f"{pushed.where}{'  unchanged' if pushed.unchanged else ''}"))
    commit = f"commit {pushed.revision}, " if pushed.revision else ""
    typer.echo(visible(f"  {commit}content {pushed.content_id[:16]}"))
    if pushed.where.startswith(_HUB):
        name, _, revision = pushed.where.removeprefix(_HUB).partition("@")
        typer.echo(visible(f'  load_dataset("{name}", revision="{revision}")'))
    for note in pushed.notes:
        tell(note)
