"""Publishing: a release goes to a hub, a store or a folder, and comes back from there.

`gate` says what may leave; `hub`, `stores` and `folders` know how it gets to each kind of place;
`fetching` brings it back. A push may be repeated, and two at once do not harm each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from phusa.publishing import gate
from phusa.publishing.addresses import checked, scheme
from phusa.publishing.fetching import fetched
from phusa.publishing.plans import FetchError, Outgoing, Plan, Pushed, PushError

__all__ = ["plan", "push"]


@dataclass(frozen=True, slots=True)
class _Way:
    """How a release gets to a destination."""

    plan: Callable[[Outgoing], Plan]
    push: Callable[[Outgoing], Pushed]


def plan(
    release: str | Path, dest: str | Path, *, private: bool = True, replace: bool = False
) -> Plan:
    """Tell what `push` would do, and change nothing. Raises what `push` would."""
    way = _way(dest, private=private, replace=replace)
    try:
        with fetched(release) as folder:
            return way.plan(gate.outgoing(folder))
    except FetchError as error:
        raise PushError(str(error)) from error


def push(
    release: str | Path,
    dest: str | Path,
    *,
    private: bool = True,
    replace: bool = False,
    progress: bool = False,
) -> Pushed:
    """Push a release to `hf://datasets/ORG/NAME[@BRANCH]`, to a store, or to a folder.

    A version that is there with the same content is left alone; one with other content is never
    overwritten. `private` is for a dataset on a hub that has to be made, `replace` lets files on a
    hub go that are of no release, and `progress` shows bars of uploads to a hub on stderr.

    Raises UnfitError where the release is not what it says or holds more personal data than it may;
    PushError where it cannot be read, or cannot or must not be written there.
    """
    way = _way(dest, private=private, replace=replace, progress=progress)
    try:
        with fetched(release, progress=progress) as folder:
            return way.push(gate.outgoing(folder))
    except FetchError as error:
        raise PushError(str(error)) from error


def _way(dest: str | Path, *, private: bool, replace: bool, progress: bool = False) -> _Way:
    """Choose by the scheme. Drivers are heavy, so only the one that is needed is imported.

    Raises PushError where the destination cannot take a push.
    """
    url, kind = checked(dest), scheme(dest)
    if kind == "hf":
        from phusa.publishing import hub  # noqa: PLC0415 - huggingface_hub

        return _Way(
            partial(hub.plan, dest=url, private=private, replace=replace),
            partial(hub.push, dest=url, private=private, replace=replace, progress=progress),
        )
    if replace or not private:
        raise PushError(f"{dest}: only a hub knows public datasets and files to be replaced")
    if kind in {"http", "https"}:
        raise PushError(f"{dest}: {kind} takes no pushes; name a hub, a store or a folder")
    if kind not in {None, "file"}:
        from phusa.publishing import stores  # noqa: PLC0415 - fsspec

        return _Way(partial(stores.plan, dest=url), partial(stores.push, dest=url))
    from phusa.publishing import folders  # noqa: PLC0415 - only where it is one

    return _Way(partial(folders.plan, dest=url), partial(folders.push, dest=url))
