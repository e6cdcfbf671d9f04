"""The schemas, and the two validators that must be of one mind about them."""

import copy
from collections.abc import Iterator
from datetime import date

import jsonschema
import jsonschema_rs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import phusa_schema
from phusa.facts import Language, Published
from phusa.page import Article, RawDocument
from phusa.quality.signals import signals
from phusa.release.statistics import Statistics
from phusa.release.tables import columns, documented
from phusa.release.validation import problems

SCHEMA = phusa_schema.load("article-1.0.0")
REFERENCE = jsonschema.Draft202012Validator(SCHEMA)
FAST = jsonschema_rs.Draft202012Validator(SCHEMA)

UNIT = {"level": "ward", "code": "10546", "name": "Phường An Lưu"}
LOCALITY = {
    "country": "VN",
    "as_named": "An Lưu, Kinh Môn",
    "precision": "ward",
    "then": [UNIT],
    "now": [
        UNIT | {"part": True},
        {"level": "province", "code": None, "name": "Hải Phòng", "part": False},
    ],
    "as_of": "2025-07-01",
    "evidence": "Phường An Lưu (Thị xã Kinh Môn, Hải Dương)",
    "rule": "MET301",
}


def article() -> Article:
    page = "Tiêu đề\n\nMột câu đầu.\n\nThân bài.\n\nẢnh: trụ sở."
    return Article(
        RawDocument("a/1", page, path="a.jsonl#1", site="a.vn", extra={"x": 1}),
        page,
        title_span=(0, 7),
        lead_span=(9, 21),
        body_spans=((9, 21), (23, 32)),
        caption_spans=((34, 47),),
        authors=("Nguyễn Văn A",),
        published=Published("2020-06-18T16:47:50", "second", "2020-06-18 16:47:50", "MET101"),
        language=Language("vi", 0.99),
        quality=signals("Một câu đầu.\n\nThân bài.", len(page)),
    )


BARE = article().record() | {"title": None, "lead": None, "published": None, "language": None}
FULL = article().record() | {
    "modified": Published("2020-06-19", "day", "cập nhật 19/6/2020", "MET104").record(),
    "locality": LOCALITY,
    "publisher": {"name": "UBND phường An Lưu", "locality": LOCALITY},
}


def objects(node: object) -> Iterator[dict]:
    """Every schema of an object with named fields within a schema."""
    if isinstance(node, dict):
        if "additionalProperties" in node and "properties" in node:
            yield node
        for part in node.values():
            yield from objects(part)
    elif isinstance(node, list):
        for part in node:
            yield from objects(part)


