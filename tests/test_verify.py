"""Verification: a true release passes, and nothing that is changed in one goes unseen."""

import hashlib
import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet
import pytest
import zstandard

from made_up import restamp, save, write
from phusa.facts import Language
from phusa.findings import Finding, apply, trace
from phusa.page import Article, RawDocument
from phusa.quality.signals import signals
from phusa.recipe import Dataset
from phusa.release import Problem, lines
from phusa.release.statistics import Statistics
from phusa.release.verify import audit_of, verify

DATA = "data/train-00000-of-00001.parquet"
JSONL = "jsonl/train-00000-of-00001.jsonl.zst"
SCHEMA = "schema/article-1.0.0.json"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
PAGES, FINDINGS, REJECTED = (
    f"1.0.0.audit/{name}" for name in ("pages.jsonl.zst", "findings.jsonl.zst", "rejected.jsonl")
)
BOTH = {PAGES, FINDINGS}
BESIDE = ["CHANGELOG.md", "assets/lengths.svg", "croissant.json"]
FILES = ["README.md", DATA, JSONL, SCHEMA, MANIFEST, SUMS, PAGES, FINDINGS, REJECTED, *BESIDE]


def article(number: int) -> Article:
    """A page that two steps clean: entities become characters, then a counter goes."""
    body = f"Thân bài &amp; {'bài ' * number}."
    source = f"Tin &amp; ảnh số {number}.\n\n{body}\n\nLượt xem: {number}"
    entities = [i for i in range(len(source)) if source.startswith("&amp;", i)]
    text, first = apply(source, [Finding("ENC030", i, i + 5, "entity", "&") for i in entities])
    counter = text.index("\n\nLượt")
    text, second = apply(text, [Finding("CHR112", counter, len(text), "counter", "")])
    gap = text.index("\n\n")
    return Article(
        RawDocument(f"trang/{number}", source, path=f"{number}.txt", site="a.vn"),
        text,
        log=(first, second),
        flags=(Finding("QUA101", 0, 3, "short"),),
        body_spans=((0, gap), (gap + 2, len(text))),
        language=Language("vi", 0.9),
        quality=signals(text, len(source)),
    )


def findings(cleaned: Article) -> Iterator[dict]:
    """The rows of the findings of a page."""
    keys = ("id", "rule", "step", "start", "end", "before", "after", "source", "message")
    in_source, _ = trace(cleaned.log)
    spans = iter([f.start, f.end] for f in in_source)
    found = [
        (e.rule, step, e.start, e.end, e.before, e.after, next(spans), e.message)
        for step, edits in enumerate(cleaned.log)
        for e in edits
    ] + [(f.rule, None, f.start, f.end, None, None, [0, 3], f.message) for f in cleaned.flags]
    for row in found:
        yield dict(zip(keys, (cleaned.source.id, *row), strict=True))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("dist")
    articles = [article(number) for number in range(30)]
    pages = [(a.source.id, a.page, a.source.raw_sha256) for a in articles]
    rows = {
        "records": [a.record() for a in articles],
        "pages": [dict(zip(("id", "page", "decoded_sha256"), p, strict=True)) for p in pages],
        "findings": [row for a in articles for row in findings(a)],
        "rejected": [{"id": "menu", "path": None, "rule": "ART901", "raw_sha256": "0" * 64}],
    }
    by_rule = Counter(row["rule"] for row in rows["findings"])
    statistics = Statistics(findings=by_rule, rejected=Counter(["ART901"]))
    for record in rows["records"]:
        statistics.add_record(record)
    for kind, kept in rows.items():
        data = b"".join(orjson.dumps(row) + b"\n" for row in kept)
        (root / f"000000.{kind}.jsonl").write_bytes(data)
    for name in ("1.0.0", "1.0.0.audit"):
        (root / name).mkdir()
    write(
        [root / "000000"],
        root / "1.0.0",
        root / "1.0.0.audit",
        dataset=Dataset(name="tin", version="1.0.0", license="CC-BY-4.0"),
        statistics=statistics,
        rules={},
    )
    return root / "1.0.0"


@pytest.fixture
def folder(built, tmp_path) -> Path:
    """A release to break."""
    for name in ("1.0.0", "1.0.0.audit"):
        shutil.copytree(built.with_name(name), tmp_path / name)
    return tmp_path / "1.0.0"


