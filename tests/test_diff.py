"""Two releases compared: what is found, whatever the order, and how it is told."""

from __future__ import annotations

import copy
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import phusa_schema
from phusa.comparing import Difference, compare, matching, opened, words
from phusa.comparing.difference import Changed, Move, Retyped
from phusa.comparing.rendering import as_json, as_markdown, as_text
from phusa.comparing.versions import Version
from phusa.release import ARTICLE, ReleaseError, lines
from phusa.release.validation import problems
from small_releases import DATE, PLACE, TEXT, UNIT, Record, record, write
from test_terminal import on_a_terminal

Change = Callable[[Record], object]


def diff(folder: Path, old: Any, new: Any, most: int = 10, **options: Any) -> Difference:
    """The difference of two releases of records; `options` are of the new one."""
    number = len(list(folder.iterdir()))
    before = write(folder / f"{number}-old", old)
    after = write(folder / f"{number}-new", new, "1.1.0", **options)
    return compare(opened(before), opened(after), most=most)


def some(number: int = 5) -> list[Record]:
    return [record(f"a/{i}") for i in range(number)]


def with_one(change: Change) -> list[Record]:
    """Records like `some`, but for what `change` does to the second one."""
    rows = copy.deepcopy(some())
    change(rows[1])
    return rows


def test_the_records_follow_the_schema() -> None:
    assert problems(record("a")) == []


# -- what is found

CHANGES: list[tuple[str, Change, Changed, set[str], str]] = [
    ("a word", lambda r: r.update(text=TEXT + " Hết."), Changed(real=1), {"text"}, "major"),
    ("a title", lambda r: r.update(title="Khác"), Changed(real=1), {"title"}, "major"),
    ("no title", lambda r: r.update(title=None), Changed(real=1), {"title"}, "major"),
    ("a lead", lambda r: r.update(lead="Phường An Lưu"), Changed(real=1), {"lead"}, "major"),
    ("a caption", lambda r: r["captions"].append("B"), Changed(real=1), {"captions"}, "major"),
    ("case", lambda r: r.update(text=TEXT.upper()), Changed(real=1), {"text"}, "major"),
    (
        "blanks",
        lambda r: r.update(text=TEXT.replace("\n\n", "\n").replace("thị xã", "thị\xa0 xã")),
        Changed(white_space=1),
        {"text"},
        "major",
    ),
    (
        "words run together",
        lambda r: r.update(title="Tina/1"),
        Changed(white_space=1),
        {"title"},
        "",
    ),
    (
        "captions cut",
        lambda r: r.update(captions=["Ảnh:", "A"]),
        Changed(white_space=1),
        {"captions"},
        "major",
    ),
    (
        "no title but blanks",
        lambda r: r.update(title="Tin a/1 "),
        Changed(white_space=1),
        {"title"},
        "",
    ),
    (
        "diacritics",
        lambda r: r.update(text=TEXT.replace("Lưu", "Luu")),
        Changed(diacritics=1),
        {"text"},
        "major",
    ),
    (
        "the bar of đ",
        lambda r: r.update(title="Tin a/1", text=TEXT.replace("thuộc", "thuoc  ")),
        Changed(diacritics=1),
        {"text"},
        "major",
    ),
    (
        "normal form",
        lambda r: r.update(text=TEXT.replace("ờ", "o\u031b\u0300")),
        Changed(diacritics=1),
        {"text"},
        "major",
    ),
    (
        "diacritics and a word",
        lambda r: r.update(text=TEXT.replace("Lưu", "Luu"), title="Khác"),
        Changed(real=1),
        {"text", "title"},
        "major",
    ),
    (
        "blanks and metadata",
        lambda r: r.update(text=TEXT + " ", url="https://a.vn"),
        Changed(white_space=1),
        {"text", "url"},
        "major",
    ),
    (
        "metadata",
        lambda r: (r["source"].update(license="MIT"), r["counts"].update(lines_removed=9)),
        Changed(metadata=1),
        {"source.license", "counts.lines_removed"},
        "patch",
    ),
    ("an author", lambda r: r.update(authors=["A"]), Changed(metadata=1), {"authors"}, "patch"),
    ("no date", lambda r: r.update(published=None), Changed(metadata=1), {"published"}, "patch"),
    (
        "a day",
        lambda r: r.update(published=DATE | {"value": "2020-06-19"}),
        Changed(metadata=1),
        {"published.value"},
        "patch",
    ),
    (
        "a unit",
        lambda r: r.update(locality=PLACE | {"then": [UNIT | {"name": "B", "code": None}]}),
        Changed(metadata=1),
        {"locality.then[].name", "locality.then[].code"},
        "patch",
    ),
    (
        "more units",
        lambda r: r.update(locality=PLACE | {"then": [UNIT, UNIT]}),
        Changed(metadata=1),
        {"locality.then"},
        "patch",
    ),
]


