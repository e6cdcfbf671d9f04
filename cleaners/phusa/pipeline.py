"""The way of a document: bytes to text, repair, chrome, article, metadata, quality.

The order of the text stages is kept here and nowhere else. It matters: each repair destroys the
evidence that the ones before it need (soft hyphens are letters of TCVN3, a no-break space is half
of a misread `à`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from phusa import article
from phusa.chrome import labeller, removal, rules
from phusa.findings import Finding, Registry, Selection, Step, apply
from phusa.metadata import dates, languages
from phusa.page import Article, Kind, Label, Labeller, Language, Line, Page, RawDocument, Stage
from phusa.quality.signals import signals
from phusa.recipe import Cleaning
from phusa.repair import characters, decoding, entities, mojibake, normal_form
from phusa.sources import html

REPAIR: tuple[Stage, ...] = (
    # legacy Vietnamese encodings go here, before anything else touches the text
    mojibake.STAGE,
    entities.STAGE,
    characters.CHARACTERS,
    normal_form.STAGE,
    characters.BLANKS,
)
"""The stages that repair characters, in their order."""

MAX_ROUNDS = 8
"""A round is all stages once. Pages settle in two; the bound is for pages made to be hostile."""

RULES = Registry(
    chain(
        decoding.RULES,
        (html.MARKUP,),
        *(stage.rules for stage in REPAIR),
        removal.DATELINES.rules,
        rules.RULES,
        article.RULES,
        dates.RULES,
        languages.RULES,
    )
)
"""Every rule that cleaning a document can report."""


def clean(
    document: RawDocument,
    cleaning: Cleaning | None = None,
    label: Labeller = labeller.label,
) -> Article:
    """Clean a document.

    Never raises on what a page holds. A page without an article comes back with a `rejection` that
    says why. Cleaning a clean page again changes nothing.

    >>> article = clean(RawDocument("x", "Tin li\\u0065\\u0302n quan\\n" + "Một câu dài. " * 20))
    >>> article.text[:12], article.log[0][0].rule
    ('Một câu dài.', 'ENC040')
    """
    cleaning = cleaning or Cleaning()
    decoded = decode(document)
    if not decoded.readable:
        return Article(document, "", flags=decoded.findings, rejection=decoded.findings[0])
    page = Page(
        decoded.text, document.url, document.fetched_at, document.language or cleaning.language
    )
    log: list[Step] = []
    page = _render(page, document.media_type, log)
    page, flags = repair(page, cleaning.rules, log)
    repaired, repairs = page, len(log)
    source_chars = len(page.text)
    kept: list[Label] = []
    for _ in range(MAX_ROUNDS):
        page = _edit(page, removal.DATELINES.propose(page), cleaning.rules, log)
        lines = page.lines()
        labels = _selected(label(page, lines), cleaning.rules)
        found = removal.removals(page, lines, labels)
        if len(kept) == len(lines):
            # What a line is was told by lines that are gone now; later rounds only take out.
            labels = [b if b.kind is Kind.CHROME else a for a, b in zip(kept, labels, strict=True)]
        kept = [one for one in labels if one.kind is not Kind.CHROME]
        if not found:
            return _finish(document, page, log, decoded.findings + flags, lines, labels, source_chars)
        page = _edit(page, found, cleaning.rules, log)
        if any(stage.propose(page) for stage in REPAIR if not stage.by_line):
            page, flags = repair(page, cleaning.rules, log)
    # Not at rest: give the repaired page back, which is where the next run would end too.
    lines = repaired.lines()
    labels = [Label(Kind.BODY, "an unsettled page") for _ in lines]
    note = Finding(article.UNSETTLED.code, 0, 0, f"no rest after {MAX_ROUNDS} rounds")
    del log[repairs:]
    flags = (*decoded.findings, *flags, note)
    return _finish(document, repaired, log, flags, lines, labels, source_chars)


def decode(document: RawDocument) -> decoding.Decoded:
    """The text of a document, by its bytes; text is taken as it is."""
    content = document.content
    if isinstance(content, str):
        return decoding.Decoded(content)
    declared = html.declared_charset(content) if document.media_type == "text/html" else None
    return decoding.decode(content, declared)


def repair(
    page: Page, on: Selection, log: list[Step]
) -> tuple[Page, tuple[Finding, ...]]:
    """Run the repair stages until a round changes nothing; adds its steps to `log`.

    Returns the page and what was found but could not be repaired. A page that does not settle is
    given back as it was.
    """
    before, steps = page, len(log)
    for _ in range(MAX_ROUNDS):
        flags: list[Finding] = []
        edits = len(log)
        for stage in REPAIR:
            findings = stage.propose(page)
            if findings:
                flags += [f for f in findings if f.replacement is None and f.rule in on]
                page = _edit(page, findings, on, log)
        if len(log) == edits:
            return page, tuple(flags)
    del log[steps:]
    return before, ()


def _render(page: Page, media_type: str, log: list[Step]) -> Page:
    if media_type != "text/html":
        return page
    text = html.render(page.text)
    finding = Finding(html.MARKUP.code, 0, len(page.text), "rendered as text", text)
    return _edit(page, [finding], Selection(), log)


def _edit(page: Page, findings: Sequence[Finding], on: Selection, log: list[Step]) -> Page:
    text, step = apply(page.text, [f for f in findings if f.rule in on])
    if not step:
        return page
    log.append(step)
    return page.with_text(text)


def _selected(labels: Sequence[Label], on: Selection) -> Sequence[Label]:
    """A line whose rule is off is no chrome: it stays, as body."""
    if on == Selection():
        return labels
    return [
        Label(Kind.BODY, f"{label.rule} is off") if label.rule and label.rule not in on else label
        for label in labels
    ]


def _finish(
    document: RawDocument,
    page: Page,
    log: list[Step],
    flags: tuple[Finding, ...],
    lines: Sequence[Line],
    labels: Sequence[Label],
    source_chars: int,
) -> Article:
    """The article in a page at rest."""
    parts = article.assemble(lines, labels, document.fetched_at)
    rejection = None
    if not parts.body:
        why = "nothing on the page is an article" if source_chars else "the page is empty"
        rejection = Finding(article.NO_ARTICLE.code, 0, 0, why)
        flags = (*flags, rejection)
    paragraphs = [page.text[start:end] for start, end in parts.body]
    removed = sum(edit.rule.startswith(("CHR", "ART10")) for step in log for edit in step)
    return Article(
        document,
        page.text,
        tuple(log),
        flags,
        parts.title if parts.body else None,
        parts.lead,
        parts.body,
        parts.captions,
        parts.authors,
        parts.published,
        _language(page.language, paragraphs),
        signals(paragraphs, source_chars),
        removed,
        rejection,
    )


def _language(known: str | None, paragraphs: Sequence[str]) -> Language | None:
    return Language(known, 1.0) if known else languages.language("\n".join(paragraphs))
