"""dbt inside the Dagster process: the same asset events as `DbtCliResource.cli(...).stream()`, no process per step.

A dbt command line costs 9 to 15 s a step, the same step here about half a second. `DbtCoreCliEventMessage` is only half
public: its version is pinned, and `make proof` compares the events with `dbt.cli()` (test_dbt_in_process.py).
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.exceptions import DbtRuntimeError
from google.protobuf.json_format import MessageToDict

from orchestration.dbt_manifest import dirs_of, parsed

PROGRESS = logging.getLogger("acpgvc.dbt")  # not context.log: a line there is a row in Dagster's event log, 20 ms each
RESULTS = ("LogModelResult", "LogSeedResult", "LogSnapshotResult", "LogTestResult")  # one missing = events missing silently

BROKEN = ("fail", "warn")
SHOWN_ROWS = 5  # of what a failed test found
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")  # they try the code, not the data: pytest runs them


class Interrupted(DbtRuntimeError):
    """Nobody waits for this dbt run any more."""


def _shape(name: str, is_table: bool) -> tuple[int | None, dict[str, dict[str, str]]]:
    """Rows (None for a view) and columns of what dbt has just built, seen through its own connection."""
    with closing(DuckDBConnectionManager.env().handle()) as handle:
        con = handle.cursor()
        columns = {column: {"data_type": kind} for column, kind, *_ in con.execute(f'describe "{name}"').fetchall()}
        return (con.execute(f'select count(*) from "{name}"').fetchall()[0][0] if is_table else None), columns


def _first_rows(warehouse_file: Path, sql: str) -> str:
    """The first rows that a failed test found, as text: for `sound` the broken rules, for others the offending rows."""
    with duckdb.connect(str(warehouse_file), read_only=True) as con:
        rows = con.execute(f"select * from ({sql}) limit {SHOWN_ROWS}").fetchall()
    return "; ".join(" | ".join(map(str, row)) for row in rows)


def build(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any], translator: Any, project: Path, target_path: Path, warehouse_file: Path
) -> Iterator[Any]:
    """`dbt build` of what `context` selects: an Output a node, an AssetCheckResult a test; raises dg.Failure when one failed.

    dbt runs in a thread, so that Dagster writes its events while DuckDB works: they are a tenth of a run.
    """
    news: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
    is_given_up = threading.Event()

    def collect(event: Any) -> None:
        if event.info.name == "LogStartLine" and is_given_up.is_set():
            raise Interrupted("the run was interrupted")  # at this event dbt takes it for a failure of the node
        if event.info.name in RESULTS:
            news.put(MessageToDict(event, preserving_proto_field_name=True))
            PROGRESS.info(event.info.msg)

    call = get_updated_cli_invocation_params_for_context(context=context, manifest=manifest, dagster_dbt_translator=translator)
    args = [*call.selection_args, *(["--indirect-selection", call.indirect_selection] if call.indirect_selection else [])]
    runner = dbtRunner(manifest=parsed(project, target_path), callbacks=[collect])
    late = []
    try:
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(runner.invoke, ["build", *args, *NO_UNIT_TESTS, *dirs_of(project, target_path)])
            running.add_done_callback(lambda _: news.put(None))
            try:
                while (result := news.get()) is not None:
                    if _status(result) in BROKEN:
                        late.append(result)  # what it found is read when dbt has given the file back
                    else:
                        yield from _events(context, call, target_path, result)
            finally:
                is_given_up.set()
    finally:
        DuckDBConnectionManager.close_all_connections()  # else this process keeps the lock on the file
    outcome = running.result()
    done = list(getattr(outcome.result, "results", ()))
    broken = {r.node.unique_id: _first_rows(warehouse_file, r.node.compiled_code) for r in done if r.status in BROKEN}
    for result in late:
        for item in _events(context, call, target_path, result):
            yield item._replace(description=broken.get(result["data"]["node_info"]["unique_id"]))
    if not outcome.success:
        failed = [f"{r.node.name}: {broken.get(r.node.unique_id) or r.message}" for r in done if r.status in ("error", "fail")]
        raise dg.Failure("\n".join(failed) or str(outcome.exception), allow_retries=False)


def _status(result: Mapping[str, Any]) -> str:
    return result["data"]["node_info"]["node_status"]


def _events(context: dg.AssetExecutionContext, call: Any, target_path: Path, result: dict[str, Any]) -> Iterator[Any]:
    """What dagster-dbt makes of one result, with rows and columns of what was built.

    No column lineage: working it out from the SQL costs more than building the tables (two minutes against one).
    """
    node = call.manifest["nodes"].get(result["data"]["node_info"]["unique_id"], {})
    is_built = _status(result) == "success" and node.get("resource_type") in ("model", "seed")
    rows, columns = _shape(node["alias"], node["config"]["materialized"] in ("table", "seed")) if is_built else (None, {})
    event = DbtCoreCliEventMessage(raw_event=result, event_history_metadata={"columns": columns})
    for item in event.to_default_asset_events(call.manifest, call.dagster_dbt_translator, context, target_path):
        if isinstance(item, dg.Output) and rows is not None:
            item = item.with_metadata({**item.metadata, "dagster/row_count": rows, "dagster/storage_kind": "duckdb"})
        yield item
