"""Finished records: what is found in them, and that what phusa makes has none of it."""

from __future__ import annotations

import copy
import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import translations
from pages import ANY
from phusa.checking.endings import MIN_LINE_CHARS, cut_off
from phusa.checking.language import KNOWN, SAME, wrong_language
from phusa.checking.localities import misplaced
from phusa.checking.placeholders import placeholders
from phusa.checking.records import check_record
from phusa.checking.residue import html_residue
from phusa.evaluation import GoldPage, read
from phusa.findings import Finding
from phusa.metadata.languages import _detectors
from phusa.page import RawDocument
from phusa.pipeline import clean
from phusa.quality import privacy
from phusa.recipe import Cleaning
from phusa.release.validation import problems

HERE = Path(__file__).parent
CASES = HERE / "cases" / "check"
SEEDS = sorted((HERE.parent / "seeds").glob("*.txt"))
GOLD = sorted((HERE / "gold").glob("*.jsonl"))
TODAY = date(2026, 6, 1)
PERSONAL = {rule.code for rule in privacy.RULES}

PARAGRAPH = (
    "Sáng 3/3, cây cầu treo nối bản Nà Lại với trung tâm phường An Lưu đã thông xe, giúp hơn hai "
    "trăm hộ dân không còn phải lội suối vào mùa mưa."
)


def load(name: str) -> list[Any]:
    """The cases of a file as parameters."""
    cases = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return [
        pytest.param(case, id=f"{i}: {str(case.get('input', case['found']))[:40]!a}")
        for i, case in enumerate(cases)
    ]


@pytest.mark.parametrize("case", load("residue"))
def test_residue(case: dict[str, Any]) -> None:
    assert [found.message for found in html_residue(case["input"])] == case["found"]


@pytest.mark.parametrize("case", load("endings"))
def test_ending(case: dict[str, Any]) -> None:
    found = cut_off(case["input"])
    assert (found and case["input"][found.start : found.end]) == case["found"]


@pytest.mark.parametrize("case", load("placeholders"))
def test_placeholders(case: dict[str, Any]) -> None:
    found = placeholders(case["input"], title=case["title"])
    assert [finding.message for finding in found] == case["found"]


@pytest.mark.parametrize("case", load("language"))
def test_language(case: dict[str, Any]) -> None:
    found = wrong_language(f"{case['input']} " * case["times"], case["stated"])
    assert (found and found.message) == case["found"]


@pytest.mark.parametrize("case", load("places"))
def test_places(case: dict[str, Any]) -> None:
    then = [dict(zip(("level", "code", "name"), unit, strict=True)) for unit in case["then"]]
    place = {"country": case["country"], "then": then}
    record = {
        "locality": None if case["publisher"] else place,
        "publisher": {"locality": place} if case["publisher"] else None,
        "published": case["published"] and {"value": case["published"]},
        "source": {"fetched_at": case["fetched_at"]},
    }
    found = list(misplaced(record, date.fromisoformat(case["today"])))
    assert [finding.message for _, finding in found] == case["found"]
    prefix = "/publisher/locality" if case["publisher"] else "/locality"
    assert all(pointer.startswith(f"{prefix}/then/") for pointer, _ in found)


# -- whole records


@cache
def base() -> dict[str, Any]:
    """A record with something in every field that is looked at."""
    page = RawDocument("x", "\n\n".join([PARAGRAPH] * 3), fetched_at="2025-03-06")
    record = clean(page).record()
    units = [("ward", "10675", "Phường An Lưu"), ("district", "292", "Thị xã Kinh Môn")]
    then = [dict(zip(("level", "code", "name"), unit, strict=True)) for unit in units]
    place = {"country": "VN", "as_named": "An Lưu", "precision": "ward", "then": then, "now": []}
    place |= {"as_of": "2025-07-01", "evidence": "phường An Lưu", "rule": "MET121"}
    day = {"value": "2025-03-04", "precision": "day", "evidence": "4/3/2025", "rule": "MET101"}
    day |= {"inferred": False, "not_before": None, "not_after": None}
    return record | {
        "url": "https://a.example/cau",
        "title": "Cầu treo Nà Lại thông xe",
        "lead": PARAGRAPH,
        "captions": ["Cầu treo trong ngày thông xe. Ảnh: Thu Hạnh", "Cụ Lò Văn Pản"],
        "published": day,
        "modified": day | {"value": "2025-03-05"},
        "locality": place,
        "publisher": {"name": "UBND phường An Lưu", "locality": copy.deepcopy(place)},
    }


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """The record with other values at some pointers; a text that starts with + is one line more."""
    record = copy.deepcopy(base())
    for pointer, value in changes.items():
        *path, last = pointer.split("/")[1:]
        inside: Any = record
        for key in path:
            inside = inside[int(key) if isinstance(inside, list) else key]
        key = int(last) if isinstance(inside, list) else last
        inside[key] = f"{inside[key]}\n\n{value[1:]}" if str(value)[:1] == "+" else value
    if "/text" in changes:
        text = record["text"]
        record["text_sha256"] = hashlib.sha256(text.encode()).hexdigest()
        record["counts"] |= {"chars": len(text), "words": len(text.split())}
    assert problems(record) == []
    return record


