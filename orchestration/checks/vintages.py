"""Check `vintage` of every raw asset: what the newest files changed against those they replace, before anything is built from them."""

import dagster as dg

from ingestion import landing
from ingestion.revisions import held_back
from ingestion.settings import Home
from ingestion.spec import SourceSpec

COUNTED = ("partitions_gone", "partitions_jumped", "rows_before", "rows_added", "rows_removed", "rows_revised", "rows_far_revised")


def vintage_spec(spec: SourceSpec) -> dg.AssetCheckSpec:
    about = "Rows added, removed and revised against the vintage before; beyond the source's bounds nothing is built until it is accepted."
    return dg.AssetCheckSpec("vintage", asset=spec.table, description=about, blocking=True)


def vintage_result(home: Home, spec: SourceSpec) -> dg.AssetCheckResult:
    """An error, which blocks all that is built from the table, while changes beyond the bounds are neither accepted nor replaced.
    Warns when partitions are gone or changed size by more than half: the old rows stay valid, a person should look."""
    records = [r for r in landing.receipts(home, spec.name) if not r.duplicate_of]
    latest = max((r.retrieved_at for r in records), default="")
    changes = list({r.batch: r.changes for r in records if r.retrieved_at == latest and r.changes}.values())
    total = {k: sum(c.get(k, 0) for c in changes) for k in COUNTED}
    held = [f"{batch[:12]}: {', '.join(reasons)}" for batch, reasons in held_back(home, spec).items()]
    remedy = [f"Remedy: compare with the publisher's notes, then acpgvc run --accept {spec.name}, or drop another file"] if held else []
    named = [text for c in changes for text in [*(f"gone: {g}" for g in c.get("gone", ())), *c.get("jumped", ())]]
    return dg.AssetCheckResult(
        check_name="vintage",
        passed=not (held or total["partitions_gone"] or total["partitions_jumped"]),
        severity=dg.AssetCheckSeverity.ERROR if held else dg.AssetCheckSeverity.WARN,
        description="; ".join([*held, *remedy, *named[:5]]) or None,
        metadata={
            **total,
            "bounds": _bounds(spec),
            "compared_batches": len(changes),
            "largest_revisions": dg.MetadataValue.md("\n".join(f"- {x}" for c in changes for x in c.get("largest", ())) or "none"),
            "vintages": ", ".join(sorted({r.vintage for r in records if r.vintage})) or "-",
        },
    )


def _bounds(spec: SourceSpec) -> str:
    """What a new vintage may change, in words."""
    if spec.revisions is None:
        return f"none: {spec.unbounded or 'not declared'}"
    removed = f"at most {spec.revisions.max_removed:.0%} of the rows removed"
    return f"{removed}, {spec.revisions.max_far_revised:.0%} revised by more than half" if spec.revisions.measure else removed
