"""The build: everything accounted for, the same bytes however it was done, whole or not at all."""

import itertools
import json
import multiprocessing
import os
import random
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nobody
from phusa import building
from phusa.building import BuildError, Release, build
from phusa.building.batch import Task, _clean
from phusa.building.parts import PartWriter, _decoded
from phusa.building.staging import publish, workplace
from phusa.page import RawDocument
from phusa.recipe import Cleaning, Dataset, Recipe, RecipeError, Sources
from phusa.release import lines
from phusa.release.verify import verify
from phusa.sources import Batch

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
PAGE = SEEDS[1].read_text("utf-8")
"""A page with an article."""


def page(number: int) -> str:
    """A page with an article of its own."""
    return PAGE.replace("Hải Phòng", f"Hải Phòng {number}")


def row(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"


def recipe(folder: Path, *paths: str, version: str = "1.0.0", **clean: object) -> Recipe:
    """A recipe for what is in a folder."""
    dataset = Dataset("corpus", version, license="CC0-1.0")
    return Recipe(dataset, Sources(paths or (".",)), Cleaning(**clean), folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def rejected(built: Release) -> list[dict[str, object]]:
    return list(lines.values(built.audit / "rejected.jsonl"))


def manifest(built: Release) -> dict[str, object]:
    return json.loads((built.folder / "manifest.json").read_bytes())


def records(built: Release) -> list[dict[str, object]]:
    shards = sorted((built.folder / "jsonl").iterdir())
    return [record for shard in shards for record in lines.values(shard)]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A bit of everything, good and bad."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "0-empty.txt").write_bytes(b"")
    (folder / "1-binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "2-short.txt").write_text("Phường An Lưu có nhiều khởi sắc.", "utf-8")
    (folder / "3-page.html").write_text(
        f"<html><title>x</title><p>{'</p><p>'.join(PAGE.splitlines())}</p>", "utf-8"
    )
    (folder / "4-rows.jsonl").write_text(
        row(text=page(1), url="https://www.a.vn/1")
        + row(text=page(2), url="https://a.vn/2", author="Thu Xuân")
        + row(text=page(3), url="https://www.a.vn/1")  # of row 1
        + row(body=page(4))
        + row(text=page(5), id="x" * 201)
        + row(text=page(6))[:-3],
        "utf-8",
    )
    (folder / "5-rows.jsonl").write_text(
        row(text=page(7), url="https://a.vn/2")  # of 4-rows.jsonl#2
        + row(text="".join(page(i) for i in range(150)), id=7),
        "utf-8",
    )
    for seed in SEEDS:
        (folder / f"6-{seed.name}").write_bytes(seed.read_bytes())
    (folder / "7-gone.txt").symlink_to(folder / "nowhere")
    return folder


EXPECTED = [
    ("7-gone.txt", "SRC101", "cannot be read: No such file or directory"),
    ("0-empty.txt", "ART901", "the page is empty"),
    ("1-binary.txt", "ENC001", "not text: "),
    ("2-short.txt", "QUA101", "32 characters, and the recipe asks for 100"),
    ("4-rows.jsonl#3", "SRC104", "has the id e8d07b736d2e43e9 of 4-rows.jsonl#1"),
    ("4-rows.jsonl#4", "SRC103", "neither `text` nor `html`; rename the one that holds it: body"),
    ("4-rows.jsonl#5", "SCH101", "/id: "),
    ("4-rows.jsonl#6", "SRC102", "not JSON: "),
    ("5-rows.jsonl#1", "SRC104", "has the id bb07c5012c3d513b of 4-rows.jsonl#2"),
]


@pytest.mark.parametrize("batch_files", [1, 64])
def test_every_document_becomes_a_record_or_is_rejected(tmp_path, corpus, monkeypatch, batch_files):
    monkeypatch.setattr("phusa.sources.cut.BATCH_FILES", batch_files)
    built = build(recipe(corpus), tmp_path / "dist")
    assert (built.documents, built.records) == (18, 9)
    assert sum(built.rejected.values()) == 9
    assert verify(built.folder) == []
    rows = rejected(built)
    assert [(r["path"], r["rule"]) for r in rows] == [(p, rule) for p, rule, _ in EXPECTED]
    for r, (_, _, reason) in zip(rows, EXPECTED, strict=True):
        assert r["reason"].startswith(reason)
    by_path = {r["path"]: r for r in rows}
    assert by_path["0-empty.txt"]["text"] == ""
    assert by_path["1-binary.txt"]["text"] is None
    assert by_path["2-short.txt"]["text"] == "Phường An Lưu có nhiều khởi sắc."
    assert by_path["4-rows.jsonl#3"]["text"] == page(3)
    assert by_path["4-rows.jsonl#4"]["text"].startswith('{"body": ')
    assert by_path["5-rows.jsonl#1"]["text"] == page(7)
    assert [r["source"]["path"] for r in records(built)] == [
        "3-page.html",
        "4-rows.jsonl#1",
        "4-rows.jsonl#2",
        "5-rows.jsonl#2",
        *(f"6-{seed.name}" for seed in SEEDS),
    ]
    assert records(built)[2]["source"]["extra"] == '{"author":"Thu Xuân"}'
    assert records(built)[1]["source"]["site"] == "a.vn"


def test_findings_lie_in_the_source(tmp_path, corpus):
    built = build(recipe(corpus, "6-*.txt"), tmp_path / "dist")
    sources = {
        r["id"]: (corpus / r["source"]["path"]).read_bytes().decode() for r in records(built)
    }
    findings = list(lines.values(built.audit / "findings.jsonl.zst"))
    assert len(findings) == sum(manifest(built)["statistics"]["findings"].values()) > 100
    for row in findings:
        start, end = row["source"]
        assert 0 <= start <= end <= len(sources[row["id"]])
        if row["step"] == 0:
            assert sources[row["id"]][start:end] == row["before"]


@pytest.mark.parametrize(
    ("paths", "workers"),
    [(["."], 2), (["6-*", "*-*", "4-rows.jsonl"], 1), (["4-rows.jsonl", "*-*", "6-*"], 3)],
)
def test_the_bytes_depend_on_the_documents_alone(tmp_path, corpus, paths, workers):
    one = build(recipe(corpus, *sorted(paths)), tmp_path / "one")
    other = build(recipe(corpus, *paths), tmp_path / "other", workers=workers)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")
    assert one.content_id == other.content_id
    assert one.rejected == other.rejected


def test_inputs_are_named_by_their_digest(tmp_path, corpus):
    digests = set()
    for i, change in enumerate(
        (None, ("5-rows.jsonl", "Hải", "Hài"), ("5-rows.jsonl", "7}", "8}"))
    ):
        if change:
            name, old, new = change
            (corpus / name).write_text(
                (corpus / name).read_text("utf-8").replace(old, new), "utf-8"
            )
        built = build(recipe(corpus), tmp_path / str(i))
        digests.add(manifest(built)["sources_sha256"])
    assert len(digests) == 3


def test_progress(tmp_path, corpus, monkeypatch):
    monkeypatch.setattr("phusa.sources.cut.BATCH_FILES", 1)
    seen: list[building.Progress] = []
    built = build(recipe(corpus), tmp_path / "dist", progress=seen.append)
    assert seen == sorted(seen, key=lambda now: (now.done_bytes, now.documents))
    assert seen[-1].done_bytes == seen[-1].total_bytes
    assert (seen[-1].documents, seen[-1].rejected) == (built.documents, built.documents - 9)


def test_metadata(tmp_path, corpus):
    (corpus / "known.csv").write_text("path,url\n3-page.html,https://www.b.vn/3\n", "utf-8")
    plan = Recipe(Dataset(), Sources((".",), "known.csv"), Cleaning(), corpus)
    assert records(build(plan, tmp_path / "dist"))[0]["source"]["site"] == "b.vn"
    (corpus / "known.csv").write_text("path\nx.html\n", "utf-8")
    with pytest.raises(RecipeError, match=r"known.csv:2: 'x.html' is not among the sources"):
        build(plan, tmp_path / "none")
    assert not (tmp_path / "none" / "corpus").exists()


@pytest.mark.parametrize("out", [".", "dist", "a/b"])
def test_a_release_is_no_source_of_the_next(corpus, out):
    first = build(recipe(corpus), corpus / out)
    assert build(recipe(corpus, version="1.1.0"), corpus / out).documents == first.documents


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=200), st.text(max_size=200), st.just(PAGE)), max_size=9)
)
def test_nothing_that_a_page_holds_stops_a_build(tmp_path_factory, contents):
    folder = tmp_path_factory.mktemp("pages")
    for i, content in enumerate([PAGE, *contents]):
        if isinstance(content, str):
            (folder / f"{i}.jsonl").write_text(json.dumps({"html": content, "x": content}), "utf-8")
        else:
            (folder / f"{i}.txt").write_bytes(content)
    built = build(recipe(folder, min_chars=0), folder / "dist")
    assert built.documents == len(contents) + 1
    assert built.records + sum(built.rejected.values()) == built.documents
    assert verify(built.folder, load=False) == []


