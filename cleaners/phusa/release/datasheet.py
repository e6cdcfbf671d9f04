"""What a release says of itself in sentences, each of them true by its numbers or its making.

The card and Croissant both show them. The questions are those of datasheets for datasets (Gebru et
al., 2021), as far as a build knows the answer. They are Markdown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from phusa.release.markdown import code, link, visible

if TYPE_CHECKING:
    from phusa.release.card import Facts

_KINDS = {
    "emails": "e-mail addresses",
    "phones": "phone numbers",
    "identity_numbers": "numbers of identity cards and passports",
    "bank_accounts": "numbers of bank accounts",
}

_LEAST_SHARE = 0.01
"""Of the records, that a language must have to be named; fewer may well be mistakes."""

_BIBTEX = str.maketrans({char: f"\\{char}" for char in "&%$#_{}"} | dict.fromkeys("\\~^", " "))
"""What has a meaning in BibTeX is escaped; what no backslash escapes is left out."""


def name(facts: Facts) -> str:
    """Name the dataset for readers, in a line."""
    return visible(facts.dataset.pretty_name or facts.dataset.name)


def summary(facts: Facts) -> str:
    """Say in two sentences what the dataset is."""
    s = facts.statistics
    return (
        f"Version {facts.version}: {s.records:,} articles, {s.words:,} words, cut out of "
        f"{s.documents:,} scraped pages by phusa {facts.provenance.phusa}. The encoding is "
        "repaired, what surrounds an article on its page is taken out, and every record follows "
        "the schema in `schema`."
    )


def licence(facts: Facts) -> str | None:
    """Name the licence, where one is stated."""
    named = facts.dataset.license_name or facts.dataset.license
    return None if named is None or named.lower() == "unknown" else visible(named)


def languages(facts: Facts) -> list[str]:
    """Name the languages that are more than a few records, without scripts and countries."""
    records: Counter[str] = Counter()
    for tag, n in facts.statistics.languages.items():
        records[tag.partition("-")[0].lower()] += n
    least = _LEAST_SHARE * facts.statistics.records
    return sorted(language for language, n in records.items() if n >= least and language != "und")


def creation(facts: Facts) -> tuple[str, ...]:
    """Tell how the records came to be."""
    s = facts.statistics
    return (
        f"{s.documents:,} documents were read as a scraper had left them; phusa fetches nothing "
        f"itself. {s.records:,} became records, {s.rejected.total():,} were rejected, each "
        "by a rule.",
        "Characters that a wrong encoding had damaged are repaired. What surrounds an article on "
        "its page, such as menus, counters and lists of other articles, is taken out. Title, "
        "authors, dates, language and place are what the page and its source state, each no "
        "further than its evidence.",
        "All of it is the work of rules and of a small model that judges lines. Nothing was "
        "annotated by hand.",
        "Every edit is logged, and undoing the log gives back the page as it was decoded. The log "
        "holds what was taken out; it stays with whoever built the dataset.",
    )


def limits(facts: Facts) -> tuple[str, ...]:
    """Tell what is known to be missing or wrong."""
    s = facts.statistics
    missing = {
        "title": s.records - s.with_title,
        "publication date": s.records - s.with_date,
        "author": s.records - s.with_authors,
        "place": s.records - s.with_place,
    }
    told = [f"no {what} in {n:,} ({share(n, s.records)})" for what, n in missing.items() if n]
    inferred = s.with_inferred_date
    return (
        "Rules and models err: lines of an article may be missing, and lines of what stood around "
        "it may be left.",
        *([f"Of {s.records:,} records, there is {listed(told)}."] if told else []),
        *(
            [
                f"Of {s.with_date:,} publication dates, {inferred:,} are stated nowhere and follow "
                "from what the text says; `published.inferred` tells which."
            ]
            if inferred
            else []
        ),
        "Ids are unique, texts need not be: articles that were published in several places, or "
        "fetched from several addresses, are all here.",
        "What the articles say was not checked, and phusa leaves nothing out for its subject, "
        "opinion or tone.",
    )


def biases(facts: Facts) -> tuple[str, ...]:
    """Tell where the records are from, as far as they are unevenly spread."""
    s = facts.statistics
    known = Counter({tag: n for tag, n in s.languages.items() if tag != "und"})
    spread = (
        _spread("site", s.sites, s.records),
        _spread("language", known, s.records),
        _spread("year of publication", s.years, s.records),
        _spread("province or country", s.places, s.records),
    )
    return (
        "The sources were chosen by whoever wrote the recipe. Nothing is sampled or weighted: what "
        "was scraped more is here more.",
        *filter(None, spread),
    )


def _spread(what: str, counts: Counter[str], records: int) -> str:
    """Say how much of the records the most frequent value has; nothing where none is known."""
    if not counts:
        return ""
    first, most = min(counts.items(), key=lambda item: (-item[1], item[0]))
    if len(counts) == 1:
        return f"The only {what} known is {code(first)}, of {share(most, records)} of the records."
    return (
        f"The most frequent {what} of {len(counts):,} is {code(first)}, with "
        f"{share(most, records)} of the records."
    )


def personal_data(facts: Facts) -> tuple[str, ...]:
    """Tell which personal data the records hold, and which of it can have been missed."""
    s = facts.statistics
    kinds = personal_data_by_kind(facts)
    total = sum(n for _, n in kinds)
    names = listed([name for name, _ in kinds])
    found = (
        f"There are still {total:,} pieces of personal data, in {s.with_personal_data:,} of "
        f"{s.records:,} records: {listed([f'{n:,} {name}' for name, n in kinds if n])}."
        if total
        else f"No piece is left of what was looked for: {names}."
    )
    replaced = [name for kind, name in _KINDS.items() if kind in facts.redacted]
    most = facts.dataset.personal_data_limit
    return (
        f"{found} The field `personal_data` counts them by record.",
        f"{listed(replaced).capitalize()} were replaced, each by a token that names its kind."
        if replaced
        else "Nothing of it was replaced.",
        "The recipe sets no limit to how many pieces a version may hold."
        if most is None
        else f"phusa publishes no version that holds more than {most:,} pieces.",
        "They are looked for in title, text, captions and authors, in the publisher's name and the "
        "evidence of dates and places, and in `fetched_at`, `license` and `extra` of `source`; not "
        "in `id`, `url`, `source.path` and `source.site`. A piece that stands in two of them "
        "counts twice.",
        "They are found line by line, by their form and the words beside them. Missed is what is "
        "spelled out, shown in a picture, broken over two lines, or told in words that are not "
        "known; and another figure may be taken for one of them.",
        "Names are not counted, nor are birthdays, postal addresses, and what is told of a "
        "person: the articles name people as the pages did.",
    )


def personal_data_by_kind(facts: Facts) -> list[tuple[str, int]]:
    """Give the names of the kinds of personal data, and how many pieces there are of each."""
    return [(name, facts.statistics.personal_data[kind]) for kind, name in _KINDS.items()]


def removal(facts: Facts) -> tuple[str, ...]:
    """Tell how to have an article taken out."""
    contact = facts.dataset.contact
    return (
        f"To have an article taken out, send its `id` or `url` to {link(contact)}."
        if contact
        else "To have an article taken out, send its `id` or `url` to whoever published this copy: "
        "on the Hub in the tab Community, elsewhere where you found it. The recipe names no "
        "address of its own.",
        "It goes on the removal list of the recipe, and no later version holds what comes under "
        "that `id` or `url`, even where it is scraped again.",
        "Versions that are out already do not change by this; whoever published one can delete it.",
    )


def citation(facts: Facts) -> str:
    """Write how to cite this version, as BibTeX."""
    dataset = facts.dataset
    url = [f"  url = {{{dataset.homepage}}},"] if dataset.homepage else []
    return "\n".join(
        [
            f"@misc{{{dataset.name}-{facts.version},",
            f"  title = {{{name(facts).translate(_BIBTEX)}}},",
            f"  version = {{{facts.version}}},",
            *url,
            f"  note = {{Content id {facts.content_id}}},",
            "}",
        ]
    )


def share(part: int, whole: int) -> str:
    """Write a share in per cent.

    >>> share(1, 3)
    '33.3%'
    """
    return f"{part / whole:.1%}"


def listed(parts: Sequence[str]) -> str:
    """Join parts of a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
