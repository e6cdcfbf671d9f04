r"""phusa: clean scraped pages and package them as datasets.

>>> import phusa
>>> article = phusa.clean("Tin mới\n\nPhường An Lưu nằm ở trung tâm thị xã." + " Một câu." * 20
...                       + "\n\nĐang truy cập: 1\nHôm nay: 4")
>>> article.text[:41]
'Phường An Lưu nằm ở trung tâm thị xã. Một'
>>> [(finding.rule, finding.message) for finding in article.findings][1]
('CHR112', '“đang truy cập”')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phusa import places as places
    from phusa.api import Cleaner, build, check, clean, diff, push, repair
    from phusa.building import BuildError, Release
    from phusa.findings import Finding
    from phusa.page import Article, Repaired, restore
    from phusa.recipe import Recipe, RecipeError

_HOMES = {
    "Article": "phusa.page",
    "BuildError": "phusa.building",
    "Cleaner": "phusa.api",
    "Finding": "phusa.findings",
    "Recipe": "phusa.recipe",
    "RecipeError": "phusa.recipe",
    "Release": "phusa.building",
    "Repaired": "phusa.page",
    "build": "phusa.api",
    "check": "phusa.api",
    "clean": "phusa.api",
    "diff": "phusa.api",
    "push": "phusa.api",
    "repair": "phusa.api",
    "restore": "phusa.page",
}
__all__ = [
    "Article",
    "BuildError",
    "Cleaner",
    "Finding",
    "Recipe",
    "RecipeError",
    "Release",
    "Repaired",
    "build",
    "check",
    "clean",
    "diff",
    "push",
    "repair",
    "restore",
]
__version__ = "0.1.0"


def __dir__() -> list[str]:
    """The public names, for completion."""
    return [*__all__, "__version__", "places"]


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that `import phusa` and `--help` cost nothing."""
    if name == "places":
        return import_module("phusa.places")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
