"""Markup in what should be text: tags, comments, style sheets, scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from phusa.checking.code import is_on_code, line_starts
from phusa.checking.rules import HTML_RESIDUE
from phusa.findings import Finding

_NAMES = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
blockquote body br button canvas caption center cite code col colgroup data datalist dd del details
dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h[1-6]
head header hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee
menu meta meter nav nobr noembed noframes noscript object ol optgroup option output p param picture
pre progress q rp rt ruby s samp script search section select slot small source span strike strong
style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u
ul var video wbr o:p
""".split()
"""The elements of the HTML standard, those it calls obsolete among them (sections 4 and 16.2), its
way to pictures drawn in the text, and the one that word processors add."""
_BREAKS = frozenset(("br", "hr"))
_OPENERS = frozenset(
    """blockquote body center div font h1 h2 h3 h4 h5 h6 head html li ol p script span style table
    ul""".split()
)
"""What pages are made of: alone at the start of a line it is no name in angle brackets."""

_TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>{'|'.join(_NAMES)})"
    r"(?P<attributes>(?:\s[^<>]{0,2000})?)/?>"
    r"|<!--(?:(?!<!--)[^>]){0,2000}>?|<!doctype\s[^<>]{0,200}>|<\?(?:php|xml)\b",
    re.IGNORECASE,
)
_PROPERTIES = (
    "align-items|background|border|bottom|box-sizing|clear|color|content|cursor|display|fill|flex"
    "|float|font|height|justify-content|left|letter-spacing|line-height|list-style|margin|max-width"
    "|min-height|min-width|mso|opacity|outline|overflow|padding|position|right|text-align"
    "|text-decoration|text-transform|top|transform|transition|vertical-align|visibility|white-space"
    "|width|z-index"
)
_STYLE = re.compile(
    rf"\{{\s{{0,20}}(?:-(?:webkit|moz|ms)-)?(?:{_PROPERTIES})(?:-[a-z-]{{1,30}})?\s{{0,5}}:"
    r"[^{}<>]{1,300}[;}]"
    r"|@media\s{0,3}(?:\(|(?:all|only|print|screen)\b)|@font-face\s{0,3}\{|@import\s{1,3}url\(",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"\bfunction\s{0,3}[\w$]{0,40}\s{0,3}\([\w\s,$]{0,100}\)\s{0,5}\{"
    r"|\b(?:var|const)\s{1,3}[\w$]{1,40}\s{0,3}=\s{0,3}"
    r"(?:['\"{\[\d]|(?:document|function|new|window)\b|[\w$.]{1,60}\s{0,3}(?:;|\|\|))"
    r"|\bdocument\.(?:write(?:ln)?|[gq]\w{2,30}|createElement|addEventListener)\s?\("
    r"|\bwindow\.[\w$.]{1,60}\s{0,3}(?:=(?!=)|\()"
    r"|(?:\bjQuery|\$)\((?:document\b|function\b|this\b|window\b|['\"])"
    r"|\b(?:fbq|gtag|ga)\(['\"]|\b(?:dataLayer|_gaq|adsbygoogle|googletag\.cmd)\b[^\n]{0,40}\.push\("
    r"|//<!\[CDATA\["
)
_IN_SCRIPT = "var |const |document.|window.|$(|jQuery|push(|('|(\"|//<!".split("|")
"""One of these, or *function* and a brace, stands in any script that is looked for."""

_SIGN = re.compile(r"<(?:!--|[!?]\w*)")
_ATTRIBUTE = re.compile(r"[\w:-]\s{0,3}=")
_PAGE = re.compile(r"\s{0,99}(?:<\?xml[^<>]{0,200}>\s{0,99})?<(?:!doctype\s|html\b)", re.IGNORECASE)
_ON_TAGS = re.compile(r"(?<![\w./=-])(?:x?html|markup|tags?|thẻ)(?![\w/=:(-])", re.IGNORECASE)
BEFORE_CHARS, LINE_CHARS = 120, 1_000
"""So far before the line with a tag, and so far into it, it may be said that tags are shown."""
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»", "„": "“"}


class _Residue(NamedTuple):
    """A piece of markup, what it is called and how it may be shown."""

    start: int
    end: int
    kind: str
    shown: str


