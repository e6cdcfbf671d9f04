"""Releases: what is written, that it loads, and that it is the same however it was cut."""

import copy
import hashlib
import json
import os
import pickle
import shutil
import subprocess

import datasets
import orjson
import pyarrow as pa
import pyarrow.parquet
import pytest
import zstandard

import phusa_schema
from made_up import RECORDS, contents, cut, record, released
from phusa.release import ARTICLE, ReleaseError, shards, tables
from phusa.release.statistics import Statistics

COLUMNS = tables.columns(phusa_schema.load(ARTICLE))


@pytest.fixture(scope="module")
def small_groups():
    """Row groups of seven rows: more than one in a shard of so few records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "_GROUP_ROWS", 7)
        yield


@pytest.fixture(scope="module")
def release(tmp_path_factory, small_groups):
    return released(tmp_path_factory.mktemp("release") / "1.2.0", cut(RECORDS, 3, 90))


@pytest.fixture(scope="module")
def loaded(release, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return datasets.load_dataset(str(release.folder), split="train", cache_dir=str(cache))


def test_datasets_load_the_records_as_they_are(loaded):
    assert loaded.to_list() == RECORDS


def test_all_typings_come_from_the_schema(loaded):
    arrow = tables.arrow_schema(COLUMNS)
    by_datasets = datasets.Features.from_arrow_schema(arrow)
    assert tables.features(COLUMNS) == by_datasets._to_yaml_list()
    assert loaded.features == by_datasets
    assert list(loaded.features) == list(RECORDS[0])


def test_both_forms_hold_the_same_rows_in_order(release):
    table = pa.concat_tables(
        pyarrow.parquet.read_table(path) for path in sorted((release.folder / "data").iterdir())
    )
    assert table.schema.equals(tables.arrow_schema(COLUMNS))
    assert table.to_pylist() == RECORDS
    lines = b"".join(
        zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
        for path in sorted((release.folder / "jsonl").iterdir())
    )
    assert lines == b"".join(orjson.dumps(row) + b"\n" for row in RECORDS)


def test_parquet_is_compressed_and_indexed(release):
    (path,) = (release.folder / "data").iterdir()
    with pyarrow.parquet.ParquetFile(path) as file:
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        chunk = groups[0].column(0)
        assert [group.num_rows for group in groups] == [7] * 28 + [4]
        assert (chunk.compression, chunk.has_offset_index) == ("ZSTD", True)


@pytest.mark.parametrize("shard_bytes", [1, 40_000])
def test_shards_are_cut_by_size_and_named_by_number(tmp_path, small_groups, release, shard_bytes):
    other = released(tmp_path / "1", cut(RECORDS, 199), shard_bytes=shard_bytes)
    sizes = [
        (len(zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()), path.name)
        for path in sorted((other.folder / "jsonl").iterdir())
    ]
    total = len(sizes)
    names = [f"train-{i:05}-of-{total:05}" for i in range(total)]
    assert [name for _, name in sizes] == [f"{name}.jsonl.zst" for name in names]
    data = sorted(path.name for path in (other.folder / "data").iterdir())
    assert data == [f"{name}.parquet" for name in names]
    assert total == 200 if shard_bytes == 1 else all(size < 41_000 for size, _ in sizes)
    assert (other.content_id, other.rows) == (release.content_id, release.rows)


@pytest.mark.parametrize("sizes", [(3, 90), (1,), (0, 0, 199), (50, 50, 50, 0)])
def test_the_cut_into_parts_does_not_show(tmp_path, release, sizes):
    other = released(tmp_path / "1.2.0", cut(RECORDS, *sizes))
    assert contents(other.folder) == contents(release.folder)
    assert contents(other.audit) == contents(release.audit)


def test_the_content_id_is_that_of_the_set_of_records(tmp_path, release):
    digests = sorted(
        hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).digest() for row in RECORDS
    )
    assert release.content_id == hashlib.sha256(b"".join(digests) + ARTICLE.encode()).hexdigest()
    assert released(tmp_path / "1", [RECORDS[::-1]]).content_id == release.content_id
    changed = [*RECORDS[:-1], RECORDS[-1] | {"title": "Khác"}]
    assert released(tmp_path / "2", [changed]).content_id != release.content_id


def test_numbers_are_written_in_the_type_of_their_column(tmp_path):
    row = copy.deepcopy(RECORDS[50])
    whole = row | {"quality": row["quality"] | {"kept_share": 1, "replacement_chars": 0.0}}
    exact = row | {"quality": row["quality"] | {"kept_share": 1.0, "replacement_chars": 0}}
    written = [released(tmp_path / str(i), [[row]]) for i, row in enumerate((whole, exact))]
    assert contents(written[0].folder) == contents(written[1].folder)


def test_a_record_may_be_larger_than_a_block(tmp_path):
    text = "Một câu dài. " * 800_000
    rows = [RECORDS[0], record(300, text=text), RECORDS[1]]
    folder = released(tmp_path / "1", [rows]).folder
    assert pyarrow.parquet.read_table(folder / "data").to_pylist() == rows


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no records"),
        ([RECORDS[0], RECORDS[1] | {"id": ""}], r"000000.records.jsonl: line 2: /id: '' should"),
        ([RECORDS[0], RECORDS[1], RECORDS[0]], "two records have the id '000000'"),
    ],
)
def test_what_cannot_be_released_is_refused(tmp_path, rows, message):
    with pytest.raises(ReleaseError, match=message):
        released(tmp_path / "1", [rows])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda _, s: setattr(s, "records", 4), "^records: the statistics count 4, .* hold 6"),
        (lambda _, s: s.add_rejected("ART901"), "^rejected.jsonl: the statistics count 3"),
        (lambda _, s: s.add_findings({"CHR112": 1}), "^findings.jsonl.zst: the statistics"),
        (lambda records, _: records.unlink(), r"000001.records.jsonl: line 0: .*No such file"),
        (lambda records, _: os.truncate(records, 9), r"000001.records.jsonl: line 1: "),
    ],
)
def test_parts_that_do_not_hold_what_they_should_are_refused(tmp_path, spoil, message):
    with pytest.raises(ReleaseError, match=message):
        released(tmp_path / "1", [RECORDS[:3], RECORDS[3:6]], spoil=spoil)


def test_the_manifest_tells_what_is_there(release):
    manifest = json.loads((release.folder / "manifest.json").read_bytes())
    files = contents(release.folder)
    entries = manifest["files"] + manifest["audit"]
    for entry in entries:
        data = (files | contents(release.audit))[entry["path"]]
        assert entry["bytes"] == len(data)
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    rows = {entry["path"]: entry["rows"] for entry in entries}
    assert rows == {
        "CHANGELOG.md": None,
        "README.md": None,
        "assets/lengths.svg": None,
        "assets/years.svg": None,
        "croissant.json": None,
        "data/train-00000-of-00001.parquet": 200,
        "jsonl/train-00000-of-00001.jsonl.zst": 200,
        "schema/article-1.0.0.json": None,
        "findings.jsonl.zst": 200,
        "pages.jsonl.zst": 200,
        "rejected.jsonl": 2,
    }
    assert files["schema/article-1.0.0.json"] == phusa_schema.source(ARTICLE)
    assert manifest["statistics"] == release.statistics.as_json()
    assert manifest["statistics"]["documents"] == 202
    assert (manifest["splits"], manifest["previous"]) == ({"train": 200}, None)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_the_checksums_are_those_of_sha256sum(release):
    subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=release.folder, check=True)
    listed = (release.folder / "SHA256SUMS").read_text().split("\n")[:-1]
    others = contents(release.folder).keys() - {"SHA256SUMS"}
    assert [line[66:] for line in listed] == sorted(others)


def test_statistics_merge_and_travel():
    one, two, both = Statistics(), Statistics(), Statistics()
    for number, row in enumerate(RECORDS):
        both.add_record(row)
        (one if number % 3 else two).add_record(row)
    one.add_findings({"CHR112": 2})
    two.add_findings({"CHR112": 3, "ART101": 1})
    both.add_findings({"ART101": 1, "CHR112": 5})
    two.merge(pickle.loads(pickle.dumps(one)))
    assert two == both
    assert json.dumps(two.as_json()) == json.dumps(both.as_json(), sort_keys=True)
    assert (both.with_title, both.with_date, both.with_authors) == (160, 160, 160)
    assert both.languages.total() == both.sites.total() == both.precisions["day"] == 160
