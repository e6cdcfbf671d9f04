"""`phusa build`: raw documents to a validated release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import takewhile
from os.path import commonpath
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from phusa.cli.options import Quiet, RecipeFile, recipe_from
from phusa.cli.output import fail, show_json, tell
from phusa.cli.progress import Bar, bar
from phusa.recipe import RECIPE, Recipe, RecipeError
from phusa.versions import numbers

if TYPE_CHECKING:
    from phusa.building import Progress, Release


def run(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, globs.", metavar="[SOURCES...]", show_default=False),
    ] = None,
    recipe: RecipeFile = None,
    out: Annotated[Path, typer.Option(help="Where datasets go.")] = Path("dist"),
    workers: Annotated[
        int, typer.Option(help="Worker processes; the result is the same for any number.", min=1)
    ] = 1,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a release of the same version.")
    ] = False,
    previous: Annotated[
        str | None,
        typer.Option(
            help="The release to tell the changes since: a folder or an address; else the last "
            "version in OUT/NAME.",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Build a validated release.

    It goes to OUT/NAME/VERSION, and what was taken out to VERSION.audit beside it. Without SOURCES
    the recipe says where they are; without --recipe it is phusa.toml in this folder, else
    seeds/phusa.toml. Exit code 1: some documents were rejected, others than those on the removal
    list; 2: nothing was built.
    """
    from phusa.building import BuildError, build
    from phusa.sources import TAKEN_DOWN

    chosen = _recipe(sources or [], recipe)
    try:
        with _fetched(previous) as before, bar("building", "rejected", quiet=quiet) as shown:
            built = build(
                chosen,
                out,
                workers=workers,
                overwrite=overwrite,
                previous=before,
                progress=_moving(shown) if shown else None,
            )
    except (BuildError, RecipeError) as error:
        fail(str(error))
    if as_json:
        _print_json(built)
    elif not quiet:
        _print(built, previous)
    raise typer.Exit(1 if built.rejected.keys() - {TAKEN_DOWN.code} else 0)


def _recipe(sources: list[str], path: Path | None) -> Recipe:
    """The recipe to build by; SOURCES given by name take the place of its own."""
    if path is None:
        home = Path(sources[0]) if len(sources) == 1 else Path()
        if sources and (home / RECIPE).is_file() and home != Path():
            sources = []  # a folder with a recipe of its own
        else:
            home = Path() if sources or Path(RECIPE).is_file() else Path("seeds")
        path = home / RECIPE if (home / RECIPE).is_file() else None
    if path is None and not sources:
        fail(f"nothing to build; name sources, or write a recipe: {RECIPE}")
    recipe = recipe_from(path) if path else replace(Recipe(), folder=_common_folder(sources))
    if not sources:
        return recipe
    paths = tuple(str(Path(source).absolute()) for source in sources)
    return replace(recipe, sources=replace(recipe.sources, paths=paths))


def _common_folder(sources: list[str]) -> Path:
    """The folder that holds all sources; paths and ids are relative to it, not to this folder."""
    fixed = [takewhile(lambda part: not set(part) & set("*?["), Path(s).parts) for s in sources]
    heads = [Path(*parts).absolute() for parts in fixed]
    return Path(commonpath([head if head.is_dir() else head.parent for head in heads]))


@contextmanager
def _fetched(previous: str | None) -> Iterator[Path | None]:
    """The folder of the release to compare with, from wherever it is."""
    if previous is None:
        yield None
        return
    from phusa.publishing.fetching import FetchError, fetched

    with ExitStack() as stack:
        try:
            folder = stack.enter_context(fetched(previous))
        except FetchError as error:
            fail(str(error))
        yield folder


def _moving(shown: Bar) -> Callable[[Progress], None]:
    def moved(now: Progress) -> None:
        shown.move(now.done_bytes, now.total_bytes, now.documents, now.rejected)

    return moved


def _print(built: Release, previous: str | None) -> None:
    kept = f"{built.records:,} of {built.documents:,} documents"
    typer.echo(f"{built.folder}{'  unchanged' if built.unchanged else ''}")
    typer.echo(f"  {kept}, content {built.content_id[:16]}")
    typer.echo(f"  removals and repairs: {built.audit}")
    if built.previous and numbers(built.version) < numbers(built.proposed):
        tell(
            f"by what changed since {built.previous} this is version {built.proposed}; "
            f"`phusa diff {previous or built.folder.parent / built.previous} {built.folder}` "
            "tells what"
        )
    for split in built.empty_splits:
        tell(f"no record is in the split {split}; it is left out")
    if built.idle_keys:
        total = built.removed_keys + built.idle_keys
        tell(f"{built.idle_keys:,} of the {total:,} keys of the removal list rejected nothing")
    for rule, count in built.reported.items():
        tell(f"{count:,} findings of {rule} in what was kept; see `phusa rule {rule}`")
    for rule, count in built.rejected.items():
        tell(f"{count:,} rejected by {rule}; see {built.audit / 'rejected.jsonl'}")


def _print_json(built: Release) -> None:
    from dataclasses import asdict

    show_json(asdict(built))
