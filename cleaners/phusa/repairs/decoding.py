"""Bytes to text: one decision for each file, and what it rests on in a finding.

The order is: byte order mark, strict UTF-8, UTF-16 and UTF-32 by their NULs, almost valid UTF-8,
the legacy Vietnamese encodings, what the server or the page declares if that can be, the encoding
whose letters fit best, charset-normalizer, Latin-1. Decoding never drops a byte without saying so.
What is in a legacy Vietnamese encoding, and what nobody knows, is read as Latin-1, which gives
every byte the character of the same number: the surface that the legacy stage works on.
"""

from __future__ import annotations

from dataclasses import dataclass

from phusa.findings import Finding, Rule
from phusa.repairs import guessing, legacy, wide
from phusa.repairs.reading import Read, read

NOT_TEXT = Rule(
    "ENC001",
    "not-text",
    "The bytes are not text in any encoding.",
    """The file starts like an image, an archive or a document of an office program, it holds NUL
bytes that are not UTF-16, or more control characters than text ever does. It is rejected whole.
Look at what the scraper saved, for example with `file NAME`.""",
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
    "UTF-8, or another encoding, with some bytes that are not.",
    """Nearly all of the file is valid UTF-8 (or UTF-16, GB 18030 and so on), so it is read as such;
each stretch of bytes that is not becomes one U+FFFD and the finding names the bytes. The typical
cause is a fragment of another encoding pasted in; of UTF-8 that was cut off see ENC007.""",
)
UNKNOWN_ENCODING = Rule(
    "ENC005",
    "unknown-encoding",
    "The bytes are in no encoding that can be told; read as Latin-1.",
    """The bytes are neither UTF-8 nor UTF-16, no legacy Vietnamese encoding makes words of them, no
declared encoding fits, and no other one makes letters of them as a language has them; or they are
UTF-8 in parts. They were read as Latin-1, which loses nothing: every byte becomes the character of
the same number, and lines of UTF-8 are put right as mojibake. Look at the file, and save it as
UTF-8.""",
)
OTHER_ENCODING = Rule(
    "ENC006",
    "other-encoding",
    "The bytes are in an encoding other than UTF-8 and UTF-16.",
    """The file was read in the encoding that the finding names. Either the server (in its header
Content-Type) or the page (in a meta tag) declares it, and it fits; or it was guessed: by how often
its letters come in the languages it is used for, else by charset-normalizer. A declared encoding is
not believed where the letters speak clearly for another one. A guess on a few words can be wrong;
the finding says when another encoding is nearly as likely.""",
)
TRUNCATED_UTF_8 = Rule(
    "ENC007",
    "truncated-utf-8",
    "UTF-8 that ends in the middle of a character.",
    """The last bytes of the file are how a character of several bytes starts, and the rest of it is
missing. They become one U+FFFD and the finding names them. The file was cut to a number of bytes,
or its download broke off: what was lost may be far more than a character, so fetch it again.

    page.txt:31:212: ENC007 the file ends in the middle of a character: the bytes E1 BB""",
)
RULES = (NOT_TEXT, UTF_16, INVALID_UTF_8, UNKNOWN_ENCODING, OTHER_ENCODING, TRUNCATED_UTF_8)

MAX_CONTROL_SHARE = 0.1
"""Of all bytes. A heading in capitals of VISCII or VPS, which are controls, can have more."""
MAX_CONTROL_SHARE_OF_UNKNOWN = 0.01
MAX_NUL_SHARE = 0.001
"""One NUL is a slip; more of them than this are not."""
MAX_INVALID_SHARE = 0.1
"""Invalid stretches over valid characters beyond ASCII."""
MIN_VALID_BYTES = 2
"""For each invalid byte so many valid ones that continue a character. Text in another encoding has
pairs that are valid UTF-8 by chance."""
MIN_MIXED_CHARS = 12
"""So many valid characters beyond ASCII are no chance, where as many bytes are valid as are not."""

_CUT = "the file ends in the middle of a character"
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32), 127])
_SIGNATURES = (
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-", b"\x1f\x8b\x08", b"PK\3\4", b"\x7fELF"),
    *(b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd", b"OggS\0"),
    *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"SQLite format 3\0"),
)
"""How files of other kinds start: images, archives, office documents, databases."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and what there is to say of its bytes; `readable` is False when they are not text."""

    text: str
    findings: tuple[Finding, ...] = ()
    readable: bool = True


