"""Parquet files of every kind, and ones made to be trouble: rows, or a finding that says why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet
import pytest

from checked import ARTICLE, found, phusa
from phusa.checking.parquet import groups, rows
from phusa.sources import File
from test_check_hostile import MOST_MEMORY_KB, measured


def written(path: Path, table: pa.Table, **options: object) -> Path:
    pyarrow.parquet.write_table(table, path, compression="zstd", **options)
    return path


def read(path: Path) -> list[tuple[int, bytes, int]]:
    file = File(path.name, path.stat().st_size)
    return [
        (number, line.raw, line.size)
        for group in groups(file, path.parent)
        for number, line in rows(group)
    ]


def repeated(value: str, times: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), pa.array([value]))


LARGE = "x " * (15 << 20)


def in_a_list(values: pa.Array) -> pa.Array:
    return pa.ListArray.from_arrays([0, len(values)], values)


BOMBS = {
    "rows": lambda: ({"text": repeated(LARGE, 300)}, 4),
    "one row": lambda: ({"text": repeated(LARGE * 3, 3)}, 3),
    "numbers": lambda: ({"n": in_a_list(pa.repeat(pa.scalar(0, pa.int8()), 150 << 20))}, 1),
    "dictionary": lambda: ({"text": repeated(LARGE * 5, 3)}, 1),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb(tmp_path: Path, kind: str) -> None:
    columns, most = BOMBS[kind]()
    written(tmp_path / "bomb.parquet", pa.table(columns))
    del columns
    (tmp_path / "later.txt").write_text(ARTICLE.replace("bảy", "b\ufffdy", 1), "utf-8")
    findings, memory_kb = measured(".", "--select", "SRC,ENC050", cwd=tmp_path)
    assert ("later.txt", 3, "ENC050") in findings
    told = [code for path, _, code in findings if path == "bomb.parquet"]
    assert "SRC101" in told or "SRC107" in told
    assert len(told) <= most
    assert memory_kb < MOST_MEMORY_KB


def test_a_bomb_in_a_list(tmp_path: Path) -> None:
    value = "x" * (1 << 20)
    lists = pa.array([[value], [value] * 150], pa.list_(pa.string()))
    table = pa.table({"text": [ARTICLE] * 2, "captions": lists, "s": [{"k": value}] * 2})
    path = written(tmp_path / "bomb.parquet", table, dictionary_pagesize_limit=2 << 20)
    assert path.stat().st_size < 50_000
    first, second = read(path)
    assert orjson.loads(first[1])["captions"] == [value]
    assert second[1] == b""
    assert second[2] > 150 << 20


DAY = dt.date(2026, 1, 2)
NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
VALUES = {
    "decimal": (pa.array([Decimal("1.50")]), "1.50"),
    "date": (pa.array([DAY]), "2026-01-02"),
    "time": (pa.array([dt.time(1, 2)]), "01:02:00"),
    "timestamp": (pa.array([NOON], pa.timestamp("us", "UTC")), "2026-01-02T12:00:00+00:00"),
    "nanoseconds": (pa.array([1], pa.timestamp("ns")), "1970-01-01T00:00:00"),
    "duration": (pa.array([dt.timedelta(1)], pa.duration("us")), "1 day, 0:00:00"),
    "binary": (pa.array(["đá".encode()], pa.binary()), "đá"),
    "image": (pa.array([b"\xff\xd8"], pa.large_binary()), "2 bytes that are no UTF-8"),
    "fixed": (pa.array([b"ab"], pa.binary(2)), "ab"),
    "large": (pa.array(["đá"], pa.large_string()), "đá"),
    "map": (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int8())), [["a", 1]]),
    "lists": (pa.array([[["a", None], []]]), [["a", None], []]),
    "struct": (pa.array([{"a": {"b": ["đá"]}}]), {"a": {"b": ["đá"]}}),
    "four": (pa.array([[1, 2]], pa.list_(pa.int8(), 2)), [1, 2]),
    "nan": (pa.array([float("nan")]), None),
    "infinite": (pa.array([float("-inf")]), None),
    "null": (pa.array([None]), None),
    "unsigned": (pa.array([(1 << 64) - 1], pa.uint64()), (1 << 64) - 1),
    "dictionary": (repeated("đá", 1), "đá"),
}


@pytest.mark.parametrize("kind", VALUES)
def test_values(tmp_path: Path, kind: str) -> None:
    column, wanted = VALUES[kind]
    column = pa.concat_arrays([column, pa.nulls(1, column.type), column])
    path = written(tmp_path / "a.parquet", pa.table({"text": ["a", "b", "c"], "v": column}))
    assert [(number, orjson.loads(raw)) for number, raw, _ in read(path)] == [
        (1, {"text": "a", "v": wanted}),
        (2, {"text": "b", "v": None}),
        (3, {"text": "c", "v": wanted}),
    ]


BAD = {
    "timestamp": pa.array([0, 9 * 10**18, 0], pa.timestamp("us")),
    "date": pa.array([0, 2**31 - 1, 0], pa.date32()),
    "duration": pa.array([0, 2**62, 0], pa.duration("s")),
    "nested": pa.array([[0], [9 * 10**18], [0]], pa.list_(pa.timestamp("us"))),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_value_out_of_range(tmp_path: Path, kind: str) -> None:
    table = pa.table({"text": ["a", "b", "c"], "v": BAD[kind]})
    values = [orjson.loads(raw) for _, raw, _ in read(written(tmp_path / "a.parquet", table))]
    assert [row["text"] for row in values] == ["a", "b", "c"]
    assert values[1]["v"].startswith("cannot be read: ")
    assert values[0]["v"] == values[2]["v"] != values[1]["v"]
    done = phusa(".", "--output-format", "jsonl", cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert {line for _, line, _ in found(done)} == {1, 2, 3}


def test_text_that_is_no_utf_8_stays_as_it_is(tmp_path: Path) -> None:
    raws = pa.array([ARTICLE.encode(), ARTICLE.encode("utf-16-le")[:-1], b'a\xff"\n'])
    text = pa.Array.from_buffers(pa.string(), 3, raws.buffers())
    path = written(tmp_path / "a.parquet", pa.table({"text": text}))
    assert read(path)[2][1] == b'{"text":"a\xff\\"\\n"}'


def test_shapes(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    empty = pa.table({"text": pa.array([], pa.string())})
    assert read(written(path, empty)) == []
    twice = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["text", "text"])
    assert read(written(path, twice)) == [(1, b'{"text":"a","text":"b"}', 23)]
    wide = pa.table({f"c{i}": [None, "x"] for i in range(10_000)})
    assert [len(orjson.loads(raw)) for _, raw, _ in read(written(path, wide))] == [10_000] * 2
    cut = pa.table({"text": ["a"] * 9})
    assert [number for number, _, _ in read(written(path, cut, row_group_size=4))] == [
        *range(1, 10)
    ]


def test_files_that_are_broken(tmp_path: Path) -> None:
    good = tmp_path / "good.parquet"
    table = pa.table({"text": [f"{ARTICLE}{i}" for i in range(400)]})
    written(good, table, row_group_size=200)
    raw = good.read_bytes()
    broken = {
        "cut": raw[: len(raw) // 2],
        "end": raw[len(raw) // 2 :],
        "magic": raw[:-1] + b"2",
        "encrypted": raw[:-4] + b"PARE",
        "pages": raw[:4] + bytes(len(raw) // 2) + raw[4 + len(raw) // 2 :],
        "empty": b"",
    }
    for name, content in broken.items():
        (tmp_path / f"{name}.parquet").write_bytes(content)
    pyarrow.parquet.write_table(pa.table({"a": [1]}).select([]), tmp_path / "none.parquet")
    options = ("--select", "SRC", "--output-format", "jsonl")
    done = phusa(".", *options, cwd=tmp_path)
    assert "Traceback" not in done.stderr
    told = {path for path, _, code in found(done) if code == "SRC101"}
    assert told >= {f"{name}.parquet" for name in broken}
    assert "good.parquet" not in told


def test_a_file_that_changes_meanwhile(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.table({"text": ["a", "b"]}), row_group_size=1)
    second = groups(File(path.name, path.stat().st_size), tmp_path)[1]
    written(path, pa.table({"text": ["a"]}))
    with pytest.raises(OSError, match="changed"):
        list(rows(second))
    path.unlink()
    with pytest.raises(FileNotFoundError):
        list(rows(second))
