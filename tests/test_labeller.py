"""The labeller on whole pages: those without an article, titles, hostile ones, any script.

What is said here holds for any good weights, so that new ones need no new tests.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pages import ODD_LINES
from phusa.page import Article, RawDocument, restore
from phusa.pipeline import clean

CASES = Path(__file__).parent / "cases" / "no_article"

# -- pages without an article, and pages that look like one


def cases() -> list[Any]:
    """The cases of all languages as parameters, known failures marked."""
    found = []
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            failing = pytest.mark.xfail(strict=True, reason=case.get("why", ""))
            marks = failing if case.get("expect") == "fail" else ()
            found.append(pytest.param(case, marks=marks, id=f"{path.stem}: {case['label']!a}"))
    return found


def cleaned(case: dict[str, Any]) -> Article:
    media_type = "text/html" if "html" in case else "text/plain"
    content = "\n".join(case.get("html") or case["lines"])
    return clean(RawDocument("x", content, media_type))


@pytest.mark.parametrize("case", cases())
def test_no_article(case: dict[str, Any]) -> None:
    """`rule` says why there is none; without it the page has one, with the words of `kept`."""
    article = cleaned(case)
    rules = {finding.rule for finding in article.findings} & {"ART103", "ART104"}
    assert rules == ({case["rule"]} if case["rule"] else set())
    assert article.is_article is (case["rule"] is None)
    assert all(words in article.text for words in case.get("kept", ()))


def test_cases_have_a_source() -> None:
    assert all(param.values[0]["source"] for param in cases())


def test_a_page_without_an_article_keeps_the_reasons_of_its_lines() -> None:
    """What a line shows by itself goes before what the page is."""
    case = next(param.values[0] for param in cases() if param.values[0]["rule"] == "ART104")
    article = cleaned(case | {"lines": [*case["lines"], "Đang truy cập: 12"]})
    assert {f.rule for f in article.findings} == {"ART104", "CHR112"}
    assert article.rejection is not None
    assert article.rejection.rule == "ART104"


# -- titles

FIRST = (
    "Ủy ban nhân dân thành phố cho biết cây cầu bắc qua sông Đáy sẽ thông xe vào tháng ba, chậm "
    "hai tháng so với kế hoạch, do mực nước sông lên cao trong mùa mưa vừa qua."
)
SECOND = (
    "Theo ban quản lý dự án, phần đường dẫn ở bờ bắc đã xong từ tuần trước, còn phần lan can và "
    "đèn chiếu sáng đang được lắp đặt, dự kiến xong trước cuối tháng này."
)
TITLE = "Cầu qua sông Đáy thông xe vào tháng ba"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ([TITLE, "Thu Xuân - 07/03/2025 08:47"], TITLE),
        (["Giao thông", TITLE, "07/03/2025 08:47"], TITLE),
        ([TITLE, TITLE], TITLE),
        (["07/03/2025 08:47", TITLE], TITLE),
        (["Trang chủ", "07/03/2025 08:47"], None),
        (["07/03/2025 08:47"], None),
        ([], None),
    ],
)
def test_title_of_a_text(head: list[str], title: str | None) -> None:
    page = "\n\n".join([*head, FIRST, SECOND, FIRST.replace("Đáy", "Nhuệ")])
    assert clean(RawDocument("x", page)).title == title


@pytest.mark.parametrize(
    ("head", "top", "title"),
    [
        (f"<title>{TITLE} | Báo A</title>", f"<h1>{TITLE}</h1>", TITLE),
        (f"<title>{TITLE} - Báo A</title><meta property=og:site_name content='Báo A'>", "", TITLE),
        ("", f"<p>Báo A</p><h1>{TITLE}</h1>", TITLE),
        (f"<meta property=og:title content='{TITLE}'>", "<h1>Tin tức</h1>", TITLE),
        ("", "", None),
    ],
)
def test_title_of_markup(head: str, top: str, title: str | None) -> None:
    page = f"<html><head>{head}</head><body>{top}<p>{FIRST}</p><p>{SECOND}</p></body></html>"
    article = clean(RawDocument("x", page, "text/html"))
    assert article.title == title
    assert article.text.endswith(f"{FIRST}\n\n{SECOND}")


# -- hostile pages

HOSTILE = {
    "one line": "Một câu dài về thành phố cảng. " * 330_000,
    "one word": "x" * 5_000_000,
    "the same short line": "Tin\n" * 50_000,
    "numbered lines": "\n".join(f"Tin {i}" for i in range(8_000)),
    "paragraphs": "\n".join(f"{i} {FIRST}" for i in range(2_000)),
    "odd lines": "\n".join(ODD_LINES),
    "surrogates": "\ud800\n\U0001f600\n" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_bounded(name: str) -> None:
    article = clean(RawDocument("x", HOSTILE[name]))
    assert restore(article) == HOSTILE[name]


DEEP = 20_000
HOSTILE_MARKUP = {
    "nested": f"{'<div>' * DEEP}<p>{FIRST}</p><p>{SECOND}</p>",
    "nested around each line": "<div>" * DEEP + "<p>Tin</p></div>" * DEEP,
    "links": "<a href=/>Tin</a> " * DEEP,
    "rows": "<table>" + "<tr><td>Tin<td>1" * DEEP,
    "short lines": "<p>Tin" * DEEP,
    "one line": f"<p>{FIRST * 5_000}",
}


@pytest.mark.parametrize("name", HOSTILE_MARKUP)
def test_hostile_markup_is_bounded(name: str) -> None:
    article = clean(RawDocument("x", HOSTILE_MARKUP[name], "text/html"))
    assert restore(article) == HOSTILE_MARKUP[name]


SCRIPTS = {
    "Thai": "สำนักงานเทศบาลประกาศเมื่อวันจันทร์ว่าสะพานใหม่จะเปิดให้ใช้ในเดือนมีนาคม",
    "Chinese": "市政府星期一宣布新桥将于三月开通居民们对此表示欢迎",
    "Arabic": "أعلنت البلدية يوم الاثنين أن الجسر الجديد سيفتح في شهر مارس بعد تأخر دام شهرين.",
    "Hebrew": "העירייה הודיעה ביום שני כי הגשר החדש ייפתח בחודש מרץ לאחר עיכוב של חודשיים.",
}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
def test_paragraphs_of_any_script_stay(script: str, media_type: str) -> None:
    """Thai and Chinese without punctuation too: a paragraph is told by its size as well."""
    paragraphs = [f"{number}{SCRIPTS[script] * 4}" for number in "123456"]
    tag = "<p>" if media_type == "text/html" else "\n\n"
    article = clean(RawDocument("x", tag.join(["", *paragraphs]), media_type))
    assert article.text == "\n\n".join(paragraphs)
