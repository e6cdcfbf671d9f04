"""Baselines: what they know stays silent, what is new does not, and nobody is named in them."""

import json
import random
import stat
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines import NOTHING, TEXT, counted, entry_of, known, problems_in, text_of
from phusa.checking.baseline import MAX_BYTES, Asked, BaselineError, Entry, load, write
from phusa.checking.dating import stated_dates
from phusa.checking.identity import Identities, Identity
from phusa.checking.problem import Problem, in_row, of_all
from phusa.findings import EVERY_RULE, Finding, Selection


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the baseline, where the command runs too."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def places(problems: Iterator[Problem]) -> list[tuple[str, int]]:
    return [(problem.rule, problem.line) for problem in problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEXT, []),
        ("Một dòng nữa.\n\n" + TEXT, []),
        (TEXT.replace("Một câu.\n", ""), []),
        ("\n".join(reversed(TEXT.split("\n"))), []),
        (TEXT + "Tin m\ufffdi\n", [("ENC050", 5)]),
        (TEXT + "Tin c\ufffd\n", [("ENC050", 5)]),
        (TEXT + "Tin m\x1bi\n", [("ENC031", 5)]),
        (TEXT.replace("Anh\x1b", "\x1bAnh"), [("ENC031", 4)]),
    ],
    ids=["same", "lines above", "a line less", "moved", "once more", "other", "rule", "place"],
)
def test_what_is_known_is_silent(tmp_path, text, expected):
    baseline = known(problems_in(TEXT), tmp_path)
    assert places(baseline.unknown(problems_in(text))) == expected


def test_a_problem_is_known_in_its_own_file(tmp_path):
    baseline = known(problems_in(TEXT), tmp_path)
    assert len(list(baseline.unknown(problems_in(TEXT, "tin/b.txt")))) == 3


def test_rows_are_known_wherever_they_stand(tmp_path):
    found = Finding("ENC050", 5, 6, "lost")
    first, later, twice, title = (
        [in_row(found, "a.jsonl", line, pointer, "Tin m\ufffdi")]
        for line, pointer in ((3, "/text"), (9, "/text"), (9, "/text"), (9, "/title"))
    )
    assert list(known(first, tmp_path).unknown(later)) == []
    assert list(known(first, tmp_path).unknown([*later, *twice])) == twice
    assert list(known(first, tmp_path).unknown(title)) == title


def test_entries_that_no_longer_occur_are_idle(here):
    baseline = known([*problems_in(TEXT), *problems_in(TEXT, "gone.txt")], here)
    lost, escape = (entry_of(problem) for problem in problems_in(TEXT)[1:])
    assert list(baseline.unknown(problems_in(TEXT.replace("m\ufffdi", "mới", 1))[:1])) == []
    checked = Asked(["tin/a.txt"], ["tin"])
    assert baseline.idle(checked, EVERY_RULE) == {escape: 1, lost: 1}
    assert baseline.idle(checked, Selection(ignore=("ENC050",))) == {escape: 1}
    assert baseline.idle(NOTHING, EVERY_RULE) == {}
    everything = baseline.idle(Asked(["tin/a.txt", "b.txt"], ["."]), EVERY_RULE)
    assert sum(everything.values()) == 5
    assert list(everything) == sorted(everything)


def test_nothing_is_known_without_entries(tmp_path):
    baseline = known([], tmp_path)
    assert list(baseline.unknown(problems_in(TEXT))) == problems_in(TEXT)
    assert baseline.idle(Asked(["tin/a.txt"], ["."]), EVERY_RULE) == {}


def test_a_file_that_is_checked_again_is_known_again(tmp_path):
    baseline = known([*problems_in(TEXT), *problems_in(TEXT, "b.txt")], tmp_path)
    for path in ("tin/a.txt", "b.txt", "tin/a.txt"):
        baseline.again([path])
        assert list(baseline.unknown(problems_in(TEXT, path))) == []
    assert len(list(baseline.unknown(problems_in(TEXT, "b.txt")))) == 3


# What is counted


def lost(count: int, more: int = 0, line: int = 1) -> Problem:
    return Problem("ENC051", 0, 0, f"{count} characters were lost", path="a", line=line, more=more)


