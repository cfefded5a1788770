"""One finished run of the real command line, and what its release answers."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.settings import REPO_ROOT
from tests.proof.harness import Ended, acpgvc


@dataclass
class FinishedRun:
    """`con` reads the published DuckDB file; it is None when nothing was published (then `ended.output` says why)."""

    home: Path
    profile: str
    ended: Ended
    con: duckdb.DuckDBPyConnection | None

    @property
    def folder(self) -> Path:
        """Folder of the profile: landing, lake, warehouse, release."""
        return self.home / self.profile

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        assert self.con is not None, f"no release:\n{self.ended.output}"
        return self.con.execute(sql, list(values)).fetchall()

    def one(self, sql: str, *values: object) -> Any:
        """The single value of a query of one row and one column."""
        ((value,),) = self.rows(sql, *values)
        return value

    def tables_with(self, column: str) -> list[str]:
        return [t for (t,) in self.rows("select table_name from information_schema.columns where column_name = ? order by all", column)]

    def again(self, *args: str, python: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Another command on this home, output and errors apart; `python` are options of the interpreter."""
        env = {**os.environ, "ACPGVC_HOME": str(self.home), "NO_COLOR": "1", "COLUMNS": "200"}
        command = [sys.executable, *python, "-m", "orchestration.cli", *args]
        return subprocess.run(command, cwd=REPO_ROOT, env=env, capture_output=True, text=True, timeout=180, check=False)

    def query(self, sql: str) -> list[dict[str, str]]:
        """Rows as `acpgvc query --format csv` prints them."""
        done = self.again("query", sql, "--profile", self.profile, "--format", "csv")
        assert done.returncode == 0, done.stderr
        return list(csv.DictReader(done.stdout.splitlines()))


@contextmanager
def finished_run(home: Path, profile: str, *args: str) -> Iterator[FinishedRun]:
    """`acpgvc run ARGS` on an empty home, which is removed at the end."""
    ended = acpgvc(home, "run", *args)
    release = home / profile / "release"
    pointer = release / "LATEST"
    con = duckdb.connect(str(release / pointer.read_text().strip() / "acpgvc.duckdb"), read_only=True) if pointer.exists() else None
    try:
        yield FinishedRun(home, profile, ended, con)
    finally:
        if con is not None:
            con.close()
        shutil.rmtree(home, ignore_errors=True)


UNACCOUNTED = """
    select source, sha256, min(rows_read) as rows_read, sum(n_rows) as accounted from mart_row_account
    group by table_name, source, sha256 having min(rows_read) <> sum(n_rows) or min(rows_read) <> max(rows_read)
"""
"""Files whose rows do not add up: read = kept + out of scope + superseded + quarantined, to the row."""
