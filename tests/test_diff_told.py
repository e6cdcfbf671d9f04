"""How a difference is told: as text, Markdown and JSON, and by the command."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from markdown_it import MarkdownIt

from compared import diff, some
from phusa.comparing import Difference, compare, opened
from phusa.comparing.changelog import changelog, entry
from phusa.comparing.rendering import as_json, as_markdown, as_text
from small_releases import TEXT, record, write
from test_terminal import on_a_terminal

HARM = "a|`b`\x1b[31m\u202e\n# <b>x</b> [y](http://z)"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two releases with every kind of change, and names that would like to be obeyed."""
    root = tmp_path_factory.mktemp("dist")
    source = record("x")["source"] | {"site": HARM}
    old = [record(f"{HARM}/{i}", source=source) for i in range(40)]
    new = copy.deepcopy(old[3:]) + [record(f"Mới {i} {HARM}") for i in range(5)]
    new[0].update(title=f"Khác {HARM}", text=f"{TEXT} {HARM} ```")
    new[1].update(text=TEXT.replace("Lưu", "Luu"))
    new[2].update(text=TEXT.replace(" ", "  "))
    new[3].update(url="x")
    splits = {"train": new[:30], "test": new[30:]}
    return (
        write(root / "1.0.0", old, rejected={"SRC108": 1}),
        write(root / "1.1.0", splits, "1.1.0", rejected={"SRC108": 3, HARM: 2}),
    )


def difference(pair: tuple[Path, Path]) -> Difference:
    return compare(opened(pair[0]), opened(pair[1]), most=3)


def test_the_table_fits_and_is_harmless(pair: tuple[Path, Path]) -> None:
    shown = as_text(difference(pair))
    assert shown.startswith("tin 1.0.0 → 1.1.0\n")
    assert max(map(len, shown[: shown.index("\nAdded")].splitlines())) <= 80
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "{+Khác" in shown
    assert "[-Lưu-] {+Luu+}" in shown
    assert re.search(r"^  changed in white space alone +1$", shown, re.MULTILINE)
    assert re.search(r"^  records in test +0 +12 +\+12$", shown, re.MULTILINE)
    assert re.search(r"^  SRC108 +1 +3 +\+2$", shown, re.MULTILINE)
    assert "Added, the first 3 of 5\n" in shown
    assert "\n\nBy what changed, 2.0.0 comes after 1.0.0 (major): 3 records" in shown


def test_markdown_is_tables_lists_and_code(pair: tuple[Path, Path]) -> None:
    shown = as_markdown(difference(pair))
    tokens = MarkdownIt("commonmark").enable("table").parse(shown)
    kinds = {token.type for token in tokens}
    assert {"table_open", "bullet_list_open", "fence", "heading_open"} <= kinds
    assert "html_block" not in kinds
    inner = {child.type for token in tokens for child in token.children or []}
    assert inner <= {"text", "code_inline", "softbreak"}
    columns = {row.count("|") - row.count("\\|") for row in shown.split("\n") if row[:2] == "| "}
    assert columns <= {3, 4, 5}
    assert "\x1b" not in shown


SPELLS = "\x1b]0;pwned\x07\x1b[31mX|`\n# <img src=x> [y](http://z)"


@pytest.fixture(scope="module")
def spelled(tmp_path_factory: pytest.TempPathFactory) -> Difference:
    """The difference of two releases whose names and schema would like to be obeyed."""
    root = tmp_path_factory.mktemp("spelled")

    def schema(**kinds: object) -> dict[str, object]:
        fields = {"id": "string", "text": "string"} | kinds
        return {"properties": {k: {"type": v, "description": k} for k, v in fields.items()}}

    kept = f"{SPELLS} kept"
    old = schema(**{kept: SPELLS, f"{SPELLS} went": "string"})
    new = schema(**{kept: [f"{SPELLS} now", "null"], f"{SPELLS} came": "string"})
    before = write(root / "1", [record("a")], schema=old, name=SPELLS)
    rows = [record("a", **{kept: 1})]
    after = write(root / "2", rows, "2.0.0", schema=new, name=f"{SPELLS} 2")
    return compare(opened(before), opened(after))


