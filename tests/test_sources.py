"""Sources: which files make up a corpus, how they are cut, and what is read from them."""

import gzip
import hashlib
import json
import os
import pickle
import random
import re
import stat
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

import nobody
from phusa import sources
from phusa.page import RawDocument
from phusa.recipe import RecipeError
from phusa.sources import Batch, Found, Unreadable, batches, find, read, split
from phusa.sources.lines import DOCUMENT_BYTES, MAX_UNPACKED_BYTES, lines, opened

TREE = (
    "a.txt",
    "b/c.html",
    "b/D.HTM",
    "b/e.jsonl",
    "b/f.ndjson",
    "b/g.jsonl.gz",
    "b/h.jsonl.zst",
    "b/.hidden.txt",
    "b/notes.md",
    "b/k/l.txt",
    "odd/x[1].txt",
    "tin tức/bài 1.txt",
    ".git/y.txt",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in TREE:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    (tmp_path / "empty").mkdir()
    return tmp_path


def names(found: Found) -> list[str]:
    return [file.path for file in found.files]


B = ["b/D.HTM", "b/c.html", "b/e.jsonl", "b/f.ndjson", "b/g.jsonl.gz", "b/h.jsonl.zst", "b/k/l.txt"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["."], ["a.txt", *B, "odd/x[1].txt", "tin tức/bài 1.txt"]),
        (["a.txt"], ["a.txt"]),
        (["b"], B),
        (["b/"], B),
        (["./b/../a.txt", "a.txt"], ["a.txt"]),
        (["b/k", "b", "b/c.html"], B),
        ([".git"], [".git/y.txt"]),
        (["b/.hidden.txt"], ["b/.hidden.txt"]),
        (["*.txt"], ["a.txt"]),
        (["**/*.txt"], ["a.txt", "b/k/l.txt", "odd/x[1].txt", "tin tức/bài 1.txt"]),
        (["b/**/l.txt"], ["b/k/l.txt"]),
        (["b/**"], B),
        (["*/k"], ["b/k/l.txt"]),
        (["b/[ce].*"], ["b/c.html", "b/e.jsonl"]),
        (["t?n*/*"], ["tin tức/bài 1.txt"]),
        (["odd/x[1].txt"], ["odd/x[1].txt"]),
        (["odd/x[[]1].txt"], ["odd/x[1].txt"]),
    ],
)
def test_paths_stand_for_files(tree, paths, expected):
    assert find(paths, tree) == Found(tree, find(paths, tree).files)
    assert names(find(paths, tree)) == expected
    assert names(find([str(tree / path) for path in paths], tree)) == expected


def test_files_have_their_size(tree):
    assert [file.size for file in find(["a.txt"], tree).files] == [5]


def test_the_order_of_paths_does_not_matter(tree):
    found = {
        find(paths, tree) for paths in permutations(["b", "*.txt", "odd", "gone", "b/k/l.txt"])
    }
    assert len(found) == 1


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("gone.txt", "no such file or folder"),
        ("a.txt/x.txt", "no such file or folder"),
        ("a\0.txt", "no such file or folder"),
        ("*.doc", "no file fits the pattern"),
        ("gone/*.txt", "no file fits the pattern"),
        ("b/notes.md", "not a kind of file that is read: .txt, .html, .htm, .jsonl"),
        ("empty", "nothing in this folder is of a kind that is read: .txt, .html"),
    ],
)
def test_what_is_missing_does_not_stop_the_rest(tree, path, message):
    found = find([path, "a.txt"], tree)
    assert names(found) == ["a.txt"]
    assert found.unreadable == ()
    (problem,) = found.missing
    assert problem.path == path
    assert problem.message.startswith(message)


