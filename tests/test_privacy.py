"""Personal data: found, counted, told of without being repeated, and on request taken out.

All numbers and addresses are invented.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages import ANY
from phusa import languages
from phusa.api import clean as clean_source
from phusa.building import build
from phusa.explanation import explain
from phusa.facts import PersonalData
from phusa.findings import Selection
from phusa.page import Article, Kind, Label, Line, Page, RawDocument, restore
from phusa.pipeline import clean
from phusa.quality import privacy
from phusa.recipe import REDACTED, Cleaning, Dataset, Recipe, RecipeError, Sources, parse
from phusa.release import lines as packed

CASES = Path(__file__).parent / "cases" / "privacy"
ALL = Cleaning(redact=REDACTED)
CODES = [rule.code for rule in privacy.RULES]


def cases() -> list[Any]:
    """The cases as parameters, known failures marked."""
    found = []
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            failing = pytest.mark.xfail(strict=True, reason=case.get("why", ""))
            marks = failing if case.get("expect") == "fail" else ()
            found.append(pytest.param(case, marks=marks, id=f"{path.stem}: {case['input'][:40]!a}"))
    return found


def cleaned(page: str, cleaning: Cleaning | None = None, **beside: Any) -> Article:
    return clean(RawDocument("x", page, **beside), cleaning)


def told(article: Article) -> list[str]:
    """The rules of the personal data that was found and left there."""
    return [flag.rule for flag in article.flags if flag.rule in CODES]


# -- pieces of a text


@pytest.mark.parametrize("case", cases())
def test_pieces(case: dict[str, Any]) -> None:
    text = case["input"]
    found = [[piece.rule, text[piece.start : piece.end]] for piece in privacy.pieces(text)]
    assert found == case["found"]


def test_the_cases_are_enough() -> None:
    known = [param.values[0] for param in cases()]
    assert len(known) >= 200
    assert all(case["source"] for case in known)
    rules = Counter(rule for case in known for rule, _ in case["found"])
    assert sorted(rules) == CODES
    assert min(rules.values()) >= 15
    assert sum(not case["found"] for case in known) >= 70


def test_most_of_the_cases_hold() -> None:
    """Known failures included: how much is found, and how much of what is found is right."""
    right = missed = wrong = 0
    for param in cases():
        case = param.values[0]
        text = case["input"]
        found = Counter((f.rule, text[f.start : f.end]) for f in privacy.pieces(text))
        wanted = Counter(map(tuple, case["found"]))
        right += (found & wanted).total()
        missed += (wanted - found).total()
        wrong += (found - wanted).total()
    assert right / (right + wrong) > 0.98
    assert right / (right + missed) > 0.92


def test_what_is_told_does_not_repeat_it() -> None:
    for param in cases():
        text = param.values[0]["input"]
        for piece in privacy.pieces(text):
            value = text[piece.start : piece.end]
            digits = sum(map(str.isdigit, value))
            shown = f", {digits} digits" if piece.rule != "PII101" else ""
            name = piece.message.removesuffix(shown)
            names = {"e-mail address", "phone number", "identity number", "bank account"}
            assert name in names
            assert piece.replacement is None


def test_words_of_the_packs_are_in_small_letters_and_say_one_thing() -> None:
    words = languages.privacy()
    for word in (*words.before, *words.between, *words.units):
        assert word == word.lower().strip(), word
    kinds = {"phone", "account", "maybe_account", "identity", "passport", "other"}
    assert set(words.before.values()) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "1" * 2_000_000,
        "@" * 2_000_000,
        "a@" * 1_000_000,
        "0 " * 1_000_000,
        "12 " * 400_000,
        ".-" * 1_000_000,
        "+1" * 1_000_000,
        "(" * 2_000_000,
        "a" * 1_000_000 + "@" + "a." * 500_000,
        "IBAN " + "DE89" * 500_000,
        "<PHONE" * 300_000,
        "STK " + "<ACCOUNT> 1 " * 100_000,
        "0912345678 " * 50_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_lines_take_time_by_their_length(text: str) -> None:
    privacy.pieces(text)


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


# -- for every page

PARTS = (
    "ĐT Tel. STK số#tài#khoản tài#khoản TK CCCD CMND#số hộ#chiếu giá mã#số IBAN call zalo.me BHXH "
    "0912345678 0912#345#678 0912.345.678 38261234 3826#1234 024#3826#1234 (024)#3826.1234 +84 84 "
    "(0) 912345678 001200012345 012345678 0123456789 0123#4567#8901 12 5 2019 09-12-2019 08:30 "
    "1900#1234 12.990.000 212-555-0123 +1 44#20#7946#0123 DE89#3704#0044#0532#0130#00 B1234567 "
    "lan@a.vn A.B@X.VN a @ b.vn [at] <PHONE> <EMAIL> <ID> <ACCOUNT> x đồng người QĐ Hùng số html"
)
SIGNS = (" ", "  ", " - ", "-", ".", ". ", ", ", ",", "/", ": ", ":", "", "(", ")", "\n", "\n\n")
PERSONAL = st.lists(
    st.one_of(
        st.sampled_from([part.replace("#", " ") for part in PARTS.split(" ")]),
        st.sampled_from(SIGNS),
        st.sampled_from((*"+_=#$%–", "\xa0", LONG, "Trang chủ\n", "Đang truy cập: 1\n")),
    ),
    max_size=30,
).map("".join)
TEXTS = st.one_of(PERSONAL, ANY)
SOME = st.lists(st.sampled_from(REDACTED), min_size=1, unique=True).map(tuple)


@settings(max_examples=300)
@given(TEXTS)
def test_pieces_are_in_order_and_apart(text: str) -> None:
    done = 0
    for piece in privacy.pieces(text):
        assert done <= piece.start < piece.end <= len(text)
        assert "\n" not in text[piece.start : piece.end]
        done = piece.end


@settings(max_examples=300)
@given(PERSONAL)
def test_lines_are_looked_at_alone(text: str) -> None:
    alone = [f.message for line in text.split("\n") for f in privacy.pieces(line)]
    assert [f.message for f in privacy.pieces(text)] == alone


@settings(max_examples=300)
@given(TEXTS, SOME)
def test_redacting_twice_is_redacting_once(text: str, kinds: tuple[str, ...]) -> None:
    once = privacy.redacted(text, kinds)
    assert privacy.redacted(once, kinds) == once
    assert privacy.redactions(once, kinds) == []


@settings(max_examples=300)
@given(TEXTS, SOME)
def test_redaction_can_be_undone_and_is_done_once(text: str, kinds: tuple[str, ...]) -> None:
    cleaning = Cleaning(redact=kinds)
    article = cleaned(text, cleaning)
    assert restore(article) == text
    assert privacy.redactions(article.page, kinds) == []
    again = cleaned(article.page, cleaning)
    assert (again.page, again.log) == (article.page, ())
    assert cleaned(article.text, cleaning).text == article.text


@settings(max_examples=300)
@given(TEXTS, st.one_of(st.just(()), SOME), st.lists(st.sampled_from(CODES), max_size=2))
def test_counts_are_those_of_the_record(
    text: str, kinds: tuple[str, ...], ignored: list[str]
) -> None:
    article = cleaned(text, Cleaning(redact=kinds, ignore=tuple(ignored)))
    record = article.record()
    on = Selection(ignore=tuple(ignored))
    published = [record["title"] or "", record["text"], *record["captions"]]
    found = [piece for part in published for piece in privacy.pieces(part)]
    assert article.personal_data == privacy.counts(found)
    assert sorted(told(article)) == sorted(piece.rule for piece in found if piece.rule in on)
    assert all(not record["personal_data"][kind] for kind in kinds)


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
