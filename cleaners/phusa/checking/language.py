"""The language of a text against the one stated."""

from __future__ import annotations

import re

from phusa.checking.rules import WRONG_LANGUAGE
from phusa.facts import Language
from phusa.findings import Finding
from phusa.metadata.languages import DETECTOR_CHARS, language

MIN_CONFIDENCE = 0.9
MIN_LETTERS = 200
"""On the start of a text; with fewer the detector takes menus and names for other languages."""
MIN_HANGUL_SHARE, MAX_WIDE_SHARE = 0.2, 0.3
"""Of the letters: the detector takes one in ten texts in traditional Chinese for Korean, and goes
by the Latin words in a Chinese text where they have more letters."""
SAME = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id", "cmn": "zh"}
"""Codes that the detector has others for."""
KNOWN = frozenset(
    """af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr
    ne nl no pa pl pt ro ru sk sl so sq sv sw ta te th tl tr uk ur vi zh""".split()
)
"""What the detector knows. It takes other languages for these: Malay for Indonesian, Igbo, which
has letters with dots below, for Vietnamese, Georgian for Estonian. Of 9,200 texts in 92 languages,
put together from the translations that the tests read, none in one of these is told."""

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_OF_WIDE = frozenset(("ja", "ko", "zh"))


def wrong_language(text: str, stated: str) -> Finding | None:
    """Tell of a text that is surely in another language than the one stated (BCP 47).

    Codes are compared without script and region. Where the start of a long text is in another
    language, its end has to be, too.

    >>> text = "The council said on Monday that the new road would open in March, at last. " * 4
    >>> wrong_language(text, "vi-VN").message, wrong_language(text, "en-GB")
    ('en (1.0), where vi-VN is stated', None)
    """
    primary = _primary(stated)
    if primary not in KNOWN:
        return None
    found = language(text)
    if found is None or not _is_other(found, primary, text):
        return None
    if len(text) > 2 * DETECTOR_CHARS:
        last = language(text[-DETECTOR_CHARS:])
        if last is None or not _is_other(last, primary, text[-DETECTOR_CHARS:]):
            return None
    message = f"{found.code} ({found.confidence}), where {stated} is stated"
    return Finding(WRONG_LANGUAGE.code, 0, 0, message)


def _is_other(found: Language, primary: str, text: str) -> bool:
    code = _primary(found.code)
    if found.confidence < MIN_CONFIDENCE or code == primary:
        return False
    head = text[:DETECTOR_CHARS]
    letters = sum(map(str.isalpha, head))
    if letters < MIN_LETTERS:
        return False
    if code == "ko":
        return len(_HANGUL.findall(head)) >= MIN_HANGUL_SHARE * letters
    if primary in _OF_WIDE and code not in _OF_WIDE:
        return len(_WIDE.findall(head)) <= MAX_WIDE_SHARE * letters
    return True


def _primary(code: str) -> str:
    """The language of a code without script and region, as the detector calls it."""
    primary = re.split("[-_]", code.lower(), maxsplit=1)[0]
    return SAME.get(primary, primary)
