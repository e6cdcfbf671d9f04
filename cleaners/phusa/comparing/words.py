"""Texts compared: what kind of change it is, and which words went and came."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import Literal, NamedTuple

from rapidfuzz.distance import LCSseq

from phusa.comparing.difference import Kind, Piece

MOST_WORDS = 5_000
"""Of a passage that is compared word by word: time goes with the square of its length."""

_CONTEXT_WORDS = 6
_SHOWN_WORDS = 24
_SHOWN_PIECES = 30
_SHOWN_CHARS = 60
_HEAD_CHARS = 200

_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u31ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Letters of scripts that put no blanks between words: Thai, Lao, Burmese, Khmer, Chinese, kana."""
_LETTER = re.compile(f"[{_ALONE}]")
_BLANK = re.compile(f"(?<=[{_ALONE}]) (?=[{_ALONE}])")


class Run(NamedTuple):
    """Words that are the same in both texts, taken out of the old one, or put in the new one."""

    op: Literal["same", "out", "in"]
    words: Sequence[str]


def kind_of_change(old: str, new: str) -> Kind:
    """Say what kind of change makes one text of another.

    Diacritics are combining marks after canonical decomposition, and the bar of đ.

    >>> kind_of_change("Hoà  Bình", "Hoà Bình"), kind_of_change("Đăk Lăk", "Dak Lak ")
    ('white_space', 'diacritics')
    >>> kind_of_change("Đăk Lăk", "Đắk Lắc")
    'real'
    """
    old, new = _middles(old, new, *_common(old, new))
    if _alike(old, new, _squeezed):
        return "white_space"
    return "diacritics" if _alike(old, new, _folded) else "real"


def changed_words(old: str, new: str) -> tuple[int, int]:
    """Count the words that went and those that came.

    >>> changed_words("Một câu dài.", "Một câu rất dài.")
    (0, 1)
    """
    found = _compared(*_middles(old, new, *_whole_words(old, new)))
    went, came = (sum(len(run.words) for run in found if run.op == op) for op in ("out", "in"))
    return went, came


def most_changed_words(old: str, new: str) -> int:
    """Bound the words that went and came, without looking for them."""
    return sum(map(len, _middles(old, new, *_common(old, new)))) + 2


def runs(old: str, new: str) -> list[Run]:
    """Compare two texts word by word; what went stands before what came for it.

    A word is what blanks part, and every letter of a script without blanks. Texts that differ over
    more than `MOST_WORDS` are compared line by line first, and a passage of so many words is not
    compared: all of it went, and all of the new one came. So time and memory go with the length,
    whatever the texts are.

    >>> [(run.op, *run.words) for run in runs("Một câu dài.", "Một câu rất dài.")]
    [('same', 'Một', 'câu'), ('in', 'rất'), ('same', 'dài.')]
    """
    head, tail = _whole_words(old, new)
    start, end = (split_words(part) for part in (old[:head], old[len(old) - tail :]))
    found = _compared(*_middles(old, new, head, tail))
    return _joined([Run("same", start), *found, Run("same", end)])


def pieces(found: Sequence[Run]) -> tuple[Piece, ...]:
    """Cut runs to what shows the change: a few words around it, and the ends of long passages."""
    last = len(found) - 1
    shown = [
        Piece(run.op, len(run.words), _shown(run, first=number == 0, last=number == last))
        for number, run in enumerate(found[:_SHOWN_PIECES])
    ]
    if rest := found[_SHOWN_PIECES:]:
        shown.append(Piece("same", sum(len(run.words) for run in rest if run.op != "out"), "…"))
    return tuple(shown)


def split_words(text: str) -> list[str]:
    """Cut a text into words.

    >>> split_words("Hà Nội 河内")
    ['Hà', 'Nội', '河', '内']
    """
    return (text if text.isascii() else _LETTER.sub(r" \g<0> ", text)).split()


def _compared(old: str, new: str) -> list[Run]:
    """Compare passages by words, or by lines where they are long."""
    before, after = split_words(old), split_words(new)
    if max(len(before), len(after)) <= MOST_WORDS:
        return _joined(_by_token(before, after))
    return _joined(_by_line(old.split("\n"), new.split("\n")))


