"""The walk over a parsed page: its block elements, and its text in pieces that know their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from phusa.markup.hints import hints

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

CELLS = frozenset(("td", "th"))
LINKED_DATA = "application/ld+json"
ITEM = "item"
"""The tag of what is told of a date in an item, whatever its own tag is."""
MAX_ITEMS = 5_000
MAX_ITEM_CHARS = 200
MAX_ITEM_NODES = 8
DATED_ITEMS = 'itemprop="date', 'itemProp="date', 'property="schema:date'
"""What markup holds that has dates in items."""

_APART = frozenset(
    "blockquote dd dl figure h1 h2 h3 h4 h5 h6 listing ol p plaintext pre table ul xmp".split()
)
_VERBATIM = frozenset("listing plaintext pre xmp".split())
_FOLDED = frozenset("dt h1 h2 h3 h4 h5 h6 summary".split())

_BODY, _BLOCK, _LINE_END, _LINK, _TIME, _BUTTON, _SILENT, _TOLD = range(8)
_KINDS: dict[str | None, int] = {
    tag: kind
    for kind, tags in {
        _BODY: "body",
        _BLOCK: """address article aside blockquote caption center dd details dialog dir div dl dt
            fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup legend li
            listing main menu nav ol p plaintext pre search section summary table tbody td tfoot th
            thead tr ul xmp""",
        _LINE_END: "br hr",
        _LINK: "a",
        _TIME: "time",
        _BUTTON: "button",
        _SILENT: """annotation annotation-xml audio canvas datalist embed iframe input map meter
            noembed noframes noscript object progress select style svg template textarea video""",
        _TOLD: "html link meta script title",
    }.items()
    for tag in tags.split()
}
"""What to do at an element; others are inline, and stand where their parent does."""

Element = tuple[int, str, int]
"""A block element: its parent's place among the elements (-1 for the body), its tag, its hints."""

Piece = tuple[int, int, int, str]
"""A piece of text: the number of its line, its element, the number of its link or 0, the text."""

_Place = tuple[int, int]
"""The element that text belongs to, and the number of the link around it or 0."""


class Told(NamedTuple):
    """An element that tells something of the page, and the number of pieces before it.

    `values` are its attributes but for empty ones, `text` what a title or a JSON-LD script holds.
    """

    pieces: int
    tag: str
    values: dict[str, str]
    text: str


@dataclass(slots=True)
class Tree:
    """What the walks over the documents of a page gather.

    `elements` are in document order, the body first. Pieces of one element between two line ends
    make a line.
    """

    elements: list[Element] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    links: int = 0

    def walk(self, root: LexborNode) -> None:
        """Gather what is under the root of a document."""
        elements, pieces = self.elements, self.pieces
        places: dict[int, _Place] = {}  # by node; what is below other nodes is silent
        line = pieces[-1][0] + 1 if pieces else 0
        current = written = -1  # the element the line belongs to, the last line with text
        for node in root.traverse(include_text=True):
            tag = node.tag
            parent = node.parent
            place = places.get(parent.mem_id) if parent is not None else None
            if tag == "-text":
                if place is None:
                    continue
                if place[0] != current:
                    current = place[0]
                    line += 1
                text = node.text_content or ""
                if line == written or not text.isspace():
                    pieces.append((line, current, place[1], text))
                    written = line
                continue
            kind = _KINDS.get(tag)
            if kind is None and tag is not None and tag.find("-") > 0:
                kind = _BLOCK  # a custom element, most of which are boxes
            if kind == _TOLD:
                self._tell(node, silent=place is None)
                continue
            if place is None:
                if kind != _BODY:
                    continue
                if not elements:
                    elements.append((-1, "body", hints(node.attributes)))
                place = (0, 0)
            elif kind == _BLOCK:
                line += 1
                elements.append((place[0], tag or "", hints(node.attributes)))
                place = (len(elements) - 1, place[1])
            elif kind == _LINK:
                self.links += 1
                place = (place[0], self.links)
            elif kind == _LINE_END:
                line += 1
            elif kind == _TIME:
                self._tell(node, silent=False)
            elif kind == _SILENT or (kind == _BUTTON and not _is_heading(node)):
                continue
            places[node.mem_id] = place

    def tell_items(self, root: LexborNode) -> None:
        """Keep the dates in items that are neither in the head nor a <time>."""
        dated = root.css("[itemprop*='date' i], [property*='date' i]")
        for node in dated[:MAX_ITEMS]:
            values = {name: value for name, value in node.attributes.items() if value}
            key = values.get("itemprop", values.get("property", "")).lower()
            if node.tag not in ("meta", "time"):
                text = values.get("content") or values.get("datetime") or _start(node)
                text = " ".join(text[:MAX_ITEM_CHARS].split())
                self.told.append(Told(len(self.pieces), ITEM, {"key": key}, text))

    def _tell(self, node: LexborNode, *, silent: bool) -> None:
        """Keep what an element tells; not the element, which would keep its whole document."""
        tag, text = node.tag or "", ""
        values = {name: value for name, value in node.attributes.items() if value}
        in_head = node.parent is not None and node.parent.tag == "head"
        is_title = tag == "title" and (in_head or not silent)  # pictures have titles of their own
        if is_title or LINKED_DATA in values.get("type", "").lower():
            child = node.first_child
            text = (child.text_content or "") if child is not None else ""
        if values or text:
            self.told.append(Told(len(self.pieces), tag, values, text))


def _start(node: LexborNode) -> str:
    """The text that an element starts with; not all of it, for items may hold each other."""
    inner = islice(node.traverse(include_text=True), MAX_ITEM_NODES)
    return " ".join((text.text_content or "") for text in inner if text.tag == "-text")


def _is_heading(button: LexborNode) -> bool:
    """Whether a button is all there is in a heading: what it opens is folded below it."""
    parent = button.parent
    if parent is None or parent.tag not in _FOLDED:
        return False
    beside = (button.prev, button.next)
    return all(node is None or not (node.text_content or "x").strip() for node in beside)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the elements lay out their lines.

    `apart` has for each element the innermost one that stands apart, of itself and those around it:
    lines of which it differs have a blank line between them. `verbatim` holds the elements that
    keep their line ends and blanks, `columns` the table rows with blocks in their cells.
    """

    apart: list[int]
    verbatim: set[int]
    columns: set[int]


def layout(elements: Sequence[Element]) -> Layout:
    """The layout of a page.

    >>> layout([(-1, "body", 0), (0, "div", 0), (1, "pre", 0), (0, "div", 0)])
    Layout(apart=[0, 0, 2, 0], verbatim={2}, columns=set())
    """
    found = Layout([], set(), set())
    for element, (parent, tag, _) in enumerate(elements):
        if parent < 0 or tag in _APART:
            found.apart.append(element)
        else:
            found.apart.append(found.apart[parent])
        if tag in _VERBATIM or parent in found.verbatim:
            found.verbatim.add(element)
        if parent > 0 and elements[parent][1] in CELLS:
            found.columns.add(elements[parent][0])
    return found
