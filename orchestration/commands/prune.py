"""`acpgvc prune`: give disk space back, never what a kept release cites."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from ingestion.settings import home_root
from orchestration import console
from orchestration.commands.options import OneProfile, homes


def prune(
    keep: Annotated[int, typer.Option("--keep", min=1, help="Releases to keep in each profile, newest first; LATEST is always kept.")] = 3,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    profile: OneProfile = None,
) -> None:
    """Delete old releases, and landed files that neither a kept release nor the current state needs.

    \b
    Examples:
      acpgvc prune --dry-run                 what would go
      acpgvc prune --keep 2                  keep the last two releases
    """
    from orchestration.disk import human_bytes
    from orchestration.prune import prune_home
    from orchestration.run_lock import run_lock

    total = 0
    with contextlib.nullcontext() if dry_run else run_lock(home_root()):
        for home in homes(profile):
            for removal in prune_home(home, keep, dry_run):
                total += removal.size_bytes
                console.say(
                    f"{'would remove' if dry_run else 'removed'} {removal.path} ({human_bytes(removal.size_bytes)}): {removal.reason}"
                )
    console.say(f"{human_bytes(total)} {'would be' if dry_run else ''} freed".replace("  ", " "))
