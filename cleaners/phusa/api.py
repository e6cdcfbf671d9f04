"""The library: the few functions most users need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from phusa import pipeline
from phusa.findings import Finding, Selection, Step, in_source, trace
from phusa.page import Article, Page, RawDocument
from phusa.recipe import Recipe
from phusa.sources import sniff

if TYPE_CHECKING:
    from phusa.building import Release


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after the repair of its characters, and what was done, in the text's coordinates."""

    text: str
    findings: tuple[Finding, ...]


def clean(
    source: str | bytes,
    url: str | None = None,
    fetched_at: str | None = None,
    media_type: str | None = None,
    language: str | None = None,
    recipe: Recipe | None = None,
) -> Article:
    """Clean one page.

    `source` is a page as text, or its bytes; `media_type` is `text/plain` or `text/html` and, when
    not given, told by how the page starts. `fetched_at` is ISO 8601 and bounds the publication
    date. Never raises on what a page holds: where there is no article, `is_article` is False.

    >>> clean("<p>Một câu.</p>").text
    'Một câu.'
    """
    identity = (
        url
        or hashlib.sha256(
            source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
        ).hexdigest()
    )
    document = RawDocument(
        identity[:200],
        source,
        media_type or sniff(source),
        url=url,
        fetched_at=fetched_at,
        language=language,
    )
    return pipeline.clean(document, recipe.clean if recipe else None)


def repair(text: str) -> Repaired:
    r"""Repair the characters of a text and nothing else.

    >>> repair("Thá»\x8b xÃ£ Ká»³ Anh").text
    'Thị xã Kỳ Anh'
    """
    log: list[Step] = []
    page, flags = pipeline.repair(Page(text), Selection(), log)
    findings = [*trace(len(text), log)[0], *in_source(flags, len(text), log)]
    return Repaired(page.text, tuple(sorted(findings, key=lambda f: (f.start, f.end, f.rule))))


def build(recipe: Recipe | str | Path, out: str | Path = "dist", workers: int = 1) -> Release:
    """Build a release from a recipe, or from the path of one.

    Raises RecipeError where the recipe is wrong, BuildError where the release cannot be written.
    """
    from phusa import building  # noqa: PLC0415 - jsonschema, which cleaning never needs
    from phusa.recipe import load  # noqa: PLC0415

    chosen = recipe if isinstance(recipe, Recipe) else load(Path(recipe))
    return building.build(chosen, Path(out), workers=workers)


class Cleaner:
    """Cleans many pages by one recipe; keeps nothing between them."""

    def __init__(self, recipe: Recipe | None = None) -> None:
        self._recipe = recipe

    def clean_many(self, sources: Iterable[str | bytes]) -> Iterator[Article]:
        """Clean pages one by one, in order.

        >>> [article.text for article in Cleaner().clean_many(["Một câu.", "Hai câu."])]
        ['Một câu.', 'Hai câu.']
        """
        for source in sources:
            yield clean(source, recipe=self._recipe)
