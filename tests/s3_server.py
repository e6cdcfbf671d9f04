"""A store that speaks S3: moto behind a door where requests are seen, refused and held up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

BUCKET = "corpora"


@dataclass
class Request:
    """What the door sees of a request: the key is without the bucket."""

    method: str
    key: str
    bytes: int
    condition: str | None

    @property
    def writes(self) -> bool:
        return self.method in {"PUT", "POST", "DELETE"}


@dataclass
class Door:
    """A WSGI application before moto's.

    `refuse` may answer a request with a status in place of moto, or do something else before it
    goes on. Writing is done one at a time, which makes conditions on it as sound as those of S3:
    moto looks and writes in two steps.
    """

    app: Callable[..., Iterable[bytes]] = field(
        default_factory=lambda: DomainDispatcherApplication(create_backend_app)
    )
    refuse: Callable[[Request], int | None] = lambda request: None
    seen: list[Request] = field(default_factory=list)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict, start_response: Callable[..., object]) -> list[bytes]:
        condition = environ.get("HTTP_IF_MATCH") or environ.get("HTTP_IF_NONE_MATCH")
        request = Request(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"].removeprefix(f"/{BUCKET}").removeprefix("/"),
            int(environ.get("CONTENT_LENGTH") or 0),
            condition,
        )
        self.seen.append(request)
        if (status := self.refuse(request)) is None:
            with self._writing if request.writes else nullcontext():
                return list(self.app(environ, start_response))
        environ["wsgi.input"].read(request.bytes)
        code = {403: "AccessDenied", 501: "NotImplemented", 503: "ServiceUnavailable"}[status]
        body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
        start_response(f"{status} No", [("Content-Length", str(len(body)))])
        return [body]

    def empty(self) -> None:
        """Have one bucket in the store, with nothing in it."""
        s3_backends[DEFAULT_ACCOUNT_ID]["global"].reset()
        s3_backends[DEFAULT_ACCOUNT_ID]["global"].create_bucket(BUCKET, "us-east-1")

    def sent(self) -> list[str]:
        """The keys that were written, and forget what was seen."""
        keys = [request.key for request in self.seen if request.writes]
        self.seen.clear()
        return keys


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[tuple[Door, dict[str, str]]]:
    """A store, and the environment in which clients find it; it has one bucket."""
    logging.getLogger("moto").setLevel(logging.ERROR)
    door = Door()
    door.empty()
    server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield (
            door,
            {
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "anna",
                "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_CONFIG_FILE": "none",
                "AWS_SHARED_CREDENTIALS_FILE": "none",
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_MAX_ATTEMPTS": "1",  # what is tried again is tried by phusa
                "NO_PROXY": "127.0.0.1",
            },
        )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
