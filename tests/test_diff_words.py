"""Texts compared word by word, long and hostile ones too."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compared import diff, some
from phusa.comparing import words


def test_the_largest_changes_are_told_word_by_word(tmp_path: Path) -> None:
    rows = some()
    rows[1]["text"] = rows[1]["text"].replace("thị xã Kinh Môn", "huyện Kinh Môn cũ")
    rows[2]["captions"] = ["Ảnh: B"]
    rows[3]["text"] = rows[3]["text"].replace("kinh tế", "kinh te")
    rows[4]["text"] = "Khác."
    rows[0]["text"] = rows[0]["text"].replace("ư", "u")
    found = diff(tmp_path, some(), rows, 3)
    assert [(c.id, c.kind, c.words_out, c.words_in) for c in found.largest] == [
        ("a/4", "real", 17, 1),
        ("a/1", "real", 3, 3),
        ("a/2", "real", 1, 1),
    ]
    every = diff(tmp_path, some(), rows)
    assert [change.id for change in every.largest] == ["a/4", "a/1", "a/2", "a/0", "a/3"]
    assert diff(tmp_path, some(), rows, 0).largest == ()
    told = [(piece.op, piece.words, piece.text) for piece in found.largest[1].pieces]
    assert told == [
        ("same", 7, "… a/1 Phường An Lưu trực thuộc"),
        ("out", 2, "thị xã"),
        ("in", 1, "huyện"),
        ("same", 1, "Kinh"),
        ("out", 1, "Môn."),
        ("in", 2, "Môn cũ."),
        ("same", 10, "Năm 2020, kinh tế của phường …"),
    ]


WORDS = st.lists(st.sampled_from("a b c ốc 河 内 dài\n \n\n x\u0301".split(" ")), max_size=40)


@given(WORDS, WORDS)
def test_runs_give_both_texts(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    found = words.runs(before, after)
    for text, other in ((before, "in"), (after, "out")):
        kept = [word for run in found if run.op != other for word in run.words]
        assert kept == words.split_words(text)
    went, came = words.changed_words(before, after)
    assert words.changed_words(after, before) == (came, went)
    assert went == sum(len(run.words) for run in found if run.op == "out")
    assert went + came <= words.most_changed_words(before, after)
    assert all(one.op != other.op for one, other in pairwise(found))


@given(WORDS, WORDS)
@settings(max_examples=50)
def test_long_texts_are_compared_by_lines(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "MOST_WORDS", 3)
        found = words.runs(before, after)
    for text, other in ((before, "in"), (after, "out")):
        kept = [word for run in found if run.op != other for word in run.words]
        assert kept == words.split_words(text)


@given(st.text("aàạđ \n\u0301河", max_size=12), st.text("aàạđd \n\u0301河", max_size=12))
def test_kinds_are_those_of_the_whole_texts(old: str, new: str) -> None:
    import unicodedata

    def bare(text: str) -> str:
        marks = unicodedata.normalize("NFD", "".join(text.split()))
        return "".join(c for c in marks if not unicodedata.combining(c)).replace("đ", "d")

    kind = words.kind_of_change(old, new)
    assert kind == words.kind_of_change(new, old)
    assert (kind == "white_space") == ("".join(old.split()) == "".join(new.split()))
    assert (kind == "real") == (bare(old) != bare(new))


@pytest.mark.parametrize(
    ("old", "new", "out", "into"),
    [
        ("một " * 100_000, "hai " * 100_000, 100_000, 100_000),
        ("một " * 100_000, "một hai " * 50_000, None, None),
        ("a b " * 50_000, "b a " * 50_000, None, None),
        ("một\n" * 100_000, "hai\n" * 100_000, 100_000, 100_000),
        (
            "\n".join(f"{i} a b c" for i in range(4_000)),
            "\n".join(f"{i} a {'bx'[i % 2]} c" for i in range(4_000)),
            2_000,
            2_000,
        ),
        ("x" * 10**6, "y" * 10**6, 1, 1),
        ("河" * 10**5, "内" * 10**5, 10**5, 10**5),
        (" " * 10**6, "\n" * 10**6, 0, 0),
        ("a" + "\u0301" * 10**5, "a" + "\u0300" * 10**5, 1, 1),
    ],
)
def test_hostile_texts_take_no_square(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, out: int | None, into: int | None
) -> None:
    compared = []
    real = words.LCSseq.opcodes

    class Measured:
        @staticmethod
        def opcodes(old: list[str], new: list[str]) -> Any:
            compared.append(len(old) * len(new))
            return real(old, new)

    monkeypatch.setattr(words, "LCSseq", Measured)
    found = words.runs(old, new)
    assert max(compared, default=0) <= words.MOST_WORDS**2
    assert sum(compared) <= words.MOST_WORDS * (len(old) + len(new))
    assert out is None or words.changed_words(old, new) == (out, into)
    assert len("".join(piece.text for piece in words.pieces(found))) < 30_000
    assert words.kind_of_change(old, new) in ("real", "diacritics", "white_space")


def test_pieces_are_few_and_short() -> None:
    old = " ".join(f"một{i} hai" for i in range(500))
    new = " ".join(f"ba{i} hai" for i in range(500))
    shown = words.pieces(words.runs(old, new))
    assert len(shown) == 31
    assert shown[-1].text == "…"
    assert sum(piece.words for piece in shown if piece.op != "out") == 1000
    (out, into) = words.pieces(words.runs("x" * 500, " ".join("abcdefghijklmnopqrstuvwxyz" * 2)))
    assert (len(out.text), out.words) == (60, 1)
    assert (into.text, into.words) == ("a b c d e f g h i j k l … o p q r s t u v w x y z", 52)
    (cjk,) = words.pieces(words.runs("", "河内市人民"))
    assert cjk.text == "河内市人民"
