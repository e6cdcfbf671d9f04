"""UTF-16 and UTF-32, told by a byte order mark or by where their NUL bytes stand."""

from __future__ import annotations

import codecs
import re
import unicodedata

from phusa.repairs.reading import LOST, Read

MIN_ASCII_SHARE = 0.002
"""Of text that is told by its NULs: in any script it has line ends, blanks or digits."""
MAX_ODD_SHARE = 0.01
"""Of characters that Unicode has not, or leaves to whoever wants them."""

_MARKS = (
    # UTF-32 first: its mark in little endian starts with that of UTF-16
    (codecs.BOM_UTF32_LE, "UTF-32-LE"),
    (codecs.BOM_UTF32_BE, "UTF-32-BE"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\ufffe\uffff]")


def by_mark(content: bytes) -> Read | None:
    r"""The text after a byte order mark, which stays in it.

    >>> by_mark(b"\xff\xfeT\0i\0n\0").text
    '\ufeffTin'
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            # what is not UTF-32 soon has a number beyond Unicode
            errors = "strict" if encoding.startswith("UTF-32") else "replace"
            found = _read(content, encoding, errors, "told by its byte order mark")
            if found is not None:
                return found
    return None


def by_nuls(content: bytes) -> Read | None:
    r"""The text of bytes without a mark: in the encoding that makes most ASCII of them.

    >>> by_nuls(b"T\0i\0n\0").encoding, by_nuls(b"\0\0\0T\0\0\0i").encoding, by_nuls(b"\0\1\2\3")
    ('UTF-16-LE', 'UTF-32-BE', None)
    """
    best: Read | None = None
    most = 0
    for _, encoding in _MARKS:
        found = _read(content, encoding, "strict", "told by where its NUL bytes stand")
        if found is None or not _is_plausible(found.text):
            continue
        ascii_chars = len(found.text.encode("ascii", "ignore"))
        if ascii_chars > most and ascii_chars >= MIN_ASCII_SHARE * len(found.text):
            best, most = found, ascii_chars
    return best


def _read(content: bytes, encoding: str, errors: str, told: str) -> Read | None:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    try:
        text = decoder.decode(content)
    except UnicodeDecodeError:
        return None
    cut = decoder.getstate()[0]  # half a character at the end
    if not cut:
        return Read(text, encoding, told)
    return Read(text + LOST, encoding, told, ((len(text), cut),))


def _is_plausible(text: str) -> bool:
    """Whether a text has no controls and next to no characters that Unicode has not."""
    if _CONTROL.search(text):
        return False
    odd = [char for char in set(text) if unicodedata.category(char) in ("Cn", "Co")]
    return sum(map(text.count, odd)) <= MAX_ODD_SHARE * len(text)
