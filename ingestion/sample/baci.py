"""A CEPII BACI archive in the official layout: whole product list, every member of the OACPS but one as exporter.

`acp_exports.csv`: main exports outside the six scripted chains, in thousand USD a year; sizes are invented, products plausible.
The scripted chains of `flows.py` go on here, as reconciled FOB values.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ingestion.sample.flows import CODES, flows
from ingestion.sample.names import ACP, COUNTRIES, HERE, HS6, LARGE
from ingestion.sample.wire import around, csv_lines, noise, pick, save, zip_bytes

VERSION = "V202501"
YEARS = (2020, 2021, 2022)
SILENT = "NIU"  # PLANTED: the one member that exports nothing
SCRIPTED = frozenset(CODES)
# Random small exports of members stay out of the scripted chains and of their neighbours (fish, nuts, coffee, cocoa, textiles, wood).
OTHER_HS6 = tuple(
    c for c in HS6 if c[:2] not in {"03", "08", "09", "16", "18", "27", "44", "71", "94"} and not "50" <= c[:2] <= "63" and c[:4] != "2101"
)
WORLD_HS6 = tuple(c for c in HS6 if c not in SCRIPTED)


def _main_exports() -> dict[str, list[tuple[str, float]]]:
    with (HERE / "acp_exports.csv").open(encoding="ascii", newline="") as f:
        return {r["iso3"]: [(x[:6], float(x[7:])) for x in r["main_exports_kusd"].split()] for r in csv.DictReader(f)}


MAIN_EXPORTS = _main_exports()


def tonnes(kusd: float, hs6: str, *key: object) -> float | None:
    """Tonnes at a unit value that is the code's own (0.5 to 20 thousand USD a tonne), 8 % of rows without."""
    if noise("no tonnes", hs6, *key) < 0.08:
        return None
    unit_value = 0.5 + 19.5 * noise("unit value", hs6) * noise("unit value 2", hs6)
    return max(0.001, round(kusd / (unit_value * around(0.2, "t", hs6, *key)), 3))


def scripted_rows(year: int) -> Iterator[tuple[str, str, str, float, float | None]]:
    """The six chains. PLANTED: Ugandan coffee sold to Italy has no tonnes here either."""
    for f in flows(year):
        missing = (f.exporter, f.importer, f.chain) == ("UGA", "ITA", "coffee")
        yield f.exporter, f.importer, f.hs6, max(0.001, round(f.fob_usd / 1000, 3)), None if missing else f.tonnes


def world_rows(year: int) -> Iterator[tuple[str, str, str, float, float | None]]:
    """Every other code of the list (97 % of them in a given year), sold by three large economies."""
    for code in WORLD_HS6:
        if noise("in list", code, year) < 0.03:
            continue
        for n in range(3):
            exporter = LARGE[(int(noise("who", code) * 40) + 7 * n) % len(LARGE)]
            importer = pick([c for c in LARGE if c != exporter], "to", code, n)
            u = noise("size", code, n)
            kusd = round((20 + 400_000 * u * u * u * u) * around(0.1, "v", code, n, year), 3)
            yield exporter, importer, code, kusd, tonnes(kusd, code, n, year)


def acp_rows(year: int) -> Iterator[tuple[str, str, str, float, float | None]]:
    """Members: their main exports to four buyers each, 6 to 60 small lines, and what they buy."""
    for country in ACP:
        small = 6 + int(54 * noise("lines", country) * noise("lines 2", country))
        lines = dict(MAIN_EXPORTS.get(country, []))
        total = sum(lines.values()) or 5_000
        for n in range(small):
            lines.setdefault(pick(OTHER_HS6, "small", country, n), 5 + total * 0.004 * noise("small v", country, n))
        for code, size in lines.items() if country != SILENT else ():
            for buyer in dict.fromkeys(pick(LARGE, "buyer", country, code, n) for n in range(4 if size >= total / 50 else 1)):
                kusd = max(
                    0.001, round(size / 4 * around(0.4, "av", country, code, buyer) * around(0.08, "avy", country, code, buyer, year), 3)
                )
                yield country, buyer, code, kusd, tonnes(kusd, code, country, buyer, year)
        for code in dict.fromkeys(pick(OTHER_HS6, "import", country, n) for n in range(14)):
            seller = pick(LARGE, "seller", country, code)
            kusd = round((100 + total * 0.05 * noise("iv", country, code)) * around(0.1, "ivy", country, code, year), 3)
            yield seller, country, code, kusd, tonnes(kusd, code, country, "m", year)
    yield "USA", "NGA", "9999AA", round(1200 * around(0.1, "nes", year), 3), None


def year_csv(year: int) -> bytes:
    """One member of the archive: t,i,j,k,v,q with padded numbers and padded NA, sorted, keys unique."""
    rows: dict[tuple[int, int, str], tuple[float, float | None]] = {}
    for exporter, importer, code, kusd, q in (*scripted_rows(year), *world_rows(year), *acp_rows(year)):
        key = (int(COUNTRIES[exporter].baci_code), int(COUNTRIES[importer].baci_code), code)
        rows.setdefault(key, (kusd, q))  # the scripted flow comes first and stays
    lines = [f"{year},{i},{j},{k},{v:12.3f},{'NA' if q is None else format(q, '.3f'):>12}\n" for (i, j, k), (v, q) in sorted(rows.items())]
    return ("t,i,j,k,v,q\n" + "".join(lines)).encode()


def country_csv() -> bytes:
    """PLANTED: iso2 'NA' of Namibia, a pseudo code without iso2, a name that arrives in double encoding."""
    rows = [["country_code", "country_name", "country_iso2", "country_iso3"]]
    for c in sorted(COUNTRIES.values(), key=lambda c: int(c.baci_code)):
        name = c.name.encode("utf-8").decode("latin-1")
        rows.append([c.baci_code, name, "", "S19"] if c.iso3 == "TWN" else [c.baci_code, name, c.iso2, c.iso3])
    return csv_lines(rows)


def product_csv() -> bytes:
    """The code list; texts are not the publisher's (they do not matter for any number)."""
    rows = [["code", "description"], *([c, f"Heading {c[:4]}, subheading {c} (synthetic sample, text left out)"] for c in HS6)]
    return csv_lines([*rows, ["9999AA", "Commodities not specified according to kind"]])


def write(folder: Path) -> list[Path]:
    """The archive `BACI_HS96_V202501.zip`, three years."""
    readme = b"SYNTHETIC SAMPLE in the layout of CEPII BACI. Not data of CEPII: every number in this archive is invented.\n"
    members = [(f"BACI_HS96_Y{y}_{VERSION}.csv", year_csv(y)) for y in YEARS]
    members += [
        (f"country_codes_{VERSION}.csv", country_csv()),
        (f"product_codes_HS96_{VERSION}.csv", product_csv()),
        ("Readme.txt", readme),
    ]
    return [save(folder, f"BACI_HS96_{VERSION}.zip", zip_bytes(members))]
