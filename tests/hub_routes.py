"""The routes of a hub: what it answers to each request, and what that does to its store."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

import yaml

from hub_store import BINARY, LFS_BYTES, Commit, HubError, Repository, User

if TYPE_CHECKING:
    from hub_server import Hub

WHEN = "2025-01-01T00:00:00.000Z"
FOLDER = {"type": "directory", "oid": "0" * 40, "size": 0}


@dataclass(slots=True)
class Answer:
    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps({} if self.body is None else self.body).encode()


@dataclass(slots=True)
class Request:
    """A request on its way to a route."""

    hub: Hub
    method: str
    path: str
    query: str
    headers: Message
    body: bytes

    def json(self) -> dict:
        return json.loads(self.body)

    def user(self) -> User | None:
        """Who asks; a token that is nobody's is refused wherever it is shown."""
        shown = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if shown and shown not in self.hub.store.users:
            raise HubError(401, "Invalid credentials in Authorization header")
        return self.hub.store.users.get(shown)

    def repository(self, name: str, *, write: bool = False) -> Repository:
        """A repository that the user may read, or write to."""
        user, found = self.user(), self.hub.store.repositories.get(name)
        owner = name.partition("/")[0]
        member = user is not None and owner in (user.name, *user.orgs)
        if found is None or (found.private and not member):
            raise HubError(404 if user else 401, "Repository not found", "RepoNotFound")
        if write and (user is None or not (member and user.may_write)):
            raise HubError(403, "You don't have the rights to write to this repository")
        if found.gated and not member and "/resolve/" in self.path:
            raise HubError(403, f"Access to dataset {name} is restricted", "GatedRepo")
        return found


# -- who, and which repositories


def whoami(request: Request) -> Answer:
    user = request.user()
    if user is None:
        raise HubError(401, "Invalid username or password.")
    token = {"displayName": "test", "role": "write" if user.may_write else "read"}
    orgs = [{"name": org} for org in user.orgs]
    auth = {"type": "access_token", "accessToken": token}
    return Answer({"type": "user", "name": user.name, "orgs": orgs, "auth": auth})


def _named(request: Request) -> tuple[str, dict]:
    user, asked = request.user(), request.json()
    owner = asked.get("organization") or (user.name if user else "")
    if user is None:
        raise HubError(401, "Invalid username or password.")
    if not user.may_write or owner not in (user.name, *user.orgs):
        raise HubError(403, f'You don\'t have the rights to create a dataset under "{owner}"')
    return f"{owner}/{asked['name']}", asked


def create(request: Request) -> Answer:
    name, asked = _named(request)
    url = f"{request.hub.url}/datasets/{name}"
    private = asked.get("private") or asked.get("visibility") == "private"
    try:
        request.hub.store.create(name, private=bool(private))
    except HubError as error:
        return Answer({"error": error.message, "url": url}, error.status)
    return Answer({"url": url, "name": name, "id": name})


def delete(request: Request) -> Answer:
    name, _ = _named(request)
    request.hub.store.repositories.pop(name, None)
    return Answer()


def settings(request: Request, name: str) -> Answer:
    repository, asked = request.repository(name, write=True), request.json()
    repository.private = asked.get("private", repository.private)
    repository.gated = bool(asked.get("gated", repository.gated))
    return Answer()


def validate_yaml(request: Request) -> Answer:
    content = request.json()["content"]
    try:
        yaml.safe_load(content.split("---\n")[1] if content.startswith("---\n") else "")
    except yaml.YAMLError as error:
        errors = [{"message": f"YAML: {error}"}]
        return Answer({"errors": errors, "warnings": []}, 400)
    return Answer({"errors": [], "warnings": []})


# -- uploads


def preupload(request: Request, name: str, revision: str) -> Answer:
    commit = request.repository(name, write=True).at(revision)
    asked_for = request.json()
    rules = commit.tree.get(".gitignore")
    kept = request.hub.store.objects[rules.sha256].decode() if rules else ""
    ignored = (asked_for.get("gitIgnore") or kept).splitlines()
    told = []
    for asked in asked_for["files"]:
        path, sample = asked["path"], base64.b64decode(asked["sample"])
        large = path.endswith(BINARY) or asked["size"] >= LFS_BYTES or b"\0" in sample
        there = commit.tree.get(path)
        told.append(
            {
                "path": path,
                "uploadMode": "lfs" if large else "regular",
                "shouldIgnore": path in ignored,
                "oid": there.etag if there else None,
            }
        )
    return Answer({"files": told})


