"""HTML pages through the whole pipeline, and the markup again by undoing."""

from __future__ import annotations

import pytest

from phusa.page import RawDocument, restore
from phusa.pipeline import clean

PARAGRAPH = (
    "Đảng bộ và nhân dân phường đã nỗ lực phấn đấu, đạt và vượt mục tiêu đại hội đề ra. " * 3
)


def test_markup_comes_back() -> None:
    html = f"<html><body><nav>Trang chủ</nav><p>{PARAGRAPH}</p></body></html>"
    article = clean(RawDocument("x", html.encode(), "text/html"))
    assert article.text == PARAGRAPH.strip()
    assert "HTM101" in {finding.rule for finding in article.findings}
    assert restore(article) == html


def test_the_declared_charset_is_used_where_the_bytes_are_not_utf_8() -> None:
    html = "<meta charset=windows-1251><p>" + "Городской совет сообщил об этом. " * 5
    article = clean(RawDocument("x", html.encode("windows-1251"), "text/html"))
    assert article.text.startswith("Городской совет")
    html = html.replace("windows-1251", "koi8-r")
    article = clean(RawDocument("x", html.encode(), "text/html"))
    assert article.text.startswith("Городской совет")


@pytest.mark.parametrize("title", ["Hà Nội cấm xe máy", "Đà Nẵng có cầu mới", "Mua nhà ở xã à"])
def test_misread_titles_are_put_right(title: str) -> None:
    body = "Thành phố đã mở đường mới, nhiều người dân ở đây được nhờ. " * 4
    page = f"<title>{title}</title><h1>{title}</h1><p>{body}</p><p>{body}</p>"
    misread = page.encode().decode("latin-1")
    article = clean(RawDocument("x", misread, "text/html"))
    assert article.title == title
    assert restore(article) == misread
