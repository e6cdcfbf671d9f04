"""Characters that do not belong in text: controls, invisible ones, odd blanks and line ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, partial

from phusa import languages
from phusa.findings import Finding, Rule
from phusa.page import Page, Signs, Stage
from phusa.repairs import classes
from phusa.repairs.verdicts import by_line
from phusa.syllables import is_vietnamese

BYTE_ORDER_MARK = Rule(
    "ENC002",
    "byte-order-mark",
    "U+FEFF at the start of the text.",
    """A byte order mark tells the encoding of a file and is no part of its text. It is taken
out.""",
)
CONTROL = Rule(
    "ENC031",
    "control-character",
    "A control character or a terminal escape sequence.",
    """Controls other than tab and line end mean nothing in a text, escape sequences can take over a
terminal that shows them, and a few code points (U+FFFE) are no characters. They are taken out.""",
)
INVISIBLE = Rule(
    "ENC032",
    "invisible-character",
    "A zero-width space, a soft hyphen, a tag, or a joiner between Latin letters.",
    """Characters that nobody sees make two words that look the same differ, and can hide a whole
text. Word joiners, soft hyphens and stray byte order marks are taken out everywhere; joiners only
where both neighbours are Latin, since Indic scripts, Persian and emoji need them; zero-width spaces
not in scripts without blanks (Khmer, Thai), where they part words; tags not in flags.""",
)
ODD_BLANK = Rule(
    "ENC033",
    "no-break-space",
    "A no-break space or another blank that is not a plain one.",
    """No-break and typographic spaces come from layout; a plain blank takes their place. They stay
between two digits, and where the typography of the language asks for them: in French before
; : ! ? » % € and after «. The language is the one that the page was given with, else it is told by
the common words of the line or the page. The ideographic space stays.""",
)
LINE_END = Rule(
    "ENC034",
    "line-end",
    "A line end that is not a plain line feed.",
    r"""Carriage returns, form feeds, NEL and the line and paragraph separators of Unicode become a
plain line feed, so that every later step sees the same lines.""",
)
BLANK_RUN = Rule(
    "ENC035",
    "blank-run",
    "Several blanks in a row, or blanks at the end of a line.",
    """Runs of blanks inside a line become one blank, and blanks before a line end go. The
indentation of a line stays in the clean page; the paragraphs of a record are cut at both ends.""",
)
DIRECTION = Rule(
    "ENC036",
    "direction-control",
    "A direction mark, embedding, override or isolate where nothing runs from right to left.",
    """These characters steer how Hebrew, Arabic and other scripts mix with those that run from left
to right. In a line without such letters they do nothing, or they turn the text around to hide what
it says. They are taken out there, and from lines without any letters on pages that have no such
script.""",
)
PRIVATE_USE = Rule(
    "ENC037",
    "private-use",
    "Characters that mean something in one font only.",
    """Icon fonts and old fonts keep their signs in the private use areas of Unicode. What they
showed cannot be told without the font, so they are only reported: the page gets one finding at the
first of them, with their number.""",
)
SURROGATE = Rule(
    "ENC060",
    "lone-surrogate",
    "Half of a UTF-16 pair.",
    """A surrogate is no character and cannot be written as UTF-8. Two halves that stand together
