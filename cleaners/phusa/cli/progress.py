"""A progress bar on stderr, where that is a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar:
    """A bar that is shown; what is written to the terminal must `hide` it first."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._task = shown.add_task("", documents=0, found=0)

    def move(self, done_bytes: int, total_bytes: int, documents: int, found: int) -> None:
        """Show how far the work has come: in bytes, documents, and those that something is with."""
        self._shown.start()
        self._shown.update(
            self._task, completed=done_bytes, total=total_bytes, documents=documents, found=found
        )

    def hide(self) -> None:
        """Take the bar off the terminal, until it is moved again."""
        self._shown.stop()


@contextmanager
def bar(doing: str, finding: str, *, quiet: bool) -> Iterator[Bar | None]:
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
    if not console.is_interactive:
        yield None
        return
    with Progress(*columns, console=console, transient=True) as shown:
        yield Bar(shown)
