"""Train the line models on a folder of labelled pages.

    python training/train.py PAGES                     # write the weights that phusa ships
    python training/train.py PAGES --folds 5 --out D   # a model a fold, that never saw its sites

PAGES holds `text-SET.jsonl[.zst]` and `html-SET.jsonl[.zst]` as `training/corpus.py` reads them.
The same pages, seed and versions of the libraries give the same weights.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import corpus
import lexicon
import model
import numpy as np
from corpus import Sample

import phusa.chrome
from phusa.chrome.features import Words, columns, own
from phusa.glyphs import Glyphs

SEED = 7
MAX_LINES = 1024
CLEAN_SHARE = 0.3
"""The weight of a page's main content alone: what was cleaned must look clean."""
CUT_SHARE = 0.3
"""The weight of the main content with little around it, as many dumps have it."""
BLANK_WORDS = 0.15
"""How often no word is known: the state of a page in a language that was never seen."""

Variant = tuple[np.ndarray, float]
"""The numbers of the lines that are shown, and the weight of the page."""


def variants(sample: Sample, chance: np.random.Generator) -> Iterator[Variant]:
    """The page as it is; its main content alone; its main content with a few lines around it."""
    everything = np.arange(len(sample.lines))
    yield everything, sample.weight
    kept = np.flatnonzero(sample.labels == 1)
    if sample.weight < 1 or not len(kept):
        return
    near = (everything >= kept[0] - 3) & (everything <= kept[-1]) & (sample.labels == -1)
    near &= chance.random(len(everything)) < 0.5
    yield np.flatnonzero(near | (sample.labels == 1)), CLEAN_SHARE
    first = max(0, kept[0] - int(chance.integers(0, 6)))
    last = min(len(everything), kept[-1] + 1 + int(chance.integers(0, 16)))
    yield everything[first:last], CUT_SHARE


def items(
    samples: Sequence[Sample], words: lexicon.Lexicon, chance: np.random.Generator
) -> list[model.Item]:
    """What the model learns from: the features of the variants of all pages."""
    blank = np.zeros_like(words.table)
    found: list[model.Item] = []
    for sample in samples:
        own = words.without(sample.site)
        for shown, weight in variants(sample, chance):
            if not (sample.labels[shown] >= 0).any():
                continue
            x = features(sample, shown, blank if chance.random() < BLANK_WORDS else own)
            chars = np.array([len(sample.lines[i].replace(" ", "")) for i in shown], np.float32)
            for at in range(0, len(shown), MAX_LINES):
                cut = slice(at, at + MAX_LINES)
                labels, titles = sample.labels[shown][cut], sample.titles[shown][cut]
                found.append((x[cut], labels, titles, chars[cut], weight))
    return found


def features(sample: Sample, shown: np.ndarray, words: Words) -> np.ndarray:
    """The features of some lines of a page as if they were all."""
    texts = [sample.lines[i] for i in shown]
    x = columns(texts, *own(texts, words))
    if sample.structure is None:
        return x
    return np.concatenate([x, sample.structure[shown]], axis=1)


def report(samples: Sequence[Sample], network: model.Network, words: Words) -> str:
    """The mean overlap (F1 of characters) of pages that were not trained on, by kind."""
    marks: list[float] = []
    for sample in samples:
        if sample.weight < 1:
            continue
        everything = np.arange(len(sample.lines))
        keep = network.scores(features(sample, everything, words))[:, 0] > 0
        size = Glyphs.of(sample.lines).sizes()
        right = size[keep & (sample.labels == 1)].sum()
        wrong = size[keep & (sample.labels == 0)].sum() + size[~keep & (sample.labels == 1)].sum()
        marks.append(float(2 * right / (2 * right + wrong)) if right + wrong else 1.0)
    return f"{np.mean(marks):.4f} on {len(marks)} pages" if marks else "no pages"


def train(
    kind: str, samples: Sequence[Sample], words: lexicon.Lexicon, out: Path, held: Sequence[Sample]
) -> None:
    """Train the model for one kind of page and write it."""
    started = time.monotonic()
    learned = items(samples, words, np.random.default_rng(SEED))
    weights = model.fit(learned, SEED, model.SIZES[kind])
    np.savez_compressed(out / f"{kind}.npz", **model.arrays(weights))
    mark = report(held or samples, model.shipped(weights), words.table)
    seen = "unseen sites" if held else "its own pages"
    print(
        f"{out.name} {kind}: {len(samples)} pages, F1 {mark} of {seen},"
        f" {time.monotonic() - started:.0f} s",
        flush=True,
    )


def save_words(words: lexicon.Lexicon, out: Path) -> None:
    """Write the table of words: the distances between its entries, and their values."""
    at = np.flatnonzero(words.table)
    steps = np.diff(at, prepend=0).astype(np.uint32)
    np.savez_compressed(out / "words.npz", steps=steps, values=words.table[at])


def main() -> int:
    """Read the pages, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--only", type=int, nargs="*", help="these folds")
    parser.add_argument("--kinds", nargs="*", default=["text", "html"])
    parser.add_argument("--out", type=Path, default=Path(phusa.chrome.__path__[0]) / "weights")
    options = parser.parse_args()
    if not options.pages.is_dir():
        parser.error(f"no folder {options.pages}")
    known = {"text": list(corpus.texts(options.pages)), "html": []}
    if "html" in options.kinds:
        known["html"] = list(corpus.pages(options.pages))
    for number in options.only or range(options.folds) or [None]:
        out = options.out if number is None else options.out / f"fold{number}"
        out.mkdir(parents=True, exist_ok=True)

        def unseen(sample: Sample, number: int | None = number) -> bool:
            return number is not None and corpus.fold(sample.site, options.folds) == number

        learned = [sample for sample in known["text"] if not unseen(sample)]
        words = lexicon.Lexicon((s.site, s.lines, s.labels) for s in learned)
        save_words(words, out)
        for kind in options.kinds:
            held = [sample for sample in known[kind] if unseen(sample)]
            train(kind, [s for s in known[kind] if not unseen(s)], words, out, held)
    return 0


if __name__ == "__main__":
    sys.exit(main())
