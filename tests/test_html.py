"""HTML pages as text: one line a block, and the markup again by undoing."""

from __future__ import annotations

import pytest

from phusa.page import RawDocument, restore
from phusa.pipeline import clean
from phusa.sources.html import declared_charset, render

PARAGRAPH = (
    "Đảng bộ và nhân dân phường đã nỗ lực phấn đấu, đạt và vượt mục tiêu đại hội đề ra. " * 3
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Tin", "Tin\n"),
        ("<p>Một <b>hai</b> <a href=x>ba</a></p>", "Một hai ba\n"),
        ("<h1>A</h1><p>B</p><p>C</p>", "A\n\nB\n\nC\n"),
        ("<div>A<div>B</div>C</div>", "A\nB\nC\n"),
        ("A<br>B<br/>C", "A\nB\nC\n"),
        ("<ul><li>A<li>B</ul>C", "A\nB\n\nC\n"),
        ("<table><tr><td>A</td><td>B</td></tr></table>", "A\nB\n"),
        ("<script>x</script><style>y</style><p>A</p><noscript>z</noscript>", "A\n"),
        ("<p>A &amp; B &eacute;&nbsp;C</p>", "A & B é\xa0C\n"),
        ("<head><title>T</title></head><body><p>A</p></body>", "A\n"),
        ("<p>A\n   B\t C</p>", "A B C\n"),
        ("<p>A<!-- nothing -->B</p>", "AB\n"),
        ("<p>A<p>B</div></span>C", "A\n\nBC\n"),
    ],
)
def test_render(html: str, text: str) -> None:
    assert render(html) == text


def test_deep_nesting_is_no_recursion() -> None:
    assert render("<div>" * 20_000 + "A" + "</div>" * 20_000) == "A\n"


def test_bottomless_nesting_is_not_parsed() -> None:
    assert render("<div>" * 200_000 + "A &amp; B" + "<i>" * 9 + "C") == "A & B\nC\n"


def test_markup_comes_back() -> None:
    html = f"<html><body><nav>Trang chủ</nav><p>{PARAGRAPH}</p></body></html>"
    article = clean(RawDocument("x", html.encode(), "text/html"))
    assert article.text == PARAGRAPH.strip()
    assert "HTM101" in {finding.rule for finding in article.findings}
    assert restore(article) == html


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b'<meta charset="windows-1258">', "windows-1258"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=EUC-JP'>", "euc-jp"),
        (b'<meta charset="punycode">', None),
        (b'<meta charset="unicode_escape">', None),
        (b"<p>charset=utf-8</p>", None),
        (b"", None),
    ],
)
def test_declared_charset(head: bytes, charset: str | None) -> None:
    assert declared_charset(head) == charset


def test_the_declared_charset_is_used_where_the_bytes_are_not_utf_8() -> None:
    html = "<meta charset=windows-1251><p>" + "Городской совет сообщил об этом. " * 5
    article = clean(RawDocument("x", html.encode("windows-1251"), "text/html"))
    assert article.text.startswith("Городской совет")
    html = html.replace("windows-1251", "koi8-r")
    article = clean(RawDocument("x", html.encode(), "text/html"))
    assert article.text.startswith("Городской совет")
