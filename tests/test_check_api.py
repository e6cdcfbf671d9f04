"""`phusa.check`, the library's linter."""

from __future__ import annotations

from pathlib import Path

import pytest

import phusa
from checked import ARTICLE, jsonl
from made_up import record


def test_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(ARTICLE.replace("bảy", "b\ufffdy", 1), "utf-8")
    jsonl(Path("b.jsonl"), {"text": ARTICLE}, {"text": ARTICLE})
    found = phusa.check(".")
    assert all(isinstance(finding, phusa.Finding) for finding in found)
    assert [str(finding) for finding in found] == [
        "a.txt:3:40: ENC050 1 character was lost in decoding",
        "b.jsonl:2:1: DUP101 the same text as b.jsonl:1",
    ]
    assert phusa.check(Path("b.jsonl")) == phusa.check("b.*")


def test_a_record_and_a_row() -> None:
    assert phusa.check(record(3, text=ARTICLE.strip()) | {"lead": None}) == []
    told = phusa.check(record(1) | {"url": 7, "more": 1})
    assert [(finding.rule, str(finding)[:12]) for finding in told] == [
        ("SCH101", "SCH101 /url:"),
        ("SCH101", "SCH101 Addit"),
    ]
    (lost,) = phusa.check({"title": "Tin", "text": ARTICLE.replace("bảy", "b\ufffdy", 1)})
    assert ARTICLE[lost.start - 1 : lost.end + 1] == "bảy"
    assert [f.rule for f in phusa.check({"text": "a", "n": float("nan")})] == ["SRC111"]


def test_the_recipe_says_what_is_looked_for() -> None:
    recipe = phusa.Recipe(check=phusa.recipe.Checking(require=("url",), select=("PRV",)))
    assert [f.rule for f in phusa.check({"text": ARTICLE}, recipe=recipe)] == ["PRV101"]


def test_what_is_not_there() -> None:
    with pytest.raises(FileNotFoundError, match=r"^nope\.txt: no such file or folder$"):
        phusa.check("nope.txt")
    wrong = phusa.Recipe(check=phusa.recipe.Checking(select=("XYZ",)))
    with pytest.raises(phusa.RecipeError, match="XYZ: no such rule"):
        phusa.check({}, recipe=wrong)
