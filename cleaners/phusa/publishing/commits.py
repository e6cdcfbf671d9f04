"""What a repository lacks of a release: the files of one commit, a branch, a tag."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import dataclass

import orjson

from phusa.publishing.latest import ahead
from phusa.publishing.plans import Outgoing, PushError
from phusa.publishing.repository import Address, File, Repository, Tree
from phusa.release.manifest import CHECKSUMS, MANIFEST, Entry
from phusa.versions import is_version

MAIN = "main"
_REPLACED = ("README.md", "CHANGELOG.md")
"""Every release has its own, so one that is there gives way, whoever wrote it."""

_MOST_NAMED, _MOST_CHARS = 5, 80
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be pushed where, and what may be done for it."""

    release: Outgoing
    address: Address
    branch: str
    private: bool
    replace: bool

    @property
    def tag(self) -> str:
        """The tag of the version."""
        return f"v{self.release.version}"

    @property
    def aside(self) -> str:
        """The branch an older version is committed on; it goes when the tag is there."""
        return f"phusa-{self.tag}"

    @property
    def where(self) -> str:
        """The address of the version."""
        return self.address.at(self.tag)


@dataclass(frozen=True, slots=True)
class Found:
    """A repository as it was found: whether it is private, its references, and some trees.

    `head` is that of the branch, `aside` that of an earlier try beside it, `tag` is the version
    itself; None where they are not there. `start` is what a new branch starts from.
    """

    private: bool
    branches: Mapping[str, str]
    tags: Mapping[str, str]
    start: Tree
    head: Tree | None
    aside: Tree | None
    tag: Tree | None


@dataclass(frozen=True, slots=True)
class Work:
    """What is missing: a commit on `branch`, after `parent`; nothing without files to change.

    A branch that is not there starts at `parent`.
    """

    branch: str
    parent: Tree
    upload: tuple[Entry, ...] = ()
    delete: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def commits(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self.upload or self.delete)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The release that a commit holds: its version, and the paths of its files."""

    version: str | None = None
    paths: frozenset[str] = frozenset()

    def is_after(self, version: str) -> bool:
        """Whether it is of a later version."""
        return self.version is not None and ahead(self.version, version)


def look(repository: Repository, target: Target) -> Found | None:
    """See what is there; None where there is no repository."""
    private = repository.is_private()
    if private is None:
        return None
    refs = repository.references()
    names = (
        refs.branches.get(target.branch),
        refs.branches.get(target.aside),
        refs.tags.get(target.tag),
    )
    start = names[0] or names[2] or refs.branches.get(MAIN)
    if start is None:
        raise PushError(f"{target.where}: the dataset has no branch {MAIN}")
    trees = {commit: repository.tree(commit) for commit in {start, *names} if commit}
    head, aside, tag = (trees[commit] if commit else None for commit in names)
    return Found(private, refs.branches, refs.tags, trees[start], head, aside, tag)


def missing(repository: Repository, found: Found, target: Target) -> Work:
    """Find what is missing. Raises PushError where it must not be added.

    A version is immutable, so its tag has to hold the same content. A branch that holds a later
    version, or this one with changes by hand, stays as it is once the tag is there. Files that are
    neither of the release nor of the one before it go only with `replace`.
    """
    check_tag(found, target)
    release, head = target.release, found.head
    before = _Earlier() if head is None else _earlier(repository, head)
    is_this, is_later = before.version == release.version, before.is_after(release.version)
    if head and found.tag and (is_this or is_later):
        return Work(target.branch, head, notes=_left(before, head, target))
    if head and is_this and not _has(release, CHECKSUMS, head):
        raise PushError(_other_content(target))
    if is_later:
        note = f"{target.branch} holds {before.version} and stays: this one gets its tag only"
        return _change(repository, found, target, target.aside, found.aside or found.start, note)
    note = "" if head else f"the branch {target.branch} is new"
    return _change(repository, found, target, target.branch, found.start, note)


def _change(
    repository: Repository, found: Found, target: Target, branch: str, parent: Tree, note: str
) -> Work:
    """Find what makes a commit the release, after `parent`."""
    release, before = target.release, _earlier(repository, parent)
    upload, delete = differing(release, parent), beyond(release, parent)
    gone = {*delete, *(e.path for e in upload if e.path in parent.files)}
    foreign = gone - before.paths
    if (unasked := foreign.difference(_REPLACED)) and not target.replace:
        raise PushError(
            f"{target.where}: the dataset has files of no release: {_named(unasked)}; "
            "push to another one, or pass --replace to overwrite or delete them"
        )
    notes = [note] if note else []
    if lost := foreign | (gone & _edited(repository, found, before, parent)):
        notes.append(f"overwrites or deletes what others changed: {_named(lost)}")
    return Work(branch, parent, upload, delete, tuple(notes))


def check_tag(found: Found, target: Target) -> None:
    """Raise PushError where the version is there with other content."""
    if found.tag is not None and not holds(target.release, found.tag):
        raise PushError(_other_content(target))


def holds(release: Outgoing, tree: Tree) -> bool:
    """Whether a commit holds a release and nothing else but files for the host."""
    return not differing(release, tree) and not beyond(release, tree)


def differing(release: Outgoing, tree: Tree) -> tuple[Entry, ...]:
    """List the files of a release that a commit has not, or has otherwise."""
    return tuple(e for e in release.files if not _is(release, e, tree.files.get(e.path)))


def beyond(release: Outgoing, tree: Tree) -> tuple[str, ...]:
    """List the files of a commit that are no part of a release; those with a dot are the host's."""
    ours = {e.path for e in release.files}
    extra = (path for path in tree.files if path not in ours and not path.startswith("."))
    return tuple(sorted(extra))


