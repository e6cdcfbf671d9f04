"""On a real terminal: the bar, colours, and pages that try to take it over."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"


def on_a_terminal(*arguments: str, cwd: Path, **environment: str) -> str:
    """What a command shows on a terminal of its own."""
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "phusa", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=cwd,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"} | environment,
    )
    os.close(theirs)
    shown = bytearray()
    while True:
        try:
            block = os.read(terminal, 1 << 16)
        except OSError:  # how Linux tells that the other end is closed
            block = b""
        if not block:
            break
        shown += block
    process.wait()
    os.close(terminal)
    return shown.decode()


def test_the_bar_shows_and_goes(tmp_path: Path) -> None:
    shown = on_a_terminal("build", str(SEEDS), "--out", str(tmp_path), cwd=tmp_path)
    assert "building" in shown
    assert "5 documents" in shown
    assert "phusa-seeds/1.0.0" in shown


def test_findings_stand_below_the_bar(tmp_path: Path) -> None:
    for i in range(3):
        (tmp_path / f"{i}.txt").write_text(f"Đang tải... {i}\n", "utf-8")
    shown = on_a_terminal("check", "--output-format", "concise", cwd=tmp_path, NO_COLOR="1")
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r", "\n").split("\n")
    assert [line for line in lines if "ART901" in line] == [
        f"{i}.txt:1:1: ART901 nothing on the page is an article" for i in range(3)
    ]


def test_quiet_is_quiet(tmp_path: Path) -> None:
    assert on_a_terminal("build", str(SEEDS), "--out", str(tmp_path), "-q", cwd=tmp_path) == ""


def test_colour_is_a_choice(tmp_path: Path) -> None:
    assert "\x1b[" in on_a_terminal("rule", "CHR112", cwd=tmp_path)
    assert "\x1b[" not in on_a_terminal("rule", "CHR112", cwd=tmp_path, NO_COLOR="1")


def test_pages_do_not_reach_the_terminal(tmp_path: Path) -> None:
    harm = "\x1b]0;mine\x07\x1b[2J\x9b31m\u202eabc"
    name = "page\x1b[31m.txt"
    (tmp_path / name).write_text(f"Xin chào {harm} các bạn, đây là một trang.\n", "utf-8")
    row = '{"text": "Xin chào các bạn.", "title": "a\\u009b31m\\u202e", "x\\u009b": "\\u202e"}\n'
    (tmp_path / "rows.jsonl").write_text(row, "utf-8")
    for command in (
        ("explain", name),
        ("explain", "--json", name),
        ("clean", name),
        ("clean", "rows.jsonl", "--to", "json"),
        ("clean", "gone\x1b[31m.txt"),
    ):
        shown = on_a_terminal(*command, cwd=tmp_path, NO_COLOR="1")
        assert not set(shown) & set("\x1b\x07\x9b\u202e"), (command, shown)
