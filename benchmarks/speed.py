"""Documents per CPU second: the pipeline, its parts, and the same work without cleaning.

    python benchmarks/speed.py [--documents N] [--rounds N]

The documents are generated: paragraphs of the seeds recombined with a fixed seed, some numbers in
them changed so that no two are alike, between the head and the foot of a seed's page; one in
twenty-five is misread UTF-8. Every figure is the best of a few rounds, in CPU time of this process;
take the ratios, which hold on any machine, rather than the speeds.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson

from phusa.building import RULEBOOK, build
from phusa.building.parts import PartWriter
from phusa.chrome.labeller import PageLabeller
from phusa.chrome.shapes import _short
from phusa.findings import Selection
from phusa.page import Article, Page, RawDocument, restore
from phusa.pipeline import clean, repair
from phusa.recipe import Cleaning, Dataset, Recipe, Sources
from phusa.release import writer
from phusa.release.manifest import Provenance
from phusa.release.validation import problems

SEEDS = Path(__file__).parent.parent / "seeds"
MISREAD = 25  # one document in so many is misread UTF-8
NUMBER = re.compile(r"\d{2,}")


def generate(count: int) -> list[str]:
    """Pages of about 8 kB: the head and foot of a seed around paragraphs of all of them."""
    chance = random.Random(20260101)
    pages = [path.read_text("utf-8").split("\n\n") for path in sorted(SEEDS.glob("*.txt"))]
    paragraphs = [p for page in pages for p in page if len(p) > 200]
    documents = []
    for i in range(count):
        page = chance.choice(pages)
        body = [f"{p[:-1]} {i}{p[-1]}" for p in chance.sample(paragraphs, chance.randint(5, 10))]
        text = "\n\n".join([*page[:3], *body, *page[-8:]])
        text = NUMBER.sub(lambda n: str(chance.randint(10, 9999)) if len(n[0]) < 4 else n[0], text)
        if i % MISREAD == 0:
            text = text.encode().decode("latin-1")
        documents.append(text)
    return documents


def cpu_s(work: Callable[[], Any], rounds: int) -> float:
    """The least CPU time of a few runs, in seconds; none profits from what another remembered."""
    best = float("inf")
    for _ in range(rounds):
        _short.cache_clear()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def read(path: Path) -> Iterable[RawDocument]:
    with path.open("rb") as file:
        for line in file:
            row = orjson.loads(line)
            yield RawDocument(row["id"], row["text"])


def write(records: Iterable[Any], path: Path) -> None:
    with path.open("wb") as file:
        for record in records:
            file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))


def measure(documents: list[str], folder: Path, rounds: int) -> list[tuple[str, float]]:
    """Names of jobs and the CPU seconds each takes on all documents."""
    source, target = folder / "pages.jsonl", folder / "records.jsonl"
    write(({"id": str(i), "text": text} for i, text in enumerate(documents)), source)
    raws = list(read(source))
    articles = [clean(raw) for raw in raws]
    records = [article.record() for article in articles]
    pages = [Page(restore(article)) for article in articles]
    recipe = Recipe(Dataset("speed"), Sources(("pages.jsonl",)), Cleaning(), folder)

    def copy() -> None:
        for _ in read(source):
            pass
        write(records, target)

    def whole() -> None:
        def cleaned() -> Iterable[Any]:
            for raw in read(source):
                record = clean(raw).record()
                assert not problems(record)
                yield record

        write(cleaned(), target)

    def parts() -> list[tuple[str, Callable[[], Any]]]:
        return [
            ("  repair of characters", lambda: [repair(page, Selection(), []) for page in pages]),
            ("  labels of lines, one look", lambda: [PageLabeller()(p, p.lines()) for p in pages]),
            ("  all of clean()", lambda: [clean(raw) for raw in raws]),
            ("  record", lambda: list(map(Article.record, articles))),
            ("  validation", lambda: list(map(problems, records))),
        ]

    def release() -> None:
        build(recipe, folder / "dist", overwrite=True)

    def release_uncleaned() -> None:
        with tempfile.TemporaryDirectory() as name:
            write_release(read(source), records, Path(name))

    jobs = [
        ("rows of JSONL: read, decode, write", copy),
        ("rows of JSONL: read, clean, validate, write", whole),
        *parts(),
        ("release: read, decode, write", release_uncleaned),
        ("release: all of phusa build", release),
    ]
    return [(name, cpu_s(job, rounds)) for name, job in jobs]


def write_release(raws: Iterable[RawDocument], records: list[Any], folder: Path) -> None:
    """Release records with the pages they came from as the audit: a build that cleans nothing."""
    with PartWriter(folder / "part") as part:
        for raw, record in zip(raws, records, strict=True):
            page = {"id": raw.id, "page": raw.content, "decoded_sha256": raw.raw_sha256}
            part.keep(record | {"source": record["source"] | {"path": raw.id}}, page, [])
    done = part.part(0)
    for name in ("release", "audit"):
        (folder / name).mkdir()
    writer.write(
        [done.prefix],
        folder / "release",
        folder / "audit",
        dataset=Dataset("speed"),
        provenance=Provenance("0", "0" * 64, "0" * 64),
        statistics=done.statistics,
        rules=RULEBOOK,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    documents = generate(options.documents)
    size = sum(len(text.encode()) for text in documents) / len(documents)
    print(f"{len(documents)} documents of {size / 1000:.1f} kB (UTF-8), best of {options.rounds}\n")
    with tempfile.TemporaryDirectory() as folder:
        results = measure(documents, Path(folder), options.rounds)
    cost = dict(results)
    print(f"{'':44}{'docs/cpu-s':>12}{'ms/doc':>9}")
    for name, seconds in results:
        per_second = len(documents) / seconds
        print(f"{name:44}{per_second:12,.0f}{1000 / per_second:9.3f}")
    rows = cost["rows of JSONL: read, decode, write"]
    release = cost["release: read, decode, write"]
    whole = cost["rows of JSONL: read, clean, validate, write"]
    print(
        f"\nspeed of phusa build over a release of the same records without cleaning: "
        f"{release / cost['release: all of phusa build']:.2f}"
    )
    print(f"speed of cleaning rows of JSONL over copying them: {rows / whole:.2f}")


if __name__ == "__main__":
    main()
