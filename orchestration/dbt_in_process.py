"""dbt inside the Dagster process: the same asset events as `DbtCliResource.cli(...).stream()`, no process per step.

A dbt command line costs 9 to 15 s a step, the same step here about half a second. `DbtCoreCliEventMessage` is only half
public: its version is pinned, and `tests/unit/orchestration/test_dbt_in_process.py` compares the events with `dbt.cli()`.
"""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from google.protobuf.json_format import MessageToDict

from orchestration.dbt_manifest import dirs_of, parsed

PROGRESS = logging.getLogger("acpgvc.dbt")  # not context.log: a line there is a row in Dagster's event log, 20 ms each
RESULTS = ("LogModelResult", "LogSeedResult", "LogSnapshotResult", "LogTestResult")  # one missing = events missing silently

SHOWN_ROWS = 5  # of what a failed test found
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")  # they try the code, not the data: pytest runs them


def _tables(warehouse_file: Path) -> dict[str, tuple[int | None, dict[str, dict[str, str]]]]:
    """Table or view -> (rows or None for a view, columns)."""
    with duckdb.connect(str(warehouse_file), read_only=True) as con:
        sql = """select table_name, table_type, list(column_name order by ordinal_position), list(data_type order by ordinal_position) from
                 information_schema.columns join information_schema.tables using (table_catalog, table_schema, table_name) group by all"""
        found = con.execute(sql).fetchall()
        union = " union all ".join(f"""select '{name}', count(*) from "{name}" """ for name, kind, *_ in found if kind == "BASE TABLE")
        rows = dict(con.execute(union).fetchall()) if union else {}
    return {name: (rows.get(name), {c: {"data_type": t} for c, t in zip(cols, types, strict=True)}) for name, _, cols, types in found}


def _first_rows(warehouse_file: Path, sql: str) -> str:
    """The first rows that a failed test found, as text: for `sound` the broken rules, for others the offending rows."""
    with duckdb.connect(str(warehouse_file), read_only=True) as con:
        rows = con.execute(f"select * from ({sql}) limit {SHOWN_ROWS}").fetchall()
    return "; ".join(" | ".join(map(str, row)) for row in rows)


def build(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any], translator: Any, project: Path, target_path: Path, warehouse_file: Path
) -> Iterator[Any]:
    """`dbt build` of what `context` selects: an Output a node, an AssetCheckResult a test; raises dg.Failure when one failed."""
    results: list[dict[str, Any]] = []

    def collect(event: Any) -> None:
        if event.info.name in RESULTS:
            results.append(MessageToDict(event, preserving_proto_field_name=True))
            PROGRESS.info(event.info.msg)

    call = get_updated_cli_invocation_params_for_context(context=context, manifest=manifest, dagster_dbt_translator=translator)
    args = [*call.selection_args, *(["--indirect-selection", call.indirect_selection] if call.indirect_selection else [])]
    try:
        outcome = dbtRunner(manifest=parsed(project, target_path), callbacks=[collect]).invoke(
            ["build", *args, *NO_UNIT_TESTS, *dirs_of(project, target_path)]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()  # else this process keeps the lock on the file
    done = list(getattr(outcome.result, "results", ()))
    tables = _tables(warehouse_file) if warehouse_file.exists() and not outcome.exception else {}
    broken = {r.node.unique_id: _first_rows(warehouse_file, r.node.compiled_code) for r in done if r.status in ("fail", "warn")}
    for result in results:
        unique_id = result["data"]["node_info"]["unique_id"]
        node = manifest["nodes"].get(unique_id, {})
        rows, columns = tables.get(node.get("alias") or "", (None, {}))
        # No column lineage: working it out from the SQL costs more than building the tables (two minutes against one).
        event = DbtCoreCliEventMessage(raw_event=result, event_history_metadata={"columns": columns})
        for item in event.to_default_asset_events(call.manifest, call.dagster_dbt_translator, context, target_path):
            if isinstance(item, dg.Output) and rows is not None:
                item = item.with_metadata({**item.metadata, "dagster/row_count": rows, "dagster/storage_kind": "duckdb"})
            if isinstance(item, dg.AssetCheckResult) and unique_id in broken:
                item = item._replace(description=broken[unique_id])
            yield item
    if not outcome.success:
        failed = [f"{r.node.name}: {broken.get(r.node.unique_id) or r.message}" for r in done if r.status in ("error", "fail")]
        raise dg.Failure("\n".join(failed) or str(outcome.exception), allow_retries=False)
