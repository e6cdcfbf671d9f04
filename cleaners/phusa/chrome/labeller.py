"""The page labeller: what each line of a page is, decided over the whole page.

The line model (`network`) says which lines belong to the main content and which is the title, from
what they are and where they stand. Rules that leave no doubt go before it: phrases of page chrome,
lists of other articles. Around the text stand, above it, the title, the dateline and the lead, and
below it the byline; what is left is chrome.

This is one `page.Labeller`; another can take its place.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from phusa.bylines import is_byline
from phusa.chrome import network, no_article, related, rules
from phusa.chrome.captions import captions
from phusa.chrome.evidence import leading
from phusa.chrome.features import Known, columns
from phusa.chrome.marks import confirmed, marked
from phusa.chrome.no_article import MIN_PARAGRAPH_CHARS
from phusa.chrome.shapes import Shape, shape
from phusa.dates import corpus_date
from phusa.glyphs import Floats
from phusa.page import Kind, Label, Line, Page

MIN_SENTENCE_CHARS = 10
"""A shorter line beside the article is more likely a button than a sentence."""
MAX_OWN_LINE_LETTERS = 25
"""Letters beside the date on a line that is there for its date: weekday, author, section."""
MAX_HEAD_LINES = 10
"""The title stands at most so many lines above the first paragraph."""
MIN_TITLE_CHARS = 12
MAX_LEAD_CHARS = 600
MAX_BYLINES = 3
SURE, LIKELY = 2.2, 0.85
"""Log-odds of 0.9 and 0.7."""


def _degree(odds: float) -> int:
    return 3 if odds > SURE else 2 if odds > LIKELY else 1 if odds > 0 else 0


def _degrees(what: str) -> tuple[str, ...]:
    sure = (f"{degree} {what}" for degree in ("possibly", "likely", "surely"))
    return f"{what} by the lines beside it", *sure


BODY = tuple(Label(Kind.BODY, why) for why in _degrees("main content"))
OUTSIDE = tuple(
    tuple(Label(Kind.CHROME, f"{place}, {why}", rule.code) for why in _degrees("chrome"))
    for place, rule in (
        ("above the text", rules.BEFORE_ARTICLE),
        ("between the lines of the text", rules.INSIDE_ARTICLE),
        ("below the text", rules.AFTER_ARTICLE),
    )
)
"""Labels by place and by how sure the model is."""


class PageLabeller:
    """Labels the lines of one document, which it may be shown more than once."""

    def __init__(self) -> None:
        self._known = Known(network.words())
        self._scores: dict[tuple[str, ...], Floats] = {}

    def __call__(self, page: Page, lines: Sequence[Line]) -> Sequence[Label]:
        """Label the lines of a page."""
        if not lines:
            return []
        shapes = [shape(line.text) for line in lines]
        marks = marked(lines, shapes)
        chrome = confirmed(shapes, marks)
        texts = tuple(line.text for line in lines)
        scores = self._scores.get(texts)
        if scores is None:
            scores = self._scores[texts] = self._score(page, texts)
        odds, titles = scores.T.tolist()
        verbatim = _verbatim(page)
        if page.structure is not None:
            # what looks like chrome in code is code
            spared = related.threads(marks, odds) | verbatim
            marks = {i: mark for i, mark in marks.items() if i not in spared}
            chrome -= spared
        text = _text(lines, shapes, marks, chrome, odds)
        if not text:
            return _without_text(page, lines, shapes, marks)
        nothing = no_article.told(shapes, marks, text)
        if nothing is not None:
            return _all_chrome(lines, marks, nothing)
        return _Layout(page, lines, shapes, marks, odds, titles, text, verbatim).labels()

    def evidence(self, page: Page, lines: Sequence[Line]) -> Sequence[str]:
        """What the model went by, for each line of a page."""
        if not lines:
            return []
        model, found = self._seen(page, [line.text for line in lines])
        return leading(found, model)

    def _score(self, page: Page, texts: Sequence[str]) -> Floats:
        model, found = self._seen(page, texts)
        return model.scores(found)

    def _seen(self, page: Page, texts: Sequence[str]) -> tuple[network.Network, Floats]:
        """The model for a page, and what it sees of the lines."""
        found = columns(texts, *self._known.look(texts))
        structure = page.structure
        if structure is None:
            return network.network("text"), found
        beside = structure.columns[page.rows()]
        return network.network("html"), np.concatenate((found, beside), axis=1)


def _verbatim(page: Page) -> frozenset[int]:
    """The lines, of those that are not blank, whose blanks and line ends count."""
    structure = page.structure
    if structure is None or not structure.verbatim:
        return frozenset()
    return frozenset(i for i, row in enumerate(page.rows()) if row in structure.verbatim)


def _text(
    lines: Sequence[Line],
    shapes: Sequence[Shape],
    marks: dict[int, related.Mark],
    chrome: Set[int],
    scores: Sequence[float],
) -> list[int]:
    """The lines of the main content: those of the model, and what belongs to them.

    A line with the words of chrome that could be a heading is one between two others only. Short
    sentences at both ends and the items of a list go with the text they stand beside, unless the
    model is sure; a heading with nothing below it does not.
    """
    core = [i for i, score in enumerate(scores) if score > 0 and i not in marks]
    if not core:
        return []
    first, last = core[0], core[-1]
    text = {i for i in range(first, last) if scores[i] > 0 and i not in chrome} | {last}

    def joins(i: int) -> bool:
        return i not in marks and scores[i] > -SURE and _is_sentence(lines[i], shapes[i])

    while first > 0 and joins(first - 1):
        first -= 1
        text.add(first)
    listed = False  # whether the line before is a colon's, or an item below one
    for i in range(first, len(lines)):
        if i not in text and i not in chrome:
            bullet = shapes[i].bullet or lines[i].text[:1] in "-+("
            item = listed and (i < last or bullet) and scores[i] > -SURE
            if item or (i > last and i - 1 in text and joins(i)):
                text.add(i)
        listed = i in text and (
            lines[i].text[-1] in ":;" or (listed and not _is_paragraph(shapes[i]))
        )
        if i > last and i not in text:
            break
    return _without_last_headings(sorted(text), shapes)


def _without_last_headings(text: list[int], shapes: Sequence[Shape]) -> list[int]:
    end = len(text)
    while end > 1 and _is_heading(shapes[text[end - 1]]):
        end -= 1
    return text[:end] if end < len(text) and _is_paragraph(shapes[text[end - 1]]) else text


def _is_paragraph(shape: Shape) -> bool:
    return shape.ends and shape.size >= MIN_PARAGRAPH_CHARS


def _is_heading(shape: Shape) -> bool:
    return not shape.ends and not shape.bullet and shape.size < MIN_PARAGRAPH_CHARS


def _is_sentence(line: Line, shape: Shape) -> bool:
    spoken = not shape.bullet or line.text[0] in "-–—"  # a dash opens direct speech too
    return shape.ends and spoken and shape.size >= MIN_SENTENCE_CHARS


def _without_text(
    page: Page, lines: Sequence[Line], shapes: Sequence[Shape], marks: dict[int, related.Mark]
) -> list[Label]:
    """A page without main content: a short text as it is, unless it is markup or shows chrome."""
    nothing = no_article.notice(shapes, range(len(lines)))
    if nothing is not None:
        return _all_chrome(lines, marks, nothing)
    chrome = any(rule not in rules.WEAK for rule, _ in marks.values()) or len(marks) > 1
    if chrome or page.structure is not None or any(s.bullet for s in shapes):
        return _all_chrome(lines, marks, (rules.AFTER_ARTICLE.code, "no article on the page"))
    return [Label(Kind.BODY, "a short text") for _ in lines]


def _all_chrome(
    lines: Sequence[Line], marks: dict[int, related.Mark], unmarked: related.Mark
) -> list[Label]:
    found = (marks.get(i, unmarked) for i in range(len(lines)))
    return [Label(Kind.CHROME, reason, rule) for rule, reason in found]


@dataclass(frozen=True, slots=True)
class _Layout:
    """A page whose main content is the lines `text`."""

    page: Page
    lines: Sequence[Line]
    shapes: Sequence[Shape]
    marks: dict[int, related.Mark]
    odds: Sequence[float]
    titles: Sequence[float]
    text: Sequence[int]
    verbatim: Set[int]

    def labels(self) -> list[Label]:
        found: dict[int, Label] = {}
        first = self._first_paragraph()
        title = self._head(first, found)
        self._byline_below(found)
        if title is not None:
            for i in range(title + 1, first + 1):
                if i not in found and self._same(i, title):
                    why = "the title again"
                    found[i] = Label(Kind.CHROME, why, rules.DUPLICATED_TITLE.code)
        self._body(found)
        self._lead(first, title, found)
        kept = [i for i in self.text if found[i].kind is not Kind.CHROME] or self.text
        for i in range(len(self.lines)):
            if i not in found:
                found[i] = self._outside(i, kept[0], kept[-1])
        return [found[i] for i in range(len(self.lines))]

    def _first_paragraph(self) -> int:
        return next((i for i in self.text if _is_paragraph(self.shapes[i])), self.text[0])

    # -- above the first paragraph

    def _head(self, first: int, found: dict[int, Label]) -> int | None:
        """Title, dateline and byline above the first paragraph; returns the title's line."""
        top = max(0, first - MAX_HEAD_LINES)
        for i in range(top, first):
            if corpus_date(self.lines[i].text):
                found[i] = Label(Kind.BYLINE, "the date a corpus gave")
        datelines = [i for i in range(top, first) if self._is_dateline(i)]
        title = self._title(top, first, datelines, found)
        dateline = self._dateline(datelines, title)
        if dateline is not None:
            found[dateline] = Label(Kind.BYLINE, "a date on its own line")
        for i in datelines:
            if i != dateline:
                found[i] = Label(Kind.CHROME, "not the article's date", rules.MASTHEAD_DATE.code)
        if title is not None:
            found[title] = Label(Kind.TITLE, "the title")
        below = min((i for i in (title, dateline) if i is not None), default=first)
        for i in range(below + 1, first):
            if i not in found and i not in self.marks and is_byline(self.lines[i].text):
                found[i] = Label(Kind.BYLINE, "a name")
        return title

    def _is_dateline(self, i: int) -> bool:
        s = self.shapes[i]
        marked = i in self.marks and self.marks[i][0] == rules.TIMED_LIST.code
        return s.date is not None and s.date <= MAX_OWN_LINE_LETTERS and not s.ends and not marked

    def _dateline(self, datelines: Sequence[int], title: int | None) -> int | None:
        """The date that belongs to the article: with a time, below the title, near it."""
        if not datelines:
            return None
        near = max(datelines) if title is None else title
        return min(datelines, key=lambda i: (not self.shapes[i].timed, i < near, abs(i - near)))

    def _title(
        self, top: int, first: int, datelines: Sequence[int], found: dict[int, Label]
    ) -> int | None:
        """A line is the title where the page states so, where a date stands beside it, where it
        comes again, or where the model takes it for one.
        """
        keys = [s.key for s in self.shapes]
        stated = shape(self.page.title).key if self.page.title else ""
        if stated:
            return max((i for i in range(first) if keys[i] == stated), default=None)
        candidates = [
            i
            for i in range(top, first)
            if i not in datelines
            and i not in self.marks
            and i not in found
            and self.shapes[i].size >= MIN_TITLE_CHARS
            and not self.shapes[i].bullet
            and not self.lines[i].text.endswith((".", ",", ";", ":"))
        ]
        near = [i for i in candidates if any(-4 <= i - d <= 3 for d in datelines)]
        again = [i for i in candidates if keys[i] and keys.count(keys[i]) > 1]
        pool = [i for i in near if i in again] or near or again
        if not pool:
            likely = [i for i in candidates if self.titles[i] > 0]
            return max(likely, key=lambda i: (self.titles[i], -i), default=None)
        # of a section's name and a title, the title is the longer; the first of two equal ones
        return max(pool, key=lambda i: (len(keys[i]), -i))

    # -- below the last line of the text

    def _byline_below(self, found: dict[int, Label]) -> None:
        last = self.text[-1]
        below = last + 1
        while below < len(self.lines) and below not in self.marks:
            if not is_byline(self.lines[below].text):
                break
            below += 1
        if below - last - 1 <= MAX_BYLINES:  # else it is a list of names
            for i in range(last + 1, below):
                found[i] = Label(Kind.BYLINE, "a name or source below the text")

    # -- the text itself

    def _body(self, found: dict[int, Label]) -> None:
        """Label the lines of the text, and the captions between them."""
        between = range(self.text[0], self.text[-1] + 1)
        left = self.marks.keys() | self.verbatim
        unmarked = [i for i in between if i not in found and i not in left]
        for i, (kind, rule, reason) in captions(self.lines, self.shapes, unmarked).items():
            found[i] = Label(kind, reason, rule)
        for i in self.text:
            if i not in found:
                found[i] = BODY[_degree(self.odds[i])]

    def _same(self, i: int, j: int) -> bool:
        digits = [[c for c in self.lines[k].text if c.isdecimal()] for k in (i, j)]
        return (
            bool(self.shapes[i].key)
            and self.shapes[i].key == self.shapes[j].key
            and digits[0] == digits[1]
        )

    def _lead(self, first: int, title: int | None, found: dict[int, Label]) -> None:
        """The first paragraph is the lead where the page sets it off from the body."""
        if found[first].kind is not Kind.BODY or self.shapes[first].size > MAX_LEAD_CHARS:
            return
        if any(i < first and label.kind is Kind.BODY for i, label in found.items()):
            return  # a heading or a sentence opened the body before
        repeated = first - 1 in found and found[first - 1].rule == rules.DUPLICATED_TITLE.code
        if repeated and not self.lines[first].gap and self._spaced():
            return  # the title was repeated as the first line of the body
        following = first + 1 in found and found[first + 1].kind is Kind.BODY
        headed = following and self.shapes[first + 1].size < MIN_PARAGRAPH_CHARS
        if title is not None or headed:
            found[first] = Label(Kind.LEAD, "the first paragraph")

    def _spaced(self) -> bool:
        """Whether blank lines part the paragraphs of this page."""
        return sum(line.gap for line in self.lines) * 2 > len(self.lines)

    # -- what is left

    def _outside(self, i: int, first: int, last: int) -> Label:
        if i in self.marks:
            rule, reason = self.marks[i]
            return Label(Kind.CHROME, reason, rule)
        place = 0 if i < first else 2 if i > last else 1
        return OUTSIDE[place][_degree(-self.odds[i])]
