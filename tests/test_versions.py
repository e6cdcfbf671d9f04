"""Versions of a dataset: what each is called, what its changelog says, and what stays out of it."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from phusa import building
from phusa.building import BuildError, Release
from phusa.page import RawDocument
from phusa.recipe import Cleaning, Dataset, Recipe, RecipeError, Sources, Splits, parse
from phusa.release import lines
from phusa.release.verify import verify
from phusa.sources import load_removals, taken_down

PAGE = (Path(__file__).parent.parent / "seeds" / "001_dcbaa997704a11bc.txt").read_text("utf-8")


def write(folder: Path, *pages: str, start: int = 0) -> None:
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(pages, start):
        (folder / f"{number}.txt").write_text(text, "utf-8")


def page(number: int, text: str = PAGE) -> str:
    return text.replace("Hải Phòng", f"Hải Phòng {number}")


def build(
    folder: Path, version: str = "auto", removals: str | None = None, **options: object
) -> Release:
    recipe = Recipe(
        Dataset("tin", version, license="CC0-1.0", contact="tin@example.org"),
        Sources((".",), removals=removals),
        Cleaning(),
        folder=folder,
    )
    recipe = replace(recipe, splits=options.pop("splits", recipe.splits))
    return building.build(recipe, folder.parent / "dist", **options)


def manifest(built: Release) -> dict:
    return json.loads((built.folder / "manifest.json").read_bytes())


def text(built: Release, name: str) -> str:
    return (built.folder / name).read_text("utf-8")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    write(tmp_path / "pages", *map(page, range(4)))
    return tmp_path / "pages"


def test_versions_follow_from_what_changed(pages):
    first = build(pages)
    assert (first.version, first.previous, first.folder.name) == ("1.0.0", None, "1.0.0")
    assert manifest(first)["previous"] is None

    again = build(pages)
    assert (again.version, again.unchanged, again.folder) == ("1.0.0", True, first.folder)

    write(pages, page(9), start=9)
    more = build(pages)
    assert (more.version, more.previous) == ("1.1.0", "1.0.0")
    assert manifest(more)["previous"] == {"version": "1.0.0", "content_id": first.content_id}

    write(pages, page(0).replace("phát triển", "mở mang"))
    changed = build(pages)
    assert (changed.version, changed.previous) == ("2.0.0", "1.1.0")

    (pages / "3.txt").unlink()
    less = build(pages)
    assert less.version == "3.0.0"

    for built in (first, more, changed, less):
        assert verify(built.folder, load=False) == []
    heads = [line for line in text(less, "CHANGELOG.md").split("\n") if line.startswith("## ")]
    assert heads == ["## 3.0.0", "## 2.0.0", "## 1.1.0", "## 1.0.0"]
    assert text(less, "CHANGELOG.md").endswith(text(first, "CHANGELOG.md").partition("## ")[2])
    assert "Since version 2.0.0:" in text(less, "README.md")


@pytest.mark.parametrize("version", ["auto", "1.0.0"])
def test_what_lies_there_must_be_the_release_to_be_left_alone(pages, version, tmp_path):
    first = build(pages, version)
    shutil.rmtree(first.audit)
    assert build(pages, version).unchanged
    assert verify(first.folder, first.audit, load=False) == []
    (first.folder / "README.md").write_text("junk")
    with pytest.raises(BuildError, match=r"version 1\.0\.0 exists with other content"):
        build(pages, version)
    assert not build(pages, version, overwrite=True).unchanged
    assert verify(first.folder, first.audit, load=False) == []


def test_a_release_elsewhere_is_not_one_that_is_there(pages, tmp_path):
    first = build(pages)
    first.folder.parent.parent.rename(tmp_path / "elsewhere")
    again = build(pages, previous=tmp_path / "elsewhere" / "tin" / "1.0.0")
    assert (again.version, again.unchanged, again.folder.is_dir()) == ("1.0.0", False, True)


def test_versions_that_lie_beside_it_do_not_make_it_another(pages):
    build(pages, "1.0.0")
    write(pages, page(9), start=9)
    later = build(pages, "1.1.0")
    told = text(later, "CHANGELOG.md")
    shutil.rmtree(later.folder.with_name("1.0.0"))
    assert build(pages, "1.1.0").unchanged
    assert text(later, "CHANGELOG.md") == told


@pytest.mark.parametrize("version", ["1.0.0", "0.9.0"])
def test_what_comes_before_must_be_lower(pages, version):
    first = build(pages, "1.0.0")
    with pytest.raises(BuildError, match=f"version 1.0.0 does not come before {version}"):
        build(pages, version, previous=first.folder, overwrite=True)


def test_another_dataset_is_not_what_comes_before(pages):
    first = build(pages)
    other = Recipe(Dataset("khac", "2.0.0"), Sources((".",)), folder=pages)
    with pytest.raises(BuildError, match=r"is a release of tin, not of khac"):
        building.build(other, pages.parent / "dist", previous=first.folder)


def test_splits_that_stay_empty_are_told(pages):
    built = build(pages, splits=Splits("site", (("train", 1), ("test", 1))))
    assert built.empty_splits == ("test",)


def test_a_version_that_follows_and_is_taken_is_told(pages):
    first = build(pages)
    write(pages, page(9), start=9)
    build(pages)
    write(pages, page(10), start=10)
    with pytest.raises(
        BuildError, match=r"1\.1\.0 exists with other content; leave out --previous"
    ):
        build(pages, previous=first.folder)


def test_the_place_of_the_checkout_does_not_show(pages, tmp_path):
    first = build(pages)
    shutil.copytree(pages, tmp_path / "other" / "place")
    recipe = Recipe(
        Dataset("tin", "auto", license="CC0-1.0", contact="tin@example.org"),
        Sources((str(tmp_path / "other" / "place"),)),
        folder=tmp_path / "other" / "place",
    )
    again = building.build(recipe, pages.parent / "dist")
    assert (again.unchanged, again.version) == (True, first.version)


def test_a_folder_may_be_reached_by_a_link(pages, tmp_path):
    (tmp_path / "link").symlink_to(pages)
    for folder in (pages, tmp_path / "link"):
        recipe = Recipe(Dataset("tin", "auto"), Sources((str(folder),)), folder=folder)
        built = building.build(recipe, tmp_path / "dist")
        assert _records(built)[0]["source"]["path"] == "0.txt"
    assert built.unchanged
    assert "link" not in text(built, "README.md")


def test_the_card_holds_the_recipe_to_build_it_by(pages, tmp_path):
    first = build(pages, splits=Splits("id", (("train", 3), ("test", 1))))
    block = text(first, "README.md").partition("```toml\n")[2].partition("\n```")[0]
    recipe = replace(parse(block), folder=pages)
    again = building.build(recipe, tmp_path / "again")
    assert (again.version, again.content_id) == (first.version, first.content_id)
    assert text(again, "README.md") == text(first, "README.md")


def test_another_recipe_alone_is_a_patch(pages):
    first = build(pages)
    recipe = Recipe(Dataset("tin", "auto", license="CC-BY-4.0"), Sources((".",)), folder=pages)
    other = building.build(recipe, pages.parent / "dist")
    assert (other.version, other.content_id) == ("1.0.1", first.content_id)
    told = text(other, "CHANGELOG.md")
    assert "- Licence: `CC-BY-4.0`, after `CC0-1.0`.\n" in told
    assert "- Otherwise made: another licence, another recipe.\n" in told


def test_a_record_that_moves_to_another_split_is_a_major_change(pages):
    build(pages)
    splits = Splits("id", (("train", 1), ("test", 1)))
    assert build(pages, splits=splits).version == "2.0.0"


def test_a_version_that_says_too_little_is_built_and_told(pages):
    build(pages, "1.0.0")
    (pages / "3.txt").unlink()
    built = build(pages, "1.0.1")
    assert (built.version, built.previous, built.proposed) == ("1.0.1", "1.0.0", "2.0.0")


def test_the_version_before_is_the_last_one_that_is_lower(pages):
    one = build(pages, "1.0.0")
    write(pages, page(9), start=9)
    build(pages, "2.0.0")
    write(pages, page(10), start=10)
    ten = build(pages, "10.0.0")
    assert ten.previous == "2.0.0"
    between = build(pages, "1.5.0")
    assert between.previous == "1.0.0"
    assert manifest(between)["previous"]["content_id"] == one.content_id


def test_a_version_from_elsewhere_may_be_the_one_before(pages, tmp_path):
    first = build(pages)
    moved = tmp_path / "elsewhere" / "1.0.0"
    moved.parent.mkdir()
    shutil.move(first.folder, moved)
    write(pages, page(9), start=9)
    there = build(pages, previous=moved)
    assert (there.version, there.previous) == ("1.1.0", "1.0.0")
    told = text(there, "CHANGELOG.md")
    shutil.rmtree(there.folder)
    assert text(build(pages, "1.1.0", previous=moved), "CHANGELOG.md") == told


@pytest.mark.parametrize("way", ["link", "binary", "gone"])
def test_a_changelog_that_the_release_before_does_not_list_is_left_there(pages, tmp_path, way):
    first = build(pages)
    file = first.folder / "CHANGELOG.md"
    file.unlink()
    if way == "link":
        (tmp_path / "secret").write_text("## 0.0.1\n\nsecret")
        file.symlink_to(tmp_path / "secret")
    elif way == "binary":
        file.write_bytes(b"## 0.0.1\n\x1b[2J\0" * 1000)
    write(pages, page(9), start=9)
    told = text(build(pages), "CHANGELOG.md")
    heads = [line for line in told.split("\n") if line.startswith("#")]
    assert heads == ["# Changelog of `tin`", "## 1.1.0"]


@pytest.mark.parametrize("spoil", ["manifest.json", "jsonl"])
def test_a_version_before_that_cannot_be_read_is_told(pages, spoil):
    first = build(pages)
    before = {path.name for path in first.folder.parent.iterdir()}
    path = first.folder / spoil
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(b"{")
    with pytest.raises(BuildError) as error:
        build(pages)
    assert "1.0.0" in str(error.value)
    assert "\n" not in str(error.value)
    assert {path.name for path in first.folder.parent.iterdir()} == before


def _records(built: Release) -> list[dict]:
    return [
        row for path in sorted((built.folder / "jsonl").iterdir()) for row in lines.values(path)
    ]


# Takedowns


@pytest.mark.parametrize("by", ["id", "url", "page", "text"])
def test_what_is_taken_down_is_in_no_later_version(tmp_path, by):
    folder = tmp_path / "pages"
    folder.mkdir()
    rows = [{"id": f"{i}", "url": f"https://a.vn/{i}", "text": page(i)} for i in range(3)]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    first = build(folder)
    record = _records(first)[1]
    key = {
        "id": record["id"],
        "url": record["url"],
        "page": record["source"]["raw_sha256"],
        "text": record["text_sha256"],
    }[by]
    (folder / "removals.csv").write_text(f"key,reason\n{key},asked for\ngone,earlier\n", "utf-8")
    second = build(folder, removals="removals.csv")
    assert second.version == "2.0.0"
    assert [row["id"] for row in _records(second)] == ["0", "2"]
    (rejected,) = lines.values(second.audit / "rejected.jsonl")
    assert (rejected["id"], rejected["rule"], rejected["text"]) == ("1", "SRC108", None)
    assert rejected["reason"] == f"on the removal list, by its {by}"
    for path in (*second.folder.rglob("*"), *second.audit.rglob("*")):
        raw = path.read_bytes() if path.is_file() else b""
        plain = b"".join(lines.read(path)) if path.suffix == ".zst" else raw
        assert "Hải Phòng 1 ".encode() not in plain
    assert (second.removed_keys, second.idle_keys) == (1, 1)
    assert "SRC108" in text(second, "README.md")
    assert verify(second.folder, load=False) == []
    write(folder, page(7), start=7)
    assert "1" not in {row["id"] for row in _records(build(folder, removals="removals.csv"))}


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("https://a.vn/1", "http://a.vn/1"),
        ("https://a.vn/1", "https://A.VN/1/"),
        ("https://a.vn/1", "https://a.vn/1#top"),
        ("https://a.vn/xà", "https://a.vn/x%C3%A0"),
        ("https://a.vn/x%c3%a0?a=1", "https://a.vn/xà?a=1"),
        ("https://a.vn/%7Ean", "https://a.vn/~an"),
    ],
)
def test_the_same_address_may_be_spelt_in_many_ways(key, url):
    keys = removal_list(key)
    assert taken_down(keys, RawDocument("x", "a", url=url)) is not None
    assert taken_down(keys, RawDocument("x", "a", url="https://a.vn/2")) is None


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("https://a.vn/x%E9", "https://a.vn/x%EA"),  # of pages in a legacy encoding
        ("https://a.vn/?q=a%26b", "https://a.vn/?q=a&b"),
        ("https://a.vn/a%2Fb", "https://a.vn/a/b"),
        ("https://a.vn/1", "https://a.vn/1?a=2"),
    ],
)
def test_other_addresses_are_other_pages(key, url):
    assert taken_down(removal_list(key), RawDocument("x", "a", url=url)) is None


def test_ids_may_be_composed_or_not():
    keys = removal_list(unicodedata.normalize("NFD", "quán cà phê"))
    assert taken_down(keys, RawDocument("quán cà phê", "a")).by == "id"


def test_digests_may_be_in_capitals():
    digest = hashlib.sha256(b"a").hexdigest()
    assert taken_down(removal_list(digest.upper()), RawDocument("x", "a")).by == "page"


def removal_list(*keys: str) -> frozenset[str]:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "removals.csv"
        table.write_text("\n".join(["key", *keys]) + "\n", "utf-8")
        return load_removals(table)


def test_with_a_removal_list_the_audit_keeps_no_text_it_cannot_look_up(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    rows = [
        {"id": "1", "text": page(1)},
        {"id": "2", "fetched_at": 12.5, "text": f"{page(2)} BÍ MẬT"},
        {"id": "1", "text": f"{page(3)} BÍ MẬT"},
    ]
    dumped = (json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "rows.jsonl").write_text("\n".join(dumped), "utf-8")
    (folder / "removals.csv").write_text("key\nx\n", "utf-8")
    assert "BÍ MẬT" in text(build(folder), "../1.0.0.audit/rejected.jsonl")
    second = build(folder, removals="removals.csv")
    assert second.rejected == {"SRC104": 1, "SRC105": 1}
    assert "BÍ MẬT" not in (second.audit / "rejected.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (None, "removals.csv: cannot be read: No such file"),
        ("id\nx\n", "removals.csv:1: the first line must name the columns, each once, one of them"),
        ("key,reason\n,why\n", "removals.csv:2: no key; write the id, the url or a SHA-256 in hex"),
        ("key\na,b\n", "removals.csv:2: 2 cells for 1 columns"),
    ],
)
def test_a_removal_list_that_cannot_be_used_stops_the_build(pages, table, message):
    if table is not None:
        (pages / "removals.csv").write_text(table, "utf-8")
    with pytest.raises(RecipeError) as error:
        build(pages, removals="removals.csv")
    assert message in str(error.value)


def test_a_takedown_is_no_reason_to_fail(tmp_path):
    """What the list asks for is done; a build by a script must not stop at it for ever."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(page(ord(name)), "utf-8")
    digest = hashlib.sha256((tmp_path / "a.txt").read_bytes()).hexdigest()
    (tmp_path / "removals.csv").write_text(f"key\n{digest}\nnobody\n")
    (tmp_path / "phusa.toml").write_text('[sources]\nremovals = "removals.csv"\n')
    done = subprocess.run(
        [sys.executable, "-m", "phusa", "build", tmp_path, "--out", tmp_path / "dist"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "1 of the 2 keys of the removal list rejected nothing" in done.stderr
    assert "1 rejected by SRC108" in done.stderr
