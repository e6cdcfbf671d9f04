"""The figures of many pages, grouped and as tables of Markdown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from phusa.evaluation.marks import PageMarks
from phusa.evaluation.mistakes import Mistake, Tally, tally
from phusa.evaluation.summary import Facts, Means, Summary, summarize
from phusa.release.markdown import code, table

NOT_SAID = "not said"
_WORDS = {
    "before": "before the rest",
    "inside": "inside",
    "after": "after the rest",
    "short": "under 40 characters",
    "medium": "40 to 119 characters",
    "long": "120 characters or more",
}


@dataclass(frozen=True, slots=True)
class Report:
    """The marks of pages, together, by set and by language, and the mistakes by kind.

    `lost_to` counts lost lines by their cause; `lost` and `kept` count lost lines and lines that
    were kept wrongly, by position and length.
    """

    all: Summary
    sets: dict[str, Summary]
    languages: dict[str, Summary]
    lost_to: list[Tally]
    lost: list[Tally]
    kept: list[Tally]
    pages: list[PageMarks]

    def worst(self, count: int) -> list[PageMarks]:
        """The pages with the lowest scores, the lowest first; pages that are perfect are none."""
        bad = [(mark.score, mark.id, mark) for mark in self.pages if mark.score is not None]
        return [mark for score, _, mark in sorted(bad, key=lambda x: x[:2])[:count] if score < 1]


def report(marks: Sequence[PageMarks], mistakes: Sequence[Mistake]) -> Report:
    """Bring the marks and mistakes of pages together."""
    lost = [mistake for mistake in mistakes if mistake.lost]
    kept = [mistake for mistake in mistakes if not mistake.lost]
    return Report(
        summarize(marks),
        _grouped((mark.set, mark) for mark in marks),
        _grouped((mark.language or NOT_SAID, mark) for mark in marks),
        tally(lost, "cause"),
        tally(lost, "position", "length"),
        tally(kept, "position", "length"),
        list(marks),
    )


def _grouped(marks: Iterable[tuple[str, PageMarks]]) -> dict[str, Summary]:
    groups: dict[str, list[PageMarks]] = defaultdict(list)
    for name, mark in marks:
        groups[name].append(mark)
    return {name: summarize(groups[name]) for name in sorted(groups)}


def as_markdown(found: Report, worst: int = 10) -> str:
    """The report as tables of Markdown, with the `worst` pages by name."""
    sets = {code(name): cells(summary) for name, summary in found.sets.items()}
    languages = {code(name): cells(summary) for name, summary in found.languages.items()}
    parts = [
        columns("set", sets | {"all": cells(found.all)}),
        columns("language", languages),
        _tallies("lost lines, by what they were taken for", found.lost_to),
        _tallies("lost lines", found.lost),
        _tallies("lines kept wrongly", found.kept),
        columns("worst pages", {code(mark.id): _page(mark) for mark in found.worst(worst)}),
    ]
    return "\n\n".join(part for part in parts if part)


def columns(first: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    """A table of rows with the same columns; those in which no row has anything are left out.

    >>> print(columns("set", {"a": {"F1": "0.900", "dates": ""}}))
    | set | F1 |
    | --- | ---: |
    | a | 0.900 |
    """
    every = dict.fromkeys(name for row in rows.values() for name in row)
    names = [name for name in every if any(row[name] for row in rows.values())]
    return table([first, *names], [[r, *map(rows[r].get, names)] for r in rows]) if names else ""


def cells(summary: Summary) -> dict[str, str]:
    """The figures of a set by the names of their columns; empty where there is none."""
    others = summary.others
    return {
        "articles": str(summary.articles),
        **_means("line", summary.lines),
        "drop F1": _f1(summary.dropped),
        **_means("gram", summary.grams),
        "segment F1": _f1(summary.segments),
        "titles": _facts(summary.title),
        "dates": _facts(summary.published),
        "authors": _facts(summary.authors),
        "empty": str(summary.empty or ""),
        "others": str(others or ""),
        "others empty": str(summary.others_empty) if others else "",
        "others kept": _share(summary.others_kept),
    }


def _page(mark: PageMarks) -> dict[str, str]:
    """The marks of one page, as cells."""
    summary = summarize([mark])
    verdicts = {"title": mark.title, "date": mark.published, "authors": mark.authors}
    return {
        "set": code(mark.set),
        "kind": code(mark.kind),
        "score": _share(mark.score),
        **_means("line", summary.lines),
        **_means("gram", summary.grams),
        **{name: verdict or "" for name, verdict in verdicts.items()},
        "empty": "yes" if mark.empty else "",
    }


def _tallies(name: str, found: Sequence[Tally]) -> str:
    rows = {
        ", ".join(_WORDS.get(word, word) for word in one.kind): {
            "lines": f"{one.lines:,}",
            "characters": f"{one.chars:,}",
        }
        for one in found
    }
    return columns(name, rows)


def _means(name: str, means: Means | None) -> dict[str, str]:
    return {
        f"{name} P": _share(means.precision if means else None),
        f"{name} R": _share(means.recall if means else None),
        f"{name} F1": _f1(means),
    }


def _f1(means: Means | None) -> str:
    return _share(means.f1 if means else None)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _facts(facts: Facts | None) -> str:
    return f"{facts.right} of {facts.pages}" if facts else ""
