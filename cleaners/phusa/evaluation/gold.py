"""Gold: pages with what a person says of them, read from rows of JSONL.

The format is described in `docs/evaluation.md`.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from phusa.evaluation.alignment import DROP, KEEP, UNSCORED, line_labels
from phusa.evaluation.tokens import tokens
from phusa.sources.lines import lines

ARTICLE = "article"

LETTERS = {"S": KEEP, "K": KEEP, "X": DROP, "T": UNSCORED, "B": UNSCORED, "C": UNSCORED}
"""Lead and body are kept, chrome is dropped; titles, bylines and captions may go either way."""

MIN_COVER = 0.6
"""A page that shows less of its gold text than this is not marked by lines."""

_STRINGS = "id text html path url language set kind gold_text title published".split()
_LISTS = "lines labels labelled with without authors".split()
_FACTS = frozenset(("title", "published", "authors"))
_GOLD = _FACTS | {"labelled", "labels", "gold_text", "with"}


_DATE = re.compile(r"\d{4}(-\d\d(-\d\d([T ]|$)|$)|$)", re.ASCII)


class GoldError(ValueError):
    """A row that is no gold page: the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no gold page: its file and line (from 1), and why."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page, and what is right of it.

    `lines` are the lines that `labels` (1 keep, 0 drop, -1 unscored) speak of; both are empty where
    a page is not marked by lines. `present` and `absent` are strings that must and must not be in
    the text. `known` names the facts among title, published and authors that the gold speaks of:
    there, None says that the page has none.
    """

    id: str
    source: str | bytes
    media_type: str
    set: str
    url: str | None = None
    language: str | None = None
    kind: str = ARTICLE
    lines: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()
    gold_text: str | None = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    title: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()

    @property
    def is_article(self) -> bool:
        """Whether the page has an article at all."""
        return self.kind == ARTICLE


def read(file: io.BufferedIOBase, name: str) -> Iterator[GoldPage | BadRow]:
    """The pages of a file of gold; `name` is its path.

    What it raises is one of `sources.lines.DAMAGE`.
    """
    folder = Path(name).parent
    default_set = Path(name).name.partition(".")[0]
    for number, line in enumerate(lines(file), 1):
        if line.raw.strip():
            try:
                yield parse(line.raw, folder, default_set)
            except GoldError as error:
                yield BadRow(f"{name}:{number}", str(error))


def parse(row: bytes | str, folder: Path = Path(), default_set: str = "gold") -> GoldPage:
    """Read a row. `folder` is where its files are.

    Raises GoldError.

    >>> parse('{"id": "a", "labelled": [["T", "Rain"], ["", ""], ["K", "It rained."]]}').labels
    (-1, 1)
    >>> parse('{"id": "a", "text": "Rain"}')
    Traceback (most recent call last):
    phusa.evaluation.gold.GoldError: there is no gold in it: ...
    """
    data = _checked(row)
    source, media_type = _source(data, folder)
    page_lines, labels = _marked(data, source if media_type == "text/plain" else b"")
    return GoldPage(
        data["id"],
        source,
        media_type,
        data.get("set", default_set),
        data.get("url"),
        data.get("language"),
        data.get("kind", ARTICLE),
        tuple(page_lines),
        tuple(labels),
        data.get("gold_text"),
        tuple(data.get("with", ())),
        tuple(data.get("without", ())),
        data.get("title"),
        data.get("published"),
        tuple(data.get("authors") or ()),
        _FACTS & data.keys(),
    )


def _checked(row: bytes | str) -> Mapping[str, Any]:
    """A row as a mapping whose fields have the right types and say something of the page."""
    try:
        data = orjson.loads(row)
    except orjson.JSONDecodeError as error:
        raise GoldError(f"not valid JSON: {error}") from None
    if not isinstance(data, dict):
        raise GoldError("not a JSON object")
    if not data.get("id"):
        raise GoldError("it has no id")
    for name, wanted in (*((s, str) for s in _STRINGS), *((s, list) for s in _LISTS)):
        value = data.get(name)
        if value is None and name not in _FACTS:
            data.pop(name, None)
        elif value is not None and not isinstance(value, wanted):
            raise GoldError(f"{name} must be a {'string' if wanted is str else 'list'}")
    for name in ("lines", "with", "without", "authors"):
        if not all(isinstance(item, str) for item in data.get(name) or ()):
            raise GoldError(f"{name} must be a list of strings")
    if data.get("published") and not _DATE.match(data["published"]):
        raise GoldError(f"published {data['published']!r} is not a date such as 2026-01-31")
    kind = data.get("kind", ARTICLE)
    if kind == ARTICLE and not (data.keys() & _GOLD):
        raise GoldError("there is no gold in it: no labels, text, strings, title, date, authors")
    if kind != ARTICLE and "gold_text" in data:
        raise GoldError(f"a page of the kind {kind!r} has no article, so it has no gold_text")
    return data


def _source(data: Mapping[str, Any], folder: Path) -> tuple[str | bytes, str]:
    """The page itself and its media type."""
    given = [name for name in ("text", "html", "path") if name in data]
    if len(given) > 1:
        raise GoldError(f"it has more than one page: {', '.join(given)}")
    if given == ["path"]:
        return _file(data["path"], folder)
    if given:
        return data[given[0]], "text/html" if given == ["html"] else "text/plain"
    if "lines" in data:
        return "\n".join(data["lines"]), "text/plain"
    if "labelled" in data:
        return "\n".join(text for _, text in _pairs(data)), "text/plain"
    raise GoldError("it has no page: no text, html, path, lines or labelled lines")


def _file(path: str, folder: Path) -> tuple[bytes, str]:
    """The bytes of a file beside the gold, and what its suffix says it is."""
    relative = PurePosixPath(path)
    if relative.is_absolute() or ".." in relative.parts:
        raise GoldError(f"path {path!r} leads out of the folder of the gold")
    try:
        content = (folder / relative).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise GoldError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    html = relative.suffix.lower() in (".html", ".htm")
    return content, "text/html" if html else "text/plain"


def _pairs(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The labelled lines, blank ones too."""
    pairs = []
    for pair in data["labelled"]:
        match pair:
            case [str(letter), str(text)] if letter in LETTERS or not (letter or text.strip()):
                pairs.append((letter, text))
            case _:
                letters = ", ".join(LETTERS)
                raise GoldError(
                    f"labelled: {pair!r} is not [label, line] with a label of {letters}"
                )
    return pairs


