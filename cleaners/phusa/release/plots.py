"""Plots of a release: small bar charts as SVG, without scripts, fonts or anything from elsewhere.

A page shows them as pictures, on white or on black, and tells them nothing of its colours: so the
ground is transparent, and every colour has enough contrast with both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from phusa.release.statistics import Statistics

YEARS = "assets/years.svg"
LENGTHS = "assets/lengths.svg"

_MOST_BARS = 40
"""Beside those that sum up what lies before and after them."""

_LEAST_SHOWN = 0.98
"""Share of the articles that the bars on the axis must hold; a lonely year may lie far away."""

_INK, _BAR = "#787c81", "#3f7fbf"
"""Of both the contrast is 4.2 with white and 4.5 with GitHub's black, #0d1117. WCAG 2.2 asks for 3
where shapes are seen (1.4.11), and for 4.5 where text is read (1.4.3), which no colour has on both.
"""

_WIDTH, _HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BASE = 56, 700, 52, 206
"""Where the bars may be, in pixels from the corner at the top left; they stand on `_BASE`."""

_WIDEST_BAR = 44
_CHAR = 7.2
"""Pixels of the widest digit at 12 pixels in common fonts."""


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar: what it is called, how many articles it stands for, and its place on the axis.

    `ordinal` is None for a bar that sums up all that is beyond the axis; it is always labelled.
    """

    label: str
    rows: int
    ordinal: int | None


def plots(statistics: Statistics) -> dict[str, str]:
    """Draw what there is to see in the numbers of a release: texts of SVG files by path.

    There is no plot where it would have less than two bars.

    >>> some = Statistics(records=3)
    >>> some.years.update({"2020": 1, "2021": 2})
    >>> list(plots(some))
    ['assets/years.svg']
    """
    years = {int(year): n for year, n in statistics.years.items()}
    lengths = {int(chars): n for chars, n in statistics.lengths.items()}
    width = _years_a_bar(years)
    axis = "year of publication" + (f", {width} years a bar" if width > 1 else "")
    characters = "characters of text: from the number under the bar to twice as many; k is 1,024"
    drawn = {
        YEARS: _chart("Articles by year", axis, _years(years, width), statistics.records),
        LENGTHS: _chart("Articles by length", characters, _lengths(lengths), statistics.records),
    }
    return {path: svg for path, svg in drawn.items() if svg}


def _years_a_bar(counts: Mapping[int, int]) -> int:
    """Choose how many years a bar stands for: no more than show nearly all articles."""
    needed = _LEAST_SHOWN * sum(counts.values())
    widths = (width for unit in (1, 10, 100) for width in (unit, 2 * unit, 5 * unit))
    return next(
        width for width in widths if sum(counts.get(y, 0) for y in _shown(counts, width)) >= needed
    )


def _shown(counts: Mapping[int, int], width: int) -> range:
    """Find the years in a row that hold the most articles, of all that fit on the axis."""
    firsts = sorted({year - year % width for year in counts})
    row = max(
        (range(first, first + width * _MOST_BARS) for first in firsts),
        key=lambda row: sum(n for year, n in counts.items() if year in row),
        default=range(0),
    )
    return range(row.start, max((first + width for first in firsts if first in row), default=0))