@pytest.mark.parametrize(
    ("before", "after", "told", "idle"),
    [
        ([lost(2)], [lost(2)], 0, 0),
        ([lost(2)], [lost(901)], 1, 1),
        ([lost(2, 4)], [lost(2, 4)], 0, 0),
        ([lost(2, 4)], [lost(2, 3)], 0, 1),
        ([lost(2, 4)], [lost(2, 900)], 1, 0),
        ([lost(2)] * 5, [lost(2, 4)], 0, 0),
        ([lost(2, 4)], [lost(2)] * 6, 1, 0),
        ([lost(2, 4), lost(2, 1, 9)], [lost(2, 1), lost(2, 4, 9)], 0, 0),
        ([lost(2, 4), lost(2, 1, 9)], [lost(2, 9), lost(2, 1, 9)], 1, 0),
    ],
    ids=[
        *("same", "a number in the message", "same more", "fewer", "many more", "told one by one"),
        *("one more", "in other lines", "more of one line"),
    ],
)
def test_growing_damage_is_told(here, before, after, told, idle):
    baseline = known(before, here)
    assert len(list(baseline.unknown(after))) == told
    assert sum(baseline.idle(Asked(["a"], ["a"]), EVERY_RULE).values()) == idle


def repeats(*lines: int | None, path: str = "b.jsonl") -> list[str]:
    """The fingerprints of rows that repeat what stands in a file, and where."""
    rows = [Identity(0, path, line, "7", "https://a.vn/7", "d") for line in lines]
    again = [
        Identity(0, "c.jsonl", 1, None, None, "d"),
        Identity(0, "c.jsonl", 1, None, "https://a.vn/7", "e"),
        Identity(0, "c.jsonl", 1, "7", None, "e"),
    ]
    prints = []
    for one in again:
        with Identities() as identities:
            assert len(list(identities.repeated(rows))) == len(rows) - 1
            ((_, finding),) = identities.repeated([one])
        prints.append(of_all(finding, "c.jsonl", 1).fingerprint)
    return prints


def test_what_a_document_repeats_may_move():
    """Lines move, and from another folder the path of the other document is another."""
    assert len(set(repeats(3))) == 3
    assert repeats(3) == repeats(17) == repeats(None, path="../tin of b/as, with.txt")


def test_a_day_passes():
    told = {
        of_all(finding, "a.jsonl", 1).fingerprint
        for day in (3, 4)
        for _, finding in stated_dates({"/published": "2031-01-01"}, None, date(2026, 5, day))
    }
    assert len(told) == 1


PROBLEMS = st.lists(
    st.builds(
        lambda rule, path, message: Problem(rule, 0, 0, message, path=path),
        st.sampled_from(["ENC050", "SRC101"]),
        st.one_of(st.sampled_from(["a.txt", "b.txt"]), st.text(max_size=9)),
        st.sampled_from(["lost", "gone"]),
    ),
    max_size=12,
)


@given(PROBLEMS, st.randoms(use_true_random=False))
def test_a_baseline_is_the_same_in_any_order(problems: list[Problem], chance: random.Random):
    text = text_of(problems)
    chance.shuffle(problems)
    assert text_of(problems) == text


@given(PROBLEMS, PROBLEMS)
def test_what_was_written_is_known_and_nothing_else(tmp_path_factory, old, new):
    folder = tmp_path_factory.mktemp("known")
    assert list(known(old, folder).unknown(old)) == []
    fresh = list(known(old, folder).unknown([*old, *new]))
    assert fresh == new
    asked = Asked({problem.path for problem in old}, ())
    assert known(old, folder).idle(asked, EVERY_RULE) == counted(old, folder)


def test_a_baseline_can_be_read_by_people_and_compared_line_by_line():
    one = Problem("ENC050", 3, 4, "lost", path="tin tức/bài.txt")
    other = Problem("ENC031", 3, 4, "odd", path="tin tức/bài.txt")
    lines = [line.rstrip(",") for line in text_of([one, one, other]).splitlines()]
    fewer = [line.rstrip(",") for line in text_of([one, one]).splitlines()]
    assert [line for line in lines if line not in fewer] == [
        f'      {{"rule": "ENC031", "fingerprint": "{other.fingerprint}", "count": 1}}'
    ]
    assert '    "tin tức/bài.txt": [' in lines
    assert f'      {{"rule": "ENC050", "fingerprint": "{one.fingerprint}", "count": 2}}' in lines
    assert text_of([one]).endswith("}\n")


