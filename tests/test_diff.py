"""Two releases compared: what is found, whatever the order."""

from __future__ import annotations

import json
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compared import Change, diff, some, with_one
from phusa.comparing import compare, matching, opened
from phusa.comparing.difference import Changed
from phusa.comparing.rendering import as_markdown, as_text
from phusa.comparing.versions import Version
from phusa.release import ReleaseError, lines
from phusa.release.validation import problems
from small_releases import DATE, PLACE, TEXT, UNIT, Record, record, write


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


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("a.jsonl#12", "a.jsonl#11", 0),
        ("a.jsonl#12", "b.jsonl#12", 1),
        ("a#1/b.txt", "a#2/b.txt", 1),
        ("a.jsonl#12", None, 1),
    ],
)
def test_the_row_within_a_file_does_not_count(
    tmp_path: Path, old: str | None, new: str | None, changed: int
) -> None:
    """Where a row goes from a file, all after it move up."""
    before, after = (
        with_one(lambda r, path=path: r["source"].update(path=path)) for path in (old, new)
    )
    found = diff(tmp_path, before, after)
    assert (found.changed.metadata, found.unchanged) == (changed, 5 - changed)


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
