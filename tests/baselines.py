"""Baselines of made-up problems, for their tests."""

from __future__ import annotations

from pathlib import Path

from phusa.checking.baseline import Asked, Baseline, Entry, dumps, load, write
from phusa.checking.problem import Problem, in_text
from phusa.findings import EVERY_RULE, Finding
from phusa.quality import privacy

TEXT = "Tin m\ufffdi\nMột câu.\nTin m\ufffdi\nKỳ Anh\x1b\n"
NOTHING = Asked((), ())


def problems_in(text: str, path: str = "tin/a.txt") -> list[Problem]:
    """What a check of the lost characters, the controls and the personal data of a page tells."""
    odd = {"\ufffd": "ENC050", "\x1b": "ENC031"}
    found = [Finding(odd[char], i, i + 1, "odd") for i, char in enumerate(text) if char in odd]
    return [one for _, one in in_text([*found, *privacy.pieces(text)], text, path)]


def counted(problems: list[Problem], folder: Path = Path()) -> dict[Entry, int]:
    """The entries of a new baseline in a folder."""
    return Baseline({}, folder / "baseline.json").updated(problems, NOTHING, EVERY_RULE)


def known(problems: list[Problem], folder: Path) -> Baseline:
    """The baseline of problems, by way of a file."""
    write(folder / "baseline.json", dumps(counted(problems, folder)))
    return load(folder / "baseline.json")


def text_of(problems: list[Problem]) -> str:
    return dumps(counted(problems))


def entry_of(problem: Problem) -> Entry:
    (entry,) = counted([problem])
    return entry
