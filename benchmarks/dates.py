"""Publication dates of HTML pages: phusa and htmldate on pages with a known day, in one run.

    pip install -e '.[bench]'
    python benchmarks/dates.py PAGES... [--limit N] [--json]

PAGES are JSONL files, plain or packed, or folders of them, with `html`, `url` and `published` (ISO
8601; rows without a day are left out) on each line. Both see the HTML and the address, no day of
the crawl. htmldate runs twice: asked for the first date (`original_date`), and as it is by default,
for the last one. Speeds are CPU time; on a busy machine only their ratios mean something. phusa's
is the time to parse the page, write out its lines and read its head, as `phusa.clean` does; what
follows there is not needed for the date.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from phusa.evaluation import columns
from phusa.markup.blocks import parse
from phusa.markup.reader import head_of
from phusa.sources.lines import opened

DAY = re.compile(r"[12]\d{3}-[01]\d-[0-3]\d")
WARM_UP = "<html><body><h1>A first page</h1><p>May 1, 2024</p></body></html>"


class DatedPage(NamedTuple):
    """A page and the day it was published."""

    html: str
    url: str | None
    day: str


Find = Callable[[DatedPage], str | None]


@dataclass(slots=True)
class Run:
    """How often a finder gave the day, another day, or none, and the CPU time it took."""

    finder: str
    right: int = 0
    wrong: int = 0
    none: int = 0
    errors: int = 0
    cpu_s: float = 0.0

    def take(self, find: Find, page: DatedPage) -> None:
        """Ask for the date of a page."""
        start = time.process_time()
        try:
            found = find(page)
        except Exception:  # noqa: BLE001 - a peer may raise anything; its answer is no date then
            found = None
            self.errors += 1
        self.cpu_s += time.process_time() - start
        same = found is not None and found[: len("2024-05-01")] == page.day
        self.right += same
        self.wrong += found is not None and not same
        self.none += found is None


def phusa(*, inferred: bool) -> Find:
    def find(page: DatedPage) -> str | None:
        markup = parse(page.html)
        lines = [line for line in markup.text.split("\n") if line]
        found = head_of(markup, lines, page.url).published
        return found.value if found is not None and (inferred or not found.inferred) else None

    return find


def htmldate(*, original: bool) -> Find:
    from htmldate import find_date

    return lambda page: find_date(
        page.html, url=page.url, original_date=original, extensive_search=True
    )


FINDERS: dict[str, Callable[[], Find]] = {
    "phusa": lambda: phusa(inferred=True),
    "phusa, stated only": lambda: phusa(inferred=False),
    "htmldate, original date": lambda: htmldate(original=True),
    "htmldate, default": lambda: htmldate(original=False),
}


def finders() -> Iterator[tuple[str, Find]]:
    """The finders that are installed."""
    for name, make in FINDERS.items():
        try:
            find = make()
        except ImportError as error:
            print(f"{name} is left out: {error}; pip install -e '.[bench]'", file=sys.stderr)
            continue
        find(DatedPage(WARM_UP, None, "2024-05-01"))
        yield name, find


def runs(pages: Sequence[DatedPage]) -> list[Run]:
    """Each page goes to every finder, each time to another one first: the first has the page cold,
    and a busy machine is as busy for all of them.
    """
    done = [(Run(name), find) for name, find in finders()]
    for number, page in enumerate(pages):
        turn = number % len(done)
        for one, find in (*done[turn:], *done[:turn]):
            one.take(find, page)
    return [one for one, _ in done]


def load(names: Sequence[str], limit: int | None) -> list[DatedPage]:
    """The dated pages of the files, the first `limit` of each."""
    pages: list[DatedPage] = []
    for name in names:
        path = Path(name)
        files = sorted(path.glob("*.jsonl*")) if path.is_dir() else [path]
        for file in files:
            found: list[DatedPage] = []
            with opened(file) as lines:
                for line in lines:
                    row = json.loads(line)
                    day = DAY.match(row.get("published") or "")
                    if day is not None and row.get("html"):
                        found.append(DatedPage(row["html"], row.get("url"), day[0]))
            pages += found[:limit]
    return pages


def cells(done: Sequence[Run], pages: int) -> dict[str, dict[str, str]]:
    """What is shown of each finder; times as multiples of phusa's."""
    return {
        one.finder: {
            "pages": str(pages),
            "right day": f"{one.right / pages:.3f}",
            "another day": f"{one.wrong / pages:.3f}",
            "none": f"{one.none / pages:.3f}",
            "errors": str(one.errors or ""),
            "pages/s": f"{pages / max(one.cpu_s, 1e-9):,.0f}",
            "time, phusa = 1": f"{one.cpu_s / max(done[0].cpu_s, 1e-9):.2f}",
        }
        for one in done
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="+", metavar="PAGES")
    parser.add_argument("--limit", type=int, help="pages of each file")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # peers complain of the pages they are given
    pages = load(options.pages, options.limit)
    if not pages:
        sys.exit("no page with a day")
    done = runs(pages)
    if options.json:
        print(json.dumps([asdict(one) for one in done]))
        return
    with suppress(ImportError):  # PackageNotFoundError is one
        print(f"phusa {version('phusa')}, htmldate {version('htmldate')}\n")
    print(columns("dates", cells(done, len(pages))))


if __name__ == "__main__":
    main()
