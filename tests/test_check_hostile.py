"""Files that are made to be trouble, and a great many: bounded memory, a finding, and the rest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import orjson
import pytest
import zstandard

import nobody
from checked import ARTICLE, found, jsonl, phusa
from made_up import record

MOST_MEMORY_KB = 900_000

MEASURED = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "phusa", "check", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""


def measured(*arguments: str, cwd: Path) -> tuple[list[tuple[str, int, str]], int]:
    """The findings of a check, and the most memory it took, in kB."""
    command = [sys.executable, "-c", MEASURED, *arguments, "--output-format", "jsonl"]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return found(done), int(done.stderr.splitlines()[-1])


@pytest.mark.parametrize("packed", ["gz", "zst"])
def test_a_bomb(tmp_path: Path, packed: str) -> None:
    part = bytes(64 << 20)
    if packed == "gz":
        gzip = zlib.compressobj(9, wbits=31)
        member = gzip.compress(part) + gzip.flush()
    else:
        member = zstandard.compress(part)
    (tmp_path / f"bomb.jsonl.{packed}").write_bytes(member * 20)
    (tmp_path / "later.txt").write_text(ARTICLE.replace("bảy", "b\ufffdy", 1), "utf-8")
    findings, memory_kb = measured(".", cwd=tmp_path)
    assert ("later.txt", 3, "ENC050") in findings
    assert (f"bomb.jsonl.{packed}", 1, "SRC101") in findings
    assert memory_kb < MOST_MEMORY_KB


def test_long_lines(tmp_path: Path) -> None:
    long = b'{"text": "' + b"a" * (100 << 20) + b'"}\n'
    good = orjson.dumps({"url": "https://a.vn/1", "text": ARTICLE}) + b"\n"
    (tmp_path / "rows.jsonl").write_bytes(good + long + b"{\n" + good)
    with (tmp_path / "page.txt").open("wb") as file:
        file.truncate(100 << 20)
    findings, memory_kb = measured(".", cwd=tmp_path)
    assert findings == [
        ("page.txt", 1, "SRC107"),
        ("rows.jsonl", 2, "SRC107"),
        ("rows.jsonl", 3, "SRC102"),
        ("rows.jsonl", 4, "DUP101"),
    ]
    assert memory_kb < MOST_MEMORY_KB


def test_links_pipes_and_what_may_not_be_read() -> None:
    with nobody.folder() as folder:
        (folder / "loop").symlink_to(folder)
        (folder / "self.txt").symlink_to("self.txt")
        (folder / "gone.txt").symlink_to("nowhere.txt")
        os.mkfifo(folder / "pipe.txt")
        (folder / "secret.txt").write_text("x")
        (folder / "secret.txt").chmod(0)
        (folder / "good.txt").write_text(ARTICLE, "utf-8")
        warm = f"phusa.check({{'text': {ARTICLE!r}}}), phusa.check({{'text': ''}})"
        code = """
os.chdir(sys.argv[1])
for found in phusa.check("."):
    print(found.path, found.rule)
"""
        printed = nobody.run(f"import sys\nimport phusa\n{warm}", code, folder)
    assert sorted(printed.splitlines()) == [
        "gone.txt SRC101",
        "pipe.txt SRC101",
        "secret.txt SRC101",
        "self.txt SRC101",
    ]


def test_a_pipe_that_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    done = phusa("pipe.txt", "--output-format", "jsonl", cwd=tmp_path)
    assert found(done) == [("pipe.txt", 1, "SRC101")]


NAMES = [
    "new\nline.txt",
    "\x1b[31mred.txt",
    "tab\tand\rreturn.txt",
    "\u202egpj.txt",
    "a:3:1: ENC001 b.txt",
]


@pytest.mark.parametrize("form", ["full", "concise", "github", "jsonl", "sarif", "junit", "json"])
def test_names_are_never_written_raw(tmp_path: Path, form: str) -> None:
    for number, name in enumerate(NAMES):
        (tmp_path / name).write_text(f"Đang tải... {number}", "utf-8")
    (tmp_path / os.fsdecode(b"latin-\xe9.txt")).write_text("Đang tải...\n", "utf-8")
    done = phusa(".", "--output-format", form, cwd=tmp_path)
    assert done.returncode == 1
    assert not set(done.stdout) & set("\x1b\r\u202e")
    if form in ("concise", "github", "jsonl"):
        assert len(done.stdout.splitlines()) == len(NAMES) + 1


def test_ten_thousand_files(tmp_path: Path) -> None:
    for number in range(10_000):
        folder = tmp_path / f"{number % 100:02}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:05}.txt").write_text(ARTICLE.replace("bảy", str(number)), "utf-8")
    (tmp_path / "77" / "00177.txt").write_text("Đang tải...\n", "utf-8")
    findings, memory_kb = measured(".", "--workers", "2", cwd=tmp_path)
    assert findings == [("77/00177.txt", 1, "ART901")]
    assert memory_kb < MOST_MEMORY_KB


BREAKS = [
    lambda row: row.pop("quality"),
    lambda row: row.update(url=7),
    lambda row: row["counts"].update(chars=-1),
    lambda row: row.update(added=True),
    lambda row: row["source"].update(raw_sha256="0" * 63),
    lambda row: row.update(captions=["", None]),
    lambda row: row["quality"].update(kept_share=1.5),
    lambda row: row.update(text_sha256="0" * 64),
    lambda row: row.update(text=row["text"] + " Thêm một câu."),
]


def test_one_in_a_hundred_of_many_records(tmp_path: Path) -> None:
    rows: list[bytes] = []
    wanted = []
    for number in range(20_000):
        row = record(number, text=f"Tin số {number}: {ARTICLE.split(chr(10))[2]}") | {"lead": None}
        raw = orjson.dumps(row)
        if number % 100 == 37:
            kind = number // 100 % (len(BREAKS) + 3)
            wanted.append(number + 1)
            if kind < len(BREAKS):
                BREAKS[kind](row)
                raw = orjson.dumps(row)
            elif kind == len(BREAKS):
                raw = raw[: len(raw) // 2]
            elif kind == len(BREAKS) + 1:
                raw = raw.replace(b'"counts":', b'"url":"again","counts":')
            else:
                raw = raw.replace(b'"kept_share":', b'"kept_share":NaN,"x":')
        rows.append(raw)
    (tmp_path / "records.jsonl").write_bytes(b"\n".join(rows) + b"\n")
    options = ("--select", "SCH,SRC", "--output-format", "jsonl", "--workers", 2)
    done = phusa("records.jsonl", *options, cwd=tmp_path)
    assert sorted({line for _, line, _ in found(done)}) == wanted
    assert len(wanted) == 200
    assert done.stderr.startswith(f"phusa: {len(found(done))} findings in 200 of 20,000 documents")


def test_a_record_is_told_all_that_is_wrong_with_it(tmp_path: Path) -> None:
    row = record(50)
    for broken in BREAKS[1:7]:
        broken(row)
    jsonl(tmp_path / "a.jsonl", row)
    done = phusa("a.jsonl", "--output-format", "jsonl", cwd=tmp_path)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["rule"] for row in told} == {"SCH101"}
    assert sorted(row["pointer"] for row in told) == [
        "",
        "/captions/0",
        "/captions/1",
        "/counts/chars",
        "/quality/kept_share",
        "/source/raw_sha256",
        "/url",
    ]
