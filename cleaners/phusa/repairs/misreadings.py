"""Misreadings: UTF-8 taken for another encoding, and the way back.

Every byte of a misread letter became a character. As long as no character got lost the way back is
exact: the characters are bytes again, and the bytes are UTF-8. A few encodings have no character
for some bytes; there the letter has a hole, which `phusa.repairs.lost_letters` may fill.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass

from phusa.page import Signs

SPECIALS = bytes(range(0x80, 0xA0)).decode("windows-1252", "ignore")
"""What Windows-1252 has where Latin-1 has controls: curly quotes, dashes, the euro, Š, ž…"""

LEADS = "\xc2-\xf4\u0102\u0103\u0110\u0111\u0300"
"""The first bytes of UTF-8 as the Windows encodings have them; in 1258 some are marks."""
CONTINUATIONS = f"\x80-\xbf{SPECIALS}\ufffd"
"""The other bytes, as Windows-1252 and what is much like it have them; U+FFFD for a lost one."""
RARE_LEADS = "\u0192\u221a\u2206\u2248\u2500\u251c"
"""First bytes as MacRoman (ƒ √ ∆ ≈) and code page 437 (─ ├) have them; any letter may follow."""
SUSPECT = re.compile(
    # the second character comes first, because clean text has few of them
    f"[{CONTINUATIONS}\u222b\u2551\u2557{RARE_LEADS}]"
    f"(?:(?<=[\x80-\x9f])|(?<=[{LEADS}{RARE_LEADS}].)|(?<=[{RARE_LEADS}])(?=[^\0-\x7f\u2500])"
    "|(?<=\xb7[\xaa\u222b]))"  # á of MacRoman
)
"""Where text may be misread: a control of Latin-1, or two bytes of UTF-8 as characters. It matches
the second of the two."""
SIGNS = (
    Signs(f"\x80-\x9f\ufffd{RARE_LEADS}"),
    Signs(f"\xb7{LEADS}", f"{CONTINUATIONS}\u222b\u2551\u2557"),
)
"""What a text with `SUSPECT` or U+FFFD holds."""

_SEQUENCE = (
    "[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]"
    "|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    "|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
# the first bytes of letters that Vietnamese has, and of curly quotes
_PREFIX = "[\xc3\xc4\xc6]|\xe1[\xba\xbb]|\xe2\x80"
_PIECE = re.compile(f"({_SEQUENCE})|({_PREFIX})\ufffd")
_PIECE_OR_START = re.compile(f"({_SEQUENCE})|({_PREFIX})\ufffd?")
"""A character of UTF-8, or the start of one; each byte is the character of its number."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A letter whose last byte is gone: where it is, what is left of it, and how it went.

    `at` is its place in the word that was read again, where U+FFFD stands for it; `marked` tells
    whether a U+FFFD stood for the byte, or nothing.
    """

    at: int
    prefix: bytes
    marked: bool


@dataclass(frozen=True, slots=True)
class Misreading:
    """UTF-8 that was read as one encoding.

    `byte_of` has the byte of each character by its number, `surface` the same for what is not
    ASCII, with a number that is no byte for what the encoding has not. `lost` are the bytes that it
    has no character for, and `start` finds the two bytes that start a letter with two marks.
    """

    codec: str
    byte_of: Mapping[int, int]
    surface: Mapping[int, int]
    lost: bytes
    start: re.Pattern[str]

    def undo(self, text: str) -> str | None:
        """The text that was misread as this one; None where no text was.

        >>> MISREADINGS[0].undo("Viá»‡t"), MISREADINGS[0].undo("Việt")
        ('Việt', None)
        """
        try:
            found = codecs.charmap_encode(text, "strict", self.byte_of)[0].decode("utf-8")
        except UnicodeError:
            return None
        return None if found == text else found

    def reread(self, word: str, *, dropped: bool = False) -> tuple[str, list[Hole]]:
        r"""A word with each misread character put right, and its holes.

        With `dropped`, the start of a letter is a hole also where no U+FFFD marks the loss.

        >>> MISREADINGS[0].reread("“ngÆ°á»\ufffdi”")
        ('“ngư�i”', [Hole(at=4, prefix=b'\xe1\xbb', marked=True)])
        """
        pieces: list[str] = []
        holes: list[Hole] = []
        done = at = 0
        pattern = _PIECE_OR_START if dropped else _PIECE
        for piece in pattern.finditer(word.translate(self.surface)):
            at += piece.start() - done + 1
            pieces.append(word[done : piece.start()])
            if piece[1]:
                pieces.append(piece[1].encode("latin-1").decode("utf-8"))
            else:
                pieces.append("\ufffd")
                marked = piece[0][-1] == "\ufffd"
                holes.append(Hole(at - 1, piece[2].encode("latin-1"), marked))
            done = piece.end()
        pieces.append(word[done:])
        return "".join(pieces), holes


def _misreading(codec: str) -> Misreading:
    """The misreading as `codec`; where that has no character, and for Latin-1, controls stand."""
    chars = [bytes((byte,)).decode(codec, "ignore") for byte in range(256)]
    byte_of = {ord(char): byte for byte, char in enumerate(chars) if char}
    surface = dict.fromkeys(range(0x80, 0x100), 0xFFFF)
    if codec.startswith("windows"):
        byte_of.update((byte, byte) for byte in range(0x80, 0xA0))
    surface.update((char, byte) for char, byte in byte_of.items() if byte > 0x7F)
    lost = bytes(byte for byte, char in enumerate(chars) if not char)
    start = re.compile(f"{chars[0xE1]}[{chars[0xBA]}{chars[0xBB]}]")
    return Misreading(codec, byte_of, surface, lost, start)


MISREADINGS = tuple(
    map(_misreading, ("windows-1252", "windows-1258", "windows-1250", "mac-roman", "cp437"))
)
"""The encodings that UTF-8 is misread as, the commonest first; the first stands for Latin-1 too."""