@pytest.mark.parametrize(
    "path", ["a\nb", 'a"b\\', "a\x1b[31m", "a\u202eb", "tin-\udcff", "\U000e0041"]
)
def test_names_give_no_orders_to_terminals(tmp_path, path):
    problem = Problem("ENC050", 3, 4, "lost", path=path)
    text = text_of([problem])
    assert all(char.isprintable() for line in text.split("\n") for char in line)
    assert list(known([problem], tmp_path).unknown([problem])) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ĐT: 0912 345 678", "ĐT: 0987 654 321"),
        ("Liên hệ: lan@a.vn", "Liên hệ: mai@b.vn"),
        ("CCCD số 001200012345", "CCCD số 001300054321"),
        ("Số tài khoản: 0011 0012 3456", "Số tài khoản: 0022 0098 7654"),
    ],
)
def test_a_baseline_holds_no_personal_data(one, other):
    """Not even its digest, by which a number could be found again: there are too few numbers."""
    assert problems_in(one)
    assert counted(problems_in(one)) == counted(problems_in(other))


def test_the_digest_is_of_masked_messages():
    texts = ("'0912 345 678' is no url", "'0987 654 321' is no url")
    rows = [[in_row(Finding("SCH101", 0, 0, text), "a.jsonl", 1, "/url")] for text in texts]
    assert counted(rows[0]) == counted(rows[1])


# Files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot read the baseline: No such file or directory"),
        (b"", "not JSON; write the baseline again"),
        (b"{", "not JSON; write the baseline again"),
        (b"\xff\xfe", "not JSON; write the baseline again"),
        (b"[" * 100_000, "not JSON; write the baseline again"),
        (b"<<<<<<< mine\n{}", "not JSON; write the baseline again"),
        (b"[]", "JSON, but no baseline; name the file that phusa wrote"),
        (b'{"version": "2.1.0", "runs": []}', "JSON, but no baseline; name the file that phusa"),
        (b'{"phusa": "baseline", "version": 2}', "a baseline of version 2, and this phusa reads 1"),
        (b'{"phusa": "baseline"}', "a damaged baseline; write it again"),
        (b'{"phusa": "baseline", "version": 0, "known": {}}', "a damaged baseline"),
        (b'{"phusa": "baseline", "version": true, "known": {}}', "a damaged baseline"),
        (b'{"phusa": "baseline", "version": 1, "known": []}', "a damaged baseline"),
        (b'{"phusa": "baseline", "version": 1, "known": {"a": {}}}', "a damaged baseline"),
        (b'{"phusa": "baseline", "version": 1, "known": {"a": [], "a": []}}', "'a' stands twice"),
        (b" " * (MAX_BYTES + 1), "no baseline: more than 67,108,864 bytes"),
    ],
)
def test_what_is_no_baseline_is_told_on_one_line(tmp_path, content, message):
    path = tmp_path / "known.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BaselineError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "enc050"},
        {"rule": None},
        {"fingerprint": "xyz"},
        {"count": 0},
        {"count": -1},
        {"count": 1.5},
        {"count": True},
        {"count": "1"},
        {"line": 3},
    ],
)
def test_a_damaged_entry_is_not_passed_over(tmp_path, change):
    entry = {"rule": "ENC050", "fingerprint": "0123456789abcdef", "count": 1}
    whole = {"phusa": "baseline", "version": 1, "known": {"a.txt": [entry]}}
    path = tmp_path / "known.json"
    path.write_text(json.dumps(whole))
    assert load(path).idle(Asked([str(tmp_path / "a.txt")], []), EVERY_RULE) == {
        Entry("a.txt", "ENC050", "0123456789abcdef"): 1
    }
    path.write_text(json.dumps(whole | {"known": {"a.txt": [entry | change]}}))
    with pytest.raises(BaselineError, match=r"a damaged baseline; write it again$"):
        load(path)


def test_an_entry_that_stands_twice_counts_for_both(here):
    """As a merge of two branches leaves it."""
    problem = problems_in(TEXT)[0]
    text = text_of([problem])
    line = next(line for line in text.splitlines(keepends=True) if "ENC050" in line)
    (here / "known.json").write_text(text.replace(line, f"{line.rstrip()},\n{line}"))
    assert len(list(load(here / "known.json").unknown([problem] * 3))) == 1


def test_a_baseline_takes_the_place_of_the_old_one(tmp_path):
    path = tmp_path / "known.json"
    write(path, text_of([]))
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode
    path.chmod(0o640)
    (tmp_path / "link.json").symlink_to("known.json")
    write(tmp_path / "link.json", text_of(problems_in(TEXT)))
    assert (tmp_path / "link.json").is_symlink()
    assert path.read_text("utf-8") == text_of(problems_in(TEXT))
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == ["known.json", "link.json", "plain"]


def test_a_baseline_that_cannot_be_written(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "gone" / "known.json", tmp_path / "folder"):
        with pytest.raises(BaselineError, match="cannot write the baseline: "):
            write(path, text_of([]))
    assert names(tmp_path) == ["folder"]
    assert names(tmp_path / "folder") == []
