"""What every stage reads: documents as found, pages of lines, labels, and the finished article."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from phusa.facts import Language, Locality, PersonalData, Published, Publisher
from phusa.findings import Finding, Rule, Step, trace, undo

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document exactly as a source gave it, with what is known beside the text.

    `content` is undecoded bytes, or text where the container had decoded it already (JSONL).
    `path` is relative to the corpus and carries `#line` for a document inside a larger file.
    `extra` holds the fields of the source row that have no place of their own.
    """

    id: str
    content: bytes | str
    media_type: str = "text/plain"
    path: str | None = None
    url: str | None = None
    site: str | None = None
    fetched_at: str | None = None
    license: str | None = None
    language: str | None = None
    title: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def raw_sha256(self) -> str:
        """Hex SHA-256 of the bytes as found; of the UTF-8 form where the source held text."""
        content = self.content
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        return hashlib.sha256(raw).hexdigest()


class Line(NamedTuple):
    """A line that is not blank: its characters `start` to `end`, the blanks around them cut.

    `gap` tells whether a blank line, or nothing, stands before it.
    """

    start: int
    end: int
    text: str
    gap: bool


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """Where the lines of an HTML page stood in its markup.

    `columns` has a row of numbers from 0 to 1 for each line that had text when the page was parsed,
    and one of zeros at the end; `rows` the number of that row for each line of the text as it is
    now, -1 for lines without text. `verbatim` are the rows of lines in <pre> and the like.
    """

    columns: npt.NDArray[np.float32]
    rows: tuple[int, ...]
    verbatim: frozenset[int] = frozenset()

    def after(self, text: str, step: Step) -> Structure:
        """The structure of what `step` makes of `text`: lines that go take their rows along."""
        rows: list[int] = []
        old = list(self.rows)
        line = done = 0
        for edit in step:
            between = text.count("\n", done, edit.start)
            rows += old[line : line + between]
            line += between
            gone, new = edit.before.count("\n"), edit.after.count("\n")
            if gone == new:
                rows += old[line : line + gone]
            else:
                rows += [old[line]] * new
                starts = not edit.start or text[edit.start - 1] == "\n"
                ends = edit.before.endswith("\n") and (edit.after.endswith("\n") or starts)
                if not ends and (edit.after or not starts):
                    old[line + gone] = old[line]
            line += gone
            done = edit.end
        return Structure(self.columns, (*rows, *old[line:]), self.verbatim)


@dataclass(frozen=True, slots=True)
class Page:
    """A text on its way through the stages, with what helps to judge it.

    `title` is the title that the page states beside its text, and `structure` where its lines stood
    in its markup; pages of plain text have neither.
    """

    text: str
    url: str | None = None
    fetched_at: str | None = None
    language: str | None = None
    title: str | None = None
    structure: Structure | None = None

    def edited(self, text: str, step: Step) -> Page:
        """The page with the text that a step made of it."""
        structure = self.structure and self.structure.after(self.text, step)
        return replace(self, text=text, structure=structure)

    def rows(self) -> list[int]:
        """The rows of the structure of the lines that are not blank; none without structure."""
        if self.structure is None:
            return []
        texts = zip(self.structure.rows, self.text.split("\n"), strict=True)
        return [row for row, text in texts if text.strip()]

    def lines(self) -> list[Line]:
        r"""The lines that are not blank, in order.

        >>> [(line.text, line.start, line.gap) for line in Page("Tin\n\n  • Mới \n").lines()]
        [('Tin', 0, True), ('• Mới', 7, True)]
        """
        lines: list[Line] = []
        at, gap = 0, True
        for raw in self.text.split("\n"):
            text = raw.strip()
            if text:
                start = at if text is raw else at + raw.index(text[0])
                lines.append(Line(start, start + len(text), text, gap))
            gap = not text
            at += len(raw) + 1
        return lines


@dataclass(frozen=True, slots=True)
class Signs:
    """Characters of a text: one of `first`, and right after it one of `second` if that is given.

    Both are characters, and ranges of them with a hyphen between.
    """

    first: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the way of a document: the rules it may report and how it finds them.

    `propose` is pure: the same page gives the same findings, and it leaves the page alone. Where
    what it finds in a line does not depend on other lines, `by_line` is true: then taking out lines
    of a page that is at rest gives it nothing new to find. In a text that has none of its `signs`
    it finds nothing; without signs it always looks.
    """

    name: str
    rules: tuple[Rule, ...]
    propose: Callable[[Page], Sequence[Finding]]
    by_line: bool = True
    signs: tuple[Signs, ...] = ()


class Kind(StrEnum):
    """What a line of a page is."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"
    BYLINE = "byline"
    CHROME = "chrome"


