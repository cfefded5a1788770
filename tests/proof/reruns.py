"""A second run does nothing; one changed year rebuilds that year only."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from tests.proof.harness import acpgvc, parquet_hashes, real_looking_drop, scratch_home

CHANGED_YEAR = 2012


def second_run_does_nothing() -> Iterator[tuple[str, str, bool]]:
    with scratch_home() as home:
        acpgvc(home, "run", "--profile", "sample")
        before = parquet_hashes(home, "sample")
        again = acpgvc(home, "run", "--profile", "sample")
        says = "nothing new" in again.output
        yield (
            "second run says so, in under 5 s",
            f"{again.seconds:.1f} s, {'says' if says else 'does not say'} nothing new",
            says and again.seconds < 5 and again.code == 0,
        )
        yield "and leaves the release as it was", f"{len(before)} tables", parquet_hashes(home, "sample") == before


def one_changed_year() -> Iterator[tuple[str, str, bool]]:
    with scratch_home() as home:
        drop = home.parent / "drop"
        real_looking_drop(drop)
        acpgvc(home, "run", "--drop", str(drop))
        first = _yearly(home)
        _double_one_value(drop)
        again = acpgvc(home, "run", "--drop", str(drop))
        second = _yearly(home)
        rebuilt = sorted({year for (model, year), stamp in second.items() if first.get((model, year)) != stamp})
        yield (
            f"a value of {CHANGED_YEAR} changed",
            f"rebuilt years {rebuilt} of {len({y for _, y in second})}",
            rebuilt == [str(CHANGED_YEAR)] and again.code == 0,
        )


def _yearly(home: Path) -> dict[tuple[str, str], int]:
    """(model, year) -> time of writing of each per-year file."""
    files = (home / "main" / "warehouse" / "yearly").glob("*/year=*.parquet")
    return {(p.parent.name, p.stem.removeprefix("year=")): p.stat().st_mtime_ns for p in files}


def _double_one_value(drop: Path) -> None:
    """Revise one row of the changed year in the first monthly Comtrade file that has one."""
    for path in sorted(drop.rglob("*.csv.gz")):
        lines = gzip.decompress(path.read_bytes()).decode().split("\n")
        if not lines[0].startswith('"typeCode"') and not lines[0].startswith("typeCode"):
            continue
        header = [c.strip('"') for c in lines[0].strip().split(",")]
        value, year, flow = header.index("primaryValue"), header.index("refYear"), header.index("flowCode")

        for n, line in enumerate(lines[1:], 1):
            cells = next(csv.reader([line]), [])
            if len(cells) == len(header) and cells[year] == str(CHANGED_YEAR) and cells[flow] == "M":
                old = cells[value]
                cells[value] = str(float(old) * 2)
                quoted = ",".join(
                    '"' + c.replace('"', '""') + '"' if not c.replace(".", "").isdigit() and c not in ("", "true", "false") else c
                    for c in cells
                )
                lines[n] = quoted
                path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
                return
    raise AssertionError(f"no import row of {CHANGED_YEAR} in {drop}")
