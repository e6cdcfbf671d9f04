"""Misread Vietnamese, word by word: for lines in which only some words were misread.

A letter of Vietnamese with two marks is three bytes long, and no text shows such three characters
by chance. A page that shows them was misread; then the weaker signs count too, `Ã³` and the like,
and so do letters that have lost a byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from phusa.page import Span
from phusa.repairs.lost_letters import LETTERS, fill, has_one_case
from phusa.repairs.misreadings import MISREADINGS, SPECIALS, SUSPECT, Misreading
from phusa.syllables import is_syllable

_WORD = re.compile("[^ \t]+")
_LETTERS = re.compile("[^\\W\\d_]+")
_OWN = re.compile("[\u1ea0-\u1ef9]")
"""The letters of Vietnamese that are three bytes long."""
_NEVER_MISREAD = re.compile("[ĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
"""Letters that no misreading of Vietnamese makes: a line that has one is partly clean."""
_LETTERS_OF_BOTH_CASES = frozenset(LETTERS + LETTERS.upper())
_NO_LETTERS = frozenset("\xa0\xad\u200b\ufeff\ufffd")
"""Found in text beside what can be printed."""

_FOLLOWING = re.compile(f"(?:[ÂÃĂÄÆ]|á[º»])([\x80-\xa0\xad{SPECIALS}])")
DANGLING = re.compile("(?:[a-z][ÃĂÄÆ]|á[º»])(?![^\0-\x7f])|Â(?= |$)", re.MULTILINE)
"""The start of a misread letter without its end."""
# the same without a blank behind it, which a no-break space would have left
_WITHOUT_BLANK = re.compile("(?:[a-z][ÃĂÄÆ]|á[º»])(?=[!-~])")
_MARK = re.compile(f"{SUSPECT.pattern}|[ÃĂÄÆ][^\0-\x7f]")
"""Where a word may be misread: Windows-1250 has letters where the others have symbols."""
_START = re.compile(f"{SUSPECT.pattern}|[ÂÃĂÄÆ]|á[º»]")
"""Where a letter of a word may start."""
_SMALL = re.compile("æ[°¡]|ã[¡-¿]")  # ư ơ á, and so on, put in small letters
_BREVE = re.compile("Ă[\xa0-\xba]")  # Windows-1258 and 1250 have Ă where 1252 has Ã
_CUT = re.compile("(?:[ÂÃĂÆ]|á[º»])$")  # starts of what a no-break space may end
_GOES_ON = re.compile("[^\\W\\d_]|[,.;:!?)\\]…”’»]")
_SOFT_HYPHEN, _NO_BREAK_SPACE = b"\xad", b"\xa0"
_BESIDE = 8
"""Characters before a word that may tell what it is: a syllable and a blank."""
_CONTROLS = bytes(range(0x80, 0xA0))


@dataclass(frozen=True, slots=True)
class Damage:
    """How the Vietnamese of a page was misread.

    `misreadings` are those to try, in their order; `dropped` the bytes that left nothing behind.
    """

    misreadings: tuple[Misreading, ...]
    dropped: bytes


@dataclass(frozen=True, slots=True)
class Reread:
    """What the characters `start` to `end` of a line were; `filled` where a letter was lost."""

    start: int
    end: int
    text: str
    filled: bool


def damage(lines: Sequence[str]) -> Damage | None:
    """How the lines were misread; None where they show no misread Vietnamese.

    >>> found = damage(["Ä‘Æ°á»\u009dng sáº¯t"])
    >>> [misreading.codec for misreading in found.misreadings], damage(["«está»"])
    (['windows-1252', 'windows-1258'], None)
    """
    shown = [
        one for one in MISREADINGS if any(_is_strong(one, word) for word in _words(lines, one))
    ]
    if not shown:
        return None
    usual = list(MISREADINGS[:2])
    if any(map(_BREVE.search, lines)):
        usual.reverse()
    misreadings = (*usual, *(one for one in shown if one not in usual))
    return Damage(misreadings, _dropped(lines))


def _words(lines: Iterable[str], misreading: Misreading) -> Iterator[str]:
    """The words in which a letter with two marks seems to start."""
    search = misreading.start.search
    for line in lines:
        if search(line):
            yield from filter(search, set(_WORD.findall(line)))


def _is_strong(misreading: Misreading, word: str) -> bool:
    """Whether a word, put right, is Vietnamese that no text shows by chance."""
    found = _filled(word, misreading)
    return not _OWN.search(word) and has_own_syllable(found) and _is_plausible(found)


def has_own_syllable(text: str) -> bool:
    """Whether a text has a syllable with a letter that is three bytes long.

    >>> has_own_syllable("Trang chủ"), has_own_syllable("mamỒ"), has_own_syllable("lá")
    (True, False, False)
    """
    runs = (run[0] for run in _LETTERS.finditer(text))
    return any(_OWN.search(run) and has_one_case(run) and is_syllable(run) for run in runs)


def _filled(word: str, misreading: Misreading) -> str:
    """A word put right, its holes filled if that is certain without the words beside it."""
    found, holes = misreading.reread(word)
    return fill(found, holes, (b"", misreading.lost), ("", "")) or found if holes else found


def _is_plausible(text: str) -> bool:
    """Whether a text that was put right can stand in a page with Vietnamese."""
    return not SUSPECT.search(text) and all(
        char in _LETTERS_OF_BOTH_CASES or char <= "\xff" if char.isalpha() else _is_mark(char)
        for char in text
    )


def _is_mark(char: str) -> bool:
    return char.isprintable() or char in _NO_LETTERS


def _dropped(lines: Iterable[str]) -> bytes:
    """The bytes that something on the way took out: such as would be expected and are not there.

    None where the text is in small letters or has no controls, for then too much is gone.
    """
    text = "\n".join(lines)
    if not DANGLING.search(text) or _SMALL.search(text):
        return b""
    misreading = MISREADINGS[0]
    there = {misreading.byte_of[ord(char)] for char in _FOLLOWING.findall(text)}
    if there.isdisjoint(_CONTROLS):
        return b""
    classes = (_SOFT_HYPHEN, misreading.lost) if _WITHOUT_BLANK.search(text) else ()
    return b"".join(one for one in (_NO_BREAK_SPACE, *classes) if there.isdisjoint(one))


def reread(line: str, how: Damage) -> list[Reread]:
    r"""The words of a line that were misread, put right.

    >>> [one.text for one in reread("Đảng bá»™ thá»‹ xã", damage(["thá»‹"]))]
    ['bộ', 'thị']
    """
    found: list[Reread] = []
    partly = bool(_NEVER_MISREAD.search(line))
    blanks = line.replace("\t", " ")
    done = 0
    for mark in (_START if how.dropped else _MARK).finditer(line):
        if mark.start() < done:
            continue
        start = blanks.rfind(" ", done, mark.start()) + 1 or done
        end = _end(blanks, mark.end())
        before = line[max(start - _BESIDE, 0) : start]
        if found and found[-1].end + 1 == start:
            before = found[-1].text + " "
        dropped = b"" if partly and _is_clean(line[start:end]) else how.dropped
        beside = before, line[end + 1 : _end(blanks, end + 1)]
        one = _word(line, (start, end), beside, Damage(how.misreadings, dropped))
        if one is not None:
            found.append(one)
        done = one.end if one else end
    return found


def _end(blanks: str, at: int) -> int:
    end = blanks.find(" ", at)
    return len(blanks) if end < 0 else end


def _word(line: str, span: Span, beside: tuple[str, str], how: Damage) -> Reread | None:
    """A word put right as the first of the misreadings that fits; None where none does."""
    word = line[slice(*span)]
    inside = how.dropped.replace(_NO_BREAK_SPACE, b"")
    for misreading in how.misreadings:
        found = _put_right(word, misreading, inside, beside)
        if inside != how.dropped and _CUT.search(word):
            longer, certain = _with_blank(line, span, beside[1], misreading)
            if longer is not None:
                return longer if certain or not inside or found is None else None
        if found is not None:
            return Reread(*span, *found)
    return None


def _is_clean(word: str) -> bool:
    """Whether a word could stand in good Vietnamese, as XÃ can."""
    return all(
        has_one_case(run) and all(char < "\x80" or char in _LETTERS_OF_BOTH_CASES for char in run)
        for run in _LETTERS.findall(word)
    )


def _put_right(
    word: str, misreading: Misreading, dropped: bytes, beside: tuple[str, str]
) -> tuple[str, bool] | None:
    """A word as it was and whether a lost letter was filled; None where that is not certain."""
    found, holes = misreading.reread(word, dropped=bool(dropped))
    filled = None
    if holes:
        beside = beside[0], " " + _filled(beside[1], misreading)
        filled = fill(found, holes, (dropped, misreading.lost), beside)
    if filled is not None:
        found = filled
    elif not all(hole.marked for hole in holes):
        return None
    while SUSPECT.search(found):
        again, _ = misreading.reread(found)
        if again == found:
            break
        found = again  # misread more than once
    if found == word or not _is_plausible(found.replace("\ufffd", "")):
        return None
    return found, filled is not None


def _with_blank(
    line: str, span: Span, after: str, misreading: Misreading
) -> tuple[Reread | None, bool]:
    """A word whose last letter ended in a no-break space that became the blank behind the word.

    That blank goes where it was the letter's: where the word goes on behind it, where a no-break
    space stood for itself, or where a second blank follows. Tells, too, whether it cannot have been
    another byte that is gone.
    """
    start, end = span
    alone = _put_right(line[start:end] + "\xa0", misreading, b"", ("", ""))
    if alone is None:
        return None, False
    last = len(alone[0]) - 1
    double = line.startswith("  ", end)
    if after and not double and _GOES_ON.match(after):
        to = end + 1 + len(after)
        again = line[to : to + 1] if _CUT.search(after) else ""
        whole = line[start : to + len(again)].replace(" ", "\xa0")
        longer = _put_right(whole, misreading, b"", ("", ""))
        if longer is not None and _is_whole(longer[0], last):
            return Reread(start, to + len(again), longer[0], filled=True), not is_syllable(after)
    blank = double or alone[0].endswith("\xa0")
    if not blank and not _is_whole(alone[0], last):
        return None, False
    return Reread(start, end + (blank and end < len(line)), alone[0], filled=True), blank


def _is_whole(text: str, at: int) -> bool:
    """Whether the letters around a place are a syllable."""
    runs = (run[0] for run in _LETTERS.finditer(text) if run.start() <= at < run.end())
    return any(is_syllable(run) and has_one_case(run) for run in runs)
