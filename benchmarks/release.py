"""Releases by the number: what it costs to write, verify and compare them, and how much memory.

    python benchmarks/release.py [--records N] [--kb SIZE] [--folder DIR]

The records are generated: words of the seeds, drawn as often as they come there. The next version
lacks one record in a hundred, has as many new ones, and of two in a hundred a word is another. All
is done with 10,000 records and then with N, each job in a process of its own; its imports are not
timed, but count for the peak of memory. What does not grow with N there is the point. MB are of the
records as JSON lines. As it stands it takes seven minutes on two cores and 8 GB of disk.

`phusa` checks every record, and writes each twice: as Parquet and as compressed JSON lines. Beside
it the same rows are written as Parquet alone, by pyarrow with the same settings and by `datasets`
with its own, and read again from the compressed JSON lines. Nothing else verifies or compares
releases. Take the ratios, which hold on any machine, rather than the speeds.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"
FEW = 10_000
SITES = 50
OLD, NEW = "1.0.0", "2.0.0"

Work = Callable[[], object]


@dataclass(frozen=True)
class Cost:
    """What a job took."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def measured(job: Callable[..., Work], *arguments: object) -> Cost:
    """Do a job in this process."""
    work = job(*arguments)
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Cost(wall, cpu, peak / (1e6 if sys.platform == "darwin" else 1e3))


