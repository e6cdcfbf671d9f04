"""`phusa verify`: whether a release is what it says."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from phusa.cli.options import Quiet
from phusa.cli.output import fail, show_json, tell, visible


def run(
    release: Annotated[str, typer.Argument(help="The folder or the url of a release.")],
    load: Annotated[
        bool,
        typer.Option("--load/--no-load", help="Load it with `datasets`, offline, as users will."),
    ] = True,
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> None:
    """Check that a release is what it says.

    Checksums, manifest, schema, counts, content id, that `datasets` loads it, and, where the audit
    folder is beside it, that undoing every edit rebuilds the source. A release elsewhere
    (hf://datasets/ORG/NAME@v1.0.0, s3://…) is fetched first. Exit code 1: it is not; 2: it cannot
    be read.
    """
    from phusa.publishing.fetching import FetchError, fetched
    from phusa.release.verify import audit_of, verify

    progress = sys.stderr.isatty() and not quiet
    try:
        with fetched(release, progress=progress) as folder:
            audit = audit_of(folder)
            problems = verify(folder, audit, load=load)
    except FetchError as error:
        fail(str(error))
    if as_json:
        from dataclasses import asdict

        show_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            typer.echo(visible(f"{problem.path}: {problem.message}"))
    if audit is None and not quiet:
        tell("no audit folder beside the release: that removals can be undone was not checked")
    if not problems and not quiet and not as_json:
        typer.echo(visible(f"{release}: verified"))
    raise typer.Exit(1 if problems else 0)
