"""A release: an immutable folder that anyone can read without this code.

    release/<release_id>/   <table>.parquet ...  acpgvc.duckdb  datapackage.json  data_dictionary.md|csv  release.json
    release/LATEST          the id readers use (text), latest.json the same with a few facts

`candidate` writes it aside, the gate looks at the candidate, `publish` renames it into place and switches LATEST last.
Folders that start with a dot do not exist to readers: a killed run leaves nothing but such a folder.
"""

from __future__ import annotations

from pathlib import Path

from ingestion.settings import Home

CANDIDATE_PREFIX = ".candidate-"
DUCKDB_FILE = "acpgvc.duckdb"
DATAPACKAGE = "datapackage.json"
RELEASE_JSON = "release.json"
DICTIONARY_MD = "data_dictionary.md"
DICTIONARY_CSV = "data_dictionary.csv"
LATEST = "LATEST"
LATEST_JSON = "latest.json"


class ReleaseError(Exception):
    """A release cannot be written, found or trusted. The message is one block for the user, with a remedy."""


def candidate_folder(home: Home, release_id: str) -> Path:
    """Where the candidate of `release_id` is written."""
    return home.release / f"{CANDIDATE_PREFIX}{release_id}"


def written_candidate(home: Home, release_id: str) -> Path:
    """The candidate of `release_id`, which is there.

    Raises:
        ReleaseError: it is not: `release_id` comes from code and inputs, which changed since the candidate was written.
    """
    folder = candidate_folder(home, release_id)
    if not folder.is_dir():
        raise ReleaseError(f"there is no candidate of {release_id}: code or inputs changed during the run. Remedy: run `acpgvc run` again")
    return folder
