"""The in-process runner must tell Dagster exactly what `dbt.cli()` tells it, failures included."""

import json
import shutil
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets
from dbt.cli.main import dbtRunner

from orchestration import dbt_in_process
from orchestration.dbt_translator import Translator

TINY = Path(__file__).parent / "tiny_dbt"
WAREHOUSE = "acpgvc.duckdb"  # always the same name: dbt fixes the database name, which is the file stem, when it parses


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tiny project with its manifest in `target/`."""
    folder = tmp_path_factory.mktemp("tiny") / "dbt"
    shutil.copytree(TINY, folder)
    with pytest.MonkeyPatch.context() as m:
        m.setenv("ACPGVC_WAREHOUSE_FILE", str(folder / WAREHOUSE))
        assert dbtRunner().invoke(["parse", "-q", "--project-dir", str(folder), "--profiles-dir", str(folder)]).success
    return folder


def _events(result: dg.ExecuteInProcessResult) -> dict[str, object]:
    """What matters of a run: success, failed steps, materializations with metadata, check outcomes. Clock times are dropped.

    dbt calls DuckDB's VARCHAR "character varying(256)", which it is not; the two names count as one.
    """
    materialized = {}
    for e in result.get_asset_materialization_events():
        meta = e.materialization.metadata
        schema = meta.get("dagster/column_schema")
        materialized[e.asset_key.to_user_string()] = {
            "keys": sorted(set(meta) - {"dagster/table_name", "dagster/code_version"}),
            "columns": [(c.name, c.type.replace("character varying(256)", "VARCHAR")) for c in schema.value.columns] if schema else None,
            "rows": meta["dagster/row_count"].value if "dagster/row_count" in meta else None,
            "status": meta["status"].value,
        }
    checks = {
        (e.asset_key.to_user_string(), e.check_name): (e.passed, e.severity.value, e.metadata["status"].value)
        for e in result.get_asset_check_evaluations()
    }
    failed = sorted(e.step_key for e in result.all_events if e.is_step_failure)
    return {"success": result.success, "materialized": materialized, "checks": checks, "failed_steps": failed}


def _run(project: Path, in_process: bool, warehouse: Path, select: str) -> dict[str, object]:
    manifest_path = project / "target" / "manifest.json"
    manifest = json.loads(manifest_path.read_text())
    dbt_project = DbtProject(project_dir=project, profiles_dir=project)

    @dbt_assets(manifest=manifest, project=dbt_project, dagster_dbt_translator=Translator(), select=select, name="tiny", pool="duckdb")
    def tiny(context: dg.AssetExecutionContext, dbt: DbtCliResource):
        if in_process:
            yield from dbt_in_process.build(context, manifest, Translator(), project, project / "target_in_process", warehouse)
        else:
            yield from dbt.cli(["build"], context=context).stream().fetch_row_counts().fetch_column_metadata(with_column_lineage=False)

    executable = str(Path(sys.executable).parent / "dbt")
    dbt = DbtCliResource(project_dir=str(project), profiles_dir=str(project), dbt_executable=executable)
    return _events(dg.materialize([tiny], resources={"dbt": dbt}, raise_on_error=False))


@pytest.mark.proof  # half a minute; what it compares moves only with the lock
def test_same_events_as_the_command_line(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the whole tiny project: what is built, what passes, warns, fails, and what is skipped."""
    monkeypatch.setenv("DBT_INDIRECT_SELECTION", "buildable")
    seen = {}
    for how in (True, False):
        warehouse = tmp_path / str(how) / WAREHOUSE
        warehouse.parent.mkdir()
        monkeypatch.setenv("ACPGVC_WAREHOUSE_FILE", str(warehouse))
        seen[how] = _run(project, how, warehouse, "fqn:*")
    assert seen[True] == seen[False] and seen[True]["materialized"] and seen[True]["checks"]


def test_failures_stop_children_only(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = tmp_path / WAREHOUSE
    monkeypatch.setenv("ACPGVC_WAREHOUSE_FILE", str(warehouse))
    seen = _run(project, True, warehouse, "fqn:*")
    assert seen["success"] is False and seen["failed_steps"] == ["tiny"]
    assert set(seen["materialized"]) == {"things", "stg_things__raw", "fct_thing"}
    checks = {name: (passed, severity) for (_, name), (passed, severity, _) in seen["checks"].items()}
    assert checks["accepted_values_fct_thing_twice__False__2"] == (False, "ERROR")
    assert checks["accepted_values_stg_things__raw_amount__False__1"] == (False, "WARN")
    assert checks["assert_sum_kept"] == (True, "ERROR")
    assert seen["materialized"]["fct_thing"]["rows"] == 2


def test_lock_is_given_back(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tempting clean-up is to drop `close_all_connections`: then nobody can open the file with another configuration."""
    warehouse = tmp_path / WAREHOUSE
    monkeypatch.setenv("ACPGVC_WAREHOUSE_FILE", str(warehouse))
    monkeypatch.setenv("DBT_INDIRECT_SELECTION", "buildable")
    _run(project, True, warehouse, "things stg_things__raw")
    with duckdb.connect(str(warehouse), read_only=True) as con:
        assert con.execute("select count(*) from things where code = 'NA'").fetchall() == [(1,)]


def test_interrupted_run_ends_soon_and_gives_the_lock_back(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = tmp_path / WAREHOUSE
    monkeypatch.setenv("ACPGVC_WAREHOUSE_FILE", str(warehouse))
    manifest = json.loads((project / "target" / "manifest.json").read_text())

    @dbt_assets(manifest=manifest, dagster_dbt_translator=Translator(), name="tiny", pool="duckdb")
    def tiny(context: dg.AssetExecutionContext):
        for item in dbt_in_process.build(context, manifest, Translator(), project, project / "target_in_process", warehouse):
            yield item
            raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, dg.DagsterExecutionInterruptedError)):
        dg.materialize([tiny])
    with duckdb.connect(str(warehouse), config={"threads": 1}) as con:
        tables = {name for (name,) in con.execute("select table_name from information_schema.tables").fetchall()}
    assert "things" in tables and "fct_thing" not in tables
