"""Watching a folder: each file once, when it is at rest, whatever happens around it."""

import os
import random
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nobody
from phusa.checking.watching import State, Watched, watch

# The decision, without a folder


def batches(looks: list[dict[str, State] | None]) -> list[tuple[str, ...]]:
    """What is told after each look; None is a look when the folder is not there."""
    watched, told = Watched(), []
    for found in looks:
        if found is None:
            watched, ready = watched.away(), ()
        else:
            watched, ready = watched.after(found)
        told.append(ready)
    return told


OLD, NEW, NEWER = (3, 17), (3, 18), (4, 18)
INNER: dict[str, State] = {"x/a": OLD, "xy": OLD}


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([{}, {}], ["", ""]),
        ([{"a": OLD}, {"a": OLD}, {"a": OLD}], ["", "a", ""]),
        ([{"b": OLD, "a": OLD}] * 2, ["", "a b"]),
        ([{"a": OLD}, {"a": NEW}, {"a": NEWER}, {"a": NEWER}], ["", "", "", "a"]),
        ([{"a": OLD}] * 2 + [{"a": NEW}] * 3, ["", "a", "", "a", ""]),
        ([{"a": OLD}] * 2 + [{"a": NEW}] * 2 + [{"a": OLD}] * 2, ["", "a", "", "a", "", "a"]),
        ([{"a": OLD}] * 2 + [{"a": NEW}] + [{"a": OLD}] * 2, ["", "a", "", "", ""]),
        ([{"a": OLD}, {"a": OLD, "b": OLD}, {"a": OLD, "b": OLD}], ["", "a", "b"]),
        ([{"a": OLD}, {}, {"a": OLD}, {"a": OLD}], ["", "", "", "a"]),
        ([{"a": OLD}] * 2 + [{}] + [{"a": OLD}] * 3, ["", "a", "", "", "a", ""]),
        ([{"a": OLD}] * 2 + [{"b": OLD}] * 2, ["", "a", "", "b"]),
        ([{"a": OLD}] * 2 + [None] * 2 + [{"a": OLD}] * 3, ["", "a", "", "", "", "", ""]),
        ([{"a": OLD}] * 2 + [None] + [{"a": NEW}] * 2, ["", "a", "", "", "a"]),
        ([{"a": OLD}, None, {"a": OLD}, {"a": OLD}], ["", "", "", "a"]),
        ([{"a": "no permission"}] * 3 + [{"a": OLD}] * 2, ["", "a", "", "", "a"]),
        (
            [INNER] * 2 + [{"x": "no permission"}] * 2 + [INNER] * 2,
            ["", "x/a xy", "", "x", "", "xy"],
        ),
        ([{"a": OLD}] * 2 + [{".": "stale"}] * 2 + [{"a": OLD}] * 2, ["", "a", "", ".", "", ""]),
    ],
)
def test_what_is_new_or_changed_and_at_rest_is_told_once(looks, expected):
    assert [" ".join(ready) for ready in batches(looks)] == expected


STATES = st.one_of(st.just("no permission"), st.tuples(st.integers(0, 1), st.integers(0, 1)))
LOOKS = st.lists(
    st.one_of(st.none(), st.dictionaries(st.sampled_from(["a", "b", "x/a", "x"]), STATES)),
    max_size=12,
)


@given(LOOKS)
def test_every_state_that_lasts_is_told_and_no_other(looks):
    told: dict[str, State] = {}
    for before, found, ready in zip([None, *looks], looks, batches(looks), strict=False):
        for path in ready:
            assert found is not None
            assert before is not None
            assert before[path] == found[path] != told.get(path)
        for path, state in (found or {}).items():
            if before is not None and before.get(path) == state:
                told[path] = state
                continue
            assert path not in ready
        if found is not None:
            hidden = [path for path in found if found[path] == "no permission"]
            told = {
                path: state
                for path, state in told.items()
                if path in found or any(path.startswith(f"{above}/") for above in hidden)
            }


# The folder, with something happening between two looks


class Script:
    """What waits for nothing: each time it does the next thing, and it is set after the last."""

    def __init__(self, actions: list[Callable[[], object]]) -> None:
        self._actions: Iterator[Callable[[], object]] = iter(actions)

    def wait(self, timeout: float, /) -> bool:
        assert timeout == 0.5
        action = next(self._actions, None)
        if action is not None:
            action()
        return action is None


