"""World Bank WDI: bulk CSV of one indicator a file (bare and in the zip of the download page), and answers of the API in pages."""

from __future__ import annotations

import json
from pathlib import Path

from ingestion.sample.names import COUNTRIES, LARGE, Country
from ingestion.sample.wire import BOM, around, noise, save, zip_bytes

FIRST_COLUMN, LAST_COLUMN = 1960, 2025
YEARS = range(2000, 2025)
UPDATED = "2026-07-13"
AGGREGATES = {
    "SSF": ("ZG", "Sub-Saharan Africa"),
    "LCN": ("ZJ", "Latin America & Caribbean"),
    "PSS": ("S2", "Pacific island small states"),
    "WLD": ("1W", "World"),
}
# code: (name, number of the download, low, high, growth a year, share of countries with values, decimals)
INDICATORS: dict[str, tuple[str, int, float, float, float, float, int]] = {
    "SP.POP.TOTL": ("Population, total", 33112, 10e3, 90e6, 0.015, 1.0, 0),
    "NY.GDP.PCAP.PP.KD": ("GDP per capita, PPP (constant 2021 international $)", 33608, 900, 60e3, 0.012, 0.97, 6),
    "GB.XPD.RSDV.GD.ZS": ("Research and development expenditure (% of GDP)", 232, 0.02, 2.8, 0.01, 0.35, 5),
    "SP.POP.SCIE.RD.P6": ("Researchers in R&D (per million people)", 37695, 8, 5500, 0.02, 0.33, 4),
    "SE.TER.ENRR": ("School enrollment, tertiary (% gross)", 3403591, 3, 80, 0.02, 0.65, 6),
    "EG.ELC.ACCS.ZS": ("Access to electricity (% of population)", 33377, 25, 99, 0.01, 1.0, 1),
    "IT.NET.USER.ZS": ("Individuals using the Internet (% of population)", 33086, 3, 55, 0.06, 0.98, 4),
    "BX.KLT.DINV.WD.GD.ZS": ("Foreign direct investment, net inflows (% of GDP)", 13, 0.2, 8, 0.0, 0.95, 8),
    "IP.PAT.RESD": ("Patent applications, residents", 226, 1, 9000, 0.02, 0.45, 0),
    "NV.AGR.TOTL.ZS": ("Agriculture, forestry, and fishing, value added (% of GDP)", 33230, 1, 38, -0.005, 0.95, 8),
    "NY.GDP.MKTP.CD": ("GDP (current US$)", 33606, 30e9, 2e12, 0.03, 1.0, 0),  # large: exports of the sample are drawn without it
    "NV.AGR.EMPL.KD": ("Agriculture, forestry, and fishing, value added per worker (constant 2015 US$)", 33225, 400, 20e3, 0.01, 0.85, 4),
    "NV.IND.EMPL.KD": ("Industry (including construction), value added per worker (constant 2015 US$)", 33254, 2e3, 90e3, 0.01, 0.85, 4),
    "SL.AGR.EMPL.ZS": ("Employment in agriculture (% of total employment) (modeled ILO estimate)", 34104, 2, 75, -0.01, 0.95, 4),
}
# These arrive as the publisher's zip, with the metadata members.
ZIPPED = ("SE.TER.ENRR", "NV.AGR.TOTL.ZS", "NY.GDP.MKTP.CD", "NV.AGR.EMPL.KD", "NV.IND.EMPL.KD", "SL.AGR.EMPL.ZS")
API_CODE, API_NAME = "NV.IND.MANF.ZS", "Manufacturing, value added (% of GDP)"
ALWAYS = {"NAM", "GHA", "SEN", "CIV", "KEN"}  # have every indicator, so that a lost Namibia shows
PERCENT = {"EG.ELC.ACCS.ZS", "IT.NET.USER.ZS"}


def economies() -> list[Country]:
    """The members the World Bank knows (77 of 79: no Cook Islands, no Niue) and the large economies it knows."""
    return sorted((c for c in COUNTRIES.values() if c.wdi_name and (c.is_acp or c.iso3 in LARGE)), key=lambda c: c.wdi_name)


