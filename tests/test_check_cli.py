"""`phusa check` as people and programs run it."""

from __future__ import annotations

import gzip
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from checked import ARTICLE, found, jsonl, phusa
from made_up import RECORDS, record, released


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A folder of new files, some of them broken."""
    (tmp_path / "good.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "lost.txt").write_text(ARTICLE.replace("bảy", "b\ufffdy", 1), "utf-8")
    (tmp_path / "empty.html").write_text("<html><body></body></html>", "utf-8")
    rows = [{"url": f"https://a.vn/{i}", "text": f"{ARTICLE}\n{i}."} for i in range(3)]
    jsonl(tmp_path / "rows.jsonl", *rows, {"url": "https://a.vn/1", "text": f"{ARTICLE}\n7."})
    with (tmp_path / "rows.jsonl").open("ab") as file:
        file.write(b'{"text": "cut o')
    return tmp_path


EXPECTED = [
    ("empty.html", 1, "ART901"),
    ("lost.txt", 3, "ENC050"),
    ("rows.jsonl", 4, "DUP102"),
    ("rows.jsonl", 5, "SRC102"),
]


def test_findings_of_a_folder(new: Path) -> None:
    done = phusa("--output-format", "jsonl", cwd=new)
    assert found(done) == EXPECTED
    assert done.returncode == 1
    assert done.stderr == "phusa: 4 findings in 4 of 8 documents\n"


def test_people_see_the_line_and_what_to_read(new: Path) -> None:
    done = phusa("lost.txt", cwd=new)
    assert done.stdout.splitlines()[0].startswith("lost.txt:3:40: ENC050 ")
    assert done.stdout.splitlines()[1].startswith("3 | Phường này nằm")
    assert "phusa rule ENC050" in done.stdout


def test_nothing_found(new: Path) -> None:
    done = phusa("good.txt", cwd=new)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "phusa: no findings in 1 document\n"
    assert phusa("good.txt", "--quiet", cwd=new).stderr == ""


def test_workers_change_nothing(new: Path) -> None:
    for i in range(200):
        (new / f"page-{i:03}.txt").write_text(ARTICLE.replace("bảy", str(i % 150)), "utf-8")
    one = phusa("--output-format", "jsonl", cwd=new)
    two = phusa("--output-format", "jsonl", "--workers", 2, cwd=new)
    assert one.stdout == two.stdout
    assert sum(code == "DUP101" for _, _, code in found(one)) == 50


@pytest.mark.parametrize("name", ["page.txt", "rows.jsonl"])
def test_standard_input(new: Path, name: str) -> None:
    (new / "page.txt").write_bytes((new / "lost.txt").read_bytes())
    done = phusa("-", "--output-format", "jsonl", cwd=new, stdin=(new / name).read_bytes())
    wanted = {
        "page.txt": [("-", 3, "ENC050")],
        "rows.jsonl": [("-", 4, "DUP102"), ("-", 5, "SRC102")],
    }
    assert found(done) == wanted[name]


def test_a_path_that_is_not_there(new: Path) -> None:
    done = phusa("nope", "lost.txt", "--output-format", "jsonl", cwd=new)
    assert done.returncode == 2
    assert found(done) == [("lost.txt", 3, "ENC050")]
    assert "phusa: error: nope: no such file or folder; the rest goes on\n" in done.stderr


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select", "SRC"], ["SRC102"]),
        (["--ignore", "ART,DUP102"], ["ENC050", "SRC102"]),
        (["--select", "ENC", "--ignore", "ENC050"], []),
        (["--max-findings", "2"], ["ART901", "ENC050"]),
    ],
)
def test_what_is_told(new: Path, options: list[str], expected: list[str]) -> None:
    done = phusa("--output-format", "jsonl", *options, cwd=new)
    assert [code for _, _, code in found(done)] == expected
    assert done.returncode == bool(expected)


def test_quiet_rules_are_on_where_they_are_selected(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE.replace(" ", "  ", 1), "utf-8")
    assert phusa("a.txt", cwd=tmp_path).returncode == 0
    done = phusa("a.txt", "--select", "ENC", "--output-format", "jsonl", cwd=tmp_path)
    assert found(done) == [("a.txt", 1, "ENC035")]


def test_statistics_stand_at_the_end(new: Path) -> None:
    done = phusa("--output-format", "concise", "--statistics", cwd=new)
    assert done.stdout.splitlines()[4:] == [
        "1  ART901  no-article",
        "1  DUP102  same-url",
        "1  ENC050  replacement-character",
        "1  SRC102  broken-json",
    ]
    done = phusa("--output-format", "json", "--statistics", cwd=new)
    assert len(json.loads(done.stdout)) == 4
    assert "1  SRC102  broken-json\n" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--in-place"], "--in-place says where --fix writes; give both"),
        (["--select", "XYZ"], "XYZ: no such rule; `phusa rule` lists them"),
        (["--update-baseline"], "--update-baseline must know which; name it: --baseline FILE"),
        (["--baseline", "nope.json"], "nope.json: cannot read the baseline: No such file"),
        (["--against", "nope"], "nope: no such folder; name a release, such as dist/NAME/VERSION"),
        (["--watch", "a", "b"], "--watch needs one folder: phusa check --watch DIR"),
        (["--watch", ".", "--output-format", "sarif"], "--watch has no end, and sarif needs one"),
        (["--recipe", "nope.toml"], "nope.toml: cannot read the recipe: No such file"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = phusa(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"phusa: error: {message}")
    assert done.stderr.count("\n") == 1


def test_a_recipe_is_found_and_obeyed(new: Path) -> None:
    metadata = "path,url,license\ngood.txt,https://a.vn/g,CC-BY-4.0\nlost.txt,,CC-BY-4.0\n"
    (new / "metadata.csv").write_text(metadata, "utf-8")
    sections = {
        "sources": 'paths = ["*.txt"]\nmetadata = "metadata.csv"',
        "check": 'ignore = ["ENC"]\nrequire = ["url", "license"]',
    }
    (new / "phusa.toml").write_text(
        "".join(f"[{name}]\n{keys}\n" for name, keys in sections.items()), "utf-8"
    )
    done = phusa("--output-format", "jsonl", cwd=new)
    assert found(done) == [("lost.txt", 1, "PRV101")]
    (new / "phusa.toml").unlink()
    (new / "pyproject.toml").write_text(
        "".join(f"[tool.phusa.{name}]\n{keys}\n" for name, keys in sections.items()), "utf-8"
    )
    assert phusa("--output-format", "jsonl", cwd=new).stdout == done.stdout
    # the table of the corpus may name files that are not checked now
    assert phusa("good.txt", cwd=new).returncode == 0
    elsewhere = new / "elsewhere"
    elsewhere.mkdir()
    done = phusa("--recipe", "../pyproject.toml", "--output-format", "jsonl", cwd=elsewhere)
    assert found(done) == [("../lost.txt", 1, "PRV101")]


def test_options_go_before_the_recipe(new: Path) -> None:
    (new / "phusa.toml").write_text('[check]\nselect = ["ENC"]\nignore = ["ENC050"]\n', "utf-8")
    assert phusa(cwd=new).returncode == 0
    done = phusa("--select", "SRC", "--output-format", "jsonl", cwd=new)
    assert found(done) == [("rows.jsonl", 5, "SRC102")]


def test_known_findings_are_silent(new: Path) -> None:
    done = phusa("--baseline", "known.json", "--update-baseline", cwd=new)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "phusa: known.json: 4 findings known from now on\n"
    done = phusa("--baseline", "known.json", cwd=new)
    assert (done.returncode, done.stdout) == (0, "")
    (new / "lost.txt").write_text("\n\n" + ARTICLE.replace("bảy", "b\ufffdy", 1), "utf-8")
    (new / "empty.html").unlink()
    (new / "new.txt").write_text("Đang tải...\n", "utf-8")
    done = phusa("--baseline", "known.json", "--output-format", "jsonl", cwd=new)
    assert found(done) == [("new.txt", 1, "ART901")]
    (new / "phusa.toml").write_text('[check]\nbaseline = "known.json"\n', "utf-8")
    assert phusa("--output-format", "jsonl", cwd=new).stdout == done.stdout


def test_a_baseline_tells_what_is_mended(new: Path) -> None:
    phusa("--baseline", "known.json", "--update-baseline", cwd=new)
    (new / "lost.txt").write_text(ARTICLE + "\nKhác.\n", "utf-8")
    done = phusa("--baseline", "known.json", cwd=new)
    assert done.returncode == 0
    assert "1 finding of the baseline is no longer there; --update-baseline" in done.stderr


def test_fixing(new: Path) -> None:
    broken = ARTICLE.encode().decode("cp1252", "replace").replace("\ufffd", "")
    misread = ARTICLE.replace("Phường", "Phường".encode().decode("latin-1"))
    (new / "misread.txt").write_text(misread, "utf-8")
    (new / "nul.txt").write_text(ARTICLE.replace("bảy", "bả\0y"), "utf-8")
    assert broken
    before = {path: path.read_bytes() for path in new.iterdir()}
    done = phusa("--fix", "misread.txt", "nul.txt", "--output-format", "jsonl", cwd=new)
    assert done.returncode == 1
    assert "phusa: misread.txt.fixed: fixed " in done.stderr
    assert (new / "misread.txt.fixed").read_text("utf-8") == ARTICLE
    assert all(path.read_bytes() == content for path, content in before.items())
    done = phusa("--fix", "--in-place", cwd=new)
    assert (new / "misread.txt").read_text("utf-8") == ARTICLE
    assert (new / "nul.txt").read_text("utf-8") == ARTICLE
    done = phusa("misread.txt", cwd=new)
    assert done.returncode == 0


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("made") / "release", [RECORDS[:60]]).folder


def test_a_release_is_checked_by_its_records(release: Path) -> None:
    done = phusa(release, "--output-format", "jsonl", "--select", "SCH101,SRC", cwd=release.parent)
    assert (done.returncode, done.stderr) == (0, "phusa: no findings in 60 documents\n")


def test_against_a_release(release: Path, tmp_path: Path) -> None:
    changed = record(41, text="Một văn bản khác hẳn.")
    shutil.copy(release / "data" / "train-00000-of-00001.parquet", tmp_path / "again.parquet")
    jsonl(tmp_path / "new.jsonl", changed, record(500))
    rule = ("--select", "DUP", "--output-format", "jsonl", "--against", release)
    done = phusa("new.jsonl", *rule, cwd=tmp_path)
    assert found(done) == [("new.jsonl", 1, "DUP104")]
    done = phusa("again.parquet", *rule, cwd=tmp_path)
    assert found(done) == [("again.parquet", i + 1, "DUP103") for i in range(60)]


def test_pages_of_a_release_are_known_by_their_bytes(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text(ARTICLE, "utf-8")
    command = [sys.executable, "-m", "phusa", "build", "raw", "--out", "dist", "--quiet"]
    subprocess.run(command, cwd=tmp_path, check=True)
    shutil.copy(raw / "a.txt", tmp_path / "b.txt")
    release = next((tmp_path / "dist").glob("*/0.1.0"))
    done = phusa("b.txt", "--against", release, "--output-format", "jsonl", cwd=tmp_path)
    assert found(done) == [("b.txt", 1, "DUP103")]


def test_parquet_of_raw_pages(tmp_path: Path) -> None:
    rows = [{"url": f"https://a.vn/{i}", "html": None, "text": f"{ARTICLE}{i}."} for i in range(9)]
    rows[6]["text"] = None
    table = pa.Table.from_pylist(rows)
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet", row_group_size=4)
    done = phusa(".", "--output-format", "jsonl", cwd=tmp_path)
    assert found(done) == [("a.parquet", 7, "SRC103")]
    (tmp_path / "a.parquet").write_bytes(b"PAR1, or so it says")
    done = phusa(".", "--output-format", "jsonl", cwd=tmp_path)
    assert found(done) == [("a.parquet", 1, "SRC101")]


def test_compressed_rows(new: Path) -> None:
    (new / "more").mkdir()
    with gzip.open(new / "more" / "rows.jsonl.gz", "wb") as file:
        file.write((new / "rows.jsonl").read_bytes())
    done = phusa("more", "--output-format", "jsonl", cwd=new)
    assert found(done) == [(f"more/{path}.gz", line, code) for path, line, code in EXPECTED[2:]]


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    yield from process.stdout


def test_watching_a_folder(new: Path) -> None:
    command = [sys.executable, "-m", "phusa", "check", "--watch", ".", "--output-format", "jsonl"]
    with subprocess.Popen(
        command, cwd=new, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        lines = _lines(process)
        first = [json.loads(next(lines)) for _ in EXPECTED]
        assert sorted((row["path"], row["line"], row["rule"]) for row in first) == EXPECTED
        (new / "late.txt").write_text("Đang tải...\n", "utf-8")
        assert json.loads(next(lines))["path"] == "late.txt"
        (new / "late.txt").write_text(ARTICLE, "utf-8")  # that of good.txt
        row = json.loads(next(lines))
        assert (row["path"], row["rule"]) == ("late.txt", "DUP101")
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 1


def test_json_over_many_lines_is_told_once(tmp_path: Path) -> None:
    rows = [{"text": ARTICLE, "n": i} for i in range(200)]
    (tmp_path / "a.jsonl").write_text(json.dumps(rows, indent=1), "utf-8")
    done = phusa("a.jsonl", "--output-format", "jsonl", cwd=tmp_path)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == 20
    assert sum(row["more"] for row in told) == 200 * 4 + 2 - 20
    assert "is the file one JSON value?" in told[-1]["message"]


def test_select_goes_before_what_the_recipe_ignores(new: Path) -> None:
    (new / "phusa.toml").write_text('[check]\nignore = ["ENC"]\n', "utf-8")
    assert found(phusa("lost.txt", "--output-format", "jsonl", cwd=new)) == []
    done = phusa("lost.txt", "--select", "ENC", "--output-format", "jsonl", cwd=new)
    assert found(done) == EXPECTED[1:2]


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    done = phusa("new", cwd=tmp_path)
    assert done.returncode == 0
    assert "new: nothing in this folder is of a kind that is read" in done.stderr


def test_rows_without_text_do_not_hide_broken_ones(tmp_path: Path) -> None:
    rows = [b'{"url": "https://a.vn"}'] * 30 + [b"bad"] * 5
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(rows))
    done = phusa("a.jsonl", "--select", "SRC102", "--output-format", "jsonl", cwd=tmp_path)
    assert found(done) == [("a.jsonl", line, "SRC102") for line in range(31, 36)]
    assert done.stderr == "phusa: 5 findings in 5 of 35 documents\n"


def test_a_damaged_archive_keeps_what_was_told(tmp_path: Path) -> None:
    packed = gzip.compress(b"bad row of text\n" * 30_000)
    (tmp_path / "a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    done = phusa("a.jsonl.gz", "--output-format", "jsonl", cwd=tmp_path)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["rule"] for row in told] == ["SRC102"] * 20 + ["SRC101"]
    assert told[19]["more"] > 1000
