"""UN Comtrade as it arrives: the 47 fields of the API, as gzip CSV (annual and monthly rows) and as answers in JSON.

Importers report CIF (6 % above FOB, give or take 2 %), exporters FOB. The faults a parser or a model must cope with are
planted in `report`, `REPORTERS` and `awkward_rows`; each has a comment that begins with PLANTED.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingestion.sample.comtrade_row import CSV_HEADER, csv_row, row
from ingestion.sample.flows import CHAINS, FIRST, LAST, Flow, flows
from ingestion.sample.wire import around, gzip_bytes, noise, save, words

ANNUAL_YEARS = range(FIRST, LAST + 1)
MONTHLY = {2023: 12, 2024: 8}  # PLANTED partial year: 2024 ends in August for everybody
# Who reports, and the share of its true exports that an exporter declares (a mirror gap when it is not 1).
REPORTERS: dict[str, float] = dict.fromkeys(
    words("USA DEU FRA NLD GBR JPN CHN IND THA ESP ITA BEL VNM ZAF GHA CMR SEN KEN NAM FJI PNG TGO LSO MUS ETH"), 1.0
) | {"CIV": 0.82, "NGA": 0.6}
LAST_YEAR = {"THA": 2015}  # PLANTED: the largest buyer of raw tuna stops reporting (everything) after 2015
MONTHS_2023 = {"FJI": 9}  # PLANTED: one late reporter, partial in 2023
JSON_ONLY = ("KEN", "coffee")  # these reporter rows arrive as API answers, not as CSV


def reports(country: str, year: int) -> bool:
    return country in REPORTERS and year <= LAST_YEAR.get(country, 9999)


def report(flow: Flow, side: str) -> dict[str, Any]:
    """What one side declares: reporter, partner, value in USD, net weight in kg (None = not declared)."""
    key = (side, flow.exporter, flow.importer, flow.hs6, flow.year)
    kg: float | None = round(flow.tonnes * 1000 * around(0.005, "kg", *key), 1)
    if side == "X":
        share = REPORTERS[flow.exporter]
        usd = round(flow.fob_usd * share * around(0.01, "fob", *key), 2)
        return {"flow": "X", "reporter": flow.exporter, "partner": flow.importer, "fob": usd, "cif": None, "kg": kg * share if kg else None}
    cif = round(flow.fob_usd * 1.06 * around(0.02, "cif", *key), 2)
    estimated = False
    if (flow.exporter, flow.importer, flow.chain) == ("UGA", "ITA", "coffee"):
        kg = 0.0 if flow.year % 2 else None  # PLANTED: 40 % of Ugandan coffee has no weight, written as 0 or left blank
    if (flow.exporter, flow.importer, flow.chain) == ("RWA", "BEL", "coffee"):
        estimated = True  # PLANTED: 60 % of Rwandan coffee has an estimated weight
    if (flow.exporter, flow.importer, flow.hs6, flow.year) == ("CMR", "ESP", "180310", 2018):
        kg = (kg or 0) * 1000  # PLANTED: tonne outlier (2.4 million tonnes of cocoa paste)
    fob = round(cif / 1.05, 2) if flow.importer in ("USA", "ZAF") else None  # two reporters give both valuations
    return {"flow": "M", "reporter": flow.importer, "partner": flow.exporter, "fob": fob, "cif": cif, "kg": kg, "kg_estimated": estimated}


def declarations(year: int, chain: str) -> Iterator[dict[str, Any]]:
    """Both sides' reports of the flows of a year and chain."""
    for flow in flows(year, chain):
        for side, who in (("M", flow.importer), ("X", flow.exporter)):
            if reports(who, year):
                yield {"year": year, "hs6": flow.hs6, **report(flow, side)}


def awkward_rows(year: int, chain: str) -> Iterator[dict[str, Any]]:
    """PLANTED: rows that are valid in the source and must not be added to imports or exports."""
    if chain == "cocoa":
        for code, usd in (("RX", 4_000_000.0), ("DX", 9_000_000.0)):  # re-exports and domestic exports are parts of X
            yield {"year": year, "hs6": "180400", "flow": code, "reporter": "NLD", "partner": "DEU", "fob": usd, "cif": None, "kg": usd / 5}
        yield {
            "year": year,
            "hs6": "180400",
            "flow": "RM",
            "reporter": "DEU",
            "partner": "NLD",
            "fob": None,
            "cif": 200_000.0,
            "kg": 40_000.0,
        }
    if chain == "coffee":  # the world row stands among the partners
        yield {"year": year, "hs6": "090111", "flow": "M", "reporter": "DEU", "partner": "World", "fob": None, "cif": 9.9e9, "kg": 3.3e9}
        yield {
            "year": year,
            "hs6": "090111",
            "flow": "M",
            "reporter": "ITA",
            "partner": "Areas",
            "fob": None,
            "cif": 2_000_000.0,
            "kg": 700_000.0,
        }