@pytest.mark.parametrize("name", phusa_schema.names())
def test_schemas_are_closed_complete_and_described(name):
    schema = phusa_schema.load(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(name)
    for node in [schema, *objects(schema)]:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
        assert all(part["description"].endswith(".") for part in node["properties"].values())


def test_unknown_schemas_are_told_from_known_ones():
    with pytest.raises(LookupError, match=r"article-1\.0\.0, manifest-1\.0\.0"):
        phusa_schema.load("../secrets")


def test_an_article_makes_a_record_of_the_schema():
    record = article().record()
    assert problems(record) == []
    assert list(record) == list(SCHEMA["properties"])
    for name, field in documented(columns(SCHEMA)):
        if field.kind == "object" and not field.many and (part := record.get(name)):
            assert list(part) == [inner.name for inner in field.fields]


def test_the_manifest_knows_every_statistic():
    schema = phusa_schema.load("manifest-1.0.0")["properties"]["statistics"]
    assert sorted(schema["properties"]) == list(Statistics().as_json())


# A value at a pointer, and what is said of it; None where it is fine.
CASES = [
    ("/published/value", 5, "/published/value: 5 is not of type 'string'"),
    ("/published/value", "2020-06-18T16:47:50+07:00", None),
    ("/published/value", "2020-06-18T16:47:50\n", "/published/value: '2020-06-18T16:47:50\\n' "),
    ("/published/precision", "month", "/published/value: '2020-06-18T16:47:50' does not match"),
    ("/published/precision", "week", "/published/precision: 'week' is not one of ['second',"),
    (
        "/published/rule",
        "MET１01",
        "/published/rule: 'MET１01' does not match '^[A-Z]{3}[0-9]{3}$'",
    ),
    ("/language/code", "vi-VN", None),
    ("/language/code", "tiếng Việt", "/language/code: 'tiếng Việt' does not match"),
    ("/language/confidence", 1, None),
    ("/language/confidence", True, "/language/confidence: True is not of type 'number'"),
    ("/quality/kept_share", float("nan"), "/quality/kept_share: None is not of type 'number'"),
    ("/quality/kept_share", 1.01, "/quality/kept_share: 1.01 is greater than the maximum of 1"),
    ("/counts/chars", 2**70, "not JSON: Integer exceeds 64-bit range"),
    ("/counts/chars", -1, "/counts/chars: -1 is less than the minimum of 0"),
    ("/title", "", "/title: '' should be non-empty"),
    ("/title", None, None),
    ("/text", "a\ud800", "not JSON: str is not valid UTF-8"),
    ("/url", date(2020, 6, 18), None),
    ("/text", b"a", "not JSON: Type is not JSON serializable: bytes"),
    ("/captions/0", None, "/captions/0: None is not of type 'string'"),
    ("/publisher/name", [], "/publisher/name: [] is not of type 'string'"),
    ("/publisher/locality", None, None),
    ("/id", "x" * 201, f"/id: '{'x' * 114} … {'x' * 64}' is too long"),
    ("/extra", 1, "Additional properties are not allowed ('extra' was unexpected)"),
    ("/source/~", 1, "/source: Additional properties are not allowed ('~' was unexpected)"),
]


def changed(record: dict, pointer: str, value: object) -> dict:
    record = copy.deepcopy(record)
    *parents, last = pointer.split("/")[1:]
    place = record
    for key in parents:
        place = place[int(key) if isinstance(place, list) else key]
    place[int(last) if isinstance(place, list) else last] = value
    return record


@pytest.mark.parametrize(("pointer", "value", "message"), CASES)
def test_what_is_wrong_is_said_where_it_is(pointer, value, message):
    assert problems(FULL) == problems(BARE) == []
    found = problems(changed(FULL, pointer, value))
    assert all(message and line.startswith(message) and len(line) <= 200 for line in found)
    assert len(found) == (message is not None)


def test_all_violations_are_told_in_one_order():
    record = {key: value for key, value in reversed(FULL.items()) if key not in ("url", "lead")}
    record["counts"] = {"words": "1", "chars": -1}
    assert problems(record) == [
        "'lead' is a required property",
        "'url' is a required property",
        "/counts/chars: -1 is less than the minimum of 0",
        "/counts/words: '1' is not of type 'integer'",
        "/counts: 'lines_kept' is a required property",
        "/counts: 'lines_removed' is a required property",
    ]


def pointers(value: object, at: str = "") -> Iterator[str]:
    if at:
        yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inner:
        yield f"{at}/{key}"
        if isinstance(part, dict | list):
            yield from pointers(part, f"{at}/{key}")


POINTERS = sorted(set(pointers(FULL)))
ODD = [
    *(None, True, False, 0, 1, -1, 5.0, 0.5, 1e-300, 1e300, -0.0, 2**53, 2**53 - 1, 2**63 - 1),
    *("", " ", "\n", "x", "ạ", "é", "😀", "0" * 64, "A" * 64, "a" * 64 + "\n", "VN", "VN\n", "vn"),
    *("2020", "2020\n", "２０２０", "2020-02", "2020-13", "2020-02-31", "2020-02-01\n", "2020-2-1"),
    *("2020-02-01T10:00", "2020-02-01T10:00Z", "2020-02-01T24:00", "2020-02-01T10:00:61"),
    *("MET101", "MET101\n", "met101", "ÉET101", "vi", "vi\n", "vi-Latn-VN", "v", "second", "ward"),
    *([], {}, [None], [[]], {"level": "ward"}, [{}], ["x"], [UNIT], LOCALITY, "x" * 200, "ạ" * 201),
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=5)
    | st.sampled_from(ODD),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


def agree(record: object) -> bool:
    verdict = REFERENCE.is_valid(record)
    assert FAST.is_valid(record) is verdict
    assert (problems(record) == []) is verdict
    return verdict


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_both_validators_agree_on_odd_values_everywhere(value):
    assert agree(FULL)
    for pointer in POINTERS:
        agree(changed(FULL, pointer, value))
    agree(value)


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_both_validators_agree_on_mutated_records(data):
    record = copy.deepcopy(data.draw(st.sampled_from([FULL, BARE])))
    for _ in range(data.draw(st.integers(1, 3))):
        place = record
        while True:
            inner = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not inner:
                break
            key = data.draw(st.sampled_from(inner))
            if isinstance(place[key], dict | list) and data.draw(st.booleans()):
                place = place[key]
                continue
            match data.draw(st.sampled_from(["change", "change", "newline", "drop", "add"])):
                case "drop":
                    del place[key]
                case "add" if isinstance(place, dict):
                    place[data.draw(st.text(st.characters(codec="utf-8"), max_size=3))] = 1
                case "newline" if isinstance(place[key], str):
                    place[key] += "\n"
                case _:
                    # a copy: later changes must not reach the samples that all examples share
                    place[key] = copy.deepcopy(data.draw(JSON))
            break
    agree(orjson.loads(orjson.dumps(record)))
