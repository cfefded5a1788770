"""A second run does nothing; one changed year rebuilds that year and the small tables only."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

from tests.proof.harness import acpgvc, parquet_hashes, real_looking_drop, scratch_home

CHANGED_YEAR = 2019
# what is counted at prices or weights of the base years 2010 to 2019
AT_BASE_PRICES = {"int_ladder__country_stage", "int_ladder__change", "int_unit_value__chain_stage"}
LONGEST_WINDOW = 7  # years that a window table reads before its own: upgrading_change_years + upgrading_window_years - 1


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
        for what, revise in (("the answer of that year", _revise_answer), ("a file of 13 years", _revise_download)):
            first = _written(home)
            revise(drop)
            again = acpgvc(home, "run", "--drop", str(drop))
            second = _written(home)
            new = {file for file, state in second.items() if first.get(file) != state}
            rebuilt = {kind: sorted({year for k, _, year in new if k == kind}) for kind in ("yearly", "windows")}
            mib = {kind: sum(second[f][1] for f in new if f[0] == kind) / 2**20 for kind in rebuilt}
            behind = {str(y) for y in range(CHANGED_YEAR, CHANGED_YEAR + LONGEST_WINDOW + 1)}
            # the changed year is one of the base years of constant prices: what is counted at those prices is written anew in every year
            priced = {m for k, m, _ in second if k == "windows" and {f for f in second if f[:2] == (k, m)} <= new}
            looking_back = {year for k, m, year in new if k == "windows" and m not in priced}
            yield (
                f"a value of {CHANGED_YEAR} changed in {what}",
                f"rebuilt years {rebuilt['yearly']} of {len({y for _, _, y in second})} ({mib['yearly']:.2f} MiB), "
                f"windows that end in {sorted(looking_back)}, at base prices {sorted(priced)} ({mib['windows']:.2f} MiB)",
                rebuilt["yearly"] == [str(CHANGED_YEAR)] and looking_back <= behind and priced == AT_BASE_PRICES and again.code == 0,
            )


def _written(home: Path) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(yearly or windows, model, year) -> (time of writing, bytes) of each per-year file."""
    files = (home / "main" / "warehouse").glob("*/*/year=*.parquet")
    return {(p.parents[1].name, p.parent.name, p.stem.removeprefix("year=")): (p.stat().st_mtime_ns, p.stat().st_size) for p in files}


def _revise_answer(drop: Path) -> None:
    """The publisher revises one year: the answer that holds only that year comes again with another value."""
    path = next(p for p in sorted(drop.rglob("*.json")) if p.name.endswith(f"_{CHANGED_YEAR}-{CHANGED_YEAR}.json"))
    answer = json.loads(path.read_text())
    row = next(r for r in answer["data"] if r["aggrLevel"] == 6 and r["partnerCode"] != 0)
    for column in ("primaryValue", "fobvalue", "cifvalue"):
        row[column] = row[column] and row[column] * 2
    path.write_text(json.dumps(answer, separators=(",", ":")))


def _revise_download(drop: Path) -> None:
    """A download of many years comes again with one value of one of them revised."""
    path = next(p for p in sorted(drop.rglob("*_tuna_*.csv.gz")) if p.name.endswith(f"-{CHANGED_YEAR}.csv.gz"))
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8"))))
    row = next(r for r in rows if r["refYear"] == str(CHANGED_YEAR) and r["aggrLevel"] == "6" and r["partnerCode"] != "0")
    row["primaryValue"] = str(float(row["primaryValue"]) * 2)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), mtime=0))
