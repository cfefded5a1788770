"""Four-digit export tables of two publishers, all products: Open Trade Statistics and the Atlas of Economic Complexity.

The scripted chains of `flows.py` stand in them with their totals; everything else is a world in which capable exporters sell more products,
and the demanding products among them. PLANTED: one publisher's levels lie a fifth above the other's (imports at CIF), its shares do not.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from ingestion.sample.flows import CODES, flows
from ingestion.sample.names import ACP, HS6, LARGE
from ingestion.sample.wire import around, gzip_bytes, noise, save

YEAR = 2014
OTS_OVER_ATLAS = 1.2
SCRIPTED = frozenset(c[:4] for c in CODES)
HEADINGS = tuple(sorted({c[:4] for c in HS6} - SCRIPTED))
SERVICES = ("financial", "ict", "transport", "travel", "unspecified")


def capability(iso3: str) -> float:
    """How much of the product list a country can make, 0 to 1."""
    return 0.25 + 0.55 * noise("capable", iso3) if iso3 in LARGE else 0.03 + 0.27 * noise("capable", iso3) * noise("capable 2", iso3)


def demand(hs4: str) -> float:
    """How much a product asks of its maker, 0 to 1."""
    return noise("demanding", hs4)


@cache
def made() -> tuple[tuple[str, str, float], ...]:
    """(ISO3, heading, US dollars a year): nestedness, what few can make only the capable make."""
    found = []
    for iso3 in sorted({*ACP, *LARGE}):
        able = capability(iso3)
        for hs4 in HEADINGS:
            if noise("makes", iso3, hs4) < able * (1.1 - demand(hs4)) * 0.9:
                found.append((iso3, hs4, 2e9 * able * able * noise("size", iso3, hs4) * noise("size 2", iso3, hs4) * noise("size 3", hs4)))
    return tuple(found)


@cache
def exports() -> tuple[tuple[str, str, int], ...]:
    """(ISO3, heading, US dollars), in thousands of dollars so that nothing looks more exact than it is."""
    usd: dict[tuple[str, str], float] = defaultdict(float)
    for f in flows(YEAR):
        usd[f.exporter, f.hs6[:4]] += f.fob_usd
    for iso3, hs4, size in made():
        usd[iso3, hs4] = size * around(0.05, "year", iso3, hs4, YEAR)
    return tuple((iso3, hs4, round(v / 1000) * 1000) for (iso3, hs4), v in sorted(usd.items()) if v >= 5_000)


def ots() -> bytes:
    """Lower-case codes; some imports, also in rows of nothing else. PLANTED: a state that is gone, Romania's old code."""
    lines = ["year,reporter_iso,hs4,export_value_usd,import_value_usd\n"]
    for iso3, hs4, usd in exports():
        code = {"ROU": "rom"}.get(iso3, iso3.lower())
        imported = str(round(usd * 0.7 / 1000) * 1000) if noise("imports", iso3, hs4) < 0.3 else ""
        lines.append(f"{YEAR},{code},{hs4},{round(usd * OTS_OVER_ATLAS)},{imported}\n")
    lines.append(f"{YEAR},ant,2710,{45_000_000 + YEAR},\n")
    sold = {(iso3, hs4) for iso3, hs4, _ in exports()}
    bought = ((iso3, hs4) for iso3 in ACP[:20] for hs4 in ("3004", "8703") if (iso3, hs4) not in sold)
    lines += [f"{YEAR},{iso3.lower()},{hs4},0,{(n + 1) * 7000}\n" for n, (iso3, hs4) in enumerate(bought)]
    return gzip_bytes("".join(lines).encode())


def atlas() -> bytes:
    """Quoted text; services under names, and one name of two headings without a code. PLANTED: none of them are goods of a heading."""
    lines = ['"year","country_code","country_name","product_code","export_value_usd"\n']
    for iso3, hs4, usd in exports():
        lines.append(f'{YEAR},"{iso3}","{iso3} (synthetic)","{hs4}",{usd}\n')
    for iso3 in sorted({*ACP[:30], *LARGE[:30]}):
        for service in SERVICES:
            lines.append(f'{YEAR},"{iso3}","{iso3} (synthetic)","{service}",{round(3e7 * noise(service, iso3))}\n')
        lines.append(f'{YEAR},"{iso3}","{iso3} (synthetic)","",{round(1e6 * noise("no code", iso3))}\n')
    return gzip_bytes("".join(lines).encode())


def write(folder: Path) -> list[Path]:
    """Both tables."""
    return [save(folder, "ots_exports_hs4_2014.csv.gz", ots()), save(folder, "atlas_exports_hs4_2014.csv.gz", atlas())]
