"""A process that dies at any moment leaves nothing half-written, and the next run gives the same bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.proof.harness import acpgvc, content_hashes, latest_is_whole, parquet_hashes, scratch_home

AFTER_LANDING = 20
DURING_LANDING = 6


def after_landing() -> Iterator[tuple[str, str, bool]]:
    """Twenty seeded kills after landing: half by the clock, half right after a rename."""
    dice = random.Random(20261124)
    with scratch_home() as whole:
        undisturbed = acpgvc(whole, "run", "--profile", "sample")
        expected = parquet_hashes(whole, "sample")
        yield "undisturbed run", f"{len(expected)} tables in {undisturbed.seconds:.0f} s", undisturbed.code == 0 and len(expected) > 0
        died, longest = 0, undisturbed.seconds
        while died < AFTER_LANDING:
            with scratch_home(whole, without=("sample/lake", "sample/warehouse", "sample/release", "dagster")) as home:
                at_rename = {"kill_after_renames": dice.randrange(1, 120)} if died % 2 else {}
                moment = at_rename or {"kill_after_s": dice.uniform(2, longest)}
                killed = acpgvc(home, "run", "--profile", "sample", **moment)
                if killed.code == 0:  # it had ended before its moment: no kill, another one is drawn
                    longest = min(longest, killed.seconds)
                    continue
                died += 1
                broken = not latest_is_whole(home, "sample")
                again = acpgvc(home, "run", "--profile", "sample")
                same = again.code == 0 and parquet_hashes(home, "sample") == expected
                when = ", ".join(f"{k.removeprefix('kill_after_')} {v:.0f}" for k, v in moment.items())
                seen = f"exit {killed.code}; LATEST {'broken' if broken else 'whole'}; bytes after rerun {'equal' if same else 'DIFFER'}"
                yield f"kill {died:2} after {when}", seen, same and not broken


def during_landing() -> Iterator[tuple[str, str, bool]]:
    """Kills while files land: the landing zone ends with the same content."""
    dice = random.Random(42)
    with scratch_home() as whole:
        acpgvc(whole, "run", "--profile", "sample")
        expected = content_hashes(whole, "sample")
        for n in range(DURING_LANDING):
            with scratch_home(whole, without=("sample/landing", "sample/lake", "sample/warehouse", "sample/release", "dagster")) as home:
                renames = dice.randrange(1, 40)
                killed = acpgvc(home, "run", "--profile", "sample", kill_after_renames=renames)
                acpgvc(home, "run", "--profile", "sample")
                same = content_hashes(home, "sample") == expected
                yield f"kill {n + 1} after rename {renames}", f"exit {killed.code}; content hashes {'equal' if same else 'DIFFER'}", same