def place(folder: Path, path: str) -> Path:
    return (folder.parent if path.startswith(folder.name) else folder) / path


def of(manifest: dict, path: str) -> dict:
    """The entry of a file."""
    return next(e for e in manifest["files"] if e["path"] == path)


def wrong(folder: Path) -> set[str]:
    """The files that are named."""
    return {problem.path for problem in verify(folder, load=False)}


def rewrite(path: Path, change) -> None:
    """Change the rows of a file of JSON lines."""
    rows = list(lines.values(path))
    change(rows)
    path.unlink()
    lines.write((json.dumps(row).encode() for row in rows), path)


def rewrite_table(folder: Path, change) -> None:
    """Change the rows of both forms in the same way."""
    table = pyarrow.parquet.read_table(folder / DATA)
    rows = table.to_pylist()
    change(rows)
    table = pa.Table.from_pylist(rows, schema=table.schema)
    pyarrow.parquet.write_table(table, folder / DATA)
    rewrite(folder / JSONL, change)
    restamp(folder)


def test_a_true_release_passes_and_loads(built):
    assert verify(built) == []
    assert audit_of(built) == built.with_name("1.0.0.audit")


def test_a_release_without_its_audit_passes_and_says_so(folder):
    shutil.rmtree(folder.with_name("1.0.0.audit"))
    assert audit_of(folder) is None
    assert verify(folder, load=False) == []


def test_an_audit_may_lie_elsewhere(folder):
    audit = folder.with_name("1.0.0.audit").rename(folder.with_name("elsewhere"))
    assert verify(folder, audit, load=False) == []
    (audit / "rejected.jsonl").unlink()
    (problem,) = verify(folder, audit, load=False)
    assert problem == Problem("elsewhere/rejected.jsonl", "the file is missing")


@pytest.mark.parametrize("path", FILES)
def test_no_flipped_byte_goes_unseen(folder, path):
    file = place(folder, path)
    data = file.read_bytes()
    blame = {MANIFEST, SUMS} if path in (MANIFEST, SUMS) else {path}
    rng = random.Random(path)
    every = range(len(data))
    for spot in every if path == SUMS else sorted({0, every[-1], *rng.sample(every, 40)}):
        flipped = bytearray(data)
        flipped[spot] ^= 1 << rng.randrange(8)
        file.write_bytes(flipped)
        named = wrong(folder)
        assert path in named <= blame, (spot, flipped[spot])
    file.write_bytes(data)
    assert wrong(folder) == set()


@pytest.mark.parametrize("path", FILES)
def test_missing_and_emptied_files_are_named(folder, path):
    file = place(folder, path)
    file.write_bytes(b"")
    assert path in wrong(folder)
    file.unlink()
    assert path in wrong(folder)


def test_unlisted_files_are_named(folder):
    paths = {"notes.txt", "data/train-1.parquet", "1.0.0.audit/more"}
    for path in paths:
        place(folder, path).write_text("x")
    assert wrong(folder) == paths


def test_what_is_not_a_file_is_named_and_not_opened(folder):
    os.mkfifo(folder / "data" / "pipe")
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere").symlink_to(folder / "gone")
    assert wrong(folder) == {"data/pipe", "loop", "nowhere"}


def test_names_with_a_dot_belong_to_the_host(folder):
    (folder / ".gitattributes").write_text("*.parquet filter=lfs\n")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "x").write_text("x")
    assert wrong(folder) == set()


def test_links_to_files_are_followed(folder):
    blob = (folder / DATA).rename(folder.parent / "blob")
    (folder / DATA).symlink_to(blob)
    assert wrong(folder) == set()


