"""A progress bar on stderr, where that is a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Report(Protocol):
    """Takes in how far the work has come: bytes, documents, and those that something is with."""

    def __call__(self, done_bytes: int, total_bytes: int, documents: int, found: int) -> None:
        """Move the bar."""


@contextmanager
def bar(doing: str, finding: str, *, quiet: bool) -> Iterator[Report | None]:
    """Show a bar for as long as the block runs, `doing` before it, the number `finding` behind."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(doing),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%  {task.fields[documents]:,} documents"),
        TextColumn(f"{{task.fields[found]:,}} {finding}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("", documents=0, found=0)

        def report(done_bytes: int, total_bytes: int, documents: int, found: int) -> None:
            shown.update(
                task, completed=done_bytes, total=total_bytes, documents=documents, found=found
            )

        yield report
