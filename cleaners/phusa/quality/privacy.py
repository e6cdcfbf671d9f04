"""Personal data in a text: where it is, how much there is, and what to write in its place.

What is told of a piece is its kind and its length, never its characters. Each line is looked at
alone, so that the pieces of a page are those of its parts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from phusa.facts import PersonalData
from phusa.findings import Finding, Rule, apply
from phusa.quality.emails import emails
from phusa.quality.ibans import ibans
from phusa.quality.numbers import numbers
from phusa.quality.pieces import Kind, Piece

EMAIL = Rule(
    "PII101",
    "email-address",
    "An e-mail address.",
    """An e-mail address in the title, the text or a caption, in small letters or capitals, also one
that is hidden from harvesters as `lan [at] a.vn`.

    Liên hệ: lan@a.vn

Handles of social networks (`@lan`, `@lan@a.vn`) are none, nor are names of files (`logo@2x.png`).
The finding changes nothing and does not repeat the address. `redact = ["emails"]` in the section
`[clean]` of the recipe puts `<EMAIL>` in its place.""",
)
PHONE = Rule(
    "PII102",
    "phone-number",
    "A phone number of a person or an office.",
    """A phone number in the title, the text or a caption. Vietnamese ones are known by their form:
mobile (also the ones of eleven digits until 2018) and landline, with 0, +84, 84 or 0084. So are
numbers with a + and the code of a country, and North American ones. Other numbers of seven digits
or more need a word before them, such as `ĐT`, `Hotline`, `Tel`.

    Đường dây nóng: 0912 345 678, 3826 1234

A line that an office publishes counts like that of a person: the text does not tell. Hotlines that
start with 1800 or 1900 and short numbers (113) do not. Neither do amounts, dates, coordinates,
numbers of decrees and taxpayers, parts of addresses on the web.

The finding changes nothing and does not repeat the number. `redact = ["phones"]` in the section
`[clean]` of the recipe puts `<PHONE>` in its place.""",
)
IDENTITY = Rule(
    "PII103",
    "identity-number",
    "A number of an identity card, passport or social insurance.",
    """A number that the state gave a person, in the title, the text or a caption. Twelve digits in
one block are known by their form: the code of a province, century and sex, year of birth. All
others need a word before them: `CMND`, `căn cước công dân`, `hộ chiếu`, `BHXH`, `passport`, `DNI`.

    CCCD số 001200012345, hộ chiếu B1234567

The finding changes nothing and does not repeat the number. `redact = ["identity_numbers"]` in the
section `[clean]` of the recipe puts `<ID>` in its place.""",
)
ACCOUNT = Rule(
    "PII104",
    "bank-account",
    "The number of a bank account.",
    """The number of a bank account in the title, the text or a caption: 6 to 20 digits right behind
words such as `STK` or `số tài khoản`, 9 to 20 where a name or a bank stands between, and IBANs
whose check digits are right.

    Số tài khoản: 0011 0012 3456 (Vietcombank)