def annual_rows(years: Iterable[int], chain: str) -> list[dict[str, Any]]:
    rows = [row(d) for y in years for d in (*declarations(y, chain), *awkward_rows(y, chain)) if (d["reporter"], chain) != JSON_ONLY]
    return sorted(rows, key=lambda r: (r["period"], r["reporterCode"], r["flowCode"], r["partnerCode"], r["cmdCode"]))


def split_months(d: dict[str, Any], months: int) -> Iterator[dict[str, Any]]:
    """A year's declaration as its first `months` months; cents and grams left over go to December."""
    weight = [0.5 + noise("month", d["reporter"], d["partner"], d["hs6"], d["flow"], d["year"], m) for m in range(12)]
    total = sum(weight)
    parts: dict[str, list[float | None]] = {
        k: [round(d[k] * w / total, 2) if d[k] is not None else None for w in weight] for k in ("fob", "cif", "kg")
    }
    for k, values in parts.items():
        if d[k] is not None:
            values[11] = round(d[k] - sum(v for v in values[:11] if v is not None), 2)
    for m in range(months):
        yield {**d, "month": m + 1, **{k: v[m] for k, v in parts.items()}}


def monthly_rows(years: dict[int, int], chain: str, reporter: str | None = None) -> list[dict[str, Any]]:
    """Monthly rows of a chain; `years` gives the number of months loaded for each year."""
    rows = []
    for year, months in years.items():
        for d in declarations(year, chain):
            if reporter in (None, d["reporter"]):
                late = MONTHS_2023.get(d["reporter"], 12) if year == 2023 else 12
                rows += [row(x) for x in split_months(d, min(months, late))]
    return sorted(rows, key=lambda r: (r["period"], r["reporterCode"], r["flowCode"], r["partnerCode"], r["cmdCode"]))


def csv_file(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    return save(folder, name, gzip_bytes("".join([CSV_HEADER, *map(csv_row, rows)]).encode()))


def answer(rows: list[dict[str, Any]]) -> bytes:
    """An API answer: compact JSON, count equal to the number of rows."""
    body = {"elapsedTime": "0.11 secs", "count": len(rows), "data": rows, "error": ""}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def api_rows(reporter: str, chain: str, years: Iterable[int]) -> list[dict[str, Any]]:
    """Rows of one reporter with the levels the API mixes in: PLANTED world partner, TOTAL, chapters, headings."""
    rows = []
    for year in years:
        mine = [d for d in declarations(year, chain) if d["reporter"] == reporter]
        rows += [row(d) for d in mine]
        for level in sorted({"TOTAL", *(d["hs6"][:n] for d in mine for n in (2, 4, 6))}):
            for side in ("M", "X"):
                part = [d for d in mine if d["flow"] == side and (level == "TOTAL" or d["hs6"].startswith(level))]
                if part:
                    sums = {k: round(sum(d[k] for d in part), 2) if part[0][k] is not None else None for k in ("fob", "cif")}
                    kg = round(sum(d["kg"] or 0 for d in part), 1) if level != "TOTAL" else None
                    rows.append(row({"year": year, "hs6": level, "flow": side, "reporter": reporter, "partner": "World", "kg": kg, **sums}))
    return rows


def write(folder: Path) -> list[Path]:
    """The Comtrade files of the sample."""
    paths = [csv_file(folder, f"comtrade_C_A_HS_{c}_{FIRST}-{LAST}.csv.gz", annual_rows(ANNUAL_YEARS, c)) for c in CHAINS]
    paths += [csv_file(folder, f"comtrade_C_M_HS_{c}_2023-2024.csv.gz", monthly_rows(MONTHLY, c)) for c in CHAINS]
    # PLANTED: Japan's tuna of 2018 also arrives by month; the year must not count twice.
    paths.append(csv_file(folder, "comtrade_C_M_HS_tuna_2018_392.csv.gz", monthly_rows({2018: 12}, "tuna", "JPN")))
    for first, last in ((2007, 2012), (2013, 2018), (2019, 2019)):
        paths.append(save(folder, f"data_v1_get_C_A_HS_404_{first}-{last}.json", answer(api_rows("KEN", "coffee", range(first, last + 1)))))
    # PLANTED: the same Ghanaian rows stand in the cocoa CSV; whichever is read, they count once.
    paths.append(save(folder, "data_v1_get_C_A_HS_288_2016-2019.json", answer(api_rows("GHA", "cocoa", range(2016, 2020)))))
    return paths
