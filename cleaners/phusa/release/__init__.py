"""Releases: validated records written as a dataset that proves what it holds.

`writer` makes the release folder and the audit folder, `verify` checks them. A release knows
records and schemas, never pages.
"""

from __future__ import annotations

from dataclasses import dataclass

ARTICLE = "article-1.0.0"
"""The schema of the records of a release."""


class ReleaseError(ValueError):
    """A release that cannot be made: the message says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a release that is not as it should be: the file, and what is wrong with it.

    `path` is within the release folder; for a file of the audit it starts with that folder's name.
    """

    path: str
    message: str