def test_links_are_followed_but_not_in_circles(tree):
    (tree / "b/k/up").symlink_to(tree / "b")
    (tree / "b/self").symlink_to(tree / "b/self")
    (tree / "linked").symlink_to(tree / "b/k")
    (tree / "odd/file.txt").symlink_to(tree / "a.txt")
    (tree / "odd/dangling.txt").symlink_to(tree / "gone.txt")
    found = find(["**"], tree)
    own = ["a.txt", *B, "linked/l.txt", "odd/file.txt", "odd/x[1].txt", "tin tức/bài 1.txt"]
    through_link = [path.replace("b/", "linked/up/") for path in B if "/k/" not in path]
    assert names(found) == sorted([*own, *through_link])
    assert [(p.path, p.message) for p in found.unreadable] == [
        ("b/self", "cannot be read: Too many levels of symbolic links"),
        ("linked/up/self", "cannot be read: Too many levels of symbolic links"),
        ("odd/dangling.txt", "cannot be read: No such file or directory"),
    ]


def test_a_glob_has_only_problems_of_its_own(tree):
    (tree / "odd/dangling.txt").symlink_to(tree / "gone.txt")
    assert find(["*/c.html"], tree).unreadable == ()
    assert [p.path for p in find(["odd/d*"], tree).unreadable] == ["odd/dangling.txt"]
    assert [p.path for p in find(["odd/*.jsonl"], tree).missing] == ["odd/*.jsonl"]


def test_a_pipe_is_no_file(tree):
    os.mkfifo(tree / "odd/pipe.txt")
    assert [p.path for p in find(["odd"], tree).unreadable] == ["odd/pipe.txt"]


def test_folders_to_skip_are_only_skipped_on_the_way(tree):
    assert names(find(["."], tree, skip=[tree / "b", tree / "gone"]))[:2] == [
        "a.txt",
        "odd/x[1].txt",
    ]
    assert names(find(["b"], tree, skip=[tree / "b"])) == B
    assert names(find(["b"], tree, skip=[tree])) == B


def test_a_name_that_is_not_utf_8(tmp_path):
    (tmp_path / os.fsdecode(b"tin-\xff.txt")).write_text("Tin", "utf-8")
    (document,) = documents(tmp_path)
    assert (document.path, document.content) == ("tin-\\xff.txt", b"Tin")


IMPORTS = """
import sys
from pathlib import Path
from phusa.sources import batches, find, read, unreadable
"""
FIND_AND_READ = """
found = find(["."], Path(sys.argv[1]))
for problem in found.unreadable:
    print(unreadable(problem).path, unreadable(problem).finding.message)
for batch in batches(found.files, found.folder):
    for item in read(batch):
        print(item.path, item.finding.message if hasattr(item, "finding") else "fine")
"""


def test_no_permission():
    with nobody.folder() as folder:
        for name in ("secret/a.txt", "b.txt", "c.txt", "d.jsonl"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("Tin", "utf-8")
        for name in ("secret", "b.txt", "d.jsonl"):
            (folder / name).chmod(0)
        output = nobody.run(IMPORTS, FIND_AND_READ, folder)
        (folder / "secret").chmod(stat.S_IRWXU)
    assert output.splitlines() == [
        "secret cannot be read: Permission denied",
        "b.txt cannot be read: Permission denied",
        "c.txt fine",
        "d.jsonl cannot be read: Permission denied",
    ]


def documents(folder: Path, *paths: str, **known) -> list[RawDocument | Unreadable]:
    """Everything that is read from some paths of a folder."""
    found = find(paths or ["."], folder)
    assert not found.missing
    return [item for batch in batches(found.files, folder, **known) for item in read(batch)]


# The cut


def write_rows(path: Path, rows: list[bytes], end: bytes = b"\n") -> None:
    path.write_bytes(b"".join(row + end for row in rows))


ROWS = st.lists(
    st.one_of(
        st.just(b""),
        st.just(b"  "),
        st.just(b"{"),
        st.text(max_size=30).map(lambda text: json.dumps({"text": text}).encode()),
    )
)


@settings(deadline=None)
@given(ROWS, st.sampled_from([b"\n", b"\r\n"]), st.booleans(), st.integers(1, 99))
def test_the_cut_changes_nothing(tmp_path_factory, rows, end, ended, batch_bytes):
    """Whatever the size of batches, every line is read once, under its own number."""
    folder = tmp_path_factory.mktemp("cut")
    content = end.join(rows) + (end if ended else b"")
    for name, packed in (
        ("a.jsonl", content),
        ("b.jsonl.gz", gzip.compress(content)),
        ("c.jsonl.zst", zstandard.compress(content)),
    ):
        (folder / name).write_bytes(packed)
    filled = [(n, row) for n, row in enumerate(rows, 1) if row.strip()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("phusa.sources.cut.BATCH_BYTES", batch_bytes)
        found = find(["."], folder)
        cut = list(batches(found.files, folder))
        for name in ("a.jsonl", "b.jsonl.gz", "c.jsonl.zst"):
            own = [item for b in cut for item in read(b) if item.path.startswith(name)]
            assert [item.path for item in own] == [f"{name}#{n}" for n, _ in filled]
            texts = [item.content for item in own if isinstance(item, RawDocument)]
            assert texts == [json.loads(row)["text"] for _, row in filled if row != b"{"]
        pieces = [piece for batch in cut for piece in batch.pieces if piece.path == "a.jsonl"]
        assert sum(piece.size for piece in pieces) == len(content)


def test_many_small_files_share_a_batch(tmp_path):
    for i in range(150):
        (tmp_path / f"{i:03}.txt").write_text("x" * i, "utf-8")
    cut = list(batches(find(["."], tmp_path).files, tmp_path))
    assert [len(batch.pieces) for batch in cut] == [64, 64, 22]
    assert sum(batch.size for batch in cut) == sum(range(150))
    assert pickle.loads(pickle.dumps(cut)) == cut


def test_large_files_have_batches_of_their_own(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_bytes(b"x" * (3 << 20))
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(b"{}"))
    assert [len(b.pieces) for b in batches(find(["."], tmp_path).files, tmp_path)] == [1, 1, 1, 1]


def test_a_large_jsonl_file_is_cut_near_four_megabytes(tmp_path):
    rows = [
        json.dumps({"text": f"{i} " + "x" * random.Random(i).randrange(9000)}) for i in range(2500)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(rows), "utf-8")
    cut = list(batches(find(["."], tmp_path).files, tmp_path))
    assert len(cut) == 3
    assert all(batch.size < (4 << 20) + 10000 for batch in cut)
    read_back = [item for batch in cut for item in read(batch)]
    assert [item.path for item in read_back] == [f"a.jsonl#{i}" for i in range(1, 2501)]
    assert [item.content for item in read_back] == [json.loads(row)["text"] for row in rows]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "several"])
def test_a_batch_splits_down_to_single_documents(tmp_path, name):
    rows = b"".join(b'{"text": "%d"}\n%s' % (i, b"\n" * (i % 3)) for i in range(100))
    pack = {"a.jsonl.gz": gzip.compress, "a.jsonl.zst": zstandard.compress}.get(name, bytes)
    if name == "several":
        for i in range(30):
            (tmp_path / f"{i:02}.txt").write_text(str(i), "utf-8")
    else:
        (tmp_path / name).write_bytes(pack(rows))
    (whole,) = batches(find(["."], tmp_path).files, tmp_path)
    assert list(leaves(whole)) == [[item] for item in read(whole)]


def leaves(batch: Batch) -> Iterator[list[RawDocument | Unreadable]]:
    """What is read from the batches that cannot be split any more, where they hold anything."""
    parts = split(batch)
    for part in parts:
        yield from leaves(part)
    if not parts and (items := list(read(batch))):
        yield items


def test_a_batch_of_files_that_are_gone_cannot_be_split(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"{}\n{}\n"))
    (batch,) = batches(find(["."], tmp_path).files, tmp_path)
    (tmp_path / "a.jsonl.gz").unlink()
    assert split(batch) == []


# What is read

WHERE = "b/rows.jsonl"


def read_row(folder: Path, raw: bytes) -> RawDocument | Unreadable:
    path = folder / WHERE
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\n\n" + raw + b"\r\n")
    (item,) = documents(folder)
    assert item.path == f"{WHERE}#3"
    return item


