"""What holds for every page, whatever is on it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages import ANY, PAGES
from phusa.explanation import explain
from phusa.page import Kind, Label, Line, Page, RawDocument, Stage, restore
from phusa.pipeline import REPAIR, RULES, clean, decode
from phusa.recipe import Cleaning


def document(content: str | bytes, media_type: str = "text/plain") -> RawDocument:
    return RawDocument("x", content, media_type)


@settings(max_examples=400)
@given(ANY)
def test_undo_rebuilds_the_source(text: str) -> None:
    assert restore(clean(document(text))) == text


@settings(max_examples=400)
@given(ANY)
def test_cleaning_the_clean_page_changes_nothing(text: str) -> None:
    article = clean(document(text))
    again = clean(document(article.page))
    assert (again.page, again.log) == (article.page, ())


@settings(max_examples=400)
@given(ANY)
def test_cleaning_the_article_changes_nothing(text: str) -> None:
    article = clean(document(text))
    again = clean(document(article.text))
    assert again.text == article.text


@given(st.binary(max_size=400) | ANY.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    article = clean(document(content))
    decoded = decode(document(content))
    assert not decoded.readable or restore(article) == decoded.text
    assert article.is_article != (article.rejection is not None)


@given(ANY)
def test_no_markup_makes_it_fail(text: str) -> None:
    article = clean(document(f"<p>{text}</p>", "text/html"))
    assert restore(article) == f"<p>{text}</p>"


@given(PAGES)
def test_findings_point_into_the_source(text: str) -> None:
    article = clean(document(text))
    for finding in article.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.rule in RULES


@given(PAGES)
def test_every_line_is_explained(text: str) -> None:
    article = clean(document(text))
    explained = explain(article)
    numbers = [i + 1 for i, line in enumerate(text.split("\n")) if line.strip()]
    assert [line.number for line in explained] == numbers


@given(PAGES)
def test_a_rule_that_is_off_does_nothing(text: str) -> None:
    article = clean(document(text), Cleaning(ignore=("CHR", "ENC02")))
    assert not any(edit.rule.startswith(("CHR", "ENC02")) for step in article.log for edit in step)


@pytest.mark.parametrize("stage", REPAIR, ids=lambda stage: stage.name)
@given(text=ANY)
def test_stages_report_their_own_rules(stage: Stage, text: str) -> None:
    codes = {rule.code for rule in stage.rules}
    assert {finding.rule for finding in stage.propose(Page(text))} <= codes


def test_another_labeller_can_take_the_place() -> None:
    def everything_is_body(_page: Page, lines: Sequence[Line]) -> list[Label]:
        return [Label(Kind.BODY, "all of it") for _ in lines]

    article = clean(document("Trang chủ\nĐang tải..."), label=everything_is_body)
    assert article.text == "Trang chủ\n\nĐang tải..."
