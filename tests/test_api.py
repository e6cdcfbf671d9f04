"""The library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import phusa

SEEDS = Path(__file__).parent.parent / "seeds"
SEED = SEEDS / "001_dcbaa997704a11bc.txt"


def test_every_public_name_is_there() -> None:
    assert len(phusa.__all__) <= 15
    for name in phusa.__all__:
        assert getattr(phusa, name) is not None
    with pytest.raises(AttributeError, match="nope"):
        _ = phusa.nope


def test_functions_stay_functions_when_modules_are_imported() -> None:
    code = (
        "import phusa, phusa.building, phusa.repairs.mojibake, phusa.cli\n"
        "assert phusa.repair('x').text == 'x' and callable(phusa.build) and callable(phusa.clean)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_import_is_light() -> None:
    code = "import sys, phusa; sys.exit(str([m for m in sys.modules if m.startswith('phusa.')]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.stderr == b"[]\n"


def test_clean_takes_text_and_bytes() -> None:
    raw = SEED.read_bytes()
    assert phusa.clean(raw).text == phusa.clean(raw.decode()).text


def test_what_is_known_goes_into_the_record() -> None:
    article = phusa.clean(
        SEED.read_bytes(), url="https://example.vn/a", fetched_at="2026-01-01", language="vi"
    )
    record = article.record()
    assert (record["url"], record["id"]) == ("https://example.vn/a", "https://example.vn/a")
    assert record["source"]["fetched_at"] == "2026-01-01"
    assert record["language"] == {"code": "vi", "confidence": 1.0}


def test_a_date_after_the_crawl_is_not_believed() -> None:
    assert phusa.clean(SEED.read_bytes(), fetched_at="2025-08-14").published is None
    assert phusa.clean(SEED.read_bytes(), fetched_at="2025-08-15T08:00:00Z").published is not None


def test_a_page_without_an_article() -> None:
    article = phusa.clean("Trang chủ\nOnline: 77\n")
    assert not article.is_article
    assert article.text == ""
    assert article.title is None
    assert "ART901" in {finding.rule for finding in article.findings}


def test_rules_by_recipe() -> None:
    from phusa.recipe import parse

    recipe = parse('[clean]\nignore = ["CHR"]\n')
    assert "ONECMS" in phusa.clean(SEED.read_bytes(), recipe=recipe).text


def test_repair_reports_in_the_coordinates_of_its_input() -> None:
    text = "\ufeffR&amp;D  cu\u0309a ti\ufffdn"
    repaired = phusa.repair(text)
    assert repaired.text == "R&D của ti\ufffdn"
    assert [(f.rule, text[f.start : f.end]) for f in repaired.findings] == [
        ("ENC002", "\ufeff"),
        ("ENC030", "&amp;"),
        ("ENC035", "  "),
        ("ENC040", "cu\u0309a"),
        ("ENC050", "\ufffd"),
    ]


def test_repair_by_recipe() -> None:
    from phusa.recipe import parse

    text = "Thị ủy và Ủy ban nhân dân xã Hòa Bình họp ở nhà văn hoá."
    assert phusa.repair(text).text == text
    new = phusa.repair(text, recipe=parse('[clean]\ntone_style = "new"\n'))
    assert new.text == "Thị uỷ và Uỷ ban nhân dân xã Hoà Bình họp ở nhà văn hoá."
    assert {finding.rule for finding in new.findings} == {"ENC071"}
    off = parse('[clean]\ntone_style = "new"\nignore = ["ENC071"]\n')
    assert phusa.repair(text, recipe=off).text == text


def test_clean_has_titles_in_the_style_of_the_text() -> None:
    from phusa.recipe import parse

    page = "<title>Hòa Bình: thủy lợi ở Lộc Thủy</title><h1>Hòa Bình: thủy lợi ở Lộc Thủy</h1>"
    page += "<p>Xã Lộc Thủy đã đưa nước về đồng, nhiều hộ ở Hòa Bình được nhờ.</p>" * 3
    article = phusa.clean(page, recipe=parse('[clean]\ntone_style = "new"\n'))
    assert article.title == "Hoà Bình: thuỷ lợi ở Lộc Thuỷ"
    assert "Thủy" not in article.text
    assert phusa.restore(article) == page


def test_reports_lie_where_they_are_whatever_else_was_repaired() -> None:
    text = "Tin    mới \ue000 và" + "  \n" * 50 + "\ufffd"
    spans = {f.rule: text[f.start : f.end] for f in phusa.repair(text).findings}
    assert (spans["ENC037"], spans["ENC050"]) == ("\ue000", "\ufffd")


def test_titles_go_by_the_rules_and_the_language_of_the_page() -> None:
    from phusa.recipe import parse

    body = "<p>Thành phố đã mở đường mới, nhiều người dân ở đây được nhờ lắm.</p>" * 4
    off = parse('[clean]\nignore = ["ENC"]\n')
    misread = "Thá»‹ xÃ£ Ká»³ Anh há»\x8dp"
    assert phusa.clean(f"<title>{misread}</title>{body}", recipe=off).title == misread
    page = f"<title>Le maire\xa0: non\xa0!</title>{body}"
    assert phusa.clean(page, language="fr").title == "Le maire\xa0: non\xa0!"


def test_a_title_in_order_beside_a_legacy_page_stays() -> None:
    import json

    from phusa import pipeline
    from phusa.page import RawDocument

    text = "Héi nghÞ ®· bÇu ra Ban ChÊp hµnh khãa míi cña thÞ x·. " * 5
    for title in ("Bán nhà, cho thuê", "Café Paris"):
        article = pipeline.clean(RawDocument("x", text, title=title))
        assert json.dumps(article.title) == json.dumps(title)


def test_explain_shows_repairs_of_a_line_that_was_read_again() -> None:
    from phusa.explanation import explain

    page = ("Héi nghÞ ®· bÇu ra Ban ChÊp hµnh khãa míi cña thÞ x·.  \n\n") * 3
    lines = explain(phusa.clean(page))
    assert len(lines) == 3
    assert all(line.kind in ("lead", "body") for line in lines)
    assert "ENC010" in {repair.rule for line in lines for repair in line.repairs}


def test_a_repaired_text_can_be_restored() -> None:
    text = "\ufeffHéi nghÞ ®· bÇu  ra Ban ChÊp hµnh \r\nThá»‹ xÃ£ Ky\u0300 Anh, chất lựơng"
    repaired = phusa.repair(text)
    assert repaired.text != text
    assert phusa.restore(repaired) == text


def test_repair_of_a_known_language() -> None:
    text = "Prix\xa0: 5\xa0€"
    assert phusa.repair(text).text == "Prix : 5 €"
    assert phusa.repair(text, language="fr").text == text


def test_cleaner_keeps_the_order() -> None:
    pages = [path.read_bytes() for path in sorted(SEEDS.glob("*.txt"))]
    articles = list(phusa.Cleaner().clean_many(pages))
    assert [article.title for article in articles] == [phusa.clean(page).title for page in pages]


def test_cleaner_with_workers_gives_the_same() -> None:
    pages = [path.read_bytes() for path in sorted(SEEDS.glob("*.txt"))] * 20
    one = [article.record() for article in phusa.Cleaner().clean_many(pages)]
    two = [article.record() for article in phusa.Cleaner(workers=2).clean_many(pages)]
    assert one == two


def test_what_is_no_page() -> None:
    with pytest.raises(TypeError, match="str or bytes"):
        phusa.clean(None)  # type: ignore[arg-type]


def test_build(tmp_path: Path) -> None:
    release = phusa.build(SEEDS / "phusa.toml", tmp_path)
    assert isinstance(release, phusa.Release)
    assert (release.records, release.unchanged) == (5, False)
    assert phusa.build(SEEDS / "phusa.toml", tmp_path).unchanged
