"""UTF-8 that was read as another encoding, put right by ftfy behind a guard.

ftfy is exact and slow, and nearly all text is clean. So a text meets, in this order: a search for
the pairs of characters that misread UTF-8 always shows, which clean text passes at hundreds of
MB/s; the strict round trip of the whole text, which repairs a page that was misread as a whole for
next to nothing; then ftfy, line by line, on the lines that show such a pair.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from phusa.findings import Finding, Rule
from phusa.page import Page, Stage

MOJIBAKE = Rule(
    "ENC020",
    "mojibake",
    "UTF-8 read as another encoding: `Viá»‡t Nam` for `Việt Nam`.",
    """The text was UTF-8, and something on its way read it as Windows-1252, Latin-1 or the like.
Every letter with a mark became two or three characters. The line is put back as it was: by the
strict round trip when the whole text was misread, else by ftfy, which judges each line.""",
)

_CONTINUATION = (
    "\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122\ufffd"
)
_SUSPECT = re.compile(
    # lead bytes of UTF-8 as Windows-1252, 1250 and 1258, MacRoman and code page 437 have them; one
    # set of first characters, because that is what the engine finds fast
    "[\x80-\x9f\xc2-\xf4\u0102\u0103\u0110\u0111\u221a\u0192\u2248\u2206\u251c\u2500]"
    f"(?:(?<=[\x80-\x9f])|[{_CONTINUATION}]|(?<=[\u0192\u221a-\u251c])[^\0-\x7f])"
)
"""A control of Latin-1, or a lead and a continuation byte as characters."""

MIN_MISREAD_CHARS = 8
"""Fewer characters that happen to be valid UTF-8 are left to ftfy's judgement."""
MIN_MISREAD_LINES = 3
"""So many lines put right make the page's verdict, which then decides the weak lines."""


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for misread lines.

    >>> [finding] = propose(Page("Thị xã\nThá»\x8b xÃ£ Ká»³ Anh"))
    >>> finding.start, finding.replacement
    (7, 'Thị xã Kỳ Anh')
    """
    text = page.text
    if not _SUSPECT.search(text):
        return ()
    lines = text.split("\n")
    whole = _round_trip(text)
    if whole is not None and _beyond_ascii(whole) >= MIN_MISREAD_CHARS:
        while _SUSPECT.search(whole) and (again := _round_trip(whole)) is not None:
            whole = again  # misread more than once
        repaired = whole.split("\n")
    else:
        repaired = [_ftfy()(line) if _SUSPECT.search(line) else line for line in lines]
        changed = sum(a != b for a, b in zip(lines, repaired, strict=True))
        if changed >= MIN_MISREAD_LINES:
            repaired = [
                (_SUSPECT.search(old) and old == new and _round_trip(old)) or new
                for old, new in zip(lines, repaired, strict=True)
            ]
    return _by_line(lines, repaired)


def _by_line(lines: list[str], repaired: list[str]) -> list[Finding]:
    findings: list[Finding] = []
    at = 0
    for old, new in zip(lines, repaired, strict=True):
        if old != new:
            message = "UTF-8 that was read as another encoding"
            findings.append(Finding(MOJIBAKE.code, at, at + len(old), message, new))
        at += len(old) + 1
    return findings


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _round_trip(text: str) -> str | None:
    """The text whose UTF-8 was read as Latin-1 or Windows-1252, if that is what happened."""
    for encoding in ("latin-1", "windows-1252"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None


@cache
def _ftfy() -> Callable[[str], str]:
    """The fix of one line by ftfy: nothing but the repair of encodings.

    Quotes, ligatures, widths and entities are the page's own business or have rules of their own,
    and so have controls, line ends and the normal form; ftfy would do those without a log.
    """
    import ftfy  # noqa: PLC0415 - 160 ms that most runs never need

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )

    def fix(line: str) -> str:
        fixed = ftfy.fix_text(line, config)
        # a repair that makes a line end would cut the line in two; it is no repair
        return line if "\n" in fixed else fixed

    return fix


STAGE = Stage("mojibake", (MOJIBAKE,), propose, by_line=False)
