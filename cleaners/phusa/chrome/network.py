"""The line model: a small convolutional network that scores every line of a page.

A line is described by its features; layer by layer it learns of lines further away (1, 2, 4, … 32
lines up and down), as in a dilated temporal convolution (van den Oord et al., WaveNet, 2016). Two
scores come out: whether the line belongs to the main content, and whether it is the title; above
zero it does, and is.

Activations are small whole numbers and weights small whole multiples of a power of two, held in
float32: no sum needs more than the 24 bits that float32 has. So the scores are the same on every
machine, in whatever order a matrix product adds. The weights are package data; `training/` has the
program that makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from phusa.chrome.features import WORD_BITS, Words
from phusa.glyphs import Floats

INPUT_UNIT = 128
"""Steps that a feature between 0 and 1 is measured in."""
UNIT = 64
"""Steps of a weight or of an activation between 0 and 1."""
MAX_ACTIVATION = 255
MAX_WEIGHT = 127
MAX_PRODUCT = 1 << 18
"""Multiplications in one call of the matrix product; with more, BLAS starts threads, and a process
for every core is what phusa runs already."""


@dataclass(frozen=True, slots=True)
class Network:
    """Weights: whole numbers, divided by the unit of what they are multiplied with.

    `entry` is (features, width), a layer (3 width, width), `exit` (width, 2). `dilations` has the
    reach of each layer in lines, rising.
    """

    entry: Floats
    entry_bias: Floats
    layers: tuple[Floats, ...]
    layer_biases: tuple[Floats, ...]
    dilations: tuple[int, ...]
    exit: Floats
    exit_bias: Floats

    def scores(self, columns: Floats) -> Floats:
        """For each row of features two log-odds: of main content, of the title; in 1/4096."""
        state = _times(np.rint(columns * INPUT_UNIT), self.entry)
        state += self.entry_bias
        _settle(state)
        lines, width = state.shape
        reach = self.dilations[-1]
        padded = np.zeros((lines + 2 * reach, width), np.float32)
        padded[reach : reach + lines] = state
        state = padded[reach : reach + lines]
        for far, weights, bias in zip(self.dilations, self.layers, self.layer_biases, strict=True):
            above, below = padded[reach - far :][:lines], padded[reach + far :][:lines]
            change = _times(np.concatenate((above, state, below), axis=1), weights)
            change += bias
            _settle(change)
            state += change
            np.minimum(state, MAX_ACTIVATION, out=state)
        return _times(state, self.exit) + self.exit_bias


def _times(rows: Floats, weights: Floats) -> Floats:
    """The matrix product, some rows at a time."""
    step = max(MAX_PRODUCT // weights.size, 1)
    if len(rows) <= step:
        return rows @ weights
    product = np.empty((len(rows), weights.shape[1]), np.float32)
    for start in range(0, len(rows), step):
        np.matmul(rows[start : start + step], weights, out=product[start : start + step])
    return product


def _settle(sums: Floats) -> None:
    """Make sums activations again, in place: whole numbers, none under zero or too large."""
    np.rint(sums, out=sums)
    np.maximum(sums, 0, out=sums)
    np.minimum(sums, MAX_ACTIVATION, out=sums)


def scaled(data: Mapping[str, npt.NDArray[np.generic]]) -> Network:
    """The network of a file of whole numbers.

    The division by a power of two loses nothing, so that sums stay as exact as whole numbers are.
    """

    def floats(key: str, unit: int) -> Floats:
        return data[key].astype(np.float32) / np.float32(unit)

    return Network(
        floats("entry", INPUT_UNIT),
        floats("entry_bias", INPUT_UNIT),
        tuple(floats("layers", UNIT)),
        tuple(floats("layer_biases", UNIT)),
        tuple(map(int, data["dilations"])),
        floats("exit", UNIT * UNIT),
        floats("exit_bias", UNIT * UNIT),
    )


@cache
def network(name: str) -> Network:
    """The network for pages of `text` or of `html`."""
    return scaled(_arrays(f"{name}.npz"))


@cache
def words() -> Words:
    """What is known of words and of short lines, by their number."""
    data = _arrays("words.npz")
    table = np.zeros(1 << WORD_BITS, np.int8)
    table[np.cumsum(data["steps"], dtype=np.int64)] = data["values"]
    return table


def _arrays(name: str) -> dict[str, npt.NDArray[np.generic]]:
    path = resources.files(__package__).joinpath("weights", name)
    with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
        return dict(data)
