"""Push a release to a dataset repository on the Hugging Face Hub: one commit, then a tag.

A push looks at what is there and does what is missing, until nothing is. So it does not matter how
far the one before it came, or who else pushes meanwhile.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from phusa.publishing import gate
from phusa.publishing.commits import MAIN, Found, Target, Work, check_tag, holds, look, missing
from phusa.publishing.plans import FetchError, Outgoing, Plan, Pushed, PushError
from phusa.publishing.refusals import is_conflict, is_passing, is_unreached, told
from phusa.publishing.repository import AddressError, Repository, address, silenced
from phusa.release.manifest import CHECKSUMS, MANIFEST
from phusa.versions import PATTERN as VERSION

WAITS = (0.5, 1, 2, 4, 8, 16)
"""Seconds between tries."""

_NO_BRANCH = re.compile(rf"refs/.*|v{VERSION.pattern}|[0-9a-f]{{40}}")


class _IncompleteError(RuntimeError):
    """A commit that does not hold what was sent."""


def plan(release: Outgoing, dest: str, *, private: bool = True, replace: bool = False) -> Plan:
    """Tell what `push` would do, and do nothing. Raises PushError where `push` would."""
    target = _target(release, dest, private=private, replace=replace)
    repository = Repository(target.address.name, login=True)
    try:
        with silenced(progress=False):
            found = look(repository, target)
            _check_public(found, target)
            work = missing(repository, found, target) if found else None
    except PushError:
        raise
    except Exception as error:
        raise PushError(f"{dest}: {told(error)}") from error
    notes = (*_visibility(found, target), *(work.notes if work else ()))
    if found is None or found.tag is None:
        notes += (f"the tag {target.tag} is new",)
    if found is None or work is None:
        return Plan(target.where, release.files, notes=notes)
    unchanged = not work.commits and work.branch in found.branches
    return Plan(target.where, work.upload, work.delete, notes, unchanged)


def push(
    release: Outgoing,
    dest: str,
    *,
    private: bool = True,
    replace: bool = False,
    progress: bool = False,
) -> Pushed:
    """Push a release to `hf://datasets/ORG/NAME[@BRANCH]`; to `main` where no branch is named.

    One commit makes the branch hold the release and nothing else, and gets the tag `v<version>`.
    Where the branch holds a later version it stays, and this one comes as its tag alone. Where all
    is there nothing is done. A repository that is not there is made, `private` or not; one that is
    there stays as visible as it is. Files of no release are overwritten only with `replace`.

    Raises UnfitError where personal data would be public without a limit; PushError where the
    version is there with other content, and where the hub cannot be reached or refuses.
    """
    target = _target(release, dest, private=private, replace=replace)
    pushing = _Pushing(target, Repository(target.address.name, login=True))
    with silenced(progress=progress):
        for wait in (*WAITS, None):
            try:
                return pushing.attempt()
            except PushError:
                raise
            except Exception as error:
                if wait is None or not pushing.may_pass(error):
                    raise PushError(f"{dest}: {told(error)}") from error
                time.sleep(wait)
    raise AssertionError  # the last attempt has returned or raised


def fetched(url: str, *, progress: bool = False) -> Path:
    """Download a revision of a dataset into the cache of huggingface_hub.

    It is `main` where none is named. Raises FetchError, also where it holds no release.
    """
    try:
        place = address(url)
        repository = Repository(place.name, login=False)
        with silenced(progress=progress):
            tree = repository.tree(repository.resolve(place.revision))
            if MANIFEST in tree.files or CHECKSUMS in tree.files:
                return repository.snapshot(tree.commit)
    except AddressError as error:
        raise FetchError(str(error)) from None
    except Exception as error:
        raise FetchError(f"{url}: {told(error)}") from error
    raise FetchError(f"{url}: holds no release; name a version, such as {place.at('v1.0.0')}")


@dataclass(slots=True)
class _Pushing:
    """A push over its attempts.

    `committed` is its commit, `changed` whether it has changed anything but the tag, or may have,
    `aside` whether it works beside the branch, `reached` whether the hub has ever answered, `anew`
    whether a commit was given up. `made` says that the dataset is new, where it is.
    """

    target: Target
    repository: Repository
    committed: str | None = None
    changed: bool = False
    aside: bool = False
    reached: bool = False
    anew: bool = False
    made: tuple[str, ...] = ()

    def attempt(self) -> Pushed:
        """Look at what is there and do what is missing."""
        target, repository = self.target, self.repository
        found = self._found()
        notes = (*self.made, *_visibility(found, target))
        if self.committed is None:
            work = missing(repository, found, target)
            notes += work.notes
            commit = self._made(work, found)
        else:
            check_tag(found, target)
            commit = self.committed
        if self.committed is not None and not holds(target.release, repository.tree(commit)):
            self._start_anew()
        if found.tag is None:
            repository.tag(target.tag, commit)
        if self.aside or target.aside in found.branches:
            repository.remove_branch(target.aside)
        return Pushed(
            target.where,
            target.release.version,
            target.release.content_id,
            revision=commit if found.tag is None else found.tag.commit,
            unchanged=not self.changed,
            notes=notes,
        )

    def may_pass(self, error: Exception) -> bool:
        """Whether another attempt may do better; not where the hub was never reached."""
        if isinstance(error, _IncompleteError):
            return True
        return is_passing(error) and (self.reached or not is_unreached(error))

    def _start_anew(self) -> NoReturn:
        """Give up a commit that is not the release, once.

        The client leaves out what the hub had when it asked, which may be gone since.
        """
        if self.anew:
            raise PushError(
                f"{self.target.where}: the hub does not keep all files as they are sent"
            )
        self.committed, self.anew = None, True
        self.repository.forget()
        raise _IncompleteError

    def _found(self) -> Found:
        """The repository, made where it is not there."""
        found = look(self.repository, self.target)
        self.reached = True
        _check_public(found, self.target)
        if found is None:
            self.made = _visibility(None, self.target)
            self.repository.create(private=self.target.private)
            found = look(self.repository, self.target)
            _check_public(found, self.target)  # somebody else may have made it
        if found is None:
            raise PushError(f"{self.target.where}: the token may make the dataset but not see it")
        return found

    def _made(self, work: Work, found: Found) -> str:
        """Make branch and commit where they are missing; name the commit of the release."""
        release = self.target.release
        self.aside = work.branch == self.target.aside
        if work.branch not in found.branches:
            self.repository.branch(work.branch, work.parent.commit)
            self.changed = True
        if not work.commits:
            return work.parent.commit
        try:
            self.committed = self.repository.commit(
                [(e.path, release.folder / e.path, e.sha256) for e in work.upload],
                work.delete,
                branch=work.branch,
                parent=work.parent.commit,
                title=f"{release.name} {release.version}",
                text=f"Content {release.content_id}",
            )
        except Exception as error:
            self.changed |= not is_conflict(error)  # it may have come about, unseen
            raise
        self.changed = True
        return self.committed


def _target(release: Outgoing, dest: str, *, private: bool, replace: bool) -> Target:
    try:
        place = address(dest)
    except AddressError as error:
        raise PushError(str(error)) from None
    branch = place.revision or MAIN
    if _NO_BRANCH.fullmatch(branch):
        raise PushError(f"{dest}: {branch} is no branch; the tag of the version comes by itself")
    return Target(release, place, branch, private, replace)


def _check_public(found: Found | None, target: Target) -> None:
    if not (target.private if found is None else found.private):
        gate.check_public(target.release)


def _visibility(found: Found | None, target: Target) -> tuple[str, ...]:
    """Tell who will see the release where that may not be what was asked for."""
    wanted = "private" if target.private else "public"
    if found is None:
        return (f"the dataset {target.address.name} is new, and {wanted}",)
    if found.private != target.private:
        there = "private" if found.private else "public"
        return (f"the dataset is {there} and stays so; its settings on the hub can change that",)
    return ()
