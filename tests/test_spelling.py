"""Vietnamese spelling: what the case files cannot show."""

from __future__ import annotations

import re
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

import translations
from phusa import languages
from phusa.findings import apply
from phusa.page import Page
from phusa.recipe import ToneStyle
from phusa.repairs import spelling
from phusa.repairs.spelling import glued, keys, search, tones
from phusa.syllables import TONES, VOWELS, is_syllable, parse

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
EDITS = {
    "000": [("lựơng", "lượng")],
    "002": [("theieus", "thiếu"), ("đông fbooj", "đồng bộ")],
    "003": [("mớihiệu", "mới hiệu")],
}
TELEX = dict(zip(TONES[1:], "fsrxj", strict=True))
MARKS = {"\u0302": "", "\u0306": "w", "\u031b": "w"}
"""The keys of the marks of vowels in Telex; the circumflex is the vowel once more."""


def edits(text: str) -> list[tuple[str, str]]:
    found = spelling.propose(Page(text))
    return [(text[f.start : f.end], f.replacement or "") for f in found]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_seeds(path: Path) -> None:
    text = path.read_text("utf-8")
    assert edits(text) == EDITS.get(path.name[:3], [])
    repaired, _ = apply(text, spelling.propose(Page(text)))
    assert edits(repaired) == []


def test_misplaced_tones_are_all_found() -> None:
    right, wrong = search._words()
    assert len(wrong) > 2_000
    assert [word for word in wrong if not any(search.suspects(word))] == []
    assert [word for word in right if any(search.suspects(word)) and "oo" not in word] == []


def test_misplaced_tones_are_all_replaced() -> None:
    right, wrong = search._words()
    for word in wrong:
        reading = tones.replaced(word)
        assert reading is not None
        assert reading.text in right


def typed_in_telex(syllable: str) -> str:
    """The keys of a syllable, its tone last."""
    word, tone = "", ""
    for char in unicodedata.normalize("NFD", syllable):
        if char in TELEX:
            tone = TELEX[char]
        elif char in MARKS:
            word += MARKS[char] or word[-1]
        else:
            word += "dd" if char == "đ" else char
    return word + tone


def test_telex_of_every_syllable() -> None:
    """Keys make the syllable they were typed for, or are left alone; uow is for ươ and oo for ô."""
    right, _ = search._words()
    made = 0
    for word in right:
        if "uơ" in word or "uớ" in word or "oo" in word or "oó" in word:
            continue
        reading = keys.typed(typed_in_telex(word))
        if reading is not None:
            syllable = parse(word)
            assert syllable is not None
            assert reading.text in (syllable.spelled("old"), syllable.spelled("new"))
            made += 1
    assert made > 0.5 * len(right)


def test_lists_hold_what_the_rules_would_change() -> None:
    friends = languages.false_friends()
    assert len(friends) > 1_000
    assert [w for w in friends if not (tones.replaced(w) or keys.typed(w))] == []
    names = languages.one_block()
    languages.one_block.cache_clear()
    assert len(names) > 50
    assert all(glued._cuts(name) for name in names)


@pytest.mark.parametrize("style", ["old", "new"])
def test_tone_style(style: ToneStyle) -> None:
    stage = spelling.tone_style(style)
    assert stage is spelling.tone_style(style)
    text = "HÒA giải ở Thị uỷ; quý khách khoẻ, hoạt động, Tòa án, thuỳ, toà, loà xoà\nZoé, Noé"
    expected = {
        "old": "HÒA giải ở Thị ủy; quý khách khỏe, hoạt động, Tòa án, thùy, tòa, lòa xòa\nZoé, Noé",
        "new": "HOÀ giải ở Thị uỷ; quý khách khoẻ, hoạt động, Toà án, thuỳ, toà, loà xoà\nZoé, Noé",
    }
    repaired, _ = apply(text, stage.propose(Page(text)))
    assert repaired == expected[style]
    assert stage.propose(Page(repaired)) == []


def test_tone_style_is_known() -> None:
    assert spelling.tone_style("old").rules[0].code == "ENC071"


def test_vietnamese_full_of_english() -> None:
    """Translations of programs: what is changed is listed here, and each is an error of theirs."""
    text = "\n".join(translations.lines("vi"))
    assert len(text.split("\n")) > 1_000
    assert edits(text) == []


def test_foreign_sentences_in_vietnamese_lines() -> None:
    """No word of a foreign sentence is changed, even with Vietnamese before and behind it."""
    before, behind = "Theo tài liệu hướng dẫn sử dụng của chương trình", "thì người dùng phải chờ"
    changed = []
    for language in sorted(set(translations.catalogues()) - {"vi"}):
        for line in translations.lines(language)[:200]:
            changed += [(language, edit) for edit in edits(f"{before} “{line}” {behind}")]
    assert changed == []


@pytest.mark.parametrize(
    "piece",
    ["đông fbooj ở ", "cuả lựơng ", "mớihiệu", "tiền gía ", "ạ" + "f" * 50, "ééé", "ấ\n", "😀ạ"],
)
def test_long_lines_take_time_that_grows_with_them(piece: str) -> None:
    def seconds(chars: int) -> float:
        text = piece * (chars // len(piece))
        start = time.perf_counter()
        spelling.propose(Page(text))
        return time.perf_counter() - start

    seconds(1_000)
    short, long = seconds(50_000), seconds(500_000)
    assert long < 30 * short + 0.1


def test_misread_words_are_left_to_their_repair() -> None:
    assert edits("Ông nói: Viá»‡t Nam cÃ³ Ä‘áº¹p và nhiều người dân rất vui mừng.") == []


def test_blocks_meet() -> None:
    """A word that lies over the end of a block is found."""
    for shift in range(12):
        text = "a " * (search._BLOCK // 2 - 4) + "x" * shift + " số lựơng"
        assert edits(text) == [("lựơng", "lượng")]


def test_no_finding_overlaps_another() -> None:
    text = "cuả đông fbooj mớihiệu ddoongf tieengs lựơng đông fbooj nhiêm jkyf người"
    spans = [(f.start, f.end) for f in spelling.propose(Page(text))]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_vowels_of_the_search_are_those_of_the_grammar() -> None:
    assert all(is_syllable(vowel) or vowel in "ăâ" for vowel in VOWELS)
    assert not re.search("[fjwz]", "".join(search._words()[0]))
