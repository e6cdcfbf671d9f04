"""What differs between two versions, and which version follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from phusa.versions import numbers

Bump = Literal["none", "patch", "minor", "major"]
"""What a version is raised by."""

Kind = Literal["real", "diacritics", "white_space", "metadata"]
"""How a record changed: its words, their diacritics alone, white space alone, or no text at all."""

_BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions; `chars` and `words` are None where the manifest does not tell."""

    name: str
    version: str
    schema: str
    content_id: str
    records: int
    splits: Mapping[str, int]
    chars: int | None
    words: int | None
    made: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """Changed records by what changed in them; each is counted once, under the first that fits.

    `real`: the words of title, lead, text or captions. `diacritics`: these are the same without
    diacritics and white space. `white_space`: they are the same without white space. `metadata`:
    they are the same, and another field is not.
    """

    real: int = 0
    diacritics: int = 0
    white_space: int = 0
    metadata: int = 0

    @property
    def content(self) -> int:
        """Records whose title, lead, text or captions changed."""
        return self.real + self.diacritics + self.white_space

    @property
    def total(self) -> int:
        """All changed records."""
        return self.content + self.metadata


@dataclass(frozen=True, slots=True)
class Retyped:
    """A field that has another type, in words."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SchemaChanges:
    """Fields that only one schema has, and those of another type, by dotted name."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    retyped: tuple[Retyped, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """How many have a value in the old version and in the new; the value None is not known."""

    value: str | None
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How the numbers moved, as the manifests tell them; the largest moves come first.

    Of `languages`, `sites`, `places` and `years` those whose share of the records moved; of
    `rejected` and `findings` the rules, and of `personal_data` the kinds, whose count did.
    `lengths` are all records by characters, under the greatest power of two not above them, in
    that order; empty where nothing moved.
    """

    languages: tuple[Move, ...] = ()
    sites: tuple[Move, ...] = ()
    places: tuple[Move, ...] = ()
    years: tuple[Move, ...] = ()
    lengths: tuple[Move, ...] = ()
    rejected: tuple[Move, ...] = ()
    findings: tuple[Move, ...] = ()
    personal_data: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words in a text that changed: the `same` in both, taken `out`, or put `in`.

    `words` is how many there are; in `text` those that are too many are an ellipsis.
    """

    op: Literal["same", "out", "in"]
    words: int
    text: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """A change of title, text or captions, word by word."""

    id: str
    title: str | None
    kind: Kind
    words_out: int
    words_in: int
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """Words that were taken out and put in."""
        return self.words_out + self.words_in


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions.

    A record is the same in both if every field of both schemas has the same value. `moved` counts
    records in another split, changed or not; `fields` counts changed records by the dotted names of
    the fields that changed. `largest` are the changes of text with most words, those of diacritics
    alone after all others; `added_ids` and `removed_ids` are the first ones in their order.
    `statistics_differ` tells whether the manifests count anything differently.
    """

    old: Side
    new: Side
    added: int
    removed: int
    unchanged: int
    moved: int
    changed: Changed
    fields: Mapping[str, int]
    schema: SchemaChanges
    drift: Drift
    statistics_differ: bool
    largest: tuple[TextChange, ...]
    added_ids: tuple[str, ...]
    removed_ids: tuple[str, ...]

    @property
    def bump(self) -> Bump:
        """What the version is to be raised by: none where there is nothing to tell.

        Semantic versions of data, as TFDS has them: major where something that was there is
        changed or gone, minor where there is more, patch where the texts are the same.
        """
        return max((bump for bump, _ in self._grounds(str)), key=_BUMPS.index, default="none")

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the version is raised by so much, names of fields as the schemas have them."""
        return self.told_reasons(str)

    @property
    def proposed(self) -> str:
        """The next version, MAJOR.MINOR.PATCH."""
        return next_version(self.old.version, self.bump)

    def told_reasons(self, shown: Callable[[str], str]) -> tuple[str, ...]:
        """Give the reasons with the names of fields, which are foreign text, as `shown`."""
        return tuple(reason for bump, reason in self._grounds(shown) if bump == self.bump)

    def _grounds(self, shown: Callable[[str], str]) -> list[tuple[Bump, str]]:
        """Give everything that raises the version."""
        schema = self.schema
        counted: tuple[tuple[Bump, int, str], ...] = (
            ("major", self.removed, "removed"),
            ("major", self.changed.content, "changed in title, lead, text or captions"),
            ("major", self.moved, "moved to another split"),
            ("minor", self.added, "added"),
            ("patch", self.changed.metadata, "changed in metadata"),
        )
        grounds = [(bump, f"{records(n)} {what}") for bump, n, what in counted if n]
        grounds += [("major", f"field removed: {shown(name)}") for name in schema.removed]
        grounds += [("major", f"field of another type: {shown(f.name)}") for f in schema.retyped]
        grounds += [("minor", f"field added: {shown(name)}") for name in schema.added]
        if not grounds:
            grounds = [("patch", reason) for reason in self._formalities()]
        return grounds

    def _formalities(self) -> list[str]:
        """Say what the versions tell differently, though their records are the same."""
        old, new = self.old, self.new
        told = {
            "another name of the dataset": old.name != new.name,
            "another name of the schema": old.schema != new.schema,
            "another version of phusa": old.made.get("phusa") != new.made.get("phusa"),
            "another licence": old.made.get("licence") != new.made.get("licence"),
            "another recipe": old.made.get("recipe") != new.made.get("recipe"),
            "other sources": old.made.get("sources") != new.made.get("sources"),
            "other statistics": self.statistics_differ,
            "another content id": old.content_id != new.content_id and old.schema == new.schema,
        }
        return [reason for reason, differs in told.items() if differs]


def next_version(version: str, bump: Bump) -> str:
    """Raise a version, MAJOR.MINOR.PATCH.

    >>> [next_version("1.2.3", bump) for bump in ("none", "patch", "minor", "major")]
    ['1.2.3', '1.2.4', '1.3.0', '2.0.0']
    """
    major, minor, patch = numbers(version)
    match bump:
        case "major":
            return f"{major + 1}.0.0"
        case "minor":
            return f"{major}.{minor + 1}.0"
        case "patch":
            return f"{major}.{minor}.{patch + 1}"
    return version


def records(number: int) -> str:
    """Write a number of records.

    >>> records(1), records(2000)
    ('1 record', '2,000 records')
    """
    return f"{number:,} record{'' if number == 1 else 's'}"
