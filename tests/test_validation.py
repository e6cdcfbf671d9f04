"""Two validators of one mind: what the fast one lets pass, the reference does too."""

from __future__ import annotations

import copy
import json
import math
import pickle
import random
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import jsonschema
import jsonschema_rs
import orjson
import pytest

import phusa_schema
from made_up import RECORDS, record
from phusa.release.validation import MAX_VIOLATIONS, Violation, problems, violations

ARTICLE, MANIFEST = "article-1.0.0", "manifest-1.0.0"
REFERENCES = {
    name: jsonschema.Draft202012Validator(phusa_schema.load(name)) for name in phusa_schema.names()
}
DIGEST = "0123456789abcdef" * 4
FILE = {"path": "data/a.parquet", "bytes": 7, "sha256": DIGEST, "rows": None}
VALID: dict[str, dict[str, Any]] = {
    # one place and one date of each kind: more say the same again
    ARTICLE: RECORDS[41] | {"text": "Một câu.", "publisher": {"name": "UBND", "locality": None}},
    MANIFEST: {
        "format": MANIFEST,
        "name": "tin",
        "version": "1.2.0",
        "schema": ARTICLE,
        "phusa": "0.1.0",
        "license": None,
        "content_id": DIGEST,
        "rows": 3,
        "splits": {"train": 3},
        "previous": {"version": "1.1.0", "content_id": DIGEST},
        "personal_data_limit": 0,
        "recipe_sha256": DIGEST,
        "sources_sha256": DIGEST,
        "files": [FILE, FILE | {"rows": 3}],
        "audit": [],
        "statistics": {
            name: 3 if "count" in str(part["$ref"]).split("/") else {"vi": 3}
            for name, part in phusa_schema.load(MANIFEST)["properties"]["statistics"][
                "properties"
            ].items()
        },
    },
}


def test_they_agree_on_what_is_valid() -> None:
    for name, value in VALID.items():
        assert REFERENCES[name].is_valid(value)
        assert violations(value, name) == []
    for row in (record(1), record(2, bare=True)):
        assert REFERENCES[ARTICLE].is_valid(row)
        assert violations(row) == []


# Mutations

LARGEST = 2**53 - 1
NUMBERS: list[object] = [
    *(0, -0.0, 1, 1.0, -1, 0.5, 5e-324, -5e-324, 1 + 2**-52),
    *(LARGEST, LARGEST + 1, float(LARGEST), float(LARGEST + 1)),
    *(2**63, 2**64 - 1, -(2**63), 1e16, 1e300),
]
WRONG: list[object] = [
    *(None, True, False, "", "x", "1", [], {}, [None], [[]], {"": None}),
    *NUMBERS,
    *(["x", 1], {"level": "ward"}, [{}], "x" * 201, "ạ" * 200, "😀" * 201),
]
NO_JSON: list[object] = [2**64, 2**70, -(2**63) - 1, "a\ud83d", {"\ude00": 1}, {1: 2}, b"a", {1}]
NOT_FINITE = [math.nan, math.inf, -math.inf, 1e400]

TWISTS: list[Callable[[str], str]] = [
    *(lambda s: s + "\n", lambda s: "\n" + s, lambda s: s + "\r\n", lambda s: s + "\r"),
    *(lambda s: s + "\x85", lambda s: s + "\u2028", lambda s: s + " ", lambda s: " " + s),
    *(lambda s: s + "\0", lambda s: s[:-1], lambda s: s[1:], lambda s: s * 2, lambda s: s[::-1]),
    lambda s: s + "-abcdefgh" * 4,
    *(str.upper, str.lower, str.swapcase, lambda s: s + "\u0301", lambda s: s + "\n\n"),
    lambda s: re.sub(r"[0-9]", lambda digit: chr(0xFF10 + int(digit[0])), s, count=1),
    lambda s: re.sub(r"[0-9]", lambda digit: chr(0x0660 + int(digit[0])), s),
    lambda s: re.sub(r"[A-Za-z]", "é", s, count=1),
    lambda s: re.sub(r"[A-Za-z]", "\u017f", s, count=1),  # ſ, an s where case is ignored
    lambda s: re.sub(r"[A-Za-z]", "\u212a", s),  # the sign of the kelvin, a k where it is ignored
    lambda s: s.replace("-", "\u2010", 1),
    lambda s: s.replace("-", "", 1),
    lambda s: s.replace(":", "：", 1),
    lambda s: re.sub(r"[0-9]", "9", s),
    lambda s: re.sub(r"[0-9]", "0", s),
    lambda s: f"{s[:3]}\n{s[3:]}",
]
KEYS = ["", " ", "x", "\n", "~", "/", "текст", "e\u0301", "0", "$ref", "type", "id\n", "ID"]


