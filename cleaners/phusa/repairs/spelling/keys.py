"""Keystrokes that an input method should have made into letters: Telex and VNI.

Telex types a vowel or d twice for its mark (aa for â, dd for đ), w for a horn or a breve, and a
tone as f, s, r, x or j. VNI types digits for the same. Both are described in the manuals of all
Vietnamese keyboards; what is here was written from those rules.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from phusa.findings import Rule
from phusa.repairs.spelling.readings import OWN_LETTER, Proof, Reading
from phusa.syllables import TONES, VOWELS, bare, is_syllable, parse

TELEX = Rule(
    "ENC072",
    "telex-typing",
    "Telex keys left in a word: `ddoongf` for `đồng`.",
    """Somebody typed Telex while the input method was off or slipped. The word is put right where
its keys make a syllable: as they stand (ddoongf), with two keys in the wrong order (theieus for
thiếu), or with the tone of a word typed behind the blank (đông fbooj for đồng bộ). Words that any
other language has stay, and so does everything that has no Vietnamese words around it.""",
)
VNI_TYPING = Rule(
    "ENC073",
    "vni-typing",
    "VNI keys left in a word: `d9o6ng2` for `đồng`.",
    """Somebody typed VNI while the input method was off. A word is put right if it has at least two
digits, one of them from 6 to 9, that make it a syllable, and Vietnamese words around it.""",
)

_TONE_KEYS = dict(zip("fsrxj", TONES[1:], strict=True))
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"a": "ă", "o": "ơ", "u": "ư"}
_VNI_TONES = dict(zip("21345", TONES[1:], strict=True))
_VNI_MARKS = {"6": _CIRCUMFLEX, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}}
_CODE = re.compile("[A-Za-z]{1,3}[0-9]+|[A-Za-z][0-9][A-Za-z][0-9]")
_HIGH_DIGIT = re.compile("[6-9]")
_ONSET = re.compile("[bcdđghklmnpqrstvx]{0,3}(?=[^b-df-hj-np-tv-xzđ])")
"""What stands before the first vowel."""
_NO_ONSET = "fj"
"""Tone keys that no word of Vietnamese begins with."""
MAX_KEYS = 10
"""`nghieengs` has nine; a key more for a slip."""
MIN_TRANSPOSED = 6
MIN_VNI_LETTERS = 2


class _Typed(NamedTuple):
    """A syllable that keys make, and what kinds of keys are among them."""

    text: str
    has_mark: bool
    has_tone: bool
    is_drawn_out: bool
    """Whether it ends in a vowel typed twice and has no other key, as chat has it: nhee."""


def typed(word: str) -> Reading | None:
    """What the keys in a word were meant to make, if they are keys.

    >>> [typed(word).text for word in ("ddoongf", "Tieengs", "theieus", "d9o6ng2", "đôngf")]
    ['đồng', 'Tiếng', 'thiếu', 'đồng', 'đồng']
    >>> typed("fbooj").text, typed("fbooj").tone == TONES[1], typed("dep11"), typed("tiếng")
    ('bộ', True, None, None)
    """
    small = word.lower()
    if not 3 <= len(word) <= MAX_KEYS or is_syllable(small) or word[1:] != small[1:]:
        return None
    if not word.isalpha():
        made = _vni(small)
        return Reading.of(word, VNI_TYPING.code, made, Proof.STRONG) if made else None
    found = _in_order(small)
    if found is not None:
        sure = (found.has_mark and found.has_tone) or OWN_LETTER.search(small)
        if found.is_drawn_out or (not sure and (word != small or _has_j_for_i(small))):
            return None
        return Reading.of(word, TELEX.code, found.text, Proof.STRONG if sure else Proof.WEAK)
    if word != small:
        return None
    made = _transposed(word)
    return Reading(TELEX.code, made, Proof.WEAK) if made else _shifted(word)


def _has_j_for_i(word: str) -> bool:
    """Whether a word may be chat, which writes roj for rồi."""
    return word.endswith("j") and is_syllable(word[:-1] + "i")


def _in_order(keys: str) -> _Typed | None:
    """What Telex keys make as they stand."""
    onset = _ONSET.match(keys)
    if onset is None:
        return None
    head, tail = onset[0], keys[onset.end() :]
    letters, tones, doubled = "", [], False
    for before, key in zip(f" {tail}", tail, strict=False):
        doubled = key == before and key in _CIRCUMFLEX and letters.endswith(key)
        if key in _TONE_KEYS:
            tones.append(_TONE_KEYS[key])
        elif doubled:
            letters = letters[:-1] + _CIRCUMFLEX[key]
        else:
            letters = _horned(letters, head) if key == "w" else letters + key
    barred = head.startswith("dd")
    if barred:
        head = "đ" + head[2:]
    has_mark = barred or len(letters) + len(tones) < len(tail)
    # a tone alone has to be the last key, as it is typed; else many foreign words would fit
    if len(tones) > 1 or not (has_mark or (tones and tail[-1] in _TONE_KEYS)):
        return None
    syllable = parse(head + letters.replace("ưo", "ươ") + "".join(tones))
    if syllable is None:
        return None
    return _Typed(syllable.spelled(), has_mark, bool(tones), doubled and not (barred or tones))


def _horned(letters: str, onset: str) -> str:
    """Letters with the horn or breve that a w gives; with the w where it gives none."""
    if "uo" in letters:
        return letters.replace("uo", "ươ")
    if letters.endswith("ua") and onset != "q":
        return letters[:-2] + "ưa"
    return _marked(letters, _HORN) or letters + "w"


def _marked(letters: str, marks: dict[str, str]) -> str | None:
    """Letters with a mark on the last that can have it."""
    for i in range(len(letters) - 1, -1, -1):
        if letters[i] in marks:
            return letters[:i] + marks[letters[i]] + letters[i + 1 :]
    return None


def _transposed(keys: str) -> str | None:
    """What the keys make if two neighbours change places; None unless it is one thing only.

    Only keys for a mark and for a tone together are proof enough.
    """
    if len(keys) < MIN_TRANSPOSED or keys[-1] not in _TONE_KEYS:
        return None
    found = set()
    for i in range(len(keys) - 2):
        if (keys[i] in VOWELS) is not (keys[i + 1] in VOWELS):
            continue  # in a run of vowels keys change places; across its end it is another word
        other = _in_order(keys[:i] + keys[i + 1] + keys[i] + keys[i + 2 :])
        if other is not None and other.has_mark and other.has_tone:
            found.add(other.text)
    return found.pop() if len(found) == 1 else None


def _shifted(word: str) -> Reading | None:
    """A word that begins with the tone key of the word before.

    Before a vowel f may stand for ph, as in chat: fải.
    """
    key, rest = word[0], word[1:]
    tone = _TONE_KEYS.get(key)
    if tone is None or bare(rest[0])[0] in VOWELS:
        return None
    found = _in_order(rest)
    if found is not None and (found.has_mark or key in _NO_ONSET):
        proof = Proof.STRONG if found.has_mark and found.has_tone else Proof.WEAK
        return Reading(TELEX.code, found.text, proof, tone)
    if key in _NO_ONSET and OWN_LETTER.search(rest) and is_syllable(rest):
        return Reading(TELEX.code, rest, Proof.STRONG, tone)
    return None


def _vni(keys: str) -> str | None:
    """VNI keys: letters, each with the digits of its marks behind it or at the end."""
    digits = [key for key in keys if key.isdigit()]
    if len(digits) < 2 or len(keys) - len(digits) < MIN_VNI_LETTERS or not _HIGH_DIGIT.search(keys):
        return None
    if _CODE.fullmatch(keys):
        return None  # `to72` is a number of something
    letters = tone = ""
    for key in keys:
        if key in _VNI_TONES:
            if tone:
                return None
            tone = _VNI_TONES[key]
        elif key == "9":
            letters = "đ" + letters[1:] if letters.startswith("d") else letters + key
        elif key == "7" and "uo" in letters:
            letters = letters.replace("uo", "ươ")
        elif key in _VNI_MARKS:
            letters = _marked(letters, _VNI_MARKS[key]) or letters + key
        else:
            letters += key
    syllable = parse(letters.replace("ưo", "ươ") + tone)
    return None if syllable is None else syllable.spelled()