FIELDS = ("id", "url", "site", "fetched_at", "license", "language", "title")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"text": "Tin"}, {"content": "Tin", "media_type": "text/plain", "id": "da5b4e2881f8bd79"}),
        ({"html": "<p>"}, {"content": "<p>", "media_type": "text/html"}),
        (
            {"html": "<p>", "text": "Tin"},
            {"content": "<p>", "media_type": "text/html", "extra": {}},
        ),
        ({"html": "", "text": "Tin"}, {"content": "Tin", "media_type": "text/plain"}),
        ({"html": None, "text": ""}, {"content": "", "media_type": "text/plain"}),
        ({"text": "", "id": 1042}, {"id": "1042"}),
        ({"text": "", "id": "x1", "url": "https://a.vn"}, {"id": "x1"}),
        ({"text": "", "id": ""}, {"id": "da5b4e2881f8bd79"}),
        (
            {"text": "", "id": None, "url": "https://www.Báo.vn:80/x?y"},
            {"id": "878bd10885544fb8", "site": "báo.vn", "url": "https://www.Báo.vn:80/x?y"},
        ),
        ({"text": "", "url": "https://[a", "site": None}, {"site": None}),
        ({"text": "", "url": "a.vn/x"}, {"site": None}),
        ({"text": "", "url": "https://a.vn", "site": "báo"}, {"site": "báo"}),
        ({"text": "", **dict.fromkeys(FIELDS, "xx")}, dict.fromkeys(FIELDS, "xx")),
        ({"text": "", "language": "tiếng Việt"}, {"extra": {"language": "tiếng Việt"}}),
        ({"text": "", **dict.fromkeys(FIELDS)}, dict.fromkeys(FIELDS[1:])),
        (
            {"text": "", "author": None, "n": [1, {"x": 2.5}], "": True},
            {"extra": {"author": None, "n": [1, {"x": 2.5}], "": True}},
        ),
        ({"text": "", "n": 2**64 - 1, "m": -(2**70)}, {"extra": {"n": 2**64 - 1, "m": -(2.0**70)}}),
    ],
)
def test_rows(tmp_path, row, expected):
    document = read_row(tmp_path, json.dumps(row).encode())
    assert {name: getattr(document, name) for name in expected} == expected


def test_of_a_key_that_stands_twice_the_last_value_counts(tmp_path):
    assert (
        read_row(tmp_path, b'{"text": "x", "title": 5, "text": "y", "title": null}').content == "y"
    )


def test_the_fields_of_a_row_are_named_and_no_data(tmp_path):
    odd = ["+84 912 345 678", "a@b.vn", "\x1b[31m"]
    row = dict.fromkeys([*(f"f{n}" for n in range(10, 99)), *odd])
    message = read_row(tmp_path, json.dumps(row).encode()).finding.message
    names = ", ".join(f"f{n}" for n in range(10, 27))
    assert message.endswith(f"rename the one that holds it: …, …, …, {names} and 72 more")


