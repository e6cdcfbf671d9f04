"""The sections of the dataset card, each a heading and what is under it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from phusa.release import datasheet
from phusa.release.datasheet import share
from phusa.release.markdown import bullets, code, fence, link, table, visible
from phusa.release.plots import LENGTHS, YEARS, plots
from phusa.release.tables import documented

if TYPE_CHECKING:
    from phusa.findings import Rule
    from phusa.release.card import Facts

_MOST_ROWS = 50
"""Of a table by value, such as that of the sites."""

_MOST_CHARS = 400
"""Of a text in the record that is shown."""

_PARTED = {
    "id": "by a hash of `id`",
    "site": "by a hash of `source.site`, so that all records of a site are in one split",
    "locality": "by a hash of the province, or abroad the country, that they are about, so that "
    "all records about it are in one split",
    "date": "by the day of publication, so that what is in a later split is not earlier than what "
    "is in the splits before it",
}

_MOST_RECIPE = 20_000
"""Characters of the recipe that are shown."""


def opening(facts: Facts) -> str:
    """Say what the dataset is."""
    dataset = facts.dataset
    about = [dataset.description] if dataset.description else []
    homepage = [f"More at {link(dataset.homepage)}."] if dataset.homepage else []
    return "\n\n".join([f"# {datasheet.name(facts)}", *about, datasheet.summary(facts), *homepage])


def loading(facts: Facts) -> str:
    """Say how to load it, from a folder and from the Hub, and by what else than `datasets`."""
    name = facts.dataset.name
    folder, hub, split = f"dist/{name}/{facts.version}", f"org/{name}", next(iter(facts.splits))
    tag = f"v{facts.version}"
    by_datasets = f"""\
from datasets import load_dataset

dataset = load_dataset("{folder}")  # all splits, from the folder of this card
{split} = load_dataset("{folder}", split="{split}")
rows = load_dataset("{folder}", split="{split}", streaming=True)"""
    from_hub = f"""\
from datasets import load_dataset

dataset = load_dataset("{hub}", revision="{tag}")  # this version, whatever comes after it"""
    by_others = f"""\
import pandas

frame = pandas.read_parquet("{folder}/data")  # all splits"""
    lazily = f"""\
import polars

frame = polars.scan_parquet("{folder}/data/{split}-*.parquet")"""
    return "\n\n".join(
        [
            "## Load",
            fence(by_datasets, "python"),
            "From the Hub, with the name of the repository there; every version has a tag:",
            fence(from_hub, "python"),
            "Without `datasets`:",
            fence(by_others, "python"),
            fence(lazily, "python"),
            "The folder `jsonl` holds the same rows as JSON lines, for everything else:",
            fence(f"zstdcat {folder}/jsonl/{split}-*.jsonl.zst | head -n 1", "sh"),
        ]
    )


def splits(facts: Facts) -> str:
    """Tabulate the splits and say by what records are parted."""
    s = facts.statistics
    sizes: Counter[str] = Counter()
    for entry in facts.data:
        sizes[entry.path.partition("/")[2].partition("-")[0]] += entry.bytes
    rows = [
        (f"`{name}`", split.rows, share(split.rows, s.records), sizes[name])
        for name, split in facts.splits.items()
    ]
    parts = ["## Splits", table(["Split", "Records", "Share", "Bytes of Parquet"], rows)]
    if len(rows) > 1:
        known = {"site": s.sites.total(), "locality": s.with_place, "date": s.with_date}
        unknown = s.records - known.get(facts.split_by, s.records)
        told = (
            f" The {unknown:,} for which it is not known are in `{next(iter(facts.splits))}`."
            if unknown
            else ""
        )
        parts.append(f"Records are parted {_PARTED[facts.split_by]}.{told}")
    return "\n\n".join(parts)


