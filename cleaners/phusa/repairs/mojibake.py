"""UTF-8 that was read as another encoding, put right.

Nearly all text is clean, so a page meets, in this order: a search for the pairs of characters that
misread UTF-8 always shows, which clean text passes at hundreds of MB/s; the strict way back of the
whole page, then of each line that shows such a pair, which is exact; then, on pages with misread
Vietnamese, the way back word by word (`phusa.repairs.misread_words`), and ftfy on what is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from phusa.findings import Finding, Rule
from phusa.page import Page, Stage
from phusa.repairs import lost_letters
from phusa.repairs.lost_letters import LOST_LETTER
from phusa.repairs.misread_words import DANGLING, Damage, Reread, damage, has_own_syllable, reread
from phusa.repairs.misreadings import MISREADINGS, SIGNS, SUSPECT

MOJIBAKE = Rule(
    "ENC020",
    "mojibake",
    "UTF-8 read as another encoding: `Viá»‡t Nam` for `Việt Nam`.",
    """The text was UTF-8, and something on its way read it as Windows-1252, Latin-1, Windows-1258,
Windows-1250, MacRoman or code page 437, once or several times. Every letter with a mark became two
or three characters. It is put back as it was: by the strict way back where the whole page, a line
or a Vietnamese word was misread, else by ftfy, which judges each line.""",
)
LOSSY = Rule(
    "ENC022",
    "lossy-mojibake",
    "Misread Vietnamese that cannot be put right: `ngÆ°á»i` has lost characters.",
    """The lines are UTF-8 that was read as another encoding, and on the way characters were dropped
or put in small letters, so that nobody can tell what stood there. They are only reported: the page
gets one finding at the first of them, with their number. Get the page again from its source.""",
)

MIN_MISREAD_CHARS = 8
"""Fewer characters in a text that happen to be valid UTF-8 are left to each line's judgement."""
MIN_MISREAD_CHARS_OF_LINE = 4
"""Fewer in a line are left to ftfy's judgement, unless they make it Vietnamese."""
MIN_MISREAD_LINES = 3
"""So many lines put right make the page's verdict, which then decides the weak lines."""
MIN_FOREIGN_LETTERS = 3
"""Fewer letters that are not Latin, in a line that is repaired, are chance: `Nhà² và`."""
REMEMBERED_LINES = 1 << 12
SHORT_LINE_CHARS = 200
"""Pages repeat short lines; what ftfy made of some is remembered."""
MIN_LOSSY_LETTERS = 2
"""So many misread letters that are left make a line misread beyond repair."""

_MESSAGE = "UTF-8 that was read as another encoding"
_LOSSY = re.compile("[Ææ][°¡]|á[º»](?=[^\\W\\d_])")
_LOSSY_TOO = re.compile("[Ææ][°¡]|á[º»]|[Ãã][¡-¿]|[Ää][\x90\x91‘]")

_READ_RIGHTLY = re.compile("[Ạ-ỹ]")
"""Letters that misread text does not have: some of the line is in order."""
_BYTES = re.compile("[\x80-\xff]{4}")
# Â that stands alone, as the letter of the alphabet, before a mark that is its own
_LETTER = re.compile(
    "(?<!\\w)Â(?:[–—](?=\\w)|…|[”’](?!\\w)|(?= |$))|^Â»$|(?<!Â)«[^«»Â]{0,40}(?<!\\w)Â»"
    # and what a text about misread text quotes
    "|(?<=[\"'`‘“«])[^\\0-\x7f]{1,8}(?=[\"'`’”»])"
)
_LETTER_AND_MARK = re.compile(f"{_LETTER.pattern}|[À-ỹ][“”‘’–—…«»²³¹º°\xa0]")


def propose(page: Page) -> Sequence[Finding]:
    r"""Repairs for misread text.

    >>> [finding] = propose(Page("Thị xã\nThá»\x8b xÃ£ Ká»³ Anh"))
    >>> finding.start, finding.replacement
    (7, 'Thị xã Kỳ Anh')
    """
    text = page.text
    findings: list[Finding] = []
    if SUSPECT.search(text):
        whole = _way_back(text, MIN_MISREAD_CHARS)
        findings = _suspect_lines(text) if whole is None else list(_by_line(text, whole))
    if "\ufffd" in text and all(finding.replacement is None for finding in findings):
        findings += lost_letters.propose(text)
    return findings


def _way_back(text: str, least: int) -> str | None:
    """The text that was misread from its first character to its last, if that is what happened.

    Where the result has no syllable of Vietnamese, `least` characters of it must have been misread.
    """
    for misreading in MISREADINGS:
        found = misreading.undo(text)
        if found is None:
            continue
        if SUSPECT.search(found):
            deeper = _way_back(found, least)  # misread more than once
            if deeper is not None:
                return deeper
        if has_own_syllable(found) or (
            misreading is MISREADINGS[0] and _beyond_ascii(found) >= least
        ):
            return found
    return None


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _by_line(text: str, repaired: str) -> Iterator[Finding]:
    at = 0
    for old, new in zip(text.split("\n"), repaired.split("\n"), strict=True):
        if old != new:
            yield _misread(at, old, new)
        at += len(old) + 1


