"""The recipe: what it says when it is right, and how it says what is wrong."""

from pathlib import Path

import pytest

from phusa.recipe import Cleaning, Dataset, Recipe, RecipeError, Sources, Splits, load, parse

WHOLE = """
# every key there is
[dataset]
name = "kinh-mon_2.0"
version = "1.12.0"
pretty_name = "Tin tức Kinh Môn"
description = "Bài của các trang tin phường."
license = "other"
license_name = "terms"
license_link = "https://a.vn/terms"
homepage = "https://a.vn"
contact = "a@a.vn"
tags = ["news", "tin tức"]
personal_data_limit = 0

[sources]
paths = ["pages", "more/*.jsonl"]
metadata = "metadata.csv"
removals = "removals.csv"

[clean]
select = ["ENC", "CHR"]
ignore = ["CHR1"]
language = "vi"
min_chars = 0

[splits]
by = "site"
shares = { train = 9, test = 1 }
"""


def test_every_key():
    assert parse(WHOLE, folder=Path("x")) == Recipe(
        Dataset(
            name="kinh-mon_2.0",
            version="1.12.0",
            pretty_name="Tin tức Kinh Môn",
            description="Bài của các trang tin phường.",
            license="other",
            license_name="terms",
            license_link="https://a.vn/terms",
            homepage="https://a.vn",
            contact="a@a.vn",
            tags=("news", "tin tức"),
            personal_data_limit=0,
        ),
        Sources(("pages", "more/*.jsonl"), "metadata.csv", "removals.csv"),
        Cleaning(("ENC", "CHR"), ("CHR1",), "vi", 0),
        Path("x"),
        Splits("site", (("train", 9), ("test", 1))),
    )


@pytest.mark.parametrize("text", ["", "[dataset]\n", "[clean]\nmin_chars = 100"])
def test_what_is_not_said_has_a_default(text):
    assert parse(text) == Recipe()


def test_splits_by_date():
    text = "[splits]\nby = 'date'\nstarts = {validation = 2025-01-01, test = '2025-07-01'}"
    splits = parse(text).splits
    assert splits == Splits("date", starts=(("validation", "2025-01-01"), ("test", "2025-07-01")))
    assert splits.names == ("train", "validation", "test")