@pytest.mark.parametrize(
    ("change", "changed", "fields", "bump"),
    [pytest.param(*case, id=name) for name, *case in CHANGES],
)
def test_a_change_is_known_for_what_it_is(
    tmp_path: Path, change: Change, changed: Changed, fields: set[str], bump: str
) -> None:
    found = diff(tmp_path, some(), with_one(change))
    assert found.changed == changed
    assert found.fields == dict.fromkeys(sorted(fields), 1)
    assert found.bump == (bump or "major")
    assert (found.added, found.removed, found.moved, found.unchanged) == (0, 0, 0, 4)
    back = diff(tmp_path, with_one(change), some())
    assert (back.changed, back.fields, back.bump) == (found.changed, found.fields, found.bump)


def test_equal_releases_have_no_difference(tmp_path: Path) -> None:
    found = diff(tmp_path, some(), some())
    assert (found.bump, found.reasons, found.proposed) == ("none", (), "1.0.0")
    assert (found.unchanged, found.changed.total, found.fields) == (5, 0, {})
    assert found.largest == found.added_ids == found.removed_ids == ()


def test_order_of_records_keys_and_shards_does_not_count(tmp_path: Path) -> None:
    rows = [dict(reversed(row.items())) for row in reversed(some())]
    found = diff(tmp_path, some(), {"train": rows[:2], "train.1": rows[2:]})
    assert (found.bump, found.unchanged, found.new.records) == ("none", 5, 5)
    assert found.new.splits == {"train": 5}


def test_what_came_and_went_is_named(tmp_path: Path) -> None:
    found = diff(tmp_path, some(30), some(30)[20:] + [record(f"b/{i}") for i in range(15)], 3)
    assert (found.added, found.removed, found.unchanged) == (15, 20, 10)
    assert found.added_ids == ("b/0", "b/1", "b/10")
    assert found.removed_ids == ("a/0", "a/1", "a/10")
    assert (found.bump, found.reasons) == ("major", ("20 records removed",))


def test_more_records_are_a_minor_version(tmp_path: Path) -> None:
    found = diff(tmp_path, some(), [*with_one(lambda r: r.update(url="x")), record("b")])
    assert (found.bump, found.proposed, found.reasons) == ("minor", "1.1.0", ("1 record added",))


def test_moved_records_are_counted_apart(tmp_path: Path) -> None:
    rows = some()
    found = diff(tmp_path, {"train": rows[:4], "test": rows[4:]}, {"train": rows[1:], "test": []})
    assert (found.moved, found.unchanged, found.removed) == (1, 4, 1)
    changed = with_one(lambda r: r.update(url="x"))
    found = diff(tmp_path, rows, {"train": changed[2:], "test": changed[:2]})
    assert (found.moved, found.unchanged, found.changed) == (2, 4, Changed(metadata=1))
    assert (found.bump, found.reasons) == ("major", ("2 records moved to another split",))


@pytest.mark.parametrize(
    "name",
    [
        '"',
        "\\",
        'a\\"b',
        "Việt_Nam",
        "\x1b[31m",
        "\u202e|`x`\n",
        "a b",
        "😀",
        '","id":"b',
        "x" * 200,
    ],
)
def test_any_id_is_an_id(tmp_path: Path, name: str) -> None:
    old = [record(name), record("z")]
    found = diff(tmp_path, old, [record("z"), record(name, TEXT + " Hết.")])
    assert (found.changed.real, found.added, found.removed) == (1, 0, 0)
    assert found.largest[0].id == name
    assert diff(tmp_path, old, old[1:]).removed_ids == (name,)


