"""What the line model went by: which features, put back to the page's average, change its mind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from phusa.chrome.features import OWN, PAGE, PLACE, WORD_FEATURES
from phusa.chrome.network import Network
from phusa.glyphs import Floats

GROUPS = (
    ("length and punctuation", slice(0, OWN - WORD_FEATURES)),
    ("words", slice(OWN - WORD_FEATURES, OWN)),
    ("place on the page", slice(OWN, OWN + PLACE + PAGE)),
    ("markup", slice(OWN + PLACE + PAGE, None)),
)
"""Columns of the features, by what they tell; of the line and of those around it."""


def leading(columns: Floats, network: Network) -> Sequence[str]:
    """For each line the group of features without which the model would trust it most.

    Each group in turn is given its mean over the page (occlusion: Zeiler and Fergus, 2014).
    """
    scores = []
    for _, group in GROUPS:
        shown = columns.copy()
        shown[:, group] = columns[:, group].mean(axis=0, keepdims=True)
        scores.append(network.scores(shown)[:, 0])
    return [GROUPS[i][0] for i in np.argmax(scores, axis=0).tolist()]
