"""`make faults`: the matrix source x fault; `make faults ARGS=backfill`: the simulated backfill. Exit code 1 when one fails."""

from __future__ import annotations

import sys
import time

from ingestion.registry import all_sources
from tests.faults import matrix
from tests.servers.publishers import worlds


def main(arguments: list[str]) -> int:
    if arguments == ["backfill"]:
        from tests.faults import backfill

        return backfill.main()
    started = time.monotonic()
    found = list(matrix.cells(sources=arguments or None))
    sources = {s: w for s, w in worlds().items() if not arguments or s in arguments}
    print(matrix.drawn(found, sources))
    failed = [c for c in found if c.problem]
    for c in failed:
        print(f"FAIL {c.source}, {c.fault}: {c.problem}")
    without = [n for n, spec in all_sources().items() if spec.plan and n not in worlds()]
    for name in without:
        print(f"FAIL {name}: a live source without a world in tests/servers/publishers.py")
    leaks = [c for c in found if c.leaks]
    outcomes = {o: sum(c.outcome == o for c in found) for o in ("rows", "refused", "nothing")}
    print(
        f"{len(found)} cells in {time.monotonic() - started:.0f} s: {outcomes['rows']} landed exactly the true rows, "
        f"{outcomes['refused']} refused with the right error and nothing landed, {outcomes['nothing']} rightly empty; "
        f"{len(failed)} wrong; key shown or stored in {len(leaks)}"
    )
    return 1 if failed or leaks or without else 0


sys.exit(main(sys.argv[1:]))
