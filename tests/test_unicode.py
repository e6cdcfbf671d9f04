"""The guard of the Unicode repairs against what they guard, and pages made to be hostile."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from itertools import chain, pairwise
from pathlib import Path

import pytest

from phusa.findings import apply
from phusa.page import Page, Stage
from phusa.repairs import (
    characters,
    classes,
    entities,
    legacy,
    lookalikes,
    mojibake,
    normal_form,
)
from phusa.repairs.legacy import viqr
from phusa.repairs.screen import Screen

CASES = Path(__file__).parent / "cases" / "repair"
STAGES = (
    entities.STAGE,
    characters.CHARACTERS,
    normal_form.STAGE,
    lookalikes.STAGE,
    characters.BLANKS,
)
EVERY_CHARACTER = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]


def can_decompose() -> set[str]:
    """The characters that normal form C replaces, orders or composes with what is before them."""
    found = set(map(chr, chain(range(0x1161, 0x1176), range(0x11A8, 0x11C3))))  # Hangul
    for char in EVERY_CHARACTER:
        if unicodedata.combining(char) or not unicodedata.is_normalized("NFC", char):
            found.add(char)
        parts = unicodedata.decomposition(char).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(chr(int(parts[1], 16)))
    return found


def test_the_signs_of_the_normal_form() -> None:
    listed = re.compile(f"[{classes.CAN_DECOMPOSE}]")
    screen = Screen((normal_form.STAGE,))
    missing = [
        char
        for char in can_decompose()
        if not (listed.match(char) and screen.suspects(char) == [True])
    ]
    assert missing == []


@pytest.mark.parametrize("searched", [characters._ANY_ODD, characters._PRIVATE_USE])
def test_the_signs_of_single_characters(searched: re.Pattern[str]) -> None:
    found = [char for char in EVERY_CHARACTER if searched.match(char)]
    screen = Screen((characters.CHARACTERS,))
    assert found
    assert all(screen.suspects(char) == [True] for char in found)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_screen_lets_common_text_pass(stage: Stage) -> None:
    clean = (
        "Đường về Huế – “đẹp” và ‘lạ’…\nWhat’s up? Größe, à côté, Ñandú 5 % €² 🎉 汉字 かな 한글\n"
    )
    assert Screen((stage,)).suspects(clean) == [False]
    assert not stage.propose(Page(clean))


def test_the_signs_of_blank_runs() -> None:
    chance = random.Random(0)
    screen = Screen((characters.BLANKS,))
    for _ in range(3_000):
        text = "".join(chance.choices(" \t\nab", (3, 1, 2, 9, 9), k=chance.randrange(12)))
        runs = re.search(r"[ \t]{2}|[ \t]\n|[ \t]\Z", text)
        assert screen.suspects(text) == [bool(runs)], repr(text)


def test_look_alikes_are_letters_of_the_same_case() -> None:
    for char, latin in lookalikes._table().items():
        assert char.isupper() == latin.isupper(), char
        assert unicodedata.name(char).startswith(("GREEK", "CYRILLIC")), char


@pytest.mark.parametrize(
    ("language", "kept"),
    [("fr", True), ("fr-CA", True), ("FR_be", True), ("vi", False), ("frr", False)],
)
def test_the_language_that_is_given_decides(language: str, kept: bool) -> None:
    prose = "Le prix de la maison est dans les petites annonces de la ville\xa0: 5\xa0€"
    for text in (prose, "Prix\xa0: 5\xa0€"):
        assert (characters.propose(Page(text, language=language)) == []) is kept


def own_cases() -> list[str]:
    names = ("invisible", "blanks", "controls", "normal_form", "lookalikes", "entities", "clean")
    cases = chain.from_iterable(
        json.loads((CASES / f"{name}.json").read_text("utf-8")) for name in names
    )
    return [text for case in cases for text in (case["input"], case["expected"])]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_repair_leaves_nothing_to_repair(stage: Stage) -> None:
    """What a stage makes of a text gives it nothing new, and its findings do not overlap."""
    for text in own_cases():
        findings = sorted(stage.propose(Page(text)), key=lambda found: found.start)
        assert all(a.end <= b.start for a, b in pairwise(findings)), text
        repaired, _ = apply(text, findings)
        for _ in range(3):
            again, step = apply(repaired, stage.propose(Page(repaired)))
            if not step:
                break
            repaired = again
        assert not step, text


HOSTILE = (
    "\u0301 a\u0301 e\u0301\u0302 é\u0302 « \xa0 x\xa0 «\xa0x x\xa0: 1\xa0 & &amp; &#38;# &aaaaaaa "
    "\u200d x\u200d \u200b ក\u200b x\u200f א\u200f а аb abcа ð ðaaaa \x1b \x1b] \x1b[0;0; "
    "\x1b]xxxx \U000e0041 \U0001f3f4\U000e0041 \r x\r \0 \ud800 \ufffd \ue000 \u1100\u1161 ก "
    "\u0915\u093c"
).split(" ")


@pytest.mark.parametrize("unit", [*HOSTILE, "x  ", " ", "\t", "\tx"], ids=ascii)
def test_hostile_lines(unit: str) -> None:
    """A line of one thing over and over: work that grows with its square would not end."""
    text = unit * (100_000 // len(unit))
    for stage in STAGES:
        text, _ = apply(text, stage.propose(Page(text)))
    assert "\n" not in text or "\r" in unit


LEGACY = "Héi nghÞ ®· bÇu ra Ban ChÊp hµnh "
VIQR = "Ho^.i nghi. dda~ ba^`u ra Ban Cha^'p ha`nh "


@pytest.mark.parametrize(
    ("start", "unit"),
    [
        (LEGACY, "Ìò"),
        (LEGACY, "£"),
        (VIQR, "\u0301\u0323"),
        (VIQR, "a^'"),
        ("", "\x81\n"),
        ("", "Ã "),
    ],
    ids=ascii,
)
def test_hostile_legacy_lines(start: str, unit: str) -> None:
    """The same for what is read by tables, word for word."""
    page = Page(start + unit * (100_000 // len(unit)))
    for stage in (legacy.STAGE, viqr.STAGE, mojibake.STAGE):
        stage.propose(page)
