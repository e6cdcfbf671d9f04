"""Places of Vietnam: how many of drawn wards are found, how fast, and what loading costs.

    pip install -e '.[bench]'
    python benchmarks/places.py [--wards N] [--seed N]

For each day wards are drawn from the gazetteer, those that alone had their code that day, and
told in phrases: with all they lie in as an address, within a sentence, in two sentences, alone.
Right is an answer with the codes of the ward and of all it lies in. vietnamadminunits reads
addresses, by the units of before or after 2025-07-01; it is asked for the same phrases, in the same
run, and right where its codes are those. Of a ward that is named alone, no answer is no mistake.

Scanning is CPU time per 8,000 bytes of text, over the seeds; loading is a fresh process.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from phusa.evaluation import columns
from phusa.metadata.locality import locality
from phusa.places import Unit, by_code, parents
from phusa.places.table import table

ROOT = Path(__file__).parent.parent
DAYS = ("2016-06-10", "2019-05-10", "2020-06-18", "2023-03-01", "2025-03-01", "2025-09-01")
PHRASES = {
    "an address": "{ward}, {above}",
    "in a sentence": "UBND {ward}, {above} vừa tổ chức hội nghị tổng kết năm.",
    "two sentences": "Mưa lớn kéo dài tại {next}. {ward} bị ngập sâu từ sáng sớm.",
    "alone": "Người dân {ward} phấn khởi đón năm mới.",
}
LOADING = """
import resource, time
pages = lambda: int(open("/proc/self/statm").read().split()[1])
import phusa.pipeline
from phusa.metadata.locality import locality
before, start = pages(), time.perf_counter()
locality(None, "Phường An Lưu, thị xã Kinh Môn, Hải Dương", "2020-06-18")
megabytes = (pages() - before) * resource.getpagesize() / 1e6
print(f"{time.perf_counter() - start:.3f} s, {megabytes:.0f} MB")
"""

Codes = tuple[str, ...]
Find = Callable[[str, str], Codes | None]
"""Codes of a text on a day, the ward's first; None where there is no answer."""


@dataclass(slots=True)
class Run:
    """How often a finder was right, wrong and silent, and the CPU time it took."""

    right: int = 0
    wrong: int = 0
    none: int = 0
    cpu_s: float = 0.0


def phusa(text: str, day: str) -> Codes | None:
    found = locality(None, text, day)
    return tuple(unit.code or "" for unit in found.then) if found else None


def vietnamadminunits() -> Find:
    from vietnamadminunits import ParseMode, parse_address

    def find(text: str, day: str) -> Codes | None:
        old = day < "2025-07-01"
        mode, level = (ParseMode.LEGACY, 3) if old else (ParseMode.FROM_2025, 2)
        found = parse_address(text, mode=mode, level=level)
        levels = ("ward", "district", "province") if old else ("ward", "province")
        codes = [getattr(found, f"{level}_code", None) for level in levels]
        return tuple(str(code) for code in codes if code) or None

    return find


def wards(day: str, count: int, rng: random.Random) -> list[Unit]:
    """Wards of a day whose code is that of one unit only."""
    there = [unit for unit in table() if unit.level == "ward" and unit.exists(day)]
    sure = [unit for unit in there if len(by_code(unit.code, day)) == 1]
    return rng.sample(sure, count)


def told(phrase: str, unit: Unit, above: Sequence[Unit]) -> str:
    def small(name: str) -> str:
        return name[0].lower() + name[1:]

    rest = ", ".join(small(one.full_name) for one in above)
    text = phrase.format(ward=small(unit.full_name), above=rest, next=small(above[0].full_name))
    return text[0].upper() + text[1:]


def accuracy(finders: dict[str, Find], count: int, seed: int) -> dict[str, dict[str, str]]:
    drawn = [(unit, day) for day in DAYS for unit in wards(day, count, random.Random(seed))]
    rows = {}
    for phrase, template in PHRASES.items():
        for name, find in finders.items():
            run = Run()
            for unit, day in drawn:
                above = parents(unit, day)
                text = told(template, unit, above)
                start = time.process_time()
                found = find(text, day)
                run.cpu_s += time.process_time() - start
                right = found == (unit.code, *(one.code for one in above))
                run.right += right
                run.none += found is None
                run.wrong += found is not None and not right
            shares = {"right": run.right, "wrong": run.wrong, "no answer": run.none}
            rows[f"{phrase}: {name}"] = {
                **{share: f"{number / len(drawn):.3f}" for share, number in shares.items()},
                "ms": f"{run.cpu_s / len(drawn) * 1e3:.2f}",
            }
    return rows


def scanning() -> float:
    """Milliseconds of CPU time per 8,000 bytes of the seeds, best of five."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    size = sum(len(text.encode()) for text in texts)
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for text in texts:
            locality(None, text, "2023-01-01")
        best = min(best, time.process_time() - start)
    return best / size * 8_000 * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wards", type=int, default=400, help="for each of the six days")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    finders: dict[str, Find] = {"phusa": phusa}
    try:
        finders["vietnamadminunits"] = vietnamadminunits()
    except ImportError:
        print("vietnamadminunits is not installed and left out", file=sys.stderr)
    print(columns("told", accuracy(finders, options.wards, options.seed)))
    print(f"\nscanning: {scanning():.2f} ms for 8,000 bytes")
    loaded = subprocess.check_output([sys.executable, "-c", LOADING], text=True)
    print(f"loading: {loaded.strip()}")


if __name__ == "__main__":
    main()