are put together; a lone one becomes U+FFFD, the replacement character.""",
)

MIN_WORDS = 8
"""Fewer words do not tell the language of a line."""
SPOKEN_SHARE = 0.15
"""Of the words: the common words of a language in text of that language. In French prose they are
about a third, in the messages of programs a quarter; in English and Vietnamese less than 2 %."""
LANGUAGE_CHARS = 100_000
"""So much of a page tells its language."""

_LINE_END = "(?:\r\n?|[\x0b\x0c\x85\u2028\u2029]){1,64}+"
# ECMA-48: control sequences, operating system commands, and choices of a character set, which text
# in ISO 2022 leaves behind
_ESCAPE = (
    "\x1b(?:\\[[0-?]{0,32}[ -/]{0,4}[@-~]|\\][^\x07\x1b\n]{0,1000}(?:\x07|\x1b\\\\)"
    "|(?:\\$[(-/]?|[(-/])[0-~])"
)
_CONTROL = "[" + classes.CONTROLS.replace("\x0e-\x1f", "\x0e-\x1a\x1c-\x1f") + "]+"
_WITHOUT_BLANKS = (  # Thai to Burmese, Khmer, Tai, Lanna to Balinese, Javanese, Burmese and Tai
    "\u0e00-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1b7f\ua980-\ua9ff\uaa60-\uaadf"
)
_LATIN = "\0-\u036f\u1e00-\u1eff\u1680\u2000-\u200a\u2010-\u2027\u202f-\u205f"
_JOINERS = f"(?<![^{_LATIN}])[{classes.JOINERS}]++(?![^{_LATIN}])"
_FLAG = "\U0001f3f4"
_INVISIBLE = (
    f"[\xad\u2060\u206a-\u206f\ufeff]+|(?<![{_WITHOUT_BLANKS}\u200b])\u200b++(?![{_WITHOUT_BLANKS}])"
    f"|(?<![\u1800-\u18af])\u180e|{_JOINERS}|(?<![{_FLAG}{classes.TAGS}])[{classes.TAGS}]+"
)
_ODD = re.compile(
    f"(?P<ENC034>{_LINE_END})|(?P<ENC031>{_ESCAPE}|\x1b+(?=\x1b)|\x1b|{_CONTROL})|(?P<ENC032>{_INVISIBLE})"
    f"|(?P<ENC036>[{classes.DIRECTIONS}]+)|(?P<ENC033>[{classes.ODD_BLANKS}]+)"
    f"|(?P<ENC060>[{classes.SURROGATES}]+)"
)
_ODD_CLASS = (
    classes.CONTROLS
    + classes.LINE_ENDS
    + classes.DIRECTIONS
    + classes.JOINERS
    + classes.UNSEEN
    + classes.TAGS
    + classes.ODD_BLANKS
)
_ANY_ODD = re.compile(f"[{_ODD_CLASS}{classes.SURROGATES}]")
_PRIVATE_USE = re.compile(f"[{classes.PRIVATE_USE}]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff"
    "\U0001e800-\U0001efff]"
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_BLANKS = re.compile("[ \t]+")


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for single characters, and one report for those of private use.

    >>> [(f.rule, f.replacement) for f in propose(Page("Tin\r\nmới\xa0 <<\u200b1\xa0000 \x1b[31m"))]
    [('ENC034', '\n'), ('ENC033', ' '), ('ENC032', ''), ('ENC031', '')]
    """
    text = page.text
    findings = _odd(page)
    first = _PRIVATE_USE.search(text)
    if first:
        number = len(_PRIVATE_USE.findall(text))
        message = f"{number} private use character{'s' if number > 1 else ''}"
        findings.append(Finding(PRIVATE_USE.code, *first.span(), message))
    return findings


def _odd(page: Page) -> list[Finding]:
    text = page.text
    is_right_to_left = by_line(text, _runs_right_to_left, _runs_right_to_left)
    belongs = _belonging(page)
    findings: list[Finding] = []
    done = 0
    for place in _ANY_ODD.finditer(text):
        start = place.start()
        if start < done or belongs(start):
            continue
        match = _ODD.match(text, start)
        if match is None or match.lastgroup is None:
            continue
        rule, done = match.lastgroup, match.end()
        if rule == DIRECTION.code and is_right_to_left(start):
            continue
        if start == 0 and match[0] == "\ufeff":
            rule = BYTE_ORDER_MARK.code
        named = " ".join(f"U+{ord(char):04X}" for char in match[0][:4])
        findings.append(Finding(rule, start, done, named, _replacement(rule, match[0])))
    return findings


def _replacement(rule: str, found: str) -> str:
    """What takes the place of odd characters."""
    if rule == ODD_BLANK.code:
        return " " * len(found)
    if rule == LINE_END.code:
        return "\n" * (len(found) - found.count("\r\n"))
    if rule == SURROGATE.code:
        return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return ""