def test_half_a_surrogate_pair_can_be_written_and_undone(tmp_path):
    """Text from files never holds one, text that is given to the library may."""
    document = RawDocument("x", PAGE.replace("Hải", "\ud83d Hải"), path="x.txt")
    task = Task(tmp_path / "0", Batch(tmp_path, ()), Cleaning())
    with PartWriter(task.prefix) as part:
        _clean(document, task, part)
    (page,) = lines.values(tmp_path / "0.pages.jsonl")
    findings = list(lines.values(tmp_path / "0.findings.jsonl"))
    assert any("\ud83d" in row["before"] for row in findings if row["before"])
    assert _decoded(page["page"], findings) == document.content


# Versions


def test_a_version_is_built_once(tmp_path, corpus):
    first = build(recipe(corpus), tmp_path)
    before = contents(first.folder), first.folder.stat().st_ino
    again = build(recipe(corpus), tmp_path)
    assert (again.unchanged, again.content_id) == (True, first.content_id)
    assert (contents(first.folder), first.folder.stat().st_ino) == before


def test_a_version_is_not_replaced_by_other_content(tmp_path, corpus):
    first = build(recipe(corpus), tmp_path)
    before = contents(tmp_path / "corpus")
    (corpus / "5-rows.jsonl").unlink()
    with pytest.raises(BuildError, match=r"^version 1\.0\.0 exists with other content; raise "):
        build(recipe(corpus), tmp_path)
    assert contents(tmp_path / "corpus") == before
    assert sorted(p.name for p in first.folder.parent.iterdir()) == ["1.0.0", "1.0.0.audit"]
    assert build(recipe(corpus, version="1.0.1"), tmp_path).unchanged is False
    replaced = build(recipe(corpus), tmp_path, overwrite=True)
    assert replaced.unchanged is False
    assert replaced.content_id != first.content_id
    assert verify(replaced.folder) == []


