"""Baselines name files from their own folder, and keep what a check did not look at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import nobody
from baselines import NOTHING, TEXT, counted, known, problems_in
from checked import ARTICLE, found, phusa
from phusa.checking.baseline import Asked, Baseline, Entry
from phusa.checking.problem import Problem
from phusa.findings import EVERY_RULE, Selection


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the baseline, where the command runs too."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Where files are


@pytest.mark.parametrize(
    ("cwd", "paths"),
    [
        (".", ["tin/a.txt", "./tin/a.txt", "tin/../tin//a.txt", "{here}/tin/a.txt"]),
        ("tin", ["a.txt", "./a.txt", "../tin/a.txt", "{here}/tin/a.txt"]),
        ("khác", ["../tin/a.txt", "{here}/tin/a.txt"]),
    ],
)
def test_a_file_has_one_name_wherever_the_command_runs(here, monkeypatch, cwd, paths):
    (here / "tin").mkdir()
    (here / "khác").mkdir()
    baseline = known(problems_in(TEXT), here)
    monkeypatch.chdir(here / cwd)
    for path in (path.format(here=here) for path in paths):
        baseline.again([path])
        assert list(baseline.unknown(problems_in(TEXT, path))) == []
        assert baseline.idle(Asked([path], [path]), EVERY_RULE) == {}
    assert len(list(baseline.unknown(problems_in(TEXT, "tin/tin/a.txt")))) == 3


def test_files_beside_the_folder_of_the_baseline(here, monkeypatch):
    (here / "b").mkdir()
    assert {entry.path for entry in counted(problems_in(TEXT), here / "b")} == {"../tin/a.txt"}
    monkeypatch.chdir(here / "b")
    assert {entry.path for entry in counted(problems_in(TEXT, "../a.txt"), here)} == {"a.txt"}


def test_links_lead_to_one_name(here, monkeypatch):
    (here / "home" / "real").mkdir(parents=True)
    (here / "data").mkdir()
    (here / "home" / "link").symlink_to("real")
    (here / "home" / "out").symlink_to(here / "data")
    (here / "way").symlink_to("home")
    (here / "known.json").symlink_to("home/known.json")
    home = here / "home"
    for path, name in [
        ("home/real/a.txt", "real/a.txt"),
        ("home/link/a.txt", "real/a.txt"),
        ("way/link/a.txt", "real/a.txt"),
        ("home/out/a.txt", "out/a.txt"),
        ("data/a.txt", "../data/a.txt"),
    ]:
        assert {entry.path for entry in counted(problems_in(TEXT, path), home)} == {name}
    through = Baseline({}, here / "known.json")
    entries = through.updated(problems_in(TEXT, "way/link/a.txt"), NOTHING, EVERY_RULE)
    assert {entry.path for entry in entries} == {"real/a.txt"}
    for root in ("home/link", "way/link", "home/real", "way", "home/l*k/../link"):
        known_there = Baseline(entries, home / "known.json")
        assert known_there.idle(Asked([], [root]), EVERY_RULE) == entries


def test_standard_input_has_its_own_name(here, monkeypatch):
    baseline = known(problems_in(TEXT, "-"), here)
    (here / "b").mkdir()
    monkeypatch.chdir(here / "b")
    assert list(baseline.unknown(problems_in(TEXT, "-"))) == []
    assert {entry.path for entry in baseline.updated([], Asked([], [".."]), EVERY_RULE)} == {"-"}
    assert baseline.updated([], Asked(["-"], ["-"]), EVERY_RULE) == {}


# What a part of the files says of the others

FILES = ("a.txt", "tin/b.txt", "tin/c.html", "tin-2/d.txt")


@pytest.mark.parametrize(
    ("cwd", "asked", "left"),
    [
        (".", NOTHING, FILES),
        (".", Asked(["a.txt"], ["a.txt"]), FILES[1:]),
        (".", Asked([], ["a.txt"]), FILES[1:]),
        (".", Asked([], ["tin"]), ("a.txt", "tin-2/d.txt")),
        (".", Asked([], ["tin/*.txt"]), ("a.txt", "tin-2/d.txt")),
        (".", Asked([], ["tin/b.txt/"]), ("a.txt", "tin/c.html", "tin-2/d.txt")),
        (".", Asked([], ["*/b.txt"]), ()),
        (".", Asked([], ["."]), ()),
        (".", Asked([], [".."]), ()),
        (".", Asked([], ["/"]), ()),
        (".", Asked([], ["-"]), FILES),
        (".", Asked([], ["tin\0"]), FILES),
        ("khác", Asked([], ["."]), FILES),
        ("khác", Asked([], ["../w"]), FILES),
        ("khác", Asked([], ["../tin"]), ("a.txt", "tin-2/d.txt")),
        ("khác", Asked(["../a.txt"], ["../a.txt"]), FILES[1:]),
    ],
)
def test_what_was_not_asked_for_stays(here, monkeypatch, cwd, asked, left):
    """The files are gone; so they are idle, and left out, where they were asked for."""
    (here / "khác").mkdir()
    baseline = known([one for path in FILES for one in problems_in(TEXT, path)], here)
    monkeypatch.chdir(here / cwd)
    kept = baseline.updated([], asked, EVERY_RULE)
    assert {entry.path for entry in kept} == set(left)
    assert {entry.path for entry in baseline.idle(asked, EVERY_RULE)} == set(FILES) - set(left)


def test_files_that_are_there_and_were_not_checked_stay(here):
    """Such as what the pattern does not fit, and links to nothing."""
    (here / "tin").mkdir()
    (here / "tin" / "c.html").touch()
    (here / "tin" / "b.txt").symlink_to("nothing")
    problems = [one for path in FILES for one in problems_in(TEXT, path)]
    kept = known(problems, here).updated([], Asked([], ["tin/*.md"]), EVERY_RULE)
    assert {entry.path for entry in kept} == set(FILES)


def test_files_that_cannot_be_looked_at_stay():
    look = """
