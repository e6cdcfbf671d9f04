"""The way of a document: bytes to text, repair, chrome, article, metadata, quality.

The order of the text stages is kept here and nowhere else. It matters: each repair destroys the
evidence that the ones before it need (soft hyphens are letters of TCVN3, a no-break space is half
of a misread `à`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from phusa import article
from phusa.chrome import removal, rules
from phusa.chrome.labeller import PageLabeller
from phusa.findings import EVERY_RULE, Finding, Registry, Selection, Step, apply, in_source, trace
from phusa.markup import blocks, charset, datelines, declared, reader
from phusa.markup.head import Head
from phusa.metadata import abroad, dates, locality, publishers
from phusa.page import (
    Article,
    Kind,
    Label,
    Labeller,
    Line,
    Page,
    RawDocument,
    Repaired,
    Stage,
)
from phusa.quality import privacy
from phusa.recipe import Cleaning, ToneStyle
from phusa.repairs import (
    characters,
    decoding,
    entities,
    legacy,
    lookalikes,
    mojibake,
    normal_form,
    spelling,
)
from phusa.repairs.legacy import viqr
from phusa.repairs.screen import Screen

REPAIR: tuple[Stage, ...] = (
    legacy.STAGE,  # before anything else touches the text
    viqr.STAGE,
    mojibake.STAGE,
    entities.STAGE,
    characters.CHARACTERS,
    normal_form.STAGE,
    lookalikes.STAGE,
    characters.BLANKS,
    spelling.STAGE,  # last: it looks at the words around a word
)
"""The stages that repair characters, in their order."""

HTML = frozenset(("text/html", "application/xhtml+xml"))

MAX_ROUNDS = 8
"""A round is all stages once. Pages settle in two; the bound is for pages made to be hostile."""

QUIET = frozenset((characters.ODD_BLANK.code, characters.BLANK_RUN.code))
"""Rules whose edits leave a blank where blanks were, so that no characters become neighbours and no
stage has anything new to find."""

RULES = Registry(
    chain(
        decoding.RULES,
        (blocks.MARKUP,),
        *(stage.rules for stage in REPAIR),
        (spelling.TONE_STYLE,),
        removal.DATELINES.rules,
        rules.RULES,
        article.RULES,
        dates.RULES,
        locality.RULES,
        publishers.RULES,
        abroad.RULES,
        declared.RULES,
        datelines.RULES,
        privacy.RULES,
    )
)
"""Every rule that cleaning a document can report."""

REPORTS = (
    decoding.INVALID_UTF_8.code,
    decoding.TRUNCATED_UTF_8.code,
    decoding.UNKNOWN_ENCODING.code,
    mojibake.LOSSY.code,
    normal_form.REPLACEMENT_CHARACTER.code,
    article.UNSETTLED.code,
)
"""Rules that tell of damage which nothing repaired."""


def clean(
    document: RawDocument,
    cleaning: Cleaning | None = None,
    label: Labeller | None = None,
) -> Article:
    r"""Clean a document.

    Never raises on what a page holds. A page without an article comes back with a `rejection` that
    says why. Cleaning a clean text again changes nothing. `label` takes the place of the labeller.

    >>> article = clean(RawDocument("x", "Tin lie\u0302n quan\n" + "Một câu dài. " * 20))
    >>> article.text[:12], article.log[0][0].rule
    ('Một câu dài.', 'ENC040')
    """
    cleaning = cleaning or Cleaning()
    on = cleaning.rules
    decoded = decode(document)
    if not decoded.readable:
        return Article(document, "", flags=decoded.findings, rejection=decoded.findings[0])
    language = document.language or cleaning.language
    page = Page(decoded.text, document.url, document.fetched_at, language)
    log: list[Step] = []
    stated = Head(title=document.title)
    if is_html(document):
        page, stated = _read(page, document, log, on)
    page, reports = repair(page, on, log, cleaning.tone_style)
    if stated != Head():
        stated = _repaired_head(stated, page, cleaning, log)
        page = replace(page, title=stated.title)
    flags = (*(found for found in decoded.findings if found.rule in on), *reports)
    page, rest = _at_rest(page, label or PageLabeller(), cleaning, log)
    if rest is None:
        lines = page.lines()
        rest = page, lines, [Label(Kind.BODY, "an unsettled page") for _ in lines]
        why = f"no rest after {MAX_ROUNDS} rounds"
        flags = (*flags, Finding(article.UNSETTLED.code, 0, 0, why))
    return article.finished(document, stated, *rest, tuple(log), flags, cleaning)


def _at_rest(
    page: Page, label: Labeller, cleaning: Cleaning, log: list[Step]
) -> tuple[Page, _Rest | None]:
    """Take chrome out, and then the personal data that the recipe names; adds its steps to `log`.

    Returns the page, and what `_take_out` tells of it. Tokens are other words than those that the
    lines were judged by, so a redacted page is looked at again.
    """
    kept: Sequence[Label] = ()
    for _ in range(MAX_ROUNDS):
        steps = len(log)
        rest = _take_out(page, label, cleaning, log, kept)
        if rest is None:
            # Give the page back as it was, which is where the next run would end too.
            del log[steps:]
        else:
            page = rest[0]
        redacted = _redacted(page, cleaning, log)
        if redacted is page and (rest is not None or not kept):
            return page, rest
        kept = () if rest is None else rest[2]
        page, _ = repair(redacted, cleaning.rules, log, cleaning.tone_style)
    return page, None


_Rest = tuple[Page, Sequence[Line], Sequence[Label]]
"""A page at rest, its lines and their labels."""


def _take_out(
    page: Page, label: Labeller, cleaning: Cleaning, log: list[Step], kept: Sequence[Label]
) -> _Rest | None:
    """Take chrome out until there is none; adds its steps to `log`.

    Returns the page at rest with its lines and their labels, or None where it did not come to rest.
    What a line is was told by all lines, so the labels of the first round stay, which are `kept`
    where there was one before; later rounds only take out.
    """
    on = cleaning.rules
    for _ in range(MAX_ROUNDS):
        page = _edit(page, removal.DATELINES.propose(page), on, log)
        lines = page.lines()
        known = len(kept) == len(lines)
        if known and page.structure is not None:
            labels = kept  # structure is not what is left of it; one look is all
        else:
            fresh = _selected(label(page, lines), on)
            labels = _only_take_out(kept, fresh) if known else fresh
        if not _has_chrome(labels) and page.structure is None:
            body = _body(labels)
            labels = _alone(lines, labels, label, on)
            if body != _body(fresh) and not _has_chrome(labels):
                # whoever cleans the page again has the fresh labels only
                labels = _only_take_out(labels, _alone(lines, fresh, label, on))
        if not _has_chrome(labels):
            if not _can_repair(page, on):
                return page, lines, labels
            page, _ = repair(page, on, log, cleaning.tone_style)
            continue
        kept = [one for one in labels if one.kind is not Kind.CHROME]
        page = _edit(page, removal.removals(page, lines, labels), on, log)
    return None


def _has_chrome(labels: Sequence[Label]) -> bool:
    return any(one.kind is Kind.CHROME for one in labels)


def _body(labels: Sequence[Label]) -> list[int]:
    return [i for i, one in enumerate(labels) if one.kind in (Kind.LEAD, Kind.BODY)]


def _only_take_out(kept: Sequence[Label], later: Sequence[Label]) -> list[Label]:
    """The labels that were kept, but for the lines that a later look takes out."""
    return [b if b.kind is Kind.CHROME else a for a, b in zip(kept, later, strict=True)]


def _can_repair(page: Page, on: Selection) -> bool:
    """Whether the stages that look at more than a line have anything to repair on a page."""
    stages, screen = _stages(None, on)
    suspects = zip(stages, screen.suspects(page.text), strict=True)
    found = chain.from_iterable(
        stage.propose(page) for stage, suspect in suspects if suspect and not stage.by_line
    )
    return any(finding.replacement is not None and finding.rule in on for finding in found)


def _alone(
    lines: Sequence[Line], labels: Sequence[Label], label: Labeller, on: Selection
) -> Sequence[Label]:
    """The labels after looks at the article alone, as whoever cleans it again will see it.

    Each look may find that a line is no part of the text; the looks end when one finds none, or
    finds chrome.
    """
    for _ in range(MAX_ROUNDS):
        body = _body(labels)
        paragraphs: list[Line] = []
        at = 0
        for i in body:
            text = lines[i].text
            paragraphs.append(Line(at, at + len(text), text, gap=True))
            at += len(text) + 2
        page = Page("\n\n".join(line.text for line in paragraphs))
        again = list(labels)
        for i, one in zip(body, _selected(label(page, paragraphs), on), strict=True):
            if one.kind not in (Kind.LEAD, Kind.BODY):
                again[i] = one
        if again == labels or _has_chrome(again):
            return again
        labels = again
    return labels


def repaired(document: RawDocument, cleaning: Cleaning | None = None) -> Repaired:
    r"""The text of a document with its characters repaired, and nothing else done to it.

    HTML is taken as the text that its source is. Bytes that are no text give none.

    >>> repaired(RawDocument("x", "Ky\u0300 Anh  \r\n")).text
    'Kỳ Anh\n'
    """
    cleaning = cleaning or Cleaning()
    decoded = decode(document)
    log: list[Step] = []
    page = Page(decoded.text, document.url, language=document.language or cleaning.language)
    page, flags = repair(page, cleaning.rules, log, cleaning.tone_style)
    on = cleaning.rules
    told = [found for found in decoded.findings if found.rule in on or not decoded.readable]
    findings = [*told, *trace(log)[0], *flags]
    ordered = tuple(sorted(findings, key=lambda f: (f.start, f.end, f.rule)))
    return Repaired(page.text, ordered, tuple(log))


def decode(document: RawDocument) -> decoding.Decoded:
    """The text of a document, by its bytes; text is taken as it is."""
    content = document.content
    if isinstance(content, str):
        return decoding.Decoded(content)
    markup = content if is_html(document) else b""
    return decoding.decode(content, charset.declarations(document.media_type, markup))


def is_html(document: RawDocument) -> bool:
    """Whether a document is HTML; its media type may have the parameters of an HTTP header."""
    return document.media_type.partition(";")[0].strip().lower() in HTML


def repair(
    page: Page, on: Selection, log: list[Step], tone_style: ToneStyle | None = None
) -> tuple[Page, tuple[Finding, ...]]:
    """Run the repair stages until a round changes nothing; adds its steps to `log`.

    Returns the page and what was found but could not be repaired, in the coordinates of the source
    of the log. A page that does not settle is given back as it was.
    """
    before, steps = page, len(log)
    stages, screen = _stages(tone_style, on)
    for _ in range(MAX_ROUNDS):
        flags: list[Finding] = []
        edits = len(log)
        suspects = screen.suspects(page.text)
        for i, stage in enumerate(stages):
            findings = stage.propose(page) if suspects[i] else ()
            if findings:
                reports = [f for f in findings if f.replacement is None and f.rule in on]
                flags += in_source(reports, log)
                edited = _edit(page, findings, on, log)
                if edited is not page:
                    page = edited
                    suspects = screen.suspects(page.text)
        if all(edit.rule in QUIET for step in log[edits:] for edit in step):
            return page, tuple(flags)
    del log[steps:]
    return before, (Finding(article.UNSETTLED.code, 0, 0, f"no rest after {MAX_ROUNDS} rounds"),)


@lru_cache(maxsize=64)
def _stages(tone_style: ToneStyle | None, on: Selection) -> tuple[tuple[Stage, ...], Screen]:
    """The stages with a rule that is on."""
    stages = REPAIR if tone_style is None else (*REPAIR, spelling.tone_style(tone_style))
    stages = tuple(stage for stage in stages if any(rule.code in on for rule in stage.rules))
    return stages, Screen(stages)


def _read(page: Page, document: RawDocument, log: list[Step], on: Selection) -> tuple[Page, Head]:
    """The text of an HTML page in place of its markup, and what the markup states."""
    found = reader.read(page.text, document.url, document.fetched_at, on)
    finding = Finding(blocks.MARKUP.code, 0, len(page.text), "rendered as text", found.text)
    page = _edit(page, [finding], EVERY_RULE, log)
    stated = found.head if found.head.title else replace(found.head, title=document.title)
    return replace(page, title=stated.title, structure=found.structure), stated


def _edit(page: Page, findings: Sequence[Finding], on: Selection, log: list[Step]) -> Page:
    text, step = apply(page.text, [f for f in findings if f.rule in on])
    if not step:
        return page
    log.append(step)
    return page.edited(text, step)


def _redacted(page: Page, cleaning: Cleaning, log: list[Step]) -> Page:
    """The page, and the title beside it, with tokens for the personal data the recipe names."""
    if not cleaning.redact:
        return page
    title = page.title and privacy.redacted(page.title, cleaning.redact)
    if title != page.title:
        page = replace(page, title=title)
    for _ in range(privacy.MAX_ROUNDS):
        before = page
        page = _edit(page, privacy.redactions(page.text, cleaning.redact), EVERY_RULE, log)
        if page is before:
            break
    return page


def _selected(labels: Sequence[Label], on: Selection) -> Sequence[Label]:
    """A line whose rule is off is no chrome: it stays, as body."""
    if on == EVERY_RULE:
        return labels
    return [
        Label(Kind.BODY, f"{label.rule} is off") if label.rule and label.rule not in on else label
        for label in labels
    ]


def _repaired_head(stated: Head, page: Page, cleaning: Cleaning, log: Sequence[Step]) -> Head:
    """What stands beside the text of a page, repaired as the page was."""

    def repaired_text(text: str | None) -> str | None:
        if not text:
            return None
        for step in log:
            text = legacy.reread(text, step[0].rule)
        beside = Page(text, language=page.language)
        beside, _ = repair(beside, cleaning.rules, [], cleaning.tone_style)
        return beside.text.strip() or None

    return replace(
        stated,
        title=repaired_text(stated.title),
        site=repaired_text(stated.site),
        authors=tuple(filter(None, map(repaired_text, stated.authors))),
    )
