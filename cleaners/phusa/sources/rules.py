"""What can be wrong with an input before anybody looks at its text."""

from __future__ import annotations

from phusa.findings import Rule

UNREADABLE_FILE = Rule(
    "SRC101",
    "unreadable-file",
    "A file or folder that cannot be read.",
    """The path was found but its bytes could not be had: no permission, a link to nothing, a file
that vanished or became shorter while the build ran, a damaged or cut archive. The documents before
the damage are kept, the rest of the file is one rejected document; everything else goes on.

    seeds/secret: cannot be read: Permission denied

Make the file readable, or unpack the archive to see how much of it is left, and build again.""",
)
BROKEN_JSON = Rule(
    "SRC102",
    "broken-json",
    "A JSONL line that is not a JSON object in UTF-8.",
    """Every line of a JSONL file holds one JSON object. A line that was cut off, that holds bytes
other than UTF-8, half a surrogate pair or a bare NaN, or that is a list or a string, is rejected;
the lines around it are not.

    pages.jsonl#17: not JSON: unexpected end of data: line 1 column 31

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
RULES = (
    UNREADABLE_FILE,
    BROKEN_JSON,
    NO_TEXT,
    DUPLICATE_ID,
    WRONG_TYPE,
    WORKER_DIED,
    TOO_LARGE,
    TAKEN_DOWN,
)
