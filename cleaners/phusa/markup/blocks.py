"""The blocks of an HTML page: its text with a line for every block, and where each line stood.

The page is parsed once, as a browser does it. A walk over the tree in document order gives every
piece of text its place: the innermost block element around it and the link it stands in. Pieces
between two line ends make a line; the cells of a row of plain data make one line together.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from phusa.findings import Rule
from phusa.markup.guards import documents
from phusa.markup.tree import CELLS, DATED_ITEMS, ITEM, Element, Layout, Piece, Told, Tree, layout

MARKUP = Rule(
    "HTM101",
    "markup",
    "The markup of an HTML page.",
    """The page was parsed as a browser does it, and its text written out with a line for every
block. Scripts, styles, templates and form fields have no text. The log keeps the markup, so that
the page can be rebuilt.""",
)

MAX_CELL_CHARS = 100
"""A row of cells no longer than this is data, and one line; longer ones are a page's columns."""

_META_KEYS = ("name", "property", "itemprop", "http-equiv")
_NAMES = ("class", "itemprop", "property")
_BLANKS = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_LINE_END = re.compile(r"\r\n?|\n")
_INLINE_BLANKS = str.maketrans("\t\f", "  ")


class Time(NamedTuple):
    """A <time>: the number of its line, its `datetime`, and what its class and the like call it."""

    line: int
    stamp: str
    names: str = ""


@dataclass(frozen=True, slots=True)
class HeadStrings:
    """What a page says of itself, as raw strings; nothing here is read or judged yet.

    `meta` holds (key, content) in the order of the page, where the key is the `name`, `property`,
    `itemprop` or `http-equiv`, in lower case. `ld` holds the texts of the JSON-LD scripts. `times`
    holds the `datetime` of every <time> with the number of the line (of the lines that are not
    blank, from 0) that it stands in or before; behind all lines, that of the last. `items` holds
    (property, value) of the other elements whose `itemprop` or `property` says date, in lower case.
    """

    title: str = ""
    meta: tuple[tuple[str, str], ...] = ()
    ld: tuple[str, ...] = ()
    language: str | None = None
    times: tuple[Time, ...] = ()
    canonical: str | None = None
    items: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """For each line of a page that is not blank, in order: where it stood.

    `element` is the innermost block element it belongs to (a place in `Elements`), `links` the
    number of <a> with text in it, `link_chars` how many of its characters stand inside one.
    """

    element: list[int]
    link_chars: list[int]
    links: list[int]


@dataclass(frozen=True, slots=True)
class Elements:
    """The block elements of a page in document order, so that parents come before children.

    `parent` is -1 for the body, which is the first one; `hints` is a mask of `Hint`: what the
    element's class, id, role and the like say of it, of that element alone.
    """

    parent: list[int]
    tag: list[str]
    hints: list[int]


@dataclass(frozen=True, slots=True)
class Markup:
    """A page: its text, the structure of its lines, and what it says of itself."""

    text: str
    lines: Lines
    elements: Elements
    head: HeadStrings


class _Line(NamedTuple):
    """A line with the row of `Lines` it makes; `end` is the number of pieces up to its end."""

    element: int
    text: str
    link_chars: int
    links: int
    end: int


def parse(html: str) -> Markup:
    r"""The text and the structure of a page.

    Between blocks that stand apart (paragraphs, headings, lists, tables) is one blank line. A row
    of a table whose cells are short and plain is one line. Never fails; a page too deeply nested to
    be parsed in one loses elements around its text, no text.

    >>> page = parse("<title>T</title><h1>Tin <a href=/>mới</a></h1><div>Một<br>hai</div>")
    >>> page.text
    'Tin mới\n\nMột\nhai\n'
    >>> [page.elements.tag[element] for element in page.lines.element], page.lines.link_chars
    (['h1', 'div', 'div'], [3, 0, 0])
    >>> page.head.title
    'T'
    """
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - text pages never need it

    tree = Tree()
    for document in documents(html):
        # with scripts on, as in browsers, what is in <noscript> is no markup
        root = LexborHTMLParser(document, scripting=True).root
        if root is not None:
            tree.walk(root)
            if any(mark in document for mark in DATED_ITEMS):
                tree.tell_items(root)
    shape = layout(tree.elements)
    lines = list(_with_rows(_lines(tree.pieces, shape), tree.elements, shape))
    text = _text(lines, shape)
    lines = [line for line in lines if line.text]
    structure = Lines(
        [line.element for line in lines],
        [line.link_chars for line in lines],
        [line.links for line in lines],
    )
    elements = Elements(
        [parent for parent, _, _ in tree.elements],
        [tag for _, tag, _ in tree.elements],
        [mask for _, _, mask in tree.elements],
    )
    head = _head(tree.told, [line.end for line in lines])
    return Markup(text, structure, elements, head)


def _lines(pieces: Iterable[Piece], shape: Layout) -> Iterator[_Line]:
    """The lines with text; those of <pre> without text as well, with an empty one."""
    end = 0
    for _, group in groupby(pieces, itemgetter(0)):
        line_pieces = list(group)
        end += len(line_pieces)
        _, element, link, text = line_pieces[0]
        if element in shape.verbatim:
            yield from (_verbatim(element, line, end) for line in _cut(line_pieces))
        elif len(line_pieces) == 1:
            text = _squeeze(_trim(text))
            if text:
                yield _Line(element, text, *((len(text), 1) if link else (0, 0)), end)
        else:
            line = _line(element, line_pieces, end)
            if line.text:
                yield line


