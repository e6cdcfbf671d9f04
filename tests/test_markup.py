"""HTML pages as lines and elements: what becomes text, and where each line stood."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phusa.markup import guards
from phusa.markup.blocks import HeadStrings, Markup, Time, parse
from phusa.markup.hints import Hint, hints


def texts(page: Markup) -> list[str]:
    return [line for line in page.text.split("\n") if line]


def path(page: Markup, line: int) -> str:
    """The tags around a line, the innermost last."""
    element, tags = page.lines.element[line], []
    while element >= 0:
        tags.append(page.elements.tag[element])
        element = page.elements.parent[element]
    return " ".join(reversed(tags))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Tin", "Tin\n"),
        ("\ufeff<title>T</title>Tin", "Tin\n"),
        ("<p>Một <b>hai</b> <a href=x>ba</a></p>", "Một hai ba\n"),
        ("<h1>A</h1><p>B</p><p>C</p>", "A\n\nB\n\nC\n"),
        ("<div>A<div>B</div>C</div>", "A\nB\nC\n"),
        ("<div>A<div></div>B</div>", "A\nB\n"),
        ("A<br>B<br/>C<hr>D", "A\nB\nC\nD\n"),
        ("<ul><li>A<li>B</ul>C", "A\nB\n\nC\n"),
        ("<p>A<p>B</div></span>C", "A\n\nBC\n"),
        ("<p>A\n   B\t C\f</p>", "A B C\n"),
        ("<b>A</b> \n <i> B</i>", "A B\n"),
        ("<p>A<!-- nothing -->B</p>", "AB\n"),
        ("<p>A &amp;amp; B &lt;b&gt; &eacute;&nbsp;&nbsp;C</p>", "A &amp; B <b> é\xa0\xa0C\n"),
        ("<p>A</p><p>&nbsp;</p><p> \n </p><p>B</p>", "A\n\nB\n"),
        ("<figure><img alt=A><figcaption>B</figcaption></figure>C", "B\n\nC\n"),
        ("<p>A</p><blockquote><p>B</p></blockquote><p>C</p>", "A\n\nB\n\nC\n"),
        ("<p title='a > b < c'>A</p>", "A\n"),
        ("A\0B", "AB\n"),
        ("A\ud800B", "AB\n"),
        ("<p>A<!-- B", "A\n"),
    ],
)
def test_text(html: str, text: str) -> None:
    assert parse(html).text == text


@pytest.mark.parametrize(
    "silent",
    [
        *("<script>A</script>", "<style>A</style>", "<noscript><p>A</p></noscript>"),
        *("<template><p>A</p></template>", "<svg><title>A</title><text>A</text></svg>"),
        *("<iframe>A</iframe>", "<object><p>A</p></object>", "<video>A</video>", "<img alt=A>"),
        *("<select><option>A</select>", "<textarea>A</textarea>", "<input value=A>"),
        *("<button>A</button>", "<datalist><option>A</datalist>", "<noscript><br></noscript>"),
    ],
)
def test_what_is_no_text(silent: str) -> None:
    page = parse(f"<title>T</title><p>B{silent}C</p>")
    assert texts(page) == ["BC"]


def test_a_form_around_the_page_leaves_its_text() -> None:
    assert parse("<form><input><p>A</p><label>B</label></form>").text == "A\n\nB\n"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h3> <button>Khi nào?</button> </h3><p>Mai.</p>", "Khi nào?\n\nMai.\n"),
        ("<h3>Khi nào?<button>Copy</button></h3>", "Khi nào?\n"),
    ],
)
def test_a_button_with_a_heading_on_it(html: str, text: str) -> None:
    assert parse(html).text == text


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ("<th>Tỉnh<td>Số xã<td><b>12</b>", ["Tỉnh | Số xã | 12"]),
        ("<td>A<td><td>&nbsp;<td>B", ["A | B"]),
        ("<td>A", ["A"]),
        ("<td><div>A</div><td>B", ["A", "B"]),
        ("<td>A<td>B<br>C", ["A", "B", "C"]),
        ("<td>A<td>" + "B " * 60 + "B", ["A", "B " * 60 + "B"]),
        ("<td>A<td><table><tr><td>B<td>C</table>", ["A", "B | C"]),
    ],
)
def test_a_row_of_plain_cells_is_one_line(cells: str, lines: list[str]) -> None:
    assert texts(parse(f"<table><tr>{cells}</table>")) == lines


def test_rows_know_their_links() -> None:
    page = parse("<table><tr><td>Tin<td><a href=/>Xem</a><td><a href=/>Tải</a></table>")
    assert page.text == "Tin | Xem | Tải\n"
    assert path(page, 0) == "body table tbody tr"
    assert (page.lines.links, page.lines.link_chars) == ([2], [6])


def test_verbatim_text_keeps_its_lines() -> None:
    page = parse("<pre>\ndef f():\n\treturn  1 \n\n<a href=/>f()\ng()</a></pre>x")
    assert page.text == "def f():\n return  1\n\nf()\ng()\n\nx\n"
    assert page.lines.link_chars == [0, 0, 3, 3, 0]
    assert page.lines.links == [0, 0, 1, 1, 0]
    assert path(page, 1) == "body pre"


def test_lines_of_one_paragraph_are_of_one_element() -> None:
    page = parse("<div><p>A<br>B</p>C</div>")
    assert [path(page, line) for line in range(3)] == ["body div p", "body div p", "body div"]
    assert page.lines.element[0] == page.lines.element[1]


@pytest.mark.parametrize(
    ("html", "chars", "links"),
    [
        ("<a href=/>Một hai</a>", [7], [1]),
        ("Một <a href=/> hai </a>", [3], [1]),
        ("<a href=/>A</a><a href=/>B</a>", [2], [2]),
        ("<a href=/>A <b>B</b> C</a> D", [5], [1]),
        ("<a href=/><img></a> A <a href=/> </a> B", [0], [0]),
        ("<a href=/><div>A</div><div>B</div></a>C", [1, 1, 0], [1, 1, 0]),
        ("<a href=/>&nbsp;A</a>", [1], [1]),
    ],
)
def test_links(html: str, chars: list[int], links: list[int]) -> None:
    lines = parse(html).lines
    assert (lines.link_chars, lines.links) == (chars, links)


def test_hints_are_of_the_element_alone() -> None:
    page = parse("<div class=sidebar><p id=author>A</p></div>")
    assert page.elements.tag == ["body", "div", "p"]
    assert page.elements.hints == [0, Hint.SIDEBAR, Hint.BYLINE]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, Hint(0)),
        ({"class": None, "data-x": "comment"}, Hint(0)),
        ({"class": "entry-content"}, Hint.CONTENT),
        ({"class": "postMetaDATE x1"}, Hint.CONTENT | Hint.BYLINE | Hint.DATE),
        ({"class": "readNext"}, Hint.NAVIGATION | Hint.RELATED),
        ({"class": "canopy overread"}, Hint(0)),
        ({"id": "comments_3"}, Hint.COMMENT),
        ({"itemprop": "articleBody"}, Hint.CONTENT),
        ({"itemtype": "https://schema.org/Comment"}, Hint.COMMENT),
        ({"role": "Navigation"}, Hint.NAVIGATION),
        ({"aria-label": "Breadcrumb"}, Hint.NAVIGATION),
        ({"aria-label": "Share this very long story with your friends"}, Hint(0)),
        ({"aria-hidden": "true"}, Hint.HIDDEN),
        ({"aria-hidden": "false"}, Hint(0)),
        ({"hidden": None}, Hint.HIDDEN),
        ({"style": "color:red;DISPLAY : none"}, Hint.HIDDEN),
        ({"class": "hidden"}, Hint.HIDDEN),
        ({"class": "hidden md:block"}, Hint(0)),
        ({"class": "overflow-hidden"}, Hint(0)),
        ({"class": "x" * 1_000_000 + " sidebar"}, Hint(0)),
    ],
)
def test_hints(attributes: dict[str, str | None], expected: Hint) -> None:
    assert hints(attributes) == expected


def test_hidden_text_stays() -> None:
    page = parse("<p hidden>A</p>")
    assert (page.text, page.elements.hints) == ("A\n", [0, Hint.HIDDEN])


HEAD = """<!doctype html><html lang="vi-VN"><head><title>Tin &amp; bài</title>
<meta charset=utf-8><meta name=Author content="Lê Văn A"><meta property="og:title" content="Tin">
<meta itemprop=datePublished name=date content=2024-05-01><meta name=empty content="">
<noscript><img src=x></noscript><link rel="canonical" href="https://example.org/tin">
<script type="Application/LD+JSON; charset=utf-8">{"@type": "NewsArticle"}</script>
<script>var x = 1;</script></head>
<body><svg><title>Hình</title></svg><h1>Tin</h1>
<p>Lúc <time datetime="2024-05-01T10:00">10:00</time>
<p><time datetime="2024-05-02"></time></body>"""


def test_head() -> None:
    assert parse(HEAD).head == HeadStrings(
        "Tin & bài",
        (
            ("author", "Lê Văn A"),
            ("og:title", "Tin"),
            ("date", "2024-05-01"),
            ("datepublished", "2024-05-01"),
        ),
        ('{"@type": "NewsArticle"}',),
        "vi-VN",
        (Time(1, "2024-05-01T10:00"), Time(1, "2024-05-02")),
        "https://example.org/tin",
    )


def test_an_empty_page() -> None:
    page = parse("<frameset><frame></frameset>")
    assert (page.text, page.lines.element, page.elements.tag) == ("", [], [])
    assert page.head == HeadStrings()


def check(page: Markup) -> None:
    """What holds for every page."""
    lines = page.text.split("\n")
    assert lines.pop() == ""
    assert all(line.strip() or not line for line in lines)
    assert all(first or second for first, second in pairwise([*lines, ""]))
    shown = [line for line in lines if line]
    assert len(shown) == len(page.lines.element) == len(page.lines.links)
    assert all(
        0 <= chars <= len(line) for line, chars in zip(shown, page.lines.link_chars, strict=True)
    )
    elements = page.elements
    assert len(elements.parent) == len(elements.tag) == len(elements.hints)
    assert all(parent < element for element, parent in enumerate(elements.parent))
    assert elements.parent.count(-1) <= 1
    assert all(0 <= element < len(elements.tag) for element in page.lines.element)
    assert all(0 <= line < max(len(shown), 1) for line, *_ in page.head.times)


TAGS = """p div b a li ul table tr td th pre br script style noscript template svg title h1 button
form select option time textarea html body head frameset plaintext math""".split()
SOUP = st.lists(
    st.one_of(
        st.sampled_from(
            ["<", ">", "<!--", "-->", '"', "\0", "\r\n", " ", "\xa0", "&#13;", "&lt", "/"]
        ),
        st.sampled_from(TAGS).map("<{}>".format),
        st.sampled_from(TAGS).map("</{}>".format),
        st.sampled_from(TAGS).map("<{} datetime=1 class='nav x' hidden>".format),
        st.text(max_size=8),
    )
).map("".join)


@given(st.text())
def test_any_text(html: str) -> None:
    check(parse(html))


@given(SOUP)
def test_any_tag_soup(html: str) -> None:
    check(parse(html))


HUGE = 50_000
HOSTILE = {
    "nested": "<div>" * HUGE + "Tin",
    "nested and closed": "<div>" * HUGE + "Tin" + "</div>" * HUGE,
    "closed with others": "<div></x>" * HUGE + "Tin",
    "formatting left open": "".join(f"<p><font color={i}>x" for i in range(HUGE)) + "<p>Tin",
    "a few of them": "".join(f"<p><B id={i}>x" for i in range(9_000)) + "<p>Tin",
    "formatting and lists": "<ul><li><b><i>" * HUGE + "Tin",
    "links around blocks": "<a><div>" * HUGE + "Tin",
    "tables": "<table><tr><td>" * HUGE + "Tin",
    "line ends": "x<br>" * HUGE + "Tin",
    "attributes": "<p " + " ".join(f"a{i}" for i in range(HUGE)) + ">Tin",
    "attributes and slashes": "<p" + "".join(f"/a{i}" for i in range(HUGE)) + ">Tin",
    "a long attribute": "<p class='" + "x " * HUGE + "'>Tin",
    "comment left open": "<p>Tin<!--" + "<b>x" * HUGE,
    "one line": "<p>" + "x " * HUGE + "Tin",
    "brackets": "<" * HUGE + "<p>Tin",
    "NULs": "\0<p>\0" * HUGE + "Tin",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_bounded(name: str) -> None:
    page = parse(HOSTILE[name])
    check(page)
    assert texts(page)[-1].endswith("Tin")


def test_values_of_many_words_are_no_attributes() -> None:
    page = parse(f"<div data-state='{'một hai ' * 9_000}'><p>Tin</p></div>")
    assert page.text == "Tin\n"


def test_pages_of_very_many_tags_come_in_pieces() -> None:
    rows = "".join(f"<tr><td>{i}</td><td>Tin</td></tr>" for i in range(guards.MAX_TAGS // 4))
    page = parse(
        f"<html lang=vi><title>T</title><body id=main><script>'<p>x'</script>{rows}</table>"
    )
    check(page)
    assert texts(page).count("Tin") == guards.MAX_TAGS // 4
    assert page.elements.tag.count("body") == 1
    assert page.elements.hints[0] == Hint.CONTENT
    assert (page.head.title, page.head.language) == ("T", "vi")
