"""Logistics Performance Index as DataBank exports it, and FAOSTAT crops as the bulk archive ships them (normalized, in cp1252)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingestion.sample.context import ALWAYS, economies
from ingestion.sample.wire import around, noise, save, xlsx_bytes, zip_bytes

EDITIONS = (2016, 2018, 2023)
LPI_SERIES = {
    "LP.LPI.OVRL.XQ": "Logistics performance index: Overall score (1=low to 5=high)",
    "LP.LPI.OVRL.XQ.LB": "Logistics performance index: Overall score (1=low to 5=high), lower bound",
    "LP.LPI.OVRL.XQ.UB": "Logistics performance index: Overall score (1=low to 5=high), upper bound",
}
BOUND = 0.15  # half width; the edition of 2023 has no bounds

CROP_YEARS = range(2010, 2024)
CROP_HEAD = "Area Code,Area Code (M49),Area,Item Code,Item Code (CPC),Item,Element Code,Element,Year Code,Year,Unit,Value,Flag,Note\r\n"
COCOA, TEA = ("661", "01640", "Cocoa beans"), ("667", "01620", "Tea leaves")
# Area -> thousand hectares and tonnes a hectare in the first and in the last year.
FIELDS = {
    COCOA: {
        (81, "288", "Ghana"): (1600, 0.40, 0.60),  # PLANTED: climbs over the world's yield
        (107, "384", "Côte d'Ivoire"): (2900, 0.55, 0.55),  # PLANTED: the ô of cp1252
        (32, "120", "Cameroon"): (700, 0.40, 0.35),
        (5000, "001", "World"): (10000, 0.45, 0.50),
    },
    TEA: {
        (114, "404", "Kenya"): (200, 8.0, 9.5),
        (41, "156", "China, mainland"): (2200, 3.0, 4.5),
        (351, "159", "China"): (2250, 3.0, 4.5),  # PLANTED: a group that holds the one above
        (5000, "001", "World"): (4000, 4.0, 5.0),
    },
}
ESTIMATED = (81, 2023)  # PLANTED: figures of FAO, not of the country
NO_AREA = (32, 2015)  # PLANTED: the cell is empty, so there is no yield


def score(iso3: str, edition: int) -> float | None:
    """Invented overall score; None where the country was not surveyed. The edition of 2023 has one decimal."""
    if iso3 not in ALWAYS and noise("lpi", iso3, edition) < 0.35:
        return None
    found = (1.8 + 2.2 * noise("lpi level", iso3)) * around(0.05, "lpi", iso3, edition)
    return round(found, 1 if edition >= 2023 else 6)


def databank() -> bytes:
    """One sheet, a row a country and series, a column an edition, two dots where there is nothing."""
    rows = [["Country Name", "Country Code", "Series Name", "Series Code", *(f"{y} [YR{y}]" for y in EDITIONS)]]
    for country in economies():
        for code, name in LPI_SERIES.items():
            cells = []
            for edition in EDITIONS:
                value = score(country.iso3, edition)
                if value is not None and code != "LP.LPI.OVRL.XQ":
                    side = -BOUND if code.endswith("LB") else BOUND
                    value = None if edition >= 2023 else round(value + side, 6)
                cells.append(".." if value is None else repr(value))
            rows.append([country.wdi_name, country.iso3, name, code, *cells])
    return xlsx_bytes("Data", rows)


def crop_rows() -> Iterator[str]:
    """Area harvested and production; nothing else is read from the yields that FAO publishes beside them."""
    for (item, cpc, name), fields in FIELDS.items():
        for (area, m49, label), (hectares, first, last) in fields.items():
            for n, year in enumerate(CROP_YEARS):
                grown = round(hectares * 1000 * around(0.02, "field", area, item, year))
                harvest = round(grown * (first + (last - first) * n / (len(CROP_YEARS) - 1)))
                figures: tuple[tuple[str, str, str, int | None], ...] = (
                    ("5312", "Area harvested", "ha", None if (area, year) == NO_AREA else grown),
                    ("5510", "Production", "t", harvest),
                )
                for code, element, unit, value in figures:
                    flag = "M" if value is None else "E" if (area, year) == ESTIMATED else "A"
                    number = "" if value is None else f"{value}.000000"
                    cells = (area, f"'{m49}", label, item, f"'{cpc}", name, code, element, year, year, unit, number, flag, "")
                    yield ",".join(f'"{c}"' for c in cells) + "\r\n"


def write(folder: Path) -> list[Path]:
    """The export of the index and the archive of crops."""
    crops = "".join([CROP_HEAD, *crop_rows()]).encode("cp1252")
    members = [("Production_Crops_Livestock_E_All_Data_(Normalized).csv", crops)]
    return [
        save(folder, "P_Data_Extract_From_Logistics_Performance_Index.xlsx", databank()),
        save(folder, "Production_Crops_Livestock_E_All_Data_(Normalized).zip", zip_bytes(members)),
    ]
