"""From bytes to text."""

from __future__ import annotations

import codecs

import pytest

from phusa.repairs.decoding import decode

TEXT = "Đảng bộ phường Kỳ Phương\nlà một trong 02 đơn vị được chọn.\n"


@pytest.mark.parametrize(
    ("content", "text", "rules"),
    [
        (b"", "", []),
        (TEXT.encode(), TEXT, []),
        (codecs.BOM_UTF8 + TEXT.encode(), "\ufeff" + TEXT, []),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "\ufeff" + TEXT, ["ENC003"]),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "\ufeff" + TEXT, ["ENC003"]),
        (TEXT.encode("utf-16-le"), TEXT, ["ENC003"]),
        (TEXT.encode("utf-16-be"), TEXT, ["ENC003"]),
        ("北京市政府\n宣布 新的规划".encode("utf-16-le"), "北京市政府\n宣布 新的规划", ["ENC003"]),
        (codecs.BOM_UTF16_LE + b"T\0i\0n", "\ufeffTi\ufffd", ["ENC003", "ENC004"]),
        (TEXT.encode() + b"\xe1\xbb", TEXT + "\ufffd", ["ENC004"]),
        (b"\xff" + TEXT.encode(), "\ufffd" + TEXT, ["ENC004"]),
        ("été à la plage".encode("latin-1"), "été à la plage", ["ENC005"]),
        (
            bytes(range(0xA0, 0x100)) * 4,
            bytes(range(0xA0, 0x100)).decode("latin-1") * 4,
            ["ENC005"],
        ),
        (TEXT.encode() + b"\0", TEXT + "\0", []),
    ],
)
def test_decode(content: bytes, text: str, rules: list[str]) -> None:
    decoded = decode(content)
    assert (decoded.text, decoded.readable) == (text, True)
    assert [finding.rule for finding in decoded.findings] == rules


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        bytes(range(256)),
        b"\x1f\x8b\x08\0" + bytes(range(128, 200)),
    ],
    ids=["png", "all bytes", "gzip"],
)
def test_what_is_no_text(content: bytes) -> None:
    decoded = decode(content)
    assert not decoded.readable
    assert [finding.rule for finding in decoded.findings] == ["ENC001"]


def test_the_bytes_that_were_lost_are_named() -> None:
    (finding,) = decode(TEXT.encode() + b"\xe1\xbb").findings
    assert finding.message == "not UTF-8: the bytes E1 BB"
    assert (finding.start, finding.end) == (len(TEXT), len(TEXT) + 1)