def test_ids_are_read_however_they_are_written(tmp_path: Path) -> None:
    old = write(tmp_path / "old", [record("Việt")])
    new = write(tmp_path / "new", [record("Việt")], "1.0.1")
    (file,) = (new / "jsonl").iterdir()
    file.unlink()
    lines.write([json.dumps(record("Việt")).encode()], file)  # blanks and escapes
    assert compare(opened(old), opened(new)).bump == "none"


@pytest.mark.parametrize(("old", "new"), [([], some(1)), (some(1), []), ([], []), ([], some(40))])
def test_versions_may_be_empty(tmp_path: Path, old: list[Record], new: list[Record]) -> None:
    found = diff(tmp_path, old, new)
    assert (found.removed, found.added) == (len(old), len(new))
    assert as_text(found)
    assert as_markdown(found)


# -- order: what waits in memory, and on disk

ROWS = [record(f"{i:03}", TEXT + f" Bài {i}.") for i in range(60)]
NEW_ROWS = [
    row | {"url": "x"}
    if i % 7 == 0
    else row | {"text": f"{row['text']} Hết."}
    if i % 7 == 1
    else row
    for i, row in enumerate(ROWS[4:])
] + [record(f"n/{i}") for i in range(9)]


def shuffled(rows: list[Record], seed: int) -> dict[str, list[Record]]:
    rows = random.Random(seed).sample(rows, len(rows))
    return {"train": rows[:20], "train.1": rows[20:21], "train.2": rows[21:]}


@pytest.mark.parametrize("waiting_bytes", [0, 3_000, 30_000, 10**9])
@pytest.mark.parametrize("block_bytes", [0, 5_000, 10**9])
def test_the_order_of_records_does_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting_bytes: int, block_bytes: int
) -> None:
    expected = diff(tmp_path, ROWS, NEW_ROWS)
    assert (expected.added, expected.removed, expected.changed.total) == (9, 4, 16)
    monkeypatch.setattr(matching, "WAITING_BYTES", waiting_bytes)
    monkeypatch.setattr(matching, "_BLOCK_BYTES", block_bytes)
    for seed in range(3):
        assert diff(tmp_path, shuffled(ROWS, seed), shuffled(NEW_ROWS, -seed)) == expected
    assert diff(tmp_path, ROWS[::-1], NEW_ROWS) == expected
    assert diff(tmp_path, ROWS, ROWS[::-1]).bump == "none"


def test_moves_are_seen_on_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "WAITING_BYTES", 0)
    found = diff(tmp_path, ROWS, {"train": ROWS[30:], "test": ROWS[:30]})
    assert (found.moved, found.unchanged, found.changed.total) == (30, 60, 0)


@pytest.mark.parametrize("waiting_bytes", [0, 10**9])
def test_ids_are_unique(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting_bytes: int
) -> None:
    monkeypatch.setattr(matching, "WAITING_BYTES", waiting_bytes)
    with pytest.raises(ReleaseError, match="two records have the id 'a/0'"):
        diff(tmp_path, [*some(), record("a/0")], [record("b")])


# -- schemas