@pytest.mark.parametrize(
    ("raw", "rule", "message"),
    [
        (b'{"text": "Tin m', "SRC102", "not JSON: the row ends inside a string; was its writer"),
        (b'{"text": "\xff"}', "SRC102", "not JSON: byte 11 is not UTF-8; convert the file"),
        (b'{"text": ""} {}', "SRC102", "not JSON: nothing more should stand here, not '{' (column"),
        (b"[" * 2000, "SRC102", "not JSON: nested more than 1,024 levels deep (column 1025)"),
        (b"\x00\x01", "SRC102", "not JSON: a value should stand here, not '\\x00' (column 1)"),
        (b'{"text": "\\ud83d"}', "SRC110", "/text: \\ud83d is half of a surrogate pair"),
        (b'{"text": "", "n": NaN}', "SRC111", "/n: NaN is no number of JSON; write null (column"),
        (b'{"text": "", "n": 1e999}', "SRC112", "/n: a number beyond 1.8e308, the largest double"),
        (b'{"a": 1, "a": 1e999, "b": NaN}', "SRC112", "/a: a number beyond 1.8e308"),
        (b"[1]", "SRC113", "a list; it must be an object with `text` or `html`"),
        (b'"Tin"', "SRC113", "a string; it must be an object"),
        (b"null", "SRC113", "null; it must be an object"),
        (b"[NaN]", "SRC113", "a list; it must be an object"),
        (b"{}", "SRC103", "neither `text` nor `html`; rename the one that holds it: there is none"),
        (b'{"url": "", "body": ""}', "SRC103", "neither `text` nor `html`; rename the one that"),
        (b'{"0912 345 678": ""}', "SRC103", "neither `text` nor `html`; rename the one that holds"),
        (b'{"text": null}', "SRC103", "neither `text` nor `html`"),
        (b'{"text": 5}', "SRC105", "`text` is a number; it must be a string or null"),
        (b'{"html": ["<p>"], "text": ""}', "SRC105", "`html` is a list"),
        (b'{"text": "", "title": {}}', "SRC105", "`title` is an object"),
        (b'{"text": "", "url": false}', "SRC105", "`url` is true or false"),
        (
            b'{"text": "", "id": true}',
            "SRC105",
            "`id` is true or false; it must be a string, a whole",
        ),
        (b'{"text": "", "id": 1.5}', "SRC105", "`id` is a number"),
        (
            b'{"text": "", "x": ' + b"[" * 300 + b"]" * 300 + b"}",
            "SRC105",
            "a field is nested more",
        ),
    ],
)
def test_bad_rows(tmp_path, raw, rule, message):
    item = read_row(tmp_path, raw)
    assert isinstance(item, Unreadable)
    assert item.finding.rule == rule
    assert item.finding.message.startswith(message)
    assert item.excerpt == raw.decode("utf-8", "replace")[:2000]
    assert item.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert len(item.id) == 16


def test_a_byte_order_mark_starts_a_file(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "x"}\n\xef\xbb\xbf{"text": "y"}')
    first, second = documents(tmp_path)
    assert first.content == "x"
    assert second.finding.rule == "SRC102"


def test_files_of_one_document(tmp_path):
    for name, content in (("a.txt", b""), ("b.HTML", b"<p>"), ("c.txt", b"\x00\xff" * 99)):
        (tmp_path / name).write_bytes(content)
    assert [(d.path, d.content, d.media_type) for d in documents(tmp_path)] == [
        ("a.txt", b"", "text/plain"),
        ("b.HTML", b"<p>", "text/html"),
        ("c.txt", b"\x00\xff" * 99, "text/plain"),
    ]


def test_ids_do_not_come_from_content(tmp_path):
    (tmp_path / "a.txt").write_text("one", "utf-8")
    (before,) = documents(tmp_path)
    (tmp_path / "a.txt").write_text("two", "utf-8")
    (after,) = documents(tmp_path)
    assert (before.id, after.content) == (after.id, b"two")


def test_one_long_line(tmp_path):
    text = "dài " * (1 << 18)
    assert read_row(tmp_path, json.dumps({"text": text}).encode()).content == text


def test_documents_over_the_bound(tmp_path):
    """Sparse files: nothing of this size is written or held."""
    for name, head in (("a.txt", b""), ("b.jsonl", b'{"text": "x"}\n')):
        with (tmp_path / name).open("wb") as file:
            file.write(head)
            file.truncate(DOCUMENT_BYTES + 100)
            file.seek(0, os.SEEK_END)
            file.write(b'\n{"text": "y"}')
    items = documents(tmp_path)
    assert [item.path for item in items] == ["a.txt", "b.jsonl#1", "b.jsonl#2", "b.jsonl#3"]
    assert [item.finding.rule for item in items[::2]] == ["SRC107", "SRC107"]
    assert [item.raw_sha256 for item in items[::2]] == [None, None]
    assert items[2].finding.message.startswith(
        "67,108,951 bytes; a document has at most 67,108,864"
    )
    assert [item.content for item in items[1::2]] == ["x", "y"]


