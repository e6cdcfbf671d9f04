"""Clean text in a hundred languages passes the repairs as it is.

The text is the translations of installed packages (`translations`), each line alone, and lines
joined into pages, where a repair could take a page's verdict for a line's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path

import pytest

import phusa
import translations

SEEDS = Path(__file__).parent.parent / "seeds"

LEGACY = ("ENC010", "ENC011", "ENC012", "ENC013", "ENC014", "ENC015", "ENC016")
MISREAD = ("ENC020", "ENC021", "ENC022")
VIETNAMESE = ("ENC070", "ENC071", "ENC072", "ENC073", "ENC074")
"""Tones, typing and glued words."""

NO_BREAK_SPACE, DOUBLE_BLANK = BLANKS = ("ENC033", "ENC035")
FLAWS = {
    "Đảm bảo giá trị này là %(limit_value)s  (nó là %(show_value)s ).": DOUBLE_BLANK,
    "Không có %(verbose_name_plural)s  phù hợp": DOUBLE_BLANK,
    "Hãy sửa các dữ liệu trùng lặp cho %(field_name)s  mà phải là duy nhất cho %(lookup)s tại "
    "%(date_field)s .": DOUBLE_BLANK,
    "%(count)s  %(name)s đã được thay đổi thành công.": DOUBLE_BLANK,
    "Xóa các %(object_name)s  ' %(escaped_object)s ' sẽ bắt buộc xóa các đối tượng được bảo vệ "
    "sau đây:": DOUBLE_BLANK,
    "Mật khẩu của bạn đã được lập lại.  Bạn hãy thử đăng nhập.": DOUBLE_BLANK,
    "%(sel)s  của %(cnt)s được chọn": DOUBLE_BLANK,
    "Đối tượng %(name)s  với khóa chính %(key)r không tồn tại.": DOUBLE_BLANK,
    "%(count)s\xa0phút trước": NO_BREAK_SPACE,
    "%(count)s\xa0phút sau": NO_BREAK_SPACE,
    "%(count)s\xa0giây trước": NO_BREAK_SPACE,
    "%(count)s\xa0giây sau": NO_BREAK_SPACE,
    "%(count)s\xa0giờ trước": NO_BREAK_SPACE,
}
"""The Vietnamese lines that are not clean, and the rule that says so."""


@cache
def text_by_language() -> dict[str, list[str]]:
    """The lines of each language."""
    return {
        language: translations.lines(language) for language in translations.clean_catalogues()[0]
    }


def others() -> Iterator[list[str]]:
    """The lines of each language but Vietnamese."""
    return (lines for language, lines in text_by_language().items() if language != "vi")


def joined(lines: list[str], size: int) -> Iterator[str]:
    """Pages of so many lines."""
    return ("\n".join(lines[at : at + size]) for at in range(0, len(lines), size))


def reported(texts: Iterable[str], codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """What rules with these codes say of texts."""
    return [
        (finding.rule, text[finding.start : finding.end])
        for text in texts
        for finding in phusa.repair(text).findings
        if finding.rule in codes
    ]


def test_there_is_enough_text() -> None:
    sizes = {language: len(lines) for language, lines in text_by_language().items()}
    assert sizes.pop("vi") >= 1000
    assert len([language for language, size in sizes.items() if size >= 100]) >= 60
    assert sum(sizes.values()) >= 60_000


def test_what_is_left_out_is_little() -> None:
    """Messages that are no clean Unicode: all are decomposed, nearly all Bengali and Vietnamese."""
    dropped = translations.clean_catalogues()[1]
    assert {why for _, why in dropped} == {"not in normal form C"}
    assert sum(dropped.values()) < 0.01 * sum(map(len, text_by_language().values()))


@pytest.mark.parametrize("size", [1, 20, 200])
def test_other_languages(size: int) -> None:
    pages = chain.from_iterable(joined(lines, size) for lines in others())
    assert reported(pages, LEGACY + MISREAD + VIETNAMESE) == []


def test_a_page_in_all_languages_at_once() -> None:
    """Languages by turns, so that no verdict on a line is helped by its neighbours."""
    turns = zip_longest(*(lines[:10] for lines in text_by_language().values()))
    page = "\n".join(filter(None, chain.from_iterable(turns)))
    assert reported([page], LEGACY + MISREAD + VIETNAMESE) == []


def test_pages_half_in_vietnamese() -> None:
    """Lines of the other language are no Vietnamese, whatever stands around them."""
    vietnamese = [line for line in text_by_language()["vi"] if line not in FLAWS][200:]
    pages = (
        "\n".join(chain.from_iterable(zip(lines[:80], vietnamese, strict=False)))
        for lines in others()
    )
    assert reported(pages, LEGACY + MISREAD + VIETNAMESE) == []


@pytest.mark.parametrize("size", [1, 20, 200])
def test_vietnamese(size: int) -> None:
    """No change at all, and nothing to report."""
    lines = [line for line in text_by_language()["vi"] if line not in FLAWS]
    for page in joined(lines, size):
        assert phusa.repair(page) == phusa.Repaired(page, ())


def test_flaws_of_vietnamese_lines() -> None:
    assert FLAWS.keys() <= set(text_by_language()["vi"])
    for line, rule in FLAWS.items():
        assert {finding.rule for finding in phusa.repair(line).findings} == {rule}, line


def test_decomposed_text_is_composed_and_no_more() -> None:
    """What the other tests leave out, in Vietnamese and other languages."""
    for messages in translations.catalogues().values():
        for message in filter(translations.fault, messages):
            rules = {finding.rule for finding in phusa.repair(message).findings}
            assert not rules & {*LEGACY, *MISREAD, *VIETNAMESE}, message


SEED_REPAIRS = {
    "000": {"lựơng": "lượng"},
    "001": {},
    "002": {"đông fbooj": "đồng bộ", "theieus": "thiếu"},
    "003": {"mớihiệu": "mới hiệu"},
    "004": {},
}
"""The words that the repairs change in the seeds: a misplaced tone, two that Telex typing left, two
that were glued. Beside them only blanks change."""


@pytest.mark.parametrize("number", SEED_REPAIRS)
def test_seeds(number: str) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    text = path.read_text("utf-8")
    repaired = phusa.repair(text)
    before, after = text.split(), repaired.text.split()
    changed = {
        " ".join(before[a:b]): " ".join(after[c:d])
        for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if tag != "equal"
    }
    assert changed == SEED_REPAIRS[number]
    rules = {finding.rule for finding in repaired.findings}
    assert rules <= {*BLANKS, *VIETNAMESE}
