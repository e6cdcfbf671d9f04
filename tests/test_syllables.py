"""The grammar of the Vietnamese syllable, against words that are syllables and others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from phusa import languages, syllables
from phusa.syllables import is_syllable, parse

CASES = Path(__file__).parent / "cases" / "syllables"
SEEDS = Path(__file__).parent.parent / "seeds"

NO_SYLLABLES = {
    "abbreviations": {"HĐND", "BĐS", "đ"},
    "units": {"km²"},
    "misspellings": {"lựơng", "văo", "mớihiệu"},
}
"""All words of the seeds with letters beyond ASCII that are no syllables."""


def load(name: str) -> list[Any]:
    groups = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return [pytest.param(group["words"], id=group["label"]) for group in groups]


@pytest.mark.parametrize("words", load("real"))
def test_syllable(words: list[str]) -> None:
    assert [word for word in words if not is_syllable(word)] == []


@pytest.mark.parametrize("words", load("real"))
def test_spelled_as_it_was(words: list[str]) -> None:
    for word in words:
        syllable = parse(word)
        assert syllable is not None
        assert word.lower() in (syllable.spelled("old"), syllable.spelled("new"))


@pytest.mark.parametrize("words", load("not"))
def test_no_syllable(words: list[str]) -> None:
    assert [word for word in words if is_syllable(word)] == []


def test_there_are_enough_of_both() -> None:
    counts = [sum(len(param.values[0]) for param in load(name)) for name in ("real", "not")]
    assert counts[0] >= 400
    assert counts[1] >= 150


def test_every_rime_of_the_grammar_is_shown() -> None:
    """All but those that dialects and names have, for which no dictionary word was found."""
    table = languages.syllables()
    known = {*table["open"], *table["nasal"], *table["stop"]}
    found = (parse(word) for param in load("real") for word in param.values[0])
    shown = {syllable.rime for syllable in found if syllable is not None}
    assert known - shown == {"ôông", "oăp", "uên", "uơn"}


def test_words_of_the_seeds() -> None:
    words = {
        word
        for path in sorted(SEEDS.glob("*.txt"))
        for word in re.findall(r"[^\W\d_]+", path.read_text("utf-8"))
        if not word.isascii()
    }
    odd = {word for word in words if not is_syllable(word)}
    assert odd == set().union(*NO_SYLLABLES.values())
    assert len(words) > 900


def test_tones_of_a_stop() -> None:
    assert [tone for tone in syllables.TONES if parse("cach" + tone)] == list(syllables.STOP_TONES)
