"""Releases: what is written, that it loads, and that it is the same however it was cut."""

import copy
import hashlib
import json
import os
import pickle
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import datasets
import orjson
import pyarrow as pa
import pyarrow.parquet
import pytest
import yaml
import zstandard
from markdown_it import MarkdownIt

import phusa_schema
from phusa.findings import Rule
from phusa.page import Article, RawDocument
from phusa.quality.signals import signals
from phusa.recipe import Dataset
from phusa.release import ARTICLE, ReleaseError, shards, tables
from phusa.release.manifest import Provenance
from phusa.release.statistics import Statistics
from phusa.release.writer import Written, write

COLUMNS = tables.columns(phusa_schema.load(ARTICLE))
RULES = {"CHR112": Rule("CHR112", "visitor-counter", "Visitor counters.", "…")}
SENTENCES = (
    "Phường An Lưu trực thuộc thị xã Kinh Môn, tỉnh Hải Dương.",
    "Năm 2020, bức tranh kinh tế của phường có nhiều khởi sắc!",
    "Chuyện “thật” như đùa: 1 < 2 & 3 > 2 \\ \t \x00 \u2028 e\u0301 😀",
)


def record(number: int, *, bare: bool = False, text: str | None = None, **source: str) -> dict:
    """A valid record; a bare one has null wherever it may."""
    rng = random.Random(number)
    text = text or "\n\n".join(rng.choices(SENTENCES, k=3 + number % 40))
    site = ("a.vn", "b.vn", "báo|`mới`\n<b>")[number % 3]
    told = {"url": f"https://a.vn/tin/Việt_Nam/{number}", "site": site, "fetched_at": "2021-01-01"}
    told |= {"title": f"Tin số {number}", "extra": {"a": 1}}
    document = RawDocument(f"{number:06}", text, **({} if bare else told | source))
    row = Article(
        document,
        text,
        body_spans=((0, len(text)),),
        stated_title=document.title,
        quality=signals(text, len(text) + 9) | {"repeated_share": rng.random()},
    ).record()
    if bare:
        return row
    unit = {"level": "ward", "code": None, "name": "An Lưu"}
    read = {"evidence": "ngày 18/6, phường An Lưu", "rule": "MET301"}
    locality = {"country": "VN", "as_named": "An Lưu", "precision": "ward", "then": [unit]}
    locality |= {"now": [unit | {"part": number % 2 == 0}], "as_of": None} | read
    day = {"value": f"{2015 + number % 7}-06-18", "precision": "day"} | read
    day |= {"inferred": False, "not_before": None, "not_after": None}
    return row | {
        "lead": SENTENCES[0],
        "captions": ["Ảnh", "Ảnh 2"],
        "authors": ["Nguyễn Văn A"],
        "published": day,
        "modified": [None, day | {"inferred": True, "not_before": "2015-06-18"}][number % 2],
        "language": {"code": ("vi", "en-GB", "und")[number % 3], "confidence": 0.1 + 0.2},
        "locality": locality,
        "publisher": {"name": "UBND", "locality": [None, locality][number % 2]},
    }


RECORDS = [record(i, bare=i < 40) for i in range(200)]
"""The first ones are bare: a reader that guesses types from them guesses wrong."""


def parts(folder: Path, cuts: list[list[dict]]) -> tuple[list[Path], Statistics]:
    """Part files of records, each with a page that lost a counter, and two rejected documents."""
    folder.mkdir()
    paths, total = [], Statistics()
    why = {"rule": "ART901", "reason": "no article", "raw_sha256": "0" * 64, "text": "Menu"}
    for number, cut in enumerate(cuts):
        pages, findings = [], []
        rejected = [{"id": f"no{i}", "path": None} | why for i in range(0 if number else 2)]
        for row in cut:
            page = {"id": row["id"], "page": row["text"]}
            source, end = f"{row['text']}\nLượt xem: 77", len(row["text"])
            edit = {"start": end, "end": end + 13, "before": source[end:], "after": ""}
            finding = {"id": row["id"], "rule": "CHR112", "step": 0, "message": "counter"}
            pages.append(page | {"decoded_sha256": hashlib.sha256(source.encode()).hexdigest()})
            findings.append(finding | edit | {"source": [end, end + 13]})
        counted = Statistics(rejected=Counter(row["rule"] for row in rejected))
        for row in cut:
            counted.add_record(row)
        counted.add_findings(Counter(row["rule"] for row in findings))
        total.merge(counted)
        paths.append(folder / f"{number:06}")
        kinds = {"records": cut, "pages": pages, "findings": findings, "rejected": rejected}
        for kind, rows in kinds.items():
            data = b"".join(orjson.dumps(row) + b"\n" for row in rows)
            Path(f"{paths[-1]}.{kind}.jsonl").write_bytes(data)
    return paths, total