def _trim(text: str) -> str:
    r"""The text without the blanks around it, but for one that may be the end of a misread letter.

    UTF-8 read as Latin-1 has a no-break space for the second byte of à, and a next-line control for
    the last one of an ellipsis; both count as blanks.

    >>> _trim(" lÃ\xa0 "), _trim(" la\xa0 ")
    ('lÃ\xa0', 'la')
    """
    trimmed = text.strip()
    if "\x80" <= trimmed[-1:] <= "\xff":
        end = text.rindex(trimmed) + len(trimmed)
        if text[end : end + 1] in ("\xa0", "\x85"):
            return trimmed + text[end]
    return trimmed


def _squeeze(text: str) -> str:
    """The text with each run of blanks made one; most have nothing to make, and are told fast."""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        return _BLANKS.sub(" ", text)
    return text


def _line(element: int, pieces: Iterable[Piece], end: int) -> _Line:
    """A line of the pieces, each run of blanks made one, those around the line cut."""
    texts: list[str] = []
    link_chars = links = last_link = 0
    after_blank = True
    for _, _, link, piece in pieces:
        text = _squeeze(piece)
        if after_blank and text[:1] == " ":
            text = text[1:]
        if not text:
            continue
        after_blank = text[-1] == " "
        texts.append(text)
        if link:
            link_chars += len(text)
            links += link != last_link and text != " "
        last_link = link
    if after_blank and last_link:
        link_chars -= 1
    text = _trim("".join(texts))
    return _Line(element, text, min(link_chars, len(text)), links, end)


def _cut(pieces: Iterable[Piece]) -> Iterator[list[tuple[int, str]]]:
    """The links and texts of verbatim pieces, cut where their lines end."""
    line: list[tuple[int, str]] = []
    for _, _, link, piece in pieces:
        first, *others = _LINE_END.split(piece)
        line.append((link, first))
        for text in others:
            yield line
            line = [(link, text)]
    yield line


def _verbatim(element: int, pieces: Sequence[tuple[int, str]], end: int) -> _Line:
    """A line of the pieces with the blanks it starts with and those in it, tabs as blanks."""
    text = "".join(text for _, text in pieces).translate(_INLINE_BLANKS)
    text = text[: text.find(trimmed) + len(trimmed)] if (trimmed := _trim(text)) else ""
    linked = [(link, text) for link, text in pieces if link and text.strip()]
    link_chars = min(sum(len(text) for _, text in linked), len(text))
    return _Line(element, text, link_chars, len({link for link, _ in linked}), end)


def _with_rows(
    lines: Iterable[_Line], elements: Sequence[Element], shape: Layout
) -> Iterator[_Line]:
    """The lines, with those of the cells of a row of data made one that belongs to the row."""

    def row(line: _Line) -> int | None:
        parent, tag, _ = elements[line.element]
        return None if tag not in CELLS or parent in shape.columns else parent

    for element, group in groupby(lines, row):
        cells = list(group)
        if element is None or len(cells) == 1 or not _is_data(cells):
            yield from cells
        else:
            text = " | ".join(cell.text for cell in cells)
            link_chars = sum(cell.link_chars for cell in cells)
            links = sum(cell.links for cell in cells)
            yield _Line(element, text, link_chars, links, cells[-1].end)


def _is_data(cells: Sequence[_Line]) -> bool:
    """Short, and none of more than one line."""
    short = all(len(cell.text) <= MAX_CELL_CHARS for cell in cells)
    return short and len({cell.element for cell in cells}) == len(cells)


def _text(lines: Iterable[_Line], shape: Layout) -> str:
    texts: list[str] = []
    apart, before = False, -1
    for line in lines:
        here = shape.apart[line.element]
        if not line.text:
            apart = True
            continue
        if texts and (apart or here != before):
            texts.append("")
        texts.append(line.text)
        apart, before = False, here
    return "\n".join(texts) + "\n" if texts else ""


def _head(told: Iterable[Told], ends: Sequence[int]) -> HeadStrings:
    """What the page says of itself; `ends` has the number of pieces up to the end of each line."""
    title, language, canonical = "", None, None
    meta: list[tuple[str, str]] = []
    linked: list[str] = []
    times: list[Time] = []
    items: list[tuple[str, str]] = []
    for pieces, tag, values, text in told:
        if tag == "meta" and "content" in values:
            keys = dict.fromkeys(values[key].strip().lower() for key in _META_KEYS if key in values)
            meta += [(key, values["content"]) for key in keys]
        elif tag == "time" and "datetime" in values:
            line = min(bisect_right(ends, pieces), len(ends) - 1)
            names = " ".join(values[key] for key in _NAMES if key in values)
            times.append(Time(max(line, 0), values["datetime"], names))
        elif tag == ITEM:
            items.append((values["key"], text))
        elif tag == "script" and text:
            linked.append(text)
        elif tag == "title":
            title = title or text
        elif tag == "link" and "canonical" in values.get("rel", "").lower().split():
            canonical = canonical or values.get("href")
        elif tag == "html":
            language = language or values.get("lang") or values.get("xml:lang")
    return HeadStrings(
        title, tuple(meta), tuple(linked), language, tuple(times), canonical, tuple(items)
    )
