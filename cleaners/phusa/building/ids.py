"""The ids of a corpus and where each came from, on disk: they grow with it, and memory does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path


class Ids:
    """The ids that are taken, in a file that nobody else knows of.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ids = Ids(Path(folder) / "ids.sqlite")
    ...     ids.add([("a", "1.txt"), ("b", "2.txt")])
    ...     ids.taken([("b", "3.txt"), ("c", "4.txt")])
    ...     ids.close()
    {'b': '2.txt'}
    """

    def __init__(self, file: Path | None = None) -> None:
        """Open a new file; without one it is where the system keeps such, and gone when closed."""
        self._known = sqlite3.connect(file or "", isolation_level=None)
        # what is left of it after a crash is thrown away, so nothing needs to be safe
        self._known.execute("PRAGMA journal_mode = OFF")
        self._known.execute("PRAGMA synchronous = OFF")
        self._known.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._known.execute("PRAGMA cache_size = -65536")  # 64 MiB: ids come in no order
        self._known.execute("CREATE TABLE ids (id TEXT PRIMARY KEY, path TEXT) WITHOUT ROWID")

    def taken(self, kept: Sequence[tuple[str, str]]) -> dict[str, str]:
        """Give the path of the first document with each id that is taken, of ids and paths."""
        found = (
            (name, self._known.execute("SELECT path FROM ids WHERE id = ?", (name,)).fetchone())
            for name, _ in kept
        )
        return {name: row[0] for name, row in found if row}

    def add(self, kept: Sequence[tuple[str, str]]) -> None:
        """Take in ids with the paths of their documents; an id that is taken stays where it is."""
        self._known.execute("BEGIN")
        self._known.executemany("INSERT OR IGNORE INTO ids VALUES (?, ?)", kept)
        self._known.execute("COMMIT")

    def forget(self, ending: str) -> None:
        """Free the ids whose paths end so; looks at all of them."""
        raw = ending.encode()  # as bytes: the text functions of SQLite stop at a NUL
        self._known.execute(
            "DELETE FROM ids WHERE substr(CAST(path AS BLOB), ?) = ?", (-len(raw), raw)
        )

    def close(self) -> None:
        """Close the file."""
        self._known.close()
