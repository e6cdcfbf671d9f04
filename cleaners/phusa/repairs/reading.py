"""Bytes read in an encoding, with what had to be given up."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

LOST = "\N{REPLACEMENT CHARACTER}"
_ESCAPED = re.compile("[\udc80-\udcff]{1,4}")


class Read(NamedTuple):
    """A text, the encoding of its bytes, and how that was told.

    `lost` are the bytes that the encoding has no character for, each stretch with the place in
    `text` of the U+FFFD that stands for it. `cut` tells whether the last stretch is how a character
    starts, and the file ends in the middle of it.
    """

    text: str
    encoding: str
    told: str
    lost: tuple[tuple[int, bytes], ...] = ()
    cut: bool = False

    @property
    def beyond_ascii(self) -> int:
        """How many characters are no ASCII, those that stand for lost bytes aside."""
        return len(self.text) - len(self.text.encode("ascii", "ignore")) - len(self.lost)

    @property
    def lost_bytes(self) -> int:
        """How many bytes the encoding has no character for."""
        return sum(len(stretch) for _, stretch in self.lost)


def read(content: bytes, encoding: str, told: str = "") -> Read:
    r"""Read bytes with one U+FFFD for each stretch that is not in the encoding.

    >>> read(b"K\xe1\xbb\xb3 Anh \xff", "UTF-8")
    Read(text='Kỳ Anh �', encoding='UTF-8', told='', lost=((7, b'\xff'),), cut=False)
    """
    try:
        return Read(content.decode(encoding), encoding, told)
    except UnicodeDecodeError:
        decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
        escaped = decoder.decode(content)
        cut = decoder.getstate()[0]  # the start of a character
    lost: list[tuple[int, bytes]] = []
    pieces: list[str] = []
    done = length = 0
    for stretch in _ESCAPED.finditer(escaped):
        length += stretch.start() - done
        lost.append((length, stretch[0].encode("ascii", "surrogateescape")))
        pieces += [escaped[done : stretch.start()], LOST]
        length += 1
        done = stretch.end()
    pieces.append(escaped[done:])
    if cut:
        lost.append((length + len(escaped) - done, cut))
        pieces.append(LOST)
    return Read("".join(pieces), encoding, told, tuple(lost), bool(cut))
