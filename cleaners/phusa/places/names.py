"""Names of places: how they are compared, and the kind of unit that stands before them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from phusa import languages

_SIGNS = re.compile(r"(?:[^\w\n]|_)+")
_ZEROS = re.compile(r"(?<!\w)0+(?=\d)")
_TONE_AT_END = re.compile(r"(?<!q)(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)")
_I_AT_END = re.compile(r"(?<!\w)(?:[hklmst]|qu)[iìíỉĩị](?!\w)")
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_MOVED = {
    unicodedata.normalize("NFC", f"{first}{last}{tone}"): unicodedata.normalize(
        "NFC", f"{first}{tone}{last}"
    )
    for first, last in ("oa", "oe", "uy")
    for tone in _TONES
}
_MOVED_BACK = {old: new for new, old in _MOVED.items()}
_OLD_AT_END = re.compile(rf"(?<!q)(?:{'|'.join(_MOVED_BACK)})(?!\w)")
_Y_AT_END = re.compile(r"(?<!\w)(?:[hklmst]|qu)[yỳýỷỹỵ](?!\w)")
_TO_Y = str.maketrans("iìíỉĩị", "yỳýỷỹỵ")
_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")


def fold(name: str) -> str:
    """A name as names are compared: small letters, single blanks for signs, one way of spelling.

    Tone marks stand as in `hòa`, what is spelled with i or y has y: `mỹ`, `quý`, and numbers have
    no zero before them. Other marks stay as they are, Tân An and Tấn An are two names.

    >>> fold("Thừa Thiên - Huế"), fold("HOÀ Bình"), fold("Ia H'Drai"), fold("Kì Anh")
    ('thừa thiên huế', 'hòa bình', 'ia h drai', 'kỳ anh')
    """
    return fold_all([name.replace("\n", " ")])[0]


def fold_all(names: Iterable[str]) -> list[str]:
    """The names folded; none of them has a line break."""
    text = unicodedata.normalize("NFC", "\n".join(names).lower())
    text = _ZEROS.sub("", _SIGNS.sub(" ", text))
    text = _TONE_AT_END.sub(lambda match: _MOVED[match[0]], text)
    text = _I_AT_END.sub(lambda match: match[0].translate(_TO_Y), text)
    to_usual, others = _other_words()
    text = others.sub(lambda match: to_usual[match[0]], text)
    return [name.strip() for name in text.split("\n")]


def spellings(folded: str) -> list[str]:
    """The ways to spell a folded name, in small letters, itself the first.

    >>> spellings("hòa mỹ")
    ['hòa mỹ', 'hòa mĩ', 'hoà mỹ', 'hoà mĩ']
    """
    found = [folded]
    for usual, others in languages.places()["spellings"].items():
        if usual in folded.split(" "):
            word = re.compile(rf"(?<!\w){usual}(?!\w)")
            found += [word.sub(other, name) for name in found for other in others]
    for pattern, change in ((_Y_AT_END, _with_i), (_OLD_AT_END, _with_tone_at_end)):
        if pattern.search(folded):
            found += [pattern.sub(change, name) for name in found]
    return found


def _with_i(match: re.Match[str]) -> str:
    """`quý` as `quí`: only the last letter changes."""
    return match[0][:-1] + match[0][-1].translate(_TO_I)


def _with_tone_at_end(match: re.Match[str]) -> str:
    return _MOVED_BACK[match[0]]


@cache
def _other_words() -> tuple[dict[str, str], re.Pattern[str]]:
    """Words that are spelled in several ways, to the usual one."""
    table: dict[str, list[str]] = languages.places()["spellings"]
    to_usual = {other: usual for usual, others in table.items() for other in others}
    return to_usual, re.compile(rf"(?<!\w)(?:{'|'.join(to_usual)})(?!\w)")


def split_kind(name: str) -> tuple[str | None, str]:
    """The kind of unit that a name begins with, also where it is short, and the rest.

    >>> split_kind("TX. Kinh Môn"), split_kind("Phường An Lưu"), split_kind("Q.1")
    (('thị xã', 'Kinh Môn'), ('phường', 'An Lưu'), ('quận', '1'))
    >>> split_kind("Hải Dương")
    (None, 'Hải Dương')
    """
    match = _kinds_before().match(name)
    if match is None:
        return None, name.strip()
    return _kind_of(match[1]), name[match.end() :].strip()


@cache
def _forms() -> dict[str, str]:
    """Each form of a kind in small letters with no dots or blanks, and the kind."""
    kinds = languages.places()["kinds"]
    forms = {form: kind for kind, short in kinds.items() for form in (kind, *short)}
    return {re.sub(r"[\s.]", "", form.lower()): kind for form, kind in forms.items()}


def _kind_of(form: str) -> str:
    return _forms()[re.sub(r"[\s.]", "", unicodedata.normalize("NFC", form.lower()))]


@cache
def _kinds_before() -> re.Pattern[str]:
    """A kind in full or of two letters before a blank or a dot; of one before a dot or a number."""
    kinds: dict[str, list[str]] = languages.places()["kinds"]
    words = sorted(kinds, key=len, reverse=True)
    short = sorted((form for forms in kinds.values() for form in forms), key=len, reverse=True)
    full = "|".join(word.replace(" ", r"\s{1,3}") for word in words)
    dotted = "|".join(re.escape(form) for form in short)
    blank = "|".join(re.escape(form) for form in short if len(form) > 1)
    one = "|".join(form for form in short if len(form) == 1)
    return re.compile(
        rf"\s{{0,9}}((?:{full})(?=\s)|(?:{dotted})(?=\.)|(?:{blank})(?=\s)|(?:{one})(?=\d))[\s.]{{0,3}}",
        re.IGNORECASE,
    )
