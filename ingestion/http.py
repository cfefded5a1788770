"""The one way out to publishers: polite, patient, resumable, and silent about keys.

A body is streamed to a file while its sha256 is taken. What can get better by itself is tried again (429, 5xx, cut body,
lost connection) with full jitter or as long as the server asks; what cannot is a `TerminalError` at once. A key stands in
the environment, travels as a header to the source's own hosts, and is blotted out of everything that is written or shown.
"""

from __future__ import annotations

import contextlib
import email.utils
import hashlib
import os
import random
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from ingestion.errors import TerminalError, TransientError
from ingestion.spec import Request, SourceSpec

CONNECT_TIMEOUT_S = 10.0
MAX_TRIES = 4  # without progress; a resumed download that advances starts counting anew
BACKOFF_S, BACKOFF_MAX_S = 0.5, 30.0
RETRY_AFTER_MAX_S = 300.0  # a longer wait is told to the caller instead of slept
MAX_REDIRECTS = 5
CHUNK_BYTES = 1 << 16
RETRIED = frozenset({429, 500, 502, 503, 504})
KEPT_HEADERS = ("ETag", "Last-Modified", "Content-Type", "Content-Length")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_last_call: dict[str, float] = {}  # host -> monotonic time; shared by all clients of the process
_last_call_lock = threading.Lock()


@dataclass(frozen=True)
class Answer:
    """One downloaded body. `url` is the asked one, without secrets."""

    path: Path
    sha256: str
    size_bytes: int
    url: str
    headers: Mapping[str, str]


@dataclass
class _Download:
    """State of one body over several tries. Bytes so far are kept only when the server can prove they are still right."""

    path: Path
    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0
    validator: str | None = None  # strong ETag or Last-Modified of the bytes so far

    def restart(self) -> None:
        self.digest, self.size, self.validator = hashlib.sha256(), 0, None
        self.path.write_bytes(b"")


