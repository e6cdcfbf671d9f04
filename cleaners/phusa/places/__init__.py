"""Places of Vietnam with their official codes: which units there were when, and what they became.

A code is not a unit: on 2025-07-01 most wards of today took the code of an old one, often with
another name, and seven provinces that of another province. A unit is its code, its name and a span
of time. The gazetteer is made from lists of the units on the days `SNAPSHOTS`; what lies between
two lists is known as a bracket. It is loaded when something is looked up.

>>> from phusa import places
>>> unit = places.by_name("Phường An Lưu", on="2020-06-18")[0]
>>> [above.full_name for above in places.parents(unit)]
['Thị xã Kinh Môn', 'Tỉnh Hải Dương']
>>> [now.unit.full_name for now in places.today_of(unit)]
['Phường Kinh Môn', 'Thành phố Hải Phòng']
"""

from phusa.places.lookup import (
    became,
    by_code,
    by_name,
    came_from,
    children,
    history,
    parents,
    today_of,
)
from phusa.places.units import AS_OF, SNAPSHOTS, Bracket, Level, Predecessor, Successor, Unit

__all__ = [
    "AS_OF",
    "SNAPSHOTS",
    "Bracket",
    "Level",
    "Predecessor",
    "Successor",
    "Unit",
    "became",
    "by_code",
    "by_name",
    "came_from",
    "children",
    "history",
    "parents",
    "today_of",
]
