"""How much of the seeds comes back after their UTF-8 was read as something else.

The figures to reach are those of ftfy 6.3 with a second pass of some forty lines, measured on the
same seeds. Character accuracy: a line counts its characters that match the original, over the
longer of the two; `difflib` aligns the lines that differ. What is expected is the repair of the
seed itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import phusa

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("0*.txt"))


@cache
def seeds() -> list[tuple[str, str]]:
    """Each seed and its repair."""
    texts = [path.read_text("utf-8") for path in SEEDS]
    return [(text, phusa.repair(text).text) for text in texts]


def misread(text: str, codec: str = "windows-1252") -> str:
    """UTF-8 read as `codec`, with controls for the bytes that it has no character for."""
    chars = [bytes((byte,)).decode(codec, "ignore") or chr(byte) for byte in range(256)]
    return "".join(chars[byte] for byte in text.encode("utf-8"))


def some(text: str, unit: str, share: float = 0.3) -> str:
    """A share of the units that a pattern matches, misread."""
    chance = random.Random(1)
    return re.sub(
        unit, lambda found: misread(found[0]) if chance.random() < share else found[0], text
    )


def lossy(errors: str) -> Callable[[str], str]:
    return lambda text: text.encode("utf-8").decode("windows-1252", errors)


CORRUPTIONS: dict[str, tuple[Callable[[str], str], float, int]] = {
    # what is done, character accuracy in percent, documents exact
    "latin-1": (lambda text: misread(text, "latin-1"), 100, 5),
    "windows-1252": (misread, 100, 5),
    "twice": (lambda text: misread(misread(text)), 100, 5),
    "three times": (lambda text: misread(misread(misread(text))), 100, 5),
    "windows-1250": (lambda text: misread(text, "windows-1250"), 100, 5),
    "windows-1258": (lambda text: misread(text, "windows-1258"), 100, 5),
    "mac-roman": (lambda text: misread(text, "mac-roman"), 100, 5),
    "cp437": (lambda text: misread(text, "cp437"), 100, 5),
    "30 % of lines": (lambda text: some(text, "[^\n]+"), 100, 5),
    "30 % of words": (lambda text: some(text, "[^ \n]+"), 100, 5),
    "bytes replaced": (lossy("replace"), 99.99, 3),
    "bytes dropped": (lossy("ignore"), 99.98, 3),
    "soft hyphens taken out": (lambda text: misread(text).replace("\xad", ""), 100, 5),
    "no-break spaces to blanks": (lambda text: misread(text).replace("\xa0", " "), 100, 5),
}

BEYOND_REPAIR: dict[str, Callable[[str], str]] = {
    "controls taken out": lambda text: re.sub("[\x80-\x9f]", "", misread(text, "latin-1")),
    "small letters": lambda text: misread(text).lower(),
}


def accuracy(found: str, expected: str) -> tuple[int, int]:
    """Characters that match and characters in all, line by line."""
    ours, theirs = found.split("\n"), expected.split("\n")
    assert len(ours) == len(theirs)
    right = total = 0
    for a, b in zip(ours, theirs, strict=True):
        total += max(len(a), len(b))
        blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        right += len(a) if a == b else sum(block.size for block in blocks)
    return right, total


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruption(name: str) -> None:
    corrupt, percent, documents = CORRUPTIONS[name]
    right = total = exact = 0
    for text, expected in seeds():
        found = phusa.repair(corrupt(text)).text
        exact += found == expected
        one = accuracy(found, expected)
        right, total = right + one[0], total + one[1]
    assert exact >= documents
    assert 100 * right / total >= percent


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_repaired_text_is_at_rest(name: str) -> None:
    for text, _ in seeds():
        found = phusa.repair(CORRUPTIONS[name][0](text)).text
        assert phusa.repair(found).text == found


@pytest.mark.parametrize("name", BEYOND_REPAIR)
def test_lossy_text_is_reported(name: str) -> None:
    for text, _ in seeds():
        rules = [finding.rule for finding in phusa.repair(BEYOND_REPAIR[name](text)).findings]
        assert rules.count("ENC022") == 1


def test_clean_text_between_misread_lines_stays() -> None:
    texts = [expected for _, expected in seeds()]
    for clean, other in pairwise(texts):
        page = f"{clean}\n{misread(other)}\n{clean.upper()}"
        assert phusa.repair(page).text == f"{clean}\n{other}\n{clean.upper()}"
