"""Personal data in all that a record publishes: counted in the page and beside it, replaced beside.

Beside the page stand the authors, the publisher's name, what dates and places were read from, and
what the source states: `license`, `fetched_at` and its other fields. Passed over is what finds the
page again (`id`, `url`, the path and site of the source); in it a token would break the trail.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from phusa.facts import Locality, Published, Publisher
from phusa.findings import Finding
from phusa.page import Article, RawDocument, Span
from phusa.quality import privacy


def in_page(article: Article) -> list[Finding]:
    """The personal data in title, text and captions, in the coordinates of the clean page.

    What is in a title that stands beside the page has no place in it and is put at its start.
    """
    if not article.is_article:
        return []
    title = article.title_span
    spans = sorted((*article.body_spans, *article.caption_spans, *filter(None, (title,))))
    found = [f for f in privacy.pieces(article.page) if _is_inside(f, spans)]
    if article.stated_title and not title:
        beside = privacy.pieces(article.stated_title)
        found = [*(replace(f, start=0, end=0) for f in beside), *found]
    return found


def _is_inside(found: Finding, spans: Sequence[Span]) -> bool:
    """Whether a finding lies in one of some spans, given in their order."""
    i = bisect_right(spans, found.start, key=lambda span: span[0])
    return i > 0 and found.start < spans[i - 1][1]


def beside_page(article: Article) -> list[Finding]:
    """The personal data beside the page; the findings count it, their places mean nothing."""
    return privacy.pieces("\n".join(_texts(article))) if article.is_article else []


def redacted(article: Article, kinds: Collection[str]) -> Article:
    """An article with tokens for some kinds of personal data in what stands beside its page.

    Its page is left alone, as are its content and so the digest of that.
    """
    beside = "\n".join((article.stated_title or "", *_texts(article)))
    if not privacy.redactions(beside, kinds):
        return article
    return replace(
        article,
        source=_source(article.source, kinds),
        stated_title=_text(article.stated_title, kinds),
        authors=tuple(privacy.redacted(author, kinds) for author in article.authors),
        published=_date(article.published, kinds),
        modified=_date(article.modified, kinds),
        locality=_place(article.locality, kinds),
        publisher=_publisher(article.publisher, kinds),
    )


def _texts(article: Article) -> Iterator[str]:
    """The texts from outside that a record holds beside title, text and captions."""
    yield from article.authors
    publisher, source = article.publisher, article.source
    if publisher is not None:
        yield publisher.name
        if publisher.locality is not None:
            yield publisher.locality.evidence
    for fact in (article.published, article.modified, article.locality):
        if fact is not None:
            yield fact.evidence
    yield from filter(None, (source.license, source.fetched_at))
    if source.extra:
        yield from _leaves(source.extra)


def _leaves(fields: object) -> Iterator[str]:
    """The strings of a JSON value, the names of its fields among them, and its numbers as text."""
    rest = [fields]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, (int, float)):
            yield _number(value)
        elif isinstance(value, Mapping):
            rest += (*value, *value.values())
        elif isinstance(value, (list, tuple)):
            rest += value


def _number(value: float) -> str:
    """A number as text; tables with gaps in them write whole numbers as 84912345678.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _json(value: object, kinds: Collection[str]) -> object:
    """A JSON value with tokens in its strings; a number that holds a piece becomes a string.

    Of fields that come to have the same name the last one stays.
    """
    if isinstance(value, str):
        return privacy.redacted(value, kinds)
    if isinstance(value, (int, float)):
        text = _number(value)
        token = privacy.redacted(text, kinds)
        return value if token == text else token
    if isinstance(value, Mapping):
        return {privacy.redacted(name, kinds): _json(one, kinds) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(one, kinds) for one in value]
    return value


def _source(source: RawDocument, kinds: Collection[str]) -> RawDocument:
    extra = _json(source.extra, kinds)
    return replace(
        source,
        license=_text(source.license, kinds),
        fetched_at=_text(source.fetched_at, kinds),
        extra=extra if isinstance(extra, dict) else source.extra,
    )


def _text(text: str | None, kinds: Collection[str]) -> str | None:
    return text and privacy.redacted(text, kinds)


def _date(date: Published | None, kinds: Collection[str]) -> Published | None:
    return date and replace(date, evidence=privacy.redacted(date.evidence, kinds))


def _place(place: Locality | None, kinds: Collection[str]) -> Locality | None:
    return place and replace(place, evidence=privacy.redacted(place.evidence, kinds))


def _publisher(publisher: Publisher | None, kinds: Collection[str]) -> Publisher | None:
    return publisher and replace(
        publisher,
        name=privacy.redacted(publisher.name, kinds),
        locality=_place(publisher.locality, kinds),
    )
