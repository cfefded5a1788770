"""The one way out to publishers: polite, patient, resumable, and silent about keys.

A body is streamed to a file while its sha256 is taken. What can get better by itself is tried again (429, 5xx, cut body,
lost connection) with full jitter or as long as the server asks; what cannot is a `TerminalError` at once. A key stands in
the environment, travels as a header to the source's own hosts, and is blotted out of everything that is written or shown.
Each call is booked in the budget of its host first, tries and redirects too, and holds a place at the host to its last byte.
"""

from __future__ import annotations

import email.utils
import hashlib
import os
import random
import re
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import requests
import urllib3

from ingestion.budget import SLEPT_S, HostBudget, limits_of, place_at
from ingestion.errors import NoData, NotFound, TerminalError, TransientError
from ingestion.spec import Request, SourceSpec

CONNECT_TIMEOUT_S = 10.0
MAX_TRIES = 4  # without progress; a resumed download that advances starts counting anew
BACKOFF_S, BACKOFF_MAX_S = 0.5, 30.0
MAX_REDIRECTS = 5
CHUNK_BYTES = 1 << 16
RETRIED = frozenset({429, 500, 502, 503, 504})
KEPT_HEADERS = ("ETag", "Last-Modified", "Content-Type", "Content-Length")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

REPLENISHED = re.compile(r"replenished in (\d+):(\d\d):(\d\d)")
ENDS = {b"{": b"}", b"[": b"]", b"<": b">"}  # of a JSON or XML document that is whole


@dataclass(frozen=True)
class Answer:
    """One downloaded body. `url` is the asked one, without secrets. `is_unchanged`: HTTP 304, there is no body."""

    path: Path
    sha256: str
    size_bytes: int
    url: str
    headers: Mapping[str, str]
    is_unchanged: bool = False


@dataclass
class _Download:
    """State of one body over several tries. Bytes so far are kept only when the server can prove they are still right."""

    path: Path
    deadline: float  # monotonic seconds; moves on while others are at the host
    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0
    validator: str | None = None  # strong ETag or Last-Modified of the bytes so far
    conditions: Mapping[str, str] = field(default_factory=dict)  # If-None-Match, If-Modified-Since

    def restart(self) -> None:
        self.digest, self.size, self.validator = hashlib.sha256(), 0, None
        self.path.write_bytes(b"")


