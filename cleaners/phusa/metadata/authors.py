"""Who wrote an article."""

from __future__ import annotations

from collections.abc import Sequence

from phusa.bylines import names


def authors(bylines: Sequence[str]) -> tuple[str, ...]:
    """The names on the bylines of an article, in their order, each once.

    >>> authors(["Bạch Băng 15/08/2025 10:11", "Theo Bạch Băng", "Nhịp sống thị trường"])
    ('Bạch Băng',)
    """
    return tuple(dict.fromkeys(name for line in bylines for name in names(line)))
