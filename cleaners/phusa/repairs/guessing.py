"""The encoding of bytes that are in none of Unicode: as declared if that fits, else guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from phusa.repairs import labels, letters
from phusa.repairs.letters import Reading
from phusa.repairs.reading import LOST, Read, read

EVIDENCE_BYTES = 1 << 16
MAX_WRONG_SHARE = 0.01
"""Lost and odd characters over all beyond ASCII, in an encoding that was declared or guessed."""
MIN_TO_BE_CUT = 10
"""So many characters beyond ASCII make half a one at the end of a file a cut."""
MAX_DOUBT = 8.0
"""Nats (e to the eighth: one in 3,000) by which the letters may speak for another encoding than the
declared one. Of single lines of translations in 37 languages 99.7 % are within it if declared
rightly, 4 % if wrongly and in a way that changes them."""
NEARLY = 2.0
"""Nats. Another encoding that is so near to the guessed one may be the right one."""
MIN_FIT = -4.6
"""Nats for each byte. Of single lines in 37 languages 99 % have -3.9 or more; random bytes -6."""
MIN_COHERENCE = 0.4
"""Of charset-normalizer: how far the frequent letters are those of a language, from 0 to 1."""
TRIED = 5
"""So many of the likeliest encodings are tried on the whole file."""

_TAG = re.compile(rb"<[/!?A-Za-z][^<>]{0,2000}>")
_ODD = re.compile("[\x80-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]")
"""Controls of Latin-1, private use, and what is no character."""
_NOT_ASKED = (
    # seven bits, Unicode, and the large machines of IBM
    *("ascii", "utf_7", "utf_8", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le"),
    *("utf_32_be", "cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"),
)

Declared = Sequence[tuple[str, str]]
"""Labels of encodings, each with who declares it ("the server", "the page")."""


def evidence(content: bytes) -> bytes:
    r"""What tells the encoding of a file: its lines beyond ASCII, without tags, up to a bound.

    The bytes of tags and line ends are no part of a character in any encoding here.

    >>> evidence(b"<p class=x>Tin</p>\n<p>\xe9t\xe9</p>")
    b'\xe9t\xe9'
    """
    if b"<" in content:
        content = _TAG.sub(b"\n", content)
    lines: list[bytes] = []
    room = EVIDENCE_BYTES
    for line in content.split(b"\n"):
        if not line.isascii():
            lines.append(line[:room])
            room -= len(line) + 1
            if room <= 0:
                break
    return b"\n".join(lines)


def guess(content: bytes, sample: bytes, declared: Declared) -> Read | None:
    """Read bytes in the encoding that is declared, if its letters can be those of a language.

    Else in the one whose letters fit best, else in that which charset-normalizer tells. `sample` is
    the evidence. None where no encoding can be told.

    >>> text = "Съешь ещё этих мягких булок".encode("windows-1251")
    >>> guess(text, text, [("windows-1251", "the page")])[:3]
    ('Съешь ещё этих мягких булок', 'windows-1251', 'declared by the page')
    >>> guess(text, text, [("iso-8859-1", "the server")])[1:3]
    ('windows-1251', 'guessed by its letters (ru)')
    """
    ranking = letters.readings(sample)
    for label, who in declared:
        encoding = labels.encoding(label)
        score = next((known.score for known in ranking if known.encoding == encoding), None)
        # where no word tells anything, there is nothing to hold against it
        fits = encoding if not ranking else score and score >= ranking[0].score - MAX_DOUBT
        found = _read(content, encoding, f"declared by {who}") if encoding and fits else None
        if found is not None:
            return found
    for reading in ranking[:TRIED]:
        if reading.per_byte >= MIN_FIT:
            told = f"guessed by its letters ({reading.language})"
            found = _read(content, reading.encoding, told + _doubt(sample, reading, ranking))
            if found is not None:
                return found
    return _asked(content, sample)


def _read(content: bytes, encoding: str, told: str) -> Read | None:
    found = read(content, encoding, told)
    wrong = len(found.lost) + len(_ODD.findall(found.text))
    if found.text.endswith(LOST) and found.beyond_ascii >= MIN_TO_BE_CUT:
        wrong -= 1  # the file was cut in the middle of a character
    return found if wrong <= MAX_WRONG_SHARE * found.beyond_ascii else None


def _doubt(sample: bytes, chosen: Reading, ranking: Sequence[Reading]) -> str:
    """Which other encoding it may be, where that makes another text."""
    text = sample.decode(chosen.encoding, "replace")
    for other in ranking[:TRIED]:
        near = other is not chosen and other.score > chosen.score - NEARLY
        if near and sample.decode(other.encoding, "replace") != text:
            return f"; {other.encoding} ({other.language}) is nearly as likely"
    return ""


def _asked(content: bytes, sample: bytes) -> Read | None:
    """What charset-normalizer tells of encodings and languages that the letters do not cover."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 20 ms that hardly any run needs

    # what the bytes declare was looked at already
    best = from_bytes(
        sample, cp_exclusion=list(_NOT_ASKED), preemptive_behaviour=False, enable_fallback=False
    ).best()
    if best is None or best.coherence < MIN_COHERENCE:
        return None
    how = f"{best.language}, coherence {best.coherence:.0%}"
    return _read(content, best.encoding, f"guessed by charset-normalizer ({how})")
