"""`python -m tests.proof [NAME …]`: each proof prints `name | what was seen | pass or FAIL`. Exit code 1 when one fails."""

from __future__ import annotations

import argparse
import sys
import time

from tests.proof import damage, kills, reruns

PROOFS = {
    "kills": kills.after_landing,
    "kills-landing": kills.during_landing,
    "second-run": reruns.second_run_does_nothing,
    "one-year": reruns.one_changed_year,
    "damage": damage.each_way,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make proof ARGS=…", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which ones, default all: {', '.join(PROOFS)}")
    names = parser.parse_args().names or list(PROOFS)
    failed = 0
    for name in names:
        for claim, seen, holds in PROOFS[name]():
            failed += not holds
            print(f"{time.strftime('%H:%M:%S')} {name:14} | {claim} | {seen} | {'pass' if holds else 'FAIL'}", flush=True)
    return 1 if failed else 0


sys.exit(main())
