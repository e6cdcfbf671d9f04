"""Vietnamese in the encodings it had before Unicode, put right line by line.

A page in such an encoding was read as Latin-1 or Windows-1252 on its way, or is so read by phusa
where its bytes are nothing else. Whole pages are found, and single lines in pages that are
otherwise in order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from phusa.findings import Finding
from phusa.page import Page, Signs, Stage
from phusa.repairs.legacy import detection
from phusa.repairs.legacy.tables import Encoding, encodings
from phusa.repairs.misreadings import MISREADINGS, SUSPECT

MIN_LINES = 3
"""So many lines in one encoding speak for the others."""
SAMPLED_LINES = 64
GLANCED_LINES = 5
GLANCED_CHARS = 200
MIN_MISREAD = 2
"""So many characters of UTF-8 are no chance."""
MIN_CAPITALS = 4
"""So many letters of a line, all capital, make a heading in a font of capitals."""

_LEGACY = "\x80-\x84\x86-\x90\x98-\x9f\xa1-\xffŒœŠšŸŽžƒˆ˜™€‡†‰"
_ANY_LEGACY = re.compile(f"[{_LEGACY}]")
_OTHER_LETTER = re.compile(
    "[\u0100-\u0151\u0154-\u015f\u0162-\u0177\u0179-\u017c\u017f-\u0191\u0193-\u02c5"
    "\u02c7-\u02db\u02dd-\u1fff\u2c00-\ud7ff\uf900-\U0010ffff]"
)
"""Letters that neither Latin-1 nor Windows-1252 has: their line was read rightly."""
_ORDERED = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u0323Ạ-ỹ]")
"""Letters of Vietnamese among them."""
_CONTROL = re.compile(f"[{detection.CONTROLS}]")
_MISREAD = re.compile("á[º»]|Æ[°¡]")
_BLANKS = re.compile("[ \t\n\r]+")
_BLANK_RUN = re.compile("([ \t\n\r]+)")
_CAPITAL = re.compile("[A-Z]")
_TWO_CAPITALS = re.compile("[A-ZĂÂĐÊÔƠƯ][^a-z ]{0,8}[A-ZĂÂĐÊÔƠƯ]")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = re.compile("[a-z]")
_WINDOWS_QUOTE = re.compile("[\x85\x91-\x97]")


class _Line(NamedTuple):
    """The words of a line that may be in a legacy encoding: those that can tell, those in ASCII."""

    words: list[str]
    plain: list[str]

    @classmethod
    def of(cls, text: str) -> _Line:
        runs = [run for run in _BLANKS.split(text) if len(run) <= detection.MAX_WORD_CHARS]
        controls = _CONTROL.search(text) is not None
        return cls(
            [run for run in runs if (controls or not run.isascii()) and detection.is_evidence(run)],
            [run for run in runs if run.isascii()],
        )


def propose(page: Page) -> Sequence[Finding]:
    """Repairs for the lines that are in a legacy encoding.

    >>> [finding] = propose(Page("Héi nghÞ ®· bÇu ra Ban ChÊp hµnh"))
    >>> finding.rule, finding.replacement
    ('ENC010', 'Hội nghị đã bầu ra Ban Chấp hành')
    """
    text = page.text
    if text.isascii() or not _ANY_LEGACY.search(text):
        return ()
    lines = text.split("\n")
    chosen = _chosen(lines, whole=not _ORDERED.search(text))
    findings: list[Finding] = []
    at = 0
    for i, line in enumerate(lines) if chosen else ():
        if i in chosen:
            encoding = chosen[i]
            repaired = _read(line, encoding)
            if repaired != line:
                message = f"{encoding.name} that was read as Latin-1"
                findings.append(Finding(encoding.rule.code, at, at + len(line), message, repaired))
        at += len(line) + 1
    return findings


def claims(surface: str) -> str | None:
    """The name of the legacy encoding that a text of Latin-1 characters really is in.

    >>> claims("Héi nghÞ ®· bÇu ra Ban ChÊp hµnh"), claims("déjà vu à la carte")
    ('TCVN3', None)
    """
    if surface.isascii() or not _ANY_LEGACY.search(surface):
        return None
    chosen = Counter(found.name for found in _chosen(surface.split("\n"), whole=True).values())
    return chosen.most_common(1)[0][0] if chosen else None


def _chosen(lines: Sequence[str], whole: bool) -> dict[int, Encoding]:
    """The encodings of lines, by their numbers; `whole` if no line has letters in order."""
    if whole and detection.is_hopeless(_glance(list(filter(_ANY_LEGACY.search, lines)))):
        return {}
    suspects = [
        i
        for i, line in enumerate(lines)
        if not line.isascii() and not _OTHER_LETTER.search(line) and not _is_utf_8(line)
    ]
    lines_of = {i: _Line.of(lines[i]) for i in suspects}
    if not whole:
        lines_of = {i: line for i, line in lines_of.items() if not detection.in_order(line.words)}
    # lines with nothing but quotes and dashes may be in no encoding
    strong = [line for i, line in lines_of.items() if _ANY_LEGACY.search(lines[i])]
    if not strong:
        return {}
    for i, text in enumerate(lines):
        if text.isascii() and _CONTROL.search(text):
            lines_of[i] = _Line.of(text)
    page = _page_verdict(strong)
    found: dict[int, Encoding] = {}
    others: dict[int, Encoding] = {}
    for i, line in lines_of.items():
        if page is not None and detection.agrees(line.words, page, whole=whole):
            found[i] = page
        elif (own := detection.verdict(line.words, line.plain, page=False)) is not None:
            others[i] = own
    counts = Counter(others.values())
    if page is None:
        page = next((own for own, count in counts.most_common(1) if count >= MIN_LINES), None)
        if page is not None:
            rest = ((i, line) for i, line in lines_of.items() if i not in others)
            for i, line in rest:
                if detection.agrees(line.words, page, whole=False):
                    found[i] = page
    if page is not None:  # its few rivals are mistakes
        others = {i: own for i, own in others.items() if counts[own] >= MIN_LINES}
    return found | others


def _is_utf_8(line: str) -> bool:
    """Whether a line is UTF-8 that was misread, which is for another stage, whole or with losses.

    >>> _is_utf_8("Ká»³ PhÆ°Æ¡ng"), _is_utf_8("Kú Ph­¬ng"), _is_utf_8("Ky")
    (True, False, False)
    """
    if not SUSPECT.search(line):
        return False
    read = MISREADINGS[0].undo(line)
    if read is None:
        return len(_MISREAD.findall(line)) >= MIN_MISREAD
    return len(line) - len(read) > MIN_MISREAD


def _glance(texts: Sequence[str]) -> list[str]:
    """The words of a few lines, or of where they start."""
    some = texts[:: max(1, len(texts) // GLANCED_LINES)]
    starts = [text[:GLANCED_CHARS] for text in some if not _is_utf_8(text)]
    return [word for start in starts for word in _Line.of(start).words]


def _page_verdict(lines: Sequence[_Line]) -> Encoding | None:
    """The encoding of lines together."""
    sample = lines[:: max(1, len(lines) // SAMPLED_LINES)]
    words = [word for line in sample for word in line.words]
    return detection.verdict(words, [word for line in sample for word in line.plain], page=True)


def reread(text: str, rule: str) -> str:
    """A text from beside a page whose lines the rule has put right: its title, an author.

    >>> reread("Trang chñ", "ENC010"), reread("Trang chủ", "ENC010")
    ('Trang chủ', 'Trang chủ')
    """
    encoding = next((one for one in encodings().values() if one.rule.code == rule), None)
    if encoding is None or _OTHER_LETTER.search(text):
        return text
    words = _Line.of(text).words
    return _read(text, encoding) if detection.agrees(words, encoding, whole=True) else text


def _read(line: str, encoding: Encoding) -> str:
    controls = _CONTROL.search(line) is not None
    pieces = _BLANK_RUN.split(line)
    pieces[::2] = [
        piece
        if piece.isascii() and not controls
        else detection.readings(piece)[encoding.number].text
        for piece in pieces[::2]
    ]
    read = "".join(pieces)
    if _WINDOWS_QUOTE.search(read):
        read = read.translate(detection.WINDOWS)
    return read if encoding.capitals else _capitals(read)


def _capitals(line: str) -> str:
    """Capitals for small letters that were shown in a font of capitals.

    >>> _capitals("UBND TỈNH HảI DươNG"), _capitals("Đảng bộ HảI DươNG")
    ('UBND TỈNH HẢI DƯƠNG', 'Đảng bộ HẢI DƯƠNG')
    """
    if not _SMALL.search(line) and len(_CAPITAL.findall(line)) >= MIN_CAPITALS:
        return line.upper()
    return _WORD.sub(_capital_word, line) if _TWO_CAPITALS.search(line) else line


def _capital_word(match: re.Match[str]) -> str:
    word = match[0]
    capitals = sum(map(str.isupper, word))
    in_font = capitals > 1 and not _SMALL.search(word)
    return word.upper() if in_font else word


STAGE = Stage(
    "legacy",
    tuple(encoding.rule for encoding in encodings().values()),
    propose,
    by_line=False,
    signs=(Signs(_LEGACY),),
)
