"""From bytes to text."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_encoders import encoders
from phusa.findings import Selection
from phusa.markup.charset import declarations
from phusa.page import Page, RawDocument
from phusa.pipeline import clean, repair
from phusa.pipeline import decode as decode_document
from phusa.repairs import guessing, labels, letters
from phusa.repairs.decoding import Decoded, decode
from translations import lines

TEXT = "Đảng bộ phường Kỳ Phương\nlà một trong 02 đơn vị được chọn.\n"
SENTENCES = {
    case["language"]: case
    for case in json.loads((Path(__file__).parent / "cases" / "encodings.json").read_text("utf-8"))
}
ENCODED = [
    (language, encoding)
    for language, case in SENTENCES.items()
    for encoding in case["encodings"].split()
]
"""The languages of the sentences, each with the encodings that its pages had."""
DJANGO = {"zh": "zh_Hans", "zh-TW": "zh_Hant"}
NEWS = """\
Thị trấn khánh thành nhà văn hóa mới
Sáng nay, đông đảo người dân đã đến dự lễ khánh thành nhà văn hóa của thị trấn.
Công trình được xây dựng trong hai năm, gồm một hội trường lớn và phòng đọc sách cho trẻ em.
Ông Nguyễn Văn Bình cho biết: mọi hoạt động ở đây đều miễn phí, kể cả lớp học vẽ buổi tối.
"""
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

# What a few letters cannot tell, by language and encoding; `cut` to the first five words.
SHORT_AND_LIKE_ANOTHER = {
    ("sk", "windows-1250"): "in ISO-8859-2 the byte of ľ is ž, and Slovak has both",
    ("th", "cp874"): "twelve bytes that are six Chinese characters in daily use",
    ("lt", "windows-1257"): "the byte of ų is the Danish ø",
    ("lt", "iso-8859-13"): "the byte of ų is the Danish ø",
}

HARDLY_DIFFERENT = (
    ("windows-1257", "iso-8859-1"),  # š and ž, which are rare in Estonian
    ("iso-8859-15", "iso-8859-1"),
    ("mac-cyrillic", "windows-1251"),  # capitals
)
"""Encodings that differ in one or two letters of a sentence."""


def sentence(language: str) -> str:
    return str(SENTENCES[language]["text"])


def cut(text: str) -> str:
    """The first five words, or twelve characters of a script without blanks."""
    words = text.split()
    return " ".join(words[:5]) if len(words) > 5 else text[:12]


def rules(decoded: Decoded) -> list[str]:
    return [finding.rule for finding in decoded.findings]


@pytest.mark.parametrize(
    ("content", "text", "codes"),
    [
        (b"", "", []),
        (b"Tin", "Tin", []),
        (TEXT.encode(), TEXT, []),
        (codecs.BOM_UTF8 + TEXT.encode(), "\ufeff" + TEXT, []),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "\ufeff" + TEXT, ["ENC003"]),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "\ufeff" + TEXT, ["ENC003"]),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "\ufeff" + TEXT, ["ENC006"]),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "\ufeff" + TEXT, ["ENC006"]),
        (codecs.BOM_UTF16_LE + b"T\0i\0n", "\ufeffTi\ufffd", ["ENC003", "ENC004"]),
        (TEXT.encode() + b"\xe1\xbb", TEXT + "\ufffd", ["ENC007"]),
        (b"\xff" + TEXT.encode(), "\ufffd" + TEXT, ["ENC004"]),
        ("été à la plage".encode("latin-1"), "été à la plage", ["ENC006"]),
        ("“été”".encode("cp1252"), "“été”", ["ENC006"]),
        ("© 2019 Acme".encode("cp1252"), "© 2019 Acme", ["ENC006"]),
        (bytes(range(0xA0, 0x100)), bytes(range(0xA0, 0x100)).decode("latin-1"), ["ENC005"]),
        (TEXT.encode() + b"\0", TEXT + "\0", []),
        ("été\0 à la plage".encode("latin-1"), "été\0 à la plage", ["ENC006"]),
        # capitals only: the one valid pair of UTF-8 is chance
        ("PRZY KOŚCIÓŁ".encode("cp1250"), "PRZY KOŚCIÓŁ", ["ENC006"]),
        (b"caf\xe9", "café", ["ENC006"]),
    ],
)
def test_decode(content: bytes, text: str, codes: list[str]) -> None:
    decoded = decode(content)
    assert (decoded.text, decoded.readable) == (text, True)
    assert rules(decoded) == codes


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        b"GIF89a\x01\0\x01\0",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0",
        b"\x1f\x8b\x08\0" + bytes(range(128, 200)),
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>",
        b"PK\3\4\x14\0\x06\0word/document.xml",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Báo cáo".encode("utf-16-le") * 99,
        b"\x7fELF\2\1\1\0",
        bytes(range(256)),
        TEXT.encode("cp1252", "ignore") + b"\xe9" + bytes(99),
        codecs.BOM_UTF16_LE + bytes(99),
        bytes(i * 97 % 251 for i in range(999)),
    ],
    ids=[
        *("png", "gif", "jpeg", "gzip", "pdf", "zip", "doc", "elf", "all bytes", "many NULs"),
        *("a mark and NULs", "at random"),
    ],
)
def test_what_is_no_text(content: bytes) -> None:
    decoded = decode(content)
    assert not decoded.readable
    assert rules(decoded) == ["ENC001"]


def test_the_bytes_that_were_lost_are_named() -> None:
    (finding,) = decode(TEXT.encode() + b"\xe1\xbb ").findings
    assert finding.message == "not UTF-8: the bytes E1 BB"
    assert (finding.start, finding.end) == (len(TEXT), len(TEXT) + 1)
    (finding,) = decode(TEXT.encode() + b"\xe1\xbb").findings
    assert finding.message == "the file ends in the middle of a character: the bytes E1 BB"
    assert (finding.start, finding.end) == (len(TEXT), len(TEXT) + 1)


@pytest.mark.parametrize(
    ("tail", "lost", "codes"),
    [
        (b"\xc3", 1, ["ENC007"]),
        (b"\xe1", 1, ["ENC007"]),
        (b"\xe1\xbb", 1, ["ENC007"]),
        (b"\xf0\x9f\x98", 1, ["ENC007"]),
        (b"\xed\x9f", 1, ["ENC007"]),
        (b"\xf4\x8f\xbf", 1, ["ENC007"]),
        (b"\xed\xa0", 1, ["ENC007"]),  # of a surrogate, as CESU-8 writes them
        (b"\xff\xe1\xbb", 2, ["ENC004", "ENC007"]),
        (b"\xe1\xbb\xe1\xbb", 2, ["ENC004", "ENC007"]),
        (b"\xe1\xbb\n\xe1\xbb", 2, ["ENC004", "ENC007"]),
        # what no byte after it can make a character of
        (b"\xe1\xbb\n", 1, ["ENC004"]),
        (b"\xe1\xbb\0", 1, ["ENC004"]),
        (b"\xbb", 1, ["ENC004"]),
        (b"\xc0", 1, ["ENC004"]),
        (b"\xe0\x80", 1, ["ENC004"]),
        (b"\xf4\x90", 1, ["ENC004"]),
        (b"\xf8\x88", 1, ["ENC004"]),
        (b"\xff", 1, ["ENC004"]),
        (b"\xe1\xbb\xff", 1, ["ENC004"]),
        ("ữ".encode(), 0, []),
    ],
)
def test_a_file_that_ends_in_the_middle_of_a_character(
    tail: bytes, lost: int, codes: list[str]
) -> None:
    """Told as such only where the bytes at the very end can be how a character starts."""
    decoded = decode(TEXT.encode() + tail)
    assert (rules(decoded), decoded.text.count("\ufffd")) == (codes, lost)
    assert decoded.text.startswith(TEXT)
    article = clean(RawDocument("x", TEXT.encode() * 9 + tail))
    assert [flag.rule for flag in article.flags if flag.rule in ("ENC004", "ENC007")] == codes


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-16")[:-1],
        sentence("ja").encode("cp932")[:-1],
        "Un été à la plage, un café".encode("latin-1"),
    ],
    ids=["UTF-16", "cp932", "Latin-1, the last byte like the start of a character"],
)
def test_only_of_utf_8_is_it_told_that_it_was_cut(content: bytes) -> None:
    assert "ENC007" not in rules(decode(content))


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
def test_a_sentence_is_enough(language: str, encoding: str) -> None:
    decoded = decode(sentence(language).encode(encoding))
    assert decoded.text == sentence(language)
    assert rules(decoded) == ["ENC006"]


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
def test_a_few_words(language: str, encoding: str, request: pytest.FixtureRequest) -> None:
    if why := SHORT_AND_LIKE_ANOTHER.get((language, encoding)):
        request.applymarker(pytest.mark.xfail(reason=why, strict=True))
    text = cut(sentence(language))
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(("count", "share"), [(1, 0.95), (3, 0.97), (20, 0.98)])
def test_lines_of_translations(count: int, share: float) -> None:
    """So many are told right; the letters were not counted in these.

    Of single lines some in encodings of DOS, whose á is a no-break space elsewhere, are not: pages
    with such spaces between their words are far more frequent (`PLAIN_PAGES`).
    """
    right: list[bool] = []
    for language, encoding in ENCODED:
        texts = [line for line in lines(DJANGO.get(language, language)) if len(line) > 20]
        for start in range(0, 40 * count, 4 * count):
            chosen = texts[start : start + count]
            content = "\n".join(chosen).encode(encoding, "ignore")
            if len(chosen) == count and not content.isascii():
                right.append(decode(content).text == content.decode(encoding))
    assert len(right) > 150
    assert sum(right) >= share * len(right)


PLAIN_PAGES = [
    "It’s the “best” place in town, they said. We don’t know what they’re doing – really. She’s "
    "been “waiting” for hours, hasn’t she? Only £5 today.",
    "The Orbis® phone in a café: José Díaz said it’s “fine”. " * 5,
    "Sicher\xadheits-Check Unter\xadnehmen " * 20,
    "<p>create\xa0a low-light</p><p>greater\xa0than\xa0their</p>",
    '<meta content="ATHENS – At least"><p>Plain words and nothing else</p>',
]
"""Pages of Latin letters with few marks, which fit many encodings."""


@pytest.mark.parametrize("text", PLAIN_PAGES)
def test_plain_pages_are_what_they_declare(text: str) -> None:
    decoded = decode(text.encode("windows-1252"), [("windows-1252", "the page")])
    assert decoded.text == text
    assert decoded.findings[0].message == "windows-1252, declared by the page"


@pytest.mark.parametrize("text", PLAIN_PAGES[:2])
def test_plain_pages_that_declare_nothing(text: str) -> None:
    assert decode(text.encode("windows-1252")).text == text


@pytest.mark.parametrize("text", ["From £3.99 to £10.99", "§433 BGB\n§434 BGB", "20× 30×\n1ª 2ª"])
def test_signs_beside_numbers_are_no_legacy_encoding(text: str) -> None:
    assert decode(text.encode("windows-1252"), [("windows-1252", "the page")]).text == text


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
def test_a_true_declaration_is_believed(language: str, encoding: str) -> None:
    for text in (sentence(language), cut(sentence(language))):
        if not text.isascii():
            decoded = decode(text.encode(encoding), [(encoding.upper(), "the page")])
            assert decoded.text == text
            assert decoded.findings[0].message == f"{encoding}, declared by the page"


@pytest.mark.parametrize(
    ("language", "encoding", "label"),
    [
        (language, encoding, label)
        for (language, encoding), label in product(
            ENCODED, ("utf-8", "iso-8859-1", "windows-1251", "gb2312", "x-sjis", "tis-620")
        )
        if labels.encoding(label) != encoding and (encoding, label) not in HARDLY_DIFFERENT
    ],
)
def test_a_false_declaration_is_not(language: str, encoding: str, label: str) -> None:
    decoded = decode(sentence(language).encode(encoding), [(label, "the server")])
    assert decoded.text == sentence(language)


def test_the_page_is_heard_where_the_server_is_wrong() -> None:
    content = cut(sentence("lt")).encode("windows-1257")
    decoded = decode(content, [("big5", "the server"), ("windows-1257", "the page")])
    assert decoded.findings[0].message == "windows-1257, declared by the page"


@pytest.mark.parametrize("language", ["ru", "el", "he", "ar", "th", "ja", "zh", "ko", "fr"])
@pytest.mark.parametrize("encoding", WIDE)
def test_wide_text_without_a_mark(language: str, encoding: str) -> None:
    text = sentence(language) + "\n"
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.findings[0].message.startswith(encoding.upper())
    assert decode(text.encode(encoding), [("windows-1252", "the server")]) == decoded


@pytest.mark.xfail(reason="no ASCII in it, and nothing else is looked for", strict=True)
def test_wide_text_without_ascii() -> None:
    assert decode("图书馆".encode("utf-16-le")).text == "图书馆"


@pytest.mark.parametrize(
    ("encoding", "last"),
    [
        *product(("utf-8",), "éữ字😀"),
        *product(("gb18030", "big5hkscs", "cp932", "euc_jp"), "上"),
        ("cp949", "글"),
        *product((*WIDE, "utf-16", "utf-32"), "上😀"),
    ],
)
def test_cut_in_the_middle_of_a_character(encoding: str, last: str) -> None:
    language = {"big5hkscs": "zh-TW", "cp932": "ja", "euc_jp": "ja", "cp949": "ko"}
    text = "1. " + sentence(language.get(encoding, "zh"))
    whole = text.encode(encoding)
    width = len((text + last).encode(encoding)) - len(whole)
    for kept in range(1, width):
        decoded = decode((text + last).encode(encoding)[: len(whole) + kept])
        assert decoded.text.removeprefix("\ufeff") == text + "\ufffd"
        assert rules(decoded)[-1] == ("ENC007" if encoding == "utf-8" else "ENC004")


def assert_surface(decoded: Decoded, content: bytes, encoder: str) -> None:
    """A character for each byte, and one finding that names the encoding."""
    name = encoder.partition(",")[0].partition(" in ")[0]
    (finding,) = decoded.findings
    assert (finding.rule, finding.message) == ("ENC006", f"{name}, told by its syllables")
    assert decoded.text == content.decode("latin-1")


@pytest.mark.parametrize("name", encoders())
def test_legacy_vietnamese_is_left_to_its_stage(name: str) -> None:
    encoder = encoders()[name]
    content = encoder.encode(encoder.writable(NEWS))
    for declared in ([], [("iso-8859-1", "the server")], [("windows-1258", "the page")]):
        assert_surface(decode(content, declared), content, name)
    page = f"<p class=x>{'<p>'.join(NEWS.splitlines())}</p><script>let x = 'y';</script>"
    content = encoder.encode(encoder.writable(page))
    assert_surface(decode(content), content, name)


def test_capitals_among_the_controls_are_letters() -> None:
    text = "ĐẠI HỘI ĐẢNG BỘ THỊ XÃ\nHỌP TẠI NHÀ VĂN HÓA HUYỆN\nMỘT NGÀY, PHỤC VỤ ĐẠI BIỂU\n" * 3
    content = encoders()["VPS"].encode(text)
    assert sum(byte < 32 and byte != 10 for byte in content) > len(content) / 10
    assert_surface(decode(content), content, "VPS")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (
            lambda content: content[:9] + b"\xff" + content[9:40] + b"\xe9\xfe" + content[40:],
            "ENC004",
        ),
        (lambda content: content[:-1], "ENC007"),
    ],
    ids=["three bad bytes", "truncated"],
)
def test_what_detectors_do_not_take_for_utf_8(damage: Callable[[bytes], bytes], code: str) -> None:
    decoded = decode(damage("Kỳ Anh, ngày hội lớn của đồng bào. Giữ vững nề nếp cũ".encode() * 2))
    assert set(rules(decoded)) == {code}
    assert "đồng bào. Giữ vững" in decoded.text


def test_utf_8_in_parts_is_put_right_by_the_stages_after() -> None:
    lines = ["Phường An Lưu nằm ở trung tâm", "Un été à la plage, déjà vu", "Giữ vững danh hiệu"]
    mixed = [lines[0].encode(), lines[1].encode("latin-1"), lines[2].encode()] * 2
    decoded = decode(b"\n".join(mixed))
    assert rules(decoded) == ["ENC005"]
    assert repair(Page(decoded.text), Selection(), [])[0].text == "\n".join(lines * 2)


def test_what_charset_normalizer_knows() -> None:
    decoded = decode(f"{sentence('el')}\n".encode("cp869") * 3)
    assert decoded.text == f"{sentence('el')}\n" * 3
    assert decoded.findings[0].message.startswith("cp869, guessed by charset-normalizer (Greek")


def test_doubt_is_told() -> None:
    decoded = decode(cut(sentence("sk")).encode("windows-1250"))
    assert "windows-1250 (sk) is nearly as likely" in decoded.findings[0].message


def test_a_slip_in_a_long_page() -> None:
    text = "\n".join([sentence("fr")] * 20)
    decoded = decode(text.encode("cp1252") + b"\x81", [("latin1", "the server")])
    assert (decoded.text, rules(decoded)) == (text + "\ufffd", ["ENC006", "ENC004"])


def test_the_sample_is_bounded_and_without_tags() -> None:
    page = b"<p title='\xe9t\xe9'>plain</p>\n" + b"<b>\xe9t\xe9</b> " * 99_999
    sample = guessing.evidence(page)
    assert len(sample) <= guessing.EVIDENCE_BYTES
    assert b"<b>" not in sample
    assert b"plain" not in sample


def test_every_label_is_of_an_encoding_that_can_be_judged() -> None:
    judged = {reading.encoding for reading in letters.readings(b"\xe9")}
    assert set(labels.ENCODINGS.values()) == judged
    for label, encoding in labels.ENCODINGS.items():
        assert codecs.lookup(encoding).name
        assert label == label.strip().lower()


@pytest.mark.parametrize(
    ("content_type", "markup", "declared"),
    [
        ("text/html", b'<meta charset="windows-1258">', [("windows-1258", "the page")]),
        ("text/html", b"<META CHARSET=Big5>", [("Big5", "the page")]),
        (
            "text/html",
            b"<meta http-equiv=Content-Type content='text/html; charset=iso_8859-1:1987'>",
            [("iso_8859-1:1987", "the page")],
        ),
        ("text/html", b"<p>charset=koi8-r</p>", []),
        ("text/html", b" " * 5000 + b'<meta charset="big5">', []),
        ("text/html", b'<?xml version="1.0" encoding="KOI8-R"?>', [("KOI8-R", "the page")]),
        ('text/plain; charset="KOI8-R"', b"", [("KOI8-R", "the server")]),
        (
            "text/html;charset=utf-8",
            b'<meta charset="big5">',
            [("utf-8", "the server"), ("big5", "the page")],
        ),
        ("", b"", []),
    ],
)
def test_declarations(content_type: str, markup: bytes, declared: list[tuple[str, str]]) -> None:
    assert declarations(content_type, markup) == declared


def test_a_page_of_text_may_have_a_header_but_no_meta() -> None:
    content = b"<meta charset=windows-1257> " + cut(sentence("lt")).encode("windows-1257")
    for media_type, believed in (("text/plain", False), ("text/html", True)):
        message = decode_document(RawDocument("x", content, media_type)).findings[0].message
        assert message.endswith("declared by the page") is believed
    document = RawDocument("x", content, "text/plain; charset=windows-1257")
    assert decode_document(document).findings[0].message.endswith("declared by the server")


LABELS = st.one_of(st.sampled_from(sorted(labels.ENCODINGS)), st.text(max_size=12))
BYTES = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda case, junk: case.encode("cp1251", "replace") + junk,
        st.sampled_from([sentence(language) for language in SENTENCES]),
        st.binary(max_size=9),
    ),
)


@given(BYTES, st.lists(st.tuples(LABELS, st.just("the page")), max_size=2))
def test_any_bytes_and_any_label(content: bytes, declared: list[tuple[str, str]]) -> None:
    decoded = decode(content, declared)
    assert decode(content, declared) == decoded
    if decoded.readable and not decoded.findings:
        assert decoded.text.encode("utf-8" if _is_utf_8(content) else "latin-1") == content
    if "ENC005" in rules(decoded):
        assert decoded.text.encode("latin-1") == content
    for finding in decoded.findings:
        assert 0 <= finding.start <= finding.end <= len(decoded.text)


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])), LABELS)
def test_utf_8_is_what_it_was(text: str, label: str) -> None:
    decoded = decode(text.encode(), [(label, "the server")])
    assert decoded == Decoded(text) or text.startswith("%PDF-")
