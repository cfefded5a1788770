"""A publisher on loopback: sends bytes in wire format, and misbehaves on request. Standard library only.

    with Wire() as wire:
        wire.on("/rows.csv", Reply(status=429, headers={"Retry-After": "1"}), Reply(body=b"..."))
        requests.get(wire.url + "/rows.csv")
        wire.log[0].headers["User-Agent"]

Replies to a path are used up in order; the last one stays. Other paths are answered by `publisher`, a function of the request, or with 404.
`spoil` may turn an honest reply into a faulty one. The server binds to loopback and to nothing else.
"""

from __future__ import annotations

import contextlib
import email.utils
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

SECRET_HEADERS = ("key", "authorization", "token", "client")


@dataclass(frozen=True)
class Reply:
    """One answer. Bytes go out as they are given."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0  # before the first byte
    drip_s: float = 0.0  # between single bytes of the body
    cut_after: int | None = None  # close the connection after so many bytes of the body
    reset: bool = False  # ... with a TCP reset instead of an orderly end
    chunked: bool = False  # Transfer-Encoding: chunked, no Content-Length
    no_length: bool = False  # neither: the body ends with the connection
    ignores_range: bool = False  # answers a Range with 200 and the whole body
    wrong_range: bool = False  # answers 206 from the wrong place
    clock_skew_s: float = 0.0  # of the server's Date header


@dataclass(frozen=True)
class Seen:
    """One request as it came. Values of headers that carry a key are kept apart, so that a dump of the log shows none."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    secrets: dict[str, str] = field(repr=False, default_factory=dict)
    body: bytes = b""
    at: float = 0.0  # monotonic seconds
    target: str = ""  # path and query as sent


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many tests are about."""


class Wire:
    """The server; a context manager. Listens on 127.0.0.1 only."""

    def __init__(
        self, publisher: Callable[[Seen], Reply] | None = None, spoil: Callable[[Seen, Reply], Reply] | None = None, port: int = 0
    ) -> None:
        self.log: list[Seen] = []
        self.publisher, self.spoil = publisher, spoil
        self._replies: dict[str, list[Reply]] = {}
        self._lock = threading.Lock()
        self._server = _Quiet(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def on(self, path: str, *replies: Reply) -> None:
        """Declare the replies to a path (without query)."""
        self._replies[path] = list(replies)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _next(self, seen: Seen) -> Reply:
        with self._lock:
            self.log.append(seen)
            left = self._replies.get(seen.path)
            if left:
                return left.pop(0) if len(left) > 1 else left[0]
            honest = self.publisher(seen) if self.publisher else Reply(b"not found", 404)
            return self.spoil(seen, honest) if self.spoil else honest

    def _handler(wire: Self) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else head and body wait 40 ms for each other

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                size = int(self.headers.get("Content-Length") or 0)
                secret = {k: v for k, v in self.headers.items() if any(s in k.lower() for s in SECRET_HEADERS)}
                shown = {k: v for k, v in self.headers.items() if k not in secret}
                body = self.rfile.read(size)
                query = parse_qs(parts.query, keep_blank_values=True)
                reply = wire._next(Seen(self.command, parts.path, query, shown, secret, body, time.monotonic(), self.path))
                with contextlib.suppress(ConnectionError):
                    self._answer(reply)

            do_POST = do_GET

            def _answer(self, reply: Reply) -> None:
                time.sleep(reply.delay_s)
                status, body, extra = self._ranged(reply)
                self.send_response_only(status)
                self.send_header("Date", email.utils.formatdate(time.time() + reply.clock_skew_s, usegmt=True))
                for name, value in (dict(reply.headers) | extra).items():
                    self.send_header(name, value)
                if reply.chunked:
                    self.send_header("Transfer-Encoding", "chunked")
                elif not reply.no_length and "Content-Length" not in reply.headers:
                    self.send_header("Content-Length", str(len(body)))
                if reply.no_length or reply.cut_after is not None:
                    self.send_header("Connection", "close")
                    self.close_connection = True
                self.end_headers()
                sent = body if reply.cut_after is None else body[: reply.cut_after]
                pieces = [sent[i : i + 1] for i in range(len(sent))] if reply.drip_s else [sent]
                for piece in pieces:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if reply.chunked and piece else piece)
                    self.wfile.flush()
                    time.sleep(reply.drip_s)
                if reply.cut_after is not None:
                    if reply.reset:
                        time.sleep(0.05)
                        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        self.connection.close()
                elif reply.chunked:
                    self.wfile.write(b"0\r\n\r\n")

            def _ranged(self, reply: Reply) -> tuple[int, bytes, dict[str, str]]:
                asked = self.headers.get("Range", "")
                if reply.status != 200 or not asked.startswith("bytes=") or reply.ignores_range:
                    return reply.status, reply.body, {}
                proof = (reply.headers.get("ETag"), reply.headers.get("Last-Modified"))
                if self.headers.get("If-Range") not in proof:
                    return reply.status, reply.body, {}
                start, size = int(asked[6:].split("-")[0]), len(reply.body)
                if start >= size:
                    return 416, b"", {"Content-Range": f"bytes */{size}"}
                if reply.wrong_range:
                    start = 0
                return 206, reply.body[start:], {"Content-Range": f"bytes {start}-{size - 1}/{size}"}

            def log_message(self, format: str, *args: object) -> None:
                """Quiet: the log of requests is `Wire.log`."""

        return Handler