def test_a_lost_audit_comes_back(tmp_path, corpus):
    first = build(recipe(corpus), tmp_path)
    before = contents(tmp_path)
    (first.audit / "rejected.jsonl").unlink()
    assert build(recipe(corpus), tmp_path).unchanged
    assert contents(tmp_path) == before


@pytest.mark.parametrize("gentle", [True, False], ids=["interrupted", "killed"])
@pytest.mark.parametrize("moment", range(5))
def test_replacing_a_version_is_all_or_nothing(tmp_path, monkeypatch, moment, gentle):
    """Stopped before any of its renames, an overwriting build leaves the old or the new version."""
    home = tmp_path / "corpus"
    for place, text in (("1.0.0", "old"), ("1.0.0.audit", "old")):
        (home / place).mkdir(parents=True)
        (home / place / "file").write_text(text, "utf-8")
    rename, renames = Path.rename, itertools.count()

    def stopped(self: Path, target: Path) -> Path:
        if next(renames) == moment:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", stopped)
        if not gentle:  # then nothing is tidied up
            patch.setattr("phusa.building.staging._clear", lambda folder, home: None)
        try:
            with workplace(home, "1.0.0") as folder:
                for place in ("1.0.0", "1.0.0.audit"):
                    (folder / "new" / place).mkdir(parents=True)
                    (folder / "new" / place / "file").write_text("new", "utf-8")
                assert publish(folder, home, "1.0.0", overwrite=True)
        except KeyboardInterrupt:
            pass
    with workplace(home, "1.0.0"):
        pass
    expected = b"new" if moment == 4 else b"old"
    assert contents(home) == {"1.0.0/file": expected, "1.0.0.audit/file": expected}
    assert sorted(path.name for path in home.iterdir()) == ["1.0.0", "1.0.0.audit"]