def html_residue(text: str) -> Iterator[Finding]:
    r"""Find markup in a text, one finding a line, at the first piece of it.

    Attributes are not shown. Passed over are names in angle brackets, tags between quotes and in
    lines that speak of tags, and texts on code. A text that starts as a page of HTML is one.

    >>> [found.message for found in html_residue("Tin.</p>\n<a href='x'>Thêm</a>")]
    ['a tag: </p>', '2 tags, the first <a …>']
    >>> list(html_residue("If a<b>c, say List<String>; the paragraph <p> is an element."))
    []
    """
    found = [*_tags(text), *_sheets(text), *_scripts(text)]
    if not found:
        return
    found.sort()
    if not _PAGE.match(text) and is_on_code(text, [(piece.start, piece.end) for piece in found]):
        return
    lines = zip(line_starts(text, (piece.start for piece in found)), found, strict=True)
    for _, line in groupby(lines, itemgetter(0)):
        first, *_ = pieces = [piece for _, piece in line]
        alike = sum(piece.kind == first.kind for piece in pieces)
        message = f"{first.kind}: {first.shown}"
        if alike > 1:
            message = f"{alike} {first.kind[2:]}s, the first {first.shown}"
        yield Finding(HTML_RESIDUE.code, first.start, first.end, message)


def _tags(text: str) -> Iterator[_Residue]:
    """The tags and comments that are there by accident."""
    if "<" not in text:
        return
    found = list(_TAG.finditer(text))
    is_page = _PAGE.match(text) is not None
    closed = {tag["name"].lower() for tag in found if tag["close"]}
    lines = line_starts(text, (tag.start() for tag in found))
    for line, tags in groupby(zip(lines, found, strict=True), itemgetter(0)):
        if is_page or not _shows_tags(text, line):
            for _, tag in tags:
                name = (tag["name"] or "").lower()
                sure = is_page or not name or _is_sure(tag, name, closed)
                if sure and not _is_quoted(text, *tag.span()):
                    yield _named(tag, name)


def _named(tag: re.Match[str], name: str) -> _Residue:
    if not name:
        sign = _SIGN.match(tag[0])
        assert sign is not None
        kind = "a comment" if sign[0] == "<!--" else "a declaration"
        return _Residue(*tag.span(), kind, f"{sign[0]} …")
    rest = " …" if tag["attributes"].strip(" /") else ""
    return _Residue(*tag.span(), "a tag", f"<{tag['close']}{name}{rest}>")


def _is_sure(tag: re.Match[str], name: str, closed: set[str]) -> bool:
    """Whether a tag is no name in angle brackets and no inequality."""
    if tag["close"] or name in _BREAKS or name in closed or _ATTRIBUTE.search(tag["attributes"]):
        return True
    text, start = tag.string, tag.start()
    alone = not tag["attributes"].strip() and (not start or text[start - 1] == "\n")
    return alone and name in _OPENERS


def _is_quoted(text: str, start: int, end: int) -> bool:
    return start > 0 and _QUOTES.get(text[start - 1]) == text[end : end + 1]


def _shows_tags(text: str, line: int) -> bool:
    """Whether a line, or the end of what stands before it, speaks of tags."""
    end = text.find("\n", line, line + LINE_CHARS)
    around = text[max(0, line - BEFORE_CHARS) : end if end >= 0 else line + LINE_CHARS]
    return bool(_ON_TAGS.search(around)) and bool(_ON_TAGS.search(_TAG.sub(" ", around)))


def _sheets(text: str) -> Iterator[_Residue]:
    if "{" in text or "@" in text:
        for found in _STYLE.finditer(text):
            yield _Residue(*found.span(), "a style sheet", _beginning(found[0]))


def _scripts(text: str) -> Iterator[_Residue]:
    if ("{" in text and "function" in text) or any(sign in text for sign in _IN_SCRIPT):
        for found in _SCRIPT.finditer(text):
            yield _Residue(*found.span(), "a script", _beginning(found[0]))


def _beginning(code: str) -> str:
    """The start of a piece of code, without what may be a value."""
    head = re.match(r"[^:='\"\n]{1,30}", code)
    return f"{head[0].strip() if head else ''} …"
