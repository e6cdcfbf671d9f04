"""The dataset card: a README.md whose head the Hub reads and whose body people do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huggingface_hub import DatasetCardData

from phusa.findings import Rule
from phusa.recipe import Dataset
from phusa.release.manifest import Provenance
from phusa.release.markdown import code, fence, table, visible
from phusa.release.statistics import Statistics
from phusa.release.tables import Column, documented, features

_MOST_ROWS = 50
"""Of a table by value, such as that of the sites."""

_MOST_CHARS = 400
"""Of a text in the record that is shown."""

_PRIVACY = """\
## Personal data

This version was not scanned for personal data: the texts hold whatever names, addresses and numbers
the pages showed to the public."""

_SIZES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card tells.

    `parquet_bytes` is the size of the data files, `arrow_bytes` that of the rows in memory,
    `sample` a record of the dataset.
    """

    dataset: Dataset
    provenance: Provenance
    statistics: Statistics
    rules: Mapping[str, Rule]
    columns: tuple[Column, ...]
    content_id: str
    parquet_bytes: int
    arrow_bytes: int
    sample: Mapping[str, Any]


def card(facts: Facts) -> str:
    """Write the text of README.md."""
    sections = (
        _opening(facts),
        _loading(facts),
        _numbers(facts),
        _fields(facts),
        _sources(facts),
        _languages(facts),
        _dates(facts),
        _places(facts),
        _told_by(facts),
        _findings(facts),
        _rejections(facts),
        _sample(facts),
        _PRIVACY,
        _licence(facts),
        _rebuilding(facts),
    )
    return f"---\n{_head(facts)}---\n\n" + "\n\n".join(sections) + "\n"


def _head(facts: Facts) -> str:
    """Write the YAML that the Hub and `datasets` read."""
    dataset, statistics = facts.dataset, facts.statistics
    languages = {code.partition("-")[0].lower() for code in statistics.languages}
    split = {
        "name": "train",
        "num_bytes": facts.arrow_bytes,
        "num_examples": statistics.records,
    }
    data = DatasetCardData(
        pretty_name=dataset.pretty_name or dataset.name,
        language=sorted(languages - {"und"}) or None,
        license=(dataset.license or "unknown").lower(),
        license_name=dataset.license_name,
        license_link=dataset.license_link,
        size_categories=[_size_category(statistics.records)],
        task_categories=["text-generation", "fill-mask"],
        annotations_creators=["no-annotation"],
        source_datasets=["original"],
        tags=list(dataset.tags) or None,
        configs=[
            {
                "config_name": "default",
                "default": True,
                "data_files": [{"split": "train", "path": "data/*.parquet"}],
            }
        ],
        dataset_info={
            "features": features(facts.columns),
            "splits": [split],
            "download_size": facts.parquet_bytes,
            "dataset_size": facts.arrow_bytes,
        },
    )
    return f"{data.to_yaml(line_break=chr(10))}\n"


def _size_category(rows: int) -> str:
    """Give the Hub's name for a number of rows.

    >>> [_size_category(rows) for rows in (5, 1_000, 2_000_000, 10**13)]
    ['n<1K', '1K<n<10K', '1M<n<10M', 'n>1T']
    """
    if rows < 1_000:
        return "n<1K"
    step = len(str(rows)) - 4
    return f"{_SIZES[step]}<n<{_SIZES[step + 1]}" if step + 1 < len(_SIZES) else "n>1T"


def _opening(facts: Facts) -> str:
    dataset, statistics = facts.dataset, facts.statistics
    made = (
        f"Version {dataset.version}: {statistics.records:,} articles, {statistics.words:,} words, "
        f"cut out of {statistics.documents:,} scraped pages by phusa {facts.provenance.phusa}. The "
        "encoding is repaired, what surrounds an article on its page is taken out, and every "
        "record follows the schema in `schema`."
    )
    about = [dataset.description] if dataset.description else []
    homepage = [f"More at <{dataset.homepage}>."] if dataset.homepage else []
    return "\n\n".join([f"# {dataset.pretty_name or dataset.name}", *about, made, *homepage])


def _loading(facts: Facts) -> str:
    place = f"dist/{facts.dataset.name}/{facts.dataset.version}"
    lines = f'from datasets import load_dataset\n\ndataset = load_dataset("{place}", split="train")'
    return (
        "## Load\n\n"
        f"{fence(lines, 'python')}\n\n"
        "Give the folder of this card, or the name it has on the Hub. The folder `jsonl` holds the "
        "same rows as compressed JSON lines."
    )


