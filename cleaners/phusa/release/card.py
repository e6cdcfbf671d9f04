"""The dataset card: a README.md whose head the Hub reads and whose body people do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huggingface_hub import DatasetCardData

from phusa.findings import Rule
from phusa.recipe import Dataset
from phusa.release import datasheet, sections
from phusa.release.manifest import Entry, Provenance
from phusa.release.statistics import Statistics
from phusa.release.tables import Column, features

_SECTIONS = (
    sections.opening,
    sections.loading,
    sections.splits,
    sections.numbers,
    sections.fields,
    sections.sources,
    sections.languages,
    sections.dates,
    sections.places,
    sections.told_by,
    sections.findings,
    sections.rejections,
    sections.sample,
    sections.creation,
    sections.limits,
    sections.personal_data,
    sections.licence,
    sections.removal,
    sections.changes,
    sections.rebuilding,
    sections.citation,
)

_SIZES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")

_HUB_LICENSES = frozenset(
    """
    afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear
    bsl-1.0 c-uda cc cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0
    cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0
    cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0
    ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 gfdl gpl gpl-2.0 gpl-3.0 isc lgpl lgpl-2.1 lgpl-3.0
    lgpl-lr lppl-1.3c mit mpl-2.0 ms-pl ncsa odbl odc-by ofl-1.1 openrail osl-3.0 other pddl
    postgresql unknown unlicense wtfpl zlib
    """.split()
)
"""Ids that the Hub knows: its documentation, page "Licenses", without licences of models."""

_HUB_NAMES = {"odbl-1.0": "odbl", "odc-by-1.0": "odc-by", "pddl-1.0": "pddl"}
"""SPDX ids, in small letters, that have another name there."""


@dataclass(frozen=True, slots=True)
class Split:
    """A split of a release: its rows, and their bytes in Arrow memory."""

    rows: int
    arrow_bytes: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card tells.

    `version` is that of the release, which the recipe may have left open. `splits` are those that
    have records, in the order of the recipe; `split_by` is what they were parted by: `id`, `site`,
    `locality` or `date`. `data` are the Parquet files, `sample` is a record of the dataset.
    `changes` are lines of Markdown, one for each change since the version `previous`. `redacted`
    are the kinds of personal data that were replaced by tokens, `recipe` is all of it as TOML.
    """

    dataset: Dataset
    provenance: Provenance
    statistics: Statistics
    rules: Mapping[str, Rule]
    columns: tuple[Column, ...]
    content_id: str
    version: str
    splits: Mapping[str, Split]
    data: tuple[Entry, ...]
    sample: Mapping[str, Any]
    changes: tuple[str, ...]
    previous: str | None
    split_by: str
    redacted: tuple[str, ...]
    recipe: str

    @property
    def parquet_bytes(self) -> int:
        """The size of the Parquet files."""
        return sum(entry.bytes for entry in self.data)

    @property
    def arrow_bytes(self) -> int:
        """The size of all rows in Arrow memory."""
        return sum(split.arrow_bytes for split in self.splits.values())


def card(facts: Facts) -> str:
    """Write the text of README.md."""
    body = "\n\n".join(section(facts) for section in _SECTIONS)
    return f"---\n{_head(facts)}---\n\n{body}\n"


def _head(facts: Facts) -> str:
    """Write the YAML that the Hub and `datasets` read."""
    dataset, statistics = facts.dataset, facts.statistics
    licence, licence_name = _license(dataset)
    data = DatasetCardData(
        pretty_name=dataset.pretty_name or dataset.name,
        language=datasheet.languages(facts) or None,
        license=licence,
        license_name=licence_name,
        license_link=dataset.license_link,
        size_categories=[_size_category(statistics.records)],
        task_categories=["text-generation", "fill-mask"],
        annotations_creators=["machine-generated"],
        source_datasets=["original"],
        tags=list(dataset.tags) or None,
        configs=configs(facts.splits),
        dataset_info={
            "features": features(facts.columns),
            "splits": [
                {"name": name, "num_bytes": split.arrow_bytes, "num_examples": split.rows}
                for name, split in facts.splits.items()
            ],
            "download_size": facts.parquet_bytes,
            "dataset_size": facts.arrow_bytes,
        },
    )
    return f"{data.to_yaml(line_break=chr(10))}\n"


def configs(splits: Iterable[str]) -> list[dict[str, Any]]:
    """Say where readers find the rows of each split."""
    files = [{"split": name, "path": f"data/{name}-*.parquet"} for name in splits]
    return [{"config_name": "default", "default": True, "data_files": files}]


def _license(dataset: Dataset) -> tuple[str, str | None]:
    """Name the licence as the Hub does; one that it does not know is `other` there, with a name.

    >>> _license(Dataset(license="CC-BY-4.0")), _license(Dataset(license="CC-BY-3.0-AT"))
    (('cc-by-4.0', None), ('other', 'cc-by-3.0-at'))
    """
    spdx = (dataset.license or "unknown").lower()
    known = _HUB_NAMES.get(spdx, spdx)
    if known in _HUB_LICENSES:
        return known, dataset.license_name
    return "other", dataset.license_name or spdx


def _size_category(rows: int) -> str:
    """Give the Hub's name for a number of rows.

    >>> [_size_category(rows) for rows in (5, 1_000, 2_000_000, 10**13)]
    ['n<1K', '1K<n<10K', '1M<n<10M', 'n>1T']
    """
    if rows < 1_000:
        return "n<1K"
    step = len(str(rows)) - 4
    return f"{_SIZES[step]}<n<{_SIZES[step + 1]}" if step + 1 < len(_SIZES) else "n>1T"
