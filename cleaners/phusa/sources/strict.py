r"""Rows of JSONL, strictly: the object that a row is, and everything that is wrong with its JSON.

JSON as by RFC 8259, in UTF-8, and beyond it what readers take in different ways: a key that stands
twice in an object, numbers that no 64 bits hold. orjson reads the rows, and passes over both: of a
key it keeps the last, of an integer beyond 64 bits the double next to it. `load` is content with
that, `parse` tells it. Both say what is wrong by one scan of the row, without recursion, that keeps
no values; rows without a flaw hardly ever need it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import isinf
from typing import Any

import orjson

from phusa.findings import Rule
from phusa.sources.rules import (
    BROKEN_JSON,
    DUPLICATE_KEY,
    HUGE_NUMBER,
    JSON_SURROGATE,
    NOT_AN_OBJECT,
    NOT_FINITE,
)

MAX_FLAWS = 1000
"""So many are told of a row; in a row made to be hostile every second byte can be one."""
MAX_LEVELS = 1024
"""How deep objects and lists may be nested, for orjson too."""

_BLANKS = re.compile(r"[ \t\n\r]*+")
_IN_STRING = r'[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*+'
_STRING_START = re.compile(f'"{_IN_STRING}')
_WORDS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_TOKEN = re.compile(
    _BLANKS.pattern + rf'(?:(?P<mark>[][{{}}:,])|(?P<string>"{_IN_STRING}")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
    r"|(?P<word>true|false|null)|(?P<infinite>NaN|-?Infinity))"
)
_NUMBER_CUT = re.compile(r"\.|[eE][+-]?")
_ESCAPE_CUT = re.compile(r"(?:\\(?:u[0-9A-Fa-f]{0,3})?)?")
_CUT = "; was its writer cut off?"
_HALF = re.compile(
    r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
"""An escape; with `half` where it is one half of a pair and the other is not beside it."""

_VALUE, _KEY, _COLON = "a value", "a key in double quotes", "a colon"
_NEXT, _END = "a comma or a closing bracket", "nothing more"
_CLOSING = {"{": "}", "[": "]"}

_NAME = re.compile(r"[@$]?[\w .:/~-]{0,60}")
_MAX_DIGITS = 8  # more may be a phone number; a day has eight
_MAX_POINTER = 200


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with the JSON of a row.

    `rule` is the code. `pointer` is the JSON pointer of the value, "" the row itself; `…` stands in
    it for keys that do not look like the name of a field, which may be anybody's data. `column` is
    where it starts in the row, in characters from 1. Where `fatal` is set the row cannot be read.

    >>> print(Flaw("SRC111", "NaN is no number of JSON", "/n", 7))
    /n: NaN is no number of JSON (column 7)
    """

    rule: str
    message: str
    pointer: str = ""
    column: int = 1
    fatal: bool = True

    def __str__(self) -> str:
        message = f"{self.pointer}: {self.message}" if self.pointer else self.message
        return f"{message} (column {self.column})"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row as it was read, None where a flaw is fatal, and its flaws in the order of columns."""

    row: dict[str, Any] | None
    flaws: tuple[Flaw, ...] = ()


def parse(raw: bytes) -> Parsed:
    """Read a row, without the byte order mark of its file; never fails.

    Broken JSON and what is no object end the search; of other flaws the first `MAX_FLAWS` are told.

    >>> parse(b'{"a": 1}')
    Parsed(row={'a': 1}, flaws=())
    >>> [str(flaw) for flaw in parse(b'{"a": 1, "a": [NaN]}').flaws]
    ['/a: the key again; readers keep one of the two (column 10)',
     '/a/0: NaN is no number of JSON; write null (column 16)']
    """
    row = _loaded(raw)
    if isinstance(row, tuple):
        return Parsed(None, row)
    return Parsed(row, () if _flawless(raw, row) else tuple(_first(raw.decode())))


def load(raw: bytes) -> dict[str, Any] | Flaw:
    """Read a row like `parse`, and pass over what is not fatal; else the first flaw that is.

    >>> load(b'{"a": 1, "a": 2}'), load(b"[1]").rule
    ({'a': 2}, 'SRC113')
    """
    row = _loaded(raw)
    return next(flaw for flaw in row if flaw.fatal) if isinstance(row, tuple) else row


def kind(value: object) -> str:
    """What JSON calls a value.

    >>> kind([]), kind(True), kind(1.5)
    ('a list', 'true or false', 'a number')
    """
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")


def shown(key: str) -> str:
    """A key as it may be printed: `…` where it does not look like the name of a field.

    >>> shown("og:title"), shown("0912 345 678"), shown("an@example.org"), shown("x" * 99)
    ('og:title', '…', '…', '…')
    """
    digits = sum(map(str.isdigit, key))
    return key if _NAME.fullmatch(key) and digits <= _MAX_DIGITS else "…"


def _loaded(raw: bytes) -> dict[str, Any] | tuple[Flaw, ...]:
    """The object that a row is, or its flaws, one of which at least is fatal."""
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        try:
            text = raw.decode()
        except UnicodeDecodeError as invalid:
            return (_not_utf_8(raw, invalid),)
        return _reasons(text, error)
    return row if isinstance(row, dict) else (_no_object(kind(row)),)


def _flawless(raw: bytes, row: dict[str, Any]) -> bool:
    r"""Whether what orjson made of a row is surely all that stands in it.

    What `row` is written as has a quotation mark for each in the row, but for those of values that
    were passed over, at least two for their key; only `\u0022` is written as another number of
    them. What orjson writes is flawless itself. False means nothing.
    """
    try:
        written = orjson.dumps(row)
    except orjson.JSONEncodeError:  # nested too deep to be written
        return False
    if written == raw:
        return True
    if b"\\u0022" in raw or raw.count(b'"') != written.count(b'"'):
        return False
    return not _has_huge(row)


def _has_huge(row: dict[str, Any]) -> bool:
    """Whether a number is as large as integers are that orjson makes doubles of."""
    todo: list[Any] = [row]
    while todo:
        group = todo.pop()
        for value in group.values() if type(group) is dict else group:
            if type(value) is float:
                if abs(value) >= 2**63:
                    return True
            elif type(value) is dict or type(value) is list:
                todo.append(value)
    return False


def _reasons(text: str, error: orjson.JSONDecodeError) -> tuple[Flaw, ...]:
    """The flaws of a row that orjson does not read."""
    flaws = _first(text)
    if not any(flaw.fatal for flaw in flaws):
        return (*flaws, _broken(error.msg, error.pos))
    start = _end(_BLANKS, text, 0)
    if flaws[-1].rule != BROKEN_JSON.code and text[start] != "{":
        return (_no_object({"[": "a list", '"': "a string"}.get(text[start], "a number")),)
    return flaws


def _first(text: str) -> tuple[Flaw, ...]:
    return tuple(islice(_Scan(text).flaws(), MAX_FLAWS))


@dataclass(slots=True)
class _Level:
    """An object or a list that is open: where in it the scan is, and the keys of the object."""

    closing: str
    at: str | int
    keys: set[str]


class _Scan:
    """One pass over the text of a row."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._levels: list[_Level] = []
        self._wanted = _VALUE

    def flaws(self) -> Iterator[Flaw]:
        """Everything that is wrong, in the order of columns; broken JSON is the last."""
        text, done, opened = self._text, 0, False
        while token := _TOKEN.match(text, done):
            kind = token.lastgroup or ""
            start = token.start(kind)
            char = text[start]
            if kind == "mark":
                if len(self._levels) == MAX_LEVELS and char in _CLOSING:
                    yield _broken(f"nested more than {MAX_LEVELS:,} levels deep", start)
                    return
                if not self._take(char, opened):
                    break
            elif self._wanted == _VALUE:
                yield from self._in_value(kind, token[kind], start)
                self._wanted = _NEXT if self._levels else _END
            elif self._wanted == _KEY and kind == "string":
                yield from self._in_key(token[kind], start)
                self._wanted = _COLON
            else:
                break
            opened = char in _CLOSING
            done = token.end()
        done = _end(_BLANKS, text, done)
        if done < len(text) or self._wanted != _END:
            yield _broken(*_why(text, done, self._wanted))

    def _take(self, mark: str, opened: bool) -> bool:
        """Take a mark where it is wanted; `opened` is whether one that opens stands before it."""
        level = self._levels[-1] if self._levels else None
        if mark in _CLOSING and self._wanted == _VALUE:
            self._levels.append(_Level(_CLOSING[mark], 0, set()))
            self._wanted = _KEY if mark == "{" else _VALUE
        elif mark == ":" and self._wanted == _COLON:
            self._wanted = _VALUE
        elif level and mark == "," and self._wanted == _NEXT:
            self._wanted = _KEY if level.closing == "}" else _VALUE
            if isinstance(level.at, int):
                level.at += 1
        elif level and mark == level.closing and (opened or self._wanted == _NEXT):
            self._levels.pop()
            self._wanted = _NEXT if self._levels else _END
        else:
            return False
        return True

    def _in_key(self, token: str, start: int) -> Iterator[Flaw]:
        key = token[1:-1] if "\\" not in token else json.loads(token)
        level = self._levels[-1]
        level.at = key
        if key in level.keys:
            message = "the key again; readers keep one of the two"
            yield self._flaw(DUPLICATE_KEY, message, start, fatal=False)
        level.keys.add(key)
        yield from self._halves(token, start)

    def _in_value(self, kind: str, token: str, start: int) -> Iterator[Flaw]:
        match kind:
            case "string":
                yield from self._halves(token, start)
            case "infinite":
                message = f"{token} is no number of JSON; write null"
                yield self._flaw(NOT_FINITE, message, start)
            case "number" if why := _too_huge(token):
                yield self._flaw(HUGE_NUMBER, why, start, fatal=isinf(float(token)))

    def _halves(self, token: str, start: int) -> Iterator[Flaw]:
        """The halves of surrogate pairs in a string."""
        if "\\u" in token:
            for escape in _HALF.finditer(token):
                if half := escape["half"]:
                    message = f"\\{half} is half of a surrogate pair, and no character"
                    yield self._flaw(JSON_SURROGATE, message, start + escape.start())

    def _flaw(self, rule: Rule, message: str, start: int, *, fatal: bool = True) -> Flaw:
        keys = (shown(str(level.at)) for level in self._levels)
        pointer = "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys)
        if len(pointer) > _MAX_POINTER:
            pointer = f"{pointer[: _MAX_POINTER // 2]}…{pointer[-_MAX_POINTER // 2 :]}"
        return Flaw(rule.code, message, pointer, start + 1, fatal)


def _too_huge(token: str) -> str | None:
    """What is wrong with a number that 64 bits do not hold, which may be anybody's account."""
    digits = len(token.lstrip("-"))
    if not token.lstrip("-").isdigit():
        return "a number beyond 1.8e308, the largest double" if isinf(float(token)) else None
    if digits < 19 or (digits <= 20 and -(2**63) <= int(token) < 2**64):
        return None
    return f"an integer of {digits:,} digits, which 64 bits do not hold; write it as a string"


def _broken(why: str, start: int) -> Flaw:
    return Flaw(BROKEN_JSON.code, f"not JSON: {why}", column=start + 1)


def _why(text: str, start: int, wanted: str) -> tuple[str, int]:
    """Why JSON cannot go on at a place, and the place, which may be within a string."""
    rest = text[start : start + len("-Infinity")]
    if not rest:
        return f"the row ends where {wanted} should stand{_CUT}", start
    whole = start + len(rest) == len(text)
    if whole and (_NUMBER_CUT.fullmatch(rest) or any(word.startswith(rest) for word in _WORDS)):
        return f"the row ends inside a value{_CUT}", len(text)
    if rest[0] == '"' and not _TOKEN.match(text, start):
        return _why_no_string(text, _end(_STRING_START, text, start))
    return f"{wanted} should stand here, not {rest[0]!r}", start


def _why_no_string(text: str, start: int) -> tuple[str, int]:
    """Why a string cannot go on at a place."""
    rest = text[start : start + len("\\u1234")]
    if _ESCAPE_CUT.fullmatch(rest) and start + len(rest) == len(text):
        return f"the row ends inside a string{_CUT}", len(text)
    if rest[0] == "\\":
        return f"{rest[:2]!r} starts no escape of JSON", start
    return f"{rest[0]!r} stands in a string without an escape", start


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where a pattern that always fits ends."""
    found = pattern.match(text, start)
    assert found
    return found.end()


def _no_object(what: str) -> Flaw:
    return Flaw(NOT_AN_OBJECT.code, f"{what}; it must be an object with `text` or `html`")


def _not_utf_8(raw: bytes, error: UnicodeDecodeError) -> Flaw:
    """Bytes that are no text; of the row only what stands before them."""
    start = len(raw[: error.start].decode())
    if error.end == len(raw) and error.reason == "unexpected end of data":
        return _broken(f"the row ends inside a character{_CUT}", start)
    return _broken(f"byte {error.start + 1} is not UTF-8; convert the file", start)
