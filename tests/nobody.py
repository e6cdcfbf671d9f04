"""Running code as a user who may not read everything, which the superuser may."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BECOME_NOBODY = """
import os
if os.geteuid() == 0:
    os.setuid(65534)
"""


def run(imports: str, code: str, folder: Path) -> str:
    """What code prints, run without special rights; the folder is its `sys.argv[1]`.

    Imports come first: nobody may not be allowed to read the interpreter's library.
    """
    return subprocess.run(
        [sys.executable, "-c", "\n".join((imports, BECOME_NOBODY, code)), folder],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that all users may work in, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)
