"""What is looked for in new files beyond what cleaning and building find."""

from __future__ import annotations

from phusa.findings import Rule

UNTRUE_RECORD = Rule(
    "SCH102",
    "untrue-record",
    "A record that says of its text what is not so.",
    """`text_sha256` is the digest of `text`, `counts` has its characters and words, `text` begins
with `lead`, dates are cut to their precision. A record that fits the schema and not itself was
changed by hand, or by a tool that does not know what belongs together.

    records.jsonl:17:1: SCH102 /counts/chars: 4209, the text has 4187

Change the page or the recipe and build again rather than edit records.""",
)
HTML_RESIDUE = Rule(
    "QUA102",
    "html-residue",
    "Markup in what should be text: tags, comments, style sheets, scripts.",
    """The page came as plain text, or the record is finished, and tags are still in it. Either the
page is HTML under the wrong name (give it `.html`, or the field `html`), or whoever turned it into
text left some.

    page.txt:3:1: QUA102 a tag: </div>

Text that speaks of HTML may show a tag too: one in prose is passed over, as is code.""",
)
WRONG_LANGUAGE = Rule(
    "QUA103",
    "wrong-language",
    "A text in another language than the one stated.",
    """The row, the record or `language` in the section `[clean]` of the recipe says one language
and the text is surely in another. Most often a site served its page in the language of the crawler,
or a list of addresses got mixed up.

    pages.jsonl:17:1: QUA103 en (1.0), where vi is stated

Short texts, and such whose language is in doubt, are not told.""",
)
NO_TITLE = Rule(
    "QUA104",
    "no-title",
    "An article without a title.",
    """Neither the row nor the page gives a title: nothing stands above the first paragraph, no
markup states one. A scraper that takes the body alone loses it for good.

    page.txt:1:1: QUA104 no title: none is stated, and nothing stands above the text""",
)
CUT_OFF = Rule(
    "QUA105",
    "cut-off",
    "A text that ends in the middle of a sentence.",
    """The last line is a long one and no sentence ends there: the page was cut while it was
fetched, the rest is behind a paywall or a button, or the text was cut to a length.

    page.txt:31:212: QUA105 the text ends in the middle of a sentence

Short last lines (names, sources, captions, list items) do not count.""",
)
PLACEHOLDER = Rule(
    "QUA106",
    "placeholder-text",
    "Text that stands where text should be.",
    """Filler of designers (`Lorem ipsum`), fields that a template did not fill (`{{ title }}`,
`[object Object]`, `undefined`), notices that content will come (`Nội dung đang được cập nhật`).

    pages.jsonl:9:1: QUA106 /title: a field that was not filled: {{ page.title }}

The phrases of each language stand in its pack; inside longer sentences they are left alone.""",
)
FUTURE_DATE = Rule(
    "MET201",
    "future-date",
    "A date that lies in the future.",
    """The article, or its fetch, is of a later day than the fetch or today; a day is allowed for
the time zones. Clocks that were not set, days and months that were swapped, years that were typed.

    records.jsonl:17:1: MET201 /published/value: 2052-03-01 is after the fetch of 2025-03-02""",
)
BEFORE_WEB = Rule(
    "MET202",
    "date-before-web",
    "A date before there was a World Wide Web.",
    """The first page was served on 6 August 1991. Earlier days are what clocks and databases give
who were never told the time (1970-01-01), unless the page is from a digital archive.

    pages.jsonl:17:1: MET202 /fetched_at: 1970-01-01 is before the web""",
)
DATE_AGAINST_URL = Rule(
    "MET203",
    "date-against-url",
    "A date that contradicts the one in the address.",
    """Many sites put the day of publication into the address, `/2024/05/17/`. The date stated is
more than a few days from it, so one of them is of something else: most often the day of the crawl,
or of the last change, was taken for that of publication.

    records.jsonl:17:1: MET203 /published/value: 2025-03-02, and the address says 2024-05-17""",
)
UNREADABLE_DATE = Rule(
    "MET204",
    "unreadable-date",
    "A date that is not ISO 8601.",
    """`fetched_at` and the dates of records are read by machines: `2025-03-02`, or with a time,
`2025-03-02T08:47:00+07:00`. A date in another form is not used, nor guessed at: it bounds nothing.

    pages.jsonl:17:1: MET204 /fetched_at: '02/03/2025' is no day in ISO 8601""",
)
PLACE_OF_ANOTHER_TIME = Rule(
    "MET205",
    "place-of-another-time",
    "A locality that did not exist on the day of its record.",
    """`locality.then` names the units of the day of the article. A unit of that code was not there
on that day under that name: it was merged before, or is younger; or there never was one.

    records.jsonl:17:1: MET205 /locality/then/0: 10675 Phường Kinh Môn is of 2025-07-01 and later

`phusa place NAME` shows when a unit was there.""",
)
DUPLICATE_TEXT = Rule(
    "DUP101",
    "duplicate-text",
    "The same text a second time.",
    """Two inputs of the batch have the same bytes, two rows the same page, two records the same
text. The first, in the order of the paths, is not told.

    new/b.txt:1:1: DUP101 the same text as new/a.txt""",
)
SAME_URL = Rule(
    "DUP102",
    "same-url",
    "The same address a second time, with other content.",
    """Two crawls of one page, or a site that serves all its pages under one address. `phusa build`
keeps the first unless they have ids of their own.

    pages.jsonl:17:1: DUP102 the url of pages.jsonl:3, with other content""",
)
ALREADY_RELEASED = Rule(
    "DUP103",
    "already-released",
    "A document that the release has already.",
    """With `--against RELEASE`: the release holds a record of the same page (by its digest) or of
the same text.

    new/a.txt:1:1: DUP103 in the release as 3f2c81d09a7be451""",
)
CHANGED_SINCE = Rule(
    "DUP104",
    "changed-since-release",
    "A document that the release has with other content.",
    """With `--against RELEASE`: the release holds a record of the same id or url, and it was made
from another page. That is what a second crawl gives; nobody else should have that id or url.

    pages.jsonl:17:1: DUP104 in the release as 3f2c81d09a7be451: the same url, other content""",
)
NO_URL = Rule(
    "PRV101",
    "no-url",
    "A document without an address.",
    """The recipe asks for it, by `require = ["url"]` in the section `[check]`, and neither the row
nor the metadata gives the address of the page.""",
)
NO_LICENSE = Rule(
    "PRV102",
    "no-license",
    "A document without a licence.",
    """The recipe asks for it, by `require = ["license"]` in the section `[check]`, and neither the
row nor the metadata says under which licence the page is.""",
)
NO_FETCH_DATE = Rule(
    "PRV103",
    "no-fetch-date",
    "A document that does not say when it was fetched.",
    """The recipe asks for it, by `require = ["fetched_at"]` in the section `[check]`, and neither
the row nor the metadata says when the page was fetched.""",
)
RULES = (
    UNTRUE_RECORD,
    HTML_RESIDUE,
    WRONG_LANGUAGE,
    NO_TITLE,
    CUT_OFF,
    PLACEHOLDER,
    FUTURE_DATE,
    BEFORE_WEB,
    DATE_AGAINST_URL,
    UNREADABLE_DATE,
    PLACE_OF_ANOTHER_TIME,
    DUPLICATE_TEXT,
    SAME_URL,
    ALREADY_RELEASED,
    CHANGED_SINCE,
    NO_URL,
    NO_LICENSE,
    NO_FETCH_DATE,
)
