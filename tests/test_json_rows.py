"""Rows of JSONL, taken strictly: what is wrong with their JSON, and where."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phusa.sources.strict import MAX_FLAWS, MAX_LEVELS, Flaw, kind, load, parse

BROKEN, AGAIN, HALF, INFINITE, HUGE, NO_OBJECT = (
    *("SRC102", "SRC109", "SRC110", "SRC111", "SRC112", "SRC113"),
)
Told = tuple[str, str, int]

# A row, and what is wrong with it: rule, pointer, column.
FLAWED: list[tuple[str, list[Told]]] = [
    ("", [(BROKEN, "", 1)]),
    ("   ", [(BROKEN, "", 4)]),
    ("{", [(BROKEN, "", 2)]),
    ('{"a"', [(BROKEN, "", 5)]),
    ('{"a":', [(BROKEN, "", 6)]),
    ('{"a": "Kỳ', [(BROKEN, "", 10)]),
    ('{"a": "x\\', [(BROKEN, "", 10)]),
    ('{"a": "x\\u00', [(BROKEN, "", 13)]),
    ('{"a": "x"', [(BROKEN, "", 10)]),
    ('{"a": tru', [(BROKEN, "", 10)]),
    ('{"a": -', [(BROKEN, "", 8)]),
    ('{"a": 1.', [(BROKEN, "", 9)]),
    ('{"a": 1e+', [(BROKEN, "", 10)]),
    ('{"a": [1, 2', [(BROKEN, "", 12)]),
    ('{"a": 1}}', [(BROKEN, "", 9)]),
    ('{"a": 1} {"b": 2}', [(BROKEN, "", 10)]),
    ('{"a": 1,}', [(BROKEN, "", 9)]),
    ('{"a": [1,]}', [(BROKEN, "", 10)]),
    ('{"a": [1 2]}', [(BROKEN, "", 10)]),
    ('{"a": [1}', [(BROKEN, "", 9)]),
    ('{"a" 1}', [(BROKEN, "", 6)]),
    ('{"a":: 1}', [(BROKEN, "", 6)]),
    ('{"a": 1 "b": 2}', [(BROKEN, "", 9)]),
    ("{'a': 1}", [(BROKEN, "", 2)]),
    ("{a: 1}", [(BROKEN, "", 2)]),
    ("{1: 1}", [(BROKEN, "", 2)]),
    ("{,}", [(BROKEN, "", 2)]),
    ("{]", [(BROKEN, "", 2)]),
    ("]", [(BROKEN, "", 1)]),
    ('{"a": 01}', [(BROKEN, "", 8)]),
    ('{"a": .5}', [(BROKEN, "", 7)]),
    ('{"a": +1}', [(BROKEN, "", 7)]),
    ('{"a": 1.}', [(BROKEN, "", 8)]),
    ('{"a": nan}', [(BROKEN, "", 7)]),
    ('{"a": True}', [(BROKEN, "", 7)]),
    ('{"a": undefined}', [(BROKEN, "", 7)]),
    ('{"ế": "ế\t"}', [(BROKEN, "", 9)]),
    ('{"a": "\\x41"}', [(BROKEN, "", 8)]),
    ('{"a": "\\u12x4"}', [(BROKEN, "", 8)]),
    ('{"a": 1} // ok', [(BROKEN, "", 10)]),
    ('\ufeff{"a": 1}', [(BROKEN, "", 1)]),
    ('{"a": "x"}\0', [(BROKEN, "", 11)]),
    ("\u00a0{}", [(BROKEN, "", 1)]),
    ('{"a": 1, "a": 2}', [(AGAIN, "/a", 10)]),
    ('{"a": 1, "a": 1}', [(AGAIN, "/a", 10)]),
    ('{"a":1,"a":2,"a":3}', [(AGAIN, "/a", 8), (AGAIN, "/a", 14)]),
    ('{"a" :1,"a":2}', [(AGAIN, "/a", 9)]),
    ('{"a":1,"\\u0061":2}', [(AGAIN, "/a", 8)]),
    ('{"😀":1,"\\ud83d\\ude00":2}', [(AGAIN, "/…", 8)]),
    ('{"":1,"":2}', [(AGAIN, "/", 7)]),
    ('{"a":{"b":1,"b":2},"b":3}', [(AGAIN, "/a/b", 13)]),
    ('{"a":[0,{"b":1,"c":"x","b":2}]}', [(AGAIN, "/a/1/b", 24)]),
    ('{"a~b/c":1,"a~b/c":2}', [(AGAIN, "/a~0b~1c", 12)]),
    ('{"a":{"a":1},"a":"\\":"}', [(AGAIN, "/a", 14)]),
    # a quotation mark, or a colon behind one, that is spelt out makes up for the key that goes
    ('{"a":1,"a":"\\u0022\\u0022"}', [(AGAIN, "/a", 8)]),
    ('{"a":1,"a":"\\u0022\\u003a"}', [(AGAIN, "/a", 8)]),
    ('{"a":"\\ud83d"}', [(HALF, "/a", 7)]),
    ('{"a":"\\uDE00"}', [(HALF, "/a", 7)]),
    ('{"a":"\\ud83d\\ud83d\\ude00"}', [(HALF, "/a", 7)]),
    ('{"a":"\\ude00\\ud83d"}', [(HALF, "/a", 7), (HALF, "/a", 13)]),
    ('{"a":"\\ud83d\\n\\ude00"}', [(HALF, "/a", 7), (HALF, "/a", 15)]),
    ('{"a":"\\\\\\ud83d"}', [(HALF, "/a", 9)]),
    ('{"\\ud83d":1}', [(HALF, "/…", 3)]),
    ('{"a":NaN}', [(INFINITE, "/a", 6)]),
    ('{"a":[1,-Infinity,Infinity]}', [(INFINITE, "/a/1", 9), (INFINITE, "/a/2", 19)]),
    ('{"a":18446744073709551616}', [(HUGE, "/a", 6)]),
    ('{"a":-9223372036854775809}', [(HUGE, "/a", 6)]),
    ('{"a":[[1e999]]}', [(HUGE, "/a/0/0", 8)]),
    ('{"a":-1.8E+308}', [(HUGE, "/a", 6)]),
    (f'{{"a":{"9" * 400}}}', [(HUGE, "/a", 6)]),
    (
        '{"a":NaN,"a":"\\ud83d","b":[1e999,{"c":0,"c":99999999999999999999}]}',
        [
            *((INFINITE, "/a", 6), (AGAIN, "/a", 10), (HALF, "/a", 15), (HUGE, "/b/0", 28)),
            *((AGAIN, "/b/1/c", 41), (HUGE, "/b/1/c", 45)),
        ],
    ),
    ('{"a":NaN,"b":"tr', [(INFINITE, "/a", 6), (BROKEN, "", 17)]),
    ("[]", [(NO_OBJECT, "", 1)]),
    ('[{"a": 1}]', [(NO_OBJECT, "", 1)]),
    ("[NaN]", [(NO_OBJECT, "", 1)]),
    (' "\\ud83d"', [(NO_OBJECT, "", 1)]),
    ("null", [(NO_OBJECT, "", 1)]),
    ("1e999", [(NO_OBJECT, "", 1)]),
    ("[1", [(BROKEN, "", 3)]),
]

FLAWLESS = [
    "{}",
    ' \t{ "a" : [ ] , "b" : { } } \r',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    '{"a":1,"A":2,"a ":3,"ạ":4,"a\\u0323":5}',
    '{"a":"\\"a\\": 1, \\"a\\": 2"}',
    '{"a":"\\u0022a\\u0022: 1","b":"\\u0022"}',
    '{"a":"\\\\u0022","b":"\\\\"}',
    '{"a":"\\ud83d\\ude00","b":"\\uD83D\\uDE00"}',
    '{"a":"\\\\ud83d","b":"\\\\\\\\ude00"}',
    '{"a":"NaN","Infinity":"-Infinity 1e999 99999999999999999999"}',
    '{"a":18446744073709551615,"b":-9223372036854775808}',
    '{"a":1.7976931348623157e308,"b":1e-999,"c":0.00000000000000000000001,"d":-0,"e":1E19}',
    '{"a":"\\/\\b\\f\\n\\r\\t\x7f\u2028\ufeff"}',
    f'{{"a":{"[" * 300}{"]" * 300}}}',
]


def told(flaws: tuple[Flaw, ...]) -> list[Told]:
    return [(flaw.rule, flaw.pointer, flaw.column) for flaw in flaws]


@pytest.mark.parametrize(("row", "expected"), FLAWED)
def test_what_is_wrong_is_told_where_it_is(row: str, expected: list[Told]) -> None:
    parsed = parse(row.encode())
    assert told(parsed.flaws) == expected
    assert all(len(flaw.message) < 150 for flaw in parsed.flaws)
    fatal = [flaw for flaw in parsed.flaws if flaw.fatal]
    loaded = load(row.encode())
    assert loaded == (fatal[0] if fatal else orjson.loads(row))
    assert parsed.row == (None if fatal else loaded)


@pytest.mark.parametrize("row", FLAWLESS)
def test_nothing_is_told_of_a_row_without_a_flaw(row: str) -> None:
    parsed = parse(row.encode())
    assert parsed.flaws == ()
    assert parsed.row == load(row.encode()) == json.loads(row)


@pytest.mark.parametrize(
    ("raw", "message", "column"),
    [
        (b'{"a": "\xff"}', "not JSON: byte 8 is not UTF-8; convert the file", 8),
        ('{"ế": "'.encode() + b"\xe9t\xe9", "not JSON: byte 10 is not UTF-8; convert the file", 8),
        (b'{"a": "\xed\xa0\xbd"}', "not JSON: byte 8 is not UTF-8; convert the file", 8),
        ('{"ế": "ế'.encode()[:-1], "not JSON: the row ends inside a character; was its writer", 8),
        (b'{"a": "x', "not JSON: the row ends inside a string; was its writer cut off?", 9),
        (b'{"a": fal', "not JSON: the row ends inside a value; was its writer cut off?", 10),
        (b'{"a"', "not JSON: the row ends where a colon should stand; was its writer cut off?", 5),
        (b"{'a': 1}", 'not JSON: a key in double quotes should stand here, not "\'"', 2),
        (b'{"a": 1}{', "not JSON: nothing more should stand here, not '{'", 9),
        (b'{"a": "\\q"}', "not JSON: '\\\\q' starts no escape of JSON", 8),
        (b'{"a": "\x1b"}', "not JSON: '\\x1b' stands in a string without an escape", 8),
        ("\u202e{}".encode(), "not JSON: a value should stand here, not '\\u202e'", 1),
        (b"[" * 5000, "not JSON: nested more than 1,024 levels deep", 1025),
        (b'{"a":NaN}', "NaN is no number of JSON; write null", 6),
        (b'{"a":"\\uD83d"}', "\\uD83d is half of a surrogate pair, and no character", 7),
        (b'{"a":0,"a":0}', "the key again; readers keep one of the two", 8),
        (b"true", "true or false; it must be an object with `text` or `html`", 1),
    ],
)
def test_it_is_told_in_words(raw: bytes, message: str, column: int) -> None:
    (flaw,) = parse(raw).flaws
    assert flaw.message.startswith(message)
    assert flaw.column == column


def test_numbers_are_not_repeated() -> None:
    """A long number may be that of an account."""
    integer, real = parse(b'{"a": 970436012345678901234, "b": 1970436012345e999}').flaws
    assert integer.message == (
        "an integer of 21 digits, which 64 bits do not hold; write it as a string"
    )
    assert real.message == "a number beyond 1.8e308, the largest double"
    assert (integer.fatal, real.fatal) == (False, True)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("title", "title"),
        ("og:title", "og:title"),
        ("@type", "@type"),
        ("Tiêu đề 2024-05-17", "Tiêu đề 2024-05-17"),
        ("a/b~c", "a~1b~0c"),
        ("", ""),
        ("0912 345 678", "…"),
        ("٠٩١٢٣٤٥٦٧٨", "…"),
        ("an@example.org", "…"),
        ("a\nb", "…"),
        ("\x1b[31m", "…"),
        ("a\u202eb", "…"),
        ("<b>", "…"),
        ("x" * 61, "…"),
    ],
)
def test_a_key_is_shown_if_it_looks_like_the_name_of_a_field(key: str, shown: str) -> None:
    row = json.dumps({"a": {key: math.nan}}, ensure_ascii=False)
    assert [flaw.pointer for flaw in parse(row.encode()).flaws] == [f"/a/{shown}"]


def test_long_pointers_are_cut() -> None:
    (flaw,) = parse(b'{"key":' * 500 + b"NaN" + b"}" * 500).flaws
    assert len(flaw.pointer) == 201
    assert flaw.pointer.startswith("/key/key/key")
    assert flaw.pointer.endswith("/key/key/key")


# A scan that keeps nothing and calls itself never, whatever the row.


def test_levels_are_bounded_as_those_of_the_reader() -> None:
    for levels, flaws in ((MAX_LEVELS, 0), (MAX_LEVELS + 1, 1)):
        assert len(parse(b'{"a":' * levels + b"1" + b"}" * levels).flaws) == flaws
        row = b'{"a":1,"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"
        assert told(parse(row).flaws)[0] == (AGAIN, "/a", 8)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (b"[" * 3_000_000, (BROKEN, "", 1025)),
        (b'{"a":' * 1_000_000, (BROKEN, "", 5121)),
        (b" " * 3_000_000 + b"x", (BROKEN, "", 3_000_001)),
        (b'{"a":"' + b"\\n" * 1_500_000, (BROKEN, "", 3_000_007)),
        (b'{"a":' + b"1" * 3_000_000 + b"}", (HUGE, "/a", 6)),
        (b'{"a":1e' + b"1" * 3_000_000 + b"}", (HUGE, "/a", 6)),
        (b'{"a":"' + b"\\u0022" * 500_000 + b'","a":0}', (AGAIN, "/a", 3_000_009)),
        (b'{"a":[' + b"0," * 100_000 + b'0],"a":0}', (AGAIN, "/a", 200_010)),
        (
            b'{"' + b"k" * 1_500_000 + b'":1,"' + b"k" * 1_500_000 + b'":1}',
            (AGAIN, "/…", 1_500_007),
        ),
    ],
    ids=[
        "lists",
        "objects",
        "blanks",
        "escapes",
        "integer",
        "exponent",
        "quotes",
        "values",
        "keys",
    ],
)
def test_long_rows(row: bytes, expected: Told) -> None:
    assert told(parse(row).flaws) == [expected]


@pytest.mark.parametrize("part", [b"NaN,", b'{"a":0,"a":0},', b'"\\ud83d",', b"1e999,"])
def test_many_flaws_are_bounded(part: bytes) -> None:
    flaws = parse(b'{"a":[' + part * 300_000 + b"0]}").flaws
    assert len(flaws) == MAX_FLAWS
    assert flaws[-1].pointer.startswith(f"/a/{MAX_FLAWS - 1}")


def test_a_flaw_behind_too_many_others_is_told_as_the_reader_tells_it() -> None:
    """What keeps a row from being read is told, though the scan did not come so far."""
    row = b'{"a":[' + b'{"a":0,"a":0},' * MAX_FLAWS + b"x]}"
    *_, last = parse(row).flaws
    assert (last.rule, last.column) == (BROKEN, 7 + 14 * MAX_FLAWS)
    assert load(row) == last


# Against other readers of JSON

STRINGS = st.lists(
    st.sampled_from(
        [
            *("a", "b", ":", ",", " ", "{", "é", "😀", "\\n", '\\"', "\\\\", "\\/", "\\u0061"),
            *("\\u0022", "\\u003A", "\\u005c", "\\ud83d\\ude00", "\\ud83d", "\\ude00", "NaN"),
        ]
    ),
    max_size=3,
).map(lambda parts: f'"{"".join(parts)}"')
SCALARS = st.sampled_from(
    [
        *("1", "-0", "0.5", "1e5", "1E400", "-1e19", "9223372036854775808", "true", "null"),
        *("18446744073709551615", "18446744073709551616", "-9223372036854775809", "9" * 308),
        *("9" * 310, "NaN", "Infinity", "-Infinity"),
    ]
)
BLANKS = st.sampled_from(["", "", "", " ", "  ", "\t", "\r\n "])


def joined(parts: list[str], brackets: str, blank: str) -> str:
    return f"{brackets[0]}{f'{blank},{blank}'.join(parts)}{blank}{brackets[1]}"


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.builds("{0}{2}:{2}{1}".format, STRINGS, values, BLANKS)
    return st.builds(joined, st.lists(pairs, max_size=4), st.just("{}"), BLANKS)


VALUES = st.recursive(
    STRINGS | SCALARS,
    lambda inner: (
        st.builds(joined, st.lists(inner, max_size=3), st.just("[]"), BLANKS) | objects(inner)
    ),
    max_leaves=6,
)
ROWS = objects(VALUES)


def counted(row: str) -> Counter[str]:
    """What is wrong with a row that is JSON by and large, as the reader of Python finds it."""
    found: Counter[str] = Counter()

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        found[AGAIN] += len(items) - len(dict(items))
        for key, value in items:
            strings(key)
            strings(value)
        return dict(items)

    def strings(value: object) -> None:
        if isinstance(value, str):
            found[HALF] += sum("\ud800" <= char <= "\udfff" for char in value)
        elif isinstance(value, list):
            for inner in value:
                strings(inner)

    def constant(word: str) -> None:
        found[INFINITE] += 1

    def integer(digits: str) -> int:
        number = int(digits)
        found[HUGE] += not -(2**63) <= number < 2**64
        return number

    def real(digits: str) -> float:
        found[HUGE] += math.isinf(float(digits))
        return float(digits)

    json.loads(
        row,
        object_pairs_hook=pairs,
        parse_constant=constant,
        parse_int=integer,
        parse_float=real,
    )
    return +found


@settings(max_examples=1000)
@given(ROWS)
def test_a_reader_with_hooks_finds_the_same(row: str) -> None:
    """The screen that spares most rows the scan misses nothing, and the scan finds no more."""
    parsed = parse(row.encode())
    assert Counter(flaw.rule for flaw in parsed.flaws) == counted(row)
    if parsed.row is not None:
        assert parsed.row == orjson.loads(row)


@settings(max_examples=1000)
@given(ROWS | VALUES, st.data())
def test_broken_rows_are_those_that_others_do_not_read(row: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 2))):
        start = data.draw(st.integers(0, len(row)))
        end = data.draw(st.integers(start, min(start + 3, len(row))))
        row = row[:start] + data.draw(st.sampled_from(["", *'{}[],:"\\ \x01x1-.eN'])) + row[end:]
    flaws = parse(row.encode()).flaws
    assert any(flaw.rule == BROKEN for flaw in flaws) is not reads(json.loads, row)
    assert any(flaw.fatal for flaw in flaws) is not reads(read_object, row)
    for flaw in flaws:
        assert 1 <= flaw.column <= len(row) + 1


def read_object(row: str) -> None:
    if not isinstance(orjson.loads(row), dict):
        raise TypeError


def reads(reader: Callable[[str], object], row: str) -> bool:
    try:
        reader(row)
    except (ValueError, TypeError):
        return False
    return True


@given(st.binary(max_size=30))
def test_any_bytes(raw: bytes) -> None:
    parsed = parse(raw)
    assert (parsed.row is None) is any(flaw.fatal for flaw in parsed.flaws)


def test_kinds_have_the_names_of_json() -> None:
    values = [None, True, 1, 2.5, "x", [], {}]
    assert list(map(kind, values)) == [
        *("null", "true or false", "a number", "a number", "a string", "a list", "an object"),
    ]
