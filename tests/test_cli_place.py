"""`phusa place`, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys


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


def test_what_is_not_found() -> None:
    for arguments, step in (
        (("Kinh Mon",), "marks count"),
        (("An Lưu", "--on", "2026"), "without --on"),
        (("An Lưu, Chí Linh",), "the first name alone"),
    ):
        done = place(*arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert step in done.stderr
        assert done.stderr.count("\n") == 1
    done = place("Kinh Mon", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (1, [])


def test_a_day_that_is_none() -> None:
    done = place("An Lưu", "--on", "18/06/2020")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("phusa: error: --on 18/06/2020: no day; write")


def test_text_that_a_terminal_obeys_is_made_visible() -> None:
    done = place("\x1b[31mAn")
    assert "\x1b" not in done.stderr
