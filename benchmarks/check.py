"""Documents per CPU second of the check: raw pages of text, and finished records.

    python benchmarks/check.py [--documents N] [--rounds N]

The pages are those of `speed.py`: paragraphs of the seeds between the head and the foot of a page,
one in twenty-five misread. The records are what cleaning makes of them, one in a hundred broken.
Every figure is the best of a few rounds, in CPU time of this process; jsonschema alone, and reading
the rows alone, are there to compare with.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

import jsonschema
import orjson
from speed import cpu_s, generate

from phusa.checking import settled
from phusa.checking.work import check_rows
from phusa.page import RawDocument
from phusa.pipeline import clean
from phusa.recipe import Checking, Recipe
from phusa_schema import load

TODAY = date(2026, 1, 1)
BROKEN = 100  # one record in so many


def rows_of(pages: list[str]) -> tuple[list[bytes], list[bytes], list[dict[str, Any]]]:
    """Rows of raw pages, rows of records, and the records."""
    raw = [orjson.dumps({"url": f"https://a.vn/{i}", "text": text}) for i, text in enumerate(pages)]
    records = [clean(RawDocument(str(i), text)).record() for i, text in enumerate(pages)]
    for i in range(0, len(records), BROKEN):
        records[i]["counts"]["chars"] = -1
    return raw, list(map(orjson.dumps, records)), records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pages = generate(options.documents)
    raw, finished, records = rows_of(pages)
    everything = settled(Recipe(), TODAY)
    schema = settled(Recipe(check=Checking(select=("SCH101", "SRC"))), TODAY)
    reference = jsonschema.Draft202012Validator(load("article-1.0.0"))

    def broken(found: Any) -> int:
        return sum(any(p.rule == "SCH101" for p in problems) for problems in found.problems)

    expected = -(-len(records) // BROKEN)
    assert broken(check_rows(finished, "a", schema)) == expected
    jobs: dict[str, Callable[[], Any]] = {
        "raw pages of text, all checks": lambda: check_rows(raw, "a", everything),
        "records, all checks": lambda: check_rows(finished, "a", everything),
        "records, JSON and schema": lambda: check_rows(finished, "a", schema),
        "  reading the rows alone": lambda: list(map(orjson.loads, finished)),
        "  jsonschema alone": lambda: [list(reference.iter_errors(r)) for r in records],
        "cleaning the pages": lambda: [clean(RawDocument("x", text)) for text in pages],
    }
    kb = sum(map(len, raw)) / len(raw) / 1000
    print(f"{len(pages):,} pages of {kb:.1f} kB; documents per CPU second")
    for name, job in jobs.items():
        print(f"{name:32}{len(pages) / cpu_s(job, options.rounds):12,.0f}")


if __name__ == "__main__":
    main()
