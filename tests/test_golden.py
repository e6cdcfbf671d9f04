"""The five seeds, line by line, against what a person says they are.

Each `golden/<seed>.json` holds the parts of the article and, in `labels`, one letter for every line
of the page that is not blank: T title, S lead, K body, C caption, B byline or date, X chrome. The
labels were given by hand, before the cleaners were written. Lines labelled C and B may go either
way; of a mixed line (`split`) the part that is body is named. `misspelt` are the words that the
repair has to put right.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from phusa.page import Article, RawDocument, restore
from phusa.pipeline import clean

HERE = Path(__file__).parent
SEEDS = sorted((HERE.parent / "seeds").glob("*.txt"))


def cleaned(seed: Path) -> Article:
    return clean(RawDocument(seed.stem, seed.read_bytes(), path=seed.name))


def golden(seed: Path) -> dict[str, Any]:
    return json.loads((HERE / "golden" / f"{seed.stem}.json").read_text("utf-8"))


def plain(text: str) -> str:
    """Blanks do not count: the repair of blank runs has cases of its own."""
    return " ".join(text.split())


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_labels(seed: Path) -> None:
    expected = golden(seed)
    text = seed.read_text("utf-8")
    for wrong, right in expected["misspelt"].items():
        assert text.count(wrong) == 1
        text = text.replace(wrong, right)
    lines = [plain(line) for line in text.split("\n") if line.strip()]
    assert len(lines) == len(expected["labels"])
    article = cleaned(seed)
    kept = [plain(paragraph) for paragraph in article.text.split("\n\n")]
    body = [
        expected["split"].get(line, line)
        for line, x in zip(lines, expected["labels"], strict=True)
        if x in "SK"
    ]
    assert [line for line in body if line not in kept] == []
    free = {line for line, x in zip(lines, expected["labels"], strict=True) if x in "BC"}
    assert [line for line in kept if line not in body and line not in free] == []
    captions = [plain(caption) for caption in article.captions]
    assert [caption for caption in captions if caption not in free] == []


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_parts(seed: Path) -> None:
    expected = golden(seed)
    record = cleaned(seed).record()
    for name in ("title", "lead", "captions", "authors", "published", "locality", "publisher"):
        assert record[name] == expected[name], name
    assert record["language"] == {"code": "vi", "confidence": 1.0}
    assert record["counts"]["lines_removed"] == expected["labels"].count("X")


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_restores_the_source(seed: Path) -> None:
    article = cleaned(seed)
    assert restore(article).encode() == seed.read_bytes()


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_cleaning_the_cleaned_changes_nothing(seed: Path) -> None:
    article = cleaned(seed)
    again = clean(RawDocument("again", article.page))
    assert (again.page, again.log) == (article.page, ())
    assert clean(RawDocument("text", article.text)).text == article.text