def value(code: str, iso3: str, year: int) -> float | None:
    """Invented value of a plausible size; None where the series has none (whole countries, odd years, the current year)."""
    _, _, low, high, growth, coverage, decimals = INDICATORS[code]
    if iso3 not in ALWAYS and noise("has", code, iso3) >= coverage:
        return None
    if coverage < 0.7 and iso3 not in ALWAYS and noise("year", code, iso3, year) < 0.4:
        return None
    if code == "IP.PAT.RESD":  # drawn per head: a count drawn alone would give small states thousands of patents a person
        population = value("SP.POP.TOTL", iso3, year) or 0.0
        return float(round(population / 1e6 * 60 * noise("level", code, iso3) ** 3 * around(0.05, code, iso3, year)))
    u = noise("level", code, iso3)
    number = (
        (low + (high - low) * u * u) * (1 + growth * (year - YEARS[0])) * around(0.001 if code == "SP.POP.TOTL" else 0.02, code, iso3, year)
    )
    return round(min(number, 100.0) if code in PERCENT else number, decimals)


def number(x: float | None) -> str:
    """A cell: no value is empty, whole numbers have no decimals."""
    return "" if x is None else str(int(x)) if x == int(x) else repr(x)


def line(cells: list[str]) -> str:
    """A line of the bulk file: everything quoted, a comma at the end."""
    return "".join('"' + c.replace('"', '""') + '",' for c in cells) + "\n"


def bulk_csv(code: str) -> bytes:
    name = INDICATORS[code][0]
    years = range(FIRST_COLUMN, LAST_COLUMN + 1)
    text = [line(["Data Source", "World Development Indicators"]), "\n", line(["Last Updated Date", UPDATED]), "\n"]
    text.append(line(["Country Name", "Country Code", "Indicator Name", "Indicator Code", *map(str, years)]))
    places = [(c.wdi_name, c.iso3) for c in economies()] + [(label, iso3) for iso3, (_, label) in AGGREGATES.items()]
    for label, iso3 in sorted(places):
        text.append(line([label, iso3, name, code, *(number(value(code, iso3, y)) if y in YEARS else "" for y in years)]))
    return BOM + "".join(text).encode()


def zipped(code: str, stem: str) -> bytes:
    """The zip of the download page: data and two metadata members."""
    countries = line(["Country Code", "Region", "IncomeGroup", "SpecialNotes", "TableName"])
    countries += "".join(line([c.iso3, "", "", "", c.wdi_name]) for c in economies())
    indicator = line(["INDICATOR_CODE", "INDICATOR_NAME", "SOURCE_NOTE", "SOURCE_ORGANIZATION"]) + line(
        [code, INDICATORS[code][0], "Synthetic sample", ""]
    )
    return zip_bytes(
        [
            (f"Metadata_Indicator_{stem}.csv", BOM + indicator.encode()),
            (f"{stem}.csv", bulk_csv(code)),
            (f"Metadata_Country_{stem}.csv", BOM + countries.encode()),
        ]
    )


def api_pages(per_page: int = 400) -> list[bytes]:
    """Three pages of one API answer. PLANTED: country id 'NA' is Namibia, an aggregate has no ISO3, empty values are null."""
    rows = []
    places = [(c.iso3, c.iso2, c.wdi_name) for c in economies()] + [(k, *v) for k, v in AGGREGATES.items()]
    for iso3, iso2, label in places:
        base = 3 + 22 * noise("manf", iso3)
        for year in range(2023, 2014, -1):
            there = iso3 in ALWAYS or noise("manf year", iso3, year) > 0.1
            rows.append(
                {
                    "indicator": {"id": API_CODE, "value": API_NAME}, "country": {"id": iso2, "value": label},
                    "countryiso3code": "" if iso3 == "PSS" else iso3, "date": str(year),
                    "value": round(base * around(0.03, "manf", iso3, year), 6) if there else None, 
                    "unit": "", "obs_status": "", "decimal": 0,
                }
            )  # fmt: skip
    pages = -(-len(rows) // per_page)
    head = {"pages": pages, "per_page": per_page, "total": len(rows), "sourceid": "2", "lastupdated": UPDATED}
    return [
        json.dumps([{"page": n + 1, **head}, rows[n * per_page : (n + 1) * per_page]], ensure_ascii=False, separators=(",", ":")).encode()
        for n in range(pages)
    ]


def write(folder: Path) -> list[Path]:
    """The World Bank files of the sample."""
    paths = []
    for code, (_, download, *_) in INDICATORS.items():
        stem = f"API_{code}_DS2_en_csv_v2_{download}"
        paths.append(save(folder, f"{stem}.zip", zipped(code, stem)) if code in ZIPPED else save(folder, f"{stem}.csv", bulk_csv(code)))
    return paths + [save(folder, f"wdi_{API_CODE}_page{n}.json", page) for n, page in enumerate(api_pages(), start=1)]