def _has(release: Outgoing, path: str, tree: Tree) -> bool:
    return path not in {e.path for e in differing(release, tree)}


def _is(release: Outgoing, entry: Entry, file: File | None) -> bool:
    """Whether a file of a repository is that of a release."""
    if file is None or file.size != entry.bytes:
        return False
    if file.sha256 is not None:
        return file.sha256 == entry.sha256
    return file.oid == _git_oid(release, entry)


def _git_oid(release: Outgoing, entry: Entry) -> str:
    """Compute git's name of a file. Raises PushError where it is not the file it was."""
    name, content = hashlib.sha1(f"blob {entry.bytes}\0".encode()), hashlib.sha256()  # noqa: S324
    with (release.folder / entry.path).open("rb") as file:
        while block := file.read(_BLOCK):
            name.update(block)
            content.update(block)
    if content.hexdigest() != entry.sha256:
        raise PushError(f"{release.folder / entry.path}: changed while it was pushed; push again")
    return name.hexdigest()


def _earlier(repository: Repository, tree: Tree) -> _Earlier:
    """Read which release a commit holds, if any."""
    manifest, sums = repository.read(tree, MANIFEST), repository.read(tree, CHECKSUMS)
    try:
        told = orjson.loads(manifest or b"")
    except orjson.JSONDecodeError:
        return _Earlier()
    if not isinstance(told, dict) or not str(told.get("format")).startswith("manifest-"):
        return _Earlier()
    version = str(told.get("version"))
    if sums is None or not is_version(version):
        return _Earlier()
    paths = {line[66:] for line in sums.decode("utf-8", "replace").split("\n") if line}
    return _Earlier(version, frozenset(paths | {CHECKSUMS}))


def _left(before: _Earlier, head: Tree, target: Target) -> tuple[str, ...]:
    """Tell why a branch stays as it is where it does not hold the version."""
    if before.version != target.release.version:
        return (f"{target.branch} holds {before.version} and stays",)
    if not holds(target.release, head):
        return (f"{target.branch} was changed by others since it got {before.version}, and stays",)
    return ()


def _edited(repository: Repository, found: Found, before: _Earlier, tree: Tree) -> set[str]:
    """List the files of an earlier release that are not as its tag has them."""
    tagged = found.tags.get(f"v{before.version}")
    if tagged is None or tagged == tree.commit:
        return set()
    then = repository.tree(tagged).files
    return {path for path in before.paths if tree.files.get(path) != then.get(path)}


def _other_content(target: Target) -> str:
    version = target.release.version
    return f"{target.where}: {version} is there with other content; raise dataset.version"


def _named(paths: Set[str]) -> str:
    """Write the first of some paths, cut where they are long: they are not ours."""
    shown = [
        path if len(path) <= _MOST_CHARS else f"{path[:_MOST_CHARS]}…" for path in sorted(paths)
    ]
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return ", ".join(shown[:_MOST_NAMED]) + more
