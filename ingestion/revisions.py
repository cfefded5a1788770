"""How much a new vintage may change before somebody has to look: bounds of the declaration, and what a person has accepted.

What is beyond the bounds stays in the lake, but nothing is built from it until it is accepted or replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion import atomic, landing, vintages
from ingestion.receipt import Receipt
from ingestion.settings import Home
from ingestion.spec import SourceSpec

FEW_ROWS = 100  # below, a share says nothing


def beyond_bounds(spec: SourceSpec, changes: Mapping[str, Any]) -> list[str]:
    """What of a comparison is more than the source's bounds allow, in words; a source without bounds allows all."""
    before = changes.get("rows_before", 0)
    if spec.revisions is None or before < FEW_ROWS:
        return []
    measure = " + ".join(spec.revisions.measure)
    bounds = (
        ("rows_removed", spec.revisions.max_removed, "were removed"),
        ("rows_far_revised", spec.revisions.max_far_revised, f"changed {measure} by more than half"),
    )
    return [f"{changes[k]} of {before} rows {what} (at most {most:.0%})" for k, most, what in bounds if changes[k] > most * before]


def held_back(home: Home, spec: SourceSpec) -> dict[str, list[str]]:
    """Batch -> what is beyond the bounds, for files in use that nobody has accepted."""
    receipts = landing.receipts(home, spec.name)
    unused = vintages.superseded(spec, receipts)
    accepted = _accepted(home, spec)
    found = {r.batch: beyond_bounds(spec, r.changes) for r in receipts if _counts(r) and r.sha256 not in unused}
    return {batch: reasons for batch, reasons in sorted(found.items()) if reasons and batch not in accepted}


def _counts(receipt: Receipt) -> bool:
    return bool(receipt.changes) and not receipt.duplicate_of


def accept(home: Home, spec: SourceSpec) -> list[str]:
    """A person says that what is held back is right; gives the batches. What comes later is judged anew."""
    batches = sorted(held_back(home, spec))
    if batches:
        atomic.write_bytes(_path(home, spec), "".join(f"{b}\n" for b in sorted(_accepted(home, spec) | set(batches))).encode())
    return batches


def _accepted(home: Home, spec: SourceSpec) -> set[str]:
    path = _path(home, spec)
    return set(path.read_text(encoding="utf-8").split()) if path.is_file() else set()


def _path(home: Home, spec: SourceSpec) -> Path:
    return home.folder / "input" / f"{spec.table}.accepted"
