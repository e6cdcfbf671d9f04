"""Legacy Vietnamese encodings: tables against independent ones, and round trips of documents.

The documents are the seeds, and Vietnamese messages of installed packages, twenty at a time. Each
is written by an encoder that knows nothing of phusa (`legacy_encoders`), and must come back as what
`phusa.repair` makes of the document itself: as bytes, and as those bytes read by Latin-1 and by
Windows-1252. The marks are shares of documents that come back to the last character.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import islice, zip_longest
from pathlib import Path

import pytest

import phusa
import translations
from legacy_encoders import LETTERS, SURFACES, encoders, viqr, viqr_writable
from phusa import pipeline
from phusa.page import RawDocument
from phusa.repairs.legacy.tables import encodings

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
LINES = 20
"""Messages of a document."""
STEP = 8
"""Messages from the start of a document to that of the next."""
LEGACY_SHARE = 0.4
"""Lines of a half-legacy document that are in the old encoding."""

MARKS = {
    "TCVN3": 0.99,
    "VNI": 0.99,
    "Windows-1258": 0.99,
    "Windows-1258, composed": 0.99,
    "BK HCM2": 0.99,
    "VISCII": 0.95,
    "VPS": 0.95,
}
"""Share of documents that must come back exactly."""
WAYS = ("as bytes", *SURFACES)
BY_LINE = ("TCVN3", "VNI", "Windows-1258", "Windows-1258, composed", "BK HCM2")
"""Encodings that are told by a line; the others need a document."""


@cache
def documents() -> tuple[str, ...]:
    """Vietnamese documents: the seeds, and messages of three words or more, twenty at a time."""
    catalogue = translations.clean_catalogues()[0]["vi"]
    messages = [message for message in catalogue if len(message.split()) >= 3]
    starts = range(0, len(messages) - LINES + 1, STEP)
    windows = ("\n".join(messages[start : start + LINES]) for start in starts)
    return (*(path.read_text("utf-8") for path in SEEDS), *windows)


def repaired(content: bytes | str) -> str:
    """What decoding and the repair stages make of a document."""
    return pipeline.repaired(RawDocument("x", content)).text


def legacy(content: bytes, way: str) -> bytes | str:
    """A document in the form in which it reaches phusa."""
    return content if way == "as bytes" else SURFACES[way](content)


@cache
def expected(text: str) -> str:
    return phusa.repair(text).text


def round_trips(name: str, way: str) -> Iterator[tuple[str, str]]:
    """What should come back of each document, and what does."""
    encoder = encoders()[name]
    for document in documents():
        text = encoder.writable(document)
        yield expected(text), repaired(legacy(encoder.encode(text), way))


def share(pairs: list[tuple[str, str]]) -> float:
    return sum(wanted == got for wanted, got in pairs) / len(pairs)


def wrong(pairs: list[tuple[str, str]], most: int = 10) -> str:
    """Some of the lines that did not come back, from where they differ."""
    lines = (
        line
        for wanted, got in pairs
        if wanted != got
        for line in zip_longest(wanted.split("\n"), got.split("\n"), fillvalue="")
    )
    found = dict.fromkeys(line for line in lines if line[0] != line[1])
    return "\n".join(_difference(wanted, got) for wanted, got in islice(found, most))


def _difference(wanted: str, got: str) -> str:
    pairs = enumerate(zip_longest(wanted, got))
    at = next(at for at, (a, b) in pairs if a != b)
    return f"{wanted[max(at - 20, 0) : at + 30]!r} came as {got[at : at + 30]!a}"


def half_legacy(name: str, way: str) -> Iterator[list[tuple[str, str, bool]]]:
    """Documents with some lines in an old encoding: what each line should be, what it became, and
    whether it was one of them.
    """
    encoder = encoders()[name]
    for number, document in enumerate(documents()):
        chance = random.Random(number)
        text = encoder.writable(document)
        lines = text.split("\n")
        old = [chance.random() < LEGACY_SHARE for _ in lines]
        mixed = (
            SURFACES[way](encoder.encode(line)) if is_old else line
            for line, is_old in zip(lines, old, strict=True)
        )
        got = repaired("\n".join(mixed)).split("\n")
        yield list(zip(expected(text).split("\n"), got, old, strict=True))


@pytest.mark.parametrize("name", [*MARKS, "TCVN3 in a capital font"])
@pytest.mark.parametrize("surface", SURFACES)
def test_tables_agree_with_independent_ones(name: str, surface: str) -> None:
    encoding = encodings()[name.partition(",")[0].partition(" in ")[0]]
    codes = encoders()[name].codes
    assert len(codes) == len(LETTERS) == 134
    read = {letter: encoding.read(SURFACES[surface](code)) for letter, code in codes.items()}
    # a capital font shows a small letter as a capital; its bytes do not tell
    small = len(set(codes.values())) < len(codes)
    wrong = {(letter, got) for letter, got in read.items() if got != letter}
    assert all(small and letter.lower() == got for letter, got in wrong)


def test_no_table_has_more_letters_than_the_independent_one() -> None:
    for name, encoding in encodings().items():
        letters = {letter for letter in encoding.letters.values() if letter.isalpha()}
        assert letters <= {*LETTERS, *"ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ"}, name


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", MARKS)
def test_documents_come_back(name: str, way: str) -> None:
    pairs = list(round_trips(name, way))
    assert len(pairs) >= 50
    assert share(pairs) >= MARKS[name], wrong(pairs)


@pytest.mark.parametrize("way", WAYS)
def test_documents_in_a_capital_font_come_back_but_for_case(way: str) -> None:
    """TCVN3 where the font alone made capitals: the letters come back, small within small ones."""
    pairs = [(a.lower(), b.lower()) for a, b in round_trips("TCVN3 in a capital font", way)]
    assert share(pairs) >= 0.99, wrong(pairs)


@pytest.mark.parametrize("way", WAYS)
def test_headings_in_a_capital_font_come_back(way: str) -> None:
    encoder = encoders()["TCVN3 in a capital font"]
    headings = [
        "TRANG THÔNG TIN ĐIỆN TỬ XÃ QUANG THÀNH - THỊ XÃ KINH MÔN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "QUYẾT ĐỊNH CỦA ỦY BAN NHÂN DÂN TỈNH",
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
        "Về việc phê duyệt kế hoạch sử dụng đất năm 2023 của thị xã",
    ]
    text = "\n".join(headings)
    assert repaired(legacy(encoder.encode(text), way)) == text


@pytest.mark.parametrize("way", SURFACES)
@pytest.mark.parametrize("name", BY_LINE)
def test_half_legacy_documents(name: str, way: str) -> None:
    lines = [line for document in half_legacy(name, way) for line in document]
    damaged = [(wanted, got) for wanted, got, old in lines if not old and wanted != got]
    assert damaged == []
    long = [(wanted, got) for wanted, got, old in lines if old and len(wanted.split()) >= 5]
    assert share(long) >= 0.95, wrong(long)


@pytest.mark.parametrize("way", SURFACES)
@pytest.mark.parametrize("name", ["VISCII", "VPS"])
def test_half_legacy_documents_without_damage(name: str, way: str) -> None:
    """What needs a document to be told may stay as it is in half of one."""
    lines = [line for document in half_legacy(name, way) for line in document]
    assert [(wanted, got) for wanted, got, old in lines if not old and wanted != got] == []


def test_viqr_with_escapes() -> None:
    """Of a document without full stops nobody can tell whether it would escape them."""
    pairs = list(viqr_round_trips(escaped=True))
    assert share(pairs) >= 0.9, wrong(pairs)


def test_viqr_without_escapes() -> None:
    """A question mark after a vowel is a tone in VIQR; what writers left out stays doubtful."""
    words = [
        (a, b)
        for wanted, got in viqr_round_trips(escaped=False)
        for a, b in zip(wanted.split(), got.split(), strict=False)
    ]
    assert share(words) >= 0.95, wrong(words)


def viqr_round_trips(*, escaped: bool) -> Iterator[tuple[str, str]]:
    """What should come back of each document in VIQR, and what does."""
    for text in map(viqr_writable, documents()):
        yield expected(text), repaired(viqr(text, escaped=escaped))