def places(value: object) -> Iterator[tuple[Any, Any]]:
    """Every object or list within a value, each with every key or index of it."""
    items: Any = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for inner, part in items:
        yield value, inner
        yield from places(part)


def mutated(valid: dict[str, Any], number: int, change: Callable[[Any, Any], object]) -> object:
    """A copy of a value in which something is done at one of its places."""
    value = pickle.loads(pickle.dumps(valid))  # several times as fast as deepcopy
    change(*next(islice(places(value), number, None)))
    return value


def single(valid: dict[str, Any]) -> Iterator[object]:
    """Every value with one thing done to it."""
    for number, (place, key) in enumerate(places(valid)):
        old = place[key]
        new = [*WRONG, *NOT_FINITE, *NO_JSON, [old], {"a": old}, nested(old, 100), nested(old, 300)]
        if isinstance(old, str):
            new += [twist(old) for twist in TWISTS]
        elif isinstance(old, (int, float)):
            new += [float(old), int(old), bool(old), str(old), old + 1, old - 1, -old]
        elif isinstance(old, list):
            new += [old * 2, [*old, None], tuple(old)]
        elif isinstance(old, dict):
            new += [old | {added: 1} for added in KEYS]
            new += [{**old, key: None} for key in old]
        for value in new:
            yield mutated(valid, number, lambda at, key, value=value: at.__setitem__(key, value))
        yield mutated(valid, number, lambda at, key: at.__delitem__(key))


def nested(value: object, levels: int) -> object:
    for _ in range(levels):
        value = [value]
    return value


def several(valid: dict[str, Any], rng: random.Random) -> object:
    """A value with a few things done to it."""
    value: Any = copy.deepcopy(valid)
    for _ in range(rng.randint(2, 4)):
        place, key = rng.choice(list(places(value)) or [(value, "x")])
        old = place[key] if isinstance(place, list) else place.get(key)
        match rng.randrange(4):
            case 0:
                del place[key]
            case 1 if isinstance(place, dict):
                place[rng.choice(KEYS)] = copy.deepcopy(old)
            case 2 if isinstance(old, str):
                place[key] = rng.choice(TWISTS)(old)
            case _:
                place[key] = copy.deepcopy(rng.choice([*WRONG, *NOT_FINITE]))
    return value


def agree(value: object, name: str) -> bool | None:
    """The verdict on a value, which must be that of the reference; None where it is no JSON."""
    found = violations(value, name)
    try:
        as_json = orjson.loads(orjson.dumps(value))
    except orjson.JSONEncodeError:
        ((pointer, message),) = found
        assert pointer == ""
        assert message.startswith("not JSON: ")
        return None
    assert (not found) is REFERENCES[name].is_valid(as_json), value
    return not found


@pytest.mark.parametrize("name", VALID)
def test_they_agree_on_one_thing_changed(name: str) -> None:
    verdicts = [agree(value, name) for value in single(VALID[name])]
    assert len(verdicts) > 4000
    assert min(verdicts.count(verdict) for verdict in (True, False, None)) > 300


@pytest.mark.parametrize("name", VALID)
def test_they_agree_on_several_things_changed(name: str) -> None:
    rng = random.Random(7)
    for _ in range(600):
        agree(several(VALID[name], rng), name)


@pytest.mark.parametrize("value", [*WRONG, *NOT_FINITE, *NO_JSON], ids=repr)
def test_they_agree_on_what_is_no_record_at_all(value: object) -> None:
    for name in VALID:
        assert not agree(value, name)


# What the schemas may say for the two to agree


def parts(node: object) -> Iterator[dict[str, Any]]:
    """Every schema within a schema."""
    if isinstance(node, dict):
        yield node
        for key, inner in node.items():
            if key in ("properties", "$defs"):
                for part in inner.values():
                    yield from parts(part)
            else:
                yield from parts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from parts(inner)


KEYWORDS = {
    *("$schema", "$id", "$ref", "$defs", "title", "description", "type", "properties", "required"),
    *("additionalProperties", "items", "minLength", "maxLength", "pattern", "minimum", "maximum"),
    *("enum", "const", "allOf", "if", "then"),
}
"""Of those that both read alike; `format`, `multipleOf`, `uniqueItems` are not among them."""
PATTERNS = sorted(
    {p["pattern"] for name in VALID for p in parts(phusa_schema.load(name)) if "pattern" in p}
)


