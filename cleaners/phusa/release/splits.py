"""Which split a record goes to: by the recipe and the record alone, so that none ever moves.

A hash of the id, the site or the place decides, so all records of a site, or of a province, are on
one side, and records that come later change nothing for those that were there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from phusa.recipe import Splits
from phusa.release.statistics import region


def split_of(record: Mapping[str, Any], splits: Splits) -> str:
    """Name the split of a record.

    What the split is by may be unknown: such a record is in the first split.

    >>> splits = Splits("site", (("train", 9), ("test", 1)))
    >>> {split_of({"source": {"site": site}}, splits) for site in ("a.vn", None)}
    {'train'}
    >>> by_date = Splits("date", starts=(("test", "2025-01-01"),))
    >>> day = {"value": "2025", "precision": "year", "not_after": None}
    >>> split_of({"published": day}, by_date)
    'test'
    """
    if len(splits.names) == 1:
        return splits.names[0]
    if splits.by == "date":
        return _dated(record["published"], splits)
    match splits.by:
        case "id":
            key = record["id"]
        case "site":
            key = record["source"]["site"]
        case "locality":
            key = record["locality"] and region(record["locality"])
    return splits.names[0] if key is None else _hashed(f"{splits.by}:{key}", splits)


def _hashed(key: str, splits: Splits) -> str:
    """Take the split in whose share the hash of a key falls; shares lie end to end."""
    total = sum(share for _, share in splits.shares)
    place = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) * total
    filled = 0
    for name, share in splits.shares:
        filled += share
        if place < filled << 64:
            return name
    raise AssertionError("a hash is under 1")


def _dated(published: Mapping[str, Any] | None, splits: Splits) -> str:
    """Take the last split that has begun on the last day that a record can be of.

    The last one, as a year alone may be any day of it: the records to learn from must not hold what
    those to test with come before.
    """
    if published is None:
        return splits.names[0]
    latest = published["not_after"] or f"{published['value']}-99-99"[: len("2025-07-01")]
    begun = [name for name, start in splits.starts if start <= latest]
    return begun[-1] if begun else splits.names[0]
