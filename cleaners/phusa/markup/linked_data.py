"""The JSON-LD of a page: which node speaks of the page itself, and what nodes say."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import orjson

Node = Mapping[str, Any]

MAX_CHARS = 2_000_000
"""Of all scripts of a page together; what comes after is not read."""
MAX_NODES = 5_000
MAX_TEXT_CHARS = 1_000
"""A longer name or headline is a mistake."""

_ARTICLES = frozenset(
    """article newsarticle reportagenewsarticle opinionnewsarticle analysisnewsarticle
    backgroundnewsarticle reviewnewsarticle askpublicnewsarticle advertisercontentarticle
    satiricalarticle scholarlyarticle medicalscholarlyarticle techarticle apireference
    blogposting liveblogposting socialmediaposting report blog creativework""".split()
)
_WORKS = frozenset(
    """discussionforumposting question recipe howto review criticreview product videoobject
    podcastepisode book event jobposting dataset course softwareapplication claimreview
    specialannouncement""".split()
)
_PAGES = frozenset("webpage itempage aboutpage faqpage qapage medicalwebpage profilepage".split())
_INTO = ("@graph", "mainEntity", "mainEntityOfPage")
"""Where the page's own node may stand; lists of items, comments and reviews are others'."""

_COMMA = re.compile(r",\s*(?=[}\]])")
_WRAPPER = re.compile(r"<!--|-->|/?/?\*?<!\[CDATA\[\*?/?|/?/?\*?\]\]>\*?/?")
_TAG = re.compile("<[^<>]{1,200}>")


def nodes(scripts: Iterable[str]) -> list[Node]:
    """The nodes at the top of JSON-LD scripts, and those under `@graph` and `mainEntity`.

    Broken scripts are repaired where that is cheap (control characters, comments, commas too many,
    escaped quotes, text behind the end), else left out. The order is that of the page, the outer
    nodes first.

    >>> [node["@type"] for node in nodes(['{"@graph": [{"@type": "WebPage",}]}', "no JSON"])[1:]]
    ['WebPage']
    """
    found: list[Node] = []
    left = MAX_CHARS
    for script in scripts:
        left -= len(script)
        if left < 0:
            break
        queue = deque([_parse(script)])
        while queue and len(found) < MAX_NODES:
            item = queue.popleft()
            if isinstance(item, dict):
                found.append(item)
                queue.extend(item[key] for key in _INTO if key in item)
            elif isinstance(item, list):
                queue.extend(item[:MAX_NODES])
    return found


def own(found: Iterable[Node], addresses: Iterable[str | None]) -> list[Node]:
    """The nodes that speak of the page, best first: articles, then other works, then the page.

    `addresses` are those of the page. Of several articles none is the page's unless one has the
    page's address: then the page is a list.

    >>> posts = nodes(['[{"@type": "BlogPosting", "url": "/a"}, {"@type": "BlogPosting"}]'])
    >>> own(posts, ["https://a.example/a/"]) == posts[:1], own(posts, [])
    (True, [])
    """
    paths = {path for path in map(_path, addresses) if path}
    by_rank: dict[int, list[Node]] = {}
    for node in found:
        rank = _rank(node)
        if rank is not None:
            by_rank.setdefault(rank, []).append(node)
    result: list[Node] = []
    for rank in sorted(by_rank):
        named = [node for node in by_rank[rank] if not paths.isdisjoint(_paths(node))]
        alike = {text(node, "headline", "name", "url", "@id") for node in by_rank[rank]}
        result += named or (by_rank[rank] if len(alike) == 1 or _is_page(rank) else [])
    return result


def text(node: Node, *keys: str) -> str | None:
    """The first of these properties that has a text: a string, or the name of a node.

    >>> text({"name": ["Tin &amp; ảnh"], "publisher": {"name": "Báo A"}}, "headline", "name")
    'Tin & ảnh'
    """
    return next((value for key in keys for value in texts(node.get(key))), None)


def texts(value: object, depth: int = 3) -> Iterator[str]:
    """All texts of a value: its strings, without entities and tags, and the names of its nodes."""
    if isinstance(value, str):
        if 0 < len(value) <= MAX_TEXT_CHARS:
            plain = " ".join(_TAG.sub("", unescape(value)).split())
            if plain:
                yield plain
    elif isinstance(value, list):
        if depth:
            for item in value[:100]:
                yield from texts(item, depth - 1)
    elif isinstance(value, dict) and depth:
        yield from texts(value.get("name", value.get("@value")), depth - 1)


def types(node: Node) -> set[str]:
    """The types of a node in lower case, without the address of the vocabulary."""
    return {name.rpartition("/")[2].lower() for name in texts(node.get("@type"))}


def _is_page(rank: int) -> bool:
    return rank == 2


def _rank(node: Node) -> int | None:
    names = types(node)
    for rank, group in enumerate((_ARTICLES, _WORKS, _PAGES)):
        if not names.isdisjoint(group):
            return rank
    return None


def _paths(node: Node) -> Iterator[str]:
    """The paths of the addresses that a node gives of itself."""
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id", value.get("url"))
        if isinstance(value, str):
            yield _path(value)


def _path(address: str | None) -> str:
    """The path and query of an address, to compare; empty for none and for the root of a site."""
    try:
        parts = urlsplit((address or "").strip())
    except ValueError:
        return ""  # an address that is none
    path = parts.path.rstrip("/").lower()
    return f"{path}?{parts.query}" if parts.query else path


def _parse(script: str) -> object:
    """A script as JSON, mended where it is not; None where it cannot be."""
    try:
        return orjson.loads(script)
    except orjson.JSONDecodeError:
        pass
    script = _WRAPPER.sub("", script).strip().rstrip(";")
    if '"' not in script:
        script = unescape(script)
    try:
        # `strict=False` takes control characters; `raw_decode` leaves what stands behind the end
        return json.JSONDecoder(strict=False).raw_decode(_COMMA.sub("", script))[0]
    except (ValueError, RecursionError):
        return None
