"""Writers of the Vietnamese encodings from before Unicode, made without phusa's own tables.

TCVN3, VISCII and composed Windows-1258 are asked of the C library through `iconv`, Windows-1258
with combining tones of Python's codec. VNI, BK HCM2 and VPS, which neither has, are written down
here a second time, from how their marks are built (VNI, BK HCM2) and from the chart of the
Vietnamese Unicode project, as viparse 0.1.31 gives it (VPS). VIQR follows RFC 1456.
"""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

TONES = "\u0300\u0301\u0309\u0303\u0323"
"""Huyền, sắc, hỏi, ngã, nặng, as combining marks; all strings of five below have this order."""


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def split(letter: str) -> tuple[str, str]:
    """A letter without its tone, and the tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(part for part in parts if part in TONES)
    return _nfc(parts.replace(tone, "")), tone


SMALL = [*"đăâêôơư", *(_nfc(base + tone) for base, tone in product("aăâeêioôơuưy", TONES))]
LETTERS = [*SMALL, *(letter.upper() for letter in SMALL)]
"""The 134 letters that Vietnamese has beside those of ASCII."""

VNI = {
    **{base: (base, "øùûõï") for base in "aeouy"},
    "â": ("aâ", "àáåãä"),
    "ê": ("eâ", "àáåãä"),
    "ô": ("oâ", "àáåãä"),
    "ă": ("aê", "èéúüë"),
    "ơ": ("ô", "øùûõï"),
    "ư": ("ö", "øùûõï"),
    "đ": ("ñ", ""),
}
"""For each letter its code and the marks of the tones, as Latin-1 shows them. The mark of a second
diacritic takes the place of the first one."""
VNI_ALONE = dict(zip("ìíỉĩịỵ", "ìíæóòî", strict=True))

BK_HCM2 = {
    **{base: (base, "âáãäå") for base in "aeouy"},
    "â": ("ê", "ìëíîå"),
    "ê": ("ï", "ìëíîå"),
    "ô": ("ö", "ìëíîå"),
    "ă": ("ù", "çæèéå"),
    "ơ": ("ú", "âáãäå"),
    "ư": ("û", "âáãäå"),
    "đ": ("à", ""),
}
BK_HCM2_ALONE = dict(zip("ìíỉĩị", "òñóôõ", strict=True))

VPS = (
    "ÀẢÃẤẦẨọỗĂếềểệẮẰẲẾ··ỀỂỄỐỒỔỖýỷỵỚỜỞ·ắằẳẵặỠớÙờởỡŨỨợỪổỬỲỸÍÌộỈĨÓửữÒỎÕự"
    "ầÁÂấẩẫậđẻÉÊẹỉễịỹƯỦồốÔỏơÈừứÚũưÝẺ·àáâãảạă·èéêẽìí·ĩẴĐòóôõ·Ơụùúủ·ỶẼỳ"
)
"""The letters of the bytes 80 to FF."""
VPS_LOW = dict(
    zip("ẠẬẶẸỆỊỌỘỢỤỰỴẪỮ", b"\2\3\4\5\6\x10\x11\x12\x13\x14\x15\x19\x1c\x1d", strict=True)
)

ASCII_FOR = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}
    | {"…": "...", "•": "*", "©": "(c)", "®": "(r)", "×": "x", "°": " ", "™": "(tm)", "→": "->"}
)


@dataclass(frozen=True)
class Encoder:
    """An encoding as the bytes of its letters."""

    codes: Mapping[str, bytes]
    taken: frozenset[bytes]
    """The bytes that mean something in it."""

    def writable(self, text: str) -> str:
        """What of a text this encoding can hold: of the rest, what ASCII has for it.

        Fonts for these encodings kept the punctuation of Windows-1252 where no letter stood.
        """
        return "".join(char if self._has(char) else in_ascii(char) for char in text)

    def encode(self, text: str) -> bytes:
        return b"".join(self.codes.get(char) or char.encode("windows-1252") for char in text)

    def _has(self, char: str) -> bool:
        if char.isascii() or char in self.codes:
            return True
        try:
            code = char.encode("windows-1252")
        except UnicodeEncodeError:
            return False
        return code not in self.taken and not char.isalpha()


def in_ascii(char: str) -> str:
    """What ASCII has in place of a character: the nearest, or nothing."""
    near = unicodedata.normalize("NFKD", char.translate(ASCII_FOR))
    return near.encode("ascii", "ignore").decode()


@cache
def encoders() -> dict[str, Encoder]:
    """The encodings by name; TCVN3 is here twice, for the two ways to write a capital with a tone.

    Raises FileNotFoundError where there is no `iconv`, CalledProcessError where it lacks one.
    """
    codes: dict[str, Mapping[str, bytes]] = {
        "TCVN3": _tcvn3(font=False),
        "TCVN3 in a capital font": _tcvn3(font=True),
        "VNI": _marked(VNI, VNI_ALONE),
        "Windows-1258": {letter: _decomposed(letter) for letter in LETTERS},
        "Windows-1258, composed": _of_iconv("CP1258"),
        "BK HCM2": _marked(BK_HCM2, BK_HCM2_ALONE),
        "VISCII": _of_iconv("VISCII"),
        "VPS": _vps(),
    }
    return {name: Encoder(table, _bytes(table)) for name, table in codes.items()}


def _bytes(codes: Mapping[str, bytes]) -> frozenset[bytes]:
    return frozenset(bytes((byte,)) for code in codes.values() for byte in code)


def _of_iconv(charset: str) -> dict[str, bytes]:
    command = ["iconv", "-f", "UTF-8", "-t", charset]
    done = subprocess.run(
        command, input="\n".join(LETTERS).encode(), capture_output=True, check=True
    )
    return dict(zip(LETTERS, done.stdout.split(b"\n"), strict=True))


def _tcvn3(*, font: bool) -> dict[str, bytes]:
    """VN3 of the standard has no capitals with tones.

    They were set in a font whose small letters look like capitals; or written as the capital and
    the code of the small letter.
    """
    codes = _of_iconv("TCVN5712-1")
    for letter in map(str.upper, SMALL):
        base, tone = split(letter)
        if tone:
            first = b"" if font else codes.get(base) or base.encode()
            codes[letter] = first + codes[letter.lower()]
    return codes


def _marked(rows: Mapping[str, tuple[str, str]], alone: Mapping[str, str]) -> dict[str, bytes]:
    """Codes of an encoding whose capitals are the capitals of its small codes."""
    codes: dict[str, str] = {}
    for base, (code, marks) in rows.items():
        if not base.isascii():
            codes[base] = code
        # a two-character code gives its second one, the mark, up for that of both diacritics
        first = code[0] if len(code) == 2 else code
        codes |= {
            _nfc(base + tone): first + mark for tone, mark in zip(TONES, marks, strict=bool(marks))
        }
    codes |= alone
    codes |= {letter.upper(): code.upper() for letter, code in codes.items()}
    return {letter: code.encode("latin-1") for letter, code in codes.items()}


def _decomposed(letter: str) -> bytes:
    return "".join(split(letter)).encode("cp1258")


def _vps() -> dict[str, bytes]:
    codes = {letter: bytes((0x80 + i,)) for i, letter in enumerate(VPS) if letter != "·"}
    return codes | {letter: bytes((byte,)) for letter, byte in VPS_LOW.items()}


_VIQR_MARK = dict(zip("\u0302\u0306\u031b" + TONES, "^(+`'?~.", strict=True))


def viqr_writable(text: str) -> str:
    """What of a text VIQR can hold; it writes itself in ASCII."""
    return "".join(char if char in LETTERS else in_ascii(char) for char in text)


def viqr(text: str, *, escaped: bool) -> str:
    """A text of ASCII and Vietnamese letters in VIQR.

    `escaped` puts a backslash before what would be read as a mark or as the second d of đ; plain
    VIQR of mail and forums mostly went without.
    """
    pieces: list[str] = []
    before = ""
    for char in text:
        if escaped and (
            (char in "^(+`'?~." and before in "aeiouy") or (before, char.lower()) == ("d", "d")
        ):
            pieces.append("\\")
        if char in "đĐ":
            pieces.append("dd" if char == "đ" else "DD")
            before = ""
            continue
        base, tone = split(char)
        parts = unicodedata.normalize("NFD", base) + tone
        pieces += (_VIQR_MARK.get(part, part) for part in parts)
        before = parts[0].lower()
    return "".join(pieces)


def windows_1252(content: bytes) -> str:
    """Bytes as browsers read them: by Windows-1252, its five free places as controls."""
    return "".join(bytes((byte,)).decode("windows-1252", "ignore") or chr(byte) for byte in content)


SURFACES: dict[str, Callable[[bytes], str]] = {
    "read as Latin-1": lambda content: content.decode("latin-1"),
    "read as Windows-1252": windows_1252,
}
