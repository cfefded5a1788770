"""Check `vintage` of every raw asset: what the newest files changed against those they replace."""

import dagster as dg

from ingestion import landing
from ingestion.settings import Home
from ingestion.spec import SourceSpec


def vintage_spec(spec: SourceSpec) -> dg.AssetCheckSpec:
    about = "Partitions gone, size jumps and revised rows against the vintage before."
    return dg.AssetCheckSpec("vintage", asset=spec.table, description=about)


def vintage_result(home: Home, spec: SourceSpec) -> dg.AssetCheckResult:
    """Warns when partitions are gone or changed size by more than half: the old rows stay valid, a person should look."""
    records = [r for r in landing.receipts(home, spec.name) if not r.duplicate_of]
    latest = max((r.retrieved_at for r in records), default="")
    changes = [r.changes for r in records if r.retrieved_at == latest and r.changes]
    total = {
        k: sum(c.get(k, 0) for c in changes) for k in ("partitions_gone", "partitions_jumped", "rows_added", "rows_removed", "rows_revised")
    }
    named = [text for c in changes for text in [*(f"gone: {g}" for g in c.get("gone", ())), *c.get("jumped", ())]]
    return dg.AssetCheckResult(
        check_name="vintage",
        passed=not (total["partitions_gone"] or total["partitions_jumped"]),
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(named[:5]) or None,
        metadata={
            **total,
            "compared_files": len(changes),
            "vintages": ", ".join(sorted({r.vintage for r in records if r.vintage})) or "-",
        },
    )
