"""Check `vintage` of every raw asset: what the newest files changed against those they replace."""

import dagster as dg

from ingestion import landing
from ingestion.spec import SourceSpec
from orchestration.resources import Platform


def vintage_check(spec: SourceSpec) -> dg.AssetChecksDefinition:
    """Warns when partitions are gone or changed size by more than half: the old rows stay valid, a person should look."""

    @dg.asset_check(
        asset=spec.table, name="vintage", description="Partitions gone, size jumps and revised rows against the vintage before."
    )
    def vintage(platform: Platform) -> dg.AssetCheckResult:
        records = [r for r in landing.receipts(platform.home, spec.name) if not r.duplicate_of]
        latest = max((r.retrieved_at for r in records), default="")
        changes = [r.changes for r in records if r.retrieved_at == latest and r.changes]
        total = {
            k: sum(c.get(k, 0) for c in changes)
            for k in ("partitions_gone", "partitions_jumped", "rows_added", "rows_removed", "rows_revised")
        }
        named = [text for c in changes for text in [*(f"gone: {g}" for g in c.get("gone", ())), *c.get("jumped", ())]]
        return dg.AssetCheckResult(
            passed=not (total["partitions_gone"] or total["partitions_jumped"]),
            severity=dg.AssetCheckSeverity.WARN,
            description="; ".join(named[:5]) or None,
            metadata={
                **total,
                "compared_files": len(changes),
                "vintages": ", ".join(sorted({r.vintage for r in records if r.vintage})) or "-",
            },
        )

    return vintage