def test_a_file_that_vanishes(tmp_path):
    for name in ("a.txt", "b.txt", "c.jsonl"):
        (tmp_path / name).write_text('{"text": ""}', "utf-8")
    found = find(["."], tmp_path)
    (tmp_path / "a.txt").unlink()
    (tmp_path / "c.jsonl").unlink()
    a, b, c = (item for batch in batches(found.files, tmp_path) for item in read(batch))
    assert a.finding == c.finding
    assert (a.finding.rule, a.finding.message) == (
        "SRC101",
        "cannot be read: No such file or directory",
    )
    assert b.path == "b.txt"


def test_a_file_that_shrinks_while_it_is_read(tmp_path):
    write_rows(tmp_path / "a.jsonl", [b'{"text": ""}'] * 9)
    (batch,) = batches(find(["."], tmp_path).files, tmp_path)
    write_rows(tmp_path / "a.jsonl", [b'{"text": ""}'] * 2)
    *rows, last = read(batch)
    assert [row.path for row in rows] == ["a.jsonl#1", "a.jsonl#2"]
    assert last.finding.message == "cannot be read: the file became shorter while it was read"


DAMAGES = {
    "cut at the end": lambda packed: packed[: len(packed) - 200],
    "cut at the start": lambda packed: packed[:9],
    "not an archive": lambda packed: b"not packed at all",
    "with a tail": lambda packed: packed + b"tail",
    "with a hole": lambda packed: packed[:200_000] + bytes(99) + packed[200_100:],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_damaged_archives(tmp_path, name, damage):
    """What comes before the damage is read, and the damage is told."""
    noise = random.Random(1).randbytes(300_000).hex()
    whole = "".join(json.dumps({"text": str(i), "noise": noise}) + "\n" for i in range(3)).encode()
    pack = gzip.compress if name.endswith(".gz") else zstandard.compress
    (tmp_path / name).write_bytes(damage(pack(whole)))
    *rows, last = documents(tmp_path)
    texts = [row.content for row in rows if isinstance(row, RawDocument)]
    assert texts == ["0", "1", "2"][: len(rows)]
    assert last.finding.rule == "SRC101"
    assert last.finding.message.startswith("cannot be read: ")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_archives_of_several_members(tmp_path, pack):
    name = "a.jsonl.gz" if pack is gzip.compress else "a.jsonl.zst"
    (tmp_path / name).write_bytes(pack(b'{"text": "x"}\n{"te') + pack(b"") + pack(b'xt": "y"}'))
    assert [d.content for d in documents(tmp_path)] == ["x", "y"]


PACKS = {"gz": gzip.compress, "zst": zstandard.compress}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("max_bytes", "max_times", "is_bomb"),
    [(1 << 20, 20, True), (1 << 24, 20, False), (1 << 20, 10_000, False)],
    ids=["over both bounds", "not so large", "not so many times"],
)
def test_what_unpacks_to_too_much(tmp_path, pack, max_bytes, max_times, is_bomb):
    path = tmp_path / f"a.jsonl.{pack}"
    noise = random.Random(1).randbytes(1000).hex().encode() + b"\n"
    path.write_bytes(PACKS[pack](noise) + PACKS[pack](b"x" * 9999 + b"\n") * 1000)
    read_so_far = []
    with opened(path, max_bytes=max_bytes, max_times=max_times) as file:
        if is_bomb:
            with pytest.raises(OSError, match="it is a bomb, else unpack it first") as error:
                read_so_far.extend(lines(file))
            assert error.value.strerror
        else:
            read_so_far.extend(lines(file))
    assert read_so_far[0].raw == noise
    assert len(read_so_far) < 300 if is_bomb else len(read_so_far) == 1001


@pytest.mark.parametrize("pack", PACKS)
def test_a_bomb_does_not_stop_the_rest(tmp_path, pack):
    row = json.dumps({"text": "a" * (1 << 20)}).encode() + b"\n"
    (tmp_path / f"a.jsonl.{pack}").write_bytes(PACKS[pack](row * 8) * 20)
    (tmp_path / "b.txt").write_text("Tin", "utf-8")
    *rows, last, page = documents(tmp_path)
    assert 50 < len(rows) < 100
    assert all(len(row.content) == 1 << 20 for row in rows)
    assert last.finding.rule == "SRC101"
    told = r"cannot be read: [0-9,]+ bytes of it unpack to [0-9,]+: it is a bomb, else unpack it.*"
    assert re.fullmatch(told, last.finding.message)
    assert page.content == b"Tin"


