"""What the line model sees of a line's place in the markup: numbers from 0 to 1 for each line.

As readability's scoring does (Arc90, 2009), every element is given the weight of the text under it;
here links and short lines weigh against it, so that the heaviest element is the smallest one around
the main content.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from phusa.glyphs import Floats, Glyphs
from phusa.markup.blocks import Elements, Markup
from phusa.markup.hints import Hint

LINE_COST = 50
MAX_LINE_GAIN = 300
MAX_DEPTH = 30
MAX_STEPS = 6

_TAGS = (
    "p", "h1", "h2", "h3 h4 h5 h6", "li", "td th tr", "div", "blockquote", "pre listing", "dt dd",
    "figcaption caption", "section article main", "footer header nav aside",
)  # fmt: skip
_TAG_KIND = {tag: kind for kind, tags in enumerate(_TAGS) for tag in tags.split()}
_AROUND = (
    "nav menu", "header", "footer", "aside", "main", "article", "form", "table", "ul ol dl",
    "figure", "blockquote", "section", "h1 h2 h3 h4 h5 h6",
)  # fmt: skip
_AROUND_BIT = {tag: 1 << bit for bit, tags in enumerate(_AROUND) for tag in tags.split()}
HINTS = len(Hint)
_ROWS = 15
VERBATIM = _ROWS + _TAG_KIND["pre"]
"""The column that tells lines whose blanks and line ends count."""
COLUMNS = _ROWS + len(_TAGS) + len(_AROUND) + 2 * HINTS


class _Inherited(NamedTuple):
    """What elements have of those around them, by element.

    `around` are the tags, `hints` the hints of the element and all around it; `near` the hints of
    the closest of them that has any; `depth` how many they are.
    """

    around: list[int]
    hints: list[int]
    near: list[int]
    depth: list[int]


def _inherited(elements: Elements) -> _Inherited:
    around, hints, near, depth = found = _Inherited([], [], [], [])
    for parent, tag, own in zip(elements.parent, elements.tag, elements.hints, strict=True):
        bit = _AROUND_BIT.get(tag, 0)
        if parent < 0:
            around.append(bit)
            hints.append(own)
            near.append(own)
            depth.append(0)
        else:
            around.append(bit | around[parent])
            hints.append(own | hints[parent])
            near.append(own or near[parent])
            depth.append(depth[parent] + 1)
    return found


def _weights(elements: Elements, at: Sequence[int], gain: Sequence[float]) -> list[float]:
    """The sum of the gains of the lines under each element."""
    weights = [0.0] * len(elements.parent)
    for element, value in zip(at, gain, strict=True):
        weights[element] += value
    for element in range(len(weights) - 1, 0, -1):
        weights[elements.parent[element]] += weights[element]
    return weights


def _steps(elements: Elements, best: int, depths: Sequence[int]) -> list[int]:
    """How many steps up from the heaviest element the lines of each element join it; 0: inside."""
    path = set()
    element = best
    while element >= 0:
        path.add(element)
        element = elements.parent[element]
    steps: list[int] = []
    for element, parent in enumerate(elements.parent):
        steps.append(depths[best] - depths[element] if element in path else steps[parent])
    return steps


def _bits(masks: Sequence[int], at: npt.NDArray[np.int64], count: int) -> Floats:
    """The lowest bits of the masks of the elements `at`, one column a bit."""
    found = np.array(masks, np.int64)[at, None] >> np.arange(count) & 1
    return found.astype(np.float32)


def columns(markup: Markup) -> Floats:
    """The structure of the lines of a page that are not blank, one row a line."""
    lines, elements = markup.lines, markup.elements
    if not lines.element:
        return np.zeros((0, COLUMNS), np.float32)
    texts = [line for line in markup.text.split("\n") if line.strip()]
    size = Glyphs.of(texts).sizes()
    at = np.array(lines.element, np.int64)
    chars = np.fromiter(map(len, texts), np.float32, len(texts))
    link = np.minimum(np.array(lines.link_chars, np.float32) / chars, 1)
    gain = np.minimum(size, MAX_LINE_GAIN) * (1 - link) - LINE_COST
    weights = _weights(elements, lines.element, gain.tolist())
    best = max(range(len(weights)), key=lambda e: (weights[e], e))
    inherited = _inherited(elements)
    steps = _steps(elements, best, inherited.depth)
    parent = np.array(elements.parent, np.int64)
    up = parent[at]
    weight = np.array(weights, np.float32)
    depth = np.array(inherited.depth, np.float32)
    top = max(weights[best], 1.0)
    same = at[1:] == at[:-1]
    sibling = up[1:] == up[:-1]
    pad = np.zeros(1, np.float32)
    kind = np.array([_TAG_KIND.get(tag, len(_TAGS)) for tag in elements.tag], np.int64)[at]
    step = np.array(steps, np.float32)[at]
    inner = np.clip(depth[at] - depth[best], 0, MAX_STEPS)
    rows = [
        link,
        np.minimum(np.array(lines.links, np.float32), 4) / 4,
        (link > 0.9).astype(np.float32),
        np.minimum(depth[at], MAX_DEPTH) / MAX_DEPTH,
        (step == 0).astype(np.float32),
        np.minimum(step, MAX_STEPS) / MAX_STEPS,
        np.where(step == 0, inner, 0) / MAX_STEPS,
        np.clip(weight[at] / top, 0, 1),
        np.clip(weight[np.maximum(up, 0)] / top, 0, 1),
        np.clip(weight[np.maximum(parent[np.maximum(up, 0)], 0)] / top, 0, 1),
        np.concatenate((pad, same)),
        np.concatenate((same, pad)),
        np.concatenate((pad, sibling)),
        np.concatenate((sibling, pad)),
        np.full(len(at), min(top, 5_000) / 5_000, np.float32),
    ]
    table: Floats = np.concatenate(
        [
            np.stack(rows, axis=1).astype(np.float32),
            (kind[:, None] == np.arange(len(_TAGS))).astype(np.float32),
            _bits(inherited.around, at, len(_AROUND)),
            _bits(inherited.hints, at, HINTS),
            _bits(inherited.near, at, HINTS),
        ],
        axis=1,
    )
    return table
