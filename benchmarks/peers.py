"""Other extractors, as functions from a gold page to the text they find in it.

A peer that is not installed raises ImportError when it is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import version

from phusa import clean
from phusa.evaluation import GoldPage

Extract = Callable[[GoldPage], str]

TERMINAL = (".", "!", "?", '"')
MIN_WORDS = 5
LINE_COST, MAX_LINE = 70, 300
WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")

STOPLISTS = {
    "ar": "Arabic", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fr": "French", "it": "Italian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ru": "Russian", "sv": "Swedish", "vi": "Vietnamese",
}  # fmt: skip


def text_of(page: GoldPage) -> str:
    source = page.source
    return source if isinstance(source, str) else source.decode("utf-8", "replace")


def phusa() -> Extract:
    return lambda page: clean(page.source, page.url, media_type=page.media_type).text


def keep_all() -> Extract:
    return text_of


def c4() -> Extract:
    """C4's line rule (Raffel et al. 2020): ends with a terminal mark, at least five words."""

    def extract(page: GoldPage) -> str:
        lines = (line.strip() for line in text_of(page).split("\n"))
        return "\n".join(x for x in lines if x.endswith(TERMINAL) and len(x.split()) >= MIN_WORDS)

    return extract


def span() -> Extract:
    """The run of lines with the largest sum of min(length, 300) - 70."""

    def extract(page: GoldPage) -> str:
        lines = [line for line in text_of(page).split("\n") if line.strip()]
        best, total, start, run = 0.0, 0.0, 0, slice(0, 0)
        for i, line in enumerate(lines):
            if total <= 0:
                total, start = 0.0, i
            total += min(len(line) + 1.5 * len(WIDE.findall(line)), MAX_LINE) - LINE_COST
            if total > best:
                best, run = total, slice(start, i + 1)
        return "\n".join(lines[run])

    return extract


def trafilatura(**options: bool) -> Extract:
    from trafilatura import extract

    return lambda page: extract(text_of(page), include_comments=False, **options) or ""


def readability() -> Extract:
    from lxml.html import fromstring
    from readability import Document

    def extract(page: GoldPage) -> str:
        return "\n".join(fromstring(Document(text_of(page)).summary()).itertext())

    return extract


def resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: extract_plain_text(
        text_of(page), main_content=True, alt_texts=False, links=False, noscript=False
    )


def justext() -> Extract:
    """The language is told where the gold names it; else there are no stop words."""
    from justext import get_stoplist
    from justext import justext as paragraphs

    stoplists = {code: get_stoplist(name) for code, name in STOPLISTS.items()}

    def extract(page: GoldPage) -> str:
        stoplist = stoplists.get(page.language or "")
        options = {} if stoplist else {"stopwords_low": 0, "stopwords_high": 0}
        found = paragraphs(text_of(page), stoplist or frozenset(), **options)
        return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)

    return extract


TEXT: dict[str, Callable[[], Extract]] = {
    "phusa": phusa, "keep all": keep_all, "C4 lines": c4, "span": span,
}  # fmt: skip

HTML: dict[str, Callable[[], Extract]] = {
    "phusa": phusa,
    "trafilatura fast": lambda: trafilatura(fast=True),
    "trafilatura": trafilatura,
    "trafilatura precision": lambda: trafilatura(favor_precision=True),
    "trafilatura recall": lambda: trafilatura(favor_recall=True),
    "readability-lxml": readability,
    "resiliparse": resiliparse,
    "jusText": justext,
}

PACKAGES = ("phusa", "trafilatura", "readability-lxml", "resiliparse", "jusText")


def versions() -> dict[str, str]:
    """The versions of the packages that are installed."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except ImportError:  # PackageNotFoundError is one
            continue
    return found