def apart(job: Callable[..., Work], *arguments: object) -> Cost:
    """Do a job in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measured, job, *arguments).result()


# What goes in


def texts(count: int, kb: float) -> Iterator[tuple[str, int, str]]:
    """Generate the version, the number and the text of every record."""
    chance = random.Random(20260101)
    words = [
        word for page in sorted(SEEDS.glob("*.txt")) for word in page.read_text("utf-8").split()
    ]

    def text() -> str:
        paragraphs, size = [], 0.0
        while size < kb * 1000:
            paragraphs.append(" ".join(chance.choices(words, k=100)))
            size += len(paragraphs[-1].encode()) + 2
        return "\n\n".join(paragraphs)

    for number in range(count):
        first = text()
        yield OLD, number, first
        if number % 100 == 0:
            yield NEW, count + number // 100, text()
        else:
            changed = number % 100 in {1, 2}
            yield NEW, number, first.replace(" ", " khác ", 1) if changed else first


def generating(folder: Path, count: int, kb: float) -> Work:
    import hashlib
    import pickle

    import orjson

    from phusa.page import RawDocument
    from phusa.pipeline import clean
    from phusa.release.statistics import Statistics

    pages = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    models = [clean(RawDocument("model", page)).record() for page in pages]

    def work() -> None:
        totals = {version: Statistics() for version in (OLD, NEW)}
        files = {version: records_of(folder, version).open("wb") for version in totals}
        for version, number, text in texts(count, kb):
            model, site = models[number % len(models)], f"bao{number % SITES}.vn"
            record = model | {
                "id": f"{number:016x}",
                "url": f"https://{site}/tin/{number}",
                "source": model["source"] | {"path": f"{number}.txt", "site": site},
                "text": text,
                "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
                "counts": model["counts"] | {"chars": len(text), "words": len(text.split())},
            }
            totals[version].add_record(record)
            files[version].write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        for version, file in files.items():
            file.close()
            for kind in ("pages", "findings", "rejected"):  # nothing was taken out
                (folder / f"{version}.{kind}.jsonl").touch()
            (folder / f"{version}.pickle").write_bytes(pickle.dumps(totals[version]))

    return work


def records_of(folder: Path, version: str) -> Path:
    """Where the records of a version lie before it is a release: a part file."""
    return folder / f"{version}.records.jsonl"


# The jobs: each imports what it needs and gives the work to be timed


def writing(folder: Path, version: str) -> Work:
    import pickle

    from phusa.recipe import Dataset, Recipe
    from phusa.release import audit
    from phusa.release.manifest import Provenance
    from phusa.release.writer import History, describe, write_records

    statistics = pickle.loads((folder / f"{version}.pickle").read_bytes())

    def work() -> None:
        for name in (version, f"audit-{version}"):
            (folder / name).mkdir()
        parts = [folder / version]
        records = write_records(parts, folder / version)
        describe(
            folder / version,
            records,
            audit.write(parts, folder / f"audit-{version}"),
            recipe=Recipe(Dataset("speed", version)),
            provenance=Provenance("0", "0" * 64, "0" * 64),
            statistics=statistics,
            rules={},
            history=History(None, (), f"# speed\n\n## {version}\n"),
        )

    return work


def verifying(folder: Path) -> Work:
    from phusa.release.verify import verify

    def work() -> None:
        assert verify(folder / OLD, load=False) == []

    return work


def comparing(folder: Path, count: int) -> Work:
    from phusa.comparing import compare, opened

    def work() -> None:
        found = compare(opened(folder / OLD), opened(folder / NEW))
        numbers = (found.added, found.removed, found.changed.total)
        assert numbers == (count // 100, count // 100, count // 50), numbers

    return work


def writing_by_pyarrow(folder: Path) -> Work:
    import pyarrow as pa
    import pyarrow.dataset
    import pyarrow.parquet

    from phusa.release import ARTICLE, lines, tables
    from phusa_schema import load

    schema = tables.arrow_schema(tables.columns(load(ARTICLE)))
    group_bytes = 32 << 20

    def work() -> None:
        source = pyarrow.dataset.dataset(records_of(folder, OLD), schema=schema, format="json")
        with pyarrow.parquet.ParquetWriter(
            folder / "pyarrow.parquet",
            schema,
            compression="zstd",
            compression_level=lines.LEVEL,
            use_content_defined_chunking=True,
            write_page_index=True,
        ) as file:
            group: list[pa.RecordBatch] = []
            for batch in source.to_batches(batch_readahead=1, fragment_readahead=1):
                group.append(batch)
                if sum(part.nbytes for part in group) > group_bytes:
                    file.write_table(pa.Table.from_batches(group))
                    group = []
            if group:
                file.write_table(pa.Table.from_batches(group))

    return work


def writing_by_datasets(folder: Path) -> Work:
    import datasets

    from phusa.release import ARTICLE, tables
    from phusa_schema import load

    datasets.disable_progress_bars()
    schema = tables.arrow_schema(tables.columns(load(ARTICLE)))

    def work() -> None:
        rows = datasets.load_dataset(
            "json",
            data_files=str(records_of(folder, OLD)),
            features=datasets.Features.from_arrow_schema(schema),
            split="train",
            cache_dir=str(folder / "cache"),
        )
        rows.to_parquet(str(folder / "datasets.parquet"))

    return work


def reading(folder: Path) -> Work:
    from phusa.release import lines

    def work() -> None:
        for file in sorted((folder / OLD / "jsonl").iterdir()):
            for _ in lines.values(file):
                pass

    return work


WRITE, VERIFY, COMPARE = "phusa: write", "phusa: verify", "phusa: compare with the next version"
PEERS = {
    WRITE: ("pyarrow: write Parquet alone", "datasets: write Parquet alone"),
    VERIFY: ("the JSON lines read and parsed",),
    COMPARE: ("the JSON lines read and parsed",),
}


def costs(folder: Path, count: int, kb: float) -> tuple[float, dict[str, Cost]]:
    """The size of the records in MB, and what each job takes on them."""
    apart(generating, folder, count, kb)
    size = records_of(folder, OLD).stat().st_size / 1e6
    found = {
        PEERS[WRITE][0]: apart(writing_by_pyarrow, folder),
        PEERS[WRITE][1]: apart(writing_by_datasets, folder),
    }
    shutil.rmtree(folder / "cache")
    found[WRITE] = apart(writing, folder, OLD)
    apart(writing, folder, NEW)
    for version in (OLD, NEW):
        records_of(folder, version).unlink()
    found[VERIFY] = apart(verifying, folder)
    found[COMPARE] = apart(comparing, folder, count)
    found[PEERS[VERIFY][0]] = apart(reading, folder)
    return size, found


def show(count: int, size: float, found: dict[str, Cost]) -> None:
    print(f"\n{count:,} records, {size:,.0f} MB of JSON lines ({size / count * 1e3:.1f} kB each)\n")
    print(f"{'':40}{'records/cpu-s':>14}{'MB/cpu-s':>10}{'wall s':>9}{'peak MB':>9}")
    for name, cost in found.items():
        speeds = f"{count / cost.cpu_s:14,.0f}{size / cost.cpu_s:10,.0f}"
        print(f"{name:40}{speeds}{cost.wall_s:9,.1f}{cost.peak_mb:9,.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--kb", type=float, default=8.0, help="of text in a record, in UTF-8")
    parser.add_argument("--folder", type=Path, help="where the releases go meanwhile")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    results = {}
    for count in sorted({min(FEW, options.records), options.records}):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            size, found = costs(Path(folder), count, options.kb)
        show(count, size, found)
        results[count] = found
    print()
    for job, peers in PEERS.items():
        for peer in peers:
            ratio = found[job].cpu_s / found[peer].cpu_s
            print(f"CPU time of {job} over {peer}: {ratio:.2f}")
    few, many = min(results), max(results)
    for job in PEERS:
        ratio = results[many][job].peak_mb / results[few][job].peak_mb
        print(f"memory of {job}, {many:,} records over {few:,}: {ratio:.2f}")


if __name__ == "__main__":
    main()
