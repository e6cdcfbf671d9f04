"""The title of a page, chosen among those it gives itself, without the name of the site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import unescape

MIN_AGREEMENT = 0.2
"""Chosen on the development pages; from 0.15 to 0.3 the marks are the same within the noise."""
MAX_TITLE_CHARS = 300
MIN_NAME_CHARS = 4
"""A shorter part of a site's name does not stand for it."""

_WORD = re.compile(r"[^\W_]+")
_BLANKS = re.compile("[ \t\n\r\f]+")
"""What HTML counts as blank. Others are for the repair: one may be half of a misread `à`."""
_SEPARATOR = re.compile(r"\s+[|–—:»«·•/\\<>~-]+\s+|\s*[|»]\s*|:\s+")


def best_title(
    headings: Sequence[str], declared: Sequence[str], site_names: Iterable[str]
) -> str | None:
    """The title of a page out of its first-level headings and the titles its head declares.

    The heading is taken that agrees best with what the head declares, if one agrees at all, for
    heads are written for search engines; else the first declared title. The name of the site is no
    title and is split off: `site_names` are its names and its domain.

    >>> best_title(["Báo A", "Cầu mới thông xe"], ["Cầu mới thông xe | Báo A"], ["Báo A"])
    'Cầu mới thông xe'
    >>> best_title(["Menu"], ["Bridge opens - Example News"], ["example.com"])
    'Bridge opens - Example News'
    """
    names = site_keys(site_names)
    declared = [title for title in map(_plain, declared) if title]
    stripped = [without_site(title, names) for title in declared]
    if any(not is_site(text, names) for text in (*stripped, *map(_plain, headings))):
        stripped = [title for title in stripped if not is_site(title, names)]
        declared = [title for title in declared if not is_site(title, names)]
    known = [_words(title) for title in dict.fromkeys([*declared, *stripped])]
    best, best_agreement = None, MIN_AGREEMENT if known else 0.0
    for heading in map(_plain, headings):
        if heading and not is_site(heading, names):
            words = _words(heading)
            agreement = max((_dice(words, other) for other in known), default=1.0)
            if agreement > best_agreement:
                best, best_agreement = heading, agreement
    if best is None:
        return next(iter(stripped), None)
    return without_site(best, names)


def site_keys(names: Iterable[str]) -> frozenset[str]:
    """What a site is called, in a form to compare: its names, their parts, labels of a domain.

    >>> sorted(site_keys(["Báo A – Tin nhanh", "bao-a.example"]))
    ['baoa', 'baoaexample', 'báoa', 'báoatinnhanh', 'tinnhanh']
    """
    keys: set[str] = set()
    for name in map(_plain, names):
        keys.add(_key(name))
        keys.update(map(_key, _SEPARATOR.split(name)))
        if " " not in name and "." in name:
            keys.update(_key(label) for label in name.split(".")[:-1] if len(label) > 3)
    return frozenset(keys - {""})


def is_site(part: str, names: frozenset[str]) -> bool:
    """Whether a part of a title is the name of the site, or much of it; or has no words."""
    key = _key(part)
    if not key or key in names:
        return True
    return len(key) >= MIN_NAME_CHARS and any(
        key in name and len(key) * 3 >= len(name) for name in names
    )


def without_site(title: str, names: frozenset[str]) -> str:
    """A title without the site's name before or after it.

    >>> without_site("Cầu mới: thông xe | Tin nhanh | Báo A", site_keys(["Báo A"]))
    'Cầu mới: thông xe | Tin nhanh'
    """
    cuts = list(_SEPARATOR.finditer(title))
    first, last = 0, len(cuts)
    start = 0
    end = len(title)
    while last > first and is_site(title[cuts[last - 1].end() : end], names):
        last -= 1
        end = cuts[last].start()
    while first < last and _key(title[start : cuts[first].start()]) in names:
        start = cuts[first].end()
        first += 1
    return title[start:end].strip(" ") or title


def _plain(title: str) -> str:
    """A title on one line, without entities that were escaped twice; empty where it is too long."""
    title = _BLANKS.sub(" ", unescape(title)).strip(" ")
    return title if len(title) <= MAX_TITLE_CHARS else ""


def _key(text: str) -> str:
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _dice(words: list[str], others: list[str]) -> float:
    """How much two lists of words have in common, 0 to 1."""
    both = (Counter(words) & Counter(others)).total()
    return 2 * both / (len(words) + len(others) or 1)
