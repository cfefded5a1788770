"""What a fetch has landed, so that it goes on where it stopped and asks only for what is new. One small file a source.

    <profile>/fetch/<source>.json    {"done": {key: {"token": …, "files": [sha256], "headers": {…}}}, "open": {arguments: since when}}

It can be deleted at any time: it saves calls and holds no data. An entry counts only while the files that it names are landed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ingestion import atomic, landing
from ingestion.settings import Home

RESUMED_FOR = timedelta(days=3)  # an older unfinished fetch of a publisher without tokens begins anew: it may have moved


class Journal:
    """The journal of one source. Each method reads the file anew: another process may have written."""

    def __init__(self, home: Home, source: str) -> None:
        self.home, self.source = home, source
        self.path = home.folder / "fetch" / f"{source}.json"

    def since(self, args: Mapping[str, str]) -> str:
        """Token of the unfinished fetch with these arguments, '' when there is none."""
        since = self._read()["open"].get(_name(args), "")
        return since if since and datetime.now(UTC) - datetime.fromisoformat(since) <= RESUMED_FOR else ""

    def begin(self, args: Mapping[str, str]) -> str:
        """Token of this fetch: of the unfinished one with these arguments, else a new one."""
        with atomic.locked(self.path.with_suffix(".lock")):
            since = self.since(args)
            if not since:
                state, since = self._read(), datetime.now(UTC).isoformat()
                state["open"][_name(args)] = since
                self._write(state)
        return since

    def end(self, args: Mapping[str, str]) -> None:
        """All of it landed: the next fetch with these arguments asks again."""
        with atomic.locked(self.path.with_suffix(".lock")):
            state = self._read()
            state["open"].pop(_name(args), None)
            self._write(state)

    def missing(self, slices: Mapping[str, str]) -> dict[str, str]:
        """Those slices that have not landed under their token."""
        done = self._read()["done"]
        return {key: token for key, token in slices.items() if not self._holds(done.get(key), token)}

    def headers(self, key: str) -> dict[str, str]:
        """Headers of the file that landed for this key, whatever its token; none when it is gone."""
        entry = self._read()["done"].get(key)
        return dict(entry["headers"]) if entry and entry["files"] and self._holds(entry, entry["token"]) else {}

    def record(self, slices: Mapping[str, str], files: Sequence[str], headers: Mapping[str, str]) -> None:
        """Write down that `files` are landed and hold these slices."""
        with atomic.locked(self.path.with_suffix(".lock")):
            state = self._read()
            state["done"] |= {key: {"token": t, "files": sorted(set(files)), "headers": dict(headers)} for key, t in slices.items()}
            self._write(state)

    def retoken(self, slices: Mapping[str, str]) -> None:
        """The publisher says that what we have is still what there is."""
        with atomic.locked(self.path.with_suffix(".lock")):
            state = self._read()
            for key, token in slices.items():
                state["done"][key]["token"] = token
            self._write(state)

    def _holds(self, entry: Mapping[str, Any] | None, token: str) -> bool:
        if entry is None or entry["token"] != token:
            return False
        return all(landing.object_path(self.home, self.source, sha256, landing.RECEIPT).is_file() for sha256 in entry["files"])

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            return {"done": {}, "open": {}} | json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {"done": {}, "open": {}}

    def _write(self, state: Mapping[str, Any]) -> None:
        atomic.write_bytes(self.path, json.dumps(state, ensure_ascii=False, sort_keys=True).encode())


def _name(args: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(args), sort_keys=True).encode()).hexdigest()[:16]
