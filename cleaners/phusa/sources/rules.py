"""What can be wrong with an input before anybody looks at its text."""

from __future__ import annotations

from phusa.findings import Rule

UNREADABLE_FILE = Rule(
    "SRC101",
    "unreadable-file",
    "A file or folder that cannot be read.",
    """The path was found but its bytes could not be had: no permission, a link to nothing, a file
that vanished or became shorter while the build ran, a damaged or cut archive, or one that unpacks
to more than 64 MiB and 200 times its size. The documents before the damage are kept, the rest of
the file is one rejected document; everything else goes on.

    seeds/secret: cannot be read: Permission denied

Make the file readable, or unpack the archive to see how much of it is left, and build again.""",
)
BROKEN_JSON = Rule(
    "SRC102",
    "broken-json",
    "A JSONL line that is not JSON in UTF-8.",
    """Every line of a JSONL file holds one JSON object. A line that was cut off, that holds bytes
other than UTF-8, that was put together without a JSON library, or that is nested more than 1,024
levels deep, is rejected; the lines around it are not.

    pages.jsonl#17: not JSON: the row ends inside a string; was its writer cut off? (column 31)

Look at the line with `sed -n 17p pages.jsonl`. A broken last line is the mark of a scraper that was
stopped while it wrote.""",
)
NO_TEXT = Rule(
    "SRC103",
    "no-text",
    "A JSONL row with neither `text` nor `html`.",
    """A row brings its page as a string, in the field `html` (the page as it was served) or `text`
(the page as plain text). Where it has both, `html` is read and `text`, the same page in another
form, is left.

    {"url": "https://example.vn/1", "content": "..."}

Rename the field, for example with `jq -c '.text = .content | del(.content)'`.""",
)
DUPLICATE_ID = Rule(
    "SRC104",
    "duplicate-id",
    "A second document with an id that an earlier one has.",
    """Ids are unique within a release. The id is the row's own `id`, else it comes from its `url`,
else from its path: two rows with the same `id` or `url` are two versions of one page. The first, in
the order of the paths, is kept.

    b.jsonl#2: has the id 1042 of a.jsonl#7

If they are different pages, give them ids of their own. If one is a newer crawl that should win,
leave the older one out of the sources.""",
)
WRONG_TYPE = Rule(
    "SRC105",
    "wrong-type",
    "A field of a JSONL row with a value of the wrong type.",
    """`text`, `html`, `url`, `site`, `fetched_at`, `license`, `language` and `title` are strings,
`id` is a string or a whole number; each may be null or missing. Nothing is converted in silence.

    pages.jsonl#3: `title` is a list; it must be a string or null

Correct the program that wrote the row. Fields of other names may hold any JSON; they are carried
along in `source.extra`.""",
)
WORKER_DIED = Rule(
    "SRC106",
    "worker-died",
    "A document that ended the process that cleaned it, three times.",
    """The process was killed from outside or crashed, again and again and with nothing but this
document in hand. The usual reason is memory: a huge page on a machine that has little of it.

    big.html: its worker died: killed by signal 9

Try it alone with `phusa clean big.html`; if it fails on a page of common size, it is a bug in phusa
and worth a report.""",
)
TOO_LARGE = Rule(
    "SRC107",
    "too-large",
    "A document larger than 64 MiB.",
    """A page of that size is no article: it is a dump, a log, or a JSONL file that lost its line
ends. It is not read into memory; the documents around it are.

    dump.txt: 412,318,004 bytes; a document has at most 67,108,864: split it or leave it out

Split it, or leave it out of the sources.""",
)
TAKEN_DOWN = Rule(
    "SRC108",
    "taken-down",
    "A document on the removal list of the recipe.",
    """Somebody asked for it to be taken out, or it must not be published: its id, its url, or the
SHA-256 of the page or of the text stands in the column `key` of the file that `removals` in the
section `[sources]` of the recipe names. No release that is built by this recipe holds it, and the
audit keeps its name and digest, not its text.

    on the removal list, by its url

Audits and releases that were built before still hold it: remove them where that was asked for.""",
)
DUPLICATE_KEY = Rule(
    "SRC109",
    "duplicate-key",
    "A key that stands twice in an object of a JSONL row.",
    """JSON leaves open which of the values counts. `phusa build` keeps the last, as most readers
do; others keep the first, or refuse the row. Often two parts of a program wrote the same field, and
the value that is lost is the better one.

    {"title": "Tin mới", "title": null, "text": "..."}

Remove one of the two, or rename it.""",
)
JSON_SURROGATE = Rule(
    "SRC110",
    "json-surrogate",
    "Half of a UTF-16 surrogate pair in a string of a JSONL row.",
    r"""JSON can write a character beyond U+FFFF as a pair of escapes, `\ud83d\ude00`. One half of
them is no character: it has no form in UTF-8, and most readers refuse the row or fail later. The
row is rejected.

    {"text": "Chúc mừng năm mới \ud83d"}

A text was cut by its UTF-16 units, mostly by JavaScript or Java in the middle of an emoji. Cut it
by characters, or leave out the last half.""",
)
NOT_FINITE = Rule(
    "SRC111",
    "not-finite",
    "NaN or an infinity as a value of a JSONL row.",
    """`NaN`, `Infinity` and `-Infinity` are no numbers of JSON, though Python writes and reads them
unless told not to. Other readers refuse the row, and so does phusa.

    {"text": "...", "score": NaN}

Write null where there is no number. In Python, `json.dumps(row, allow_nan=False)` raises.""",
)
HUGE_NUMBER = Rule(
    "SRC112",
    "huge-number",
    "A number of a JSONL row that 64 bits do not hold.",
    """Integers from -2^63 to 2^64 - 1 are read as they are, real numbers as doubles. An integer
beyond that becomes the double next to it, which keeps some 16 of its digits: the row is read, with
another number in it. A real number beyond 1.8e308, and an integer that large, is infinity as a
double; a row with one is rejected.

    {"text": "...", "account": 970436012345678901234}

Write long identifiers as strings. A real number that large is mostly the mark of a division by
something near zero: write null.""",
)
NOT_AN_OBJECT = Rule(
    "SRC113",
    "not-an-object",
    "A JSONL line that is JSON, and no object.",
    """Every line of a JSONL file holds one JSON object, the fields of a page. A list, a string, a
number or null gives no page and is rejected.

    pages.jsonl#1: a list; it must be an object with `text` or `html`

A file that is one long list is JSON, not JSONL: `jq -c '.[]' pages.json > pages.jsonl` converts
it. A list in each line is a table: give its cells their names.""",
)
RULES = (
    UNREADABLE_FILE,
    BROKEN_JSON,
    NO_TEXT,
    DUPLICATE_ID,
    WRONG_TYPE,
    WORKER_DIED,
    TOO_LARGE,
    TAKEN_DOWN,
    DUPLICATE_KEY,
    JSON_SURROGATE,
    NOT_FINITE,
    HUGE_NUMBER,
    NOT_AN_OBJECT,
)
