"""The numbers of a release, counted while records go by and merged over workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Statistics:
    """Counts over documents and records; `manifest-1.0.0` says what each one is.

    Where a count is by value, records without a value are in none.

    >>> some, more = Statistics(records=1), Statistics(records=2)
    >>> more.add_rejected("QUA010")
    >>> some.merge(more)
    >>> some.records, some.documents, some.rejected
    (3, 4, Counter({'QUA010': 1}))
    """

    records: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    chars: int = 0
    words: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    precisions: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    place_precisions: Counter[str] = field(default_factory=Counter)
    told_by: Counter[str] = field(default_factory=Counter)
    with_title: int = 0
    with_date: int = 0
    with_authors: int = 0
    with_place: int = 0
    with_inferred_date: int = 0
    lengths: Counter[str] = field(default_factory=Counter)
    personal_data: Counter[str] = field(default_factory=Counter)
    with_personal_data: int = 0

    @property
    def documents(self) -> int:
        """Documents that were read: each became a record or was rejected."""
        return self.records + self.rejected.total()

    def add_record(self, record: Mapping[str, Any]) -> None:
        """Count a valid record."""
        self.records += 1
        self.chars += record["counts"]["chars"]
        self.words += record["counts"]["words"]
        self.with_title += record["title"] is not None
        self.with_authors += bool(record["authors"])
        if language := record["language"]:
            self.languages[language["code"]] += 1
        if (site := record["source"]["site"]) is not None:
            self.sites[site] += 1
        if published := record["published"]:
            self.with_date += 1
            self.years[published["value"][:4]] += 1
            self.precisions[published["precision"]] += 1
            self.with_inferred_date += published["inferred"]
        self.lengths[str(1 << record["counts"]["chars"].bit_length() - 1)] += 1
        pieces = {kind: n for kind, n in record["personal_data"].items() if n}
        self.personal_data.update(pieces)
        self.with_personal_data += bool(pieces)
        for fact in (record["published"], record["modified"], record["locality"]):
            if fact:
                self.told_by[fact["rule"]] += 1
        if place := record["locality"]:
            self.with_place += 1
            self.place_precisions[place["precision"]] += 1
            self.places[region(place)] += 1

    def add_rejected(self, rule: str) -> None:
        """Count a document that `rule` rejected."""
        self.rejected[rule] += 1

    def add_findings(self, by_rule: Mapping[str, int]) -> None:
        """Count findings: how many of each rule."""
        self.findings.update(by_rule)

    def merge(self, other: Statistics) -> None:
        """Add another's counts to these."""
        for part in fields(self):
            mine, theirs = getattr(self, part.name), getattr(other, part.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, part.name, mine + theirs)

    def as_json(self) -> dict[str, Any]:
        """Give the counts as the manifest has them, keys sorted."""
        values = {part.name: getattr(self, part.name) for part in fields(self)}
        values["documents"] = self.documents
        return {
            name: dict(sorted(value.items())) if isinstance(value, Counter) else value
            for name, value in sorted(values.items())
        }


def region(place: Mapping[str, Any]) -> str:
    """Name the greatest unit that a place lies in today: a province, abroad the country.

    >>> units = [{"level": "ward", "name": "Xã Yên Hòa"}, {"level": "province", "name": "Hà Tĩnh"}]
    >>> region({"country": "VN", "then": [], "now": units})
    'VN: Hà Tĩnh'
    """
    units: Sequence[Mapping[str, Any]] = place["now"] or place["then"]
    levels = ("country", "province", "district", "ward", "city")
    greatest = min(units, key=lambda unit: levels.index(unit["level"]))
    return f"{place['country']}: {greatest['name']}"
