"""The built-in sample, written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.sample import write_sample


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the sample; read only."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder
