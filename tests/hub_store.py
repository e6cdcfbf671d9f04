"""What a hub of dataset repositories holds: objects, repositories, commits, branches and tags."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

LFS_BYTES = 10_000_000
"""Files of this size or more are large files, whatever is in them."""

BINARY = (".parquet", ".zst", ".arrow", ".gz", ".zip", ".bin")
GITATTRIBUTES = b"".join(b"*%s filter=lfs -text\n" % suffix.encode() for suffix in BINARY)

MOVED = "A commit has happened since. Please refresh and try again."

_BRANCH = re.compile(r"(?:refs/heads/)?([A-Za-z0-9][A-Za-z0-9._/-]*)")


class HubError(Exception):
    """What the hub answers instead: a status, the code clients go by, and a message."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


@dataclass(frozen=True, slots=True)
class User:
    """Who has a token: a name, organisations, and whether the token may write."""

    name: str
    orgs: tuple[str, ...] = ()
    may_write: bool = True


@dataclass(frozen=True, slots=True)
class File:
    """A file in a tree: `oid` is that of git, for a large file that of its pointer."""

    size: int
    sha256: str
    oid: str
    pointer_size: int | None = None

    @property
    def etag(self) -> str:
        return self.sha256 if self.pointer_size else self.oid

    def as_json(self, path: str) -> dict[str, object]:
        told: dict[str, object] = {"type": "file", "path": path, "oid": self.oid, "size": self.size}
        if self.pointer_size:
            told["lfs"] = {"oid": self.sha256, "size": self.size, "pointerSize": self.pointer_size}
        return told


Tree = Mapping[str, File]


@dataclass(frozen=True, slots=True)
class Commit:
    oid: str
    tree: Tree
    parent: str | None
    title: str
    message: str


@dataclass(slots=True)
class Repository:
    id: str
    private: bool
    gated: bool = False
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)

    def at(self, revision: str) -> Commit:
        """The commit of a branch, a tag, a full reference or the start of an oid."""
        named = _BRANCH.fullmatch(revision)
        oid = self.branches.get(named[1]) if named else None
        oid = oid or self.tags.get(revision.removeprefix("refs/tags/"))
        if oid is None and len(revision) >= 7:
            oid = next((known for known in self.commits if known.startswith(revision)), None)
        if oid is None:
            raise HubError(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return self.commits[oid]

    def history(self, revision: str) -> Iterable[Commit]:
        """A commit and those before it."""
        commit: Commit | None = self.at(revision)
        while commit:
            yield commit
            commit = self.commits[commit.parent] if commit.parent else None


class Store:
    """Everything, in memory; commits are made under a lock."""

    def __init__(self, users: Mapping[str, User]) -> None:
        self.users = users
        self.objects: dict[str, bytes] = {}
        self.repositories: dict[str, Repository] = {}
        self._lock = threading.Lock()
        self._count = itertools.count(1)

    def create(self, name: str, *, private: bool) -> Repository:
        with self._lock:
            if name in self.repositories:
                raise HubError(409, "You already created this dataset repo")
            made = self.repositories[name] = Repository(name, private)
            self._commit(made, "main", {".gitattributes": self.keep(GITATTRIBUTES)}, "initial")
            return made

    def put(self, data: bytes, oid: str | None = None) -> str:
        """Keep an object; its SHA-256 has to be `oid`, where that is given."""
        sha256 = hashlib.sha256(data).hexdigest()
        if oid not in (None, sha256):
            raise HubError(400, "the object is not what it says")
        self.objects[sha256] = data
        return sha256

    def keep(self, data: bytes) -> File:
        """Keep a file that goes into git."""
        head = f"blob {len(data)}\0".encode()
        return File(len(data), self.put(data), hashlib.sha1(head + data).hexdigest())

    def large(self, oid: str, size: int) -> File:
        """A large file that was uploaded before."""
        if len(self.objects.get(oid, b"")) != size or oid not in self.objects:
            raise HubError(400, f"LFS pointer pointed to a file that does not exist: {oid}")
        text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"
        return replace(self.keep(text.encode()), size=size, sha256=oid, pointer_size=len(text))

    def commit(self, name: str, branch: str, lines: Iterable[Mapping[str, object]]) -> Commit:
        """Make a commit of the lines of a request: a header, files, deletions."""
        with self._lock:
            repository = self.repositories[name]
            head = repository.at(branch)
            tree, header = dict(head.tree), {}
            for line in lines:
                key, value = line["key"], line["value"]
                assert isinstance(value, dict)
                if key == "header":
                    header = value
                    if header.get("parentCommit") not in (None, head.oid):
                        raise HubError(412, MOVED)
                elif key == "file":
                    tree[value["path"]] = self.keep(base64.b64decode(value["content"]))
                elif key == "lfsFile":
                    tree[value["path"]] = self.large(value["oid"], value["size"])
                elif key == "deletedFile":
                    if tree.pop(value["path"], None) is None:
                        raise HubError(404, "A file with this name doesn't exist", "EntryNotFound")
                else:
                    raise HubError(400, f"no such operation here: {key}")
            title = str(header["summary"])
            return self._commit(repository, branch, tree, title, str(header["description"]))

    def _commit(
        self, repository: Repository, branch: str, tree: dict[str, File], title: str, text: str = ""
    ) -> Commit:
        parent = repository.branches.get(branch)
        told = [next(self._count), parent, title, sorted((p, f.oid) for p, f in tree.items())]
        oid = hashlib.sha1(json.dumps(told).encode()).hexdigest()
        made = Commit(oid, MappingProxyType(tree), parent, title, text)
        repository.commits[oid] = made
        repository.branches[branch] = oid
        return made

    def point(self, references: dict[str, str], name: str, oid: str) -> None:
        """Make a branch or a tag."""
        with self._lock:
            if name in references:
                raise HubError(409, f"Reference {name} already exists")
            references[name] = oid

    def data(self, name: str, revision: str, path: str) -> bytes:
        """What is in a file."""
        return self.objects[self.repositories[name].at(revision).tree[path].sha256]

    def edit(self, name: str, files: Mapping[str, bytes | None], branch: str = "main") -> Commit:
        """A commit by somebody else: files written, or deleted where there is None."""
        changes = [
            {"key": "deletedFile", "value": {"path": path}}
            if data is None
            else {"key": "file", "value": {"path": path, "content": base64.b64encode(data)}}
            for path, data in files.items()
        ]
        header = {"summary": "by hand", "description": ""}
        return self.commit(name, branch, [{"key": "header", "value": header}, *changes])
