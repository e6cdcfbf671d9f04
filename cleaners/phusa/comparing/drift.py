"""How the numbers of two manifests moved. What only one of them counts is not compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from phusa.comparing.difference import Drift, Move

_MOST_DIGITS = 18
"""Of a number that is a key: greater ones are none."""


def drift(old: Mapping[str, Any], new: Mapping[str, Any], most: int) -> Drift:
    """Compare the statistics of two manifests; give at most `most` moves of each kind.

    >>> old = {"records": 4, "languages": {"vi": 4}}
    >>> drift(old, {"records": 4, "languages": {"vi": 3, "en": 1}}, 1).languages
    (Move(value='en', old=0, new=1),)
    """
    totals = count(old, "records") or 0, count(new, "records") or 0
    shares = {
        name: _by_share(_moves(old, new, name), totals)[:most]
        for name in ("languages", "sites", "places", "years")
    }
    counts = {
        name: _by_count(_moves(old, new, name))[:most]
        for name in ("rejected", "findings", "personal_data")
    }
    return Drift(lengths=_lengths(_moves(old, new, "lengths"), totals), **shares, **counts)


def differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Tell whether two manifests count anything differently that both count."""
    return any(old[name] != new[name] for name in old.keys() & new.keys())


def count(statistics: Mapping[str, Any], name: str) -> int | None:
    """Read a count, if there is one."""
    value = statistics.get(name)
    return value if isinstance(value, int) else None


def _moves(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> list[Move]:
    """Put the counts by value of two statistics side by side; none where one has no such counts."""
    before, after = old.get(name), new.get(name)
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [
        Move(value, count(before, value) or 0, count(after, value) or 0)
        for value in sorted(before.keys() | after.keys())
    ]


def _by_share(moves: list[Move], totals: tuple[int, int]) -> tuple[Move, ...]:
    """Give those whose share moved, the largest move first; records without a value are one."""
    if not moves:
        return ()
    before, after = totals
    unknown = Move(None, before - sum(m.old for m in moves), after - sum(m.new for m in moves))
    return _ranked({move: _times(move, totals) for move in (*moves, unknown)})


def _by_count(moves: list[Move]) -> tuple[Move, ...]:
    """Give those whose count moved, the largest move first."""
    return _ranked({move: abs(move.new - move.old) for move in moves})


def _ranked(sizes: Mapping[Move, int]) -> tuple[Move, ...]:
    moved = [move for move, size in sizes.items() if size]
    return tuple(sorted(moved, key=lambda move: -sizes[move]))


def _times(move: Move, totals: tuple[int, int]) -> int:
    """Measure by how much a share moved, in whole numbers: times both totals. 0 without records."""
    before, after = totals
    return abs(move.new * before - move.old * after) if before and after else 0


def _lengths(moves: list[Move], totals: tuple[int, int]) -> tuple[Move, ...]:
    """Give the records by length in the order of lengths, if any share moved."""
    lengths = {
        int(move.value): move
        for move in moves
        if move.value and move.value.isdecimal() and len(move.value) <= _MOST_DIGITS
    }
    moved = any(_times(move, totals) for move in lengths.values())
    return tuple(lengths[least] for least in sorted(lengths)) if moved else ()
