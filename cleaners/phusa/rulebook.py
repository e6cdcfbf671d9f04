"""All the rules there are, from every part of phusa."""

from __future__ import annotations

from phusa import building, pipeline, sources
from phusa.findings import Registry

RULES = Registry((*pipeline.RULES.values(), *sources.RULES, *building.RULES))
"""Every rule by its code; what `phusa rule` prints."""
