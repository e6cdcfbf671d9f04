"""How good the cleaning is: pages with gold, the marks of answers, and what went wrong."""

from phusa.evaluation.gold import BadRow, GoldError, GoldPage, parse, read
from phusa.evaluation.marks import Answer, Counts, PageMarks, Verdict, mark
from phusa.evaluation.mistakes import Mistake, Tally, mistakes, tally
from phusa.evaluation.report import Report, as_markdown, cells, columns, report
from phusa.evaluation.summary import Facts, Means, Summary, summarize

__all__ = [
    "Answer",
    "BadRow",
    "Counts",
    "Facts",
    "GoldError",
    "GoldPage",
    "Means",
    "Mistake",
    "PageMarks",
    "Report",
    "Summary",
    "Tally",
    "Verdict",
    "as_markdown",
    "cells",
    "columns",
    "mark",
    "mistakes",
    "parse",
    "read",
    "report",
    "summarize",
    "tally",
]
