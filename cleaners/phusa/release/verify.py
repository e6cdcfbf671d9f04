"""Check a release: its files, its records, its audit, and that it loads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from phusa.release import Problem
from phusa.release.audit import check as check_audit
from phusa.release.contents import Seen
from phusa.release.contents import check as check_contents
from phusa.release.described import check as check_described
from phusa.release.manifest import CHECKSUMS, MANIFEST, sha256
from phusa.release.validation import problems

MOST_PROBLEMS = 100
"""Reported of the contents of a release, and as many of its audit."""

_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)")

_LOADER = """
import json, sys, datasets
rows = datasets.load_dataset(sys.argv[1], cache_dir=sys.argv[2]).num_rows
print(json.dumps(rows, sort_keys=True))
"""


def audit_of(folder: Path) -> Path | None:
    """Find the audit folder beside a release; published releases have none."""
    folder = folder.resolve()
    beside = folder.with_name(f"{folder.name}.audit")
    return beside if beside.is_dir() else None


def verify(folder: Path, audit: Path | None = None, load: bool = True) -> list[Problem]:
    """Find everything that is wrong with a release; nothing where it is true.

    Three checks, each only where the one before found nothing: the files are those of the checksums
    and the manifest; the rows, what is told of them, and the audit are true; with `load`,
    `datasets` loads all rows, offline and in a process of its own. Of two files that contradict
    each other both are named.

    Without `audit` the audit is that of `audit_of`; where this is None the undo invariant is
    not checked. Top-level names that start with a dot are left to whoever keeps the folder.
    """
    audit = audit or audit_of(folder)
    manifest, found = integrity(folder)
    if manifest is not None and audit is not None:
        found += _audit_integrity(audit, manifest)
    if found or manifest is None:
        return found
    seen = Seen()
    found += islice(check_contents(folder, manifest, seen), MOST_PROBLEMS)
    if not found:  # else it tells of other rows
        found += islice(check_described(folder, manifest), MOST_PROBLEMS)
    if audit is not None:
        found += islice(check_audit(audit, seen.ids, manifest), MOST_PROBLEMS)
    if load and not found:
        found += _loading(folder, manifest["splits"])
    return found


def integrity(folder: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Check every file against its digests; give the manifest if it can be relied on.

    It can where no problem comes with it: then the files are those that it and SHA256SUMS list.
    """
    digests, found = _digests(folder)
    digests.pop(CHECKSUMS, None)
    actual = digests.pop(MANIFEST, None)
    summed, wrong = _read_checksums(folder / CHECKSUMS)
    found += wrong
    manifest, wrong = _read_manifest(folder / MANIFEST)
    found += wrong
    listed = None if manifest is None else _listed(manifest["files"])
    if summed is not None and summed.pop(MANIFEST, None) != actual:
        found.append(Problem(MANIFEST, "not the file that SHA256SUMS lists"))
        found.append(Problem(CHECKSUMS, "does not list manifest.json as it is"))
        manifest = None
    found += _contradictions(digests, summed, listed)
    if manifest is not None and not found:
        found += _sizes(folder, manifest["files"])
    return manifest, found


def _audit_integrity(folder: Path, manifest: Mapping[str, Any]) -> list[Problem]:
    """Check every file of the audit against the manifest."""
    digests, found = _digests(folder)
    listed = _listed(manifest["audit"])
    found += _contradictions(digests, None, listed)
    return [Problem(f"{folder.name}/{problem.path}", problem.message) for problem in found]