def _years(counts: Mapping[int, int], width: int) -> list[_Bar]:
    """Make bars of so many years each, and one for all that lies before or after them."""
    shown = _shown(counts, width)
    bars = [
        _Bar(f"{first}", sum(counts.get(y, 0) for y in range(first, first + width)), first // width)
        for first in shown[::width]
    ]
    if earlier := sum(n for year, n in counts.items() if year < shown.start):
        bars.insert(0, _Bar(f"<{shown.start}", earlier, None))
    if later := sum(n for year, n in counts.items() if year >= shown.stop):
        bars.append(_Bar(f"≥{shown.stop}", later, None))
    return bars


def _lengths(counts: Mapping[int, int]) -> list[_Bar]:
    """Make a bar for each power of two from the least to the greatest."""
    powers = {chars.bit_length() - 1: n for chars, n in counts.items()}
    return [
        _Bar(_binary(power), powers.get(power, 0), power)
        for power in range(min(powers, default=0), max(powers, default=-1) + 1)
    ]


def _binary(power: int) -> str:
    """Write a power of two shortly.

    >>> [_binary(power) for power in (0, 9, 10, 15, 20)]
    ['1', '512', '1k', '32k', '1M']
    """
    return f"{1 << power % 10}{['', 'k', 'M', 'G', 'T'][power // 10]}"


def _short(number: int) -> str:
    """Write a count in at most six characters, from ten thousand on rounded.

    >>> [_short(number) for number in (950, 1500, 20_000, 2_540_000)]
    ['950', '1,500', '20k', '2.5M']
    """
    if number < 10_000:
        return f"{number:,}"
    power = (len(str(number)) - 1) // 3
    return f"{number / 1000**power:.1f}".removesuffix(".0") + "kMGTP"[power - 1]


def _ticks(most: int) -> list[int]:
    """Give the round numbers, at most five, that the axis of counts is marked with.

    >>> _ticks(3), _ticks(23), _ticks(100), _ticks(9_000)
    ([0, 1, 2, 3], [0, 10, 20, 30], [0, 50, 100], [0, 5000, 10000])
    """
    unit = 1
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            if most <= 4 * step:
                return list(range(0, most + step, step))
        unit *= 10


def _chart(title: str, axis: str, bars: Sequence[_Bar], records: int) -> str:
    """Draw bars as SVG; nothing where they are less than two."""
    if len(bars) < 2:
        return ""
    total = sum(bar.rows for bar in bars)
    of = "" if total == records else f"{total:,} of {records:,} articles, where it is known"
    told = "; ".join(f"{bar.label}: {bar.rows:,}" for bar in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-labelledby="title desc" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{_INK}">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(f"{axis}. {told}.")}</desc>',
        _text(_LEFT, 18, title, 'font-size="14" font-weight="bold"'),
        _text(_RIGHT, 18, of, 'text-anchor="end"') if of else "",
        *_scale(bars),
        *_columns(bars),
        _text((_LEFT + _RIGHT) / 2, _HEIGHT - 14, axis, 'text-anchor="middle"'),
        "</svg>",
    ]
    return "\n".join(filter(None, parts)) + "\n"


def _scale(bars: Sequence[_Bar]) -> list[str]:
    """Draw the axis of counts and its lines."""
    ticks = _ticks(max(bar.rows for bar in bars))
    heights = [_height(tick, ticks[-1]) for tick in ticks]
    lines = " ".join(f"M{_LEFT} {_number(_BASE - height)}H{_RIGHT}" for height in heights)
    labels = [
        _text(_LEFT - 8, _BASE - height + 4, _short(tick), 'text-anchor="end"')
        for tick, height in zip(ticks, heights, strict=True)
    ]
    named = _text(_LEFT - 8, _TOP - 14, "articles", 'text-anchor="middle"')
    return [f'<path d="{lines}" stroke="{_INK}" stroke-opacity=".4"/>', *labels, named]


def _columns(bars: Sequence[_Bar]) -> list[str]:
    """Draw the bars, one path for all, and their labels."""
    top = _ticks(max(bar.rows for bar in bars))[-1]
    pitch = (_RIGHT - _LEFT) / len(bars)
    width = min(_WIDEST_BAR, pitch * 0.8)
    labelled = _labelled(bars, pitch)
    drawn, labels = [], []
    for i, bar in enumerate(bars):
        middle, height = _LEFT + (i + 0.5) * pitch, _height(bar.rows, top)
        if bar.rows:  # one of many millions shows too
            at, height = _number(middle - width / 2), max(height, 1)
            drawn.append(f"M{at} {_BASE}v-{_number(height)}h{_number(width)}v{_number(height)}z")
        if i in labelled:
            labels.append(_text(middle, _BASE + 18, bar.label, 'text-anchor="middle"'))
        if bar.rows and pitch > _CHAR * 6:
            labels.append(
                _text(middle, _BASE - height - 5, _short(bar.rows), 'text-anchor="middle"')
            )
    return [f'<path d="{"".join(drawn)}" fill="{_BAR}"/>', *labels]


def _labelled(bars: Sequence[_Bar], pitch: float) -> set[int]:
    """Choose the bars whose labels have room: round ones, evenly spaced, and those at the ends."""
    room = (max(len(bar.label) for bar in bars) + 1) * _CHAR / pitch  # in bars
    step = next(step for step in (1, 2, 5, 10, 20, 50) if step >= room)
    ends = {i for i, bar in enumerate(bars) if bar.ordinal is None}
    return ends | {
        i
        for i, bar in enumerate(bars)
        if bar.ordinal is not None
        and bar.ordinal % step == 0
        and all(abs(i - end) >= room for end in ends)
    }


def _height(rows: int, top: int) -> float:
    return rows / top * (_BASE - _TOP)


def _text(x: float, y: float, text: str, style: str) -> str:
    return f'<text x="{_number(x)}" y="{_number(y)}" {style}>{escape(text)}</text>'


def _number(value: float) -> str:
    """Write pixels with at most one decimal.

    >>> _number(12.0), _number(12.345)
    ('12', '12.3')
    """
    return f"{value:.1f}".removesuffix(".0")