def schema(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    changed = copy.deepcopy(phusa_schema.load(ARTICLE))
    change(changed["properties"])
    return dict(changed)


def test_a_new_field_is_no_change_of_the_records(tmp_path: Path) -> None:
    topics = {"description": "T.", "type": "array", "items": {"type": "string"}}
    deep = {"description": "D.", "type": "string"}

    def add(fields: dict[str, Any]) -> None:
        fields["topics"] = topics
        fields["extra"] = {"description": "E.", "type": "object", "properties": {"deep": deep}}
        fields["source"]["properties"]["robots"] = deep

    rows = [
        row | {"topics": [], "extra": {"deep": "x"}, "source": row["source"] | {"robots": "y"}}
        for row in some()
    ]
    found = diff(tmp_path, some(), rows, schema=schema(add))
    assert found.schema.added == ("source.robots", "topics", "extra")
    assert (found.unchanged, found.fields, found.bump) == (5, {}, "minor")
    before = write(tmp_path / "before", rows, schema=schema(add))
    back = compare(opened(before), opened(write(tmp_path / "after", some())))
    assert (back.schema.removed, back.unchanged, back.bump) == (found.schema.added, 5, "major")


def test_another_type_is_a_major_change(tmp_path: Path) -> None:
    def retype(fields: dict[str, Any]) -> None:
        fields["text"]["type"] = ["string", "null"]
        fields["counts"]["properties"]["words"] = {"description": "W.", "type": "number"}
        fields["language"] = {"description": "L.", "type": "string"}

    rows = [row | {"language": "vi"} for row in some()]
    found = diff(tmp_path, some(), rows, schema=schema(retype))
    assert found.schema.retyped == (
        Retyped("text", "string", "string or null"),
        Retyped("language", "object or null", "string"),
        Retyped("counts.words", "int64", "float64"),
    )
    assert (found.changed, found.fields) == (Changed(metadata=5), {"language": 5})
    assert found.bump == "major"
    assert "field of another type: text" in found.reasons


# -- what the manifests tell


def test_drift_comes_from_the_manifests(tmp_path: Path) -> None:
    def other(number: int) -> Record:
        text = "A day. " * (2 + number)
        site = record("b")["source"] | {"site": "b.vn"}
        return record(f"b/{number}", text, language=None, locality=None, source=site)

    found = diff(
        tmp_path, some(6), some(6) + [other(i) for i in range(6)], rejected={"QUA010": 3}, most=2
    )
    drift = found.drift
    assert drift.languages == (Move("vi", 6, 6), Move(None, 0, 6))
    assert drift.sites == (Move("a.vn", 6, 6), Move("b.vn", 0, 6))
    assert drift.places == (Move("VN: Thành phố Hải Phòng", 6, 6), Move(None, 0, 6))
    assert drift.years == ()
    assert drift.rejected == (Move("QUA010", 0, 3),)
    assert [move.value for move in drift.lengths] == ["8", "16", "32", "64"]
    assert sum(move.new for move in drift.lengths) == 12
    assert found.new.words is not None


@pytest.mark.parametrize("lost", ["lengths", "languages", "sites", "records", "chars", "rejected"])
def test_what_an_old_manifest_lacks_is_not_compared(tmp_path: Path, lost: str) -> None:
    old = opened(write(tmp_path / "old", some()))
    new = opened(write(tmp_path / "new", [*some(), record("b", language=None)], "1.1.0"))
    without = {name: value for name, value in old.statistics.items() if name != lost}
    found = compare(replace(old, statistics=without), new)
    assert as_text(found)
    assert found.drift.languages == () or lost not in ("languages", "records")
    assert found.old.chars is None or lost != "chars"
    bare = compare(replace(old, statistics={}), replace(old, statistics={}))
    assert (bare.bump, bare.old.words) == ("none", None)


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ({"name": "báo"}, "another name of the dataset"),
        ({"phusa": "0.2.0"}, "another version of phusa"),
        ({"recipe_sha256": "c" * 64}, "another recipe"),
        ({"sources_sha256": "c" * 64}, "other sources"),
        ({"content_id": "c" * 64}, "another content id"),
        ({"statistics": {"documents": 9}}, "other statistics"),
    ],
)
def test_what_else_differs_is_a_patch(
    tmp_path: Path, manifest: dict[str, Any], reason: str
) -> None:
    found = diff(tmp_path, some(), some(), **manifest)
    assert (found.bump, found.proposed, found.reasons) == ("patch", "1.0.1", (reason,))


# -- words


def test_the_largest_changes_are_told_word_by_word(tmp_path: Path) -> None:
    rows = some()
    rows[1]["text"] = rows[1]["text"].replace("thị xã Kinh Môn", "huyện Kinh Môn cũ")
    rows[2]["captions"] = ["Ảnh: B"]
    rows[3]["text"] = rows[3]["text"].replace("kinh tế", "kinh te")
    rows[4]["text"] = "Khác."
    rows[0]["text"] = rows[0]["text"].replace("ư", "u")
    found = diff(tmp_path, some(), rows, 3)
    assert [(c.id, c.kind, c.words_out, c.words_in) for c in found.largest] == [
        ("a/4", "real", 17, 1),
        ("a/1", "real", 3, 3),
        ("a/2", "real", 1, 1),
    ]
    every = diff(tmp_path, some(), rows)
    assert [change.id for change in every.largest] == ["a/4", "a/1", "a/2", "a/0", "a/3"]
    assert diff(tmp_path, some(), rows, 0).largest == ()
    told = [(piece.op, piece.words, piece.text) for piece in found.largest[1].pieces]
    assert told == [
        ("same", 7, "… a/1 Phường An Lưu trực thuộc"),
        ("out", 2, "thị xã"),
        ("in", 1, "huyện"),
        ("same", 1, "Kinh"),
        ("out", 1, "Môn."),
        ("in", 2, "Môn cũ."),
        ("same", 10, "Năm 2020, kinh tế của phường …"),
    ]