def _marked(data: Mapping[str, Any], source: str | bytes) -> tuple[list[str], Sequence[int]]:
    """The lines that are marked and their labels; none where too little of the gold is in them."""
    page_lines, labels = _labelled(data, source)
    gold_text = data.get("gold_text")
    if gold_text and _cover(page_lines, labels, gold_text) < MIN_COVER:
        return [], []
    if data.get("kind", ARTICLE) == ARTICLE and KEEP not in labels:
        return [], []
    return page_lines, labels


def _labelled(data: Mapping[str, Any], source: str | bytes) -> tuple[list[str], Sequence[int]]:
    """The lines of a page and their labels, by hand or from the gold text."""
    page_lines = _filled(source.split("\n")) if isinstance(source, str) else []
    if "labelled" in data:
        pairs = [(letter, text.strip()) for letter, text in _pairs(data) if text.strip()]
        by_hand = [text for _, text in pairs]
        if page_lines and list(map(str.split, page_lines)) != list(map(str.split, by_hand)):
            raise GoldError("the labelled lines are not the lines of the text")
        return by_hand, [LETTERS[letter] for letter, _ in pairs]
    if "labels" in data:
        labels: list[int] = data["labels"]
        if len(labels) != len(page_lines) or any(x not in (KEEP, DROP, UNSCORED) for x in labels):
            raise GoldError("labels must be as many as the lines: 1 keep, 0 drop, -1 unscored")
        return page_lines, labels
    titles = [data["title"]] if data.get("title") else []
    return page_lines, line_labels(page_lines, data.get("gold_text", ""), titles)


def _filled(texts: Sequence[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


def _cover(page_lines: Sequence[str], labels: Sequence[int], gold_text: str) -> float:
    """The share of the gold's tokens in the lines to keep."""
    gold = Counter(tokens(gold_text.lower()))
    shown: Counter[str] = Counter()
    for line, label in zip(page_lines, labels, strict=True):
        if label == KEEP:
            shown.update(tokens(line.lower()))
    return (gold & shown).total() / max(1, gold.total())
