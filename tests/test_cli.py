"""The command line, as a process of its own: results, messages, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

SEEDS = Path(__file__).parent.parent / "seeds"
SEED = SEEDS / "001_dcbaa997704a11bc.txt"


def phusa(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "phusa", *map(str, arguments)]
    variables = os.environ | environment
    return subprocess.run(
        command, input=stdin, cwd=cwd, env=variables, capture_output=True, check=False
    )


def one_line(message: bytes) -> str:
    text = message.decode()
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text


# -- clean


def test_clean_prints_the_article() -> None:
    done = phusa("clean", SEED)
    assert done.returncode == 0
    assert done.stderr == b""
    assert done.stdout.decode().startswith("Phường này của Hải Phòng")
    assert "ONECMS" not in done.stdout.decode()


def test_clean_reads_standard_input() -> None:
    assert phusa("clean", "-", stdin=SEED.read_bytes()).stdout == phusa("clean", SEED).stdout
    assert phusa("clean", stdin=SEED.read_bytes()).stdout == phusa("clean", SEED).stdout


def test_clean_twice_is_clean_once() -> None:
    once = phusa("clean", SEED).stdout
    assert phusa("clean", stdin=once).stdout == once


def test_clean_streams_rows() -> None:
    """The first row comes out before the last one goes in."""
    process = subprocess.Popen(
        [sys.executable, "-m", "phusa", "clean", "-", "--to", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    timer = threading.Timer(60, process.kill)
    timer.start()
    process.stdin.write(b'{"id": "a", "text": "Mot cau ngan."}\n')
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == "a"
    process.stdin.write(b'{"id": "b", "text": "Hai cau ngan."}\n')
    process.stdin.close()
    assert json.loads(process.stdout.readline())["id"] == "b"
    assert process.stdout.read() == b""
    assert process.wait() == 0
    timer.cancel()
    process.stdout.close()


TCVN3 = "Héi nghÞ ®· bÇu ra Ban ChÊp hµnh\nThu Xu©n  \n".encode("latin-1")


def test_clean_only_repairs() -> None:
    done = phusa("clean", "--only", "ENC", "-", stdin=TCVN3)
    assert done.stdout.decode() == "Hội nghị đã bầu ra Ban Chấp hành\nThu Xuân\n"
    assert (done.returncode, done.stderr) == (0, b"")


def test_clean_only_one_repair() -> None:
    done = phusa("clean", "--only", "enc010", "--to", "jsonl", stdin=TCVN3 * 2)
    row = json.loads(done.stdout)
    assert row["text"].splitlines()[1] == "Thu Xuân  "
    assert row["findings"][0].keys() == {"rule", "start", "end", "message", "replacement"}
    assert {found["rule"] for found in row["findings"] if found["replacement"]} == {"ENC010"}


def test_clean_only_repairs_markup_as_text() -> None:
    page = "<p>Ky\u0300 Anh</p>\n"
    assert phusa("clean", "--only", "ENC", stdin=page.encode()).stdout == "<p>Kỳ Anh</p>\n".encode()


def test_clean_only_keeps_going() -> None:
    rows = b'{"id": "a", "text": "a\xcc\x80"}\nno row\n{"id": "b", "text": "b"}\n'
    done = phusa("clean", "--only", "ENC", "--from", "jsonl", stdin=rows)
    assert done.stdout.decode() == "à\n\f\nb\n"
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--only", "CHR"), "--only knows repairs"),
        (("--only", "ENC999"), "ENC999: no such rule"),
        (("--only", "ENC", "--select", "ENC"), "--only and --select"),
    ],
)
def test_clean_only_of_what_is_no_repair(options: tuple[str, ...], message: str) -> None:
    done = phusa("clean", *options, "-", stdin=b"x")
    assert message in one_line(done.stderr)
    assert done.returncode == 2


def test_clean_only_of_what_is_no_text() -> None:
    done = phusa("clean", "--only", "ENC", stdin=b"\x89PNG\r\n\x1a\n\0\0\0")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "ENC001" in one_line(done.stderr)


def test_clean_tells_html_by_its_start() -> None:
    done = phusa("clean", stdin="<!DOCTYPE html><p>Một câu.</p><script>x()</script>".encode())
    assert done.stdout.decode() == "Một câu.\n"


@pytest.mark.parametrize(("kind", "text"), [("text", "<p>Một câu.</p>"), ("html", "Một câu.")])
def test_clean_does_as_it_is_told(kind: str, text: str) -> None:
    done = phusa("clean", "-", "--from", kind, stdin="<p>Một câu.</p>".encode())
    assert done.stdout.decode().strip() == text


def test_a_page_without_an_article_is_a_finding() -> None:
    done = phusa("clean", stdin="Trang chủ\nOnline: 7\n".encode())
    assert (done.returncode, done.stdout) == (1, b"")
    assert "ART901" in one_line(done.stderr)


def test_the_other_files_go_on() -> None:
    done = phusa("clean", "gone.txt", SEED)
    assert done.returncode == 2
    assert "gone.txt" in one_line(done.stderr)
    assert done.stdout == phusa("clean", SEED).stdout


def test_a_broken_row_is_a_finding_and_the_rest_goes_on() -> None:
    rows = b'{"id": 1, "text": "Mot cau."}\n{"id": 2, "te\n{"id": 3, "text": "Ba cau."}\n'
    done = phusa("clean", "--to", "jsonl", stdin=rows)
    assert done.returncode == 1
    assert "-#2: SRC102" in one_line(done.stderr)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["1", "3"]


@pytest.mark.parametrize("content", [b"", b"\n \n"], ids=["empty", "blank"])
def test_an_empty_page_is_a_finding(content: bytes) -> None:
    done = phusa("clean", stdin=content)
    assert done.returncode == 1
    assert "ART901" in one_line(done.stderr)


def test_a_binary_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))
    done = phusa("clean", tmp_path / "page.txt")
    assert done.returncode == 1
    assert "ENC001" in one_line(done.stderr)


def test_a_long_line_is_cleaned() -> None:
    line = "Phường An Lưu là trung tâm của thị xã. " * 25_000
    done = phusa("clean", stdin=line.encode())
    assert done.returncode == 0
    assert done.stdout.decode() == line.strip() + "\n"


def test_rules_can_be_left_out() -> None:
    done = phusa("clean", SEED, "--ignore", "CHR170")
    assert "ONECMS" in done.stdout.decode()


def test_a_rule_that_is_not_there() -> None:
    done = phusa("clean", SEED, "--ignore", "XYZ")
    assert done.returncode == 2
    assert "phusa rule" in one_line(done.stderr)


def test_a_reader_that_leaves_early() -> None:
    command = f"{sys.executable} -m phusa rule | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert (done.stdout.count(b"\n"), done.stderr) == (1, b"")


def test_output_is_utf_8_in_any_locale() -> None:
    assert phusa("clean", SEED, LC_ALL="C", PYTHONUTF8="0").stdout == phusa("clean", SEED).stdout


# -- explain, rule, schema


def test_explain_shows_every_line() -> None:
    done = phusa("explain", SEED)
    assert done.returncode == 0
    shown = done.stdout.decode().splitlines()
    numbers = [int(line[:5]) for line in shown if line[:5].strip().isdigit()]
    lines = SEED.read_text("utf-8").split("\n")
    assert numbers == [i for i, line in enumerate(lines, 1) if line.strip()]


def test_explain_makes_text_harmless() -> None:
    page = "Xin chào \x1b[31mđỏ\u202e các bạn, đây là một trang.\n"
    shown = phusa("explain", "-", stdin=page.encode()).stdout.decode()
    assert not set(shown) & set("\x1b\u202e")
    assert "ENC031" in shown


def test_explain_prints_json() -> None:
    row = json.loads(phusa("explain", "--json", SEED).stdout)
    assert row["is_article"]
    assert {"rule", "start", "end", "message", "replacement"} == set(row["findings"][0])


def test_explain_a_missing_file() -> None:
    done = phusa("explain", "gone.txt")
    assert done.returncode == 2
    assert "gone.txt" in one_line(done.stderr)


def test_rule_by_code_and_by_name() -> None:
    assert phusa("rule", "CHR112").stdout == phusa("rule", "visitor-counter").stdout
    assert phusa("rule", "chr112").stdout == phusa("rule", "CHR112").stdout
    assert json.loads(phusa("rule", "CHR112", "--json").stdout)["name"] == "visitor-counter"


def test_unknown_rule_and_schema() -> None:
    for arguments in (("rule", "CHR999"), ("schema", "nope")):
        done = phusa(*arguments)
        assert done.returncode == 2
        assert arguments[1] in one_line(done.stderr)


def test_schema_is_printed() -> None:
    assert json.loads(phusa("schema", "article-1.0.0").stdout)["additionalProperties"] is False
    assert "article-1.0.0" in phusa("schema").stdout.decode().split()


def test_help_is_light() -> None:
    """What makes a start slow is not imported for help."""
    code = (
        "import sys, phusa.cli\n"
        "try: phusa.cli.app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'datasets', 'pyarrow', 'numpy', 'ftfy', 'rich', 'jsonschema', 'orjson'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


# -- build, verify


def test_build_and_verify(tmp_path: Path) -> None:
    done = phusa("build", SEEDS, "--out", tmp_path, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    built = json.loads(done.stdout)
    assert (built["documents"], built["records"]) == (5, 5)
    folder = Path(built["folder"])
    done = phusa("verify", folder)
    assert (done.returncode, done.stderr) == (0, b"")
    data = next((folder / "data").iterdir())
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 1
    data.write_bytes(content)
    done = phusa("verify", folder)
    assert done.returncode == 1
    assert data.name in done.stdout.decode()


def test_build_without_anything_to_build(tmp_path: Path) -> None:
    done = phusa("build", cwd=tmp_path)
    assert done.returncode == 2
    assert "phusa.toml" in one_line(done.stderr)


def test_build_of_what_is_not_there(tmp_path: Path) -> None:
    done = phusa("build", "gone", cwd=tmp_path)
    assert done.returncode == 2
    assert "gone" in one_line(done.stderr)


def test_build_goes_on_past_bad_documents(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "good.txt").write_bytes(SEED.read_bytes())
    (pages / "empty.txt").write_bytes(b"")
    (pages / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\r")
    (pages / "rows.jsonl").write_bytes(b'{"text": "cut of')
    done = phusa("build", pages, "--out", tmp_path / "dist", "--json", cwd=tmp_path)
    assert done.returncode == 1
    built = json.loads(done.stdout)
    assert (built["documents"], built["records"]) == (4, 1)
    rejected = Path(tmp_path, built["audit"], "rejected.jsonl").read_text("utf-8").splitlines()
    found = {row["path"].rpartition("/")[2]: row["rule"] for row in map(json.loads, rejected)}
    assert found == {"empty.txt": "ART901", "image.txt": "ENC001", "rows.jsonl#1": "SRC102"}


def test_sources_by_name_keep_the_recipe(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_bytes(SEED.read_bytes())
    (tmp_path / "meta.csv").write_text("path,url\nraw/a.txt,https://example.vn/a\n", "utf-8")
    recipe = '[dataset]\nname = "mine"\n[sources]\nmetadata = "meta.csv"\n'
    (tmp_path / "phusa.toml").write_text(recipe, "utf-8")
    folders = []
    for arguments in ((), ("raw",), ("raw", "--recipe", "phusa.toml")):
        done = phusa("build", *arguments, "--overwrite", "--json", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        folders.append((json.loads(done.stdout)["folder"], json.loads(done.stdout)["content_id"]))
    assert set(folders) == {("dist/mine/0.1.0", folders[0][1])}


def test_an_unknown_encoding_is_told(tmp_path: Path) -> None:
    text = "Der Stadtrat teilte mit, dass die neue Straße im März eröffnet wird. " * 4
    (tmp_path / "page.txt").write_bytes(text.encode() + text.encode("latin-1"))
    done = phusa("build", "page.txt", cwd=tmp_path)
    assert done.returncode == 0
    assert "ENC005" in one_line(done.stderr)


@pytest.mark.parametrize(
    ("clean", "said"),
    [
        ('ignore = ["CHX"]', "CHX"),
        ("select = []", "select"),
        ('language = "Vietnamese (VN)"', "BCP 47"),
        ("min_chars = -1", "min_chars"),
    ],
)
def test_a_recipe_that_would_clean_wrongly(tmp_path: Path, clean: str, said: str) -> None:
    (tmp_path / "phusa.toml").write_text(f"[clean]\n{clean}\n")
    done = phusa("build", str(SEEDS / "*.txt"), cwd=tmp_path)
    assert done.returncode == 2
    assert said in one_line(done.stderr)


def test_rows_that_come_slowly_are_rows() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "phusa", "clean", "-", "--to", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    for byte in b'{"id": "a", "text": "Mot cau."}\n':
        process.stdin.write(bytes([byte]))
        process.stdin.flush()
    output, _ = process.communicate()
    assert json.loads(output)["id"] == "a"


def test_packed_rows_are_unpacked(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(b'{"id": "a", "text": "Mot cau."}\n'))
    assert phusa("clean", tmp_path / "rows.jsonl.gz").stdout == b"Mot cau.\n"


def test_a_full_disk_is_told() -> None:
    command = f"{sys.executable} -m phusa clean {SEED} > /dev/full"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert done.returncode == 2
    assert "cannot write" in done.stderr.decode()


def test_several_articles_are_parted() -> None:
    rows = b'{"text": "Mot cau."}\n{"text": "Hai cau."}\n'
    assert phusa("clean", stdin=rows).stdout == b"Mot cau.\n\x0c\nHai cau.\n"


def test_a_folder_above_a_release(tmp_path: Path) -> None:
    done = phusa("verify", tmp_path)
    assert done.returncode == 2
    assert "VERSION" in one_line(done.stderr)


def test_releases_are_no_sources(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(SEED.read_bytes())
    (tmp_path / "phusa.toml").write_text("")
    for out in ("one", "two"):
        done = phusa("build", "--out", out, "--json", cwd=tmp_path)
        assert json.loads(done.stdout)["documents"] == 1


def test_a_wrong_recipe(tmp_path: Path) -> None:
    (tmp_path / "phusa.toml").write_text('[dataset]\nnmae = "x"\n')
    done = phusa("build", cwd=tmp_path)
    assert done.returncode == 2
    assert "dataset.nmae" in one_line(done.stderr)


def test_verify_what_is_not_there(tmp_path: Path) -> None:
    done = phusa("verify", tmp_path / "gone")
    assert done.returncode == 2
    assert "gone" in one_line(done.stderr)