def test_text_that_packs_well_is_no_bomb(tmp_path):
    rng = random.Random(1)
    rows = [json.dumps({"text": rng.randbytes(1000).hex() * 40}).encode() for _ in range(900)]
    whole = b"\n".join(rows)
    packed = zstandard.compress(whole)
    assert len(whole) > MAX_UNPACKED_BYTES
    assert len(whole) > 50 * len(packed)
    (tmp_path / "a.jsonl.zst").write_bytes(packed)
    assert sum(isinstance(item, RawDocument) for item in documents(tmp_path)) == len(rows)


# Metadata


def with_metadata(folder: Path, table: str | bytes) -> list[RawDocument | Unreadable]:
    path = folder / "metadata.csv"
    path.write_bytes(table.encode() if isinstance(table, str) else table)
    known = sources.load_metadata(path, [file.path for file in find(["."], folder).files])
    return documents(folder, metadata=known)


def test_metadata_goes_to_its_documents(tmp_path):
    (tmp_path / "tin").mkdir()
    (tmp_path / "tin/bài.txt").write_text("x", "utf-8")
    (tmp_path / "b.jsonl").write_text(
        '{"text": ""}\n{"text": "", "license": "MIT", "x": 1}', "utf-8"
    )
    (tmp_path / "c.txt").write_text("x", "utf-8")
    table = (
        "\ufeffpath, url ,license,topic,fetched_at\r\n"
        '"./tin/ba\u0300i.txt","https://www.a.vn/1,2",CC0-1.0,thời sự,\r\n'
        "\r\n"
        "b.jsonl,,CC-BY-4.0\r\n"
    )
    one, two, three, four = with_metadata(tmp_path, table)
    assert (one.path, one.license, one.extra) == ("b.jsonl#1", "CC-BY-4.0", {})
    assert (two.path, two.license, two.extra) == ("b.jsonl#2", "MIT", {"x": 1})
    assert (three.path, three.license, three.extra) == ("c.txt", None, {})
    assert (four.path, four.url, four.site) == ("tin/bài.txt", "https://www.a.vn/1,2", "a.vn")
    assert (four.fetched_at, four.extra) == (None, {"topic": "thời sự"})
    assert four.id == "99646649085bfdfd"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", ":1: the first line must name the columns, .*; it has nothing$"),
        ("file,url\n", ":1: the first line must name .* `path`, .*; it has 'file', 'url'$"),
        ("path;url\na.txt;x", "it has 'path;url'$"),
        ("path,url,url\n", "each once"),
        ("path\na.txt\na.txt\n", ":3: 'a.txt' has a row already; remove one$"),
        ("path\na.txt\n./a.txt\n", ":3: './a.txt' has a row already"),
        ("path\n\nb.txt\n", ":3: 'b.txt' is not among the sources; write paths relative to"),
        ("path,url\n,x\n", ":2: '' is not among the sources"),
        ("path,url\na.txt,x,y\n", ":2: 3 cells for 2 columns; put cells that hold commas"),
        ('path,url\na.txt,"x', ":2: not CSV: unexpected end of data"),
        (b"path\n\xe0.txt\n", ": not UTF-8; save the table as"),
        ("path\na\0.txt\n", "is not among the sources|not CSV: line contains NUL"),
    ],
)
def test_metadata_that_cannot_be_used(tmp_path, table, message):
    (tmp_path / "a.txt").write_text("x", "utf-8")
    with pytest.raises(RecipeError, match=message) as error:
        with_metadata(tmp_path, table)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(str(tmp_path / "metadata.csv"))


def test_metadata_that_is_not_there(tmp_path):
    with pytest.raises(RecipeError, match=r"gone\.csv: cannot be read: No such file"):
        sources.load_metadata(tmp_path / "gone.csv", [])


def test_rules_have_docs():
    assert len({rule.code for rule in sources.RULES}) == len(sources.RULES)
    assert all("\n    " in rule.docs for rule in sources.RULES)