def test_names_of_a_release_are_not_obeyed_on_a_terminal(spelled: Difference) -> None:
    shown = as_text(spelled)
    assert shown.replace("\n", "").isprintable()
    assert not re.search("^ *# <img", shown, re.MULTILINE)
    assert "field removed: \\u001b]0;pwned\\u0007\\u001b[31mX|`\\n#" in " ".join(shown.split())


def test_names_of_a_release_are_not_obeyed_in_markdown(spelled: Difference) -> None:
    for text in (as_markdown(spelled), changelog("tin", entry("2.0.0", spelled), None)):
        assert text.replace("\n", "").isprintable()
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        assert "html_block" not in {token.type for token in tokens}
        inner = {child.type for token in tokens for child in token.children or []}
        assert inner <= {"text", "code_inline", "softbreak"}
        cells = [t for t in tokens if t.type == "inline"]
        plain = [c.content for t in cells for c in t.children or [] if c.type == "text"]
        assert "img" not in "".join(plain)
    assert SPELLS in "".join(as_json(spelled)["reasons"])


def test_json_tells_all(pair: tuple[Path, Path]) -> None:
    told = json.loads(orjson.dumps(as_json(difference(pair))))
    assert told["added"] == 5
    assert told["changed"] == {"real": 1, "diacritics": 1, "white_space": 1, "metadata": 1}
    assert told["bump"] == "major"
    assert told["proposed"] == "2.0.0"
    assert len(told["reasons"]) == 3
    assert told["new"]["splits"] == {"train": 30, "test": 12}
    assert len(told["added_ids"]) == 3
    assert told["largest"][0]["pieces"][0].keys() == {"op", "words", "text"}


def test_equal_releases_are_told_in_a_line(tmp_path: Path) -> None:
    found = diff(tmp_path, some(), some())
    assert as_text(found).endswith("\n\nNothing differs.\n")
    assert "Nothing differs." in as_markdown(found)


# -- the command


def phusa(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "phusa", "diff", *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_command_prints_and_ends_with_1(pair: tuple[Path, Path]) -> None:
    done = phusa(*pair, "--most", "3")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == as_text(difference(pair))


def test_the_command_prints_json_and_markdown(pair: tuple[Path, Path]) -> None:
    done = phusa(*pair, "--json", "--most", "3", "--quiet")
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout) == json.loads(orjson.dumps(as_json(difference(pair))))
    done = phusa(*pair, "--markdown", "--most", "3")
    assert (done.returncode, done.stdout) == (1, as_markdown(difference(pair)))


def test_equal_releases_end_with_0(pair: tuple[Path, Path]) -> None:
    done = phusa(pair[0], pair[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Nothing differs.\n")


def test_quiet_leaves_the_exit_code(pair: tuple[Path, Path]) -> None:
    done = phusa(*pair, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none", "none"), "none: no such folder; name a release"),
        (("--json", "--markdown", "a", "b"), "--json and --markdown exclude each other"),
    ],
)
def test_errors_are_a_line_and_2(arguments: tuple[str, ...], message: str) -> None:
    done = phusa(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_broken_release_is_an_error(tmp_path: Path) -> None:
    folder = write(tmp_path / "1.0.0", some())
    (folder / "manifest.json").write_text("{")
    done = phusa(folder, folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("phusa: error: ")
    assert done.stderr.count("\n") == 1


def test_words_are_coloured_on_a_terminal_alone(pair: tuple[Path, Path], tmp_path: Path) -> None:
    shown = on_a_terminal("diff", *map(str, pair), "--most", "3", cwd=tmp_path)
    assert "\x1b[31mLưu\x1b[0m \x1b[32mLuu\x1b[0m" in shown
    assert "[-" not in shown
    assert "\x1b[31m\u202e" not in shown
    plain = on_a_terminal("diff", *map(str, pair), "--most", "3", cwd=tmp_path, NO_COLOR="1")
    assert "[-Lưu-] {+Luu+}" in plain
    assert "\x1b" not in plain