# What stops a build


def test_another_build_of_the_same_dataset(tmp_path, corpus):
    with workplace(tmp_path / "corpus", "2.0.0"), pytest.raises(BuildError, match="another build"):
        build(recipe(corpus), tmp_path)
    assert build(recipe(corpus), tmp_path).records


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (["gone.txt", "6-*"], r"^gone\.txt: no such file or folder$"),
        (["gone.txt", "x*"], r"^gone\.txt: no such file or folder \(and 1 more\)$"),
        (["2-short.txt"], "^no records, all documents were rejected: 1 QUA101 too-short$"),
        (["nothing.jsonl"], "^no records: the sources hold no documents; what is read: .txt, "),
    ],
)
def test_no_release_without_records(tmp_path, corpus, paths, message):
    (corpus / "nothing.jsonl").touch()
    with pytest.raises(BuildError, match=message):
        build(recipe(corpus, *paths), tmp_path / "dist")
    assert not (tmp_path / "dist" / "corpus").exists()


def test_a_place_that_cannot_be_written(tmp_path, corpus):
    with pytest.raises(BuildError, match=r"^cannot write the release: .*Not a directory"):
        build(recipe(corpus), corpus / "0-empty.txt")


IMPORTS = """
import sys
from pathlib import Path
import phusa.building.lineage
import phusa.release.writer
from phusa.building import build
from phusa.recipe import Dataset, Recipe, Sources

# the tables and weights that cleaning reads; nobody may not
import phusa
phusa.clean("Một câu.")
"""
BUILD_PAGES = """
folder = Path(sys.argv[1])
print(build(Recipe(Dataset(), Sources(("pages",)), folder=folder), folder / "dist").rejected)
"""


def test_a_folder_without_permission_does_not_stop_the_rest():
    with nobody.folder() as folder:
        (folder / "pages" / "secret").mkdir(parents=True)
        (folder / "pages" / "a.txt").write_text(PAGE, "utf-8")
        (folder / "pages" / "secret").chmod(0)
        output = nobody.run(IMPORTS, BUILD_PAGES, folder)
        (folder / "pages" / "secret").chmod(stat.S_IRWXU)
        (row,) = lines.values(folder / "dist/corpus/0.1.0.audit/rejected.jsonl")
    assert output == "{'SRC101': 1}\n"
    assert (row["path"], row["reason"]) == ("pages/secret", "cannot be read: Permission denied")


# Death


DEADLY = """
import os
import signal
from phusa import pipeline
clean = pipeline.clean
def deadly(document, cleaning):
    if "deadly" in str(document.content):
        os.kill(os.getpid(), signal.SIGKILL)
    return clean(document, cleaning)
pipeline.clean = deadly
"""


