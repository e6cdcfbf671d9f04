"""Names of places: how they are compared, and the kind of unit that stands before them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from phusa import languages

_APOSTROPHES = "'’‘ʼʹ´`"
_SIGNS = re.compile(rf"(?:[^\w\n]|[_{_APOSTROPHES}])+")
_APOSTROPHE = re.compile(rf"(?<=\w)\s?[{_APOSTROPHES}]\s?(?=\w)")
_TWO_SOUNDS = re.compile(
    r"(?<!\w)(?!ch|gh|kh|ng|nh|ph|th|tr)"
    r"([bdđghjklmnprst])(?=[bcdđghjklmnprstvx]{1,2}[^\W\dbcdđghjklmnprstvx])"
)
"""A consonant before others that no Vietnamese word begins with: `Glong`, `BLứ`."""
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


def unmarked(folded: str) -> str:
    """A folded name without its marks.

    >>> unmarked("phường đắk glong")
    'phuong dak glong'
    """
    text = unicodedata.normalize("NFD", folded.replace("đ", "d"))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def other_signs(name: str) -> list[str]:
    """A name in a minority language as it is also written, folded: other apostrophes.

    Any may be left out. Where the lists have none, one is set in names of several words only:
    `H'Bông` alone is also a woman.

    >>> other_signs("Cư M'gar"), other_signs("Đắk Glong"), other_signs("An Lưu")
    (['cư mgar'], ['đắk g long'], [])
    """
    if not _APOSTROPHE.search(name) and not _TWO_SOUNDS.search(name.lower()):
        return []  # nearly all, and folding takes long
    folded, joined = fold(name), fold(_APOSTROPHE.sub("", name))
    apart = _TWO_SOUNDS.sub(r"\1 ", joined) if " " in joined else joined
    return list(dict.fromkeys(other for other in (joined, apart) if other != folded))


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
    """The kind of unit that a name begins with, also where it is short, and the rest in NFC.

    >>> split_kind("TX. Kinh Môn"), split_kind("Phường An Lưu"), split_kind("Q.1")
    (('thị xã', 'Kinh Môn'), ('phường', 'An Lưu'), ('quận', '1'))
    >>> split_kind("Hải Dương")
    (None, 'Hải Dương')
    """
    name = unicodedata.normalize("NFC", name)
    match = _kinds_before().match(name)
    if match is None:
        return None, name.strip()
    return _forms()[_form(match[1])], name[match.end() :].strip()


def readings(name: str) -> list[tuple[str | None, str]]:
    """The ways to take a name apart into a kind of unit, or None, and a bare name.

    Offices before it are passed over, and bodies may tell the kind.

    >>> readings("UBND phường An Lưu")
    [(None, 'phường An Lưu'), ('phường', 'An Lưu')]
    >>> readings("Xã Đoàn Đào")
    [(None, 'Xã Đoàn Đào'), ('xã', 'Đoàn Đào'), ('xã', 'Đào')]
    """
    name = unicodedata.normalize("NFC", name)
    office = _offices_before().match(name)
    name = name[office.end() if office else 0 :].strip()
    found = [(None, name), split_kind(name)]
    body = _bodies_before().match(name)
    kind = _bodies().get(" ".join(body[1].lower().split())) if body else None
    if body and kind:  # no kind where a capital is two letters when small, İ
        found.append((kind, name[body.end() :].strip()))
    return list(dict.fromkeys(found))


@cache
def _forms() -> dict[str, str]:
    """Each form of a kind in small letters with no dots or blanks, and the kind."""
    kinds = languages.places()["kinds"]
    return {_form(form): kind for kind, short in kinds.items() for form in (kind, *short)}


def _form(text: str) -> str:
    return re.sub(r"[\s.]", "", text.lower())


@cache
def _bodies() -> dict[str, str]:
    """Bodies that are named by the unit they belong to, however they are spelled, and its kind."""
    bodies: dict[str, str] = languages.mentions()["bodies"]
    return {form: kind for body, kind in bodies.items() for form in spellings(body)}


@cache
def _bodies_before() -> re.Pattern[str]:
    return re.compile(rf"({_any_of(_bodies())})\s{{1,3}}", re.IGNORECASE)


@cache
def _offices_before() -> re.Pattern[str]:
    """Up to three offices: `HĐND và UBND`."""
    before = languages.places()["before"]
    offices = _any_of(form for office in before["offices"] for form in spellings(office))
    joins = _any_of(before["joins"])
    return re.compile(
        rf"\s{{0,9}}(?:(?:{offices})(?:\s{{0,3}}(?:{joins}))?(?!\w)\s{{0,3}}){{1,3}}", re.IGNORECASE
    )


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of some words, the longest first."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s{1,3}") for word in longest_first)


@cache
def _kinds_before() -> re.Pattern[str]:
    """A kind in full or of two letters before a blank or a dot; of one before a dot or a number."""
    kinds: dict[str, list[str]] = languages.places()["kinds"]
    short = [form for forms in kinds.values() for form in forms]
    blank = _any_of(form for form in short if len(form) > 1)
    one = _any_of(form for form in short if len(form) == 1)
    return re.compile(
        rf"\s{{0,9}}((?:{_any_of(kinds)})(?=\s)|(?:{_any_of(short)})(?=\.)"
        rf"|(?:{blank})(?=\s)|(?:{one})(?=\d))[\s.]{{0,3}}",
        re.IGNORECASE,
    )
