"""One row of the UN Comtrade API v1: 47 fields in wire order, as JSON record and as CSV line."""

from __future__ import annotations

from typing import Any

from ingestion.sample.names import COUNTRIES
from ingestion.sample.wire import words

CHAPTERS = {
    "03": "Fish and crustaceans, molluscs and other aquatic invertebrates",
    "08": "Fruit and nuts, edible", "09": "Coffee, tea, mate and spices",
    "16": "Meat, fish or crustaceans, molluscs; preparations thereof", "18": "Cocoa and cocoa preparations",
    "21": "Miscellaneous edible preparations", "44": "Wood and articles of wood; wood charcoal", "52": "Cotton",
    "60": "Fabrics; knitted or crocheted",
    "61": "Apparel; knitted or crocheted", "62": "Apparel; not knitted or crocheted", "94": "Furniture",
}  # fmt: skip
FLOWS = {"M": "Import", "X": "Export", "RX": "Re-export", "RM": "Re-import", "DX": "Domestic Export"}
SPECIAL = {"World": (0, "W00", "World"), "Areas": (899, "_X ", "Areas, nes")}
# HS1996 code -> code in the revision reported. PLANTED: these must be mapped back (H2 2002, H3 2007, H4 2012, H5 2017, H6 2022).
RENAMED = {
    "030349": {"H2": "030344", "H3": "030344", "H4": "030344", "H5": "030344", "H6": "030344"},
    "600230": {"H2": "600410", "H3": "600410", "H4": "600410", "H5": "600410", "H6": "600410"},
    "440729": {"H3": "440727", "H4": "440727"},
    "441213": {"H3": "441231", "H4": "441231", "H5": "441231", "H6": "441231"},
    "440710": {"H5": "440711", "H6": "440711"},
}
FIELDS = words(
    "typeCode freqCode refPeriodId refYear refMonth period reporterCode reporterISO reporterDesc flowCode flowDesc partnerCode "
    "partnerISO partnerDesc partner2Code partner2ISO partner2Desc classificationCode classificationSearchCode isOriginalClassification "
    "cmdCode cmdDesc aggrLevel isLeaf customsCode customsDesc "
    "mosCode motCode motDesc qtyUnitCode qtyUnitAbbr qty isQtyEstimated altQtyUnitCode altQtyUnitAbbr altQty "
    "isAltQtyEstimated netWgt isNetWgtEstimated grossWgt isGrossWgtEstimated "
    "cifvalue fobvalue primaryValue legacyEstimationFlag isReported isAggregate"
)
CSV_HEADER = ",".join(f'"{f}"' for f in FIELDS) + "\n"


def revision(reporter: str, year: int) -> str:
    """The HS edition the reporter uses: PLANTED, four countries change one year late."""
    edition = year - 1 if reporter in ("TGO", "PNG", "LSO", "NGA") else year
    return next(code for code, start in (("H6", 2022), ("H5", 2017), ("H4", 2012), ("H3", 2007), ("H2", 2002)) if edition >= start)


def area(name: str) -> tuple[int, str, str]:
    """Comtrade code, ISO3 and name of a country or special area."""
    return SPECIAL[name] if name in SPECIAL else (int(COUNTRIES[name].comtrade_code), name, COUNTRIES[name].name)


def row(d: dict[str, Any]) -> dict[str, Any]:
    """The 47 fields of a declaration (year, month or none, hs6, flow, reporter, partner, fob, cif in USD, kg)."""
    reporter, partner, month = area(d["reporter"]), area(d["partner"]), d.get("month")
    hs = revision(d["reporter"], d["year"])
    code = RENAMED.get(d["hs6"], {}).get(hs, d["hs6"])
    total = code == "TOTAL"
    unit = (-1, "N/A") if total else (8, "kg")
    kg, estimated = d["kg"], d.get("kg_estimated", False)
    level = 0 if total else len(code)
    blank_after = " " if month and d["reporter"] == "ESP" else ""  # PLANTED: mosCode '0' and '0 ' both occur
    values = (
        "C", "M" if month else "A", d["year"] * 10000 + (month or 1) * 100 + 1, d["year"], month or 52,
        f"{d['year']}{month:02d}" if month else str(d["year"]),
        *reporter, d["flow"], FLOWS[d["flow"]], *partner, 0, "W00", "World", hs, "HS", True,
        code, "All Commodities" if total else CHAPTERS[code[:2]], level, level == 6, "C00", "TOTAL CPC", "0" + blank_after, 0, "TOTAL MOT",
        *unit, kg, estimated, *unit, kg, estimated, kg, estimated, None, False,
        d["cif"], d["fob"], d["cif"] if d["cif"] is not None else d["fob"], 0, total, not total,
    )  # fmt: skip
    return dict(zip(FIELDS, values, strict=True))


def cell(value: Any) -> str:
    """A value as the CSV of API rows writes it: text quoted, null blank, booleans in lower case, no needless decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(round(value, 3))
    return str(value)


def csv_row(record: dict[str, Any]) -> str:
    return ",".join(cell(record[f]) for f in FIELDS) + "\n"
