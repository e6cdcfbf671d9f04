"""Croissant: what a dataset holds, as JSON-LD that machines read.

Croissant 1.0 and its vocabulary for responsible AI, RAI 1.0, both of MLCommons. The Hub writes a
Croissant of its own and shows that one; this one is for whoever has the folder. Paths are those
within it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from phusa.release import datasheet

if TYPE_CHECKING:
    from phusa.release.card import Facts
    from phusa.release.tables import Column

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context of Croissant 1.0, as its specification has it; readers warn of any other."""

_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
}
"""Types of JSON Schema as those of Croissant."""

_FILES, _RECORDS, _SPLITS = "parquet", "articles", "splits"
"""Ids of the set of all Parquet files, of the records, and of the names of splits."""

_MEANINGS = {
    "train": "cr:TrainingSplit",
    "validation": "cr:ValidationSplit",
    "test": "cr:TestSplit",
}
"""What splits of these names are for, in Croissant's words."""


def croissant(facts: Facts) -> bytes:
    """Write croissant.json: the same bytes for the same facts.

    There is no `datePublished`: the build does not know when it is published.
    """
    dataset = facts.dataset
    about: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.0",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": datasheet.name(facts),
        "description": "\n\n".join(filter(None, (dataset.description, datasheet.summary(facts)))),
        "url": dataset.homepage,
        "license": dataset.license_link or datasheet.licence(facts),
        "version": facts.version,
        "keywords": list(dataset.tags),
        "inLanguage": datasheet.languages(facts),
        "citeAs": datasheet.citation(facts),
        "distribution": _distribution(facts),
        "recordSet": [_splits(facts), _records(facts)],
        **_responsibility(facts),
    }
    stated = {key: value for key, value in about.items() if value}
    return orjson.dumps(stated, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _responsibility(facts: Facts) -> dict[str, Any]:
    """Say how the data came to be and what is wrong with it, in terms of the RAI vocabulary."""
    collection, *cleaning = datasheet.creation(facts)
    return {
        "rai:dataCollection": collection,
        "rai:dataCollectionType": "Web Scraping",
        "rai:dataPreprocessingProtocol": cleaning,
        "rai:machineAnnotationTools": f"phusa {facts.provenance.phusa}",
        "rai:dataLimitations": datasheet.limits(facts),
        "rai:dataBiases": datasheet.biases(facts),
        "rai:personalSensitiveInformation": datasheet.personal_data(facts),
        "rai:dataReleaseMaintenancePlan": " ".join(datasheet.removal(facts)),
    }


def _distribution(facts: Facts) -> list[dict[str, Any]]:
    """List the Parquet files, and the set of all of them that the records are read from."""
    files: list[dict[str, Any]] = [
        {
            "@type": "cr:FileObject",
            "@id": entry.path,
            "name": entry.path,
            "contentUrl": entry.path,
            "contentSize": f"{entry.bytes} B",
            "encodingFormat": "application/x-parquet",
            "sha256": entry.sha256,
        }
        for entry in facts.data
    ]
    together = {
        "@type": "cr:FileSet",
        "@id": _FILES,
        "name": _FILES,
        "description": "All Parquet files.",
        "encodingFormat": "application/x-parquet",
        "includes": "data/*.parquet",
    }
    return [*files, together]


def _splits(facts: Facts) -> dict[str, Any]:
    """Name the splits, and what those of common names are for."""
    name, url = f"{_SPLITS}/name", f"{_SPLITS}/url"
    fields: list[dict[str, Any]] = [
        {"@id": name, "name": "name", "description": "Name.", "dataType": "sc:Text"},
        {"@id": url, "name": "url", "description": "Purpose.", "dataType": ["sc:URL", "cr:Split"]},
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": _SPLITS,
        "name": _SPLITS,
        "description": "The splits of the dataset.",
        "dataType": "cr:Split",
        "key": {"@id": name},
        "field": [{"@type": "cr:Field", **field} for field in fields],
        "data": [{name: split, url: _MEANINGS.get(split)} for split in facts.splits],
    }


def _records(facts: Facts) -> dict[str, Any]:
    """Describe the records, field by field.

    The pattern of the split takes a bare name too: mlcroissant applies it again to what it found.
    """
    names = "|".join(facts.splits)
    split = {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/split",
        "name": "split",
        "description": "Split the record is in, by the name of its file.",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": _FILES},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": f"(?:data/)?({names})(?:-.+parquet)?$"},
        },
        "references": {"field": {"@id": f"{_SPLITS}/name"}},
    }
    return {
        "@type": "cr:RecordSet",
        "@id": _RECORDS,
        "name": _RECORDS,
        "description": "The records, each an article.",
        "key": {"@id": f"{_RECORDS}/id"},
        "field": [split, *(_field(column, _RECORDS, ()) for column in facts.columns)],
    }


def _field(column: Column, parent: str, path: tuple[str, ...]) -> dict[str, Any]:
    """Describe a field; `path` names the fields it lies in, the outermost one a column.

    One step of a path is one transformation, which readers apply to each item of a list.
    """
    path, name = (*path, column.name), f"{parent}/{column.name}"
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": name,
        "name": column.name,
        "description": column.description,
    }
    if column.many:
        field["repeated"] = True
    if column.fields:
        return field | {"subField": [_field(part, name, path) for part in column.fields]}
    source: dict[str, Any] = {"fileSet": {"@id": _FILES}, "extract": {"column": path[0]}}
    if steps := path[1:]:
        source["transform"] = [{"jsonPath": step} for step in steps]
    return field | {"dataType": _TYPES[column.kind], "source": source}