WORDS = st.lists(st.sampled_from("a b c ốc 河 内 dài\n \n\n x\u0301".split(" ")), max_size=40)


@given(WORDS, WORDS)
def test_runs_give_both_texts(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    found = words.runs(before, after)
    for text, other in ((before, "in"), (after, "out")):
        kept = [word for run in found if run.op != other for word in run.words]
        assert kept == words.split_words(text)
    went, came = words.changed_words(before, after)
    assert words.changed_words(after, before) == (came, went)
    assert went == sum(len(run.words) for run in found if run.op == "out")
    assert went + came <= words.most_changed_words(before, after)
    assert all(one.op != other.op for one, other in pairwise(found))


@given(WORDS, WORDS)
@settings(max_examples=50)
def test_long_texts_are_compared_by_lines(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "MOST_WORDS", 3)
        found = words.runs(before, after)
    for text, other in ((before, "in"), (after, "out")):
        kept = [word for run in found if run.op != other for word in run.words]
        assert kept == words.split_words(text)


@given(st.text("aàạđ \n\u0301河", max_size=12), st.text("aàạđd \n\u0301河", max_size=12))
def test_kinds_are_those_of_the_whole_texts(old: str, new: str) -> None:
    import unicodedata

    def bare(text: str) -> str:
        marks = unicodedata.normalize("NFD", "".join(text.split()))
        return "".join(c for c in marks if not unicodedata.combining(c)).replace("đ", "d")

    kind = words.kind_of_change(old, new)
    assert kind == words.kind_of_change(new, old)
    assert (kind == "white_space") == ("".join(old.split()) == "".join(new.split()))
    assert (kind == "real") == (bare(old) != bare(new))


@pytest.mark.parametrize(
    ("old", "new", "out", "into"),
    [
        ("một " * 100_000, "hai " * 100_000, 100_000, 100_000),
        ("một " * 100_000, "một hai " * 50_000, None, None),
        ("a b " * 50_000, "b a " * 50_000, None, None),
        ("một\n" * 100_000, "hai\n" * 100_000, 100_000, 100_000),
        (
            "\n".join(f"{i} a b c" for i in range(4_000)),
            "\n".join(f"{i} a {'bx'[i % 2]} c" for i in range(4_000)),
            2_000,
            2_000,
        ),
        ("x" * 10**6, "y" * 10**6, 1, 1),
        ("河" * 10**5, "内" * 10**5, 10**5, 10**5),
        (" " * 10**6, "\n" * 10**6, 0, 0),
        ("a" + "\u0301" * 10**5, "a" + "\u0300" * 10**5, 1, 1),
    ],
)
def test_hostile_texts_take_no_square(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, out: int | None, into: int | None
) -> None:
    compared = []
    real = words.LCSseq.opcodes

    class Measured:
        @staticmethod
        def opcodes(old: list[str], new: list[str]) -> Any:
            compared.append(len(old) * len(new))
            return real(old, new)

    monkeypatch.setattr(words, "LCSseq", Measured)
    found = words.runs(old, new)
    assert max(compared, default=0) <= words.MOST_WORDS**2
    assert sum(compared) <= words.MOST_WORDS * (len(old) + len(new))
    assert out is None or words.changed_words(old, new) == (out, into)
    assert len("".join(piece.text for piece in words.pieces(found))) < 30_000
    assert words.kind_of_change(old, new) in ("real", "diacritics", "white_space")


def test_pieces_are_few_and_short() -> None:
    old = " ".join(f"một{i} hai" for i in range(500))
    new = " ".join(f"ba{i} hai" for i in range(500))
    shown = words.pieces(words.runs(old, new))
    assert len(shown) == 31
    assert shown[-1].text == "…"
    assert sum(piece.words for piece in shown if piece.op != "out") == 1000
    (out, into) = words.pieces(words.runs("x" * 500, " ".join("abcdefghijklmnopqrstuvwxyz" * 2)))
    assert (len(out.text), out.words) == (60, 1)
    assert (into.text, into.words) == ("a b c d e f g h i j k l … o p q r s t u v w x y z", 52)
    (cjk,) = words.pieces(words.runs("", "河内市人民"))
    assert cjk.text == "河内市人民"


# -- laws

TEXTS = st.sampled_from(
    [TEXT, TEXT + " Hết.", TEXT.replace(" ", "  "), TEXT.replace("ư", "u"), "B"]
)
RECORDS = st.lists(
    st.tuples(st.sampled_from("abcdef"), TEXTS, st.sampled_from([None, "u"]), st.booleans()),
    unique_by=lambda row: row[0],
    max_size=6,
)


def version(folder: Path, rows: list[tuple[str, str, str | None, bool]]) -> Version:
    train = [record(name, text, url=url) for name, text, url, aside in rows if not aside]
    test = [record(name, text, url=url) for name, text, url, aside in rows if aside]
    return opened(write(folder, {"train": train, "test": test}))


BUMPS = ("none", "patch", "minor", "major")


@given(RECORDS, RECORDS)
@settings(max_examples=60)
def test_differences_have_two_sides(old: list[Any], new: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        one, other = version(Path(folder) / "1", old), version(Path(folder) / "2", new)
        found, back, same = compare(one, other), compare(other, one), compare(one, one)
    assert (same.bump, same.unchanged) == ("none", len(old))
    assert found.unchanged + found.removed + found.changed.total == len(old)
    assert found.unchanged + found.added + found.changed.total == len(new)
    assert (back.added, back.removed) == (found.removed, found.added)
    assert (back.added_ids, back.removed_ids) == (found.removed_ids, found.added_ids)
    assert (back.changed, back.moved, back.fields) == (found.changed, found.moved, found.fields)
    assert {(c.id, c.words_in) for c in back.largest} == {
        (c.id, c.words_out) for c in found.largest
    }
    lost = found.removed or found.moved or found.changed.content
    least = "major" if lost else "minor" if found.added else "patch" if found.fields else "none"
    assert BUMPS.index(found.bump) >= BUMPS.index(least)
    assert found.bump == least or (least, found.bump) == ("none", "patch")


@given(RECORDS, RECORDS, st.sampled_from("abcdef"))
@settings(max_examples=40)
def test_more_differences_never_lower_the_bump(old: list[Any], new: list[Any], name: str) -> None:
    """A record taken out of the new version, or one more put in, is no smaller change."""
    with TemporaryDirectory() as folder:
        one = version(Path(folder) / "1", old)
        before = compare(one, version(Path(folder) / "2", new))
        fewer = [row for row in new if row[0] != name or row[0] not in {row[0] for row in old}]
        after = compare(one, version(Path(folder) / "3", fewer))
        more = compare(one, version(Path(folder) / "4", [*new, ("z", "Z", None, False)]))
    assert BUMPS.index(more.bump) >= max(BUMPS.index(before.bump), BUMPS.index("minor"))
    assert after.bump == "major" or fewer == new


# -- what is no release


def manifest_of(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return spoil


def schema_of(text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "schema" / f"{ARTICLE}.json").write_text(text)


LAUGHS = {
    f"d{i}": {
        "type": "object",
        "description": "D.",
        "properties": {key: {"$ref": f"#/$defs/d{i + 1}"} for key in "ab"},
    }
    for i in range(40)
} | {"d40": {"type": "string", "description": "D."}}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda f: (f / "manifest.json").unlink(),
            "holds no release; name the folder of a version",
        ),
        (lambda f: (f / "manifest.json").write_bytes(b"{"), "manifest.json: not JSON"),
        (lambda f: (f / "manifest.json").write_bytes(b"\xff"), "manifest.json: not JSON"),
        (lambda f: (f / "manifest.json").write_bytes(b"[]"), "manifest.json: not a manifest"),
        (manifest_of(lambda m: m.pop("files")), "not a manifest"),
        (manifest_of(lambda m: m.update(version="1.0")), "not a manifest"),
        (manifest_of(lambda m: m.update(schema="../article-1.0.0")), "not a manifest"),
        (
            manifest_of(lambda m: m.update(format="manifest-2.0.0")),
            "the format is 'manifest-2.0.0'",
        ),
        (lambda f: next((f / "jsonl").iterdir()).unlink(), "jsonl.zst: the file is missing"),
        (
            lambda f: (f / "schema" / f"{ARTICLE}.json").unlink(),
            "1.0.0.json: cannot be read: No such",
        ),
        (schema_of("{"), "not a schema"),
        (schema_of("[]"), "not a schema"),
        (schema_of('{"properties": {"a": {"$ref": "#/$defs/b"}}}'), "not a schema"),
        (
            schema_of(
                '{"properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"$ref":"#/$defs/a"}}}'
            ),
            "not a schema",
        ),
        (
            schema_of(json.dumps({"properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": LAUGHS})),
            "not a schema",
        ),
        (schema_of('{"properties":{"a":' * 3_000 + "1" + "}}" * 3_000), "not a schema"),
    ],
)
def test_what_is_no_release_is_told(tmp_path: Path, spoil: Change, message: str) -> None:
    folder = write(tmp_path / "1.0.0", some())
    spoil(folder)  # type: ignore[arg-type]
    with pytest.raises(ReleaseError, match=re.escape(message)) as caught:
        opened(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "not a record"),
        (b"[]", "not a record"),
        (b'{"id":1}', "not a record"),
        (b'{"id":"a', "not a record"),
        (b'{"id":"\xff"}', "not a record"),
        (b'{"text":"A."}', "not a record"),
        (b'{"id":"a/1","text":}', "record 'a/1': unexpected character"),
        (b'{"id":"a/1","text":' + b"[" * 2_000 + b"]" * 2_000 + b"}", "record 'a/1': "),
    ],
)
def test_what_is_no_record_is_told(tmp_path: Path, line: bytes, message: str) -> None:
    old = write(tmp_path / "old", some())
    new = write(tmp_path / "new", some(), "1.1.0")
    (file,) = (new / "jsonl").iterdir()
    file.unlink()
    rows = [orjson.dumps(row) for row in some()]
    lines.write([rows[0], line, *rows[2:]], file)
    with pytest.raises(ReleaseError, match=re.escape(message)) as caught:
        compare(opened(old), opened(new))
    assert "\n" not in str(caught.value)