def decode(content: bytes, declared: guessing.Declared = ()) -> Decoded:
    r"""Decode bytes; never fails.

    `declared` are hints. A byte order mark stays in the text (U+FEFF), for the repair stages to
    take out and log.

    >>> decode("Kinh Môn".encode()).text
    'Kinh Môn'
    >>> decode(b"K\xe1\xbb\xb3 Ph\xc6\xb0\xc6\xa1ng \xff").findings[0].message
    'not UTF-8: the bytes FF'
    >>> decode("“Un été à la plage”".encode("cp1252")).findings[0].message
    'windows-1252, guessed by its letters (fr)'
    >>> decode(b"\x89PNG\r\n\x1a\n\x00\x00").readable
    False
    """
    if content.startswith(_SIGNATURES):
        return _not_text("it starts like a file of another kind")
    marked = wide.by_mark(content)
    if marked is not None:
        return _other(marked)
    controls = len(content) - len(content.translate(None, _CONTROLS))
    spoiled = controls > MAX_CONTROL_SHARE * len(content)
    if not spoiled:
        try:
            return Decoded(content.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    nuls = content.count(0)
    unmarked = wide.by_nuls(content) if spoiled or nuls else None
    if unmarked is not None:
        return _other(unmarked)
    if nuls > 1 + MAX_NUL_SHARE * len(content):
        return _not_text("it holds NUL bytes and is not UTF-16")
    return _in_bytes(content, declared, controls, spoiled)


def _in_bytes(content: bytes, declared: guessing.Declared, controls: int, spoiled: bool) -> Decoded:
    """Decode bytes that are neither valid UTF-8 nor UTF-16."""
    sample = guessing.evidence(content)
    # collecting the losses of a large file takes time, so the sample is looked at first
    utf_8 = read(sample, "UTF-8")
    partly = not spoiled and _continuing(sample, utf_8) >= max(utf_8.lost_bytes, 1)
    almost = _almost_utf_8(content) if partly else None
    if almost is not None:
        return almost
    vietnamese = legacy.claims(sample.decode("latin-1"))
    if vietnamese is not None:  # the legacy stage reads it, line by line
        message = f"{vietnamese}, told by its syllables"
        finding = Finding(OTHER_ENCODING.code, 0, 0, message)
        return Decoded(content.decode("latin-1"), (finding,))
    if spoiled:
        return _not_text("too many control characters")
    if partly and utf_8.beyond_ascii >= MIN_MIXED_CHARS:
        return _latin_1(content, "in UTF-8 and something else")
    found = guessing.guess(content, sample, declared)
    if found is not None:
        return _other(found)
    if controls > MAX_CONTROL_SHARE_OF_UNKNOWN * len(content):
        return _not_text("control characters, and no encoding that can be told")
    return _latin_1(content, "in no encoding that can be told")


def _not_text(why: str) -> Decoded:
    message = f"not text: {why}; look at what was saved"
    return Decoded("", (Finding(NOT_TEXT.code, 0, 0, message),), readable=False)


def _almost_utf_8(content: bytes) -> Decoded | None:
    """Read as UTF-8 what mostly is; None for anything else."""
    found = read(content, "UTF-8")
    if len(found.lost) > MAX_INVALID_SHARE * found.beyond_ascii + 1:
        return None
    if _continuing(content, found) < MIN_VALID_BYTES * found.lost_bytes:
        return None
    return Decoded(found.text, _losses(found))


def _continuing(content: bytes, found: Read) -> int:
    """How many bytes are the second or a later one of a valid character."""
    return len(content) - found.lost_bytes - (len(found.text) - len(found.lost))


def _latin_1(content: bytes, why: str) -> Decoded:
    message = f"{why}; read as Latin-1, save the page as UTF-8 to be sure"
    return Decoded(content.decode("latin-1"), (Finding(UNKNOWN_ENCODING.code, 0, 0, message),))


def _other(found: Read) -> Decoded:
    if sum(map(found.text.count, _CONTROLS.decode())) > MAX_CONTROL_SHARE * len(found.text):
        return _not_text(f"too many control characters for {found.encoding}")
    rule = UTF_16 if found.encoding.startswith("UTF-16") else OTHER_ENCODING
    finding = Finding(rule.code, 0, 0, f"{found.encoding}, {found.told}")
    return Decoded(found.text, (finding, *_losses(found)))


def _losses(found: Read) -> tuple[Finding, ...]:
    last = len(found.lost) - 1 if found.cut and found.encoding == "UTF-8" else None
    return tuple(
        Finding(TRUNCATED_UTF_8.code, at, at + 1, f"{_CUT}: the bytes {_hex(bad)}")
        if number == last
        else Finding(INVALID_UTF_8.code, at, at + 1, f"not {found.encoding}: the bytes {_hex(bad)}")
        for number, (at, bad) in enumerate(found.lost)
    )


def _hex(content: bytes) -> str:
    return content.hex(" ").upper()
