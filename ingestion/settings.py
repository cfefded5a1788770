"""Where things are: `ACPGVC_HOME` and its two profiles. All state of the platform lies below the home."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Profile = Literal["sample", "main"]
PROFILES: tuple[Profile, ...] = ("sample", "main")
REPO_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Home:
    """The folders of one profile. `sample` holds synthetic data only, `main` real data only; they never mix."""

    root: Path
    profile: Profile

    @classmethod
    def of(cls, profile: Profile) -> Home:
        """Home below `ACPGVC_HOME` (default `<repository>/data`), always absolute."""
        return cls(home_root(), profile)

    @property
    def folder(self) -> Path:
        return self.root / self.profile

    @property
    def landing(self) -> Path:
        """Bytes as the publishers sent them, with receipts. Never rewritten."""
        return self.folder / "landing"

    @property
    def lake(self) -> Path:
        """Parsed rows as Parquet, one folder per raw asset. Rebuildable from `landing`."""
        return self.folder / "lake"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt alone writes, and the per-year Parquet files of the growing models."""
        return self.folder / "warehouse"

    @property
    def release(self) -> Path:
        """Immutable releases: what readers use."""
        return self.folder / "release"

    @property
    def data_origin(self) -> str:
        return "sample" if self.profile == "sample" else "official"


def home_root() -> Path:
    """`ACPGVC_HOME` made absolute, or `<repository>/data`."""
    value = os.environ.get("ACPGVC_HOME")
    return Path(value).expanduser().resolve() if value else REPO_ROOT / "data"