What is followed by a unit (`đồng`, `USD`) is an amount. The finding changes nothing and does not
repeat the number. `redact = ["bank_accounts"]` in the section `[clean]` of the recipe puts
`<ACCOUNT>` in its place.""",
)
RULES = (EMAIL, PHONE, IDENTITY, ACCOUNT)


class _Form(NamedTuple):
    """How a kind is called: in the record and the recipe, by its rule, in words, by its token."""

    field: str
    rule: str
    name: str
    token: str


_FORMS: Mapping[Kind, _Form] = {
    "email": _Form("emails", EMAIL.code, "e-mail address", "<EMAIL>"),
    "phone": _Form("phones", PHONE.code, "phone number", "<PHONE>"),
    "identity": _Form("identity_numbers", IDENTITY.code, "identity number", "<ID>"),
    "account": _Form("bank_accounts", ACCOUNT.code, "bank account", "<ACCOUNT>"),
}
_TOKENS: Mapping[str, Kind] = {form.token: kind for kind, form in _FORMS.items()}
_TOKEN = re.compile("|".join(_TOKENS))
_FOLDED = bytes.maketrans(b"123456789ATat()", b"000000000atat[]")
_SIGNS = b" .-" + "\u00a0\u2009\u202f\u2010\u2011\u2012\u2013".encode()
"""What may stand between the digits of a number. Bytes of other characters go too: it does not
matter, for no digit is lost and no line end."""
_SIX_DIGITS = b"000000"

MAX_ROUNDS = 8
"""One is all that text needs; a token may end what glued words hid, and the bound is for those."""


def pieces(text: str) -> list[Finding]:
    """The personal data in a text, in its order, as findings that repair nothing.

    >>> [(f.rule, f.message) for f in pieces("ĐT: 0912 345 678, lan@a.vn")]
    [('PII102', 'phone number, 10 digits'), ('PII101', 'e-mail address')]
    """
    # Most pages and lines have none of it: this look costs a tenth of the search.
    folded = text.encode("utf-8", "replace").translate(_FOLDED, _SIGNS)
    numbered = set(_lines_with(_SIX_DIGITS, folded))
    addressed = {*_lines_with(b"@", folded), *_lines_with(b"[at]", folded)}
    if not numbered and not addressed:
        return []
    found: list[Finding] = []
    lines = text.split("\n")
    at = done = 0
    for i in sorted(numbered | addressed):
        at += sum(map(len, lines[done:i])) + i - done
        done = i
        stops = list(emails(lines[i])) if i in addressed else []
        if i in numbered:
            stops = _in_order((*stops, *ibans(lines[i]), *_tokens(lines[i])))
            stops += numbers(lines[i], stops)
        found += (_told(piece, at) for piece in sorted(stops) if not piece.token)
    return found


def _lines_with(sign: bytes, folded: bytes) -> Iterator[int]:
    """The numbers of the lines that hold a sign, from 0."""
    line = done = 0
    while (at := folded.find(sign, done)) >= 0:
        line += folded.count(b"\n", done, at)
        yield line
        done = folded.find(b"\n", at)
        if done < 0:
            return


def _tokens(text: str) -> Iterator[Piece]:
    """The tokens that stand in a text for personal data."""
    for found in _TOKEN.finditer(text):
        yield Piece(*found.span(), _TOKENS[found[0]], token=True)


def _in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces in their order; where two overlap, the one that starts first."""
    ordered: list[Piece] = []
    for piece in sorted(pieces):
        if not ordered or piece.start >= ordered[-1].end:
            ordered.append(piece)
    return ordered


def _told(piece: Piece, at: int) -> Finding:
    """A piece of the line that starts at `at` as a finding."""
    form = _FORMS[piece.kind]
    message = f"{form.name}, {piece.size} digits" if piece.size else form.name
    return Finding(form.rule, at + piece.start, at + piece.end, message)


def redactions(text: str, kinds: Collection[str]) -> list[Finding]:
    """The pieces of some kinds, as repairs that put tokens in their place.

    `kinds` are named as the record counts them; see `phusa.recipe.REDACTED`.
    """
    tokens = {form.rule: form.token for form in _FORMS.values() if form.field in kinds}
    if not tokens:
        return []
    return [replace(f, replacement=tokens[f.rule]) for f in pieces(text) if f.rule in tokens]


def redacted(text: str, kinds: Collection[str]) -> str:
    """A text with tokens in place of its pieces of some kinds.

    >>> redacted("ĐT: 0912 345 678", ["phones"])
    'ĐT: <PHONE>'
    """
    for _ in range(MAX_ROUNDS):
        text, step = apply(text, redactions(text, kinds))
        if not step:
            break
    return text


def masked(text: str) -> str:
    """A text to show to people: a bullet for each letter and digit of its personal data.

    >>> masked("ĐT: 0912 345 678")
    'ĐT: •••• ••• •••'
    """
    for piece in pieces(text):
        hidden = "".join("•" if c.isalnum() else c for c in text[piece.start : piece.end])
        text = text[: piece.start] + hidden + text[piece.end :]
    return text


def counts(found: Sequence[Finding]) -> PersonalData:
    """How many pieces there are of each kind."""
    rules = Counter(finding.rule for finding in found)
    return PersonalData(**{form.field: rules[form.rule] for form in _FORMS.values()})
