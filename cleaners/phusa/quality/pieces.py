"""A piece of personal data, and what the words before a number say it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple, cast

from phusa import languages

Kind = Literal["email", "phone", "identity", "account"]
Said = Literal["phone", "account", "maybe_account", "identity", "passport", "other", ""]
"""What the words before a number say it is; empty where they say nothing."""

WORD_CHARS = 64
"""Of what stands before a number, as far back as the word may stand that tells what it is."""
NEAR_CHARS = 24
"""Characters between a word and a number that it speaks of for sure, or between two of a list."""
FAR_CHARS = 44
"""... that it may speak of: a name, a bank, a colon."""

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?;](?:\s|$)")
"""Looked for behind the first character: a dot there is that of a short form, such as `Tel.`."""
_COLON = re.compile(r"[:：(]\s{0,3}$")
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Piece(NamedTuple):
    """Personal data at `start` to `end`; `size` is in digits, 0 of an address.

    A token that stands for personal data is a piece too, and is no longer personal.
    """

    start: int
    end: int
    kind: Kind
    size: int = 0
    token: bool = False


class Context(NamedTuple):
    """What stands before a number: what it is said to be, and what stands between.

    `near` tells whether nothing but fillers or a colon stands between.
    """

    said: Said
    between: str
    near: bool

    @property
    def far(self) -> bool:
        """Whether the number may still be what was said."""
        return len(self.between) <= FAR_CHARS and not _SENTENCE_END.search(self.between, 1)

    @property
    def is_close(self) -> bool:
        """Whether little stands between, and no other number."""
        close = len(self.between) <= NEAR_CHARS and self.far
        return close and not any(map(str.isdigit, self.between))


NOTHING = Context("", "", near=False)


def before(line: str, at: int, last: Piece | None) -> Context:
    """What is said of the number that starts at `at`; `last` is the piece before it.

    The word nearest to the number counts. Nothing is seen across another piece; where no word
    stands behind that piece, the number is one of a list that it starts or goes on with.

    >>> before("STK của chị Lan: 0123", 17, None)
    Context(said='account', between=' của chị lan: ', near=True)
    """
    low = max(0, at - WORD_CHARS, last.end if last is not None else 0)
    window = _small(line[low:at])
    said, end = _last_phrase(window)
    if said:
        between = window[end:]
        return Context(said, between, _is_near(between))
    if last is not None and last.end == low and len(window) <= FAR_CHARS and last.kind != "email":
        return Context(last.kind, window, len(window) <= NEAR_CHARS and _is_near(window))
    return NOTHING


def _last_phrase(window: str) -> tuple[Said, int]:
    """The phrase nearest to the end of a text in small letters, and where it ends."""
    phrases, chinese = _phrases()
    for word in reversed(list(_WORD.finditer(window))):
        end = word.end()
        for phrase, said in phrases.get(word[0], ()):
            start = end - len(phrase)
            if window.endswith(phrase, 0, end) and not window[start - 1 : start].isalpha():
                return said, end
    if _CHINESE.search(window):
        found = [(window.rfind(word) + len(word), said) for word, said in chinese if word in window]
        if found:
            end, said = max(found)
            return said, end
    return "", 0


@cache
def _phrases() -> tuple[Mapping[str, Sequence[tuple[str, Said]]], Sequence[tuple[str, Said]]]:
    """The phrases of all packs by their last word, and those written without blanks.

    Of two phrases the longer one comes first.
    """
    said = cast("Mapping[str, Said]", languages.privacy().before)
    phrases: dict[str, list[tuple[str, Said]]] = {}
    for phrase in sorted(said, key=len, reverse=True):
        phrases.setdefault(_WORD.findall(phrase)[-1], []).append((phrase, said[phrase]))
    return phrases, [(phrase, what) for phrase, what in said.items() if _CHINESE.search(phrase)]


def _is_near(between: str) -> bool:
    if any(map(str.isdigit, between)):
        return False
    if len(between) <= FAR_CHARS and _COLON.search(between):
        return not _SENTENCE_END.search(between, 1)
    fillers = languages.privacy().between
    return len(between) <= NEAR_CHARS and all(word in fillers for word in _WORD.findall(between))


def _small(text: str) -> str:
    """A text in small letters, each of which stands where its capital stood."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
