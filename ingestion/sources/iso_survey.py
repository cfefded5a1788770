"""ISO Survey: valid certificates of management standards by country and year, from the workbooks of ISO.

The layouts are those that public parsers of the workbooks describe; no workbook was at hand.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Parsed, Recognition, Revisions, SourceSpec
from ingestion.tabular import Cell, file_name
from ingestion.workbook import Row, parsed_cells, read_sheets, text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

CELLS = {
    "standard": Cell("standard", pl.String, "a standard such as ISO 9001"),
    "sheet": Cell("sheet", pl.String, "a title"),
    "country_name": Cell("country", pl.String, "a name"),
    "year": Cell("year", pl.Int16, "a year"),
    "certificates": Cell("certificates", pl.Int64, "a count"),
    "sites": Cell("sites", pl.Int64, "a count", required=False),
}
STANDARD = re.compile(r"ISO(?:/IEC)?[ _]?(\d{4,5})")
YEAR = re.compile(r"(?:19|20)\d\d")
SURVEY_YEAR = re.compile(r"ISO survey[^0-9]{0,20}(20\d\d)", re.IGNORECASE)
HEAD = ["country", "certificates", "sites"]


def recognise(s: Sniff) -> Recognition | None:
    """By the heads of the sheets and a standard that a sheet or a cell names."""
    if content.container(s) != "xlsx":
        return None
    texts = content.sheet_texts(s)
    with suppress(zipfile.BadZipFile, KeyError), zipfile.ZipFile(s.path) as z:
        texts = texts | set(re.findall(r'<sheet [^>]*name="([^"]*)"', z.read("xl/workbook.xml").decode("utf-8", "replace")))
    if not any(STANDARD.search(t) for t in texts):
        return None
    lower = {t.strip().lower() for t in texts}
    if set(HEAD) <= lower:
        return Recognition("per_year", detail={"name": s.name})
    return Recognition("per_standard", detail={"name": s.name}) if "year" in lower else None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a number: standard, country and year. Rows `Country` of the older workbooks are totals of regions and are left out.

    Raises:
        BadFile: damaged, no table found, or a workbook of one survey that does not name its year.
    """
    name = file_name(path, recognition)
    sheets = read_sheets(path, name)
    found = list((_surveyed if recognition.layout == "per_year" else _series)(sheets, name))
    if not found:
        raise BadFile(name, "a table of countries", f"none in {', '.join(sheets)}", "use the workbook as ISO publishes it")
    return parsed_cells(found, CELLS)


def _standard(title: str, rows: list[Row]) -> str:
    """The standard that a sheet names: in its title, else in its first rows."""
    for said in (title, *(text(c) for row in rows[:5] for c in row)):
        if match := STANDARD.search(said):
            return f"ISO {match[1]}"
    return ""


def _series(sheets: dict[str, list[Row]], name: str) -> Iterator[tuple[str, ...]]:
    """Years as columns under a head `Year`; one standard a workbook."""
    standard = next((s for title, rows in sheets.items() if (s := _standard(title, rows))), "")
    for title, rows in sheets.items():
        years: dict[int, str] = {}
        for number, row in enumerate(rows, 1):
            first = text(row[0]) if row else ""
            if first == "Year":
                years = {n: text(c) for n, c in enumerate(row) if YEAR.fullmatch(text(c))}
            elif first and first != "Country":
                for n, year in years.items():
                    if n < len(row) and text(row[n]):
                        yield f"of {first} in {year} (sheet {title}, row {number})", standard, title, first, year, text(row[n]), ""


def _surveyed(sheets: dict[str, list[Row]], name: str) -> Iterator[tuple[str, ...]]:
    """One survey: a sheet a standard, countries below a head; sectors beside them are not read."""
    said = [*sheets, *(text(c) for rows in sheets.values() for row in rows[:5] for c in row)]
    year = next((m[1] for t in said if (m := SURVEY_YEAR.search(t))), None)
    if year is None:
        remedy = "write `ISO Survey` and the year into a cell of the first rows: nothing in the workbook says which survey it is"
        raise BadFile(name, "a title that names the year, such as ISO Survey 2018", "none", remedy)
    for title, rows in sheets.items():
        where: dict[str, int] = {}
        standard = _standard(title, rows)
        for number, row in enumerate(rows, 1):
            cells = [text(c) for c in row]
            lower = [c.lower() for c in cells]
            if set(HEAD) <= set(lower):
                where = {h: lower.index(h) for h in HEAD}
            elif where and len(cells) > max(where.values()) and (country := cells[where["country"]]) and cells[where["certificates"]]:
                place = f"of {country} (sheet {title}, row {number})"
                yield place, standard, title, country, year, cells[where["certificates"]], cells[where["sites"]]


def schema() -> DataFrameSchema:
    """Counts of valid certificates and of the sites that they cover."""
    from pandera.polars import Check, Column, DataFrameSchema

    return DataFrameSchema(
        {
            "standard": Column(pl.String, Check.str_matches(r"^ISO \d{4,5}$")),
            "sheet": Column(pl.String),
            "country_name": Column(pl.String),
            "year": Column(pl.Int16, Check.in_range(1993, 2100)),  # the survey begins in 1993
            "certificates": Column(pl.Int64, Check.ge(0)),
            "sites": Column(pl.Int64, Check.ge(0), nullable=True),
        },
        strict=True,
    )


SOURCE = SourceSpec(
    name="iso_survey",
    table="raw_iso_survey__certificates",
    title="ISO Survey of certifications",
    publisher="International Organization for Standardization",
    homepage="https://www.iso.org/the-iso-survey.html",
    citation="ISO, The ISO Survey of Management System Standard Certifications",
    licence="ISO's terms: figures may be quoted with their source, no bulk redistribution",
    may_redistribute=False,
    kind="standards",
    cadence="yearly in autumn",
    hosts=(),
    yearly=False,
    key=("standard", "sheet", "country_name", "year"),
    partition=("standard", "year"),
    revisions=Revisions(("certificates",), by=("country_name", "standard")),
    layouts={
        "per_year": "workbook of one survey from 2018 on, a sheet a standard",
        "per_standard": "workbook of one standard up to 2017, years as columns",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
)
