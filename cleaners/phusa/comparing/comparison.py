"""The comparison of two versions."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, get_args

import orjson

from phusa.comparing.difference import Changed, Difference, Kind, Side, TextChange, records
from phusa.comparing.drift import count, differ, drift
from phusa.comparing.matching import Reader, Row, differing
from phusa.comparing.records import article_of, changed_fields, kind_of, schema_changes, shared
from phusa.comparing.versions import Version
from phusa.comparing.words import changed_words, most_changed_words, pieces, runs
from phusa.release import ReleaseError
from phusa.release.tables import Column

_TITLE_CHARS = 200


def compare(old: Version, new: Version, *, most: int = 10) -> Difference:
    """Compare two versions, record by record.

    `most` bounds everything that is listed: moves, changes of text, ids. The order of the records,
    that of their keys and fields that only one schema has make no difference. Both versions are
    read once. Memory is that of 64 MiB of records of each, and of 38 bytes for each record whose
    partner comes later than that; the records themselves then wait, compressed, in a temporary
    file.

    Raises ReleaseError where a record cannot be read or there are not as many as the manifest says,
    OSError where there is no room on disk.
    """
    readers = Reader(old), Reader(new)
    tally = _Tally(shared(old.columns, new.columns), most)
    for before, after in differing(*readers):
        tally.add(before, after)
    changed = Changed(**{str(kind): number for kind, number in tally.kinds.items()})
    fields = sorted(tally.fields.items(), key=lambda item: (-item[1], item[0]))
    return Difference(
        old=_side(old, readers[0]),
        new=_side(new, readers[1]),
        added=tally.added,
        removed=tally.removed,
        unchanged=readers[0].records - tally.removed - changed.total,
        moved=tally.moved,
        changed=changed,
        fields=dict(fields),
        schema=schema_changes(old.columns, new.columns),
        drift=drift(old.statistics, new.statistics, most),
        statistics_differ=differ(old.statistics, new.statistics),
        largest=tuple(change for _, change in tally.largest),
        added_ids=tuple(tally.added_ids),
        removed_ids=tuple(tally.removed_ids),
    )


def _side(version: Version, reader: Reader) -> Side:
    if reader.records != (rows := sum(version.splits.values())):
        raise ReleaseError(
            f"{version.name[:80]!r} {version.version}: {records(reader.records)}, its manifest "
            f"says {rows:,}; `phusa verify` tells more"
        )
    return Side(
        name=version.name,
        version=version.version,
        schema=version.schema,
        content_id=version.content_id,
        records=reader.records,
        splits=version.splits,
        chars=count(version.statistics, "chars"),
        words=count(version.statistics, "words"),
        made=version.made,
    )


@dataclass(slots=True)
class _Tally:
    """What differs, so far. The lists hold the first `most` in order, whatever comes first."""

    columns: tuple[Column, ...]
    most: int
    added: int = 0
    removed: int = 0
    moved: int = 0
    kinds: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(get_args(Kind), 0))
    fields: Counter[str] = field(default_factory=Counter)
    added_ids: list[str] = field(default_factory=list)
    removed_ids: list[str] = field(default_factory=list)
    largest: list[tuple[tuple[bool, int, str], TextChange]] = field(default_factory=list)

    def add(self, old: Row | None, new: Row | None) -> None:
        """Take in two records of one id that are not the same line, or one without the other."""
        if old and new:
            self.moved += old.split != new.split
            if old.line != new.line:
                self._compare(old, new)
        elif old:
            self.removed += 1
            self._list(self.removed_ids, old.id)
        elif new:
            self.added += 1
            self._list(self.added_ids, new.id)

    def _list(self, ids: list[str], name: str) -> None:
        insort(ids, name)
        del ids[self.most :]

    def _compare(self, old: Row, new: Row) -> None:
        try:
            before, after = orjson.loads(old.line), orjson.loads(new.line)
            names = set(changed_fields(before, after, self.columns))
            if not names:
                return
            kind = kind_of(before, after, names)
        except (ValueError, AttributeError, RecursionError) as error:
            raise ReleaseError(
                f"record {old.id[:80]!r}: {error}; `phusa verify` tells more"
            ) from error
        self.kinds[kind] += 1
        self.fields.update(names)
        if kind in ("real", "diacritics"):
            self._rank(old.id, kind, before, after)

    def _rank(self, name: str, kind: Kind, old: dict[str, Any], new: dict[str, Any]) -> None:
        """List a change of text if it is one of the largest; those of words come first."""
        before, after = article_of(old), article_of(new)
        if not self._listed((kind != "real", -most_changed_words(before, after), "")):
            return
        went, came = changed_words(before, after)
        key = kind != "real", -(went + came), name
        if not went + came or not self._listed(key):
            return
        title = new.get("title")
        change = TextChange(
            id=name,
            title=title[:_TITLE_CHARS] if isinstance(title, str) else None,
            kind=kind,
            words_out=went,
            words_in=came,
            pieces=pieces(runs(before, after)),
        )
        insort(self.largest, (key, change), key=lambda item: item[0])
        del self.largest[self.most :]

    def _listed(self, key: tuple[bool, int, str]) -> bool:
        """Tell whether a change of text with this key is one of the largest so far."""
        last = self.largest[-1:]
        return len(self.largest) < self.most or any(key < other for other, _ in last)
