"""Splits: near things on one side, nothing that moves, and releases that load whatever is empty."""

import json

import datasets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_up import RECORDS, record, released
from phusa.recipe import Splits
from phusa.release.contents import Seen, check
from phusa.release.splits import split_of
from phusa.release.verify import verify

THREE = (("train", 80), ("validation", 10), ("test", 10))
BY_DATE = Splits("date", starts=(("validation", "2018-01-01"), ("test", "2020-06-18")))


def dated(value: str | None, not_after: str | None = None) -> dict:
    return {"published": value and {"value": value, "not_after": not_after}}


def placed(name: str | None, ward: str = "An Lưu") -> dict:
    units = [{"level": "ward", "name": ward}, {"level": "province", "name": name}]
    return {"locality": name and {"country": "VN", "then": units, "now": units}}


@pytest.mark.parametrize(
    ("row", "split"),
    [
        (dated("2017-12-31"), "train"),
        (dated("2018-01-01"), "validation"),
        (dated("2020-06-17T23:59:59+07:00"), "validation"),
        (dated("2020-06-18T00:00"), "test"),
        (dated("2020-06"), "test"),  # it may be of the last day of the month
        (dated("2020-05"), "validation"),
        (dated("2017"), "train"),
        (dated("2018"), "validation"),
        (dated("2020"), "test"),
        (dated("2017-11", not_after="2019-03-01"), "validation"),
        (dated(None), "train"),
    ],
)
def test_by_date_the_later_ones_are_in_the_later_splits(row, split):
    assert split_of(row, BY_DATE) == split


@given(st.text(), st.lists(st.integers(1, 10**9), min_size=2, max_size=5))
def test_every_record_has_a_split_and_keeps_it(name, shares):
    splits = Splits("id", tuple((f"s{i}", share) for i, share in enumerate(shares)))
    assert split_of({"id": name, "text": "a"}, splits) == split_of({"id": name}, splits)
    assert split_of({"id": name}, splits) in splits.names


def test_shares_are_those_of_the_recipe():
    splits = Splits("id", THREE)
    found = [split_of({"id": f"{i}"}, splits) for i in range(20_000)]
    for name, share in THREE:
        assert found.count(name) / 20_000 == pytest.approx(share / 100, abs=0.01)


def test_a_larger_train_takes_from_its_neighbour_alone():
    small, large = (Splits("id", (("train", n), ("test", 100 - n))) for n in (70, 90))
    for i in range(2_000):
        row = {"id": f"{i}"}
        assert split_of(row, small) == split_of(row, large) or split_of(row, large) == "train"


def test_near_things_stay_on_one_side():
    by_site, by_place = Splits("site", THREE), Splits("locality", THREE)
    for site in ("a.vn", "b.vn", "c.vn", "d.vn"):
        rows = [{"id": f"{i}", "source": {"site": site}} for i in range(50)]
        assert len({split_of(row, by_site) for row in rows}) == 1
    for province in ("Tỉnh Hà Tĩnh", "Thành phố Huế", "Thành phố Hải Phòng"):
        wards = (split_of(placed(province, f"Xã {i}"), by_place) for i in range(50))
        assert len(set(wards)) == 1
    assert split_of(placed(None), by_place) == "train"
    assert split_of({"source": {"site": None}}, by_site) == "train"


@pytest.mark.parametrize(
    "splits",
    [Splits("id", THREE), Splits("site", THREE), Splits("locality", THREE), BY_DATE],
    ids=lambda splits: splits.by,
)
def test_the_splits_load_as_they_were_told(tmp_path, splits):
    release = released(tmp_path / "1.2.0", [RECORDS[:90], RECORDS[90:]], splits=splits)
    wanted: dict[str, list[dict]] = {}
    for row in RECORDS:
        wanted.setdefault(split_of(row, splits), []).append(row)
    loaded = datasets.load_dataset(str(release.folder), cache_dir=str(tmp_path / "cache"))
    assert {name: rows.to_list() for name, rows in loaded.items()} == wanted
    assert list(loaded) == [name for name in splits.names if name in wanted]
    assert len({str(rows.features) for rows in loaded.values()}) == 1
    manifest = json.loads((release.folder / "manifest.json").read_bytes())
    assert manifest["splits"] == {name: len(rows) for name, rows in wanted.items()}
    whole = released(tmp_path / "whole" / "1.2.0", [RECORDS])
    assert whole.content_id == release.content_id


@pytest.mark.parametrize(
    "rows",
    [
        [record(7)],
        [record(7, bare=True)],
        [record(1, bare=True), record(7)],
    ],
    ids=["one record", "one bare record", "a first one of nulls"],
)
@pytest.mark.parametrize("splits", [Splits("id", THREE), BY_DATE], ids=["by id", "by date"])
def test_a_split_without_records_is_left_out(tmp_path, rows, splits):
    release = released(tmp_path / "tin" / "1.2.0", [rows], splits=splits, shard_bytes=1)
    assert verify(release.folder, release.audit) == []
    loaded = datasets.load_dataset(str(release.folder), cache_dir=str(tmp_path / "cache"))
    assert sum(loaded.num_rows.values()) == len(rows)
    assert {split_of(row, splits) for row in rows} == set(loaded)


def test_a_manifest_that_counts_the_splits_otherwise_is_told(tmp_path):
    release = released(tmp_path / "1.2.0", [RECORDS], splits=Splits("id", THREE))
    manifest = json.loads((release.folder / "manifest.json").read_bytes())
    assert list(check(release.folder, manifest, Seen())) == []
    manifest["splits"] |= {"train": manifest["splits"]["train"] - 1}
    problems = list(check(release.folder, manifest, Seen()))
    assert [problem.message for problem in problems] == ["splits is not that of the records"]