class Client:
    """Calls to one source. `sleep` is a seam for a caller that shows the waiting."""

    def __init__(self, spec: SourceSpec, sleep: Callable[[float], None] = time.sleep) -> None:
        self.spec = spec
        self.sleep = sleep
        self.session = requests.Session()
        self.session.trust_env = False  # no netrc, no proxy that would see the key
        self.session.headers["User-Agent"] = f"acpgvc/{version('acpgvc')} (+{spec.homepage})"
        self.session.headers["Accept-Encoding"] = "identity"
        self.session.headers["Accept"] = "*/*"
        self._key = os.environ.get(spec.key_env, "") if spec.key_env else ""
        self._more_keys = {header: os.environ.get(variable, "") for header, variable in spec.more_keys.items()}
        override = os.environ.get(f"ACPGVC_{spec.name.upper()}_BASE_URL", "")
        self._override = urlsplit(override).hostname if override else None
        if override and self._override not in LOOPBACK and self._override not in spec.hosts:
            raise TerminalError(
                f"ACPGVC_{spec.name.upper()}_BASE_URL: expected a host of {spec.name} ({', '.join(spec.hosts)}) or loopback, "
                f"found {self._override!r}. Remedy: unset it"
            )

    def redact(self, text: str) -> str:
        """The text without the keys."""
        for secret in filter(None, (self._key, *self._more_keys.values())):
            text = text.replace(secret, "***")
        return text

    def download(self, request: Request, target: Path) -> Answer:
        """Fetch one body into `target`.

        Raises:
            TransientError: it did not work now (time, budget of tries, server busy); `retry_after_s` when the server said.
            TerminalError: it will not work (refused, wrong request, quota of the day, host not of this source).
        """
        deadline = time.monotonic() + self.spec.budget.total_timeout_s
        state, tries = _Download(target), 0
        state.restart()
        while True:
            before = state.size
            try:
                return self._try(request, state, deadline)
            except TransientError as e:
                tries = 1 if state.size > before > 0 else tries + 1
                self._wait_or_give_up(e, request, tries, deadline)
                if state.validator is None:
                    state.restart()

    def _wait_or_give_up(self, error: TransientError, request: Request, tries: int, deadline: float) -> None:
        ceiling = min(BACKOFF_MAX_S, BACKOFF_S * 2**tries)
        wait = error.retry_after_s if error.retry_after_s is not None else random.uniform(0.0, ceiling)
        too_long = wait > RETRY_AFTER_MAX_S or time.monotonic() + wait >= deadline
        if tries >= MAX_TRIES or too_long:
            text = f"{request.url}: {error} (gave up after {tries} tries). Remedy: run the same fetch again later"
            raise TransientError(self.redact(text), error.retry_after_s) from None
        self.sleep(wait)

    def _try(self, request: Request, state: _Download, deadline: float) -> Answer:
        """One try: send, judge the status, stream the body."""
        resume = {"Range": f"bytes={state.size}-", "If-Range": state.validator} if state.size and state.validator else {}
        try:
            with self._send(request, resume, deadline) as response:
                self._judge(request, response, state)
                if response.status_code == 206:
                    self._check_range(response, state)
                else:  # also when the server ignores Range: the whole body comes again
                    state.restart()
                state.validator = _validator(response)
                self._stream(response, state, deadline)
                return self._finish(request, response, state)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, zlib.error) as e:
            raise TransientError(self.redact(f"{type(e).__name__}: {e}")) from None

    def _send(self, request: Request, headers: Mapping[str, str], deadline: float) -> requests.Response:
        """Send, following redirects within the source's hosts only; the key goes to no other host."""
        url, params, method, body = request.url, dict(request.params), request.method, request.json
        origin = urlsplit(url).netloc
        for _ in range(MAX_REDIRECTS + 1):
            own = dict(headers)
            if self._key and self.spec.key_header and self._may_have_key(url, origin):
                own |= {self.spec.key_header: self._key, **self._more_keys}
            self._check_host(url)
            self._pace(url)
            left = deadline - time.monotonic()
            if left <= 0:
                raise TransientError(f"no answer within {self.spec.budget.total_timeout_s:g} s")
            timeout = (min(CONNECT_TIMEOUT_S, left), min(self.spec.budget.read_timeout_s, left))
            response = self.session.request(
                method, url, params=params, json=body, headers=own, timeout=timeout, stream=True, allow_redirects=False
            )
            if not response.is_redirect:
                return response
            url, params = urljoin(response.url, response.headers["Location"]), {}
            if response.status_code == 303:
                method, body = "GET", None
            response.close()
        raise TerminalError(f"{request.url}: expected an answer, found more than {MAX_REDIRECTS} redirects. Remedy: report this")

    def _may_have_key(self, url: str, origin: str) -> bool:
        parts = urlsplit(url)
        return parts.netloc == origin and (parts.scheme == "https" or parts.hostname in LOOPBACK)

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        allowed = {self._override} if self._override else set(self.spec.hosts)
        if parts.scheme not in ("http", "https") or parts.hostname not in allowed or parts.username is not None:
            hosts = ", ".join(sorted(h for h in allowed if h))
            raise TerminalError(
                f"{parts.scheme}://{parts.hostname}: expected http(s) to a host of {self.spec.name} ({hosts}). "
                f"Remedy: when the publisher moved, add the host to ingestion/sources/{self.spec.name}.py"
            )

    def _pace(self, url: str) -> None:
        """Keep the publisher's distance between calls to a host."""
        host = urlsplit(url).netloc
        with _last_call_lock:
            now = time.monotonic()
            start = max(now, _last_call.get(host, 0.0) + self.spec.budget.min_interval_s) if host in _last_call else now
            _last_call[host] = start
        if start > now:
            self.sleep(start - now)

    def _judge(self, request: Request, response: requests.Response, state: _Download) -> None:
        """Raise unless the status promises a body."""
        status = response.status_code
        if status in (200, 206):
            return
        if status == 416:  # the file is shorter now than what we have: start again
            state.restart()
            raise TransientError("HTTP 416, the file changed while it was fetched")
        said = self.redact(_beginning(response))
        if status in RETRIED:
            raise TransientError(f"HTTP {status} {said}", retry_after_s(response.headers))
        remedy = {
            401: f"set {' and '.join([self.spec.key_env or 'the key', *self.spec.more_keys.values()])} to valid values",
            403: "the quota of the day is used up: run again tomorrow" if "quota" in said.lower() else "the publisher refuses this client",
            404: "check the arguments; what was asked for does not exist there",
        }.get(status, "check the arguments; see `acpgvc fetch --help`")
        raise TerminalError(f"{request.url}: expected HTTP 200, found {status} {said}. Remedy: {remedy}")

    def _check_range(self, response: requests.Response, state: _Download) -> None:
        """A 206 must go on exactly where we stopped."""
        found = response.headers.get("Content-Range", "")
        if not found.startswith(f"bytes {state.size}-"):
            at = state.size
            state.restart()
            raise TransientError(f"HTTP 206 with Content-Range {found!r} in answer to bytes={at}-")

    def _stream(self, response: requests.Response, state: _Download, deadline: float) -> None:
        """Append the body to the file. A time-out of requests is per read, so a dripping body is stopped here.

        Unpacks by itself: urllib3 takes the end of a cut gzip stream for the end of the body.
        """
        packed = _is_packed(response)
        unpacker = zlib.decompressobj(wbits=47) if packed else None  # 47: gzip or zlib header
        with state.path.open("ab") as f:
            while chunk := response.raw.read1(CHUNK_BYTES, decode_content=False):
                data = unpacker.decompress(chunk) if unpacker else chunk
                f.write(data)
                state.digest.update(data)
                state.size += len(data)
                if time.monotonic() > deadline:
                    raise TransientError(f"body not complete within {self.spec.budget.total_timeout_s:g} s ({state.size} bytes came)")
        if unpacker and not unpacker.eof:
            raise TransientError("body cut: its gzip stream has no end")

    def _finish(self, request: Request, response: requests.Response, state: _Download) -> Answer:
        """Check that the body is whole."""
        expected = _total(response)
        if expected is not None and state.size != expected:
            got = state.size
            if got > expected:
                state.restart()
            raise TransientError(f"body cut: expected {expected} bytes, found {got}")
        if state.size == 0:
            raise TransientError(f"HTTP {response.status_code} with an empty body")
        kept = {h: response.headers[h] for h in KEPT_HEADERS if h in response.headers}
        if response.status_code == 206 or _is_packed(response):
            kept["Content-Length"] = str(state.size)
        return Answer(state.path, state.digest.hexdigest(), state.size, self.redact(request.url), kept)


