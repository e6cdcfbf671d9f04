"""The line model: its whole numbers, its features, the structure that lines of HTML bring along.

What is said here holds for any weights, so that new ones need no new tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages import ODD_LINES
from phusa.chrome import evidence, network
from phusa.chrome.features import WORD_BITS, Known, columns, own
from phusa.chrome.network import INPUT_UNIT, MAX_ACTIVATION, UNIT, Network
from phusa.findings import Finding, Step, apply
from phusa.glyphs import Floats, Ints
from phusa.markup import structure
from phusa.page import Page, Structure

KINDS = ("text", "html")


def features(texts: list[str]) -> Floats:
    return columns(texts, *Known(network.words()).look(texts))


TEXT_FEATURES = features(["Tin"]).shape[1]
FEATURES = {"text": TEXT_FEATURES, "html": TEXT_FEATURES + structure.COLUMNS}


# -- the network


@pytest.mark.parametrize("kind", KINDS)
def test_weights_fit_the_features(kind: str) -> None:
    net = network.network(kind)
    width = net.entry.shape[1]
    assert net.entry.shape == (FEATURES[kind], width)
    assert net.entry_bias.shape == (width,)
    assert all(weights.shape == (3 * width, width) for weights in net.layers)
    assert all(bias.shape == (width,) for bias in net.layer_biases)
    assert len(net.layers) == len(net.layer_biases) == len(net.dilations)
    assert (net.exit.shape, net.exit_bias.shape) == ((width, 2), (2,))


@dataclass(frozen=True)
class Wholes:
    """The weights of a network as the whole numbers they are multiples of."""

    entry: Ints
    entry_bias: Ints
    layers: list[tuple[int, Ints, Ints]]
    exit: Ints
    exit_bias: Ints

    @classmethod
    def of(cls, net: Network) -> Wholes:
        def whole(values: Floats, unit: int) -> Ints:
            assert (values * unit == np.rint(values * unit)).all()
            return (values * unit).astype(np.int64)

        product = UNIT * UNIT
        return cls(
            whole(net.entry, INPUT_UNIT),
            whole(net.entry_bias, INPUT_UNIT),
            [
                (reach, whole(weights, UNIT), whole(bias, UNIT))
                for reach, weights, bias in zip(
                    net.dilations, net.layers, net.layer_biases, strict=True
                )
            ],
            whole(net.exit, product),
            whole(net.exit_bias, product),
        )

    def scores(self, rows: Floats) -> Ints:
        """In 1/4096, by 64-bit integers, which have no order of adding to depend on."""
        state = np.rint(rows * INPUT_UNIT).astype(np.int64) @ self.entry + self.entry_bias
        state = settled(state, INPUT_UNIT)
        for reach, weights, bias in self.layers:
            padded = np.pad(state, ((reach, reach), (0, 0)))
            around = np.concatenate([padded[: len(state)], state, padded[2 * reach :]], axis=1)
            change = settled(around @ weights + bias, UNIT)
            state = np.minimum(state + change, MAX_ACTIVATION)
        return state @ self.exit + self.exit_bias


def settled(sums: Ints, unit: int) -> Ints:
    """Sums over the unit, halves to the even number, cut to what an activation may be."""
    whole, rest = np.divmod(sums, unit)
    up = (2 * rest > unit) | ((2 * rest == unit) & (whole % 2 == 1))
    return np.clip(whole + up, 0, MAX_ACTIVATION)


@pytest.mark.parametrize("kind", KINDS)
def test_every_sum_is_exact_in_float32(kind: str) -> None:
    """The largest sum there can be, whatever the page, has no more than 24 bits."""
    wholes = Wholes.of(network.network(kind))
    sums = [(wholes.entry, wholes.entry_bias, INPUT_UNIT)]
    sums += [(weights, bias, MAX_ACTIVATION) for _, weights, bias in wholes.layers]
    sums.append((wholes.exit, wholes.exit_bias, MAX_ACTIVATION))
    for weights, bias, most in sums:
        assert (np.abs(weights).sum(0) * most + np.abs(bias)).max() < 1 << 24


def test_known_words() -> None:
    table = network.words()
    assert table.shape == (1 << WORD_BITS,)
    assert np.count_nonzero(table) > 1_000
    assert -127 <= table.min() < 0 < table.max() <= 127


@pytest.mark.parametrize("kind", KINDS)
@given(lines=st.integers(1, 300), seed=st.integers(0, 2**32 - 1), ends=st.floats(0, 1))
def test_scores_are_those_of_whole_numbers(kind: str, lines: int, seed: int, ends: float) -> None:
    """Exactly, and in whole steps of 1/4096: on any machine, however its BLAS adds."""
    chance = np.random.default_rng(seed)
    rows = chance.random((lines, FEATURES[kind]), np.float32)
    rows[chance.random(rows.shape) < ends] = chance.integers(0, 2)
    net = network.network(kind)
    scores = net.scores(rows)
    assert scores.shape == (lines, 2)
    assert (scores * (UNIT * UNIT) == Wholes.of(net).scores(rows)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_lines_out_of_reach_do_not_count(kind: str) -> None:
    net = network.network(kind)
    reach = sum(net.dilations)
    rows = np.random.default_rng(1).random((3 * reach, FEATURES[kind]), np.float32)
    far = rows.copy()
    far[: reach // 2] = 0
    far[-reach // 2 :] = 1
    middle = slice(reach // 2 + reach, -(reach // 2) - reach - 1)
    assert (net.scores(rows)[middle] == net.scores(far)[middle]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_evidence(kind: str) -> None:
    """The groups have every feature once; a line goes by one of them."""
    numbers = range(FEATURES[kind])
    assert [number for _, group in evidence.GROUPS for number in numbers[group]] == [*numbers]
    rows = np.random.default_rng(1).random((20, FEATURES[kind]), np.float32)
    found = evidence.leading(rows, network.network(kind))
    assert len(found) == len(rows)
    assert set(found) <= {name for name, _ in evidence.GROUPS}


# -- the features

LINE = st.one_of(
    st.text(st.characters(exclude_categories=()), min_size=1, max_size=120),
    st.sampled_from(ODD_LINES),
)
PAGE = st.lists(LINE, min_size=1, max_size=30)


@settings(max_examples=200)
@given(PAGE)
def test_features_are_from_0_to_1(texts: list[str]) -> None:
    found = features(texts)
    assert found.dtype == np.float32
    assert found.shape == (len(texts), TEXT_FEATURES)
    assert (found >= 0).all()
    assert (found <= 1).all()
    assert (found == features(texts)).all()


@given(PAGE, st.data())
def test_a_line_is_the_same_in_pieces_and_at_once(texts: list[str], data: st.DataObject) -> None:
    """What a line is by itself depends on no line beside it, nor on when it was looked at."""
    known = Known(network.words())
    for _ in range(3):
        some = data.draw(st.lists(st.sampled_from(texts), min_size=1))
        for piece, at_once in zip(known.look(some), own(some, network.words()), strict=True):
            assert (piece == at_once).all()
    alone = np.concatenate([own([text], network.words())[0] for text in texts])
    assert (known.look(texts)[0] == alone).all()


# -- the structure of HTML lines


def structured(lines: list[str]) -> tuple[str, Structure]:
    """A text, and a structure whose rows are the numbers of its lines."""
    rows = tuple(i if line else -1 for i, line in enumerate(lines))
    return "\n".join(lines), Structure(np.zeros((len(lines) + 1, 1), np.float32), rows)


def row_by_line(text: str, found: Structure) -> list[tuple[str, int]]:
    return list(zip(text.split("\n"), found.rows, strict=True))


BLOCKS = st.lists(st.booleans(), min_size=1, max_size=12).map(
    lambda filled: ["abcdefghijkl"[i] * 6 if full else "" for i, full in enumerate(filled)]
)
"""Lines of a letter of their own, so that no two pieces make another line."""


@st.composite
def edits(draw: st.DrawFn, text: str) -> tuple[str, Step]:
    """What a text becomes by some edits, and these edits."""
    findings = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 20)))
        # what the stages put in the place of line ends is nothing
        put = ["", "x"] if "\n" in text[start:end] else ["", "x", "xyz", "\n\n"]
        findings.append(Finding("ENC001", start, end, "", draw(st.sampled_from(put))))
    return apply(text, findings)


@settings(max_examples=300)
@given(BLOCKS, st.data())
def test_structure_stays_with_its_lines(lines: list[str], data: st.DataObject) -> None:
    """A line that no edit touched keeps its row; there is a row for every line, step by step."""
    text, before = structured(lines)
    edited, step = data.draw(edits(text))
    found = before.after(text, step)
    rows = dict(row_by_line(edited, found))
    for i, line in enumerate(lines):
        start = text.index(line) - 1
        end = start + len(line) + 2
        if line and all(edit.end < start or edit.start > end for edit in step):
            assert rows[line] == i
    for _ in range(2):
        text, (edited, step) = edited, data.draw(edits(edited))
        found = found.after(text, step)
        assert len(found.rows) == edited.count("\n") + 1
        assert set(found.rows) <= {-1, *range(len(lines))}


@given(BLOCKS, st.sets(st.integers(0, 11)))
def test_lines_that_go_take_their_rows_along(lines: list[str], gone: set[int]) -> None:
    text, before = structured(lines)
    findings, at = [], 0
    for i, line in enumerate(lines):
        end = min(at + len(line) + 1, len(text))
        if i in gone:
            findings.append(Finding("CHR199", at, end, "", ""))
        at = end
    left, step = apply(text, findings)
    stay = [(line, i) for i, line in enumerate(lines) if line and i not in gone]
    assert [pair for pair in row_by_line(left, before.after(text, step)) if pair[0]] == stay


@given(BLOCKS)
def test_a_page_carries_its_structure(lines: list[str]) -> None:
    text, before = structured(lines)
    page = Page(text, structure=before)
    edited, step = apply(text, [Finding("ENC001", 0, 0, "", "x")])
    after = page.edited(edited, step)
    assert after.structure is not None
    assert len(after.structure.rows) == len(lines)
    assert Page(text).edited(edited, step).structure is None