def _runs_right_to_left(text: str) -> bool | None:
    """Whether a text has letters of a script that does; None for one without any letters."""
    if _RIGHT_TO_LEFT.search(text):
        return True
    return False if _LETTER.search(text) else None


def _belonging(page: Page) -> Callable[[int], bool]:
    """Whether there is an odd blank at a place and belongs there; asked in the order of the text.

    Its neighbours are no blanks: one beside another comes from layout, in every language.
    """
    text = page.text
    with_blanks = [(own, _speaks(page, own)) for own in languages.blanks()]

    def belongs(at: int) -> bool:
        if unicodedata.category(text[at]) != "Zs":
            return False  # not a blank
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if before.isspace() or after.isspace() or not before or not after:
            return False
        if before.isdecimal() and after.isdecimal():
            return True
        return any(
            text[at] in own.kept and (after in own.before or before in own.after) and speaks(at)
            for own, speaks in with_blanks
        )

    return belongs


def _speaks(page: Page, own: languages.Blanks) -> Callable[[int], bool]:
    """Whether the page, or the line at a place, is in a language."""
    if page.language is not None:
        given = re.split("[-_]", page.language.lower())[0] == own.language
        return lambda _: given

    def is_spoken(text: str) -> bool:
        words = _WORD.findall(text[:LANGUAGE_CHARS].lower())
        known = sum(map(own.words.__contains__, words))
        return len(words) >= MIN_WORDS and known >= SPOKEN_SHARE * len(words)

    quoted = re.compile(f"[{own.after}][{own.kept}][^\n]{{0,200}}?[{own.kept}][{own.before}]")

    def is_spoken_in_line(text: str) -> bool:
        return is_spoken(text) or bool(quoted.search(text) and not is_vietnamese(text))

    # a line without the words may be a heading, so the page's verdict comes first
    by_page = cache(partial(is_spoken, page.text))
    line = by_line(page.text, is_spoken_in_line, is_spoken)
    return lambda at: by_page() or line(at)


def propose_blanks(page: Page) -> Sequence[Finding]:
    r"""Repairs for runs of blanks.

    >>> [(f.start, f.replacement) for f in propose_blanks(Page("của  An Lưu  \n    mã\n"))]
    [(3, ' '), (11, '')]
    """
    text = page.text
    findings: list[Finding] = []
    for start, end in _blank_runs(text):
        if end == len(text) or text[end] == "\n":
            findings.append(Finding(BLANK_RUN.code, start, end, "blanks end the line", ""))
        elif end - start > 1 and start and text[start - 1] != "\n":
            findings.append(Finding(BLANK_RUN.code, start, end, f"{end - start} blanks", " "))
    return findings


def _blank_runs(text: str) -> list[tuple[int, int]]:
    """Runs of blanks that hold two of them, or a tab, or stand before a line end or at the end.

    Searching for the few places where one can be is five times faster than looking at every blank.
    """
    runs: set[tuple[int, int]] = set()
    for mark in ("  ", "\t", " \n"):
        at = text.find(mark)
        while at >= 0:
            start = at
            while start and text[start - 1] in " \t":
                start -= 1
            run = _BLANKS.match(text, start)
            assert run is not None
            runs.add(run.span())
            at = text.find(mark, run.end())
    last = _BLANKS.match(text, len(text.rstrip(" \t")))
    if last is not None:
        runs.add(last.span())
    return sorted(runs)


CHARACTERS = Stage(
    "characters",
    (
        BYTE_ORDER_MARK,
        CONTROL,
        INVISIBLE,
        ODD_BLANK,
        LINE_END,
        DIRECTION,
        PRIVATE_USE,
        SURROGATE,
    ),
    propose,
    by_line=False,
    signs=(Signs(_ODD_CLASS + classes.PRIVATE_USE),),
)
BLANKS = Stage("blanks", (BLANK_RUN,), propose_blanks, signs=(Signs(" \t", " \t\n"),))
