"""The shape of the graph, short enough to read in a diff: `graph_snapshot.txt`. Write it anew with UPDATE_SNAPSHOT=1."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import dagster as dg

SNAPSHOT = Path(__file__).with_name("graph_snapshot.txt")
DBT_LAYERS = ("stg_", "int_", "ind_", "dim_", "fct_", "map_", "mart_", "v_")


def _partitions(asset: dg.AssetSpec | object) -> str:
    definition = getattr(asset, "partitions_def", None)
    if definition is None:
        return ""
    policy = getattr(asset, "backfill_policy", None)
    runs = "one run" if policy and policy.max_partitions_per_run is None else "many runs"
    return f" [yearly from {definition.get_first_partition_key()}, {runs}]"


def describe(repository: dg.RepositoryDefinition) -> str:
    """Groups with their keys, checks that are not dbt's by name (dbt's as a count), jobs, schedules."""
    graph = repository.asset_graph
    groups: dict[str, list[str]] = {}
    checks: dict[str, list[str]] = {}
    for key in graph.asset_check_keys:
        checks.setdefault(key.asset_key.to_user_string(), []).append(key.name)
    for key in sorted(graph.get_all_asset_keys()):
        node, name = graph.get(key), key.to_user_string()
        named = sorted(checks.get(name, []))
        is_dbt = name.startswith(DBT_LAYERS) or node.group_name == "seeds"
        said = f" ({len(named)} tests)" if is_dbt and named else f" {{{', '.join(named)}}}" if named else ""
        groups.setdefault(node.group_name, []).append(name + _partitions(node) + said)
    lines = [line for group in sorted(groups) for line in (f"{group}:", *(f"  {a}" for a in groups[group]))]
    jobs = Counter(j.name for j in repository.get_all_jobs() if not j.name.startswith("__"))
    lines += [
        "jobs: " + ", ".join(sorted(jobs)),
        "schedules: " + ", ".join(f"{s.name} ({s.cron_schedule})" for s in repository.schedule_defs),
    ]
    return "\n".join(lines) + "\n"


def test_graph_is_as_reviewed(repository: dg.RepositoryDefinition) -> None:
    now = describe(repository)
    if os.environ.get("UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert now == SNAPSHOT.read_text(encoding="utf-8"), "review the change, then UPDATE_SNAPSHOT=1 pytest tests/architecture"


def test_one_writer_and_no_multiprocess(repository: dg.RepositoryDefinition) -> None:
    """DuckDB has one writer: everything that opens the warehouse is in pool `duckdb`, and every job runs in one process."""
    pools = {n.name: n.pool for job in repository.get_all_jobs() for n in job.all_node_defs if n.name in ("dbt", "rel_candidate")}
    assert pools == {"dbt": "duckdb", "rel_candidate": "duckdb"}
    assert {j.executor_def.name for j in repository.get_all_jobs()} == {"in_process"}


def test_every_dbt_test_is_an_asset_check(repository: dg.RepositoryDefinition, manifest: dict[str, Any]) -> None:
    """A test over several models must say whose check it is, in its config: meta={'dagster': {'ref': {'name': '<model>'}}}."""
    shown = {key.name for key in repository.asset_graph.asset_check_keys}
    tests = {n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "test"}
    assert sorted(tests - shown) == []
