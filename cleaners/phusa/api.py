"""The library: the few functions most users need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from phusa import pipeline
from phusa.engines.local import EngineError, Lost, run
from phusa.page import Article, RawDocument, Repaired
from phusa.recipe import Recipe
from phusa.sources import sniff

if TYPE_CHECKING:
    from phusa.building import Release
    from phusa.comparing import Difference
    from phusa.findings import Finding
    from phusa.publishing.plans import Pushed


BATCH_PAGES = 32
"""Pages that a worker is given at once."""


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
    date. Raises TypeError for anything but str and bytes, and nothing on what a page holds: where
    there is no article, `is_article` is False.

    >>> clean("<p>Một câu.</p>").text
    'Một câu.'
    """
    if not isinstance(source, (str, bytes)):
        raise TypeError(f"a page is str or bytes, not {type(source).__name__}")
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


def repair(text: str, *, language: str | None = None, recipe: Recipe | None = None) -> Repaired:
    r"""Repair the characters of a text and nothing else.

    `language` is its BCP 47 code where it is known; the recipe tells which rules are on. The
    findings lie in the text as it was given.

    >>> repair("Thá»\x8b xÃ£ Ká»³ Anh").text
    'Thị xã Kỳ Anh'
    >>> repaired = repair("Héi nghÞ ®· bÇu ra Ban ChÊp hµnh")
    >>> repaired.text, repaired.findings[0].rule
    ('Hội nghị đã bầu ra Ban Chấp hành', 'ENC010')
    """
    document = RawDocument("", text, language=language)
    return pipeline.repaired(document, recipe.clean if recipe else None)


def check(
    source: str | Path | Mapping[str, object], *, recipe: Recipe | str | Path | None = None
) -> list[Finding]:
    r"""Find what is wrong with newly scraped files, or with finished records.

    `source` is the path of a file of text, HTML, JSONL or Parquet, of a folder of these, of a
    release, or a glob; or it is a row, of a finished record or of a page as scraped. The findings
    come in the order of the files, and tell the place too: `path`, `line`, `column`, `pointer`.
    The recipe, or the one at a path, says what is looked for. Raises FileNotFoundError where there
    is nothing at the path, RecipeError where the recipe is wrong, TypeError or ValueError where a
    row is no JSON.

    >>> found = check({"url": "https://example.org/1", "text": "404 Not Found\nPage not found."})
    >>> [(finding.rule, finding.pointer) for finding in found]
    [('ART104', '/text')]
    """
    from phusa import checking  # noqa: PLC0415
    from phusa.recipe import load  # noqa: PLC0415

    recipe = Recipe() if recipe is None else recipe
    recipe = recipe if isinstance(recipe, Recipe) else load(Path(recipe))
    settings = checking.settled(recipe)
    if isinstance(source, Mapping):
        return list(checking.check_row(source, settings))
    if not isinstance(source, (str, Path)):
        raise TypeError(f"a path or a row is checked, not {type(source).__name__}")
    found, known = checking.gathered(recipe, [str(source)], only=True)
    if found.missing:
        raise FileNotFoundError(f"{found.missing[0].path}: {found.missing[0].message}")
    with checking.Identities() as identities:
        results = checking.check(found, settings, identities, known=known)
        return [problem for one in results for problems in one.problems for problem in problems]


def build(
    recipe: Recipe | str | Path,
    out: str | Path = "dist",
    *,
    workers: int = 1,
    overwrite: bool = False,
    previous: str | Path | None = None,
) -> Release:
    """Build a release from a recipe, or from the path of one.

    `previous` is the release to tell the changes since, a folder or an address; without it, it is
    the last version before this one in `out`. Raises RecipeError where the recipe is wrong,
    FetchError where `previous` cannot be had, BuildError where the release cannot be written.
    """
    from phusa import building  # noqa: PLC0415 - jsonschema, which cleaning never needs
    from phusa.publishing.fetching import fetched  # noqa: PLC0415
    from phusa.recipe import load  # noqa: PLC0415

    chosen = recipe if isinstance(recipe, Recipe) else load(Path(recipe))
    with ExitStack() as stack:
        before = None if previous is None else stack.enter_context(fetched(previous))
        return building.build(
            chosen, Path(out), workers=workers, overwrite=overwrite, previous=before
        )


def diff(old: str | Path, new: str | Path, *, most: int = 10) -> Difference:
    """Compare two releases, each a folder or an address such as `hf://datasets/org/name@v1.0.0`.

    At most `most` records and values of a kind are named; the counts are of all. Raises
    ReleaseError where there is no release to read, FetchError where it cannot be had.
    """
    from phusa.comparing import compare, opened  # noqa: PLC0415
    from phusa.publishing.fetching import fetched  # noqa: PLC0415

    with fetched(old) as before, fetched(new) as after:
        return compare(opened(before), opened(after), most=most)


def push(release: str | Path, dest: str, *, private: bool = True, replace: bool = False) -> Pushed:
    """Push a release to `hf://datasets/org/name[@branch]`, to any fsspec url or to a folder.

    A dataset that is made on the Hub is `private` unless told otherwise; `replace` lets files go
    that no release put there. Raises PushError, also where the release is not what it says or holds
    more personal data than its recipe allows.
    """
    from phusa import publishing  # noqa: PLC0415

    return publishing.push(release, dest, private=private, replace=replace)


class Cleaner:
    """Cleans many pages by one recipe; keeps nothing between them.

    With more than one worker the pages are cleaned in processes of their own, a few dozen at a
    time; a script that does so needs `if __name__ == "__main__":`.
    """

    def __init__(self, recipe: Recipe | None = None, *, workers: int = 1) -> None:
        self._recipe = recipe
        self._workers = workers

    def clean_many(self, sources: Iterable[str | bytes]) -> Iterator[Article]:
        """Clean pages, in their order, as they come.

        Raises EngineError where a worker is killed again and again.

        >>> [article.text for article in Cleaner().clean_many(["Một câu.", "Hai câu."])]
        ['Một câu.', 'Hai câu.']
        """
        work = partial(_clean_all, recipe=self._recipe)
        for _, result in run(work, _batches(sources, self._workers), self._workers):
            if isinstance(result, Lost):
                raise EngineError(f"pages were not cleaned: {result.reason}")
            yield from result


def _clean_all(sources: Sequence[str | bytes], recipe: Recipe | None) -> list[Article]:
    return [clean(source, recipe=recipe) for source in sources]


def _batches(sources: Iterable[str | bytes], workers: int) -> Iterator[list[str | bytes]]:
    """Pages a few dozen at a time; one at a time where nobody else is to work on them."""
    pages = iter(sources)
    while batch := list(islice(pages, 1 if workers == 1 else BATCH_PAGES)):
        yield batch