def test_no_folder_is_no_release(tmp_path):
    assert {problem.path for problem in verify(tmp_path / "none")} == {MANIFEST, SUMS}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.update(rows=31), "rows is not that of the records"),
        (lambda m: m.update(splits={"test": 30}), "splits is not that of the records"),
        (lambda m: m.update(content_id="0" * 64), "content_id is not that of the records"),
        (lambda m: m["statistics"].update(words=1), "statistics/words is not that of the records"),
        (lambda m: m["statistics"].update(documents=1), "statistics/documents is not that of the"),
        (lambda m: m["statistics"]["sites"].update(b=1), "statistics/sites is not that of the rec"),
        (lambda m: m["statistics"]["findings"].update(CHR112=1), "statistics/findings are not the"),
        (lambda m: of(m, DATA).update(rows=1), f"{DATA} has other rows than it says"),
        (lambda m: of(m, DATA).update(rows=None), "the files with rows are not pairs of Parquet"),
        (lambda m: of(m, DATA).update(bytes=1), f"{DATA}: the file has another size"),
        (lambda m: m["files"].append(m["files"][0]), "a file is listed twice"),
        (lambda m: m["audit"][0].update(rows=1), "the rows of the audit files are not those it g"),
        (lambda m: m.update(schema="article-9.0.0"), "no schema 'article-9.0.0'; there are artic"),
        (lambda m: m.update(schema="manifest-1.0.0"), "/schema: 'manifest-1.0.0' does not match"),
        (lambda m: m.pop("phusa"), "'phusa' is a required property"),
        (lambda m: m.update(rows="30"), "/rows: '30' is not of type 'integer'"),
        (lambda m: m["files"][1].update(path="../../x"), "../../x: not the digest of the file and"),
        (lambda m: m["files"].pop(), f"{SCHEMA}: not the digest of the file and the checksums"),
    ],
)
def test_a_manifest_that_is_not_true_is_named(folder, change, message):
    restamp(folder, change)
    problems = verify(folder, load=False)
    assert {problem.path for problem in problems} == {MANIFEST}
    assert problems[0].message.startswith(message)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "\ud800", '{"rows":1e999}', "[" * 10**5])
def test_a_manifest_that_is_none_is_named(folder, text):
    save(folder, text.encode("utf-8", "surrogatepass"))
    assert wrong(folder) == {MANIFEST}


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (lambda rows: rows[3].update(title="Khác"), 4),
        (lambda rows: rows[3].pop("title"), 4),
        (lambda rows: rows.pop(), 30),
        (lambda rows: rows.append(rows[0]), 31),
        (lambda rows: rows.insert(2, None), 3),
        (lambda rows: rows[0]["counts"].update(chars="26"), 1),
    ],
)
def test_rows_that_differ_are_told_of_both_files(folder, change, row):
    rewrite(folder / JSONL, change)
    restamp(folder)
    problems = verify(folder, load=False)
    assert {problem.path for problem in problems} == {DATA, JSONL}
    assert problems[0].message == f"row {row} is not the same in {DATA} and {JSONL}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda row: row.update(text_sha256="0" * 64), "line 4: /text_sha256: 0000"),
        (lambda row: row["counts"].update(words=1), "line 4: /counts/words: 1, the text has 12"),
        (lambda row: row.update(id=""), "line 4: /id: '' should be non-empty"),
        (lambda row: row["language"].update(code="vi\n"), "line 4: /language/code: 'vi\\n' does"),
    ],
)
def test_rows_that_are_not_true_are_told(folder, change, message):
    rewrite_table(folder, lambda rows: change(rows[3]))
    (problem,) = verify(folder, load=False)
    assert problem.path == JSONL
    assert problem.message.startswith(message)


def test_columns_of_other_types_are_told(folder):
    table = pyarrow.parquet.read_table(folder / DATA).drop_columns("title")
    pyarrow.parquet.write_table(table, folder / DATA)
    restamp(folder)
    (problem,) = verify(folder, load=False)
    assert problem == Problem(DATA, "not Parquet of the schema: the columns differ")


