"""Runs the real command line in a home of its own and reads what it left behind."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
KILLER = Path(__file__).with_name("killer.py")


@dataclass
class Ended:
    code: int
    seconds: float
    output: str


def acpgvc(home: Path, *args: str, kill_after_s: float | None = None, kill_after_renames: int | None = None) -> Ended:
    """`acpgvc ARGS` as its own process group on `home`; killed (-9) after so many seconds or renames when asked."""
    env = {**os.environ, "ACPGVC_HOME": str(home), "PYTHONHASHSEED": "0", "NO_COLOR": "1", "COLUMNS": "200"}
    command = [sys.executable, "-m", "orchestration.cli", *args]
    if kill_after_renames is not None:
        env["PROOF_KILL_AFTER_RENAMES"] = str(kill_after_renames)
        command = [sys.executable, str(KILLER), *args]
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as out:
        process = subprocess.Popen(command, cwd=REPO, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            process.wait(kill_after_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        out.seek(0)
        return Ended(process.returncode, time.monotonic() - began, out.read())


def parquet_hashes(home: Path, profile: str) -> dict[str, str]:
    """Table file -> sha256 of the release that LATEST names."""
    release = home / profile / "release"
    folder = release / (release / "LATEST").read_text().strip()
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*.parquet"))}


def content_hashes(home: Path, profile: str) -> set[tuple[str, str]]:
    """(table, content hash) of every receipt."""
    receipts = (json.loads(p.read_text()) for p in (home / profile / "landing").rglob("*.receipt.json"))
    return {(r["table"], r["content_sha256"]) for r in receipts}


def latest_is_whole(home: Path, profile: str) -> bool:
    """LATEST is absent, or names a release in which every file has the hash that its data package states."""
    pointer = home / profile / "release" / "LATEST"
    if not pointer.exists():
        return True
    return acpgvc(home, "release", "verify", "--profile", profile).code == 0


@contextmanager
def scratch_home(copy_of: Path | None = None, without: tuple[str, ...] = ()) -> Iterator[Path]:
    """A temporary ACPGVC_HOME, if asked a copy of another one less some of its folders."""
    with tempfile.TemporaryDirectory(prefix="acpgvc-proof-") as folder:
        home = Path(folder) / "home"
        if copy_of is not None:
            shutil.copytree(copy_of, home)
            for name in without:
                shutil.rmtree(home / name, ignore_errors=True)
        yield home


def real_looking_drop(folder: Path) -> None:
    """The sample's files without their marker: input for the `main` profile of a throw-away home."""
    from ingestion.sample import write_sample

    write_sample(folder)
    (folder / "ACPGVC-SAMPLE.txt").unlink()


def query(home: Path, profile: str, sql: str) -> list[list[str]]:
    """Rows of a query on the release, as text, without the header; [] when there is no release."""
    answer = home.parent / "answer.csv"
    acpgvc(home, "query", sql, "--profile", profile, "--format", "csv", "--output", str(answer))
    if not answer.exists():
        return []
    with answer.open(newline="") as f:
        return list(csv.reader(f))[1:]
