"""A hub of dataset repositories on this machine, for the real clients to talk to.

It speaks the part of the Hugging Face Hub's protocol that `huggingface_hub` and `datasets` use to
create a repository, upload, commit, tag, list and read. It proves that the clients' calls and our
logic fit together. It does not prove what the Hub itself allows, limits or shows: rights are of the
simplest kind, there are no quotas, no viewer and no Xet storage.

The clients read `HF_ENDPOINT` and their other settings when they are imported, so they belong into
a process of their own, with the variables that `Hub.environment` gives.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import hub_routes
from hub_routes import Answer, Request
from hub_store import HubError, Store, User

WRITER, READER, STRANGER = "hf_writer_secret_0001", "hf_reader_secret_0002", "hf_stranger_secret_3"
USERS = {
    WRITER: User("an", ("org",)),
    READER: User("binh", ("org",), may_write=False),
    STRANGER: User("chi"),
}
READS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Logged:
    """A request that was answered. It holds no token."""

    method: str
    path: str
    status: int
    authorised: bool
    byte_range: str | None = None


@dataclass(slots=True)
class Fault:
    """What to do `times` times to requests that match: an error, or something before the answer.

    With `after` the request is carried out and only its answer is lost.
    """

    pattern: re.Pattern[str]
    status: int = 0
    times: int = 1
    after: bool = False
    action: Callable[[], object] | None = None
    message: str = "injected"


class Hub:
    """A running hub: its store, its log, and the faults to come."""

    def __init__(self) -> None:
        self.url = ""
        self.empty()

    def empty(self) -> None:
        """Begin anew."""
        self.store = Store(USERS)
        self.log: list[Logged] = []
        self.faults: list[Fault] = []
        self.losing = 0  # commits, of which each loses a file
        self.part_bytes = 0  # of an upload in parts; 0 for uploads in one
        self.parts: dict[str, dict[int, bytes]] = {}

    def fail(
        self,
        pattern: str,
        status: int = 0,
        times: int = 1,
        *,
        after: bool = False,
        action: Callable[[], object] | None = None,
        message: str = "injected",
    ) -> None:
        """Make requests fail whose `METHOD path` a pattern is found in."""
        self.faults.append(Fault(re.compile(pattern), status, times, after, action, message))

    def fault(self, request: str) -> Fault | None:
        """The next fault that a request is to have."""
        for fault in self.faults:
            if fault.times and fault.pattern.search(request):
                fault.times -= 1
                return fault
        return None

    def writes(self) -> list[Logged]:
        """The requests that may have changed something."""
        return [entry for entry in self.log if entry.method not in READS]

    def environment(self, home: Path, token: str | None = WRITER) -> dict[str, str]:
        """The variables of a process whose clients are to talk to this hub."""
        return {
            "HF_ENDPOINT": self.url,
            "HF_HOME": str(home),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1",
        } | ({"HF_TOKEN": token} if token else {})


@contextmanager
def running() -> Iterator[Hub]:
    """A hub on a free port of this machine, until the end of the block."""
    hub = Hub()

    class Handler(_Handler):
        pass

    Handler.hub = hub
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Reads requests, finds their route, writes answers."""

    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_: object) -> None:
        """The log is the hub's."""

    def handle(self) -> None:
        with suppress(ConnectionError):  # a client that was told to stop, or that stopped reading
            super().handle()

    def _respond(self) -> None:
        body = self._body()
        path, _, query = self.path.partition("?")
        fault = self.hub.fault(f"{self.command} {path}")
        if fault and fault.action:
            fault.action()
        try:
            if fault and fault.status and not fault.after:
                raise HubError(fault.status, fault.message)
            request = Request(self.hub, self.command, path, query, self.headers, body)
            answer = hub_routes.answer(request)
            if fault and fault.status:
                raise HubError(fault.status, fault.message)
        except HubError as error:
            answer = _refusal(error)
        self._log(path, answer.status)
        self._write(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _respond  # noqa: N815 - names of the library

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _log(self, path: str, status: int) -> None:
        told = "Authorization" in self.headers
        byte_range = self.headers.get("Range")
        self.hub.log.append(Logged(self.command, unquote(path), status, told, byte_range))

    def _write(self, answer: Answer) -> None:
        data = answer.data
        self.send_response(answer.status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        for name, value in (headers | answer.headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _refusal(error: HubError) -> Answer:
    headers = {"X-Error-Message": error.message.splitlines()[0]}
    if error.code:
        headers["X-Error-Code"] = error.code
    return Answer({"error": error.message}, error.status, headers)
