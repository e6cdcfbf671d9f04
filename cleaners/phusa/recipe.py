"""The recipe: what a corpus is made of and how it is released, read from `phusa.toml`.

In a `pyproject.toml` it is the table `[tool.phusa]`, whose sections are called the same.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from keyword import iskeyword
from pathlib import Path
from typing import Any, Literal, get_args

from phusa.findings import Selection
from phusa.versions import is_version

ToneStyle = Literal["old", "new"]
TONE_STYLES = get_args(ToneStyle)

REDACTED = ("emails", "phones", "identity_numbers", "bank_accounts")
"""The kinds of personal data that can be replaced, as the record counts them."""

PROVENANCE = ("url", "license", "fetched_at")
"""What the check can ask of every document."""

LANGUAGE = re.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,8}", re.ASCII)
"""The form of a BCP 47 code."""

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?", re.ASCII)
_SPLIT = re.compile("[a-z][a-z0-9_]{0,29}", re.ASCII)
_DAY = re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])", re.ASCII)

RECIPE, PYPROJECT = "phusa.toml", "pyproject.toml"
"""The names a recipe goes by."""

AUTO = "auto"
"""In place of a version: the one that follows from what changed since the last."""

SplitBy = Literal["id", "site", "locality", "date"]
_MOST_SHARES = 10**9


class RecipeError(ValueError):
    """A recipe that cannot be used: the message says what, where and what to write instead."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the release says of itself: the section `[dataset]`.

    `name` is the folder under `dist/`, `version` is MAJOR.MINOR.PATCH or `auto`, `license` an SPDX
    id or `other` (then `license_name` and `license_link` say which). A release that holds more than
    `personal_data_limit` pieces of personal data is not pushed.
    """

    name: str = "corpus"
    version: str = "0.1.0"
    pretty_name: str | None = None
    description: str | None = None
    license: str | None = None
    license_name: str | None = None
    license_link: str | None = None
    homepage: str | None = None
    contact: str | None = None
    tags: tuple[str, ...] = ()
    personal_data_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the raw documents are: the section `[sources]`.

    `paths` are files, folders or globs, relative to the recipe; `metadata` is a CSV file with a
    column `path` and what is known beside the text; `removals` is one with a column `key`, the
    documents that no release may hold.
    """

    paths: tuple[str, ...] = (".",)
    metadata: str | None = None
    removals: str | None = None


@dataclass(frozen=True, slots=True)
class Cleaning:
    """How pages are cleaned: the section `[clean]`.

    `select` and `ignore` are rule codes or prefixes; `language` is the BCP 47 code of every page
    where it is known; articles under `min_chars` characters are rejected from a build. `tone_style`
    is where Vietnamese tone marks go on oa, oe and uy: `old` (hòa), `new` (hoà), or as they are.
    `redact` are the kinds of personal data, of `REDACTED`, that are replaced by a token.
    """

    select: tuple[str, ...] = ("",)
    ignore: tuple[str, ...] = ()
    language: str | None = None
    min_chars: int = 100
    tone_style: ToneStyle | None = None
    redact: tuple[str, ...] = ()

    @property
    def rules(self) -> Selection:
        """The rules that are on."""
        return Selection(self.select, self.ignore)


@dataclass(frozen=True, slots=True)
class Splits:
    """How records are parted: the section `[splits]`.

    By id, site or locality, `shares` are how many parts of all each split gets; by date, `starts`
    are the first days of the later splits, in their order, and what is earlier is `train`.
    """

    by: SplitBy = "id"
    shares: tuple[tuple[str, int], ...] = (("train", 1),)
    starts: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The splits, in their order."""
        if self.by == "date":
            return ("train", *(name for name, _ in self.starts))
        return tuple(name for name, _ in self.shares)


@dataclass(frozen=True, slots=True)
class Checking:
    """What `phusa check` tells of new files: the section `[check]`.

    `select` and `ignore` are rule codes or prefixes; where nothing is selected, all rules are on
    but those that are common and harmless on pages as found. `require` is what every document must
    say of where it comes from, of `PROVENANCE`; `baseline` a file of findings that are known,
    relative to the recipe.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is known of a corpus besides its documents; `folder` is where the recipe lies.

    A build depends on all of it but `check`.
    """

    dataset: Dataset = field(default_factory=Dataset)
    sources: Sources = field(default_factory=Sources)
    clean: Cleaning = field(default_factory=Cleaning)
    folder: Path = field(default_factory=Path, compare=False)
    splits: Splits = field(default_factory=Splits)
    check: Checking = field(default_factory=Checking)


def parse(text: str, *, folder: Path = Path(), where: str = "recipe") -> Recipe:
    r"""Read a recipe from TOML text.

    Raises RecipeError on TOML that does not parse, unknown keys and values of the wrong kind.

    >>> parse('[dataset]\nname = "seeds"\n').dataset.name
    'seeds'
    >>> parse('[dataset]\nnmae = "seeds"\n')
    Traceback (most recent call last):
    phusa.recipe.RecipeError: recipe: unknown key dataset.nmae; known: contact, description, ...
    """
    return _recipe(_toml(text, where), folder, where)


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{where}: not valid TOML: {error}") from None


def _recipe(data: Mapping[str, Any], folder: Path, where: str) -> Recipe:
    """The recipe that parsed TOML says."""
    sections = {"dataset": Dataset, "sources": Sources, "clean": Cleaning, "check": Checking}
    for key in data:
        if key not in (*sections, "splits"):
            known = ", ".join((*sections, "splits"))
            raise RecipeError(f"{where}: unknown section [{key}]; known: {known}")
    parsed = {
        name: _section(kind, data.get(name, {}), name, where) for name, kind in sections.items()
    }
    recipe = Recipe(folder=folder, splits=_splits(data.get("splits", {}), where), **parsed)
    language = recipe.clean.language
    if language is not None and not LANGUAGE.fullmatch(language):
        raise RecipeError(f"{where}: clean.language {language!r} must be a BCP 47 code such as vi")
    style = recipe.clean.tone_style
    if style is not None and style not in TONE_STYLES:
        raise RecipeError(f"{where}: clean.tone_style {style!r} must be old or new")
    for kind in recipe.clean.redact:
        if kind not in REDACTED:
            raise RecipeError(
                f"{where}: clean.redact: {kind!r} must be one of {', '.join(REDACTED)}"
            )
    for name in recipe.check.require:
        if name not in PROVENANCE:
            raise RecipeError(
                f"{where}: check.require: {name!r} must be one of {', '.join(PROVENANCE)}"
            )
    if not recipe.clean.select:
        raise RecipeError(f"{where}: clean.select names no rules; leave it out to have all")
    if not _NAME.fullmatch(recipe.dataset.name):
        raise RecipeError(
            f"{where}: dataset.name {recipe.dataset.name!r} must be letters, digits, '.', '_', '-'"
        )
    if (recipe.dataset.license or "").lower() == "other" and not recipe.dataset.license_name:
        raise RecipeError(f"{where}: dataset.license is other; license_name must say which")
    if recipe.dataset.version != AUTO and not is_version(recipe.dataset.version):
        raise RecipeError(
            f"{where}: dataset.version {recipe.dataset.version!r} must be MAJOR.MINOR.PATCH or auto"
        )
    return recipe


def as_toml(recipe: Recipe) -> str:
    r"""Write a recipe as TOML that `parse` reads: what it says and no defaults.

    >>> print(as_toml(parse('[dataset]\nversion = "1.0.0"\n[clean]\nmin_chars = 100')))
    [dataset]
    version = "1.0.0"
    """
    sections = {name: getattr(recipe, name) for name in ("dataset", "sources", "clean", "splits")}
    blocks = []
    for name, section in sections.items():
        default = type(section)()
        said = {f.name: getattr(section, f.name) for f in fields(section)}
        lines = [
            f"{key} = {_value(value)}"
            for key, value in said.items()
            if value != getattr(default, key)
        ]
        if lines:
            blocks.append("\n".join([f"[{name}]", *lines]))
    return "\n\n".join(blocks)


def _value(value: object) -> str:
    """Write a value as TOML, where a string is that of JSON, but for one character."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case ((str(), str() | int()), *_):  # splits
            assert isinstance(value, tuple)
            return "{ " + ", ".join(f"{name} = {_value(part)}" for name, part in value) + " }"
        case tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def load(path: Path) -> Recipe:
    """Read a recipe file. Raises RecipeError, also where the file cannot be read."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise RecipeError(f"{path}: cannot read the recipe: {reason}") from None
    data = _toml(text, str(path))
    if path.name == PYPROJECT:
        for name in ("tool", "phusa"):
            data = data.get(name, {})
            if not isinstance(data, dict):
                raise RecipeError(f"{path}: tool.phusa must be a table")
    return _recipe(data, path.parent, str(path))


def _section(kind: type, data: object, name: str, where: str) -> Any:
    """One section as its dataclass, every key and value checked."""
    if not isinstance(data, Mapping):
        raise RecipeError(f"{where}: [{name}] must be a table")
    known = {f.name: f for f in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            raise RecipeError(
                f"{where}: unknown key {name}.{key}; known: {', '.join(sorted(known))}"
            )
        default = known[key].default
        if isinstance(default, tuple):
            ok = isinstance(value, list) and all(isinstance(item, str) for item in value)
            values[key] = tuple(value) if ok else None
            wanted = "a list of strings"
        elif isinstance(default, int) or "int" in str(known[key].type):
            ok, values[key], wanted = (
                type(value) is int and value >= 0,
                value,
                "a number, 0 or more",
            )
        else:
            ok, values[key], wanted = isinstance(value, str), value, "a string"
        if not ok:
            raise RecipeError(f"{where}: {name}.{key} must be {wanted}")
    return kind(**values)


def _splits(data: object, where: str) -> Splits:
    """The section `[splits]`, every key and value checked."""
    if not isinstance(data, Mapping):
        raise RecipeError(f"{where}: [splits] must be a table")
    for key in data:
        if key not in ("by", "shares", "starts"):
            raise RecipeError(f"{where}: unknown key splits.{key}; known: by, shares, starts")
    by = data.get("by", "id")
    if by not in get_args(SplitBy):
        raise RecipeError(
            f"{where}: splits.by {by!r} must be one of {', '.join(get_args(SplitBy))}"
        )
    wanted, other = ("starts", "shares") if by == "date" else ("shares", "starts")
    if other in data:
        raise RecipeError(f"{where}: splits.{other} means nothing by {by}; write splits.{wanted}")
    if wanted not in data:
        if "by" in data:
            raise RecipeError(f"{where}: splits.by says how; splits.{wanted} must say into what")
        return Splits()
    named = data[wanted]
    if not isinstance(named, Mapping) or not named:
        raise RecipeError(f"{where}: splits.{wanted} must be a table of splits")
    for name in named:
        if not _SPLIT.fullmatch(name):
            raise RecipeError(f"{where}: splits.{wanted}: {name!r} must be letters, digits and '_'")
        if name == "all" or iskeyword(name):
            raise RecipeError(f"{where}: splits.{wanted}: {name!r} means something else to readers")
    return Splits(by, starts=_starts(named, where)) if by == "date" else _shared(by, named, where)


def _shared(by: SplitBy, named: Mapping[str, Any], where: str) -> Splits:
    for name, share in named.items():
        if type(share) is not int or not 0 < share <= _MOST_SHARES:
            raise RecipeError(f"{where}: splits.shares.{name} must be a whole number, 1 or more")
    return Splits(by, shares=tuple(named.items()))


def _starts(named: Mapping[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    if "train" in named:
        raise RecipeError(f"{where}: splits.starts: what is earlier than all of them is train")
    days = [str(day) for day in named.values()]  # TOML has dates too
    for name, day in zip(named, days, strict=True):
        if not _DAY.fullmatch(day):
            raise RecipeError(f"{where}: splits.starts.{name} must be a day such as 2025-07-01")
    if days != sorted(set(days)):
        raise RecipeError(f"{where}: splits.starts must be in the order of time")
    return tuple(zip(named, days, strict=True))