def test_two_records_of_one_id_are_told(folder):
    rewrite_table(folder, lambda rows: rows.append(rows[0]))
    assert Problem(MANIFEST, "two records have the same id") in verify(folder, load=False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("path", [MANIFEST, SUMS, "README.md", JSONL])
def test_nobody_waits_for_a_pipe(folder, path):
    (folder / path).unlink()
    os.mkfifo(folder / path)
    assert path in wrong(folder)


def test_a_line_without_end_is_not_read_to_its_end(folder, monkeypatch):
    monkeypatch.setattr(lines, "MOST_BYTES", 100)
    assert Problem(JSONL, "line 0: longer than 100 bytes") in verify(folder, load=False)


def test_another_schema_under_the_name_is_told(folder):
    schema = json.loads((folder / SCHEMA).read_bytes())
    (folder / SCHEMA).write_text(json.dumps(schema | {"required": []}))
    restamp(folder)
    assert verify(folder, load=False) == [Problem(SCHEMA, "not the schema of that name")]


@pytest.mark.parametrize(
    ("path", "change", "paths"),
    [
        (PAGES, lambda rows: rows[3].update(page="Khác"), BOTH),
        (PAGES, lambda rows: rows[3].update(decoded_sha256="0" * 64), BOTH),
        (PAGES, lambda rows: rows.pop(3), {*BOTH, MANIFEST}),
        (PAGES, lambda rows: rows.reverse(), BOTH),
        (PAGES, lambda rows: rows[3].pop("page"), {PAGES}),
        (PAGES, lambda rows: rows.append([]), {PAGES}),
        (FINDINGS, lambda rows: rows[1].update(before="&AMP;"), BOTH),
        (FINDINGS, lambda rows: rows[1].update(start=10**9), BOTH),
        (FINDINGS, lambda rows: rows[1].update(start=-1), BOTH),
        (FINDINGS, lambda rows: rows[1].update(step=7), BOTH),
        (FINDINGS, lambda rows: rows[1].update(id="\ud800"), BOTH),
        (FINDINGS, lambda rows: rows[1].update(step="1"), {FINDINGS}),
        (FINDINGS, lambda rows: rows.pop(1), {*BOTH, MANIFEST}),
        (FINDINGS, lambda rows: rows.append({**rows[0], "id": "menu"}), {*BOTH, MANIFEST}),
        (FINDINGS, lambda rows: rows[3].update(rule="QUA102"), {MANIFEST}),
        (REJECTED, lambda rows: rows.clear(), {MANIFEST}),
        (REJECTED, lambda rows: rows[0].update(rule=None), {REJECTED}),
    ],
)
def test_an_audit_that_does_not_undo_is_told(folder, path, change, paths):
    rewrite(place(folder, path), change)
    restamp(folder)
    assert wrong(folder) == paths


def test_records_without_a_page_are_told(folder):
    rewrite(place(folder, PAGES), lambda rows: rows[0].update(id="other"))
    rewrite(place(folder, FINDINGS), lambda rows: [row.update(id="other") for row in rows[:4]])
    restamp(folder)
    assert verify(folder, load=False) == [Problem(PAGES, "1 records have no page")]


def test_halves_of_surrogate_pairs_undo_too(folder):
    digest = hashlib.sha256("\ud83d Tin".encode("utf-8", "surrogatepass")).hexdigest()
    page = {"id": "x", "page": " Tin", "decoded_sha256": digest}
    edit = {"step": 0, "start": 0, "before": "\ud83d", "after": "", "message": "half"}
    rewrite(place(folder, PAGES), lambda rows: rows.append(page))
    rewrite(place(folder, FINDINGS), lambda rows: rows.append({"id": "x", "rule": "ENC", **edit}))
    restamp(folder)
    # the rows are more than the manifest says, and that is all
    assert wrong(folder) == {MANIFEST}


@pytest.mark.parametrize("path", [DATA, JSONL, PAGES, FINDINGS, REJECTED])
def test_no_content_makes_verification_fail(folder, path):
    """Digests that were brought up to date let anything through to the readers."""
    file = place(folder, path)
    data = file.read_bytes()
    rng = random.Random(path)
    forms = [(data, bytes)]
    if path.endswith(".zst"):
        plain = zstandard.ZstdDecompressor().stream_reader(data).read()
        forms.append((plain, zstandard.ZstdCompressor().compress))
    for _ in range(50):
        plain, packed = rng.choice(forms)
        at = rng.randrange(len(plain))
        flipped = bytes([plain[at] ^ 1 << rng.randrange(8)]) + plain[at + 1 :]
        rest = rng.choice([b"", rng.randbytes(8) + plain[at + 8 :], flipped])
        file.write_bytes(packed(plain[:at] + rest))
        restamp(folder)
        verify(folder, load=False)
    file.write_bytes(data)
    restamp(folder)
    assert wrong(folder) == set()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "raise ImportError('no such thing')",
            "datasets cannot load the release: ImportError: no s",
        ),
        (
            "def load_dataset(*_, **__): return __import__('types').SimpleNamespace(num_rows={})",
            "datasets loads {}, not ",
        ),
    ],
)
def test_a_release_that_does_not_load_is_told(folder, tmp_path, monkeypatch, code, message):
    """Readers are another process, with packages of their own."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "datasets.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
    (problem,) = verify(folder)
    assert problem.path == "README.md"
    assert problem.message.startswith(message)
