"""What a record says of itself, against what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

_DAY = len("2024-05-01")
_DATES = ("published", "modified")
_BOUNDS = ("not_before", "not_after")
_PLACES = ("locality",), ("publisher", "locality")


def untrue(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find what a valid record says that is not so, by JSON pointer.

    Its digest and its counts, a lead that does not begin the text, days and times that never were.

    >>> text = {"lead": "Tin.", "text": "Tin mới.", "text_sha256": "0" * 64}
    >>> dates = {"published": None, "modified": None, "locality": None, "publisher": None}
    >>> record = text | dates | {"counts": {"chars": 8, "words": 3}}
    >>> [pointer for pointer, _ in untrue(record)]
    ['/text_sha256', '/counts/words', '/lead']
    """
    yield from miscounted(record)
    lead = record["lead"]
    if lead is not None and not record["text"].startswith(lead):
        yield "/lead", "the text does not begin with it"
    for pointer, value in _dates(record):
        if not _is_date(value):
            yield pointer, f"{value}, and there is no such day or time"


def miscounted(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find digest and counts of a valid record that are not those of its text, by JSON pointer.

    >>> record = {"text": "Tin mới.", "text_sha256": "0" * 64, "counts": {"chars": 9, "words": 2}}
    >>> list(miscounted(record))[1]
    ('/counts/chars', '9, the text has 8')
    """
    text, counts = record["text"], record["counts"]
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    true = {
        "/text_sha256": (record["text_sha256"], digest),
        "/counts/chars": (counts["chars"], len(text)),
        "/counts/words": (counts["words"], len(text.split())),
    }
    for pointer, (said, is_) in true.items():
        if said != is_:
            yield pointer, f"{said}, the text has {is_}"


def _dates(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The dates that a record states."""
    for name in _DATES:
        found = record[name]
        if found is not None:
            yield f"/{name}/value", found["value"]
            yield from ((f"/{name}/{bound}", found[bound]) for bound in _BOUNDS if found[bound])
    for path in _PLACES:
        place: Any = record
        for key in path:
            place = place and place[key]
        if place and place["as_of"]:
            yield f"/{'/'.join(path)}/as_of", place["as_of"]


def _is_date(value: str) -> bool:
    """Whether a date, cut to its precision, is one; by the schema it looks like one.

    >>> _is_date("2024-02-29"), _is_date("2025-02-29"), _is_date("2025"), _is_date("0000-01")
    (True, False, True, False)
    >>> _is_date("2025-02-28T08:30+07:00"), _is_date("2025-02-28T08:30+77:00")
    (True, False)
    """
    try:
        datetime.fromisoformat(value if len(value) > _DAY else f"{value}-01-01"[:_DAY])
    except ValueError:
        return False
    return True
