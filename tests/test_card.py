"""The card: what its head declares, what it tells, and that nothing breaks out of it."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import fields, replace

import datasets
import pytest
import yaml
from markdown_it import MarkdownIt

from cards import HOSTILE, all_given, facts
from made_up import RECORDS, record, released
from phusa.building import RULEBOOK
from phusa.facts import PersonalData
from phusa.recipe import REDACTED, Dataset, Splits
from phusa.release import datasheet, plots, tables
from phusa.release.card import Facts, Split, card

BARE, TOLD = RECORDS[:1], RECORDS[40:]
HEADINGS = [
    *("Tin", "Load", "Splits", "What is inside", "Fields", "Sources", "Languages", "Dates"),
    *("Places", "By which rules dates and places are known"),
    *("What was found, repaired and taken out", "What was rejected, and why", "A record"),
    *("How it was made", "Known limits and biases", "Personal data", "Licence", "Removal"),
    *("Changes", "Rebuild and verify", "Cite"),
]


def head_and_body(text: str) -> tuple[dict, str]:
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def section(told: Facts, heading: str) -> str:
    """What stands under a heading."""
    _, _, rest = card(told).partition(f"\n## {heading}\n\n")
    return rest.partition("\n## ")[0]


def fences(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_head_is_what_readers_need():
    told = replace(facts(RECORDS), splits={"train": Split(190, 95), "test": Split(10, 5)})
    head, _ = head_and_body(card(told))
    assert head["configs"] == [
        {
            "config_name": "default",
            "default": True,
            "data_files": [
                {"split": "train", "path": "data/train-*.parquet"},
                {"split": "test", "path": "data/test-*.parquet"},
            ],
        }
    ]
    info = head["dataset_info"]
    by_datasets = datasets.Features.from_arrow_schema(tables.arrow_schema(told.columns))
    assert info["features"] == by_datasets._to_yaml_list()
    assert info["splits"] == [
        {"name": "train", "num_bytes": 95, "num_examples": 190},
        {"name": "test", "num_bytes": 5, "num_examples": 10},
    ]
    assert (info["download_size"], info["dataset_size"]) == (1234, 100)
    assert (head["language"], head["license"]) == (["en", "vi"], "unknown")
    assert head["size_categories"] == ["n<1K"]
    assert not head.keys() & {"tags", "license_name", "license_link"}


def test_the_code_of_the_card_runs(tmp_path):
    """All but what loads from the Hub, and by a library that phusa does not need."""
    splits = Splits("id", (("train", 8), ("test", 2)))
    (tmp_path / "dist/tin").mkdir(parents=True)
    folder = released(tmp_path / "dist/tin/1.2.0", [RECORDS], splits=splits).folder
    local, from_hub, pandas, polars = fences((folder / "README.md").read_text(), "python")
    assert 'revision="v1.2.0"' in from_hub
    assert "dist/tin/1.2.0/data/train-*.parquet" in polars
    code = f"{local}\n{pandas}\n"
    code += "sizes = {name: part.num_rows for name, part in sorted(dataset.items())}\n"
    code += "print(sizes, train.num_rows)\n"
    code += "print(len(list(rows)), len(frame))\n"
    environment = os.environ | {"HF_HOME": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    sizes = json.loads((folder / "manifest.json").read_bytes())["splits"]
    assert done.stdout.decode().splitlines() == [
        f"{sizes} {sizes['train']}",
        f"{sizes['train']} 200",
    ]


def test_the_card_takes_over_what_the_recipe_says():
    head, body = head_and_body(card(all_given(TOLD)))
    assert {key: head[key] for key in ("pretty_name", "license", "license_name", "tags")} == {
        "pretty_name": 'Tin: "mới" #1',
        "license": "other",
        "license_name": "tin-1",
        "tags": ["news", "báo"],
    }
    assert "Tin *địa phương*." in body
    for link in ("<https://a.vn>", "<https://a.vn/l>", "<tin@example.org>"):
        assert link in body
    assert "Version 1.2.0" in body  # the real one, where the recipe says "auto"


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        (Dataset(), ("unknown", None)),
        (Dataset(license="CC-BY-SA-4.0"), ("cc-by-sa-4.0", None)),
        (Dataset(license="ODC-By-1.0"), ("odc-by", None)),
        (Dataset(license="CC-BY-3.0-AT"), ("other", "cc-by-3.0-at")),
        (Dataset(license="other", license_name="own"), ("other", "own")),
    ],
)
def test_licences_are_named_as_the_hub_knows_them(dataset, expected):
    head, _ = head_and_body(card(facts(TOLD, dataset=dataset)))
    assert (head["license"], head.get("license_name")) == expected


def test_languages_of_a_few_records_are_not_named_in_the_head():
    told = facts(TOLD * 5)
    told.statistics.languages = Counter({"vi": 500, "zh-Hant": 90, "so": 7, "und": 3})
    head, body = head_and_body(card(told))
    assert head["language"] == ["vi", "zh"]
    assert "| `so` | 7 |" in body


@pytest.mark.parametrize("told", [facts(BARE), all_given(TOLD)], ids=["nothing", "everything"])
def test_no_placeholder_survives(told):
    text = card(told)
    text = text.replace(*fences(text, "bibtex"), "")
    assert not re.search(r"(?i)more information|todo|tbd|fixme|lorem|\{[a-z_.]*\}|\bnan\b", text)
    assert not re.search(r"\bNone\b|\bNull\b|\.\.\.|\bn/a\b", text)
    _, _, body = text.partition("\n# ")
    empty = re.findall(r"^#+ .*\n+(?=#|\Z)", body, re.MULTILINE)
    assert not empty


def test_foreign_text_cannot_break_out():
    text = HOSTILE + "x" * 1000
    row = record(300, text=text, title=HOSTILE, site=HOSTILE, path=HOSTILE)
    row["locality"]["now"][0]["name"] = HOSTILE
    row["language"]["code"] = HOSTILE
    told = facts([row, *RECORDS[100:]], dataset=Dataset(name="Tin", contact=HOSTILE))
    _, body = head_and_body(card(told))
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    headings = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open"]
    assert headings == HEADINGS
    (shown,) = (json.loads(token.content) for token in tokens if token.info == "json")
    assert shown["title"] == HOSTILE
    assert shown["text"] == text[:400] + "…"
    kinds = Counter(child.type for token in tokens for child in token.children or [token])
    assert not kinds.keys() & {"html_block", "html_inline", "link_open", "code_block", "hr"}
    assert (kinds["table_open"], kinds["image"], kinds["fence"]) == (12, 2, 10)
    assert "\u202e" not in body


def test_what_the_recipe_says_cannot_break_the_head():
    names = {"pretty_name": HOSTILE, "license_link": HOSTILE, "license_name": HOSTILE}
    dataset = Dataset(license="other", tags=(HOSTILE, "no", "1.0"), **names)
    text = card(facts(TOLD, dataset=dataset))
    head, body = text[4:].split("\n---\n\n", 1)
    parsed = yaml.safe_load(head)
    assert {name: parsed[name] for name in names} == names
    assert parsed["tags"] == [HOSTILE, "no", "1.0"]
    assert body.startswith("# ```\\n~~~")


def test_long_tables_are_cut_and_summed():
    rows = [record(i, site=f"s{i:03}.vn") for i in range(200)]
    assert "| `s049.vn` | 1 | 0.5% |\n| 150 others | 150 | 75.0% |" in card(facts(rows))


def test_splits_are_told_with_what_they_are_by():
    (row,) = re.findall(r"^\| `.*", section(facts(TOLD), "Splits"), re.MULTILINE)
    assert row == "| `train` | 160 | 100.0% | 1,234 |"
    assert "parted" not in section(facts(TOLD), "Splits")
    text = section(all_given(RECORDS), "Splits")
    assert "| `test` | 1 | 0.5% | 99 |" in text
    assert "by a hash of `source.site`" in text
    assert "The 40 for which it is not known are in `train`." in text
    assert "not known" not in section(all_given(TOLD), "Splits")


@pytest.mark.parametrize("by", ["id", "site", "locality", "date"])
def test_every_way_to_split_is_told(by):
    assert "Records are parted by" in section(replace(all_given(TOLD), split_by=by), "Splits")


def test_personal_data_is_counted_by_kind():
    text = section(facts(TOLD), "Personal data")
    assert "| phone numbers | 0 |" in text
    for told in ("No piece is left of what was looked for", "Nothing of it was", "sets no limit"):
        assert told in text
    text = section(replace(all_given(TOLD), redacted=("emails", "phones")), "Personal data")
    for told in (
        "| phone numbers | 2 |",
        "still 5 pieces of personal data, in 4 of 160 records: 3 e-mail addresses and 2 phone",
        "E-mail addresses and phone numbers were replaced",
        "no version that holds more than 50 pieces",
        "Names are not counted",
    ):
        assert told in text


def test_all_kinds_of_personal_data_are_known():
    kinds = [field.name for field in fields(PersonalData)]
    assert list(datasheet._KINDS) == kinds == list(REDACTED)


def test_removal_is_told_with_and_without_a_contact():
    assert "to <tin@example.org>." in section(all_given(TOLD), "Removal")
    assert "whoever published this copy" in section(facts(TOLD), "Removal")


def test_changes_are_told_since_the_version_before():
    assert section(facts(TOLD), "Changes").strip() == "This is the first version."
    assert "--previous" not in section(facts(TOLD), "Rebuild and verify")
    text = section(all_given(TOLD), "Changes")
    assert "Since version 1.1.7:\n\n- 2 records added.\n- `source.site` changed in 1.\n" in text
    rebuilding = section(all_given(TOLD), "Rebuild and verify")
    assert "pip install phusa==0.1.0\nphusa build --recipe phusa.toml\n" in rebuilding
    assert "with version 1.1.7 in `dist/tin`, or named by `--previous`" in rebuilding
    assert '```toml\n[dataset]\nname = "a"\n```' in rebuilding


def test_plots_are_those_there_are():
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", card(facts(RECORDS)))
    assert shown == [plots.LENGTHS, plots.YEARS]
    assert set(shown) == plots.plots(facts(RECORDS).statistics).keys()
    assert "![" not in card(facts(BARE))


def test_the_order_of_counting_does_not_show():
    assert card(facts(RECORDS)) == card(facts(RECORDS[::-1], sample=RECORDS[0]))


def test_citations_are_bibtex():
    (entry,) = fences(card(all_given(TOLD)), "bibtex")
    assert entry.startswith('@misc{tin-1.2.0,\n  title = {Tin: "mới" \\#1},\n')
    odd = facts(TOLD, dataset=Dataset(pretty_name="50 % {a}_b\\c"))
    assert "title = {50 \\% \\{a\\}\\_b c}," in datasheet.citation(odd)


def test_nothing_is_said_of_what_is_done_about_duplicates_but_that_nothing_is():
    """Rules for them must change what the limits say."""
    assert "texts need not be" in section(facts(TOLD), "Known limits and biases")
    assert not any(code.startswith("DUP") for code in RULEBOOK)
