"""Labels, marks, gold and `phusa eval`, on examples small enough to count by hand."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard

from phusa import clean
from phusa.evaluation import (
    Answer,
    BadRow,
    Counts,
    GoldError,
    GoldPage,
    Verdict,
    mark,
    mistakes,
    parse,
    read,
    report,
    summarize,
    tally,
)
from phusa.evaluation.alignment import line_labels
from phusa.evaluation.marks import gram_counts
from phusa.evaluation.matching import kept_lines

BODY = "Phường An Lưu nằm ở trung tâm thị xã, giáp ba xã ở phía đông và phía nam. " * 3
GOLD = Path(__file__).parent / "gold" / "vietnamese.jsonl"


def row(**fields: Any) -> str:
    return json.dumps({"id": "page", **fields}, ensure_ascii=False)


# -- labels from gold text


@pytest.mark.parametrize(
    ("lines", "gold", "titles", "labels"),
    [
        ([], "one two", [], []),
        (["one two three four"], "", [], [0]),
        (["—", "one two three four"], "one two three four", [], [-1, 1]),
        # a title is unscored, whatever its case and marks
        (["Rain!", "It rained all day."], "Rain\nIt rained all day.", ["rain"], [-1, 1]),
        # a short line is kept where the chain passes it, and dropped elsewhere
        (["Rain", "one two three four", "Rain"], "one two three four\nRain", [], [0, 1, 1]),
        # the first copy is kept, the second one unscored
        (["one two three four", "one two three four"], "one two three four", [], [1, -1]),
        # out of order, yet the only copy
        (
            ["a b c d e", "f g h i j k l", "m n o p q"],
            "m n o p q\nf g h i j k l\na b c d e",
            [],
            [1, 1, 1],
        ),
        # half of it is in the gold: nobody can say
        (["one two three four x y z w"], "one two three four", [], [-1]),
        (["one two three four x y z w a b c d e f"], "one two three four", [], [0]),
        # a token is a character where words have no blanks between them
        (["雨下了一整天。", "登录"], "雨下了一整天。", [], [1, 0]),
        (["the same four words"] * 3, "the same four words. " * 3, [], [1, 1, 1]),
    ],
)
def test_line_labels(lines: list[str], gold: str, titles: list[str], labels: list[int]) -> None:
    assert line_labels(lines, gold, titles) == labels


@pytest.mark.parametrize("word", ["a", "a b c d"])
def test_labels_of_a_page_of_one_word(word: str) -> None:
    """Every line fits everywhere: places are bounded, and there is a label for each."""
    labels = line_labels([word] * 500, f"{word} " * 5000)
    assert len(labels) == 500
    assert set(labels) <= {1, 0, -1}
    assert 1 in labels


# -- which lines an answer kept


@pytest.mark.parametrize(
    ("lines", "answer", "kept"),
    [
        (["a", "b"], "", [False, False]),
        (["a", "b", "a"], "b\na", [False, True, True]),
        (["• One  two", "three"], "one two!", [True, False]),
        # joined
        (["one two three four.", "five six seven eight."], "one two three four. five six seven "
         "eight.", [True, True]),
        # cut: fewer than .8 of the grams are there
        (["a b c d e f g h"], "a b c d\ne f g h", [False]),
        (["a b c d e f g h i j"], "a b c d e f g h i\nj", [True]),
        (["Mư\u0300a to quá đi"], "Mừa to quá đi", [True]),
    ],
)  # fmt: skip
def test_kept_lines(lines: list[str], answer: str, kept: list[bool]) -> None:
    assert kept_lines(lines, answer) == kept


# -- marks


def test_marks_of_lines() -> None:
    """Eight characters are kept rightly, four wrongly, two are lost; titles do not count."""
    page = parse(row(labelled=[["T", "Title"], ["K", "abcd efgh"], ["K", "ij"], ["X", "menu"]]))
    marks = mark(page, Answer("Title\nabcd efgh\nmenu"))
    assert marks.lines == Counts(8, 4, 2)
    assert marks.dropped == Counts(0, 2, 4)
    assert marks.score == marks.lines.f1 == pytest.approx(16 / 22)
    assert (marks.lines.precision, marks.lines.recall) == (8 / 12, 0.8)


@pytest.mark.parametrize(
    ("gold", "answer", "counts"),
    [
        ("a b c d", "a b c d", (1, 0, 0)),
        ("a b c d e", "b c d e f", (1, 1, 1)),
        ("a", "", (0, 0, 1)),
        ("", "", (0, 0, 0)),
        ("雨下了一", "雨下了一整", (1, 1, 0)),
        ("a b c d a b c d", "a b c d", (1, 0, 4)),
    ],
)
def test_grams(gold: str, answer: str, counts: tuple[int, int, int]) -> None:
    assert gram_counts(gold, answer) == Counts(*counts)


@pytest.mark.parametrize(
    ("counts", "marks"),
    [
        (Counts(), (1, 1, 1)),
        (Counts(1, 1, 0), (0.5, 1, 2 / 3)),
        (Counts(0, 1, 0), (0, 0, 0)),
        (Counts(0, 0, 1), (0, 0, 0)),
    ],
)
def test_counts(counts: Counts, marks: tuple[float, float, float]) -> None:
    assert (counts.precision, counts.recall, counts.f1) == marks


@pytest.mark.parametrize(
    ("gold", "answer", "verdicts"),
    [
        ({"title": "“Rain” – again"}, Answer("", '"rain" - Again'), "right"),
        ({"title": "Rain"}, Answer("", "Snow"), "wrong"),
        ({"title": "Rain"}, Answer(""), "missing"),
        ({"title": None}, Answer(""), "right"),
        ({"title": None}, Answer("", "Rain"), "wrong"),
        ({"published": "2026-03-04"}, Answer("", None, "2026-03-04T08:15"), "right"),
        ({"published": "2026-03-04T08:15"}, Answer("", None, "2026-03-04"), "right"),
        ({"published": "2026-03-04"}, Answer("", None, "2026-03"), "wrong"),
        ({"published": "2026-03"}, Answer("", None, "2026-03-04"), "right"),
        ({"authors": ["A B", "C D"]}, Answer("", authors=("c d", "A B")), "right"),
        ({"authors": []}, Answer("", authors=("A B",)), "wrong"),
    ],
)
def test_facts(gold: dict[str, Any], answer: Answer, verdicts: str) -> None:
    marks = mark(parse(row(text="Rain", **gold)), answer)
    fact = marks.title or marks.published or marks.authors
    assert fact == Verdict(verdicts)


def test_segments_are_pooled() -> None:
    page = parse(row(text="x", **{"with": ["a  b", "c"], "without": ["d", "e"]}))
    marks = [mark(page, Answer("a\nb d")), mark(page, Answer("a b c"))]
    assert marks[0].segments == Counts(1, 1, 1)
    segments = summarize(marks).segments
    assert segments is not None
    assert (segments.precision, segments.recall) == (3 / 4, 3 / 4)


def test_precision_is_not_of_pages_where_nothing_was_found() -> None:
    page = parse(row(html="<p>a", gold_text="a b c d"))
    grams = summarize([mark(page, Answer("a b c d")), mark(page, Answer(""))]).grams
    assert grams is not None
    assert (grams.precision, grams.recall) == (1.0, 0.5)


@pytest.mark.parametrize(
    ("answer", "share"), [("", 0.0), ("menu", 4 / 12), ("menu\ncontacts", 1.0)]
)
def test_pages_without_an_article(answer: str, share: float) -> None:
    page = parse(row(kind="listing", text="menu\n\ncontacts\n"))
    marks = mark(page, Answer(answer))
    assert marks.kept_share == pytest.approx(share)
    assert marks.empty == (not answer)
    assert summarize([marks]).lowest_f1 == pytest.approx(1 - share)


# -- gold


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "there is no gold"),
        ({"text": "a"}, "there is no gold"),
        ({"gold_text": "a"}, "no page"),
        ({"text": "a", "html": "b", "title": "c"}, "more than one page"),
        ({"text": "a", "gold_text": 1}, "gold_text must be a string"),
        ({"text": "a", "with": "b"}, "with must be a list"),
        ({"text": "a", "with": [1]}, "with must be a list of strings"),
        ({"text": "a", "published": "4 March"}, "is not a date"),
        ({"labelled": [["Z", "a"]]}, "is not [label, line]"),
        ({"labelled": [["K"]]}, "is not [label, line]"),
        ({"text": "a\nb", "labelled": [["K", "a"]]}, "not the lines of the text"),
        ({"lines": ["a", "b"], "labels": [1]}, "as many as the lines"),
        ({"lines": ["a"], "labels": [2]}, "as many as the lines"),
        ({"text": "a", "kind": "listing", "gold_text": "a"}, "has no gold_text"),
        ({"path": "../a.txt", "gold_text": "a"}, "leads out of the folder"),
        ({"path": "/a.txt", "gold_text": "a"}, "leads out of the folder"),
        ({"path": "none.txt", "gold_text": "a"}, "No such file"),
    ],
)
def test_rows_that_are_no_gold(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldError) as caught:
        parse(row(**fields))
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"id": 7}', '{"id": "\\ud800"}'])
def test_rows_that_are_no_rows(text: str) -> None:
    with pytest.raises(GoldError):
        parse(text)


def test_lines_and_labels() -> None:
    page = parse(row(lines=["Menu", "It rained."], labels=[0, 1]))
    assert (page.source, page.lines, page.labels) == (
        "Menu\nIt rained.",
        ("Menu", "It rained."),
        (0, 1),
    )


def test_labels_come_from_the_gold_text() -> None:
    page = parse(row(text="Menu\n\nIt rained all day.\n", gold_text="It rained all day."))
    assert page.labels == (0, 1)
    assert parse(row(text="Menu\nIt rained", gold_text="Something else altogether")).labels == ()


def test_files_beside_the_gold(tmp_path: Path) -> None:
    (tmp_path / "a.HTML").write_bytes(b"<p>x")
    page = parse(row(path="a.HTML", gold_text="x"), tmp_path)
    assert (page.source, page.media_type) == (b"<p>x", "text/html")


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz", "jsonl.zst"])
def test_packed_files(suffix: str, tmp_path: Path) -> None:
    text = GOLD.read_bytes()
    packed = {"jsonl": bytes, "jsonl.gz": gzip.compress, "jsonl.zst": zstandard.compress}[suffix]
    path = tmp_path / f"vietnamese.{suffix}"
    path.write_bytes(packed(text))
    assert evaluated(path).stdout == evaluated(GOLD).stdout


def test_bad_rows_have_a_place() -> None:
    file = io.BytesIO(b'{"id": "a", "text": "x", "title": "x"}\n\n{"id": 1}\n')
    good, bad = read(file, "folder/some.gold.jsonl")
    assert isinstance(good, GoldPage)
    assert good.set == "some"
    assert isinstance(bad, BadRow)
    assert bad.place == "folder/some.gold.jsonl:3"


# -- mistakes


def test_mistakes_know_their_place_and_cause() -> None:
    """What is labelled against all reason is what the cleaner gets wrong."""
    labelled = [["X", BODY.strip()], ["K", f"Hai. {BODY}".strip()], ["K", "Đang truy cập: 1"]]
    page = parse(row(labelled=labelled))
    assert isinstance(page.source, str)
    kept, lost = mistakes(page, clean(page.source))
    assert (kept.lost, kept.position, kept.length, kept.cause) == (False, "before", "long", None)
    assert (lost.lost, lost.position, lost.length, lost.cause) == (True, "after", "short", "CHR112")
    assert [(one.kind, one.lines) for one in tally([lost, lost], "cause")] == [(("CHR112",), 2)]


def test_mistakes_of_html_come_from_the_gold_text() -> None:
    page = parse(
        row(html=f"<p>{BODY}</p><p>Đang truy cập: 1</p>", gold_text=f"{BODY}\nĐang truy cập: 1")
    )
    (lost,) = mistakes(page, clean(page.source))
    assert lost.cause == "CHR112"


def test_the_worst_come_first() -> None:
    page = parse(row(labelled=[["K", "abcd"], ["K", "ef"], ["X", "gh"]]))
    marks = [mark(page, Answer(text)) for text in ("abcd\nef", "abcd", "ef", "")]
    assert [one.score for one in report(marks, []).worst(2)] == [0.0, 0.5]
    assert len(report(marks, []).worst(9)) == 3


# -- the command


def evaluated(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "phusa", "eval", *map(str, arguments)]
    return subprocess.run(command, input=stdin, env=os.environ, capture_output=True, check=False)


def test_eval_prints_tables() -> None:
    done = evaluated(GOLD, "--worst", "2")
    assert done.returncode == 0
    text = done.stdout.decode()
    assert "| `vietnamese` | 9 |" in text
    assert "| `vi` | 9 |" in text
    assert text.partition("worst pages")[2].count("\n| `vi-") == 2
    assert done.stderr.decode().endswith("per CPU second\n")
    assert evaluated("-", stdin=GOLD.read_bytes()).returncode == 0


def test_eval_prints_json() -> None:
    done = evaluated(GOLD, "--json", "--quiet")
    assert done.stderr == b""
    found = json.loads(done.stdout)
    assert found["all"] == found["sets"]["vietnamese"] == found["languages"]["vi"]
    assert len(found["pages"]) == 9
    assert {"score", "lines", "title"} <= found["pages"][0].keys()


@pytest.mark.parametrize(
    ("gold", "options", "code", "message"),
    [
        (row(labelled=[["K", BODY]]), ["--min-f1", "1"], 0, ""),
        (row(set="s", labelled=[["X", BODY]], title="x"), ["--min-f1", "1"], 0, ""),
        (
            row(set="s", html=BODY, gold_text="x"),
            ["--min-f1", "0.5"],
            1,
            "s: F1 0.000 is under 0.5",
        ),
        (row(labelled=[["K", BODY]]) + "\n{}", [], 2, "-:2: it has no id; the rest goes on"),
        (row(set="s", html=BODY, gold_text="x") + "\n{}", ["--min-f1", "1"], 2, "-:2:"),
        ("{}", [], 2, "no gold pages"),
        ("", [], 2, "no gold pages"),
        (row(labelled=[["K", BODY]]), ["--recipe", "none.toml"], 2, "cannot read the recipe"),
    ],
)
def test_eval_exit_codes(gold: str, options: list[str], code: int, message: str) -> None:
    done = evaluated("-", "--quiet", *options, stdin=gold.encode())
    assert (done.returncode, done.stdout) == (code, b"")
    assert message in done.stderr.decode()
    assert bool(done.stderr) == bool(message)
    assert b"Traceback" not in done.stderr


def test_eval_of_no_file(tmp_path: Path) -> None:
    done = evaluated(tmp_path / "none.jsonl", GOLD, "--quiet")
    assert done.returncode == 2
    assert done.stderr.decode().count("\n") == 1
    assert "none.jsonl: cannot be read" in done.stderr.decode()


def test_eval_by_a_recipe(tmp_path: Path) -> None:
    """Without the rule the line stays."""
    (tmp_path / "phusa.toml").write_text('[clean]\nignore = ["CHR"]\n')
    gold = row(labelled=[["K", BODY], ["X", "Đang truy cập: 1"]]).encode()
    shares = []
    for options in ([], ["--recipe", tmp_path / "phusa.toml"]):
        found = json.loads(evaluated("-", "--json", *options, stdin=gold).stdout)
        shares.append(found["all"]["lines"]["precision"])
    assert shares[0] == 1.0
    assert shares[1] < 1.0
