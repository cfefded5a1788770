"""Drop landed objects that newer ones have replaced and that no kept release cites."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ingestion import atomic, lake, landing, vintages
from ingestion.receipt import Receipt, Rejection
from ingestion.registry import all_sources
from ingestion.settings import Home


@dataclass(frozen=True)
class Pruned:
    """One object that was (or, on a dry run, would be) dropped."""

    table: str
    sha256: str
    why: str  # 'superseded' or 'rejected'
    size_bytes: int
    paths: tuple[Path, ...]


def prune(home: Home, keep_sha256s: Collection[str], *, dry_run: bool = False) -> list[Pruned]:
    """Drop blob, receipt, lake parts and quarantine of objects that are not in use and not in `keep_sha256s`.

    A batch goes as a whole or stays as a whole. The receipt goes first: a kill in between leaves bytes without a receipt,
    which no reader sees. Unknown tables are left alone.
    """
    done: list[Pruned] = []
    for spec in all_sources().values():
        with atomic.locked(home.folder / "input" / f"{spec.table}.lock"):
            receipts = landing.receipts(home, spec.name)
            out = vintages.superseded(spec, receipts) - set(keep_sha256s)
            out -= {owner for r in receipts if r.sha256 not in out for owner in (r.duplicate_of, *(p.get("duplicate_of") for p in r.parts))}
            held = {r.batch for r in receipts if r.sha256 not in out}
            for r in receipts:
                if r.sha256 in out and r.batch not in held:
                    done.append(_drop(home, r, "superseded", dry_run))
            for rejected in landing.rejections(home, spec.name):
                if rejected.sha256 not in keep_sha256s:
                    done.append(_drop(home, rejected, "rejected", dry_run))
    return done


def _drop(home: Home, record: Receipt | Rejection, why: str, dry_run: bool) -> Pruned:
    paths = [landing.object_path(home, record.source, record.sha256, s) for s in (landing.RECEIPT, landing.REJECTED)]
    if isinstance(record, Receipt):
        paths += [lake.part_path(home, record.table, p["year"], record.sha256) for p in record.parts]
        paths.append(lake.quarantine_path(home, record.table, record.sha256))
    paths.append(landing.object_path(home, record.source, record.sha256, landing.BLOB))
    there = tuple(p for p in paths if p.is_file())
    size = sum(p.stat().st_size for p in there)
    if not dry_run:
        for path in there:
            path.unlink(missing_ok=True)
    return Pruned(record.table, record.sha256, why, size, there)
