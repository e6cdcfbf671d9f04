"""`phusa verify`: whether a release is what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from phusa.cli.options import Quiet
from phusa.cli.output import fail, show_json, tell, visible


def run(
    release: Annotated[Path, typer.Argument(help="The folder of a release.")],
    load: Annotated[
        bool,
        typer.Option("--load/--no-load", help="Load it with `datasets`, offline, as users will."),
    ] = True,
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> None:
    """Check that a release is what it says.

    Checksums, manifest, schema, counts, content id, that `datasets` loads it, and, where the audit
    folder is beside it, that undoing every edit rebuilds the source. Exit code 1: it is not.
    """
    from phusa.release.verify import audit_of, verify

    if not release.is_dir():
        fail(f"{release}: no such folder; name a release, such as dist/NAME/VERSION")
    if not any((release / name).exists() for name in ("manifest.json", "SHA256SUMS")):
        fail(
            f"{release}: holds no release; name the folder of a version, such as dist/NAME/VERSION"
        )
    audit = audit_of(release)
    problems = verify(release, audit, load=load)
    if as_json:
        from dataclasses import asdict

        show_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            typer.echo(visible(f"{problem.path}: {problem.message}"))
    if audit is None and not quiet:
        tell("no audit folder beside the release: that removals can be undone was not checked")
    if not problems and not quiet and not as_json:
        typer.echo(f"{release}: verified")
    raise typer.Exit(1 if problems else 0)
