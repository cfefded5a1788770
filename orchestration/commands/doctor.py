"""`acpgvc doctor`: is everything that was written still whole, and can the platform work here?"""

from __future__ import annotations

import os
import sys
from collections import Counter

import typer

from ingestion.settings import Home, home_root
from orchestration import console
from orchestration.commands.options import OneProfile, homes

HARMLESS = {"ok", "rejected", "no_receipt", "orphan"}


def doctor(profile: OneProfile = None) -> None:
    """Rehash the landing zone and the latest release, and check Python, home, disk space and keys. Exit code 1 when something is wrong.

    \b
    Examples:
      acpgvc doctor
      acpgvc doctor --profile main
    """
    ok = _environment()
    for home in homes(profile):
        console.heading(f"profile {home.profile}" + (" (SYNTHETIC DATA)" if home.profile == "sample" else ""))
        ok = _landing(home) and ok
        ok = _release(home) and ok
    console.say()
    console.say("all well" if ok else "something is wrong: see above", style="green" if ok else "red")
    raise typer.Exit(0 if ok else 1)


def _line(good: bool, text: str, remedy: str = "") -> bool:
    console.say(
        f"{'ok    ' if good else 'WRONG '} {text}" + (f". Remedy: {remedy}" if remedy and not good else ""), style=None if good else "red"
    )
    return good


def _environment() -> bool:
    from ingestion.registry import all_sources
    from orchestration.disk import GB, free_bytes, human_bytes

    version = ".".join(map(str, sys.version_info[:3]))
    root = home_root()
    parent = next(p for p in (root, *root.parents) if p.exists())
    free = free_bytes(root)
    ok = _line(sys.version_info[:2] == (3, 11), f"Python {version}", "make the environment again with python3.11 (`make clean setup`)")
    ok = _line(os.access(parent, os.W_OK), f"home {root} can be written", "set ACPGVC_HOME to a folder of yours") and ok
    ok = _line(free > 2 * GB, f"{human_bytes(free)} free", "a run needs 3 x its input and 1 GB: free some space") and ok
    for spec in all_sources().values():
        for variable in spec.key_variables:
            is_set = bool(os.environ.get(variable))
            console.say(f"note   {spec.name}: key {variable} is {'set' if is_set else 'not set: dropped files work, fetching needs it'}")
    return ok


def _landing(home: Home) -> bool:
    from ingestion.landing import rehash

    found = list(rehash(home))
    counts = Counter(r.status for r in found)
    for r in found:
        if r.status not in HARMLESS:
            _line(False, f"{r.path.relative_to(home.landing)}: {r.status} {r.found}", "delete it and drop or fetch the file again")
    for status, meaning in (
        ("no_receipt", "landed but not taken in"),
        ("orphan", "left by a killed run"),
        ("rejected", "rejected, kept for inspection"),
    ):
        if counts[status]:
            console.say(f"note   {counts[status]} files {meaning}")
    good = not set(counts) - HARMLESS
    return _line(good, f"landing zone: {counts['ok']} of {len(found)} files rehashed and in use")


def _release(home: Home) -> bool:
    from orchestration.readers import latest_id
    from orchestration.release import ReleaseError
    from orchestration.release.verify import verify_release

    name = latest_id(home)
    if name is None:
        console.say("note   no release yet")
        return True
    try:
        faults = verify_release(home.release / name).faults
    except ReleaseError as e:
        return _line(False, str(e))
    return _line(
        not faults, f"release {name}" + (f": {'; '.join(faults)}" if faults else ": every byte as published"), "acpgvc run --force"
    )