def _misread(at: int, old: str, new: str) -> Finding:
    return Finding(MOJIBAKE.code, at, at + len(old), _MESSAGE, new)


def _suspect_lines(text: str) -> list[Finding]:
    """Repairs for the lines that show a suspect pair, and a report of those beyond repair."""
    starts = set(_starts(text, SUSPECT))
    how = damage([text[at : _end(text, at)] for at in starts])
    if how and how.dropped:
        starts.update(_starts(text, DANGLING))
    findings: list[Finding] = []
    left: list[tuple[int, str]] = []
    lossy: list[int] = []
    for at in sorted(starts):
        line = text[at : _end(text, at)]
        repaired = _way_back(line, MIN_MISREAD_CHARS_OF_LINE)
        if repaired is not None:
            findings.append(_misread(at, line, repaired))
            continue
        rest, found = _in_line(at, line, how)
        findings += found
        if _is_lossy(rest) and (mark := _LOSSY.search(line)) is not None:
            lossy.append(at + mark.start())
        elif not found:
            left.append((at, line))
    if len(starts) - len(left) - len(lossy) >= MIN_MISREAD_LINES:
        for at, line in left:
            repaired = _way_back(line, 1) or (_fix if _READ_RIGHTLY.search(line) else _ftfy())(line)
            findings += [_misread(at, line, repaired)] if repaired != line else []
    if lossy:
        number = f"{len(lossy)} line{'s are' if len(lossy) > 1 else ' is'}"
        findings.append(Finding(LOSSY.code, lossy[0], lossy[0] + 1, f"{number} misread and lossy"))
    return findings


def _starts(text: str, mark: re.Pattern[str]) -> Iterator[int]:
    """Where the lines start that show a mark."""
    at = 0
    while (found := mark.search(text, at)) is not None:
        yield text.rfind("\n", at, found.start()) + 1 or at
        at = _end(text, found.start())


def _end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _in_line(at: int, line: str, how: Damage | None) -> tuple[str, list[Finding]]:
    """What a line, which starts at `at`, is without misread words, and the repairs for that."""
    words = reread(line, how) if how else []
    read = _with(line, words)
    fixed = _fix(read) if SUSPECT.search(read) and not _is_lossy(read) else read
    if fixed != read:
        return fixed, [_misread(at, line, fixed)]
    rules = {True: (LOST_LETTER.code, lost_letters.MESSAGE), False: (MOJIBAKE.code, _MESSAGE)}
    findings = []
    for word in words:
        rule, message = rules[word.filled]
        findings.append(Finding(rule, at + word.start, at + word.end, message, word.text))
    return read, findings


def _with(line: str, words: Sequence[Reread]) -> str:
    """The line with its words put right."""
    pieces: list[str] = []
    done = 0
    for word in words:
        pieces += (line[done : word.start], word.text)
        done = word.end
    return "".join((*pieces, line[done:]))


def _is_lossy(line: str) -> bool:
    """Whether a line is plainly misread and has lost too much to be put right."""
    return bool(_LOSSY.search(line)) and len(_LOSSY_TOO.findall(line)) >= MIN_LOSSY_LETTERS


def _fix(line: str) -> str:
    """The line as ftfy puts it right; as it was where nothing but letters in order speaks for that.

    Letters and marks behind them may look like UTF-8: `THỊ XÃ” MỚI`.
    """
    fixed = _ftfy()(line)
    if fixed == line:
        return line
    letters = _LETTER_AND_MARK if _READ_RIGHTLY.search(line) else _LETTER
    rest = letters.sub("A", line)
    return line if rest != line and _ftfy()(rest) == rest else fixed


def _is_no_text(fixed: str, line: str) -> bool:
    """Whether a repaired line shows that it was not UTF-8 but, say, Chinese in GBK.

    Some pairs of any bytes are UTF-8 by chance; the rest stays, and chance makes odd characters.
    """
    if fixed == line:
        return False
    made = [char for char in fixed if char not in line]
    if _BYTES.search(fixed) or any(unicodedata.category(char) == "Cn" for char in made):
        return True
    letters = [char for char in made if char.isalpha() and char > "\u036f"]
    foreign = sum(not unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return 0 < foreign < MIN_FOREIGN_LETTERS


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
        return line if "\n" in fixed or _is_no_text(fixed, line) else fixed

    remembered = lru_cache(REMEMBERED_LINES)(fix)
    return lambda line: (remembered if len(line) <= SHORT_LINE_CHARS else fix)(line)


STAGE = Stage("mojibake", (MOJIBAKE, LOST_LETTER, LOSSY), propose, by_line=False, signs=SIGNS)