def test_a_document_that_kills_its_workers_is_found_and_rejected(tmp_path, monkeypatch):
    """Workers start with a `sitecustomize` that makes a word deadly to them."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(DEADLY, "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), *sys.path]))
    folder = tmp_path / "pages"
    folder.mkdir()
    for i in range(20):
        (folder / f"{i:02}.txt").write_text(page(i) + " deadly" * (i == 7), "utf-8")
    rows = [row(text=page(i) + " deadly" * (i == 34)) for i in range(20, 40)]
    (folder / "rows.jsonl").write_text("".join(rows), "utf-8")
    built = build(recipe(folder), tmp_path / "dist", workers=2)
    assert [(r["path"], r["rule"], r["reason"]) for r in rejected(built)] == [
        ("07.txt", "SRC106", "its worker died: killed by signal 9"),
        ("rows.jsonl#15", "SRC106", "its worker died: killed by signal 9"),
    ]
    assert built.records == 38
    assert verify(built.folder, load=False) == []
    paths = [record["source"]["path"] for record in records(built)]
    assert paths == [f"{i:02}.txt" for i in range(20) if i != 7] + [
        f"rows.jsonl#{i}" for i in range(1, 21) if i != 15
    ]


@pytest.fixture
def big_corpus(tmp_path: Path) -> Path:
    """Some seconds of work."""
    folder = tmp_path / "big"
    folder.mkdir()
    for i in range(400):
        (folder / f"{i:03}.txt").write_text(page(i), "utf-8")
    with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(row(text=page(i), id=i % 650) for i in range(700))
    return folder


def test_workers_killed_at_random_change_nothing(tmp_path, big_corpus):
    expected = build(recipe(big_corpus), tmp_path / "one")
    assert expected.rejected == {"SRC104": 50}
    over = threading.Event()

    def kill() -> None:
        chance = random.Random(3)
        for _ in range(3):
            over.wait(chance.uniform(0.3, 0.8))
            for process in multiprocessing.active_children()[:1]:
                os.kill(process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        build(recipe(big_corpus), tmp_path / "other", workers=2)
    finally:
        over.set()
        killer.join()
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


BUILD = """
import sys
from pathlib import Path
from phusa.building import build
from phusa.recipe import Dataset, Recipe, Sources
if __name__ == "__main__":
    folder, out = map(Path, sys.argv[1:])
    dataset = Dataset("corpus", "1.0.0", license="CC0-1.0")
    print("ready", flush=True)
    build(Recipe(dataset, Sources((".",)), folder=folder), out, workers=2)
"""


def start(tmp_path: Path, folder: Path, out: Path) -> subprocess.Popen[str]:
    """A build of its own, in a process group of its own, once it has begun."""
    script = tmp_path / "build.py"
    script.write_text(textwrap.dedent(BUILD), "utf-8")
    process = subprocess.Popen(
        [sys.executable, script, folder, out],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_build_killed_at_any_moment_leaves_all_or_nothing(tmp_path, big_corpus):
    out = tmp_path / "dist"
    began = time.monotonic()
    with start(tmp_path, big_corpus, tmp_path / "first") as process:
        assert process.wait() == 0
    whole, took = contents(tmp_path / "first"), time.monotonic() - began
    chance = random.Random(11)
    for _ in range(6):
        with start(tmp_path, big_corpus, out) as process:
            time.sleep(chance.uniform(0, took))
            process.kill()
        released = {name: data for name, data in contents(out).items() if "/." not in name}
        assert released in ({}, whole)
    assert build(recipe(big_corpus), out).records == 1050
    assert contents(out) == whole
    assert sorted(path.name for path in (out / "corpus").iterdir()) == ["1.0.0", "1.0.0.audit"]


def test_an_interrupted_build_leaves_nothing(tmp_path, big_corpus):
    out = tmp_path / "dist"
    with start(tmp_path, big_corpus, out) as process:
        while not list(out.glob("corpus/.1.0.0.building-*/parts/*")):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == -signal.SIGINT
    assert list(out.iterdir()) == []
