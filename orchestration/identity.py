"""Who a release is: derived from what went in (contents of inputs, code, lock), never from a clock.

Cheap on purpose (receipts and standard library only): `acpgvc run` asks for it before Dagster, dbt or polars are imported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion import landing
from ingestion.drop import InputRecord
from ingestion.receipt import Receipt
from ingestion.settings import REPO_ROOT, Home

SCHEMA_VERSION = "1"  # of the published tables; the same as var `schema_version` of the dbt project (a test compares them)
GOALPOST_VERSION = "none"  # no scores yet, so nothing is frozen
RANDOM_SEED = 20240831  # of every draw in this release; no indicator published so far draws

# Everything that can change a published number. Folders count with all their files.
CODE = (
    "ingestion",
    "indicators",
    "orchestration",
    "dbt_project/models",
    "dbt_project/macros",
    "dbt_project/seeds",
    "dbt_project/tests",
    "dbt_project/docs",
    "dbt_project/dbt_project.yml",
    "dbt_project/profiles.yml",
    "requirements.lock",
)


@dataclass(frozen=True)
class Identity:
    """What `dim_release` says. `release_id` sorts by profile, then by last data year."""

    profile: str
    inputs_sha256: str
    code_version: str
    last_year: int | None
    data_date: str = "1970-01-01"  # day of the latest retrieval among the inputs; not in the id: the same rows give the same release
    goalpost_version: str = GOALPOST_VERSION
    schema_version: str = SCHEMA_VERSION
    random_seed: int = RANDOM_SEED

    @property
    def release_id(self) -> str:
        """`sample-2024-3f2a9c1b77d0`: profile, last data year in the inputs, hash of everything else."""
        parts = [self.profile, self.inputs_sha256, self.code_version, self.goalpost_version, self.schema_version, str(self.random_seed)]
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
        return f"{self.profile}-{self.last_year or 0:04d}-{digest}"

    def as_dict(self) -> dict[str, Any]:
        """The columns of `dim_release`."""
        return {
            "release_id": self.release_id,
            "inputs_sha256": self.inputs_sha256,
            "code_version": self.code_version,
            "goalpost_version": self.goalpost_version,
            "random_seed": self.random_seed,
            "schema_version": self.schema_version,
            "data_date": self.data_date,
            "is_sample": self.profile == "sample",
        }

    def as_env(self) -> dict[str, str]:
        """The same as `ACPGVC_RELEASE_ID`, `ACPGVC_INPUTS_SHA256`, ... for models that read `env_var()`."""
        return {f"ACPGVC_{k.upper()}": str(v).lower() if isinstance(v, bool) else str(v) for k, v in self.as_dict().items()}


def inputs_sha256(receipts: Iterable[Receipt], rejected: Iterable[tuple[str, str]] = ()) -> str:
    """Hash of the set of contents. The same rows in other bytes (a duplicate) are the same input.

    `rejected` are (table, sha256) of the files of the current input that are not used: they block what depends on them, so a
    release with them is another release than one without.
    """
    lines = {f"{r.table} {r.content_sha256}" for r in receipts if not r.duplicate_of}
    lines |= {f"rejected {table} {sha256}" for table, sha256 in rejected}
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def code_files(root: Path = REPO_ROOT) -> list[Path]:
    """The files behind `code_version`, sorted; caches and what tools write are left out."""
    found: list[Path] = []
    for name in CODE:
        path = root / name
        files = path.rglob("*") if path.is_dir() else [path]
        found += [f for f in files if f.is_file() and "__pycache__" not in f.parts and not f.name.startswith(".") and f.suffix != ".pyc"]
    return sorted(set(found))


def code_version(root: Path = REPO_ROOT) -> str:
    """sha256 over relative path and content of every file that can change a number."""
    digest = hashlib.sha256()
    for path in code_files(root):
        digest.update(f"{path.relative_to(root).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def rejected_inputs(home: Home) -> list[tuple[str, str]]:
    """(table, sha256) of the rejected files of the last input of `home`."""
    records = sorted((home.folder / "input").glob("*.json"))
    return [(p.stem, sha256) for p in records for sha256 in InputRecord.read(home, p.stem).rejected()]


def identity_of(home: Home, root: Path = REPO_ROOT) -> Identity:
    """Identity of the release that the landing zone of `home`, its last input and the code at `root` give.

    Raises:
        TerminalError: a receipt cannot be read.
    """
    receipts = landing.receipts(home)
    return Identity(
        profile=home.profile,
        inputs_sha256=inputs_sha256(receipts, rejected_inputs(home)),
        code_version=code_version(root),
        last_year=max((r.last_year for r in receipts if r.last_year), default=None),
        data_date=max((r.retrieved_at[:10] for r in receipts), default="1970-01-01"),
    )
