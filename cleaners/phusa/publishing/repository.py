"""A dataset repository on the Hugging Face Hub: what is in it, and how it changes.

The token is the one of `hf auth login` or HF_TOKEN, which the client finds itself.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from logging import ERROR
from pathlib import Path
from urllib.parse import unquote

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import RepositoryNotFoundError
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils import logging
from huggingface_hub.utils.tqdm import (
    are_progress_bars_disabled,
    disable_progress_bars,
    enable_progress_bars,
)

from phusa import __version__
from phusa.publishing.refusals import status

_ADDRESS = re.compile(
    r"hf://datasets/([A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96})(?:@([A-Za-z0-9._%-]{1,250}))?/?"
)
_REVISION = re.compile(r"[A-Za-z0-9._/-]{1,250}")
_KIND = "dataset"
_IGNORED = "# Nothing: a release comes whole.\n"
"""In place of a .gitignore in the repository, by which the hub would leave out files."""

_MOST_BYTES = 1 << 26
"""Of a file that is read whole: checksums of half a million files."""


class AddressError(ValueError):
    """An address that names no dataset on a hub: the message says how one looks."""


@dataclass(frozen=True, slots=True)
class Address:
    """A dataset repository, and a branch, tag or commit of it.

    >>> address("hf://datasets/org/name@dev%2Fnew")
    Address(name='org/name', revision='dev/new')
    """

    name: str
    revision: str | None = None

    def at(self, revision: str) -> str:
        """Write the address of a revision."""
        return f"hf://datasets/{self.name}@{revision.replace('/', '%2F')}"


def address(url: str) -> Address:
    """Read an address. Raises AddressError."""
    found = _ADDRESS.fullmatch(url)
    revision = unquote(found[2]) if found and found[2] else None
    if not found or not _leads_down(found[1]) or not (revision is None or _is_revision(revision)):
        raise AddressError(
            f"{url}: not a dataset on the hub; write hf://datasets/ORG/NAME[@BRANCH]"
        )
    return Address(found[1], revision)


def _is_revision(text: str) -> bool:
    return _REVISION.fullmatch(text) is not None and _leads_down(text)


def _leads_down(path: str) -> bool:
    """Whether a path stays below where it starts; the client makes folders of names."""
    return all(part not in {"", ".", ".."} for part in path.split("/"))


@dataclass(frozen=True, slots=True)
class File:
    """A file of a repository: size in bytes, git's name of it, SHA-256 where it is a large file."""

    size: int
    oid: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a commit, by path."""

    commit: str
    files: Mapping[str, File]


@dataclass(frozen=True, slots=True)
class References:
    """The commits of branches and tags, by name."""

    branches: Mapping[str, str]
    tags: Mapping[str, str]


class Repository:
    """A repository by its name. Every method raises what huggingface_hub raises."""

    def __init__(self, name: str, *, login: bool) -> None:
        """Nothing is asked yet. With `login` every request needs a token."""
        self.name = name
        self._api = HfApi(
            token=True if login else None, library_name="phusa", library_version=__version__
        )
        self._additions: dict[str, CommitOperationAdd] = {}

    def is_private(self) -> bool | None:
        """Whether only members see it; None where it is not there."""
        try:
            return bool(self._api.dataset_info(self.name).private)
        except RepositoryNotFoundError as error:
            if status(error) == 401:  # nobody may know then
                raise
            return None

    def create(self, *, private: bool) -> None:
        """Make the repository, unless it is there."""
        self._api.create_repo(self.name, repo_type=_KIND, private=private, exist_ok=True)

    def references(self) -> References:
        """List branches and tags."""
        refs = self._api.list_repo_refs(self.name, repo_type=_KIND)
        return References(
            {branch.name: branch.target_commit for branch in refs.branches},
            {tag.name: tag.target_commit for tag in refs.tags},
        )

    def resolve(self, revision: str | None) -> str:
        """Name the commit of a revision."""
        return str(self._api.dataset_info(self.name, revision=revision).sha)

    def tree(self, commit: str) -> Tree:
        """List the files of a commit."""
        listed = self._api.list_repo_tree(
            self.name, recursive=True, revision=commit, repo_type=_KIND
        )
        files = {
            file.path: File(file.size, file.blob_id, file.lfs.sha256 if file.lfs else None)
            for file in listed
            if isinstance(file, RepoFile)
        }
        return Tree(commit, files)

    def read(self, tree: Tree, path: str) -> bytes | None:
        """Read a small file of a commit; None where there is none."""
        file = tree.files.get(path)
        if file is None or file.size > _MOST_BYTES:
            return None
        local = self._api.hf_hub_download(self.name, path, repo_type=_KIND, revision=tree.commit)
        return Path(local).read_bytes()

    def snapshot(self, commit: str) -> Path:
        """Download all files of a commit into the cache of huggingface_hub."""
        return Path(self._api.snapshot_download(self.name, repo_type=_KIND, revision=commit))

    def commit(
        self,
        upload: Iterable[tuple[str, Path, str]],
        delete: Iterable[str],
        *,
        branch: str,
        parent: str,
        title: str,
        text: str,
    ) -> str:
        """Make one commit on a branch whose head is `parent`, and name it.

        `upload` are paths, files and their SHA-256. What was uploaded in vain before, because the
        commit did not come about, is not uploaded again.
        """
        additions = [self._addition(path, file, sha256) for path, file, sha256 in upload]
        self._api.preupload_lfs_files(
            self.name,
            additions,
            repo_type=_KIND,
            revision=branch,
            free_memory=False,
            gitignore_content=_IGNORED,
        )
        deletions = [CommitOperationDelete(path, is_folder=False) for path in delete]
        made = self._api.create_commit(
            self.name,
            [*additions, *deletions],
            commit_message=title,
            commit_description=text,
            repo_type=_KIND,
            revision=branch,
            parent_commit=parent,
        )
        return made.oid

    def _addition(self, path: str, file: Path, sha256: str) -> CommitOperationAdd:
        if path not in self._additions:
            addition = CommitOperationAdd(path, file.absolute())
            addition.upload_info.sha256 = bytes.fromhex(sha256)  # known: not to be computed again
            self._additions[path] = addition
        return self._additions[path]

    def forget(self) -> None:
        """Forget what was uploaded."""
        self._additions.clear()

    def tag(self, name: str, commit: str) -> None:
        """Make a tag."""
        self._api.create_tag(self.name, tag=name, revision=commit, repo_type=_KIND)

    def branch(self, name: str, commit: str) -> None:
        """Make a branch, unless it is there."""
        self._api.create_branch(
            self.name, branch=name, revision=commit, repo_type=_KIND, exist_ok=True
        )

    def remove_branch(self, name: str) -> None:
        """Remove a branch, unless somebody else did."""
        try:
            self._api.delete_branch(self.name, branch=name, repo_type=_KIND)
        except Exception as error:
            if status(error) != 404:
                raise


@contextmanager
def silenced(*, progress: bool) -> Iterator[None]:
    """Keep huggingface_hub from printing: its messages, and its bars unless `progress`.

    Its messages show the signed addresses that files are uploaded to.
    """
    verbosity, bars = logging.get_verbosity(), not are_progress_bars_disabled()
    with warnings.catch_warnings():  # that the environment wants it otherwise
        warnings.simplefilter("ignore")
        logging.set_verbosity(ERROR)
        if bars and not progress:
            disable_progress_bars()
        try:
            yield
        finally:
            logging.set_verbosity(verbosity)
            if bars and not progress:
                enable_progress_bars()