def _is_packed(response: requests.Response) -> bool:
    """The body is packed although we asked for it as it is.

    Raises:
        TerminalError: in a way that cannot be unpacked.
    """
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip", "deflate", ""):
        raise TerminalError(f"expected a body as it is or gzip, found Content-Encoding {encoding}. Remedy: report this")
    return encoding not in ("identity", "")


def _validator(response: requests.Response) -> str | None:
    """What proves that later bytes belong to the same file; None when a cut body must be fetched from its start."""
    if _is_packed(response):
        return None
    etag = response.headers.get("ETag", "")
    return etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified")


def _total(response: requests.Response) -> int | None:
    """Size of the whole body in bytes, when the server told it."""
    if _is_packed(response):
        return None
    text = (
        response.headers.get("Content-Length")
        if response.status_code == 200
        else response.headers.get("Content-Range", "").rpartition("/")[2]
    )
    return int(text) if text and text.isdigit() else None


def _beginning(response: requests.Response) -> str:
    """First words of an error body."""
    with contextlib.suppress(requests.RequestException, urllib3.exceptions.HTTPError, OSError):
        return response.raw.read1(300, decode_content=True).decode("utf-8", errors="replace").strip()
    return ""


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for, in either form; None when absent or unreadable.

    A date is read against the server's own `Date`, so that a wrong clock on either side does not count.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text).timestamp()
        sent = email.utils.parsedate_to_datetime(headers["Date"]).timestamp() if "Date" in headers else time.time()
    except (TypeError, ValueError):
        return None
    return max(0.0, until - sent)