def _by_line(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """Compare lines, and then the words of those that differ."""
    for same, group in groupby(_by_token(old, new), key=lambda run: run.op == "same"):
        lines: dict[str, list[str]] = {"same": [], "out": [], "in": []}
        for run in group:
            lines[run.op] += chain.from_iterable(map(split_words, run.words))
        yield Run("same", lines["same"])
        if not same:
            yield from _by_token(lines["out"], lines["in"])


def _by_token(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """Compare words, or lines; where they are too many they are not compared."""
    if max(len(old), len(new)) > MOST_WORDS:
        yield from (Run("out", old), Run("in", new))
        return
    for op in LCSseq.opcodes(old, new):
        if op.tag == "equal":
            yield Run("same", old[op.src_start : op.src_end])
        else:
            yield Run("out", old[op.src_start : op.src_end])
            yield Run("in", new[op.dest_start : op.dest_end])


def _joined(found: Iterable[Run]) -> list[Run]:
    """Join runs that touch, what went before what came, and drop empty ones."""
    whole = []
    for _, group in groupby(filter(_words, found), key=lambda run: run.op == "same"):
        touching = list(group)
        ops: tuple[Literal["same", "out", "in"], ...] = ("same", "out", "in")
        for op in ops:
            words = [word for run in touching if run.op == op for word in run.words]
            if words:
                whole.append(Run(op, words))
    return whole


def _words(run: Run) -> Sequence[str]:
    return run.words


def _shown(run: Run, *, first: bool, last: bool) -> str:
    """Write a run, an ellipsis in place of the words that are too many."""
    before = after = _SHOWN_WORDS // 2
    if run.op == "same":
        before, after = (0 if end else _CONTEXT_WORDS for end in (first, last))
    words = run.words
    if len(words) > before + after:
        words = [*words[:before], "…", *words[len(words) - after :]]
    cut = (word if len(word) <= _SHOWN_CHARS else f"{word[: _SHOWN_CHARS - 1]}…" for word in words)
    return _BLANK.sub("", " ".join(cut))


def _common(old: str, new: str) -> tuple[int, int]:
    """Measure how much of two texts is the same at the start, and of the rest at the end."""
    most = min(len(old), len(new))
    head = _longest(most, lambda size, have: old[have:size] == new[have:size])
    ends = len(old), len(new)
    tail = _longest(
        most - head,
        lambda size, have: (
            old[ends[0] - size : ends[0] - have] == new[ends[1] - size : ends[1] - have]
        ),
    )
    return head, tail


def _longest(most: int, agrees: Callable[[int, int], bool]) -> int:
    """Find the greatest size that agrees, by halves, so that long texts are compared in long cuts.

    `agrees` is asked for a size, and the size that is known to agree.
    """
    while_true, least_false = 0, most + 1
    while least_false - while_true > 1:
        size = (while_true + least_false) // 2
        if agrees(size, while_true):
            while_true = size
        else:
            least_false = size
    return while_true


def _whole_words(old: str, new: str) -> tuple[int, int]:
    """Measure the same as `_common`, cutting no word."""
    head, tail = _common(old, new)
    while head and _in_word(old[head - 1]):
        head -= 1
    while tail and _in_word(old[len(old) - tail]):
        tail -= 1
    return head, tail


def _in_word(char: str) -> bool:
    return not char.isspace() and not _LETTER.match(char)


def _middles(old: str, new: str, head: int, tail: int) -> tuple[str, str]:
    """Cut off the ends that are the same."""
    return old[head : len(old) - tail], new[head : len(new) - tail]


def _alike(old: str, new: str, reduced: Callable[[str], str]) -> bool:
    """Tell whether two texts are the same once reduced letter by letter, looking at heads first."""
    one, other = reduced(old[:_HEAD_CHARS]), reduced(new[:_HEAD_CHARS])
    return (one.startswith(other) or other.startswith(one)) and reduced(old) == reduced(new)


def _squeezed(text: str) -> str:
    """Take out white space."""
    return "".join(text.split())


def _folded(text: str) -> str:
    """Take out white space and diacritics."""
    text = unicodedata.normalize("NFD", _squeezed(text))
    for mark in filter(unicodedata.combining, set(text)):
        text = text.replace(mark, "")
    return text.replace("đ", "d").replace("Đ", "D")
