"""The line model in JAX, with the whole-number arithmetic of `phusa.chrome.network` built in.

Weights and activations are rounded in the forward pass while gradients pass through (the
straight-through estimator of Bengio et al., 2013), so that what is trained is what is shipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from phusa.chrome.network import INPUT_UNIT, MAX_ACTIVATION, MAX_WEIGHT, UNIT, Network, scaled

DILATIONS = (1, 2, 4, 8, 16, 32)
LEARNING_RATE = 3e-3
BATCH_LINES = 8192
LENGTHS = (64, 128, 256, 512, 1024)
SMOOTHING = 50
"""Characters; keeps the overlap of pages with hardly any labelled text from jumping."""

TITLE = 0.15
"""The weight of finding the title beside that of finding the text."""
OTHER_TITLES = 10.0
"""The weight of all lines that are not the title beside the one that is."""

Weights = Any


@dataclass(frozen=True, slots=True)
class Size:
    """How large a model is and how it is trained.

    `width` is the number of activations of a line, `drop` the share of them that is left out while
    training.
    """

    width: int
    drop: float
    decay: float
    epochs: int


SIZES = {"text": Size(32, 0.1, 1e-3, 26), "html": Size(48, 0.15, 1e-2, 30)}
"""Chosen on one fold: text gains nothing from a larger model, pages with structure do."""

Item = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]
"""Features, labels, which is the title, characters of the lines, and the weight of the page."""


def _rounded(values: Any, unit: float) -> Any:
    return values + jax.lax.stop_gradient(jnp.rint(values * unit) / unit - values)


def _whole(weights: Any) -> Any:
    limit = MAX_WEIGHT / UNIT
    return _rounded(jnp.clip(weights, -limit, limit), UNIT)


def _settled(values: Any) -> Any:
    return _rounded(jnp.clip(values, 0, MAX_ACTIVATION / UNIT), UNIT)


def start(key: Any, features: int, width: int) -> Weights:
    """Random weights."""
    keys = jax.random.split(key, len(DILATIONS) + 2)

    def matrix(key: Any, rows: int, columns: int, scale: float = 1.0) -> tuple[Any, Any]:
        weights = jax.random.normal(key, (rows, columns)) * scale * np.sqrt(2 / rows)
        return weights, jnp.zeros(columns)

    return {
        "entry": matrix(keys[0], features, width),
        "layers": [matrix(key, 3 * width, width, 0.5) for key in keys[1:-1]],
        "exit": matrix(keys[-1], width, 2),
    }


def scores(weights: Weights, x: Any, mask: Any, key: Any = None, drop: float = 0.0) -> Any:
    """Log-odds of the lines of a batch of pages (page, line, feature): of text, of the title."""
    mask = mask[..., None]
    w, b = weights["entry"]
    state = _settled(_rounded(x, INPUT_UNIT) @ _whole(w) + _rounded(b, INPUT_UNIT * UNIT)) * mask
    lines = x.shape[1]
    for i, ((w, b), reach) in enumerate(zip(weights["layers"], DILATIONS, strict=True)):
        padded = jnp.pad(state, ((0, 0), (reach, reach), (0, 0)))
        around = jnp.concatenate(
            [padded[:, :lines], state, padded[:, 2 * reach : 2 * reach + lines]], -1
        )
        change = _settled(around @ _whole(w) + _rounded(b, UNIT * UNIT))
        if key is not None:
            kept = jax.random.bernoulli(
                jax.random.fold_in(key, i), 1 - drop, (len(x), 1, change.shape[2])
            )
            change = change * kept / (1 - drop)
        state = jnp.minimum(state + change, MAX_ACTIVATION / UNIT) * mask
    w, b = weights["exit"]
    return state @ _whole(w) + _rounded(b, UNIT * UNIT)


def loss(weights: Weights, batch: Any, key: Any, drop: float) -> Any:
    """Cross entropy by line, long lines weighing more, and what is missing of the overlap (F1);
    and the cross entropy of the title.
    """
    x, mask, labels, titles, chars, page_weight = batch
    both_scores = scores(weights, x, mask, key, drop)
    z = both_scores[..., 0]
    known = (labels >= 0) & (mask > 0)
    y = jnp.clip(labels, 0, 1)
    entropy = _entropy(z, y)
    weight = jnp.where(known, jnp.sqrt(jnp.minimum(chars, 400.0)) + 1, 0)
    by_line = (weight * entropy).sum(1) / jnp.maximum(weight.sum(1), 1)
    mass = jnp.where(known, jnp.minimum(chars, 3_000), 0)
    p = jax.nn.sigmoid(z)
    both = (mass * p * y).sum(1)
    overlap = (2 * both + SMOOTHING) / ((mass * p).sum(1) + (mass * y).sum(1) + SMOOTHING)
    others = (titles == 0) & (mask > 0)
    share = jnp.where(
        titles == 1, 1.0, OTHER_TITLES * others / jnp.maximum(others.sum(1), 1)[:, None]
    )
    title = (share * _entropy(both_scores[..., 1], jnp.clip(titles, 0, 1))).sum(1)
    return ((by_line + 1 - overlap + TITLE * title) * page_weight).sum() / page_weight.sum()


def _entropy(z: Any, y: Any) -> Any:
    return jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))


def batches(items: Sequence[Item], chance: np.random.Generator) -> Iterator[Any]:
    """Pages of about one length together, filled up with nothing."""
    groups: dict[int, list[int]] = {}
    for i, item in enumerate(items):
        groups.setdefault(next(n for n in LENGTHS if len(item[0]) <= n), []).append(i)
    chunks = []
    for length, members in groups.items():
        chance.shuffle(members)
        size = BATCH_LINES // length
        chunks += [(length, size, members[k : k + size]) for k in range(0, len(members), size)]
    chance.shuffle(chunks)  # type: ignore[arg-type]
    features = items[0][0].shape[1]
    for length, size, members in chunks:
        x = np.zeros((size, length, features), np.float32)
        mask, chars = np.zeros((2, size, length), np.float32)
        labels, titles = np.full((2, size, length), -1, np.int32)
        weight = np.zeros(size, np.float32)
        for j, i in enumerate(members):
            n = len(items[i][0])
            x[j, :n], labels[j, :n], titles[j, :n], chars[j, :n], weight[j] = items[i]
            mask[j, :n] = 1
        yield x, mask, labels, titles, chars, weight


def fit(items: Sequence[Item], seed: int, size: Size) -> Weights:
    """Train; returns the running mean of the weights."""
    chance = np.random.default_rng(seed)
    key = jax.random.PRNGKey(seed)
    weights = mean = start(key, items[0][0].shape[1], size.width)
    steps = size.epochs * sum(1 for _ in batches(items, np.random.default_rng(0)))
    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.adamw(optax.cosine_onecycle_schedule(steps, LEARNING_RATE), weight_decay=size.decay),
    )
    state = optimizer.init(weights)

    @jax.jit
    def step(weights: Weights, state: Any, mean: Weights, batch: Any, key: Any) -> Any:
        gradient = jax.grad(loss)(weights, batch, key, size.drop)
        change, state = optimizer.update(gradient, state, weights)
        weights = optax.apply_updates(weights, change)
        mean = jax.tree.map(lambda old, new: 0.99 * old + 0.01 * new, mean, weights)
        return weights, state, mean

    for _ in range(size.epochs):
        for batch in batches(items, chance):
            key, one = jax.random.split(key)
            weights, state, mean = step(weights, state, mean, batch, one)
    return jax.tree.map(np.asarray, mean)


def arrays(weights: Weights) -> dict[str, np.ndarray]:
    """The weights as the whole numbers that `phusa.chrome.network` reads."""

    def whole(values: np.ndarray) -> np.ndarray:
        return np.clip(np.rint(values * UNIT), -MAX_WEIGHT, MAX_WEIGHT).astype(np.int8)

    def bias(values: np.ndarray, unit: int) -> np.ndarray:
        return np.rint(values * unit).astype(np.int32)

    product = UNIT * UNIT
    return {
        "entry": whole(weights["entry"][0]),
        "entry_bias": bias(weights["entry"][1], INPUT_UNIT * UNIT),
        "layers": np.stack([whole(w) for w, _ in weights["layers"]]),
        "layer_biases": np.stack([bias(b, product) for _, b in weights["layers"]]),
        "dilations": np.array(DILATIONS, np.int16),
        "exit": whole(weights["exit"][0]),
        "exit_bias": bias(weights["exit"][1], product),
    }


def shipped(weights: Weights) -> Network:
    """The network as phusa runs it."""
    return scaled(arrays(weights))
