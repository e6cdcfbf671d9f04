"""The changelog of a dataset, from version to version."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from phusa.comparing import Difference, compare, opened
from phusa.comparing import changelog as changes
from phusa.comparing.changelog import changelog, entry, summary
from phusa.sources import rules
from small_releases import TEXT, record, write

FIRST = "# Changelog of `tin`\n\n## 1.0.0\n\n- First version.\n"


@pytest.fixture
def difference(tmp_path: Path) -> Difference:
    rows = [record(f"a/{i}") for i in range(1200)]
    secret = "Nguyễn Văn A, 0912345678"
    old = write(tmp_path / "old", [*rows, record("secret", secret)], rejected={"SRC108": 1})
    new = [row | {"text": f"{TEXT} Hết."} if i < 2 else row for i, row in enumerate(rows)]
    new[2] = new[2] | {"url": "x", "authors": ["A"]}
    new[3] = record("a/3", TEXT + " ")
    new[4] = new[4] | {"quality": new[4]["quality"] | {"kept_share": 0.9}}
    splits = {"train": [*new[:-1], record("b")], "test": new[-1:]}
    after = write(tmp_path / "new", splits, "2.0.0", rejected={"SRC108": 2})
    return compare(opened(old), opened(after))


def test_an_entry_tells_numbers_and_no_texts(difference: Difference) -> None:
    assert entry("2.0.0", difference) == (
        "## 2.0.0\n"
        "\n"
        "- 1,201 records, after 1,201 in 1.0.0.\n"
        "- Added: 1 record.\n"
        "- Removed: 1 record.\n"
        "- Changed: 5 records: 2 in their words, 1 in white space alone, 2 in metadata alone.\n"
        "- Moved to another split: 1 record.\n"
        "- Fields that changed, and in how many records: `text` (3), `authors` (1), `url` (1).\n"
        "- Documents on the removal list: 2, after 1.\n"
    )


def test_the_rule_of_the_removal_list_is_known_by_its_code() -> None:
    assert rules.TAKEN_DOWN.code == changes._TAKEN_DOWN


def test_nothing_but_the_description_may_change(tmp_path: Path) -> None:
    old = write(tmp_path / "old", [record("a")])
    new = write(tmp_path / "new", [record("a")], "1.0.1", recipe_sha256="c" * 64)
    assert summary(compare(opened(old), opened(new))) == [
        "1 record, after 1 in 1.0.0.",
        "The records are the same.",
        "Otherwise made: another recipe.",
    ]


def test_the_schema_is_told(tmp_path: Path) -> None:
    fields = {
        "id": {"type": "string", "description": "I."},
        "text": {"type": ["string", "null"], "description": "T."},
        "topic": {"type": "string", "description": "T."},
    }
    old = write(tmp_path / "old", [record("a")])
    new = write(tmp_path / "new", [record("a")], "2.0.0", schema={"properties": fields})
    told = summary(compare(opened(old), opened(new)))
    assert told[1:4] == [
        "The records are the same.",
        "Schema `article-1.1.0`, after `article-1.0.0`.",
        "Fields added to the schema: `topic`.",
    ]
    assert told[4].startswith("Fields removed from the schema: `url`, `source`, `title`, ")
    assert told[5] == "Another type: `text` is `string or null`, after `string`."


def test_entries_come_before_earlier_ones(difference: Difference) -> None:
    first = changelog("tin", entry("1.0.0", None), None)
    assert first == FIRST
    second = changelog("tin", entry("2.0.0", difference), first)
    third = changelog("tin", "## 2.0.1\n\n- More.\n", second)
    assert third.split("\n\n")[0] == "# Changelog of `tin`"
    assert third.endswith(second.removeprefix("# Changelog of `tin`\n\n"))
    assert [line for line in third.split("\n") if line[:2] == "##"] == [
        "## 2.0.1",
        "## 2.0.0",
        "## 1.0.0",
    ]
    MarkdownIt("commonmark").parse(third)


@pytest.mark.parametrize(
    ("previous", "kept"),
    [
        (None, ""),
        ("", ""),
        ("\n\n", ""),
        ("# Changes\n\nAll of them.\n", "# Changes\n\nAll of them."),
        (
            "# Changes\n\n## Unreleased\n\n* x\n### y\n## 0.9\n",
            "## Unreleased\n\n* x\n### y\n## 0.9",
        ),
        ("## 0.9\n\n- `a|b` <b>\n\n\n## 0.8\n", "## 0.9\n\n- `a|b` <b>\n\n\n## 0.8"),
        ("no heading ## here\n", "no heading ## here"),
    ],
)
def test_any_earlier_text_is_kept(previous: str | None, kept: str) -> None:
    text = changelog("tin", "## 1.0.0\n\n- First version.\n", previous)
    assert text == FIRST + (f"\n{kept}\n" if kept else "")
