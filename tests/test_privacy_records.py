"""Personal data in articles and records: counted, flagged, taken out on request; recipe, release.

All numbers and addresses are invented.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from phusa.api import clean as clean_source
from phusa.building import build
from phusa.explanation import explain
from phusa.facts import PersonalData
from phusa.page import Article, Kind, Label, Line, Page, RawDocument, restore
from phusa.pipeline import clean
from phusa.quality import privacy
from phusa.recipe import REDACTED, Cleaning, Dataset, Recipe, RecipeError, Sources, parse
from phusa.release import lines as packed

ALL = Cleaning(redact=REDACTED)
CODES = [rule.code for rule in privacy.RULES]


def cleaned(page: str, cleaning: Cleaning | None = None, **beside: Any) -> Article:
    return clean(RawDocument("x", page, **beside), cleaning)


def told(article: Article) -> list[str]:
    """The rules of the personal data that was found and left there."""
    return [flag.rule for flag in article.flags if flag.rule in CODES]


# -- of an article

LONG = "Phường mở lớp dạy nghề miễn phí cho người lao động ở các khu dân cư trên địa bàn. " * 3
PAGE = f"""Trang chủ

{LONG}

Người dân liên hệ chị Lan, điện thoại 0912  345 678 hoặc thư lan@a.vn để ghi tên vào lớp học này.

Ủng hộ lớp học qua số tài khoản 0123456789; người nhận có căn cước công dân số 001200012345.

{LONG}