@pytest.mark.parametrize("case", load("records"))
def test_record(case: dict[str, Any]) -> None:
    recipe = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in case["recipe"].items()
    }
    found = list(check_record(changed(case["set"]), Cleaning(**recipe), TODAY))
    assert [[pointer, finding.rule] for pointer, _, finding in found] == case["found"]
    for _, text, finding in found:
        assert 0 <= finding.start <= finding.end <= len(text)


def test_findings_lie_in_their_text() -> None:
    record = changed({"/text": "+Gọi 0912 345 678, <b>ngay</b> hôm nay."})
    found = [
        (f.rule, text[f.start : f.end]) for _, text, f in check_record(record, Cleaning(), TODAY)
    ]
    assert found == [("QUA102", "<b>"), ("PII102", "0912 345 678")]


def test_every_rule_of_records_has_a_case() -> None:
    shown = {rule for param in load("records") for _, rule in param.values[0]["found"]}
    shown |= {
        rule
        for case in json.loads((CASES / "dates.json").read_text("utf-8"))
        for _, rule, _ in case["found"]
    }
    assert shown >= {"SCH102", "QUA101", "QUA102", "QUA103", "QUA104", "QUA105", "QUA106"}
    assert shown >= {"MET201", "MET202", "MET203", "MET204", "MET205", "CHR120"}


# -- what phusa makes


def told(document: RawDocument) -> list[tuple[str, str]]:
    """What is found in the record of a page, but for personal data."""
    article = clean(document)
    if not article.is_article:
        return []
    found = check_record(article.record(), Cleaning(), TODAY)
    return [(at, finding.rule) for at, _, finding in found if finding.rule not in PERSONAL]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_seeds(seed: Path) -> None:
    untitled = seed.stem[:3] in ("003", "004")
    found = told(RawDocument(seed.stem, seed.read_bytes(), fetched_at="2026-03-08"))
    assert found == ([("/title", "QUA104")] if untitled else [])


TRUE = {
    "es-listing": [("/title", "QUA104")],
    "vi-poem": [("/title", "QUA104")],
    "th-notice": [("/title", "QUA104")],
    "html-fr-shell": [("/text", "QUA101")],  # which a build rejects
}
"""What is found in records of the gold pages, and is so."""


def gold_pages() -> list[GoldPage]:
    rows = []
    for path in GOLD:
        with path.open("rb") as file:
            rows += [row for row in read(file, str(path)) if isinstance(row, GoldPage)]
    return rows


@pytest.mark.parametrize("page", gold_pages(), ids=lambda page: page.id)
def test_gold_pages(page: GoldPage) -> None:
    document = RawDocument(page.id, page.source, page.media_type, url=page.url)
    assert told(document) == TRUE.get(page.id, [])


@given(ANY)
def test_any_text(text: str) -> None:
    """Whatever a text holds, the checks end, and point into it."""
    found = [*html_residue(text), *placeholders(text), *placeholders(text, title=True)]
    found += filter(None, (cut_off(text), wrong_language(text, "en")))
    assert all(0 <= one.start <= one.end <= len(text) for one in found)


HOSTILE = {
    "openings": "<" * 100_000,
    "tags": "<a " * 40_000,
    "comments": "<!--" * 30_000,
    "braces": "{" * 50_000 + "color:" + "x" * 50_000,
    "fields": "{{" * 50_000,
    "functions": "function(a," * 10_000,
    "a long tag": "<p " + "x" * 100_000,
    "brackets": "(" * 100_000,
    "values": "undefined:" * 10_000,
    "blanks": " " * 100_000 + "x",
    "filler": "lorem " * 20_000 + "ipsum",
    "half a pair": "\ud800 <p>" * 1_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text(text: str) -> None:
    test_any_text.hypothesis.inner_test(text)  # type: ignore[attr-defined]


# -- measured on other texts


def test_the_detector_knows_these_languages() -> None:
    assert {code.partition("-")[0] for code in _detectors().get_lang_list()} == KNOWN
    assert KNOWN.isdisjoint(SAME)
    assert KNOWN.issuperset(SAME.values())


def languages() -> list[str]:
    return [
        code for code in translations.clean_catalogues()[0] if len(translations.lines(code)) > 99
    ]


@pytest.mark.parametrize("code", languages())
def test_translations_are_in_their_language(code: str) -> None:
    """Also those in languages that the detector takes for others."""
    lines = [line for line in translations.lines(code) if "%" not in line and len(line) > 30]
    for start in range(0, min(len(lines), 60), 12):
        text = "\n".join(lines[start : start + 12])
        assert wrong_language(text, code.replace("_", "-")) is None, text


def sentences() -> list[tuple[str, str]]:
    """The gold pages' own texts that are long enough to be cut, and their ids."""
    texts = (
        (page.id, clean(RawDocument(page.id, page.source, page.media_type)).text)
        for page in gold_pages()
        if not page.id.startswith("th")
    )
    return [(name, text) for name, text in texts if len(text) > 5 * MIN_LINE_CHARS]


def test_most_cuts_are_found() -> None:
    """Texts cut in the middle of a long line, away from where its sentences start and end."""
    found: list[Finding | None] = []
    for _, text in sentences():
        for at in range(len(text) // 3, len(text) - 40, 53):
            line = text[text.rfind("\n", 0, at) + 1 : at]
            if len(line) >= MIN_LINE_CHARS and not any(c in ".!?…:;。" for c in line[-25:]):
                found.append(cut_off(text[:at]))
    assert len(found) > 40
    assert sum(one is not None for one in found) >= 0.7 * len(found)
