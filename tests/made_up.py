"""Made-up records, and releases of them, for the tests of all that reads releases."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from phusa.findings import Rule
from phusa.page import Article, RawDocument
from phusa.quality.signals import signals
from phusa.recipe import Dataset, Recipe, Splits
from phusa.release import audit
from phusa.release.manifest import Provenance, checksums, entry
from phusa.release.statistics import Statistics
from phusa.release.writer import History, Records, describe, write_records

RULES = {"CHR112": Rule("CHR112", "visitor-counter", "Visitor counters.", "…")}
SENTENCES = (
    "Phường An Lưu trực thuộc thị xã Kinh Môn, tỉnh Hải Dương.",
    "Năm 2020, bức tranh kinh tế của phường có nhiều khởi sắc!",
    "Chuyện “thật” như đùa: 1 < 2 & 3 > 2 \\ \t \x00 \u2028 e\u0301 😀",
)


def record(number: int, *, bare: bool = False, text: str | None = None, **source: str) -> dict:
    """A valid record; a bare one has null wherever it may."""
    rng = random.Random(number)
    text = text or "\n\n".join(rng.choices(SENTENCES, k=3 + number % 40))
    site = ("a.vn", "b.vn", "báo|`mới`\n<b>")[number % 3]
    told = {"url": f"https://a.vn/tin/Việt_Nam/{number}", "site": site, "fetched_at": "2021-01-01"}
    told |= {"title": f"Tin số {number}", "extra": {"a": 1}}
    document = RawDocument(f"{number:06}", text, **({} if bare else told | source))
    row = Article(
        document,
        text,
        body_spans=((0, len(text)),),
        stated_title=document.title,
        quality=signals(text, len(text) + 9) | {"repeated_share": rng.random()},
    ).record()
    if bare:
        return row
    unit = {"level": "ward", "code": None, "name": "An Lưu"}
    read = {"evidence": "ngày 18/6, phường An Lưu", "rule": "MET301"}
    locality = {"country": "VN", "as_named": "An Lưu", "precision": "ward", "then": [unit]}
    locality |= {"now": [unit | {"part": number % 2 == 0}], "as_of": None} | read
    day = {"value": f"{2015 + number % 7}-06-18", "precision": "day"} | read
    day |= {"inferred": False, "not_before": None, "not_after": None}
    return row | {
        "lead": SENTENCES[0],
        "captions": ["Ảnh", "Ảnh 2"],
        "authors": ["Nguyễn Văn A"],
        "published": day,
        "modified": [None, day | {"inferred": True, "not_before": "2015-06-18"}][number % 2],
        "language": {"code": ("vi", "en-GB", "und")[number % 3], "confidence": 0.1 + 0.2},
        "locality": locality,
        "publisher": {"name": "UBND", "locality": [None, locality][number % 2]},
    }


RECORDS = [record(i, bare=i < 40) for i in range(200)]
"""The first ones are bare: a reader that guesses types from them guesses wrong."""


@dataclass(frozen=True)
class Written:
    """A release that was written: where it is and what is in it."""

    folder: Path
    audit: Path
    content_id: str
    rows: int
    statistics: Statistics


def parts(folder: Path, cuts: list[list[dict]]) -> tuple[list[Path], Statistics]:
    """Part files of records, each with a page that lost a counter, and two rejected documents."""
    folder.mkdir(parents=True)
    paths, total = [], Statistics()
    why = {"rule": "ART901", "reason": "no article", "raw_sha256": "0" * 64, "text": "Menu"}
    for number, cut in enumerate(cuts):
        pages, findings = [], []
        rejected = [{"id": f"no{i}", "path": None} | why for i in range(0 if number else 2)]
        for row in cut:
            page = {"id": row["id"], "page": row["text"]}
            source, end = f"{row['text']}\nLượt xem: 77", len(row["text"])
            edit = {"start": end, "end": end + 13, "before": source[end:], "after": ""}
            finding = {"id": row["id"], "rule": "CHR112", "step": 0, "message": "counter"}
            pages.append(page | {"decoded_sha256": hashlib.sha256(source.encode()).hexdigest()})
            findings.append(finding | edit | {"source": [end, end + 13]})
        counted = Statistics(rejected=Counter(row["rule"] for row in rejected))
        for row in cut:
            counted.add_record(row)
        counted.add_findings(Counter(row["rule"] for row in findings))
        total.merge(counted)
        paths.append(folder / f"{number:06}")
        kinds = {"records": cut, "pages": pages, "findings": findings, "rejected": rejected}
        for kind, rows in kinds.items():
            data = b"".join(orjson.dumps(row) + b"\n" for row in rows)
            Path(f"{paths[-1]}.{kind}.jsonl").write_bytes(data)
    return paths, total


def cut(records: list[dict], *sizes: int) -> list[list[dict]]:
    rest = iter(records)
    return [[next(rest) for _ in range(size)] for size in sizes] + [list(rest)]


def write(
    paths: list[Path],
    folder: Path,
    beside: Path,
    *,
    dataset: Dataset,
    statistics: Statistics,
    rules: dict[str, Rule],
    splits: Splits = Splits(),  # noqa: B008 - frozen
    **options: int,
) -> Records:
    """Write a release of part files and its audit into empty folders."""
    records = write_records(paths, folder, splits=splits, **options)
    describe(
        folder,
        records,
        audit.write(paths, beside),
        recipe=Recipe(dataset, splits=splits),
        provenance=Provenance("0.1.0", "a" * 64, "b" * 64),
        statistics=statistics,
        rules=rules,
        history=History(None, (), f"# Changelog\n\n## {dataset.version}\n\n- First version.\n"),
    )
    return records


def released(
    folder: Path,
    cuts: list[list[dict]],
    dataset: Dataset | None = None,
    spoil: Callable[[Path, Statistics], object] = lambda records, statistics: None,
    splits: Splits | None = None,
    **options: int,
) -> Written:
    """A release of records; `spoil` may spoil those of the last part, or the statistics."""
    paths, statistics = parts(folder.with_name(f"{folder.name}.parts"), cuts)
    spoil(Path(f"{paths[-1]}.records.jsonl"), statistics)
    beside = folder.with_name(f"{folder.name}.audit")
    folder.mkdir()
    beside.mkdir()
    records = write(
        paths,
        folder,
        beside,
        dataset=dataset or Dataset(name="tin", version="1.2.0", contact="tin@example.org"),
        statistics=statistics,
        rules=RULES,
        splits=splits or Splits(),
        **options,
    )
    return Written(folder, beside, records.content_id, records.rows, statistics)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def restamp(folder: Path, change: Callable[[dict], object] = id) -> None:
    """Give the manifest the digests of the files that are there, and then change it."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for key, root in (("files", folder), ("audit", folder.with_name(f"{folder.name}.audit"))):
        manifest[key] = [asdict(entry(root, e["path"], e["rows"])) for e in manifest[key]]
    change(manifest)
    save(folder, json.dumps(manifest).encode())


def save(folder: Path, manifest: bytes) -> None:
    """Write another manifest and the checksums of the files that are there."""
    (folder / "manifest.json").write_bytes(manifest)
    files = (
        p.relative_to(folder) for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS"
    )
    (folder / "SHA256SUMS").write_bytes(checksums(entry(folder, path.as_posix()) for path in files))