def test_records_that_are_missing_were_not_removed(tmp_path: Path) -> None:
    old = write(tmp_path / "old", some())
    new = write(tmp_path / "new", some(), "1.1.0")
    (file,) = (new / "jsonl").iterdir()
    file.unlink()
    lines.write(map(orjson.dumps, some(4)), file)
    with pytest.raises(ReleaseError, match=r"'tin' 1\.1\.0: 4 records, its manifest says 5"):
        compare(opened(old), opened(new))


def test_a_file_that_is_no_zstd_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "old", some())
    (file,) = (folder / "jsonl").iterdir()
    file.write_bytes(b"no zstd")
    with pytest.raises(ReleaseError, match=r"jsonl\.zst: cannot be read"):
        compare(opened(folder), opened(folder))


def test_hostile_records_are_compared(tmp_path: Path) -> None:
    strange: list[Any] = [{}, 1, [1, None], "x", [{"level": 1}], None, {"text": "x"}]
    for value in strange:
        fields = dict.fromkeys(("text", "title", "captions", "source", "locality"), value)
        old, new = write(tmp_path / f"{len(list(tmp_path.iterdir()))}", some()), tmp_path / "new"
        (file,) = (old / "jsonl").iterdir()
        rows = [json.dumps({**row, **fields}).encode() for row in some()]
        new.mkdir()
        lines.write(rows, new / file.name)
        version = opened(old)
        found = compare(version, replace(version, files={"train": (new / file.name,)}))
        assert found.changed.total == 5
        assert orjson.dumps(as_json(found))
        assert as_text(found)
        (new / file.name).unlink()
        new.rmdir()


# -- how it is told

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
    assert "\n\nNext version: 2.0.0 (major), 3 records removed; 3 records changed in" in shown


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
