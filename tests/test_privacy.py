"""Personal data in a text: found, told of without being repeated, replaced; for every text.

All numbers and addresses are invented.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages import ANY
from phusa import languages
from phusa.findings import Selection
from phusa.page import Article, RawDocument, restore
from phusa.pipeline import clean
from phusa.quality import privacy
from phusa.recipe import REDACTED, Cleaning

CASES = Path(__file__).parent / "cases" / "privacy"
CODES = [rule.code for rule in privacy.RULES]


def cases() -> list[Any]:
    """The cases as parameters, known failures marked."""
    found = []
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            failing = pytest.mark.xfail(strict=True, reason=case.get("why", ""))
            marks = failing if case.get("expect") == "fail" else ()
            found.append(pytest.param(case, marks=marks, id=f"{path.stem}: {case['input'][:40]!a}"))
    return found


def cleaned(page: str, cleaning: Cleaning | None = None, **beside: Any) -> Article:
    return clean(RawDocument("x", page, **beside), cleaning)


# -- pieces of a text


@pytest.mark.parametrize("case", cases())
def test_pieces(case: dict[str, Any]) -> None:
    text = case["input"]
    found = [[piece.rule, text[piece.start : piece.end]] for piece in privacy.pieces(text)]
    assert found == case["found"]


def test_the_cases_are_enough() -> None:
    known = [param.values[0] for param in cases()]
    assert len(known) >= 200
    assert all(case["source"] for case in known)
    rules = Counter(rule for case in known for rule, _ in case["found"])
    assert sorted(rules) == CODES
    assert min(rules.values()) >= 15
    assert sum(not case["found"] for case in known) >= 70


def test_most_of_the_cases_hold() -> None:
    """Known failures included: how much is found, and how much of what is found is right."""
    right = missed = wrong = 0
    for param in cases():
        case = param.values[0]
        text = case["input"]
        found = Counter((f.rule, text[f.start : f.end]) for f in privacy.pieces(text))
        wanted = Counter(map(tuple, case["found"]))
        right += (found & wanted).total()
        missed += (wanted - found).total()
        wrong += (found - wanted).total()
    assert right / (right + wrong) > 0.98
    assert right / (right + missed) > 0.92


def test_what_is_told_does_not_repeat_it() -> None:
    for param in cases():
        text = param.values[0]["input"]
        for piece in privacy.pieces(text):
            value = text[piece.start : piece.end]
            digits = sum(map(str.isdigit, value))
            shown = f", {digits} digits" if piece.rule != "PII101" else ""
            name = piece.message.removesuffix(shown)
            names = {"e-mail address", "phone number", "identity number", "bank account"}
            assert name in names
            assert piece.replacement is None


def test_words_of_the_packs_are_in_small_letters_and_say_one_thing() -> None:
    words = languages.privacy()
    for word in (*words.before, *words.between, *words.units):
        assert word == word.lower().strip(), word
    kinds = {"phone", "account", "maybe_account", "identity", "passport", "other"}
    assert set(words.before.values()) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "1" * 2_000_000,
        "@" * 2_000_000,
        "a@" * 1_000_000,
        "0 " * 1_000_000,
        "12 " * 400_000,
        ".-" * 1_000_000,
        "+1" * 1_000_000,
        "(" * 2_000_000,
        "a" * 1_000_000 + "@" + "a." * 500_000,
        "IBAN " + "DE89" * 500_000,
        "<PHONE" * 300_000,
        "STK " + "<ACCOUNT> 1 " * 100_000,
        "0912345678 " * 50_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_lines_take_time_by_their_length(text: str) -> None:
    privacy.pieces(text)


# -- for every page

LONG = "Phường mở lớp dạy nghề miễn phí cho người lao động ở các khu dân cư trên địa bàn. " * 3
PARTS = (
    "ĐT Tel. STK số#tài#khoản tài#khoản TK CCCD CMND#số hộ#chiếu giá mã#số IBAN call zalo.me BHXH "
    "0912345678 0912#345#678 0912.345.678 38261234 3826#1234 024#3826#1234 (024)#3826.1234 +84 84 "
    "(0) 912345678 001200012345 012345678 0123456789 0123#4567#8901 12 5 2019 09-12-2019 08:30 "
    "1900#1234 12.990.000 212-555-0123 +1 44#20#7946#0123 DE89#3704#0044#0532#0130#00 B1234567 "
    "lan@a.vn A.B@X.VN a @ b.vn [at] <PHONE> <EMAIL> <ID> <ACCOUNT> x đồng người QĐ Hùng số html"
)
SIGNS = (" ", "  ", " - ", "-", ".", ". ", ", ", ",", "/", ": ", ":", "", "(", ")", "\n", "\n\n")
PERSONAL = st.lists(
    st.one_of(
        st.sampled_from([part.replace("#", " ") for part in PARTS.split(" ")]),
        st.sampled_from(SIGNS),
        st.sampled_from((*"+_=#$%–", "\xa0", LONG, "Trang chủ\n", "Đang truy cập: 1\n")),
    ),
    max_size=30,
).map("".join)
TEXTS = st.one_of(PERSONAL, ANY)
SOME = st.lists(st.sampled_from(REDACTED), min_size=1, unique=True).map(tuple)


@settings(max_examples=300)
@given(TEXTS)
def test_pieces_are_in_order_and_apart(text: str) -> None:
    done = 0
    for piece in privacy.pieces(text):
        assert done <= piece.start < piece.end <= len(text)
        assert "\n" not in text[piece.start : piece.end]
        done = piece.end


@settings(max_examples=300)
@given(PERSONAL)
def test_lines_are_looked_at_alone(text: str) -> None:
    alone = [f.message for line in text.split("\n") for f in privacy.pieces(line)]
    assert [f.message for f in privacy.pieces(text)] == alone


@settings(max_examples=300)
@given(TEXTS, SOME)
def test_redacting_twice_is_redacting_once(text: str, kinds: tuple[str, ...]) -> None:
    once = privacy.redacted(text, kinds)
    assert privacy.redacted(once, kinds) == once
    assert privacy.redactions(once, kinds) == []


@settings(max_examples=300)
@given(TEXTS, SOME)
def test_redaction_can_be_undone_and_is_done_once(text: str, kinds: tuple[str, ...]) -> None:
    cleaning = Cleaning(redact=kinds)
    article = cleaned(text, cleaning)
    assert restore(article) == text
    assert privacy.redactions(article.page, kinds) == []
    again = cleaned(article.page, cleaning)
    assert (again.page, again.log) == (article.page, ())
    assert cleaned(article.text, cleaning).text == article.text


@settings(max_examples=300)
@given(TEXTS, PERSONAL, st.one_of(st.just(()), SOME), st.lists(st.sampled_from(CODES), max_size=2))
def test_counts_are_those_of_the_record(
    text: str, beside: str, kinds: tuple[str, ...], ignored: list[str]
) -> None:
    extra = {"a": [beside], beside: {"b": beside}}
    article = cleaned(text, Cleaning(redact=kinds, ignore=tuple(ignored)), extra=extra)
    record = article.record()
    on = Selection(ignore=tuple(ignored))
    page = [record["title"] or "", record["text"], *record["captions"]]
    found = [piece for part in page for piece in privacy.pieces(part)]
    flags = [flag.rule for flag in article.flags if flag.rule in CODES]
    assert sorted(flags) == sorted(piece.rule for piece in found if piece.rule in on)
    if article.is_article:
        more = [*record["authors"], *strings(json.loads(record["source"]["extra"]))]
        more += evidence(record)
        found += [piece for part in more for piece in privacy.pieces(part)]
    assert article.personal_data == privacy.counts(found)
    assert all(not record["personal_data"][kind] for kind in kinds)


def strings(value: Any) -> Iterator[str]:
    """The names and strings of a JSON value."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, str):
        yield value
    for one in value if isinstance(value, list) else ():
        yield from strings(one)


def evidence(record: dict[str, Any]) -> list[str]:
    """What the facts of a record were read from."""
    publisher = record["publisher"] or {}
    facts = (record["published"], record["modified"], record["locality"], publisher.get("locality"))
    return [fact["evidence"] for fact in facts if fact]
