"""Answers that are here but not landed yet: a killed fetch finds them again and does not ask twice.

<profile>/incoming/<source>/<key>.body | .json    key: what was asked, of which state of the publisher's data
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

from ingestion import atomic
from ingestion.http import Answer, Client
from ingestion.settings import Home
from ingestion.spec import Request

OWNED = re.compile(r"(?:\.tmp|[0-9a-f]{24})-(\d+)[-.]")  # files with the process id of their writer in the name
KEPT_S = 7 * 86_400.0  # what nobody came back for


class Spool:
    """Calls through a client. `before_call` is told what is asked next; `made` counts the calls that went out."""

    def __init__(self, home: Home, client: Client, before_call: Callable[[Request], None]) -> None:
        self.client, self.before_call = client, before_call
        self.folder = home.folder / "incoming" / client.spec.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.made = 0
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > KEPT_S or _is_left_behind(path):
                    path.unlink()

    def ask(self, request: Request, token: str = "", have: Mapping[str, str] | None = None) -> Answer:
        """The answer to a request. With a token that names the state of the publisher's data, an answer that is here is not asked again.

        Raises:
            As `Client.download`.
        """
        material = [request.method, request.url, sorted(request.params.items()), request.json, token or time.time_ns()]
        key = hashlib.sha256(json.dumps(material).encode()).hexdigest()[:24] + ("" if token else f"-{os.getpid()}")
        body, about = self.folder / f"{key}.body", self.folder / f"{key}.json"
        if token and about.is_file() and body.is_file():
            known = Answer(**json.loads(about.read_text(encoding="utf-8")) | {"path": body})
            if body.stat().st_size == known.size_bytes:
                return known
        self.before_call(request)
        self.made += 1
        part = self.folder / f"{key}-{os.getpid()}.part"
        try:
            answer = self.client.download(request, part, have)
            if answer.is_unchanged:
                return answer
            os.replace(part, body)
        finally:
            part.unlink(missing_ok=True)
        whole = Answer(body, answer.sha256, answer.size_bytes, answer.url, answer.headers)
        atomic.write_bytes(about, json.dumps(asdict(whole) | {"path": "", "headers": dict(whole.headers)}).encode())
        return whole

    def drop(self, answers: list[Answer]) -> None:
        """Forget answers that are landed or of no use."""
        for answer in (a for a in answers if not a.is_unchanged):
            answer.path.unlink(missing_ok=True)
            answer.path.with_suffix(".json").unlink(missing_ok=True)

    def close(self) -> None:
        """Forget what no other process can use."""
        for path in self.folder.glob(f"*-{os.getpid()}.*"):
            path.unlink(missing_ok=True)

    def lease(self, name: str, *, wait: bool) -> AbstractContextManager[bool]:
        """Hold a task, so that two processes share the work instead of doing it twice. False: another process has it."""
        return atomic.locked(self.folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.lease", wait=wait)


def _is_left_behind(path: Path) -> bool:
    """It belongs to a process that is gone, and no other can use it."""
    owned = OWNED.match(path.name)
    if owned is None:
        return False
    try:
        os.kill(int(owned[1]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