os.chdir(sys.argv[1])
os.mkdir("tin", mode=0)
entries = {Entry(path, "ENC050", "0" * 16): 1 for path in ("tin/a.txt", "b.txt")}
for entry in Baseline(entries, Path("known.json")).idle(Asked([], ["."]), EVERY_RULE):
    print(entry.path)
"""
    imports = """
import os, sys
from pathlib import Path
from phusa.checking.baseline import Asked, Baseline, Entry
from phusa.findings import EVERY_RULE
"""
    with nobody.folder() as folder:
        assert nobody.run(imports, look, folder) == "b.txt\n"


@pytest.mark.parametrize(
    ("path", "left"),
    [("tin/a\0.txt", 1), ("tin/" + "a" * 5000, 1), ("tin/\udcff", 0), ("tin/a\nb", 0)],
)
def test_any_name_can_be_asked_after(here, path, left):
    """What no file system has a place for is not known to be gone."""
    baseline = Baseline({Entry(path, "ENC050", "0" * 16): 1}, here / "known.json")
    assert baseline.updated([], Asked([path], [path, "tin"]), EVERY_RULE) == {}
    assert len(baseline.updated([], Asked([], [path, "tin"]), EVERY_RULE)) == left


def test_a_baseline_is_brought_up_to_date_in_part(here):
    """What was not looked at stays as it is known."""
    a, b = problems_in(TEXT), problems_in(TEXT, "b.txt")
    old = known([*a, *b], here)
    asked = Asked(["tin/a.txt"], ["tin"])
    assert old.updated([], asked, EVERY_RULE) == counted(b)
    assert old.updated(a[:1], asked, EVERY_RULE) == counted([a[0], *b])
    two = Asked(["tin/a.txt", "b.txt"], ["."])
    assert old.updated([], two, Selection(("ENC050",))) == counted([a[-1], b[-1]])


def test_a_file_that_could_not_be_read_is_counted_once(here):
    unread = Problem("SRC101", 0, 0, "cannot be read", path="tin/a.txt")
    old = known([*problems_in(TEXT), unread], here)
    new = old.updated([unread], Asked([], ["tin/a.txt"]), Selection(("SRC",)))
    assert new == counted([*problems_in(TEXT), unread])


# On the command line

LOST = ARTICLE.replace("bảy", "b\ufffdy", 1)
KNOWN = ("--baseline", "known.json")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a baseline of the four findings of three folders in it."""
    home = tmp_path / "home"
    for folder in ("tin", "w", "khác"):
        (home / folder).mkdir(parents=True)
        (home / folder / "lost.txt").write_text(f"{folder} {LOST}", "utf-8")
    (home / "w" / "twice.txt").write_text(f"w {LOST}", "utf-8")
    assert phusa(*KNOWN, "--update-baseline", cwd=home).returncode == 0
    return home


