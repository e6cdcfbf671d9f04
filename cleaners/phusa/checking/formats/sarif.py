"""The format `sarif`: the Static Analysis Results Interchange Format 2.1.0 of OASIS."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from phusa import __version__
from phusa.checking.formats.as_json import encoded, listed, whole
from phusa.checking.formats.spans import end_column
from phusa.checking.problem import Problem
from phusa.findings import Rule

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def log(problems: Iterable[Problem], rules: Mapping[str, Rule]) -> Iterator[str]:
    """Write a log of one run: the rules that were looked for, and the problems, each in a line."""
    codes = sorted(rules)
    driver = {
        "name": "phusa",
        "version": __version__,
        "rules": [_descriptor(rules[code]) for code in codes],
    }
    # written piece by piece, so that no result waits for the last one
    yield f'{{"$schema":{encoded(_SCHEMA)},"version":"2.1.0","runs":[{{'
    yield f'"tool":{encoded({"driver": driver})},"columnKind":"unicodeCodePoints","results":'
    yield from listed(_results(problems, {code: index for index, code in enumerate(codes)}))
    yield "}]}\n"


def _descriptor(rule: Rule) -> dict[str, object]:
    first = " ".join(rule.docs.partition("\n\n")[0].split())
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": first},
        "help": {"text": rule.docs, "markdown": rule.docs},
        "defaultConfiguration": {"level": "error"},
    }


def _results(
    problems: Iterable[Problem], indices: Mapping[str, int]
) -> Iterator[dict[str, object]]:
    met = Counter[str]()
    for problem in problems:
        named = f"{problem.path}\0{problem.fingerprint}".encode("utf-8", "replace")
        fingerprint = hashlib.sha256(named).hexdigest()[:16]
        met[fingerprint] += 1
        yield {
            "ruleId": problem.rule,
            "ruleIndex": indices[problem.rule],
            "level": "error",
            "message": {"text": _message(problem)},
            "locations": [_location(problem)],
            "partialFingerprints": {"phusa/v1": f"{fingerprint}:{met[fingerprint]}"},
        }


def _message(problem: Problem) -> str:
    """What is told, without the links that readers would make of Markdown's in it.

    Braces stay single: the standard has them doubled, but readers take that back only where a
    message has arguments.
    """
    return whole(problem.told).replace("](", "] (")


def _location(problem: Problem) -> dict[str, object]:
    region = {"startLine": problem.line, "startColumn": problem.column}
    if (end := end_column(problem)) is not None:
        region["endColumn"] = end
    location: dict[str, object] = {
        "physicalLocation": {"artifactLocation": {"uri": uri(problem.path)}, "region": region}
    }
    if problem.pointer:
        named = {"fullyQualifiedName": whole(problem.pointer), "kind": "value"}
        location["logicalLocations"] = [named]
    return location


def uri(path: str) -> str:
    """A path as a reference of RFC 3986, relative where the path is.

    >>> uri("tin/Việt Nam:1.txt"), uri("./a#1.txt"), uri("/b.txt")
    ('tin/Vi%E1%BB%87t%20Nam%3A1.txt', 'a%231.txt', 'file:///b.txt')
    """
    place = Path(whole(path))
    return place.as_uri() if place.is_absolute() else quote(place.as_posix())
