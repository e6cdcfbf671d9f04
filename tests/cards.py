"""What a card tells, made up, without a release around it: for the tests of card and Croissant."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import phusa_schema
from phusa.findings import Rule
from phusa.recipe import REDACTED, Dataset
from phusa.release import ARTICLE, tables
from phusa.release.card import Facts, Split
from phusa.release.manifest import Entry, Provenance
from phusa.release.statistics import Statistics

HOSTILE = "```\n~~~\n---\n# Hết\n| a | b |\n<script>alert(1)</script>\n````json\n[x](y) `\u202e"
HOSTILE += "]]>&\"'</text>\\"


def facts(records: list[dict[str, Any]], **given: Any) -> Facts:
    """What there is to tell of records, as little as can be, but for what is given."""
    statistics = Statistics()
    for record in records:
        statistics.add_record(record)
    data = Entry("data/train-00000-of-00001.parquet", 1234, "d" * 64, len(records))
    least = Facts(
        dataset=Dataset(),
        provenance=Provenance("0.1.0", "a" * 64, "b" * 64),
        statistics=statistics,
        rules={"CHR112": Rule("CHR112", "visitor-counter", "Visitor counters.", "…")},
        columns=tables.columns(phusa_schema.load(ARTICLE)),
        content_id="c" * 64,
        version="1.2.0",
        splits={"train": Split(len(records), 4321)},
        data=(data,),
        sample=records[0],
        changes=(),
        previous=None,
        split_by="id",
        redacted=(),
        recipe="",
    )
    return replace(least, **given)


def all_given(records: list[dict[str, Any]]) -> Facts:
    """What there is to tell of records where everything is known, set and has happened."""
    told = facts(records)
    told.statistics.rejected = Counter({"ART901": 3})
    told.statistics.findings = Counter({"CHR112": 1200, "ENC020": 7})
    told.statistics.personal_data = Counter(emails=3, phones=2)
    told.statistics.with_personal_data = 4
    halves = {"train": len(records) - 1, "test": 1}
    return replace(
        told,
        dataset=Dataset(
            name="tin",
            version="auto",
            pretty_name='Tin: "mới" #1',
            description="Tin *địa phương*.",
            license="other",
            license_name="tin-1",
            license_link="https://a.vn/l",
            homepage="https://a.vn",
            contact="tin@example.org",
            tags=("news", "báo"),
            personal_data_limit=50,
        ),
        splits={name: Split(rows, 100 * rows) for name, rows in halves.items()},
        data=tuple(
            Entry(f"data/{name}-00000-of-00001.parquet", 99, "d" * 64, rows)
            for name, rows in halves.items()
        ),
        changes=("2 records added.", "`source.site` changed in 1."),
        previous="1.1.7",
        split_by="site",
        redacted=REDACTED,
        recipe='[dataset]\nname = "a"',
    )
