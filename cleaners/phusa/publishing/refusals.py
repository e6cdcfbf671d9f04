"""What a hub's refusal means: whether it passes, and what to tell of it.

What a server says is not to be trusted: it may be long, and it may repeat what it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from huggingface_hub.errors import (
    HfHubHTTPError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

_LOG_IN = "log in with `hf auth login` or set HF_TOKEN"
_CONFLICTS = (409, 412)
_PASSING = (408, 429, 500, 502, 503, 504)
_UNREACHED = {"ConnectionError", "Timeout", "TimeoutError", "TransportError"}
"""Names, as huggingface_hub has used three libraries for HTTP: requests, httpx and httpx2."""

_IN_TEXT = re.compile(r"HTTP status \w+ error \(([0-9]{3})\b")
"""How hf_xet, which has no errors of its own, tells a status."""

_SECRET = re.compile(r"\bhf_\w+|\bBearer\s+\S+|(?<=\?)[^\s'\"]+")
_MOST_CHARS = 160
_MOST_READ = 10_000


def status(error: BaseException) -> int | None:
    """Find the HTTP status that an error goes back to.

    >>> status(ConnectionError("Request error: HTTP status client error (404 Not Found), domain …"))
    404
    """
    for cause in _causes(error):
        if isinstance(cause, HfHubHTTPError) and cause.response is not None:
            return cause.response.status_code
        if found := _IN_TEXT.search(str(cause)[:_MOST_READ]):
            return int(found[1])
    return None


def is_conflict(error: BaseException) -> bool:
    """Whether others have changed what was to be changed."""
    return status(error) in _CONFLICTS or _is(error, RevisionNotFoundError)


def is_unreached(error: BaseException) -> bool:
    """Whether there was no answer at all."""
    names = {kind.__name__ for cause in _causes(error) for kind in type(cause).__mro__}
    unreached = status(error) is None and bool(names & _UNREACHED)
    return unreached and not _is(error, OfflineModeIsEnabled)


def is_passing(error: BaseException) -> bool:
    """Whether the same may go well a little later: conflicts, failing servers, failing lines."""
    return status(error) in _PASSING or is_conflict(error) or is_unreached(error)


def told(error: BaseException) -> str:
    """Tell in one line what went wrong and what to do, without secrets."""
    code = status(error)
    if _is(error, LocalTokenNotFoundError):
        return f"no token; {_LOG_IN}"
    if _is(error, OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE keeps from asking the hub; unset it"
    if _is(error, RepositoryNotFoundError):
        return f"no such dataset, or none that may be seen; check the name, {_LOG_IN}"
    if code == 401:
        return f"the hub does not take the token; {_LOG_IN}"
    if code == 403:
        return "no right to do this; use a token that may write there"
    if _is(error, RevisionNotFoundError):
        return "no such branch, tag or commit; see which the dataset has"
    if code == 404 and "xet" in str(error)[:_MOST_READ]:
        return "the hub has no Xet storage; set HF_HUB_DISABLE_XET=1"
    if code in _CONFLICTS:
        return "it changed again and again meanwhile; push again, with a token that may write"
    if code in _PASSING:
        return f"the hub answers {code}; try again later"
    if is_unreached(error):
        return "the hub cannot be reached; check the network, and HF_ENDPOINT if it is set"
    return _harmless(f"the hub answers {code}: {error}" if code else f"{error!r}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is(error: BaseException, kind: type[BaseException]) -> bool:
    return any(isinstance(cause, kind) for cause in _causes(error))


def _harmless(text: str) -> str:
    r"""Put a text into one line, cut, without tokens and without what follows `?` in addresses.

    >>> _harmless("no\n'https://a.vn/x?signature=1' for hf_abc")
    "no 'https://a.vn/x?…' for …"
    """
    line = " ".join(_SECRET.sub("…", text[:_MOST_READ]).split())
    return line if len(line) <= _MOST_CHARS else f"{line[: _MOST_CHARS - 1]}…"
