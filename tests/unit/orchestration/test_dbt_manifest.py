"""dbt's project is read once for a state of the code: another home gets the kept manifest with its own lake in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orchestration import dbt_manifest

PROFILE = "tiny: {target: t, outputs: {t: {type: duckdb, path: ':memory:', threads: 1}}}\n"
SOURCE = """sources:
  - name: lake
    tables:
      - name: raw_x__rows
        config: {meta: {external_location: "read_parquet('{{ env_var('ACPGVC_LAKE') }}/{identifier}/*.parquet')"}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("name: tiny\nprofile: tiny\nflags: {send_anonymous_usage_stats: false}\n")
    (folder / "profiles.yml").write_text(PROFILE)
    (folder / "models" / "lake.yml").write_text(SOURCE)
    (folder / "models" / "m.sql").write_text("select * from {{ source('lake', 'raw_x__rows') }}")
    return folder


def _location(manifest: Any) -> str:
    (source,) = manifest.sources.values()
    return source.config.meta["external_location"]


def test_another_home_does_not_read_the_project_again(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACPGVC_LAKE", "/home/a/lake")
    first = dbt_manifest.parsed(project, tmp_path / "a")
    assert _location(first) == "read_parquet('/home/a/lake/{identifier}/*.parquet')"

    monkeypatch.setenv("ACPGVC_LAKE", "/home/b/lake")
    monkeypatch.setattr(dbt_manifest, "dbtRunner", lambda: pytest.fail("dbt read the project again"))
    second = dbt_manifest.parsed(project, tmp_path / "b")
    assert _location(second) == "read_parquet('/home/b/lake/{identifier}/*.parquet')"
    assert set(second.nodes) == set(first.nodes) == set(second.flat_graph["nodes"])
    written = json.loads((tmp_path / "b" / "manifest.json").read_text())
    assert "/home/a/" not in json.dumps(written["sources"])


def test_changed_code_is_read(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACPGVC_LAKE", "/home/a/lake")
    dbt_manifest.parsed(project, tmp_path / "a")
    (project / "models" / "n.sql").write_text("select 1 as one")
    changed = dbt_manifest.parsed(project, tmp_path / "b")
    assert {n.split(".")[-1] for n in changed.nodes} == {"m", "n"}
    assert len(list((project / "target" / "read").iterdir())) == 1
