"""Two releases compared: what came, went and changed, and which version that makes the next.

`compare` reads both and gives a `Difference`; `changelog` and `rendering` tell it. Releases are
compared by the id of their records, whatever the order, the shards and the splits.
"""

from __future__ import annotations

from phusa.comparing.comparison import compare
from phusa.comparing.difference import Difference, next_version
from phusa.comparing.versions import Version, opened

__all__ = ["Difference", "Version", "compare", "next_version", "opened"]