def numbers(facts: Facts) -> str:
    """Tabulate how much there is, and show it by length."""
    s = facts.statistics
    rows = [
        ("Documents read", s.documents),
        ("Documents rejected", s.rejected.total()),
        ("Records", s.records),
        ("… with a title", s.with_title),
        ("… with a publication date", s.with_date),
        ("… of those inferred, and stated nowhere", s.with_inferred_date),
        ("… with an author", s.with_authors),
        ("… with a place", s.with_place),
        ("Characters of text", s.chars),
        ("Words of text", s.words),
        ("Bytes of Parquet", facts.parquet_bytes),
    ]
    lengths = [
        (f"{least:,} to {2 * least - 1:,}" if least > 1 else "1", n)
        for least, n in sorted((int(least), n) for least, n in s.lengths.items())
    ]
    return "\n\n".join(
        [
            "## What is inside",
            table(["", "Number"], rows),
            f"Content id: `{facts.content_id}`. It is the same for the same records, however they "
            "are ordered, cut into files or compressed.",
            *_plot(facts, LENGTHS, "Articles by length"),
            table(
                ["Characters", "Records", "Share"],
                [(*row, share(row[1], s.records)) for row in lengths],
            ),
        ]
    )


def fields(facts: Facts) -> str:
    """Tabulate the fields, as the schema describes them."""
    rows = [
        (f"`{name}`", field.type_name, field.description)
        for name, field in documented(facts.columns)
    ]
    return "## Fields\n\nEvery field is in every record; null means unknown or absent.\n\n" + table(
        ["Field", "Type", "Meaning"], rows
    )


def sources(facts: Facts) -> str:
    """Tabulate the sites."""
    s = facts.statistics
    return "## Sources\n\n" + _breakdown("Site", _ranked(s.sites), s.records)


def languages(facts: Facts) -> str:
    """Tabulate the languages."""
    s = facts.statistics
    return "## Languages\n\n" + _breakdown("Language", _ranked(s.languages), s.records)


def dates(facts: Facts) -> str:
    """Tabulate and show the years, and tabulate how precise the dates are."""
    s = facts.statistics
    return "\n\n".join(
        [
            "## Dates",
            *_plot(facts, YEARS, "Articles by year"),
            _breakdown("Year of publication", sorted(s.years.items(), reverse=True), s.records),
            _breakdown("Precision of the date", _ranked(s.precisions), s.records),
        ]
    )


def places(facts: Facts) -> str:
    """Tabulate the places, and how precise they are."""
    s = facts.statistics
    by_place = _breakdown("Province of today, or country", _ranked(s.places), s.records)
    precisions = _breakdown("Smallest unit known", _ranked(s.place_precisions), s.records)
    return f"## Places\n\n{by_place}\n\n{precisions}"


def told_by(facts: Facts) -> str:
    """Tabulate the rules that read dates and places."""
    s = facts.statistics
    by_rule = (
        _by_rule("Records", s.told_by, facts.rules) if s.told_by else "No date or place is known."
    )
    return f"## By which rules dates and places are known\n\n{by_rule}"


def findings(facts: Facts) -> str:
    """Tabulate what was found, by rule."""
    s = facts.statistics
    by_rule = (
        _by_rule("Findings", s.findings, facts.rules) if s.findings else "There are no findings."
    )
    return (
        "## What was found, repaired and taken out\n\n"
        f"Findings by rule; `phusa rule CODE` tells what a rule does.\n\n{by_rule}"
    )


def rejections(facts: Facts) -> str:
    """Tabulate what did not become a record, by rule."""
    s = facts.statistics
    heading, rejected = "## What was rejected, and why", s.rejected.total()
    if not rejected:
        return f"{heading}\n\nNo document was."
    told = f"Of {s.documents:,} documents {rejected:,} ({share(rejected, s.documents)})."
    return f"{heading}\n\n{told}\n\n{_by_rule('Documents', s.rejected, facts.rules)}"


def sample(facts: Facts) -> str:
    """Show a record."""
    text = json.dumps(_cut(facts.sample), ensure_ascii=False, indent=2)
    record = "\n".join(map(visible, text.split("\n")))
    return f"## A record\n\nA real one, texts cut to {_MOST_CHARS} characters.\n\n" + fence(
        record, "json"
    )


def creation(facts: Facts) -> str:
    """Say how the records were made."""
    return "## How it was made\n\n" + bullets(datasheet.creation(facts))


def limits(facts: Facts) -> str:
    """Say what is known to be missing or wrong, and what the records lean to."""
    told = (*datasheet.limits(facts), *datasheet.biases(facts))
    return "## Known limits and biases\n\n" + bullets(told)


