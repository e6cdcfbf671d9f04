"""The planted files: every defect is found where it is, and nothing in what only looks like one.

`check/defects` has a file for each kind of defect, `check/clean` such as come near one; the texts
were written for this test, and finished records made of them by phusa. `check/expected.toml` says
what must be found: these lines, codes and pointers, and no others.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checked import phusa
from phusa.checking import QUIET, RULEBOOK
from phusa.checking.rules import ALREADY_RELEASED, CHANGED_SINCE, RULES

CHECK = Path(__file__).parent / "check"
ASKED = CHECK / "asked"
TABLE: Mapping[str, Mapping[str, Any]] = tomllib.loads((CHECK / "expected.toml").read_text("utf-8"))
FOLDERS = {
    "defects": CHECK / "defects",
    "clean": CHECK / "clean",
    "asked": ASKED / "defects",
    "answered": ASKED / "clean",
}


@cache
def found(folder: Path, *options: str) -> Mapping[str, list[Mapping[str, Any]]]:
    """What one run over a folder finds, by file; a recipe lies beside it or there is none."""
    done = phusa(folder.name, "--output-format", "jsonl", "--quiet", *options, cwd=folder.parent)
    problems = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == ""
    assert done.returncode == bool(problems)
    files: dict[str, list[Mapping[str, Any]]] = {}
    for problem in problems:
        files.setdefault(problem["path"].partition("/")[2], []).append(problem)
    return files


def places(problems: list[Mapping[str, Any]]) -> list[str]:
    """Line, code and pointer of each problem, as the table has them."""
    return sorted(f"{p['line']} {p['rule']} {p['pointer'] or ''}".rstrip() for p in problems)


@pytest.mark.parametrize(
    ("part", "path"), [(part, path) for part in ("defects", "asked") for path in TABLE[part]]
)
def test_defect(part: str, path: str) -> None:
    problems = found(FOLDERS[part]).get(path, [])
    assert places(problems) == sorted(TABLE[part][path]["found"])
    assert all((p["pointer"] is not None) == path.endswith(".jsonl") for p in problems)


@pytest.mark.parametrize(
    ("part", "path"), [(part, path) for part in ("clean", "answered") for path in TABLE[part]]
)
def test_look_alike(part: str, path: str) -> None:
    assert found(FOLDERS[part]).get(path, []) == []


@pytest.mark.parametrize("path", TABLE["selected"])
def test_quiet_rules_find_what_they_are_selected_for(path: str) -> None:
    problems = found(CHECK / "clean", "--select", ",".join(QUIET)).get(path, [])
    assert places(problems) == sorted(TABLE["selected"][path])


@pytest.mark.parametrize("part", FOLDERS)
def test_the_table_has_every_file(part: str) -> None:
    folder = FOLDERS[part]
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == set(TABLE[part])
    assert found(folder).keys() <= files


def test_no_file_is_large() -> None:
    assert all(
        path.stat().st_size < 6_000 for folder in FOLDERS.values() for path in folder.rglob("*.*")
    )


def test_every_rule_of_the_check_is_planted() -> None:
    """Those on releases are tested elsewhere; of records, those of a schema and its records are."""
    planted = {
        code
        for part in ("defects", "asked")
        for entry in TABLE[part].values()
        for code in (place.split()[1] for place in entry["found"])
    }
    assert planted <= RULEBOOK.keys()
    wanted = {rule.code for rule in RULES} - {ALREADY_RELEASED.code, CHANGED_SINCE.code}
    assert wanted <= planted
    assert len(planted) >= 45
