"""What is known of an article besides its text, each fact with its evidence and the rule."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["country", "province", "district", "ward", "city"]
"""Levels of places; `city` is a place in a country whose units are not known by code."""


@dataclass(frozen=True, slots=True)
class Published:
    """A date of an article, no more precise than its evidence.

    `value` is ISO 8601 cut to `precision`; `evidence` is the text it was read from and `rule` the
    rule that read it. `inferred` dates stand nowhere: they follow from what the text says, and lie
    between the days `not_before` and `not_after`, where those are known.
    """

    value: str
    precision: str
    evidence: str
    rule: str
    inferred: bool = False
    not_before: str | None = None
    not_after: str | None = None

    def record(self) -> dict[str, Any]:
        """The date as the schema has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Language:
    """A BCP 47 code and how sure the detector is of it, 0 to 1."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that a place lies in: its level, official code and name.

    `part` is true of a unit of today that took only a part of the place.
    """

    level: Level
    code: str | None
    name: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class Locality:
    """Where an article is about, or where its publisher is.

    `country` is an ISO 3166-1 code, `as_named` the place as the page names it and `precision` the
    smallest level that is known. `then` are the units of the day of the article, the smallest
    first, `now` those that cover the place on the day `as_of`: several of a level where a unit was
    split. `evidence` is what the place was read from, `rule` the rule that read it.
    """

    country: str
    as_named: str
    precision: Level
    then: tuple[Place, ...]
    now: tuple[Place, ...]
    as_of: str | None
    evidence: str
    rule: str

    def record(self) -> dict[str, Any]:
        """The place as the schema has it; `part` is told of the units of today only."""
        found = asdict(self)
        found["now"] = list(found["now"])
        found["then"] = [
            {"level": unit.level, "code": unit.code, "name": unit.name} for unit in self.then
        ]
        return found


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published an article, and the place that publisher belongs to."""

    name: str
    locality: Locality | None = None

    def record(self) -> dict[str, Any]:
        """The publisher as the schema has it."""
        return {"name": self.name, "locality": self.locality and self.locality.record()}


@dataclass(frozen=True, slots=True)
class PersonalData:
    """How many pieces of personal data an article holds, by kind.

    >>> PersonalData(emails=1).record()
    {'emails': 1, 'phones': 0, 'identity_numbers': 0, 'bank_accounts': 0}
    """

    emails: int = 0
    phones: int = 0
    identity_numbers: int = 0
    bank_accounts: int = 0

    def record(self) -> dict[str, int]:
        """The counts as the schema `article-1.0.0` has them."""
        return asdict(self)