@pytest.mark.parametrize(
    ("cwd", "arguments"),
    [
        (".", ["--baseline", "known.json"]),
        (".", ["--baseline", "./known.json", "./tin", "{home}/w"]),
        ("tin", ["--baseline", "../known.json"]),
        ("tin", ["--baseline", "../known.json", "../w", "lost.txt"]),
        ("..", ["--baseline", "home/known.json", "home"]),
        ("..", ["--baseline", "{home}/known.json", "{home}/*/*.txt"]),
    ],
)
def test_what_is_known_is_silent_wherever_the_command_runs(
    home: Path, cwd: str, arguments: list[str]
) -> None:
    done = phusa(*(argument.format(home=home) for argument in arguments), cwd=home / cwd)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no longer there" not in done.stderr


@pytest.mark.parametrize(
    ("cwd", "arguments"),
    [
        (".", ["--baseline", "known.json", "w"]),
        (".", ["--baseline", "known.json", "tin/lost.txt"]),
        ("w", ["--baseline", "../known.json", "../w"]),
        ("w", ["--baseline", "../known.json"]),
        ("..", ["--baseline", "home/known.json", "home/t*/lost.txt"]),
    ],
)
def test_an_update_in_part_changes_nothing_else(home: Path, cwd: str, arguments: list[str]) -> None:
    before = (home / "known.json").read_text("utf-8")
    assert phusa(*arguments, "--update-baseline", cwd=home / cwd).returncode == 0
    assert (home / "known.json").read_text("utf-8") == before


def test_what_is_gone_is_left_out_where_it_was_asked_for(home: Path) -> None:
    for folder in ("tin", "w"):
        (home / folder / "lost.txt").unlink()
    (home / "w" / "twice.txt").write_text(ARTICLE, "utf-8")
    done = phusa(*KNOWN, "w", cwd=home)
    assert "3 findings of the baseline are no longer there" in done.stderr
    phusa(*KNOWN, "--update-baseline", "w", cwd=home)
    assert list(json.loads((home / "known.json").read_text("utf-8"))["known"]) == [
        *("khác/lost.txt", "tin/lost.txt")
    ]
    done = phusa(*KNOWN, cwd=home)
    assert "1 finding of the baseline is no longer there" in done.stderr


@pytest.mark.parametrize(("char", "rule"), [("\ufffd", "ENC050"), ("\x01", "ENC031")])
def test_growing_damage_in_a_line_is_told(tmp_path: Path, char: str, rule: str) -> None:
    """Where it grows is beyond the excerpt."""
    page = ARTICLE
    for told in (0, 1, 1):
        page = page.replace("bảy", f"b{char}y", 1)
        (tmp_path / "a.txt").write_text(page, "utf-8")
        if told:
            done = phusa(*KNOWN, "--output-format", "jsonl", cwd=tmp_path)
            assert found(done) == [("a.txt", 3, rule)]
        phusa(*KNOWN, "--update-baseline", cwd=tmp_path)
        assert phusa(*KNOWN, cwd=tmp_path).returncode == 0


def test_standard_input_is_known_by_itself(home: Path) -> None:
    page = f"khác {LOST}".encode()
    assert phusa(*KNOWN, "-", cwd=home, stdin=page).returncode == 1
    phusa(*KNOWN, "-", "--update-baseline", cwd=home, stdin=page)
    phusa(*KNOWN, "--update-baseline", cwd=home)
    assert phusa(*KNOWN, "-", cwd=home, stdin=page).returncode == 0
    assert phusa("--baseline", "../known.json", "-", cwd=home / "w", stdin=page).returncode == 0
    done = phusa(*KNOWN, "-", cwd=home, stdin=ARTICLE.encode())
    assert "1 finding of the baseline is no longer there" in done.stderr