class Client:
    """Calls to one source, within the budgets that lie in `budgets`. `sleep` is a seam for a caller that shows the waiting; `say` is
    told when the wait is for another process."""

    def __init__(
        self, spec: SourceSpec, budgets: Path, sleep: Callable[[float], None] = time.sleep, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self.spec = spec
        self.say = say
        self.sleep = sleep
        self.limits = limits_of(spec)
        self._budgets = budgets
        self.session = requests.Session()
        self.session.trust_env = False  # no netrc, no proxy that would see the key
        self.session.headers["User-Agent"] = f"acpgvc/{version('acpgvc')} (+{spec.homepage})"
        self.session.headers["Accept-Encoding"] = "identity"
        self.session.headers["Accept"] = "*/*"
        self._key = os.environ.get(spec.key_env, "") if spec.key_env else ""
        self._more_keys = {header: os.environ.get(variable, "") for header, variable in spec.more_keys.items()}
        override = os.environ.get(f"ACPGVC_{spec.name.upper()}_BASE_URL", "")
        self._override = urlsplit(override).hostname if override else None
        self.base = override or spec.base_url
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

    def budget_of(self, url: str) -> HostBudget:
        """The allowance of a host; callers with and without a key have one each."""
        host = urlsplit(url).netloc
        return HostBudget(self._budgets, host if self._key or not self.spec.keyless_budget else f"{host}-keyless", self.limits)

    def download(self, request: Request, target: Path, have: Mapping[str, str] | None = None) -> Answer:
        """Fetch one body into `target`. `have`: headers of the body that is there already; when it is still the same, none comes.

        Raises:
            TransientError: it did not work now (time, budget of tries, server busy); `retry_after_s` when the server said.
            NoData: the publisher says that there are no rows.
            NotFound: there is nothing at this address.
            BudgetSpent: the allowance of the day or hour is used up, by our count or by the publisher's.
            TerminalError: it will not work (refused, wrong request, host not of this source).
        """
        deadline = time.monotonic() + self.limits.total_timeout_s
        state, tries = _Download(target, deadline, conditions=_conditions(have or {})), 0
        state.restart()
        while True:
            before = state.size
            try:
                return self._try(request, state)
            except TransientError as e:
                tries = 1 if state.size > before > 0 else tries + 1
                self._wait_or_give_up(e, request, tries, state.deadline)
                if state.validator is None:
                    state.restart()

    def _wait_or_give_up(self, error: TransientError, request: Request, tries: int, deadline: float) -> None:
        ceiling = min(BACKOFF_MAX_S, BACKOFF_S * 2**tries)
        wait = error.retry_after_s if error.retry_after_s is not None else random.uniform(0.0, ceiling)
        too_long = wait > SLEPT_S or time.monotonic() + wait >= deadline
        if tries >= MAX_TRIES or too_long:
            text = f"{request.url}: {error} (gave up after {tries} tries). Remedy: run the same fetch again later"
            raise TransientError(self.redact(text), error.retry_after_s) from None
        if error.retry_after_s is None:  # what the server asks for is kept by the budget, for all processes
            self.sleep(wait)

    def _try(self, request: Request, state: _Download) -> Answer:
        """One try: send, judge the status, stream the body."""
        resume = {"Range": f"bytes={state.size}-", "If-Range": state.validator} if state.size and state.validator else state.conditions
        try:
            with ExitStack() as place, self._send(request, resume, state, place) as response:
                if response.status_code == 304 and resume is state.conditions and resume:
                    return Answer(state.path, "", 0, self.redact(request.url), {}, is_unchanged=True)
                self._judge(request, response, state)
                if response.status_code == 206:
                    self._check_range(response, state)
                else:  # also when the server ignores Range: the whole body comes again
                    state.restart()
                state.validator = _validator(response)
                self._stream(response, state)
                return self._finish(request, response, state)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, zlib.error) as e:
            raise TransientError(self.redact(f"{type(e).__name__}: {e}")) from None

    def _send(self, request: Request, headers: Mapping[str, str], state: _Download, place: ExitStack) -> requests.Response:
        """Send, following redirects within the source's hosts only; the key goes to no other host. `place`: at the last host."""
        # Commas stay as they are: a list of codes is a third of the length, and a long URL is refused.
        query = urlencode(request.params, safe=",")
        url, method, body = request.url + (f"?{query}" if query else ""), request.method, request.json
        origin = urlsplit(url).netloc
        for _ in range(MAX_REDIRECTS + 1):
            own = dict(headers)
            if self._key and self.spec.key_header and self._may_have_key(url, origin):
                own |= {self.spec.key_header: self._key, **self._more_keys}
            self._check_host(url)
            place.close()
            asked = time.monotonic()
            place.enter_context(self._place(url))
            state.deadline += time.monotonic() - asked
            wait = self.budget_of(url).take(is_counted=request.is_counted)
            if wait > 0:
                self.sleep(wait)
            left = state.deadline - time.monotonic()
            if left <= 0:
                raise TransientError(f"no answer within {self.limits.total_timeout_s:g} s")
            timeout = (min(CONNECT_TIMEOUT_S, left), min(self.limits.read_timeout_s, left))
            sent = {"data" if request.is_form else "json": body}
            response = self.session.request(method, url, **sent, headers=own, timeout=timeout, stream=True, allow_redirects=False)
            if not response.is_redirect:
                return response
            url = urljoin(response.url, response.headers["Location"])
            if response.status_code == 303:
                method, body = "GET", None
            response.close()
        raise TerminalError(f"{request.url}: expected an answer, found more than {MAX_REDIRECTS} redirects. Remedy: report this")

    def _place(self, url: str) -> AbstractContextManager[None]:
        host = urlsplit(url).netloc
        return place_at(self._budgets, host, self.limits, lambda: self.say(f"{host}: another call is under way; this one waits"))

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

    def _judge(self, request: Request, response: requests.Response, state: _Download) -> None:
        """Raise unless the status promises a body."""
        status = response.status_code
        if status in (200, 206):
            return
        if status == 416:  # the file is shorter now than what we have: start again
            state.restart()
            raise TransientError("HTTP 416, the file changed while it was fetched")
        said = self.redact(_beginning(response))
        if status in self.spec.no_data and re.search(self.spec.no_data[status], said):
            raise NoData(f"{request.url}: the publisher has no rows for this question (HTTP {status} {said})")
        pause = retry_after_s(response.headers)
        if status in RETRIED:
            if pause:
                self.budget_of(request.url).hold(pause, f"HTTP {status} {said}")
            raise TransientError(f"HTTP {status} {said}", pause)
        if status == 403 and "quota" in said.lower():
            told = REPLENISHED.search(said)
            seconds = sum(int(t) * u for t, u in zip(told.groups(), (3600, 60, 1), strict=True)) if told else pause
            budget = self.budget_of(request.url)
            budget.hold(max(SLEPT_S + 1, seconds if seconds is not None else 3600.0), said)
            budget.take()  # raises: what we were told is what all processes are told from now on
        remedy = {
            401: f"set {' and '.join([self.spec.key_env or 'the key', *self.spec.more_keys.values()])} to valid values",
            403: "the publisher refuses this client",
            404: "check the arguments; what was asked for does not exist there",
        }.get(status, "check the arguments; see `acpgvc fetch --help`")
        kind = NotFound if status == 404 else TerminalError
        raise kind(f"{request.url}: expected HTTP 200, found {status} {said}. Remedy: {remedy}")

    def _check_range(self, response: requests.Response, state: _Download) -> None:
        """A 206 must go on exactly where we stopped."""
        found = response.headers.get("Content-Range", "")
        if not found.startswith(f"bytes {state.size}-"):
            at = state.size
            state.restart()
            raise TransientError(f"HTTP 206 with Content-Range {found!r} in answer to bytes={at}-")

    def _stream(self, response: requests.Response, state: _Download) -> None:
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
                if time.monotonic() > state.deadline:
                    raise TransientError(f"body not complete within {self.limits.total_timeout_s:g} s ({state.size} bytes came)")
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
        if _is_cut(state.path):
            state.restart()
            raise TransientError("body cut: it has a beginning and no end")
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


def _conditions(have: Mapping[str, str]) -> dict[str, str]:
    """Ask for a body only when it is another one than `have` describes."""
    asked = {"If-None-Match": have.get("ETag", ""), "If-Modified-Since": have.get("Last-Modified", "")}
    return {name: value for name, value in asked.items() if value}


def _is_cut(path: Path) -> bool:
    """A JSON or XML document, a zip or a gzip file without its end: the server closed the body in an orderly way, too early."""
    with path.open("rb") as f:
        start = f.read(4).removeprefix(b"\xef\xbb\xbf")
        if start == b"PK\x03\x04":
            return not zipfile.is_zipfile(path)
        if start[:2] == b"\x1f\x8b":
            f.seek(0)
            unpacker = zlib.decompressobj(wbits=31)
            while not unpacker.eof and (chunk := f.read(CHUNK_BYTES)):
                unpacker.decompress(chunk)
            return not unpacker.eof
        f.seek(max(0, path.stat().st_size - 64))
        return start[:1] in ENDS and not f.read().rstrip().endswith(ENDS[start[:1]])


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
    with suppress(requests.RequestException, urllib3.exceptions.HTTPError, OSError):
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
