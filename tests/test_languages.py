"""Language identification: the port gives the verdicts of the library it stands for."""

from __future__ import annotations

import langdetect
import langdetect_rs
import pytest

from phusa.metadata.languages import BCP_47, DETECTOR_CHARS, SEED, _detect, language

TEXTS = {
    "vi": "Dang bo phuong da hoan tat cong tac chuan bi de to chuc dai hoi nhiem ky moi.",
    "en": "The council said on Monday that the new road would open in March, two months late.",
    "de": "Der Stadtrat teilte am Montag mit, dass die neue Straße erst im März eröffnet wird.",
    "fr": "Le conseil municipal a annoncé lundi que la nouvelle route ouvrirait en mars.",
    "es": "El ayuntamiento anunció el lunes que la nueva carretera se abrirá en marzo.",
    "pl": "Rada miasta ogłosiła w poniedziałek, że nowa droga zostanie otwarta w marcu.",
    "ru": "Городской совет сообщил в понедельник, что новая дорога откроется в марте.",
    "el": "Το δημοτικό συμβούλιο ανακοίνωσε τη Δευτέρα ότι ο νέος δρόμος θα ανοίξει τον Μάρτιο.",
    "zh-Hans": "市政府星期一宣布，新的道路将于三月开通，比原计划晚两个月。",
    "ja": "市は月曜日、新しい道路が予定より二か月遅れて三月に開通すると発表した。",
    "th": "เทศบาลประกาศเมื่อวันจันทร์ว่าถนนสายใหม่จะเปิดในเดือนมีนาคม ช้ากว่ากำหนดสองเดือน",
    "ar": "أعلن المجلس البلدي يوم الاثنين أن الطريق الجديد سيفتتح في شهر مارس المقبل.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_languages(code: str) -> None:
    found = language(TEXTS[code])
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("code", TEXTS)
@pytest.mark.parametrize("repeat", [1, 3, 30])
def test_the_port_gives_the_verdict_of_the_library(code: str, repeat: int) -> None:
    text = (TEXTS[code] + " ") * repeat
    langdetect.DetectorFactory.seed = SEED
    best = langdetect.detect_langs(text[:DETECTOR_CHARS])[0]
    found = _detect(text[:DETECTOR_CHARS])
    assert found is not None
    assert (found.code, found.confidence) == (BCP_47.get(best.lang, best.lang), round(best.prob, 4))


def test_the_library_s_own_seed_is_left_alone() -> None:
    before = langdetect_rs.DetectorFactory.seed
    language(TEXTS["en"])
    assert langdetect_rs.DetectorFactory.seed == before


def test_vietnamese_letters_decide_alone() -> None:
    text = "Đảng bộ phường đã hoàn tất công tác chuẩn bị để tổ chức đại hội."
    assert langdetect.detect(text) == "vi"
    assert language(text) == language(text + " The end of it.")


@pytest.mark.parametrize("text", ["", "2024", "…", "Xin", "12/3 – 4/5", "\U0001f600" * 40])
def test_too_little_to_tell(text: str) -> None:
    assert language(text) is None
