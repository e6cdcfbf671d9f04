"""Versions of datasets: MAJOR.MINOR.PATCH, as semantic versioning has them."""

from __future__ import annotations

import re

PATTERN = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}", re.ASCII)
"""The form of a version; nothing that has it can lead out of a folder."""


def is_version(text: str) -> bool:
    """Tell whether a text is a version.

    >>> is_version("1.12.0"), is_version("1.0"), is_version("../1.0.0")
    (True, False, False)
    """
    return PATTERN.fullmatch(text) is not None


def numbers(version: str) -> tuple[int, int, int]:
    """Give the numbers of a version, to compare by.

    >>> numbers("1.12.0") > numbers("1.9.3")
    True
    """
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch
