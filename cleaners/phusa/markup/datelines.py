"""The date that stands beside the title of a page, for pages whose head states none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from phusa.bylines import DayOrder, find_date
from phusa.facts import Published
from phusa.findings import Rule
from phusa.markup.stamps import is_beside, is_plausible, read_stamp

TIME_DATE = Rule(
    "MET112",
    "time-date",
    "The publication date in a <time> element beside the title.",
    """The `datetime` of a `<time>` in the lines around the title, where the page's head states no
date. A `<time>` in a line that speaks of a change is passed over.""",
)
TITLE_DATE = Rule(
    "MET114",
    "title-date",
    "The publication date in a line beside the title.",
    """A full date in a short line around the title of an HTML page, where the page's head states no
date: alone, or with an author. The date of a change is passed over, and so is one of three numbers
that could be read in two ways in the language of the page.""",
)
RULES = (TIME_DATE, TITLE_DATE)

LINES_BELOW = 8
LINES_ABOVE = 4
MAX_LINE_CHARS = 150
MAX_YEARS_BEFORE = 5
"""Heads are written anew when a site moves; a date much further back is one in its history."""
MAX_OTHER_LETTERS = 60
"""Beside the date there may be a name and a section, but no sentence."""

_CHANGED = re.compile(
    """updated|modified|revised|reviewed|aktualisiert|geändert|mis à jour|mise à jour|modifié
    |actualizad|atualizad|aggiornat|modificat|bijgewerkt|gewijzigd|aktualizacj|zaktualizowan
    |обновлено|изменено|ενημερώθηκε|ενημέρωση|更新""".replace("\n    ", ""),
    re.IGNORECASE,
)
"""Said before the date of a change. Not `cập nhật`: it stands before publication dates as well."""


def visible_date(
    lines: Sequence[str],
    title: int,
    times: Iterable[tuple[int, str]] = (),
    order: DayOrder = "",
    fetched_at: str | None = None,
) -> Published | None:
    """The date beside the title, which is the line of that number; None where there is none.

    `times` are the numbers of lines and the `datetime` of the <time> elements in them, `order` is
    how the page writes dates (`day_order`). The lines below the title go before those above it.

    >>> visible_date(["Báo A", "Cầu mới", "Thu Xuân", "1/5/2024 08:30"], 1, order="DMY").value
    '2024-05-01T08:30'
    >>> visible_date(["Bridge opens", "Updated May 3, 2024"], 0) is None
    True
    """
    by_line: dict[int, list[str]] = {}
    for number, stamp in times:
        by_line.setdefault(number, []).append(stamp)
    below = range(title, min(title + LINES_BELOW + 1, len(lines)))
    above = range(title - 1, max(title - LINES_ABOVE, 0) - 1, -1)
    for number in (*below, *above):
        line = lines[number] if number != title else ""
        for found in _dates(line, by_line.get(number, ()), order):
            if is_plausible(found.value, fetched_at):
                return found
    return None


def first_published(declared: Published | None, visible: Published | None) -> Published | None:
    """The date of a page, of the one its head declares and the one beside its title.

    The declared one, unless the visible one agrees and is more precise, or is of an earlier day:
    heads are written anew with the page, and a page cannot show the day before it appeared. (The
    day of a visible time in UTC may be the day before in its place, and is not held against it.)

    >>> declared = Published("2025-06-24", "day", "datePublished: 2025-06-24", "MET110")
    >>> visible = Published("2024-08-25", "day", "August 25, 2024", "MET114")
    >>> first_published(declared, visible).value, first_published(visible, declared).value
    ('2024-08-25', '2024-08-25')
    """
    if declared is None or visible is None:
        return declared or visible
    if visible.value.startswith(declared.value):
        return visible
    chars = min(len("2024-05-01"), len(declared.value))
    if visible.value[:chars] >= declared.value[:chars]:
        return declared
    if int(declared.value[:4]) - int(visible.value[:4]) > MAX_YEARS_BEFORE:
        return declared  # what the page is about, not when it appeared
    return declared if is_beside(declared.value, visible.value) else visible


def _dates(line: str, stamps: Iterable[str], order: DayOrder) -> Iterator[Published]:
    """The dates of publication in a line and its <time> elements."""
    if len(line) > MAX_LINE_CHARS:
        line = ""
    date = find_date(line, order)
    changed = _CHANGED.search(line)
    if changed and (date is None or changed.start() < date.start):
        return
    for stamp in stamps:
        read = read_stamp(stamp, order)
        if read is not None and len(read[0]) >= len("2024-05-01"):
            yield Published(*read, stamp, TIME_DATE.code)
    sentence = line.endswith(".") and not line[:-1].endswith("m")  # 10:30 a.m.
    if date is not None and date.other_letters <= MAX_OTHER_LETTERS and not sentence:
        yield Published(date.value, date.precision, line, TITLE_DATE.code)
