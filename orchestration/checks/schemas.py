"""Check `schema` of every raw asset: what the door let in, what it put aside, and what it refused."""

import json

import dagster as dg

from ingestion import lake, landing
from ingestion.drop import InputRecord
from ingestion.settings import Home
from ingestion.spec import SourceSpec

SAMPLE_ROWS = 5


def schema_spec(spec: SourceSpec) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec("schema", asset=spec.table, description="Rows against the source's schema and key; rejected files.")


def schema_result(home: Home, spec: SourceSpec) -> dg.AssetCheckResult:
    """Passes while no file of the last input was rejected. A rejection blocks what depends on the table inside the
    models (null_reason 'quarantined'), so the check warns: the rest of the release is right and is published."""
    rejected = InputRecord.read(home, spec.table).rejected()
    records = [r for r in landing.receipts(home, spec.name) if not r.duplicate_of]
    return dg.AssetCheckResult(
        check_name="schema",
        passed=not rejected,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(rejected.values()) or None,
        metadata={
            "rows_read": sum(r.rows_read for r in records),
            "rows_quarantined": sum(r.rows_quarantined for r in records),
            "files_rejected": len(rejected),
            "failing_rows": dg.MetadataValue.md(failing_rows(home, spec)),
        },
    )


def failing_rows(home: Home, spec: SourceSpec) -> str:
    """A few quarantined rows, and the examples of rejected files, as a table."""
    import polars as pl

    shown = []
    for r in landing.receipts(home, spec.name):
        path = lake.quarantine_path(home, spec.table, r.sha256)
        if path.is_file():
            frame = pl.read_parquet(path).head(SAMPLE_ROWS)
            shown += [
                (r.request.get("name") or r.sha256[:12], *row) for row in frame.select("_row", "column", "expected", "found").iter_rows()
            ]
    current = InputRecord.read(home, spec.table).rejected()
    for j in landing.rejections(home, spec.name):
        for e in j.examples[:SAMPLE_ROWS] if j.sha256 in current else ():
            shown.append((j.request.get("name") or j.sha256[:12], e.get("_row"), e.get("column"), e.get("expected"), e.get("found")))
    lines = ["| file | row | column | expected | found |", "| --- | --: | --- | --- | --- |"]
    lines += [
        "| " + " | ".join(json.dumps(v, ensure_ascii=False, default=str).strip('"').replace("|", "/") for v in row) + " |"
        for row in shown[:SAMPLE_ROWS]
    ]
    return "\n".join(lines) if shown else "none"
