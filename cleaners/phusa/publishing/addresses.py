"""Addresses of releases: told from folders by their scheme, and refused where one went wrong.

A slash that was forgotten must not turn a store into a folder of that name.
"""

from __future__ import annotations

import re
from pathlib import Path

from phusa.publishing.plans import PushError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,30})(?:://|::)")
_ALMOST = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,30}):(.*)", re.DOTALL)
"""Two letters or more before the colon: one is a drive."""

_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,20}/(datasets/.*)")
"""A dataset as browsers show it, without its scheme."""


def scheme(where: str | Path) -> str | None:
    """Read the scheme of an address, in small letters; None for folders.

    >>> scheme("S3://corpora/tin"), scheme("simplecache::s3://corpora"), scheme("dist/tin/1.0.0")
    ('s3', 'simplecache', None)
    """
    found = _SCHEME.match(where) if isinstance(where, str) else None
    return found[1].lower() if found else None


def checked(where: str | Path) -> str:
    """Write an address with its scheme in small letters; a path as it is.

    Raises PushError for text that is empty or all but an address: `./` before it makes it a folder.

    >>> checked("HF://datasets/org/Tin"), checked("C:/corpora"), checked("./hf:/tin")
    ('hf://datasets/org/Tin', 'C:/corpora', './hf:/tin')
    >>> checked("s3:corpora/tin")
    Traceback (most recent call last):
    phusa.publishing.plans.PushError: s3:corpora/tin is no address; did you mean ...
    """
    if isinstance(where, Path):
        return str(where)
    if not where.strip():
        raise PushError("the address is empty; name a folder, or write hf://… or s3://…")
    kind = scheme(where)
    if kind is not None:
        return kind + where[len(kind) :]
    if meant := _meant(where):
        raise PushError(
            f"{where} is no address; did you mean {meant}? for a folder write ./{where}"
        )
    return where


def of_folder(folder: Path) -> str:
    """Write a path so that `checked` takes it.

    >>> of_folder(Path("dist/tin")) == str(Path("dist/tin")), of_folder(Path("hf:"))
    (True, './hf:')
    """
    return f"./{folder}" if _meant(str(folder)) else str(folder)


def _meant(where: str) -> str | None:
    """Guess the address that text was to be; None where it may well be a folder.

    >>> _meant("s3:/corpora"), _meant("file:/srv"), _meant("hub.example/datasets/org/tin")
    ('s3://corpora', 'file:///srv', 'hf://datasets/org/tin')
    """
    if found := _ALMOST.fullmatch(where):
        kind = found[1].lower()
        return f"{kind}://{found[2] if kind == 'file' else found[2].lstrip('/')}"
    found = _HOST.fullmatch(where)
    return f"hf://{found[1]}" if found else None