Điện thoại: 0987654321
"""


def test_pieces_are_flags_in_the_source() -> None:
    article = cleaned(PAGE)
    assert article.personal_data == PersonalData(1, 1, 1, 1)
    found = [(f.rule, PAGE[f.start : f.end]) for f in article.findings if f.rule in CODES]
    assert found == [
        ("PII102", "0912  345 678"),
        ("PII101", "lan@a.vn"),
        ("PII104", "0123456789"),
        ("PII103", "001200012345"),
    ]
    assert article.record()["personal_data"] == {
        "emails": 1,
        "phones": 1,
        "identity_numbers": 1,
        "bank_accounts": 1,
    }
    assert "0987654321" not in article.page, "the footer is chrome, and chrome is not published"


def by_first_word(_page: Page, lines: Sequence[Line]) -> list[Label]:
    """Labels lines by their first word; other lines are body."""
    kinds = {"Tựa": Kind.TITLE, "Bài": Kind.BYLINE, "Sapo": Kind.LEAD, "Ảnh": Kind.CAPTION}
    return [Label(kinds.get(line.text.partition(" ")[0], Kind.BODY), "") for line in lines]


def test_what_is_not_published_does_not_count() -> None:
    page = "Tựa 0912345671\nBài 0912345672\n0912345673\nẢnh 0912345674\nTựa 0912345675"
    article = clean(RawDocument("x", page), label=by_first_word)
    assert article.personal_data.phones == 3
    assert [page[f.start : f.end][-1] for f in article.flags] == ["1", "3", "4"]


def test_a_stated_title_counts() -> None:
    article = cleaned(LONG, title="Gọi 0912345678")
    assert article.title == "Gọi 0912345678"
    assert article.personal_data == PersonalData(phones=1)
    assert [(f.rule, f.start, f.end) for f in article.flags] == [("PII102", 0, 0)]


def test_a_page_without_an_article_publishes_nothing() -> None:
    article = cleaned("Trang chủ\n© 2024 Liên hệ: 0912345678")
    assert not article.is_article
    assert told(article) == []
    assert article.personal_data == PersonalData()


@pytest.mark.parametrize("ignore", ["PII", "PII102"])
def test_rules_that_are_off_tell_nothing_and_count(ignore: str) -> None:
    article = cleaned(PAGE, Cleaning(ignore=(ignore,)))
    assert article.personal_data == PersonalData(1, 1, 1, 1)
    assert "PII102" not in told(article)


def test_html() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in PAGE.split("\n\n")[1:-1])
    page = f"<title>Lớp học</title><article><h1>Lớp học</h1>{paragraphs}</article>"
    article = cleaned(page, media_type="text/html")
    assert article.personal_data == PersonalData(1, 1, 1, 1)
    redacted = cleaned(page, ALL, media_type="text/html")
    assert redacted.personal_data == PersonalData()
    assert redacted.text == article.text.replace("0912 345 678", "<PHONE>").replace(
        "lan@a.vn", "<EMAIL>"
    ).replace("0123456789", "<ACCOUNT>").replace("001200012345", "<ID>")
    assert restore(redacted) == page


# -- redaction


def test_tokens_take_the_place() -> None:
    article = cleaned(PAGE, ALL)
    assert "chị Lan, điện thoại <PHONE> hoặc thư <EMAIL> để" in article.text
    assert "số tài khoản <ACCOUNT>; người nhận có căn cước công dân số <ID>." in article.text
    assert article.personal_data == PersonalData()
    assert told(article) == []
    found = [(f.rule, f.replacement) for f in article.findings if f.rule in CODES]
    tokens = ["<PHONE>", "<EMAIL>", "<ACCOUNT>", "<ID>"]
    assert found == list(zip(("PII102", "PII101", "PII104", "PII103"), tokens, strict=True))
    assert restore(article) == PAGE
    assert privacy.pieces(article.page) == []


def test_only_what_is_asked_for_goes() -> None:
    article = cleaned(PAGE, Cleaning(redact=("emails", "bank_accounts")))
    assert article.personal_data == PersonalData(0, 1, 1, 0)
    assert "0912 345 678" in article.text
    assert "<EMAIL>" in article.text


def test_redaction_does_not_depend_on_the_rules() -> None:
    """It is asked for by name, and a rule that is off must not bring a number back."""
    article = cleaned(PAGE, Cleaning(ignore=("PII",), redact=("phones",)))
    assert "<PHONE>" in article.text
    assert "lan@a.vn" in article.text
    assert told(article) == []


def test_all_parts_of_the_page_are_redacted() -> None:
    page = "Tựa 0912345678\nBài lan@a.vn\nSapo 0912345678 a\nThân lan@a.vn b\nẢnh 0912345678"
    article = clean(RawDocument("x", page), ALL, label=by_first_word)
    assert article.title == "Tựa <PHONE>"
    assert article.lead == "Sapo <PHONE> a"
    assert article.text == "Sapo <PHONE> a\n\nThân <EMAIL> b"
    assert article.captions == ["Ảnh <PHONE>"]
    assert article.page.split("\n")[1] == "Bài <EMAIL>"
    assert restore(article) == page


def test_a_stated_title_is_redacted() -> None:
    article = cleaned(f"Gọi 0912345678 ngay\n\n{LONG}\n\n{LONG}", ALL, title="Gọi 0912345678 ngay")
    assert article.title == "Gọi <PHONE> ngay"
    assert "0912345678" not in json.dumps(article.record())


def test_an_unsettled_page_is_redacted() -> None:
    def hungry(_page: Page, lines: Sequence[Line]) -> list[Label]:
        labels = [Label(Kind.BODY, "") for _ in lines]
        return [*labels[:-1], Label(Kind.CHROME, "hungry", "CHR199")] if lines else labels

    page = "\n".join(f"Dòng {i}: 09123456{i}" for i in range(10, 40))
    article = clean(RawDocument("x", page), ALL, label=hungry)
    assert "ART902" in {finding.rule for finding in article.findings}
    assert article.text.count("<PHONE>") == 30
    assert restore(article) == page


@pytest.mark.parametrize("token", ["<EMAIL>", "<PHONE>", "<ID>", "<ACCOUNT>"])
def test_a_token_is_no_markup(token: str) -> None:
    text = f"{token} là nơi nhận tin. {LONG}"
    assert clean_source(text).text == text.strip()
    assert clean_source(text, recipe=Recipe(clean=ALL)).text == text.strip()


def test_facts_are_read_all_the_same() -> None:
    page = f"Lớp học\n\n01/05/2024 08:30\n\n{PAGE}"
    one, other = cleaned(page), cleaned(page, ALL)
    assert one.published == other.published is not None
    assert one.language == other.language
    assert one.locality == other.locality


# -- beside the page

HEAD = """<html><head><meta name="author" content="Nguyễn Lan, 0912345671">
<meta property="og:site_name" content="Báo Lan 0912 345 672">
<meta property="article:published_time" content="2024-05-01 ĐT 0912345673">
<meta property="article:modified_time" content="2024-05-02 ĐT 0912345674"></head>"""
FOOT = "TRANG THÔNG TIN ĐIỆN TỬ XÃ QUANG THÀNH - THỊ XÃ KINH MÔN - ĐT: 0912345675"
HTML = f"{HEAD}<article><h1>Lớp học</h1><p>{LONG}</p><p>{LONG}</p></article><p>{FOOT}</p>"
EXTRA = {
    "raw_html": "<p>Gọi 0912 345 676,\nlan@a.vn</p>",
    "0912345677": {"list": [["STK 0123456789"], None, True, 1.5], "id": 84912345678},
    "float": 84912345679.0,
    "views": 1_714_550_400,
}


def row(**beside: Any) -> dict[str, Any]:
    return {"id": "x", "content": HTML, "media_type": "text/html", **beside}


def test_what_stands_beside_the_page_counts_and_is_no_flag() -> None:
    counts = {
        "content": (HTML, 5),
        "license": ("Xin phép 0912345678", 6),
        "fetched_at": ("2024-05-03, gọi 0912345678", 6),
        "extra": (EXTRA, 9),
    }
    for field, (value, phones) in counts.items():
        article = clean(RawDocument(**row(**{field: value})))
        assert article.personal_data.phones == phones, field
        assert told(article) == []
    assert clean(RawDocument(**row(extra=EXTRA))).personal_data == PersonalData(1, 9, 0, 1)
    assert article.record()["personal_data"]["phones"] == 9


def test_what_finds_the_page_again_does_not_count() -> None:
    site = {"path": "lan@a.vn/0912345678", "site": "0912345678", "url": "https://a.vn/0912345678"}
    article = clean(RawDocument("lan@a.vn", f"{LONG}\n\n{LONG}", **site), ALL)
    assert article.personal_data == PersonalData()
    record = article.record()
    assert (record["id"], record["url"]) == ("lan@a.vn", site["url"])
    assert (record["source"]["path"], record["source"]["site"]) == (site["path"], site["site"])


def test_what_stands_beside_the_page_is_redacted() -> None:
    document = RawDocument(
        **row(extra=EXTRA, license="Hỏi lan@a.vn", fetched_at="2024-05-03, gọi 0912345678")
    )
    plain, article = clean(document), clean(document, ALL)
    assert article.personal_data == PersonalData()
    record = article.record()
    assert article.authors == ("Nguyễn Lan, <PHONE>",)
    assert record["publisher"]["name"] == "Báo Lan <PHONE>"
    assert record["publisher"]["locality"]["evidence"] == FOOT.replace("0912345675", "<PHONE>")
    assert record["published"]["evidence"] == "article:published_time: 2024-05-01 ĐT <PHONE>"
    assert record["modified"]["evidence"] == "article:modified_time: 2024-05-02 ĐT <PHONE>"
    assert record["source"]["license"] == "Hỏi <EMAIL>"
    assert record["source"]["fetched_at"] == "2024-05-03, gọi <PHONE>"
    assert json.loads(record["source"]["extra"]) == {
        "raw_html": "<p>Gọi <PHONE>,\n<EMAIL></p>",
        "<PHONE>": {"list": [["STK <ACCOUNT>"], None, True, 1.5], "id": "<PHONE>"},
        "float": "<PHONE>",
        "views": 1_714_550_400,
    }
    before = plain.record()
    same = ("id", "text", "title", "text_sha256", "language", "counts")
    assert {name: record[name] for name in same} == {name: before[name] for name in same}
    assert record["source"]["raw_sha256"] == document.raw_sha256
    assert record["published"]["value"] == before["published"]["value"]
    assert restore(article) == HTML
    assert "0123456789" in json.dumps(document.extra), "what was given stays as it is"


def test_what_is_repeated_as_evidence_counts_twice() -> None:
    page = f"{LONG}\n\nĐại hội sẽ diễn ra trong tháng 3/2020, thư lan@a.vn. {LONG}"
    article = cleaned(page)
    assert article.published
    assert "lan@a.vn" in article.published.evidence
    assert article.personal_data == PersonalData(emails=2)
    assert "lan@a.vn" not in json.dumps(cleaned(page, ALL).record())


def test_only_the_kinds_that_are_asked_for_go_from_the_extras() -> None:
    article = clean(RawDocument(**row(extra=EXTRA)), Cleaning(redact=("bank_accounts",)))
    assert article.personal_data == PersonalData(1, 9, 0, 0)
    assert article.source.extra["float"] == EXTRA["float"]


def test_nothing_to_redact_leaves_the_document_alone() -> None:
    document = RawDocument("x", f"{LONG}\n\n{LONG}", extra={"a": [1, "b"]}, license="CC-BY-4.0")
    assert clean(document, ALL).source is document


def test_deep_extras_are_redacted() -> None:
    extra: Any = "lan@a.vn"
    for _ in range(120):
        extra = {"a": [extra]}
    article = cleaned(f"{LONG}\n\n{LONG}", ALL, extra=extra)
    assert "<EMAIL>" in article.record()["source"]["extra"]
    assert article.personal_data == PersonalData()


def test_a_page_without_an_article_is_redacted_beside_too() -> None:
    article = cleaned("", ALL, license="lan@a.vn", title="Gọi 0912345678")
    assert not article.is_article
    assert (article.source.license, article.stated_title) == ("<EMAIL>", "Gọi <PHONE>")


# -- recipe, command line, release


def test_the_recipe_names_the_kinds_of_the_record() -> None:
    assert tuple(field.name for field in fields(PersonalData)) == REDACTED
    recipe = parse('[clean]\nredact = ["phones", "emails"]\n')
    assert recipe.clean.redact == ("phones", "emails")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            '["phone"]',
            "recipe: clean.redact: 'phone' must be one of emails, phones, identity_numbers, "
            "bank_accounts",
        ),
        ('"phones"', "recipe: clean.redact must be a list of strings"),
        ("true", "recipe: clean.redact must be a list of strings"),
    ],
)
def test_a_wrong_kind_is_an_error(value: str, message: str) -> None:
    with pytest.raises(RecipeError) as error:
        parse(f"[clean]\nredact = {value}\n")
    assert str(error.value) == message


def test_the_explanation_shows_it_in_place() -> None:
    line = next(line for line in explain(cleaned(PAGE)) if "chị Lan" in line.text)
    shown = {(found.rule, line.text[found.start : found.end]) for found in line.repairs}
    assert shown == {("PII102", "0912  345 678"), ("ENC035", "  "), ("PII101", "lan@a.vn")}
    redacted = next(line for line in explain(cleaned(PAGE, ALL)) if "chị Lan" in line.text)
    assert ("PII102", "<PHONE>") in {(f.rule, f.replacement) for f in redacted.repairs}
    ignored = explain(cleaned(PAGE, Cleaning(ignore=("PII",))))
    assert not any(f.rule.startswith("PII") for line in ignored for f in line.repairs)


def phusa(*arguments: str, cwd: Path) -> str:
    command = [sys.executable, "-m", "phusa", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, check=True).stdout.decode()


def test_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    (tmp_path / "phusa.toml").write_text('[clean]\nredact = ["phones"]\n', "utf-8")
    shown = phusa("explain", "page.txt", cwd=tmp_path)
    assert "0912{ENC035 “  ” → “ ”}345 678 {PII102 phone number, 10 digits} hoặc" in shown
    assert "lan@a.vn {PII101 e-mail address} để" in shown
    shown = phusa("explain", "page.txt", "--recipe", "phusa.toml", cwd=tmp_path)
    assert "{PII102 “0912  345 678” → “<PHONE>”}" in shown
    printed = phusa("clean", "page.txt", "--recipe", "phusa.toml", cwd=tmp_path)
    assert "điện thoại <PHONE> hoặc thư lan@a.vn" in printed
    row = json.loads(phusa("explain", "--json", "page.txt", cwd=tmp_path))
    assert "lan@a.vn" not in json.dumps(row)


def test_a_release_counts_and_its_audit_does_not_repeat(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    sources = Sources(("page.txt",))
    for name, redact in (("whole", ()), ("redacted", ("phones",))):
        recipe = Recipe(Dataset(name), sources, Cleaning(redact=redact), folder=tmp_path)
        release = build(recipe, tmp_path / "dist")
        manifest = json.loads((release.folder / "manifest.json").read_text("utf-8"))
        expected = {"bank_accounts": 1, "emails": 1, "identity_numbers": 1}
        expected |= {} if redact else {"phones": 1}
        assert manifest["statistics"]["personal_data"] == expected
        assert manifest["statistics"]["findings"]["PII102"] == 1
        rows = list(packed.values(release.audit / "findings.jsonl.zst"))
        flags = [row for row in rows if row["step"] is None]
        assert len(flags) == 4 - len(redact)
        assert "0123456789" not in json.dumps(flags)
        assert all(row["before"] is None for row in flags)
        edits = [row for row in rows if row["after"] == "<PHONE>"]
        assert [row["before"] for row in edits] == ["0912 345 678"] * len(redact)


def test_a_release_counts_what_its_rows_carry_along(tmp_path: Path) -> None:
    rows = {"text": f"{LONG}\n\n{LONG}", "raw_html": "<p>Gọi 0912 345 678, lan@a.vn</p>"}
    (tmp_path / "pages.jsonl").write_text(json.dumps(rows), "utf-8")
    digests = set()
    for name, redact in (("whole", ()), ("redacted", REDACTED)):
        cleaning = Cleaning(redact=redact)
        recipe = Recipe(Dataset(name), Sources(("pages.jsonl",)), cleaning, folder=tmp_path)
        release = build(recipe, tmp_path / "dist")
        manifest = json.loads((release.folder / "manifest.json").read_text("utf-8"))
        found = {} if redact else {"emails": 1, "phones": 1}
        assert {k: n for k, n in manifest["statistics"]["personal_data"].items() if n} == found
        (file,) = (release.folder / "jsonl").iterdir()
        (record,) = packed.values(file)
        assert ("lan@a.vn" in json.dumps(record)) is not bool(redact)
        digests.add((record["id"], record["source"]["raw_sha256"]))
    assert len(digests) == 1
