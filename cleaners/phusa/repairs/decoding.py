"""Bytes to text: byte order marks, strict UTF-8, UTF-16 by its NULs, almost valid UTF-8, Latin-1.

Decoding never drops a byte without saying so. Whatever is not UTF-8 or UTF-16 is read as Latin-1,
which gives every byte a character of the same number: the surface that the detectors of legacy
encodings work on.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from phusa.findings import Finding, Rule

NOT_TEXT = Rule(
    "ENC001",
    "not-text",
    "The bytes are not text in any encoding.",
    """The file holds NUL bytes that are not UTF-16, or more control characters than text ever does:
an image, an archive or a database under the name of a text file. It is rejected whole. Look at
what the scraper saved, for example with `file NAME`.""",
)
UTF_16 = Rule(
    "ENC003",
    "utf-16",
    "The bytes are UTF-16, with or without a byte order mark.",
    """The file was read as UTF-16. Without a byte order mark this is told by where the NUL bytes
stand: ASCII characters leave one in every second place. Nothing needs to be done; saving as UTF-8
makes the file smaller and safe to read for other tools.""",
)
INVALID_UTF_8 = Rule(
    "ENC004",
    "invalid-utf-8",
    "UTF-8 with some bytes that are not.",
    """Nearly all of the file is valid UTF-8, so it is read as such; each stretch of bytes that is
not becomes one U+FFFD and the finding names the bytes. Typical causes are a file cut in the middle
of a character, and a fragment of another encoding pasted in.""",
)
UNKNOWN_ENCODING = Rule(
    "ENC005",
    "unknown-encoding",
    "The bytes are in no encoding that can be told; read as Latin-1.",
    """The bytes are neither UTF-8 nor UTF-16. They were read as Latin-1, which loses nothing: every
byte becomes the character of the same number. Text in a Western European encoding comes out right;
text in a legacy Vietnamese encoding does not, and its finding tells you to look at the file.""",
)
RULES = (NOT_TEXT, UTF_16, INVALID_UTF_8, UNKNOWN_ENCODING)

MAX_CONTROL_SHARE = 0.1
"""VISCII, the encoding with most letters among the controls, stays far below: six rare capitals."""
MAX_INVALID_SHARE = 0.1
"""Invalid stretches over valid multi-byte characters; a legacy encoding has hardly any."""

MIN_ASCII_SHARE = 0.01
"""Of UTF-16 that is told by its NULs; bytes of a binary file make ideographs at random."""

_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32), 127])
_MULTI_BYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_ESCAPED = re.compile("[\udc80-\udcff]{1,4}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and what there is to say of its bytes; `readable` is False when they are not text."""

    text: str
    findings: tuple[Finding, ...] = ()
    readable: bool = True


def decode(content: bytes, declared: str | None = None) -> Decoded:
    r"""Decode bytes; never fails.

    `declared` is the character set that a page names for itself, tried before Latin-1.

    A byte order mark stays in the text (U+FEFF), for the repair stages to take out and log.

    >>> decode("Kinh Môn".encode()).text
    'Kinh Môn'
    >>> decode(b"K\xe1\xbb\xb3 Ph\xc6\xb0\xc6\xa1ng \xff").findings[0].message
    'not UTF-8: the bytes FF'
    >>> decode(b"\x89PNG\r\n\x1a\n\x00\x00").readable
    False
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return _utf_16(content, encoding, "by its byte order mark")
    controls = len(content) - len(content.translate(None, _CONTROLS))
    spoiled = controls > MAX_CONTROL_SHARE * len(content)
    if not spoiled:
        try:
            return Decoded(content.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    if b"\0" in content:
        order = _utf_16_by_nul(content)
        if order is not None:
            return _utf_16(content, order, "by where its NUL bytes stand")
        return _not_text("it holds NUL bytes and is not UTF-16")
    if spoiled:
        return _not_text("too many control characters")
    return _almost_utf_8(content) or _declared(content, declared) or _latin_1(content)


def _not_text(why: str) -> Decoded:
    message = f"not text: {why}; look at what was saved"
    return Decoded("", (Finding(NOT_TEXT.code, 0, 0, message),), readable=False)


def _utf_16(content: bytes, encoding: str, how: str) -> Decoded:
    text = content.decode(encoding, "replace")
    name = encoding.upper()
    findings = [Finding(UTF_16.code, 0, 0, f"{name}, told {how}")]
    if len(content) % 2:
        findings.append(
            Finding(
                INVALID_UTF_8.code, len(text) - 1, len(text), f"half a character ends the {name}"
            )
        )
    return Decoded(text, tuple(findings))


def _utf_16_by_nul(content: bytes) -> str | None:
    """The UTF-16 byte order that gives text without controls and more ASCII than the other.

    Text in any script has some ASCII in it: line ends, blanks, digits.
    """
    if len(content) % 2:
        return None
    best: tuple[int, str] | None = None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search("[\0-\x08\x0e-\x1f\ufffe\uffff]", text):
            ascii_chars = len(text.encode("ascii", "ignore"))
            if ascii_chars >= MIN_ASCII_SHARE * len(text) and (not best or ascii_chars > best[0]):
                best = ascii_chars, encoding
    return best[1] if best else None


def _almost_utf_8(content: bytes) -> Decoded | None:
    """Read with one U+FFFD for each invalid stretch; None where there are too many of them."""
    escaped = content.decode("utf-8", "surrogateescape")
    stretches = list(_ESCAPED.finditer(escaped))
    valid = sum(1 for _ in _MULTI_BYTE.finditer(content))
    if len(stretches) > MAX_INVALID_SHARE * valid + 1:
        return None
    findings: list[Finding] = []
    pieces: list[str] = []
    done = length = 0
    for stretch in stretches:
        length += stretch.start() - done + 1
        pieces += [escaped[done : stretch.start()], "\ufffd"]
        done = stretch.end()
        named = " ".join(f"{ord(char) - 0xDC00:02X}" for char in stretch[0])
        findings.append(
            Finding(INVALID_UTF_8.code, length - 1, length, f"not UTF-8: the bytes {named}")
        )
    pieces.append(escaped[done:])
    return Decoded("".join(pieces), tuple(findings))


def _declared(content: bytes, charset: str | None) -> Decoded | None:
    if charset is None:
        return None
    try:
        return Decoded(content.decode(charset))
    except (LookupError, UnicodeDecodeError):
        return None


def _latin_1(content: bytes) -> Decoded:
    text = content.decode("latin-1")
    message = "neither UTF-8 nor UTF-16; read as Latin-1, save the page as UTF-8 to be sure"
    return Decoded(text, (Finding(UNKNOWN_ENCODING.code, 0, 0, message),))
