"""From labels to findings: chrome lines are taken out, glued datelines parted."""

from __future__ import annotations

from collections.abc import Sequence

from phusa.dates import corpus_date
from phusa.findings import Finding, Rule
from phusa.page import Kind, Label, Line, Page, Stage

GLUED_DATELINE = Rule(
    "ART110",
    "glued-dateline",
    "A date before the text, on its line: ` date 2024-02 Những thành tựu…`.",
    """Some corpora write the date of a document before its text, on the same line. The two are
parted by a line end, so that the date can be read and the line keeps only its own words.""",
)


def removals(page: Page, lines: Sequence[Line], labels: Sequence[Label]) -> list[Finding]:
    r"""Findings that take out the lines labelled as chrome, each with its line end.

    Blank lines stay where they part two lines that stay, so that paragraphs keep their distance.

    >>> page = Page("Tin mới\n\nMột.\n\nChia sẻ\n\nHai.\n")
    >>> x, k = Label(Kind.CHROME, "", "CHR120"), Label(Kind.BODY, "")
    >>> [(f.start, f.end) for f in removals(page, page.lines(), [x, k, x, k])]
    [(0, 9), (15, 24)]
    """
    findings: list[Finding] = []
    parted = True  # whether a blank line, or nothing, stands before the next line
    for i, (line, label) in enumerate(zip(lines, labels, strict=True)):
        following = lines[i + 1] if i + 1 < len(lines) else None
        if label.kind is Kind.CHROME:
            assert label.rule is not None
            start = page.text.rfind("\n", 0, line.start) + 1
            if following is None:
                end = len(page.text)
            elif parted:
                end = page.text.rfind("\n", 0, following.start) + 1
            else:
                end = page.text.index("\n", line.end) + 1
                parted = following.gap
            findings.append(Finding(label.rule, start, end, label.reason, ""))
        else:
            parted = following is not None and following.gap
    return findings


def _propose_datelines(page: Page) -> Sequence[Finding]:
    findings: list[Finding] = []
    if "date " not in page.text:
        return findings
    for line in page.lines():
        done = 0
        while (found := corpus_date(line.text, done)) is not None:
            start = found[0].end()
            done = len(line.text) - len(line.text[start:].lstrip(" "))
            sentence = line.text[done : done + 1].islower() and not corpus_date(line.text, done)
            if done == start or sentence:
                break
            findings.append(
                Finding(
                    GLUED_DATELINE.code,
                    line.start + start,
                    line.start + done,
                    "a corpus date",
                    "\n\n",
                )
            )
    return findings


DATELINES = Stage("datelines", (GLUED_DATELINE,), _propose_datelines)
