"""An HTML page, read once: its text, where the lines stood, and what it says about itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from phusa.findings import EVERY_RULE, Selection
from phusa.markup import structure
from phusa.markup.blocks import Markup, parse
from phusa.markup.head import Head, headings, read_head
from phusa.markup.shown import Shown
from phusa.page import Structure


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page holds: its text, the structure of the lines of the text, its head."""

    text: str
    structure: Structure
    head: Head


def read(
    html: str, url: str | None = None, fetched_at: str | None = None, on: Selection = EVERY_RULE
) -> Reading:
    r"""Read a page; never fails. Its date may be told by the rules that are `on`.

    >>> page = read("<title>Cầu mới</title><h1>Cầu mới</h1><p>1/5/2024</p><p>Một câu.</p>")
    >>> page.head.title, page.text
    ('Cầu mới', 'Cầu mới\n\n1/5/2024\n\nMột câu.\n')
    """
    markup = parse(html)
    lines = markup.text.split("\n")
    table = structure.columns(markup)
    table = np.concatenate((table, np.zeros((1, table.shape[1]), np.float32)))
    rows, row = [], 0
    for line in lines:
        filled = bool(line.strip())
        rows.append(row if filled else -1)
        row += filled
    head = head_of(markup, [line for line in lines if line], url, fetched_at, on)
    verbatim = frozenset(np.flatnonzero(table[:, structure.VERBATIM]).tolist())
    return Reading(markup.text, Structure(table, tuple(rows), verbatim), head)


def head_of(
    markup: Markup,
    lines: Sequence[str],
    url: str | None = None,
    fetched_at: str | None = None,
    on: Selection = EVERY_RULE,
) -> Head:
    """What a page says about itself, in its head and in its `lines`, which are not blank.

    >>> page = parse("<title>Cầu mới</title><h1>Cầu mới</h1><p>1/5/2024 08:30</p>")
    >>> head_of(page, ["Cầu mới", "1/5/2024 08:30"]).published is None  # in English, of two months
    True
    """
    first_level = headings(markup)
    texts = [text for _, text in first_level]
    shown = Shown(lines, first_level, markup)
    return read_head(markup.head, texts, url, fetched_at, shown, on)
