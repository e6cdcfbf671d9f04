"""An HTML page, read once: its text, where the lines stood, and what it says about itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from phusa.markup import structure
from phusa.markup.blocks import Markup, parse
from phusa.markup.datelines import first_published, visible_date
from phusa.markup.head import Head, headings, read_head
from phusa.markup.stamps import day_order
from phusa.page import Structure


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page holds: its text, the structure of the lines of the text, its head."""

    text: str
    structure: Structure
    head: Head


def read(html: str, url: str | None = None, fetched_at: str | None = None) -> Reading:
    r"""Read a page; never fails. The date in its lines counts where the head states none before.

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
    head = _dated(markup, [line for line in lines if line], url, fetched_at)
    verbatim = frozenset(np.flatnonzero(table[:, structure.VERBATIM]).tolist())
    return Reading(markup.text, Structure(table, tuple(rows), verbatim), head)


def _dated(markup: Markup, lines: Sequence[str], url: str | None, fetched_at: str | None) -> Head:
    """The head of a page, with the date beside its title where that tells more."""
    first_level = headings(markup)
    head = read_head(markup.head, [text for _, text in first_level], url, fetched_at)
    title = next((i for i, text in first_level if head.title and head.title in text), None)
    if title is None and head.title in lines:
        title = lines.index(head.title)
    if title is None and first_level:
        title = first_level[0][0]
    if title is None:
        return head
    order = day_order(head.language, url)
    visible = visible_date(lines, title, markup.head.times, order, fetched_at)
    return replace(head, published=first_published(head.published, visible))