def cut(records: list[dict], *sizes: int) -> list[list[dict]]:
    rest = iter(records)
    return [[next(rest) for _ in range(size)] for size in sizes] + [list(rest)]


def released(
    folder: Path,
    cuts: list[list[dict]],
    dataset: Dataset | None = None,
    spoil: Callable[[Path, Statistics], object] = lambda records, statistics: None,
    **options: int,
) -> Written:
    """A release of records; `spoil` may spoil those of the last part, or the statistics."""
    paths, statistics = parts(folder.with_name(f"{folder.name}.parts"), cuts)
    spoil(Path(f"{paths[-1]}.records.jsonl"), statistics)
    audit = folder.with_name(f"{folder.name}.audit")
    folder.mkdir()
    audit.mkdir()
    return write(
        paths,
        folder,
        audit,
        dataset=dataset or Dataset(name="tin", version="1.2.0", contact="tin@example.org"),
        provenance=Provenance("0.1.0", "a" * 64, "b" * 64),
        statistics=statistics,
        rules=RULES,
        **options,
    )


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


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
        "README.md": None,
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


def head_and_body(release: Written) -> tuple[dict, str]:
    text = (release.folder / "README.md").read_text("utf-8")
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def test_the_head_of_the_card_is_what_readers_need(release, loaded):
    head, _ = head_and_body(release)
    assert head["configs"] == [
        {
            "config_name": "default",
            "default": True,
            "data_files": [{"split": "train", "path": "data/*.parquet"}],
        }
    ]
    size = (release.folder / "data/train-00000-of-00001.parquet").stat().st_size
    info = head["dataset_info"]
    assert info["features"] == loaded.features._to_yaml_list()
    assert [(split["name"], split["num_examples"]) for split in info["splits"]] == [("train", 200)]
    assert info["download_size"] == size
    assert info["dataset_size"] == info["splits"][0]["num_bytes"] > 400_000
    assert (head["language"], head["license"]) == (["en", "vi"], "unknown")
    assert head["size_categories"] == ["n<1K"]
    assert "tags" not in head


def test_the_card_takes_over_what_the_recipe_says(tmp_path):
    dataset = Dataset(
        pretty_name='Tin: "mới" #1',
        description="Tin *địa phương*.",
        license="other",
        license_name="tin-1",
        license_link="https://a.vn/l",
        homepage="https://a.vn",
        contact="tin@example.org",
        tags=("news", "báo"),
    )
    head, body = head_and_body(released(tmp_path / "1", [RECORDS[:9]], dataset))
    assert {key: head[key] for key in ("pretty_name", "license", "license_name", "tags")} == {
        "pretty_name": 'Tin: "mới" #1',
        "license": "other",
        "license_name": "tin-1",
        "tags": ["news", "báo"],
    }
    for told in ("Tin *địa phương*.", "<https://a.vn>", "<https://a.vn/l>", "tin@example.org"):
        assert told in body


def test_no_placeholder_survives_in_a_card(release):
    text = (release.folder / "README.md").read_text("utf-8")
    assert not re.search(r"(?i)more information|todo|tbd|\{[a-z_.]+\}|\bNone\b", text)


HEADINGS = [
    *("Tin", "Load", "What is inside", "Fields", "Sources", "Languages", "Dates", "Places"),
    "By which rules dates and places are known",
    *("What was found, repaired and taken out", "What was rejected, and why", "A record"),
    *("Personal data", "Licence", "Rebuild and verify"),
]
HOSTILE = "```\n~~~\n---\n# Hết\n| a | b |\n<script>alert(1)</script>\n````json\n[x](y) `\u202e"


def test_foreign_text_cannot_break_out_of_the_card(tmp_path):
    text = HOSTILE + "x" * 1000
    row = record(300, text=text, title=HOSTILE, site=HOSTILE, path=HOSTILE)
    release = released(tmp_path / "1", [[row, *RECORDS[100:]]], Dataset(name="Tin"))
    _, body = head_and_body(release)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    headings = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open"]
    assert headings == HEADINGS
    fences = [token.content for token in tokens if token.type == "fence"]
    assert len(fences) == 4
    shown = json.loads(fences[1])
    assert shown["title"] == HOSTILE
    assert shown["text"] == text[:400] + "…"
    kinds = {child.type for token in tokens for child in token.children or [token]}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_block"}
    assert sum(token.type == "table_open" for token in tokens) == 11
    assert "\u202e" not in body


def test_long_tables_are_cut_and_summed(tmp_path):
    rows = [record(i, site=f"s{i:03}.vn") for i in range(200)]
    _, body = head_and_body(released(tmp_path / "1", [rows]))
    assert "| `s049.vn` | 1 | 0.5% |\n| 150 others | 150 | 75.0% |\n" in body
