"""What holds for every page, whatever is on it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages import ANY, PAGES
from phusa.chrome.shapes import _short
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


@given(ANY, st.lists(st.sampled_from(sorted(RULES)), max_size=4))
def test_both_hold_with_rules_left_out(text: str, ignored: list[str]) -> None:
    cleaning = Cleaning(ignore=tuple(ignored))
    article = clean(document(text), cleaning)
    assert restore(article) == text
    again = clean(document(article.page), cleaning)
    assert (again.page, again.log) == (article.page, ())


@given(PAGES)
def test_the_text_begins_with_the_lead(text: str) -> None:
    article = clean(document(text))
    assert article.lead is None or article.text.startswith(article.lead)


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


LONG = "Một câu rất dài để làm bài viết. " * 10


def test_a_repair_that_is_off_does_not_keep_a_page_from_rest() -> None:
    misread = "Ông nói: Viá»‡t Nam cÃ³ Ä‘áº¹p và nhiều người dân rất vui mừng trong dịp vừa qua."
    page = f"Trang chủ\n\n{LONG}\n\n{misread}\n\n{LONG}\n\nĐang truy cập: 3\n"
    article = clean(document(page), Cleaning(ignore=("ENC020",)))
    assert misread in article.text
    assert "Đang truy cập" not in article.page
    assert "ART902" not in {finding.rule for finding in article.findings}


@pytest.mark.parametrize(
    ("start", "kept", "published"),
    [
        (" date 2024-02 ", "", "2024-02"),
        ("date 2024-01 date 2024-02 ", "", "2024-01"),
        ("date 2024-02-29 ", "", "2024-02-29"),
        ("date 2024-02-31 ", "date 2024-02-31 ", None),
    ],
)
def test_a_corpus_date_is_parted_from_the_text(
    start: str, kept: str, published: str | None
) -> None:
    article = clean(document(start + LONG))
    assert article.text == kept + LONG.strip()
    assert (article.published and article.published.value) == published
    glued = {edit.rule for step in article.log for edit in step} & {"ART110"}
    assert bool(glued) is (published is not None)


def test_a_date_in_a_sentence_is_left_there() -> None:
    page = f"{LONG}\n\ndate 2024-01-05 the server was restarted.\n\n{LONG}\n"
    assert "date 2024-01-05 the server" in clean(document(page)).text


def test_a_page_that_never_rests_is_left_as_it_is() -> None:
    """A labeller that always takes the last line leaves nothing of a page; the bound stops it."""

    def hungry(_page: Page, lines: Sequence[Line]) -> list[Label]:
        labels = [Label(Kind.BODY, "") for _ in lines]
        return [*labels[:-1], Label(Kind.CHROME, "hungry", "CHR199")] if lines else labels

    page = "\n".join(f"Dòng {i}" for i in range(30))
    article = clean(document(page), label=hungry)
    assert article.page == page
    assert article.text.count("Dòng") == 30
    assert "ART902" in {finding.rule for finding in article.findings}


def test_long_lines_are_not_remembered() -> None:
    before = _short.cache_info().currsize
    clean(document("Phường An Lưu nằm ở trung tâm thị xã. " * 100))
    assert _short.cache_info().currsize == before


def test_a_page_at_rest_is_at_rest_for_fresh_eyes() -> None:
    """Labels carried over from lines that are gone do not hide what a new look finds."""
    paragraph = "Phường An Lưu là trung tâm văn hóa của thị xã. " * 3
    page = f"2021-11-30 14:32:28\n0\r0\n{paragraph}\n{paragraph}"
    article = clean(document(page))
    again = clean(document(article.page))
    assert (again.page, again.log) == (article.page, ())
