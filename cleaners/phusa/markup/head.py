"""What an HTML page says about itself: title, publication date, authors, site, language.

The page's JSON-LD goes before its meta tags, and those before what stands in its lines; where the
page says nothing, nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import chain

from phusa.bylines import names
from phusa.dates import day_order
from phusa.facts import Published
from phusa.findings import EVERY_RULE, Selection
from phusa.hosts import host
from phusa.markup import linked_data
from phusa.markup.blocks import HeadStrings, Markup
from phusa.markup.dating import choose
from phusa.markup.declared import declared_dates
from phusa.markup.linked_data import Node
from phusa.markup.shown import Shown
from phusa.markup.titles import best_title
from phusa.recipe import LANGUAGE

MAX_NAME_CHARS = 80
MAX_AUTHORS = 20

_TITLE_KEYS = ("og:title", "twitter:title", "citation_title", "dc.title", "parsely-title")
_SITE_KEYS = ("og:site_name", "application-name")
_AUTHOR_KEYS = (
    "author article:author citation_author dc.creator parsely-author sailthru.author".split()
)
_LANGUAGE_KEYS = ("content-language", "dc.language", "og:locale", "language")
_NO_NAME = re.compile(
    r"https?:|www\.|\S@|[{}<>=]|^\W*\d*\W*$|^(?:admin|null|none|undefined)$", re.IGNORECASE
)


Meta = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says about itself; None or empty where it says nothing.

    `site` is the name of the site, else of its publisher; `language` a BCP 47 code.
    """

    title: str | None = None
    published: Published | None = None
    modified: Published | None = None
    authors: tuple[str, ...] = ()
    site: str | None = None
    language: str | None = None


def headings(page: Markup) -> list[tuple[int, str]]:
    """The first-level headings of a page: the number of their first line, and their text.

    >>> from phusa.markup.blocks import parse
    >>> headings(parse("<p>Báo A</p><h1>Cầu mới<br>thông xe</h1>"))
    [(1, 'Cầu mới thông xe')]
    """
    parent, tags = page.elements.parent, page.elements.tag
    heading: dict[int, int] = {}  # the <h1> that elements are or stand in; theirs come after it
    for first in [element for element, tag in enumerate(tags) if tag == "h1"]:
        element = first
        while first not in heading or (element < len(tags) and parent[element] >= first):
            heading[element] = element if tags[element] == "h1" else heading[parent[element]]
            element += 1
    found: dict[int, list[int]] = {}
    for number, element in enumerate(page.lines.element):
        if element in heading:
            found.setdefault(heading[element], []).append(number)
    if not found:
        return []
    lines = [line for line in page.text.split("\n") if line]
    return [(numbers[0], " ".join(map(lines.__getitem__, numbers))) for numbers in found.values()]


def read_head(
    strings: HeadStrings,
    headings: Sequence[str] = (),
    url: str | None = None,
    fetched_at: str | None = None,
    shown: Shown | None = None,
    on: Selection = EVERY_RULE,
) -> Head:
    """Read the head of a page; `headings` are its lines in <h1>, in their order.

    `on` are the rules that may tell a date. A date before 1990 or after the page was fetched (ISO
    8601) cannot be right and is passed over.

    >>> strings = HeadStrings(
    ...     title="Cầu mới thông xe - Báo A",
    ...     meta=(("og:site_name", "Báo A"), ("article:published_time", "2024-05-01T08:30+07:00")),
    ... )
    >>> head = read_head(strings, ["Cầu mới thông xe"], "https://a.example/cau-moi.html")
    >>> head.title, head.site, head.published.value, head.published.rule
    ('Cầu mới thông xe', 'Báo A', '2024-05-01T08:30+07:00', 'MET111')
    """
    meta: dict[str, list[str]] = {}
    for key, content in strings.meta:
        meta.setdefault(key, []).append(content)
    nodes = linked_data.nodes(strings.ld)
    own = linked_data.own(nodes, (url, strings.canonical, *meta.get("og:url", ())))
    language = _language(strings, meta, own)
    site = _site(meta, nodes, own)
    title = _title(strings, headings, meta, own, (site or "", host(url)))
    order = day_order(language, url)
    declared = declared_dates(meta, own, strings.items, url, order)
    visible = shown.dates(title, strings.times, order) if shown else ()
    published, modified = choose(chain(declared, visible), fetched_at, on)
    return Head(
        title=title,
        published=published,
        modified=modified,
        authors=_authors(meta, own),
        site=site,
        language=language,
    )


def _title(
    strings: HeadStrings,
    headings: Sequence[str],
    meta: Meta,
    own: Sequence[Node],
    site_names: Iterable[str],
) -> str | None:
    declared = [content for key in _TITLE_KEYS for content in meta.get(key, ())[:1]]
    headline = own and linked_data.text(own[0], "headline")
    return best_title(headings, [*declared, strings.title, headline or ""], site_names)


def _authors(meta: Meta, own: Sequence[Node]) -> tuple[str, ...]:
    """Those of the page's node, else those of the meta tags; addresses and fillers are no names."""
    for node in own:
        found = list(linked_data.texts(node.get("author", node.get("creator"))))
        if linked := _people(found):
            return linked
    for key in _AUTHOR_KEYS:
        found = [name for content in meta.get(key, ()) for name in _apart(content)]
        if named := _people(found):
            return named
    return ()


def _people(found: Iterable[str]) -> tuple[str, ...]:
    people = (name for name in found if len(name) <= MAX_NAME_CHARS and not _NO_NAME.search(name))
    return tuple(dict.fromkeys(people))[:MAX_AUTHORS]


def _apart(content: str) -> list[str]:
    """The names in a text, each for itself where it is nothing but names."""
    content = " ".join(content.split())
    if len(content) > MAX_AUTHORS * MAX_NAME_CHARS:
        return []
    found = names(content)
    return found if 2 * sum(map(len, found)) > len(content) else [content]


def _site(meta: Meta, nodes: Sequence[Node], own: Sequence[Node]) -> str | None:
    declared = (content for key in _SITE_KEYS for content in meta.get(key, ()))
    publishers = (text for node in own for text in linked_data.texts(node.get("publisher")))
    sites = (
        text
        for node in nodes
        if "website" in linked_data.types(node)
        for text in linked_data.texts(node.get("name"))
    )
    for name in (*declared, *publishers, *sites):
        plain = " ".join(unescape(name).split())
        if plain and len(plain) <= MAX_NAME_CHARS and not _NO_NAME.search(plain):
            return plain
    return None


def _language(strings: HeadStrings, meta: Meta, own: Sequence[Node]) -> str | None:
    declared = (content for key in _LANGUAGE_KEYS for content in meta.get(key, ()))
    linked = (text for node in own for text in linked_data.texts(node.get("inLanguage")))
    codes = map(language_code, (strings.language or "", *declared, *linked))
    return next((code for code in codes if code), None)


def language_code(declared: str) -> str | None:
    """What a page gives as its language as a BCP 47 code, or None where it is none.

    >>> [language_code(code) for code in ("vi_VN", "zh-hans-cn", "en-us", "English", "und")]
    ['vi-VN', 'zh-Hans-CN', 'en-US', None, None]
    """
    code = declared.strip().split(",")[0].split(".")[0].replace("_", "-")
    if not LANGUAGE.fullmatch(code):
        return None
    first, *rest = code.lower().split("-")
    if first in ("und", "mul", "zxx", "x"):
        return None
    forms = {2: str.upper, 4: str.capitalize}
    return "-".join([first, *(forms.get(len(part), str)(part) for part in rest)])