@dataclass(frozen=True, slots=True)
class Label:
    """The kind of a line, and why: the rule that takes it out when it is chrome, and a reason."""

    kind: Kind
    reason: str
    rule: str | None = None


Labeller = Callable[[Page, Sequence[Line]], Sequence[Label]]
"""Labels the lines of a page, one label a line."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after the repair of its characters; the findings lie in the text before it.

    `log` undoes the repair.
    """

    text: str
    findings: tuple[Finding, ...]
    log: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Article:
    """A cleaned page: the text that was left, the parts of the article in it, and the log.

    `page` is the clean page; the spans are places in it. `log` undoes it, `flags` are findings
    that repaired nothing, in the coordinates of the decoded source. `rejection` says why a page
    has no article. `stated_title` is the title that the markup, or who gave the page, states.
    `locality` is the place the article is about, `modified` when it was changed. `personal_data`
    counts what was found of it, by kind.
    """

    source: RawDocument
    page: str
    log: tuple[Step, ...] = ()
    flags: tuple[Finding, ...] = ()
    title_span: Span | None = None
    lead_span: Span | None = None
    body_spans: tuple[Span, ...] = ()
    caption_spans: tuple[Span, ...] = ()
    byline_spans: tuple[Span, ...] = ()
    authors: tuple[str, ...] = ()
    published: Published | None = None
    language: Language | None = None
    quality: Mapping[str, float | int] = field(default_factory=dict)
    lines_removed: int = 0
    rejection: Finding | None = None
    stated_title: str | None = None
    publisher: Publisher | None = None
    locality: Locality | None = None
    modified: Published | None = None
    personal_data: PersonalData = field(default_factory=PersonalData)

    def __repr__(self) -> str:
        title = self.title or self.text
        return f"<Article {self.source.id} {title[:60]!r}, {len(self.text):,} characters>"

    @property
    def is_article(self) -> bool:
        """False for a page without an article: empty, a shell, nothing but chrome."""
        return bool(self.body_spans)

    @property
    def title(self) -> str | None:
        """The title in the page, else the one stated in its markup or beside it, else None."""
        if not self.is_article:
            return None
        return self._cut(self.title_span) or self.stated_title

    @property
    def lead(self) -> str | None:
        """The lead paragraph (sapo), or None."""
        return self._cut(self.lead_span)

    @property
    def text(self) -> str:
        """Lead and body, paragraphs separated by one blank line; no title, captions, byline."""
        return "\n\n".join(self.page[start:end] for start, end in self.body_spans)

    @property
    def captions(self) -> list[str]:
        """The captions of pictures, in the order of the page."""
        return [self.page[start:end] for start, end in self.caption_spans]

    @property
    def findings(self) -> list[Finding]:
        """Everything that was found, in the coordinates of the decoded source, in its order."""
        edits, _ = trace(self.log)
        return sorted([*edits, *self.flags], key=lambda f: (f.start, f.end, f.rule))

    def _cut(self, span: Span | None) -> str | None:
        return None if span is None else self.page[span[0] : span[1]]

    def record(self) -> dict[str, Any]:
        """The article as the schema `article-1.0.0` has it, every field present."""
        source, text = self.source, self.text
        language = self.language
        return {
            "id": source.id,
            "url": source.url,
            "source": {
                "path": source.path,
                "site": source.site,
                "media_type": source.media_type,
                "fetched_at": source.fetched_at,
                "license": source.license,
                "raw_sha256": source.raw_sha256,
                "extra": canonical(source.extra) if source.extra else None,
            },
            "title": self.title,
            "lead": self.lead,
            "text": text,
            "captions": self.captions,
            "authors": list(self.authors),
            "published": self.published and self.published.record(),
            "modified": self.modified and self.modified.record(),
            "language": language and {"code": language.code, "confidence": language.confidence},
            "locality": self.locality and self.locality.record(),
            "publisher": self.publisher and self.publisher.record(),
            "quality": dict(self.quality),
            "counts": {
                "chars": len(text),
                "words": len(text.split()),
                "lines_kept": len(self.body_spans),
                "lines_removed": self.lines_removed,
            },
            "personal_data": self.personal_data.record(),
            "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        }


def canonical(value: object) -> str:
    """JSON with sorted keys and no blanks: the same text for the same value.

    >>> canonical({"b": [1, None], "a": "đ"})
    '{"a":"đ","b":[1,null]}'
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def restore(found: Article | Repaired) -> str:
    """The decoded source of an article or of a repaired text again, character for character."""
    return undo(found.text if isinstance(found, Repaired) else found.page, found.log)