@pytest.mark.parametrize("name", phusa_schema.names())
def test_schemas_say_only_what_both_read_alike(name: str) -> None:
    assert name in VALID
    for part in parts(phusa_schema.load(name)):
        assert part.keys() <= KEYWORDS
        assert not (isinstance(part.get("type"), str) and part["type"] not in TYPES)
        ends = part.get("pattern", "(?!\n)$")
        # else Python lets a line end pass after what the pattern asks for
        assert ends.endswith("(?!\n)$") or (ends.endswith("$") and "maxLength" in part)
        assert all(isinstance(value, str) for value in part.get("enum", ()))


TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_plain(pattern: str) -> None:
    """No classes that depend on the alphabet, no dots, nothing that one engine has of its own."""
    plain = pattern.removeprefix("^").removesuffix("$").removesuffix("(?!\n)")
    assert pattern.startswith("^")
    assert not re.search(r"\\|\.(?!\])|\(\?|\^|\$", plain)


EXAMPLES = [
    *("2020-06-18T16:47:50+07:00", "2020-06-18T16:47:50Z", "2020-06-18T16:47", "2020-06-18"),
    *("2020-06", "2020", "vi-Latn-VN", "vi", "VN", "MET301", DIGEST, "1.12.0", ARTICLE),
]
CHARS = [*"09aFzZ-:.+T\n\r \0_", "０", "٣", "é", "ſ", "K", "ạ", "\u2028", "\x85", "😀", "\u0301"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_mean_the_same_to_both(pattern: str) -> None:
    """But for `$`, which lets a line end pass in Python, and is never the only bound there."""
    fast = jsonschema_rs.Draft202012Validator({"pattern": pattern.replace("(?!\n)$", "$")})
    rng = random.Random(11)
    verdicts = []
    for _ in range(3000):
        text = list(rng.choice(EXAMPLES))
        for _ in range(rng.randrange(3)):
            at = rng.randrange(len(text) + 1)
            text[at : at + rng.randrange(2)] = rng.choices(CHARS, k=rng.randrange(3))
        value = "".join(text)
        verdict = fast.is_valid(value)
        at_the_end = pattern.removesuffix("(?!\n)$").removesuffix("$") + r"\Z"
        assert verdict is bool(re.search(at_the_end, value)), value
        if "(?!" in pattern:
            assert verdict is bool(re.search(pattern, value)), value
        verdicts.append(verdict)
    assert min(verdicts.count(True), verdicts.count(False)) > 30


# What is told


def test_violations_are_told_with_pointers() -> None:
    row = VALID[ARTICLE] | {"title": 5, "captions": ["x", "", 7]}
    del row["lead"]
    assert violations(row) == [
        Violation("", "'lead' is a required property"),
        Violation("/captions/1", "'' should be non-empty"),
        Violation("/captions/2", "7 is not of type 'string'"),
        Violation("/title", "5 is not of type 'string', 'null'"),
    ]
    assert problems(row) == list(map(str, violations(row)))
    assert problems(row)[-1] == "/title: 5 is not of type 'string', 'null'"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (VALID[ARTICLE] | {"id": "ạ" * 5000}, ARTICLE),
        (VALID[ARTICLE] | {"captions": {"x" * 5000: "y" * 5000}}, ARTICLE),
        (VALID[ARTICLE] | {"x" * 5000: 1}, ARTICLE),
        (VALID[MANIFEST] | {"splits": {"~/" * 5000: -1}}, MANIFEST),
    ],
)
def test_what_is_told_is_short(value: object, name: str) -> None:
    ((pointer, message),) = found = violations(value, name)
    assert len(pointer) <= 200
    assert len(message) <= 200
    assert len(str(found[0])) <= 200


def test_what_is_told_is_bounded() -> None:
    assert len(violations(VALID[ARTICLE] | {"captions": [None] * 50_000})) == MAX_VIOLATIONS


def test_a_record_of_a_row_is_judged_as_its_json() -> None:
    """1.0 is an integer, true is none; a number beyond 64 bits is the double that it became."""
    texts = {"1.0": True, "true": False, "1e2": True, "-0": True, "-0.0": True, "1e400": None}
    texts |= {"9007199254740991": True, "9007199254740992": False, "18446744073709551616": False}
    for text, verdict in texts.items():
        row = VALID[ARTICLE] | {"counts": VALID[ARTICLE]["counts"] | {"chars": "HERE"}}
        raw = json.dumps(row).replace('"HERE"', text)
        if verdict is None:
            with pytest.raises(orjson.JSONDecodeError):
                orjson.loads(raw)
        else:
            assert agree(orjson.loads(raw), ARTICLE) is verdict