def personal_data(facts: Facts) -> str:
    """Say which personal data there is."""
    kinds = table(["Kind", "Pieces"], datasheet.personal_data_by_kind(facts))
    return f"## Personal data\n\n{kinds}\n\n{bullets(datasheet.personal_data(facts))}"


def licence(facts: Facts) -> str:
    """Say under which licence the dataset is."""
    name, text = datasheet.licence(facts), facts.dataset.license_link
    told = f"The dataset is under the licence {name}." if name else "No licence is stated."
    if text:
        told += f" Its text: {link(text)}."
    return (
        f"## Licence\n\n{told} The articles belong to who wrote and published them; what a "
        "source states for a single page is in `source.license`."
    )


def removal(facts: Facts) -> str:
    """Say how to have an article taken out."""
    return "## Removal\n\n" + " ".join(datasheet.removal(facts))


def changes(facts: Facts) -> str:
    """Say what changed since the version before."""
    if facts.previous is None:
        return "## Changes\n\nThis is the first version."
    told = bullets(facts.changes) if facts.changes else "No record changed."
    return (
        f"## Changes\n\nSince version {facts.previous}:\n\n{told}\n\nAll versions: `CHANGELOG.md`."
    )


def rebuilding(facts: Facts) -> str:
    """Say how to build it again, and how to check it."""
    made = facts.provenance
    commands = f"pip install phusa=={made.phusa}\nphusa build --recipe phusa.toml"
    before = (
        f", and with version {facts.previous} in `dist/{facts.dataset.name}`, or named by "
        "`--previous`, to tell the changes since,"
        if facts.previous
        else ""
    )
    recipe = "\n".join(map(visible, facts.recipe[:_MOST_RECIPE].split("\n")))
    if len(facts.recipe) > _MOST_RECIPE:  # thousands of files by name
        recipe += "\n# … and more, cut off here"
    return "\n\n".join(
        [
            "## Rebuild and verify",
            fence(commands, "sh"),
            "With this as `phusa.toml`, in the folder that its paths start from:",
            fence(recipe, "toml"),
            f"From the same sources{before} this gives the same content id, and the same bytes "
            "where the same versions of all packages are installed. `manifest.json` "
            f"then names the recipe `{made.recipe_sha256}` and the sources "
            f"`{made.sources_sha256}`. In the folder of this card, either line checks the files, "
            "the first one the records too:",
            fence("phusa verify .\nsha256sum -c SHA256SUMS", "sh"),
        ]
    )


def citation(facts: Facts) -> str:
    """Say how to cite this version."""
    return "## Cite\n\n" + fence(datasheet.citation(facts), "bibtex")


def _plot(facts: Facts, path: str, title: str) -> list[str]:
    """Show a plot where there is one; the table after it has the same numbers."""
    return [f"![{title}]({path})"] if path in plots(facts.statistics) else []


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """Sort values by count, largest first; by name where counts are equal."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _breakdown(head: str, counts: Sequence[tuple[str, int]], total: int) -> str:
    """Tabulate records by value; those without one, and those there is no room for, are summed."""
    if not counts:
        return f"{head}: unknown for all records."
    rows = [(code(value), n) for value, n in counts[:_MOST_ROWS]]
    if others := counts[_MOST_ROWS:]:
        rows.append((f"{len(others):,} others", sum(n for _, n in others)))
    if unknown := total - sum(n for _, n in counts):
        rows.append(("unknown", unknown))
    return table([head, "Records", "Share"], [(name, n, share(n, total)) for name, n in rows])


def _by_rule(what: str, counts: Counter[str], rules: Mapping[str, Rule]) -> str:
    """Tabulate counts by rule, with what the rules are called."""
    rows = [
        (f"`{rule}`", rules[rule].name if rule in rules else "", n) for rule, n in _ranked(counts)
    ]
    return table(["Rule", "Name", what], rows)


def _cut(value: Any) -> Any:
    """Cut every string in a value."""
    match value:
        case str():
            return value if len(value) <= _MOST_CHARS else f"{value[:_MOST_CHARS]}…"
        case dict():
            return {key: _cut(part) for key, part in value.items()}
        case list():
            return [_cut(part) for part in value]
    return value
