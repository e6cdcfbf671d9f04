"""What was done to a page, line by line of its source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from phusa.chrome import rules
from phusa.chrome.labeller import PageLabeller
from phusa.findings import Finding, trace, undo
from phusa.markup import reader
from phusa.markup.blocks import MARKUP
from phusa.page import Article, Kind, Page, Span
from phusa.quality import privacy

JUDGED = frozenset(
    rule.code for rule in (rules.INSIDE_ARTICLE, rules.BEFORE_ARTICLE, rules.AFTER_ARTICLE)
)
"""Rules of lines that nothing but the line model took out."""
PUBLISHED = frozenset((Kind.TITLE, Kind.LEAD, Kind.BODY, Kind.CAPTION))
"""Lines that are in the record: personal data is told of in these."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A line of the source: what became of it, and the repairs inside it.

    `number` counts from 1, blank lines too; `start` is where the line starts in the text. `kind` is
    what the line is in the article, `chrome` where it was taken out, or None where it stayed
    without a part in it. `rule` and `reason` say why it was taken out; `repairs` are findings with
    offsets in the line, those without a replacement tell of personal data in it.
    """

    number: int
    text: str
    kind: Kind | None = None
    rule: str | None = None
    reason: str = ""
    repairs: list[Finding] = field(default_factory=list)


def explain(article: Article) -> list[Explained]:
    """Every line of the source that is not blank, and what became of it.

    Of an HTML page the source is its rendered text.
    """
    log = list(article.log)
    structure = None
    if log and log[0][0].rule == MARKUP.code:
        structure = reader.read(log.pop(0)[0].before).structure
    source = undo(article.page, log)
    findings, to_source = trace(log)
    texts = source.split("\n")
    starts = [0]
    for text in texts[:-1]:
        starts.append(starts[-1] + len(text) + 1)
    kinds = {
        bisect_right(starts, to_source.span(*span)[0]) - 1: kind for span, kind in _parts(article)
    }
    lines: dict[int, Explained] = {}
    for i, text in enumerate(texts):
        if text.strip():
            lines[i] = Explained(i + 1, text, kinds.get(i))
    evidence = dict(zip(lines, _evidence(Page(source, structure=structure)), strict=True))
    for finding in findings:
        i = bisect_right(starts, finding.start) - 1
        taken_out = finding.replacement == "" and finding.rule.startswith(("CHR", "ART"))
        if taken_out and _is_line(source, finding):
            i += source[finding.start : finding.end].count("\n", 0, _lead(source, finding))
            if i in lines:
                why = finding.message
                if finding.rule in JUDGED:
                    why += f": by {evidence[i]}"
                lines[i] = Explained(i + 1, texts[i], Kind.CHROME, finding.rule, why)
    for finding in findings:
        i = bisect_right(starts, finding.start) - 1
        line = lines.get(i)
        if (
            line is not None
            and line.kind is not Kind.CHROME
            and finding.end <= starts[i] + len(texts[i]) + 1
        ):
            at = starts[i]
            line.repairs.append(
                Finding(
                    finding.rule,
                    finding.start - at,
                    finding.end - at,
                    finding.message,
                    finding.replacement,
                )
            )
    told = {flag.rule for flag in article.flags}
    for piece in privacy.pieces(article.page):
        start, end = to_source.span(piece.start, piece.end)
        i = bisect_right(starts, start) - 1
        line = lines.get(i)
        if line is not None and line.kind in PUBLISHED and piece.rule in told:
            at = starts[i]
            line.repairs.append(replace(piece, start=start - at, end=end - at))
    return [lines[i] for i in sorted(lines)]


def _evidence(page: Page) -> Sequence[str]:
    """What the line model went by, for each line that is not blank."""
    return PageLabeller().evidence(page, page.lines())


def _parts(article: Article) -> list[tuple[Span, Kind]]:
    parts = [(span, Kind.BODY) for span in article.body_spans]
    parts += [(span, Kind.CAPTION) for span in article.caption_spans]
    parts += [(span, Kind.BYLINE) for span in article.byline_spans]
    if article.title_span:
        parts.append((article.title_span, Kind.TITLE))
    if article.lead_span:
        parts.append((article.lead_span, Kind.LEAD))
    return parts


def _is_line(source: str, finding: Finding) -> bool:
    """Whether a deletion is of a whole line with its end."""
    starts = finding.start == 0 or source[finding.start - 1] == "\n"
    ends = finding.end == len(source) or source[finding.end - 1] == "\n"
    return starts and ends and bool(source[finding.start : finding.end].strip())


def _lead(source: str, finding: Finding) -> int:
    """Blanks and line ends before the first word of a deletion."""
    text = source[finding.start : finding.end]
    return len(text) - len(text.lstrip())
