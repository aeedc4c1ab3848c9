"""An object storage on loopback: moto's S3, and before it a front that can be told to fail."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from moto.server import ThreadedMotoServer

from envcheck.store import objects, remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pytest

BUCKET: Final = "reports"
ACCESS_KEY: Final = "AKIAQ7ZRW2NF9KD4XZ6L"
SECRET_KEY: Final = "q8Lr2Kx9mVb5Nc3Jd7Hf1Gp6TsYwZeUaIoXk4Rt0"
_FORBIDDEN: Final = (
    b"<Error><Code>InvalidAccessKeyId</Code><Message>AKIAQ7ZRW2NF9KD4XZ6L is not known</Message></Error>"
)
_SLOW_DOWN: Final = b"<Error><Code>SlowDown</Code></Error>"


@dataclass(slots=True)
class Front:
    """What stands before the storage."""

    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each request."""
    refuses: Callable[[str, str], int | None] = lambda _method, _path: None
    """Which status to answer a request with in place of the storage's; 0 to say nothing at all."""
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def written(self) -> list[str]:
        """The names of what was asked to be written, in order."""
        return [path.rpartition("/")[2] for method, path in self.asked if method == "PUT"]

    def variables(self, access_key: str = ACCESS_KEY) -> Mapping[str, str]:
        """Give what a user sets."""
        return {
            "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
        }


def _handler(front: Front, storage: tuple[str, int]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            front.asked.append((self.command, self.path.partition("?")[0]))
            status = front.refuses(self.command, self.path)
            if status == 0:
                front.ended.wait()
                self.close_connection = True
                return
            if status is not None:
                self._answer(status, _FORBIDDEN if status == 403 else _SLOW_DOWN, {})
                return
            connection = HTTPConnection(*storage)
            connection.request(self.command, self.path, body, dict(self.headers))
            reply = connection.getresponse()
            kept = {name: reply.headers[name] for name in ("ETag", "Last-Modified") if name in reply.headers}
            content = reply.read()
            if self.command == "HEAD":
                kept["Content-Length"] = reply.headers["Content-Length"]
            self._answer(reply.status, content, kept)
            connection.close()

        def _answer(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _serve  # noqa: N815 - named by the server

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the server
            """Say nothing."""

    return Handler


@contextmanager
def object_storage(bucket: str = BUCKET) -> Iterator[Front]:
    """Start the storage with its bucket, and the front."""
    front = Front()
    with ExitStack() as stack:
        storage = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        storage.start()
        stack.callback(storage.stop)
        address = storage.get_host_and_port()
        connection = HTTPConnection(*address)
        connection.request("PUT", f"/{bucket}")
        assert connection.getresponse().status == 200
        connection.close()
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(front, address))
        server.daemon_threads = True
        front.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        stack.callback(front.ended.set)
        yield front


def use(front: Front, monkeypatch: pytest.MonkeyPatch, **others: str) -> Mapping[str, str]:
    """Set the storage's variables for this process, where obstore looks for them, and give them."""
    variables = {**front.variables(), **others}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    objects._store.cache_clear()
    remote._content.cache_clear()
    return variables
