"""`acpgvc status`: what is loaded, what is published, how much room there is."""

from __future__ import annotations

import os
from collections import defaultdict

from ingestion.settings import Home, home_root
from orchestration import console
from orchestration.commands.options import OneProfile, homes

LICENCE_LENGTH = 60


def status(profile: OneProfile = None) -> None:
    """Show every source (loaded files, rows, vintage, licence, key), the latest release of each profile, and disk space.

    \b
    Examples:
      acpgvc status
      acpgvc status --profile main
    """
    from orchestration.disk import folder_bytes, free_bytes, human_bytes

    for home in homes(profile):
        console.heading(f"profile {home.profile}" + (" (SYNTHETIC DATA)" if home.profile == "sample" else " (real data)"))
        _release(home)
        _sources(home)
    root = home_root()
    console.say()
    console.say(f"home {root}: {human_bytes(folder_bytes(root))} used, {human_bytes(free_bytes(root))} free")


def _release(home: Home) -> None:
    from orchestration.readers import latest_id, load_release

    name = latest_id(home)
    if name is None:
        console.say("release: none yet")
        return
    facts = load_release(home, name).facts
    rejected = len(facts["problems"]["rejected_files"])
    console.say(f"release: {name}, data to {facts['data_date']}, written {facts['created_at']}, {rejected} rejected files")


def _sources(home: Home) -> None:
    from ingestion import landing
    from ingestion.drop import InputRecord
    from ingestion.registry import all_sources

    by_source = defaultdict(list)
    for r in landing.receipts(home):
        by_source[r.source].append(r)
    rows = []
    for spec in all_sources().values():
        receipts = by_source[spec.name]
        own = [r for r in receipts if not r.duplicate_of]
        rejected = len(InputRecord.read(home, spec.table).rejected())
        state = f"blocked, {rejected} rejected" if rejected else "loaded" if receipts else "-"
        vintage = max((r.vintage for r in receipts), default="") or "-"
        lacking = [v for v in spec.key_variables if not os.environ.get(v)]
        key = f"{', '.join(lacking)} not set" if lacking else f"{', '.join(spec.key_variables)} set" if spec.key_env else "none needed"
        n_rows = sum(r.rows_read - r.rows_quarantined for r in own)
        rows.append(
            [spec.name, spec.kind, state, len(receipts), n_rows, vintage, _years(own), key, console.shortened(spec.licence, LICENCE_LENGTH)]
        )
    console.table(["source", "kind", "state", "files", "rows", "vintage", "years", "key", "licence"], rows)


def _years(receipts: list) -> str:  # type: ignore[type-arg]
    years = [y for r in receipts for y in (r.first_year, r.last_year) if y]
    return f"{min(years)}-{max(years)}" if years else "-"
