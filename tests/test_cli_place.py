"""`phusa place`, as a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from test_terminal import on_a_terminal


def place(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "phusa", "place", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_a_table_is_printed() -> None:
    done = place("Phường An Lưu", "--on", "2020-06-18")
    assert (done.returncode, done.stderr) == (0, "")
    for text in ("10675", "Thị xã Kinh Môn 292", "2019-11-01", "Phường Kinh Môn 10675"):
        assert text in done.stdout
    assert "Thành phố Hải Phòng 31" in done.stdout.splitlines()[-1]
    assert "\x1b" not in done.stdout


def test_lines_are_not_cut_where_no_terminal_is() -> None:
    done = place("Xã Văn Miếu - Quốc Tử Giám, Thành phố Hà Nội")
    assert done.returncode == 1
    done = place("Phường Văn Miếu - Quốc Tử Giám, Thành phố Hà Nội")
    assert "Phường Văn Miếu - Quốc Tử Giám 00226" in done.stdout


def test_json() -> None:
    done = place("Thị xã Kinh Môn", "--json")
    (unit,) = json.loads(done.stdout)
    assert (unit["level"], unit["code"], unit["name"]) == ("district", "292", "Thị xã Kinh Môn")
    assert unit["since"] == ["2019-11-01", "2019-11-01"]
    assert unit["parents"] == [{"level": "province", "code": "30", "name": "Tỉnh Hải Dương"}]
    assert {"level": "ward", "code": "10750", "name": "Xã Phú Thái", "part": True} in unit["now"]
    assert unit["as_of"] == "2025-07-01"


def test_a_code() -> None:
    done = place("52", "--json")
    assert [unit["name"] for unit in json.loads(done.stdout)] == ["Tỉnh Bình Định", "Tỉnh Gia Lai"]


def test_a_number_that_is_no_code_is_a_name() -> None:
    done = place("1", "--on", "2024", "--json")
    assert done.returncode == 0
    assert "Quận 1" in [unit["name"] for unit in json.loads(done.stdout)]


@pytest.mark.parametrize(
    ("arguments", "step"),
    [
        (("Kinh Mon",), "marks count, try: Huyện Kinh Môn, Thị xã Kinh Môn, Thị trấn Kinh Môn"),
        (("phuong an luu",), "marks count, try: Phường An Lưu\n"),
        (("Xyzzy",), "marks count, and a kind"),
        (("An Lưu", "--on", "2026"), "without --on"),
        (("An Lưu, Chí Linh",), "the first name alone: An Lưu\n"),
        (("An Lưu (Chí Linh)",), "the first name alone: An Lưu\n"),
        (("Xyzzy (Chí Linh)",), "marks count, and a kind"),
        (("99999",), "no such code"),
        ((" 00000 ",), "no such code"),
    ],
)
def test_what_is_not_found(arguments: tuple[str, ...], step: str) -> None:
    done = place(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert step in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_is_not_found_as_json() -> None:
    done = place("Kinh Mon", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (1, [])
    assert "try: Huyện Kinh Môn" in done.stderr


@pytest.mark.parametrize("name", ["", "  ", " , "])
def test_no_name(name: str) -> None:
    done = place(name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("phusa: error: no name; write one")


def test_a_code_with_blanks_and_a_name_that_is_a_number() -> None:
    codes = [unit["code"] for unit in json.loads(place(" 01 ", "--json").stdout)]
    assert set(codes) == {"01"}
    names = [unit["name"] for unit in json.loads(place("1", "--json").stdout)]
    assert {"Quận 1", "Phường 1"} <= set(names)


def test_help_tells_that_months_and_years_are_days_too() -> None:
    shown = " ".join(place("--help").stdout.replace("│", " ").split())
    assert "DATE" in shown
    assert "in a month or in a year" in shown


@pytest.mark.parametrize("columns", [30, 40, 59, 79, 80, 100])
def test_a_narrow_terminal_shows_all(columns: int, tmp_path: Path) -> None:
    shown = on_a_terminal("place", "Phú Quốc", cwd=tmp_path, COLUMNS=str(columns))
    for title in ("Thành phố Phú Quốc", "Tỉnh Kiên Giang"):
        assert set(title.split()) <= set(shown.split())
    for text in ("2019-05-11", "2022-09-17", "today", "from", "31078"):
        assert text in shown
    assert max(len(re.sub(r"\x1b\[\d*m", "", line)) for line in shown.splitlines()) <= columns


@pytest.mark.parametrize("name", ["An Lưu", "zzz", "10675", "99999"])
@pytest.mark.parametrize("on", ["18/06/2020", "garbage", "2020-W01-1"])
def test_a_day_that_is_none(name: str, on: str) -> None:
    done = place(name, "--on", on)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"phusa: error: --on {on}: no day; write")


def test_text_that_a_terminal_obeys_is_made_visible() -> None:
    done = place("\x1b[31mAn")
    assert "\x1b" not in done.stderr