def told(folder: Path, *actions: Callable[[], object]) -> list[tuple[str, ...]]:
    """The batches, with actions between the looks and one look after the last."""
    return list(watch(folder, interval_s=0.5, stop=Script([*actions, nothing])))


def nothing() -> None:
    pass


def write(path: Path, text: str, changed_s: int = 1) -> Callable[[], None]:
    def act() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (changed_s, changed_s))

    return act


def append(path: Path) -> Callable[[], None]:
    def act() -> None:
        with path.open("a") as file:
            file.write("More.\n")

    return act


def test_what_is_there_comes_first(tmp_path):
    for name in ("b.txt", "a.jsonl", "x/c.html", ".hidden.txt", "notes.md", "b.txt.fixed"):
        write(tmp_path / name, "Tin")()
    assert told(tmp_path) == [("a.jsonl", "b.txt", "x/c.html")]
    assert told(tmp_path, nothing, nothing) == [("a.jsonl", "b.txt", "x/c.html")]


def test_a_file_that_grows_is_not_at_rest(tmp_path):
    path = tmp_path / "a.txt"
    actions = [write(path, "Tin"), append(path), append(path), nothing, nothing]
    sizes = [path.stat().st_size for _ in watch(tmp_path, interval_s=0.5, stop=Script(actions))]
    assert sizes == [len("TinMore.\nMore.\n")]


def test_a_file_that_changes_comes_again(tmp_path):
    path = tmp_path / "a.txt"
    assert (
        told(
            tmp_path,
            write(path, "Tin"),
            nothing,
            write(path, "Tán", changed_s=2),  # as large
            nothing,
            write(path, "Tin mới", changed_s=2),  # of the same time
            nothing,
            nothing,
        )
        == [("a.txt",)] * 3
    )


def test_a_file_that_is_moved_here_comes_under_its_new_name(tmp_path):
    folder, path = tmp_path / "drop", tmp_path / "part"
    write(folder / ".a.txt.part", "Tin")()
    write(path, "Tin")()
    assert told(
        folder,
        lambda: path.rename(folder / "b.txt"),
        nothing,
        lambda: (folder / ".a.txt.part").rename(folder / "a.txt"),
        nothing,
        lambda: (folder / "a.txt").rename(folder / "c.txt"),
        nothing,
    ) == [("b.txt",), ("a.txt",), ("c.txt",)]


def test_folders_that_come_and_go(tmp_path):
    folder, away = tmp_path / "drop", tmp_path / "away"
    assert told(
        folder,
        nothing,
        folder.mkdir,
        write(folder / "x" / "a.txt", "Tin"),
        nothing,
        lambda: folder.rename(away),
        nothing,
        lambda: away.rename(folder),
        nothing,
        write(folder / "b.txt", "Tin"),
        nothing,
        lambda: (folder / "x").rename(folder / "y"),
        nothing,
    ) == [("x/a.txt",), ("b.txt",), ("y/a.txt",)]


def test_a_folder_that_is_replaced_by_a_file(tmp_path):
    folder = tmp_path / "drop"
    write(folder / "a.txt", "Tin")()
    assert told(
        folder,
        nothing,
        lambda: folder.rename(tmp_path / "away"),
        write(folder, "Tin"),
        nothing,
        folder.unlink,
        lambda: (tmp_path / "away").rename(folder),
        nothing,
    ) == [("a.txt",)]


@pytest.mark.skipif(sys.platform == "win32", reason="no links for everybody")
def test_what_cannot_be_read_comes_once(tmp_path):
    write(tmp_path / "a.txt", "Tin")()
    (tmp_path / "dangling.txt").symlink_to("gone.txt")
    (tmp_path / "circle").symlink_to(".")
    os.mkfifo(tmp_path / "pipe.txt")
    assert told(tmp_path, nothing, nothing, write(tmp_path / "gone.txt", "Tin"), nothing) == [
        ("a.txt", "dangling.txt", "pipe.txt"),
        ("dangling.txt", "gone.txt"),
    ]


IMPORTS = """
import sys
from pathlib import Path
from phusa.checking.watching import watch
class Script:
    def __init__(self, *actions):
        self.actions = iter(actions)
    def wait(self, timeout):
        action = next(self.actions, None)
        return action is None or bool(action())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="other permissions")
def test_what_may_not_be_read_comes_once():
    code = """
folder = Path(sys.argv[1], "drop")
folder.mkdir()
for name in ("open/a.txt", "shut/b.txt", "c.txt"):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("Tin")
(folder / "c.txt").chmod(0)
look = lambda: None
mode = lambda path, bits: lambda: path.chmod(bits)
shut, inner = mode(folder / "shut", 0), mode(folder / "shut", 0o700)
actions = [look, look, shut, look, look, inner, look]
actions += [mode(folder, 0), look, look, mode(folder, 0o700), look, look]
for batch in watch(folder, interval_s=1, stop=Script(*actions)):
    print(*batch)
"""
    with nobody.folder() as folder:
        said = nobody.run(IMPORTS, code, folder)
    assert said.splitlines() == ["c.txt open/a.txt shut/b.txt", "shut", "."]


def test_a_thousand_files_at_once_and_one_later(tmp_path):
    for i in range(1000):
        write(tmp_path / str(i % 10) / f"{i}.txt", "Tin")()
    first, second = told(tmp_path, nothing, write(tmp_path / "late.txt", "Tin"), nothing)
    assert len(first) == 1000
    assert list(first) == sorted(first)
    assert second == ("late.txt",)


def test_names_of_any_bytes(tmp_path):
    names = ["a\nb.txt", "tin tức.txt", "\x1b[31m.txt"]
    if sys.platform == "linux":
        names.append("tin-\udcff.txt")
    for name in names:
        write(tmp_path / name, "Tin")()
    assert told(tmp_path) == [tuple(sorted(names))]


def test_other_suffixes(tmp_path):
    for name in ("a.txt", "b.parquet"):
        write(tmp_path / name, "Tin")()
    stop = Script([nothing])
    assert list(watch(tmp_path, interval_s=0.5, stop=stop, suffixes=(".parquet",))) == [
        ("b.parquet",)
    ]


def test_a_watch_that_is_closed_or_stopped_ends(tmp_path):
    write(tmp_path / "a.txt", "Tin")()
    batches = watch(tmp_path, interval_s=0.5, stop=Script([nothing] * 5))
    assert next(batches) == ("a.txt",)
    batches.close()
    stop = threading.Event()
    stop.set()
    assert list(watch(tmp_path, interval_s=60, stop=stop)) == []


# Everything at once


def test_a_scraper_at_work(tmp_path):
    """Whoever reads what is told has read each file as it was left; no state comes twice."""
    stop, chance = threading.Event(), random.Random(7)
    pages = {f"{i % 3}/{i}.txt": f"Tin số {i}. " * chance.randint(1, 400) for i in range(60)}

    def scrape() -> None:
        for i, (name, text) in enumerate(pages.items()):
            path = tmp_path / "drop" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if i % 3 == 0:  # moved here when it is done
                part = path.with_name(f".{path.name}.part")
                part.write_text(text, "utf-8")
                part.rename(path)
            else:
                with path.open("w", encoding="utf-8") as file:
                    for start in range(0, len(text), 500):
                        file.write(text[start : start + 500])
                        file.flush()
                        stop.wait(0.001)
            if i % 10 == 9:
                (tmp_path / "drop" / "gone.txt").write_text("Tin")
                stop.wait(0.005)
                (tmp_path / "drop" / "gone.txt").unlink()

    scraper = threading.Thread(target=scrape)
    give_up = threading.Timer(60, stop.set)
    read: dict[str, str] = {}
    give_up.start()
    scraper.start()
    for batch in watch(tmp_path / "drop", interval_s=0.01, stop=stop):
        assert len(set(batch)) == len(batch)
        for name in batch:
            try:
                read[name] = (tmp_path / "drop" / name).read_text("utf-8")
            except (FileNotFoundError, UnicodeDecodeError):
                read.pop(name, None)
        if not scraper.is_alive() and all(read.get(name) == text for name, text in pages.items()):
            break
    assert not stop.is_set()
    give_up.cancel()
    scraper.join()
