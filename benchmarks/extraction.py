"""Quality and speed of extraction: phusa and other extractors on pages with gold, in one run.

    pip install -e '.[bench]'
    python benchmarks/extraction.py GOLD... [--limit N] [--json]

GOLD are files as `phusa eval` reads them (docs/evaluation.md). Baselines for text dumps run on the
text rows, HTML extractors on the HTML rows, phusa on both. All run in this process one after the
other; speeds are CPU time, and on a busy machine only their ratios mean something. A peer that is
not installed is named and left out.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from peers import HTML, TEXT, Extract, text_of, versions

from phusa.evaluation import Answer, BadRow, GoldPage, PageMarks, cells, columns, mark, read, report
from phusa.release.markdown import code
from phusa.sources.lines import opened

FACTS = ("articles", "titles", "dates", "authors")
WARM_UP = (
    "<html><body><p>A first page, so that nothing is loaded while the clock runs.</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Run:
    """What an extractor did with all pages of a media type."""

    extractor: str
    marks: list[PageMarks]
    errors: int
    cpu_s: float


def run(name: str, extract: Extract, pages: Sequence[GoldPage]) -> Run:
    answers, errors, cpu_s = [], 0, 0.0
    extract(GoldPage("warm-up", WARM_UP, pages[0].media_type, "none"))
    for page in pages:
        start = time.process_time()
        try:
            text = extract(page)
        except Exception:  # noqa: BLE001 - a peer may raise anything; its answer is no text then
            text, errors = "", errors + 1
        cpu_s += time.process_time() - start
        answers.append(Answer(text))
    return Run(name, list(map(mark, pages, answers)), errors, cpu_s)


def runs(kinds: dict[str, Callable[[], Extract]], pages: Sequence[GoldPage]) -> Iterator[Run]:
    for name, make in kinds.items():
        try:
            extract = make()
        except ImportError as error:
            print(f"{name} is left out: {error}; pip install -e '.[bench]'", file=sys.stderr)
            continue
        yield run(name, extract, pages)


def quality(done: Sequence[Run]) -> dict[str, dict[str, dict[str, str]]]:
    """The cells of each extractor by set."""
    sets: dict[str, dict[str, dict[str, str]]] = {}
    for one in done:
        for name, summary in report(one.marks, []).sets.items():
            row = {key: cell for key, cell in cells(summary).items() if key not in FACTS}
            sets.setdefault(name, {})[one.extractor] = row
    return sets


def speed(done: Sequence[Run], pages: Sequence[GoldPage]) -> dict[str, dict[str, str]]:
    """Pages and MB (UTF-8) per CPU second, and how many times the CPU time of phusa they take."""
    megabytes = sum(len(text_of(page).encode("utf-8", "replace")) for page in pages) / 1e6
    phusa_s = done[0].cpu_s
    return {
        one.extractor: {
            "pages": str(len(pages)),
            "errors": str(one.errors or ""),
            "pages/s": f"{len(pages) / max(one.cpu_s, 1e-9):,.0f}",
            "MB/s": f"{megabytes / max(one.cpu_s, 1e-9):.2f}",
            "time, phusa = 1": f"{one.cpu_s / max(phusa_s, 1e-9):.2f}",
        }
        for one in done
    }


def load(names: Sequence[str], limit: int | None) -> list[GoldPage]:
    """The pages of the files, the first `limit` of each."""
    pages: list[GoldPage] = []
    for name in names:
        found = []
        with opened(Path(name)) as file:
            for page in read(file, name):
                if isinstance(page, BadRow):
                    sys.exit(f"{page.place}: {page.message}")
                found.append(page)
        pages += found[:limit]
    return pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gold", nargs="+", metavar="GOLD")
    parser.add_argument("--limit", type=int, help="pages of each file")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # peers complain of the pages they are given
    pages = load(options.gold, options.limit)
    result: dict[str, object] = {"versions": versions()}
    tables = [", ".join(f"{name} {number}" for name, number in versions().items())]
    for media_type, kinds in (("text/plain", TEXT), ("text/html", HTML)):
        chosen = [page for page in pages if page.media_type == media_type]
        if not chosen:
            continue
        done = list(runs(kinds, chosen))
        result[media_type] = [
            {"extractor": one.extractor, "errors": one.errors, "cpu_s": one.cpu_s}
            | {"sets": {n: asdict(s) for n, s in report(one.marks, []).sets.items()}}
            for one in done
        ]
        tables += [
            columns(f"{code(name)}, {media_type}", rows) for name, rows in quality(done).items()
        ]
        tables.append(columns(f"speed, {media_type}", speed(done, chosen)))
    print(json.dumps(result) if options.json else "\n\n".join(tables))


if __name__ == "__main__":
    main()
