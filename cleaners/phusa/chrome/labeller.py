"""The page labeller: what each line of a page is, decided over the whole page.

The article is the run of lines with the largest sum of min(size, 300) - 70, chrome excepted: long
lines earn, short ones cost, so that a few headings do not end the run and a menu does. Around the
run stand, above it, the title, the dateline and the lead, and below it the byline and captions;
what is left is chrome. The constants are those of a baseline that was fixed before it was measured.

This is one function behind `page.Labeller`; another labeller can take its place.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from phusa.bylines import corpus_date, is_byline
from phusa.chrome import related, rules
from phusa.chrome.captions import captions
from phusa.chrome.shapes import Shape, shape
from phusa.page import Kind, Label, Line, Page

LINE_COST = 70.0
MAX_LINE_GAIN = 300.0
MIN_PARAGRAPH_CHARS = 100
"""A line of this size that ends a sentence is a paragraph."""
MIN_SENTENCE_CHARS = 10
"""A shorter line beside the article is more likely a button than a sentence."""
MAX_OWN_LINE_LETTERS = 25
"""Letters beside the date on a line that is there for its date: weekday, author, section."""
MAX_BELOW_LINES = 20
"""Where so few lines below the run known chrome starts, or the page ends, they can be its end."""
MAX_HEAD_LINES = 10
"""The title stands at most so many lines above the first paragraph."""
MIN_TITLE_CHARS = 12
MAX_LEAD_CHARS = 600
MAX_BYLINES = 3
IN_RUN = Label(Kind.BODY, "in the run of the article")


def label(page: Page, lines: Sequence[Line]) -> Sequence[Label]:  # noqa: ARG001 - a `Labeller`
    """Label the lines of a page."""
    shapes = [shape(line.text) for line in lines]
    marks = _marks(lines, shapes)
    chrome = _confirmed(shapes, marks)
    article = _best_run(shapes, chrome)
    if article is None:
        return _without_run(lines, shapes, marks)
    article = _joined(shapes, chrome, *article)
    return _Layout(lines, shapes, marks, chrome, *article).labels()


def _marks(lines: Sequence[Line], shapes: Sequence[Shape]) -> dict[int, related.Mark]:
    """Lines that are chrome by what they say, or as part of a list."""
    marks = {i: (s.rule, s.reason) for i, s in enumerate(shapes) if s.rule is not None}
    for i, mark in (related.headed(lines, shapes) | related.timed(lines, shapes)).items():
        marks.setdefault(i, mark)
    for i in range(1, len(lines)):
        # keywords follow on the line below a bare label
        bare = (
            shapes[i - 1].rule == rules.TAGS.code
            and shapes[i - 1].reason == f"“{shapes[i - 1].key}”"
        )
        if bare and "," in lines[i].text and not shapes[i].ends:
            marks.setdefault(i, (rules.TAGS.code, f"under “{lines[i - 1].text[:40]}”"))
    return marks


def _confirmed(shapes: Sequence[Shape], marks: dict[int, related.Mark]) -> set[int]:
    """The marked lines that are chrome also inside an article.

    A line that could be a heading or a sentence is chrome there only in a row of marked lines, one
    of which leaves no doubt.
    """
    confirmed: set[int] = set()
    row: list[int] = []
    for i in [*sorted(marks), len(shapes) + 1]:
        if row and i != row[-1] + 1:
            if any(not shapes[j].weak or shapes[j].rule is None for j in row):
                confirmed.update(row)
            row = []
        row.append(i)
    return confirmed


def _best_run(shapes: Sequence[Shape], chrome: Set[int]) -> tuple[int, int] | None:
    """First and last line of the run with the largest positive sum."""
    best, found = 0.0, None
    total, start = 0.0, 0
    for i, s in enumerate(shapes):
        if total <= 0:
            total, start = 0.0, i
        total += (0.0 if i in chrome else min(s.size, MAX_LINE_GAIN)) - LINE_COST
        if total > best:
            best, found = total, (start, i)
    return found


def _joined(shapes: Sequence[Shape], chrome: Set[int], start: int, end: int) -> tuple[int, int]:
    """The run, up to the last paragraph before the first chrome below it.

    A list, a table or short lines may part the end of an article from the run. Where chrome that is
    known as such follows soon, or the page ends, what stands before it is still the article.
    """
    bound = next((i for i in range(end + 1, len(shapes)) if i in chrome), len(shapes))
    if bound - end > MAX_BELOW_LINES:
        return start, end
    for i in range(bound - 1, end, -1):
        if shapes[i].ends and shapes[i].size >= MIN_PARAGRAPH_CHARS:
            return start, i
    return start, end


def _without_run(
    lines: Sequence[Line], shapes: Sequence[Shape], marks: dict[int, related.Mark]
) -> list[Label]:
    """A page without a long line: a short text as it is, unless it shows chrome."""
    chrome = any(rule not in rules.WEAK for rule, _ in marks.values()) or len(marks) > 1
    if chrome or any(s.bullet for s in shapes):
        unmarked = (rules.AFTER_ARTICLE.code, "no article on the page")
        return [
            Label(Kind.CHROME, reason, rule)
            for rule, reason in (marks.get(i, unmarked) for i in range(len(lines)))
        ]
    return [Label(Kind.BODY, "a short text") for _ in lines]


@dataclass(frozen=True, slots=True)
class _Layout:
    """A page whose article runs from line `start` to line `end`."""

    lines: Sequence[Line]
    shapes: Sequence[Shape]
    marks: dict[int, related.Mark]
    chrome: Set[int]
    start: int
    end: int

    def labels(self) -> list[Label]:
        found: dict[int, Label] = {}
        first = self._first_paragraph()
        self._head(first, found)
        last = self._tail(found)
        self._inside(first, last, found)
        for i in range(len(self.lines)):
            if i not in found:
                found[i] = self._outside(i, i < first)
        return [found[i] for i in range(len(self.lines))]

    def _first_paragraph(self) -> int:
        for i in range(self.start, self.end + 1):
            s = self.shapes[i]
            if i not in self.marks and s.size >= MIN_PARAGRAPH_CHARS and s.ends:
                return i
        return self.start

    # -- above the first paragraph

    def _head(self, first: int, found: dict[int, Label]) -> None:
        """Title, dateline, byline, lead and heading above the first paragraph."""
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
        above = max((i for i in (title, dateline) if i is not None), default=-1)
        below = min((i for i in (title, dateline) if i is not None), default=-1)
        for i in range(first - 1, top - 1, -1):
            if i in found:
                continue
            if i in self.marks:
                if i > above:
                    continue
                break
            if title is not None and self._same(i, title):
                found[i] = Label(Kind.CHROME, "the title again", rules.DUPLICATED_TITLE.code)
            elif self._is_sentence(i):
                found[i] = Label(Kind.BODY, "a sentence above the first paragraph")
            elif i > below >= 0 and is_byline(self.lines[i].text):
                found[i] = Label(Kind.BYLINE, "a name")
            elif (i == first - 1 or i > above >= 0) and not self.shapes[i].bullet:
                found[i] = Label(Kind.BODY, "a heading")
            elif not self.start <= i:
                break

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
        """A line is the title where a date stands beside it, or where it comes again."""
        keys = [s.key for s in self.shapes]
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
        # of a section's name and a title, the title is the longer; the first of two equal ones
        return max(pool, key=lambda i: (len(keys[i]), -i), default=None)

    def _same(self, i: int, j: int) -> bool:
        return bool(self.shapes[i].key) and self.shapes[i].key == self.shapes[j].key

    # -- below the last line of the run

    def _tail(self, found: dict[int, Label]) -> int:
        """Short last sentences and bylines; returns the last line of the article."""
        last = self.end
        while last + 1 < len(self.lines) and last + 1 not in self.marks:
            after_colon = self.lines[last].text.endswith((":", ";"))
            if not (self._is_sentence(last + 1) or (after_colon and self._is_item(last + 1))):
                break
            last += 1
        below = last + 1
        while below < len(self.lines) and below not in self.marks:
            if not is_byline(self.lines[below].text):
                break
            below += 1
        if below - last - 1 <= MAX_BYLINES:  # else it is a list of names
            for i in range(last + 1, below):
                found[i] = Label(Kind.BYLINE, "a name or source below the text")
        return last

    def _is_sentence(self, i: int) -> bool:
        s = self.shapes[i]
        spoken = not s.bullet or self.lines[i].text[0] in "-–—"  # a dash opens direct speech too
        return s.ends and spoken and s.size >= MIN_SENTENCE_CHARS

    def _is_item(self, i: int) -> bool:
        return self.shapes[i].bullet or self.lines[i].text[:1] in "-+("

    # -- the article itself

    def _inside(self, first: int, last: int, found: dict[int, Label]) -> None:
        """Label the lines from the first paragraph to the last line of the article."""
        title = next((i for i, label in found.items() if label.kind is Kind.TITLE), None)
        body: list[int] = []
        for i in range(min(first, self.start), last + 1):
            if i in found:
                continue
            if title is not None and self._same(i, title):
                found[i] = Label(Kind.CHROME, "the title again", rules.DUPLICATED_TITLE.code)
            elif i < first and i not in self.marks:
                continue
            elif i in self.chrome:
                mark, reason = self.marks[i]
                found[i] = Label(Kind.CHROME, reason, mark)
            else:
                body.append(i)
        for i, (kind, rule, reason) in captions(self.lines, self.shapes, body).items():
            found[i] = Label(kind, reason, rule)
        for i in body:
            if i not in found:
                found[i] = IN_RUN
        self._lead(first, title, found)

    def _lead(self, first: int, title: int | None, found: dict[int, Label]) -> None:
        """The first paragraph is the lead where the page sets it off from the body."""
        if found[first].kind is not Kind.BODY or self.shapes[first].size > MAX_LEAD_CHARS:
            return
        if any(i < first and label.kind is Kind.BODY for i, label in found.items()):
            return  # a heading or a sentence opened the body before
        repeated = first - 1 in found and found[first - 1].rule == rules.DUPLICATED_TITLE.code
        if repeated and not self.lines[first].gap and self._spaced():
            return  # the title was repeated as the first line of the body
        headed = first + 1 in found and self.shapes[first + 1].size < MIN_PARAGRAPH_CHARS
        if title is not None or (headed and found[first + 1].kind is Kind.BODY):
            found[first] = Label(Kind.LEAD, "the first paragraph")

    def _spaced(self) -> bool:
        """Whether blank lines part the paragraphs of this page."""
        return sum(line.gap for line in self.lines) * 2 > len(self.lines)

    def _outside(self, i: int, above: bool) -> Label:
        rule, reason = self.marks.get(i) or (
            (rules.BEFORE_ARTICLE.code, "above the article")
            if above
            else (rules.AFTER_ARTICLE.code, "below the article")
        )
        return Label(Kind.CHROME, reason, rule)