def test_rules_are_chosen_by_the_longest_prefix():
    rules = parse(WHOLE).clean.rules
    assert [code for code in ("ENC001", "CHR112", "CHR201", "ART101") if code in rules] == [
        "ENC001",
        "CHR201",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[dataset", "recipe: not valid TOML: "),
        ("[dataset]\nname = 'a'\nname = 'b'", "recipe: not valid TOML: "),
        (
            "[source]",
            "recipe: unknown section [source]; known: dataset, sources, clean, check, splits",
        ),
        (
            "name = 'x'",
            "recipe: unknown section [name]; known: dataset, sources, clean, check, splits",
        ),
        ("dataset = 1", "recipe: [dataset] must be a table"),
        ("[[clean]]", "recipe: [clean] must be a table"),
        ("[clean]\nmin = 1", "recipe: unknown key clean.min; known: ignore, language, min_chars, "),
        ('[clean]\ntone_style = "newer"', "recipe: clean.tone_style 'newer' must be old or new"),
        ("[clean]\nmin_chars = -1", "recipe: clean.min_chars must be a number, 0 or more"),
        ("[clean]\nmin_chars = 1.5", "recipe: clean.min_chars must be a number"),
        ("[clean]\nmin_chars = true", "recipe: clean.min_chars must be a number"),
        ("[clean]\nselect = 'ENC'", "recipe: clean.select must be a list of strings"),
        ("[sources]\npaths = ['a', 1]", "recipe: sources.paths must be a list of strings"),
        ("[sources]\nmetadata = ['a']", "recipe: sources.metadata must be a string"),
        ("[dataset]\nlicense = 2024-01-01", "recipe: dataset.license must be a string"),
        ("[dataset]\nlicense = 'Other'", "recipe: dataset.license is other; license_name must say"),
        ("[dataset]\nversion = '1.0'", "recipe: dataset.version '1.0' must be MAJOR.MINOR.PATCH"),
        ("[dataset]\nversion = '1.0.0-a'", "recipe: dataset.version '1.0.0-a' must be"),
        ("[dataset]\nversion = '١.0.0'", "recipe: dataset.version '١.0.0' must be"),
        ("[dataset]\nname = ''", "recipe: dataset.name '' must be letters, digits, '.', '_', '-'"),
        ("[dataset]\nname = '..'", "recipe: dataset.name '..' must be"),
        ("[dataset]\nname = 'a/b'", "recipe: dataset.name 'a/b' must be"),
        ("[dataset]\nname = 'tức'", "recipe: dataset.name 'tức' must be"),
        ('[dataset]\nname = "a\\n"', "recipe: dataset.name 'a\\n' must be"),
        (f"[dataset]\nname = '{'a' * 97}'", "recipe: dataset.name 'aaa"),
        ("[dataset]\npersonal_data_limit = '5'", "recipe: dataset.personal_data_limit must be a "),
        ("[dataset]\npersonal_data_limit = -5", "recipe: dataset.personal_data_limit must be a "),
        ("splits = 1", "recipe: [splits] must be a table"),
        ("[splits]\nshare = 1", "recipe: unknown key splits.share; known: by, shares, starts"),
        ("[splits]\nby = 'url'", "recipe: splits.by 'url' must be one of id, site, locality, date"),
        ("[splits]\nby = ['id']", "recipe: splits.by ['id'] must be one of id, site"),
        ("[splits]\nby = 'site'", "recipe: splits.by says how; splits.shares must say into what"),
        ("[splits]\nby = 'date'", "recipe: splits.by says how; splits.starts must say into what"),
        ("[splits]\nby = 'date'\nshares.a = 1", "recipe: splits.shares means nothing by date"),
        ("[splits]\nstarts.a = '2025-01-01'", "recipe: splits.starts means nothing by id; write"),
        ("[splits]\nshares = {}", "recipe: splits.shares must be a table of splits"),
        ("[splits]\nshares = [1]", "recipe: splits.shares must be a table of splits"),
        ("[splits]\nshares.a-b = 1", "recipe: splits.shares: 'a-b' must be letters, digits"),
        ("[splits]\nshares = {train = 1, all = 1}", "recipe: splits.shares: 'all' means something"),
        ("[splits]\nshares.class = 1", "recipe: splits.shares: 'class' means something else"),
        ("[splits]\nshares.a = 0", "recipe: splits.shares.a must be a whole number, 1 or more"),
        ("[splits]\nshares.a = 0.5", "recipe: splits.shares.a must be a whole number, 1 or more"),
        ("[splits]\nby = 'date'\nstarts.b = '2025'", "recipe: splits.starts.b must be a day such"),
        ("[splits]\nby = 'date'\nstarts.train = '2025-01-01'", "recipe: splits.starts: what is "),
        (
            "[splits]\nby = 'date'\nstarts = {b = '2025-02-01', c = 2025-02-01}",
            "recipe: splits.starts must be in the order of time",
        ),
    ],
)
def test_what_is_wrong_is_told_in_a_line(text, message):
    with pytest.raises(RecipeError) as error:
        parse(text)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_a_file_knows_where_it_lies(tmp_path):
    (tmp_path / "phusa.toml").write_text(WHOLE, "utf-8")
    recipe = load(tmp_path / "phusa.toml")
    assert recipe.folder == tmp_path
    assert recipe == parse(WHOLE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, ": cannot read the recipe: No such file or directory"),
        (b"# \xe0", ": cannot read the recipe: not UTF-8"),
        (b"[x]", ": unknown section [x]"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, content, message):
    path = tmp_path / "phusa.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecipeError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}{message}")