def _numbers(facts: Facts) -> str:
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
    return (
        f"## What is inside\n\n{table(['', 'Number'], rows)}\n\n"
        f"Content id: `{facts.content_id}`. It is the same for the same records, however they are "
        "ordered, cut into files or compressed."
    )


def _fields(facts: Facts) -> str:
    rows = [
        (f"`{name}`", field.type_name, field.description)
        for name, field in documented(facts.columns)
    ]
    return "## Fields\n\nEvery field is in every record; null means unknown or absent.\n\n" + table(
        ["Field", "Type", "Meaning"], rows
    )


def _sources(facts: Facts) -> str:
    s = facts.statistics
    return "## Sources\n\n" + _breakdown("Site", _ranked(s.sites), s.records)


def _languages(facts: Facts) -> str:
    s = facts.statistics
    return "## Languages\n\n" + _breakdown("Language", _ranked(s.languages), s.records)


def _dates(facts: Facts) -> str:
    s = facts.statistics
    years = _breakdown("Year of publication", sorted(s.years.items()), s.records)
    precisions = _breakdown("Precision of the date", _ranked(s.precisions), s.records)
    return f"## Dates\n\n{years}\n\n{precisions}"


def _places(facts: Facts) -> str:
    s = facts.statistics
    places = _breakdown("Province of today, or country", _ranked(s.places), s.records)
    precisions = _breakdown("Smallest unit known", _ranked(s.place_precisions), s.records)
    return f"## Places\n\n{places}\n\n{precisions}"


def _told_by(facts: Facts) -> str:
    return "## By which rules dates and places are known\n\n" + _by_rule(
        "Records", facts.statistics.told_by, facts.rules
    )


def _findings(facts: Facts) -> str:
    return (
        "## What was found, repaired and taken out\n\n"
        "Findings by rule; `phusa rule CODE` tells what a rule does.\n\n"
        + _by_rule("Findings", facts.statistics.findings, facts.rules)
    )


def _rejections(facts: Facts) -> str:
    return "## What was rejected, and why\n\n" + _by_rule(
        "Documents", facts.statistics.rejected, facts.rules
    )


def _sample(facts: Facts) -> str:
    text = json.dumps(_cut(facts.sample), ensure_ascii=False, indent=2)
    record = "\n".join(map(visible, text.split("\n")))
    return f"## A record\n\nThe first one, texts cut to {_MOST_CHARS} characters.\n\n" + fence(
        record, "json"
    )


def _licence(facts: Facts) -> str:
    dataset = facts.dataset
    name = dataset.license_name or dataset.license
    stated = name is not None and name.lower() != "unknown"
    told = f"The dataset is under the licence {name}." if stated else "The licence is not known."
    if dataset.license_link:
        told += f" Its text: <{dataset.license_link}>."
    told += " What a source states for a single page is in `source.license`."
    if dataset.contact:
        told += f"\n\nTo have a text taken out of the next version, write to {dataset.contact}."
    return f"## Licence\n\n{told}"


def _rebuilding(facts: Facts) -> str:
    made = facts.provenance
    return (
        "## Rebuild and verify\n\n"
        f"{fence('phusa build --recipe phusa.toml', 'sh')}\n\n"
        f"With phusa {made.phusa}, a recipe of SHA-256 `{made.recipe_sha256}` and sources of "
        f"SHA-256 `{made.sources_sha256}` this gives the same content id. In the folder of this "
        "card, either line checks the files, the first one the records too:\n\n"
        + fence("phusa verify .\nsha256sum -c SHA256SUMS", "sh")
    )


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """Sort values by count, largest first; by name where counts are equal."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _breakdown(head: str, counts: Sequence[tuple[str, int]], total: int) -> str:
    """Tabulate records by value; those without one, and those there is no room for, are summed."""
    rows = [(code(value), n) for value, n in counts[:_MOST_ROWS]]
    if others := counts[_MOST_ROWS:]:
        rows.append((f"{len(others):,} others", sum(n for _, n in others)))
    if unknown := total - sum(n for _, n in counts):
        rows.append(("unknown", unknown))
    return table([head, "Records", "Share"], [(name, n, f"{n / total:.1%}") for name, n in rows])


def _by_rule(what: str, counts: Counter[str], rules: Mapping[str, Rule]) -> str:
    """Tabulate counts by rule, with what the rules are called."""
    if not counts:
        return "None."
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
