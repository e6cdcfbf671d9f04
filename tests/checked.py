"""Running `phusa check`, for its tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import orjson

SENTENCE = "Phường này nằm ở trung tâm thị xã, có bảy khu dân cư và hơn năm nghìn nhân khẩu."
PARAGRAPH = " ".join([SENTENCE] * 3)
ARTICLE = f"Một phường mới ở vùng cửa biển\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\nNăm nay {PARAGRAPH}\n"


def phusa(
    *arguments: object, cwd: Path, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "phusa", "check", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        env=os.environ | (env or {}),
        capture_output=True,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def found(done: subprocess.CompletedProcess[str]) -> list[tuple[str, int, str]]:
    """Path, line and code of each finding in `jsonl`."""
    rows = map(json.loads, done.stdout.splitlines())
    return [(row["path"], row["line"], row["rule"]) for row in rows]


def jsonl(path: Path, *rows: object) -> None:
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