def _digests(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """Compute the SHA-256 of every file of a folder by path; report what cannot be read."""
    digests: dict[str, str] = {}
    found: list[Problem] = []
    for file in sorted(folder.rglob("*")):
        inner = file.relative_to(folder)
        if inner.parts[0].startswith(".") or (file.is_dir() and not file.is_symlink()):
            continue
        path = inner.as_posix().encode("utf-8", "replace").decode()
        if not file.is_file():
            found.append(Problem(path, "not a regular file"))
            continue
        try:
            digests[path] = sha256(file)
        except OSError as error:
            found.append(Problem(path, f"cannot be read: {error.strerror}"))
    return digests, found


def _reason(error: Exception) -> str:
    """Say what kept a file from being read, without its path."""
    return str(getattr(error, "strerror", None) or error)


def _content(file: Path) -> bytes:
    """Read a file. Raises OSError where it is none; a pipe, say, would be waited for."""
    if file.exists() and not file.is_file():
        raise OSError("not a regular file")
    return file.read_bytes()


def _read_checksums(file: Path) -> tuple[dict[str, str] | None, list[Problem]]:
    """Read the digests that the checksums list by path; None where that fails."""
    try:
        lines = _content(file).decode().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(CHECKSUMS, f"cannot be read: {_reason(error)}")]
    matches = [_LINE.fullmatch(line) for line in lines[:-1]]
    summed = {match[2]: match[1] for match in matches if match}
    if lines[-1] or list(summed) != sorted(summed) or len(summed) != len(matches):
        return None, [Problem(CHECKSUMS, "not lines of a digest, two blanks and a path, by path")]
    return summed, []


def _read_manifest(file: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Read the manifest; None where that fails."""
    try:
        manifest = orjson.loads(_content(file))
    except (OSError, ValueError) as error:
        return None, [Problem(MANIFEST, f"cannot be read: {_reason(error)}")]
    wrong = problems(manifest, "manifest-1.0.0")
    return (None if wrong else manifest), [Problem(MANIFEST, message) for message in wrong]


def _listed(files: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Pick the digests that a manifest lists by path."""
    return {e["path"]: e["sha256"] for e in files}


def _contradictions(
    digests: Mapping[str, str], summed: Mapping[str, str] | None, listed: Mapping[str, str] | None
) -> Iterator[Problem]:
    """Report where files, checksums and manifest are not of one mind: the odd one is at fault.

    A list that could not be read is silent, and the other one speaks for it.
    """
    summed = listed if summed is None else summed
    listed = summed if listed is None else listed
    if summed is None or listed is None:
        return
    for path in sorted({*digests, *summed, *listed}):
        actual, sum_, entry = digests.get(path), summed.get(path), listed.get(path)
        if actual not in (sum_, entry) or (actual != sum_ and sum_ == entry):
            wrong = "missing" if actual is None else "changed" if sum_ or entry else "not listed"
            yield Problem(path, f"the file is {wrong}")
        if sum_ not in (actual, entry):
            yield Problem(CHECKSUMS, f"{path}: not the digest of the file and the manifest")
        if entry not in (actual, sum_):
            yield Problem(MANIFEST, f"{path}: not the digest of the file and the checksums")


def _sizes(folder: Path, files: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Report where the manifest lists a file twice or with another size."""
    if len(_listed(files)) != len(files):
        yield Problem(MANIFEST, "a file is listed twice")
    for e in files:
        if (folder / e["path"]).stat().st_size != e["bytes"]:
            yield Problem(MANIFEST, f"{e['path']}: the file has another size")


def _loading(folder: Path, splits: Mapping[str, int]) -> Iterator[Problem]:
    """Load the release as its users do. Whatever happens there ends with the process."""
    with TemporaryDirectory() as cache:
        done = subprocess.run(  # noqa: S603 - this Python, with code that is written above
            [sys.executable, "-c", _LOADER, str(folder.resolve()), cache],
            env=os.environ | {"HF_HOME": cache, "HF_HUB_OFFLINE": "1"},
            cwd=cache,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    loaded, wanted = done.stdout.strip().rpartition("\n")[2], json.dumps(splits, sort_keys=True)
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2]
        yield Problem("README.md", f"datasets cannot load the release: {said[:160]}")
    elif loaded != wanted:
        yield Problem("README.md", f"datasets loads {loaded[:80]}, not {wanted[:80]}")