def lfs_batch(request: Request, name: str) -> Answer:
    request.repository(name, write=True)
    objects = []
    for asked in request.json()["objects"]:
        told = {"oid": asked["oid"], "size": asked["size"]}
        if asked["oid"] not in request.hub.store.objects:
            url = f"{request.hub.url}/_lfs/{asked['oid']}"
            upload: dict[str, object] = {"href": url}
            if size := request.hub.part_bytes:
                parts = range(1, -(-asked["size"] // size) + 1)
                header = {"chunk_size": str(size)} | {str(n): f"{url}/{n}" for n in parts}
                upload = {"href": f"{url}/complete", "header": header}
            told["actions"] = {"upload": upload, "verify": {"href": f"{url}/verify"}}
        objects.append(told)
    return Answer({"transfer": "basic", "objects": objects})


def lfs_put(request: Request, oid: str) -> Answer:
    request.hub.store.put(request.body, oid)
    return Answer()


def lfs_part(request: Request, oid: str, number: str) -> Answer:
    request.hub.parts.setdefault(oid, {})[int(number)] = request.body
    return Answer(headers={"ETag": f'"{number}"'})


def lfs_complete(request: Request, oid: str) -> Answer:
    parts = sorted(request.hub.parts.pop(oid).items())
    request.hub.store.put(b"".join(data for _, data in parts), oid)
    return Answer()


def lfs_verify(request: Request, oid: str) -> Answer:
    return Answer(status=200 if oid in request.hub.store.objects else 404)


# -- commits, branches, tags


def commit(request: Request, name: str, branch: str) -> Answer:
    request.repository(name, write=True)
    lines = [json.loads(line) for line in request.body.splitlines()]
    if request.hub.losing:
        request.hub.losing -= 1
        lines.pop()
    made = request.hub.store.commit(name, branch, lines)
    url = f"{request.hub.url}/datasets/{name}/commit/{made.oid}"
    return Answer({"success": True, "commitOid": made.oid, "commitUrl": url, "hookOutput": ""})


def add_tag(request: Request, name: str, revision: str) -> Answer:
    repository = request.repository(name, write=True)
    oid = repository.at(revision).oid
    request.hub.store.point(repository.tags, request.json()["tag"], oid)
    return Answer()


def delete_tag(request: Request, name: str, tag: str) -> Answer:
    return _dropped(request.repository(name, write=True).tags, tag)


def add_branch(request: Request, name: str, branch: str) -> Answer:
    repository = request.repository(name, write=True)
    oid = repository.at((request.json() or {}).get("startingPoint") or "main").oid
    request.hub.store.point(repository.branches, branch, oid)
    return Answer()


def delete_branch(request: Request, name: str, branch: str) -> Answer:
    if branch == "main":
        raise HubError(403, "main cannot be deleted")
    return _dropped(request.repository(name, write=True).branches, branch)


def _dropped(references: dict[str, str], name: str) -> Answer:
    if references.pop(name, None) is None:
        raise HubError(404, f"no such reference: {name}", "RevisionNotFound")
    return Answer()


# -- reading


def info(request: Request, name: str, revision: str) -> Answer:
    repository = request.repository(name)
    commit = repository.at(revision or "main")
    files = [{"rfilename": path} for path in sorted(commit.tree)]
    if "blobs" in parse_qs(request.query, keep_blank_values=True):
        files = [_blob(path, commit) for path in sorted(commit.tree)]
    return Answer(
        {
            "id": name,
            "author": name.partition("/")[0],
            "sha": commit.oid,
            "private": repository.private,
            "gated": "auto" if repository.gated else False,
            "disabled": False,
            "tags": [],
            "downloads": 0,
            "likes": 0,
            "lastModified": WHEN,
            "createdAt": WHEN,
            "siblings": files,
        }
    )


def _blob(path: str, commit: Commit) -> dict:
    told = commit.tree[path].as_json(path)
    blob = {"rfilename": path, "size": told["size"], "blobId": told["oid"]}
    if large := told.get("lfs"):
        pointer = large["pointerSize"]
        blob["lfs"] = {"sha256": large["oid"], "size": large["size"], "pointerSize": pointer}
    return blob


def tree(request: Request, name: str, revision: str, folder: str) -> Answer:
    commit = request.repository(name).at(revision)
    deep = parse_qs(request.query).get("recursive", [""])[0].lower() in ("1", "true")
    start = f"{folder.strip('/')}/" if folder.strip("/") else ""
    below = {path: path[len(start) :] for path in commit.tree if path.startswith(start)}
    if start and not below:
        raise HubError(404, f"{folder} does not exist", "EntryNotFound")
    return Answer([*_folders(start, below.values(), deep=deep), *_files(commit, below, deep=deep)])


def _folders(start: str, inner: Iterable[str], *, deep: bool) -> list[dict]:
    parents = {str(parent) for path in inner for parent in PurePosixPath(path).parents} - {"."}
    return [FOLDER | {"path": start + p} for p in sorted(parents) if deep or "/" not in p]


def _files(commit: Commit, below: Mapping[str, str], *, deep: bool) -> list[dict]:
    shown = sorted(path for path, inner in below.items() if deep or "/" not in inner)
    return [commit.tree[path].as_json(path) for path in shown]


def paths_info(request: Request, name: str, revision: str) -> Answer:
    commit = request.repository(name).at(revision)
    if "json" in request.headers.get("Content-Type", ""):
        paths = request.json()["paths"]
    else:
        paths = parse_qs(request.body.decode())["paths"]
    told = []
    for path in paths if isinstance(paths, list) else [paths]:
        if path in commit.tree:
            told.append(commit.tree[path].as_json(path))
        elif any(known.startswith(f"{path}/") for known in commit.tree):
            told.append(FOLDER | {"path": path})
    return Answer(told)


def refs(request: Request, name: str) -> Answer:
    repository = request.repository(name)

    def listed(references: Mapping[str, str], kind: str) -> list[dict]:
        told = sorted(references.items())
        return [{"name": n, "ref": f"refs/{kind}/{n}", "targetCommit": oid} for n, oid in told]

    branches, tags = listed(repository.branches, "heads"), listed(repository.tags, "tags")
    return Answer({"branches": branches, "tags": tags, "converts": []})


def commits(request: Request, name: str, revision: str) -> Answer:
    told = request.repository(name).history(revision)
    authors = [{"user": "an"}]
    return Answer(
        [
            {"id": c.oid, "authors": authors, "date": WHEN, "title": c.title, "message": c.message}
            for c in told
        ]
    )


def resolve(request: Request, name: str, revision: str, path: str) -> Answer:
    commit = request.repository(name).at(revision)
    if (there := commit.tree.get(path)) is None:
        raise HubError(404, "Entry not found", "EntryNotFound")
    headers = {
        "Content-Type": "application/octet-stream",
        "ETag": f'"{there.etag}"',
        "X-Linked-Etag": f'"{there.etag}"',
        "X-Linked-Size": str(there.size),
        "X-Repo-Commit": commit.oid,
        "Accept-Ranges": "bytes",
    }
    return _ranged(request.hub.store.objects[there.sha256], request.headers.get("Range"), headers)


def _ranged(data: bytes, asked: str | None, headers: dict[str, str]) -> Answer:
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", asked or "")
    if not found or found[0] == "bytes=-":
        return Answer(data, 200, headers)
    size = len(data)
    start = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(size, int(found[2]) + 1) if found[1] and found[2] else size
    if start >= size or start >= end:
        raise HubError(416, f"past the end of {size} bytes")
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return Answer(data[start:end], 206, headers)


def no_xet(request: Request, name: str) -> Answer:
    raise HubError(404, "no Xet storage here")


_ID, _REV = "([^/]+/[^/]+)", "([^/]+)"
_API, _LFS = f"/api/datasets/{_ID}", "/_lfs/([0-9a-f]{64})"
ROUTES: list[tuple[str, str, Callable[..., Answer]]] = [
    ("GET", "/api/whoami-v2", whoami),
    ("POST", "/api/repos/create", create),
    ("DELETE", "/api/repos/delete", delete),
    ("POST", "/api/validate-yaml", validate_yaml),
    ("PUT", f"{_API}/settings", settings),
    ("POST", f"{_API}/preupload/{_REV}", preupload),
    ("POST", f"/datasets/{_ID}[.]git/info/lfs/objects/batch", lfs_batch),
    ("PUT", _LFS, lfs_put),
    ("PUT", f"{_LFS}/([0-9]+)", lfs_part),
    ("POST", f"{_LFS}/complete", lfs_complete),
    ("POST", f"{_LFS}/verify", lfs_verify),
    ("POST", f"{_API}/commit/{_REV}", commit),
    ("POST", f"{_API}/tag/{_REV}", add_tag),
    ("DELETE", f"{_API}/tag/{_REV}", delete_tag),
    ("POST", f"{_API}/branch/{_REV}", add_branch),
    ("DELETE", f"{_API}/branch/{_REV}", delete_branch),
    ("GET", f"{_API}(?:/revision/{_REV})?", info),
    ("GET", f"{_API}/tree/{_REV}(?:/(.*))?", tree),
    ("POST", f"{_API}/paths-info/{_REV}", paths_info),
    ("GET", f"{_API}/refs", refs),
    ("GET", f"{_API}/commits/{_REV}", commits),
    ("GET|HEAD", f"/datasets/{_ID}/resolve/{_REV}/(.+)", resolve),
    ("GET", f"{_API}/xet-(?:read|write)-token/.*", no_xet),
]


def answer(request: Request) -> Answer:
    """Find the route of a request and take it."""
    for method, pattern, route in ROUTES:
        found = re.fullmatch(pattern, request.path)
        if found and request.method in method.split("|"):
            return route(request, *(unquote(part or "") for part in found.groups()))
    raise HubError(404, f"no such route here: {request.method} {request.path}")
