"""World Input-Output Database: world tables of the releases of 2013 (35 industries) and 2016 (56 industries)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion import content
from ingestion.errors import BadFile
from ingestion.icio_grid import Grid, grid_of, read_cells, read_grid
from ingestion.icio_sheet import read_sheet
from ingestion.icio_tables import AGAIN, KEY, PARTITION, REVISIONS, Table, same_labels, to_parsed
from ingestion.spec import Parsed, Recognition, SourceSpec
from ingestion.tabular import file_name
from ingestion.text_stream import open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

CONVERTED_COLUMN = re.compile(r"\w{3}\.c\d+")
WIDE_COLUMN = re.compile(r"[A-Z]{3}\d+")
WIDE_LABELS = ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year"]
WIDE_TOTALS = {"II_fob", "GO"}  # sums of other rows
# The converted files do not hold their year. World output, in whole million US dollars, tells it whatever the file is called.
YEAR_OF_WORLD_OUTPUT = {
    55182318: 1995, 56556376: 1996, 56598550: 1997, 56060678: 1998, 58306394: 1999, 60817369: 2000, 60202733: 2001, 62263778: 2002,
    70209283: 2003, 79623737: 2004, 87525644: 2005, 95929120: 2006, 109397520: 2007, 122789483: 2008, 114158086: 2009,
    125840515: 2010, 141767904: 2011,
}  # fmt: skip
YEAR_IN_NAME = re.compile(r"wiot_?(\d{4})(?!\d)", re.IGNORECASE)
ROUNDED_TO_MUSD = 0.5  # the cells of the converted files are whole million US dollars, their output is not the sum of them


def recognise(s: Sniff) -> Recognition | None:
    """By the columns of the converted file or of the wide table of 2016, or by the codes in the third line of the sheet of 2013."""
    detail = {"name": s.name}
    header = content.header(s)
    if content.container(s) == "xlsx" and {"AtB", "15t16"} <= content.sheet_texts(s):
        return Recognition("sheet_2013_csv", "a workbook: save its sheet as CSV, with full precision", detail=detail)
    if header[:3] == ["YEAR", "ISO3C", "WIOT2013_n"] or header == ["CODE", "GVC_Ui", "YEAR", "BEA_CLASS"]:
        return Recognition(
            "sheet_2013_csv", "results of others (upstreamness) from these tables; the tables themselves are read", detail=detail
        )
    if content.container(s) == "parquet":
        try:
            header = pq.read_schema(s.path).names
        except (pa.ArrowInvalid, OSError):
            return None
    converted = sum(bool(CONVERTED_COLUMN.fullmatch(c)) for c in header)
    if content.container(s) == "parquet" and len(header) > 3 and converted >= len(header) - 3:
        return Recognition("rounded_2013_parquet", detail=detail)
    if len({*WIDE_LABELS, "TOT"} & set(header[:6] + header[-1:])) >= 4 and len(header) > len(WIDE_LABELS) + 1:
        return Recognition("wide_2016", detail=detail)
    lines = content.text(s).split("\n", 3)
    if len(lines) == 4 and len(cells := lines[2].split(",")) > 8 and cells[4].strip('" ') == "AtB":
        return Recognition("sheet_2013_csv", detail=detail)
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row an industry of an economy.

    Raises:
        BadFile: the table is not square, a cell is missing or no number, a sum misses the published output, no year.
    """
    name = file_name(path, recognition)
    if recognition.layout == "rounded_2013_parquet":
        return to_parsed(_converted(pq.read_table(path), name), name, rounding_musd=ROUNDED_TO_MUSD)
    if recognition.layout == "sheet_2013_csv":
        with open_text(path, name) as stream:
            return to_parsed(read_sheet(stream, name, "WIOD 2013"), name)
    return to_parsed(_wide(*_wide_grid(path, name), name), name)


def _converted(read: pa.Table, name: str) -> Table:
    """`row`, industries, final use, `output`; no value added (it would be the rest of output)."""
    names = read.column_names
    if (names[0], names[-1]) != ("row", "output"):
        raise BadFile(name, "columns row, <economy>.<code>..., output", f"{names[0]}, ..., {names[-1]}", AGAIN, column=names[-1])
    grid = grid_of(read, names, 1)
    (rows,), n = grid.labels, len(grid.labels[0])
    industries, columns = [_label(r) for r in rows], [_label(c) for c in grid.columns[:-1]]
    same_labels(name, industries, columns)
    output = grid.values[:, -1]
    return Table(
        edition="WIOD 2013",
        year=_year(name, output),
        industries=industries,
        intermediate=grid.values[:, :n],
        final=grid.values[:, n:-1],
        final_columns=[":".join(c) for c in columns[n:]],
        output=output,
    )


def _label(text: str) -> tuple[str, str]:
    """Economy and code of `AUS.c1`."""
    country, _, code = text.partition(".")
    return country, code


def _year(name: str, output: np.ndarray) -> int:
    total = np.nansum(output)
    year = YEAR_OF_WORLD_OUTPUT.get(round(float(total)))
    if year is None and (found := YEAR_IN_NAME.search(name)):
        year = int(found[1])
    if year is None:
        remedy = "name the file wiot_<year>.parquet"
        raise BadFile(name, "world output of a known year, or a name wiot_<year>", f"{total:.0f} million US dollars", remedy)
    return year


def _wide_grid(path: Path, name: str) -> tuple[list[str], Grid]:
    """(names of the leading columns, grid) of the wide table, from CSV or Parquet."""
    with path.open("rb") as f:
        is_parquet = f.read(4) == b"PAR1"
    if is_parquet:
        table = pq.read_table(path)
        n = _label_columns(name, table.column_names)
        return table.column_names[:n], grid_of(table, table.column_names, n)
    with open_text(path, name) as stream:
        header = read_cells(stream)
        n = _label_columns(name, header)
        return header[:n], read_grid(stream, name, header, n)


def _label_columns(name: str, header: list[str]) -> int:
    n = next((i for i, c in enumerate(header) if WIDE_COLUMN.fullmatch(c)), len(header))
    missing = [c for c in WIDE_LABELS if c not in header[:n]] + [c for c in ["TOT"] if header[-1] != c]
    if missing:
        found = ", ".join([*header[: n + 1], "...", header[-1]])[:200]
        raise BadFile(name, f"columns {', '.join(WIDE_LABELS)}, <economy><number>..., TOT", found, AGAIN, column=missing[0])
    return n


def _wide(names: list[str], grid: Grid, name: str) -> Table:
    """Industries by number (`AUS1`), named by their ISIC code; below them rows of the economy TOT."""
    code, _, country, number, year = (grid.labels[names.index(c)] for c in WIDE_LABELS)
    if len(set(year)) != 1:
        raise BadFile(name, "one year", ", ".join(sorted(set(year))) or "none", AGAIN, column="Year")
    n = country.index("TOT") if "TOT" in country else len(country)
    same_labels(name, list(zip(country[:n], number[:n], strict=True)), [(c[:3], c[3:]) for c in grid.columns[:-1]])
    inputs = {code[i]: np.nan_to_num(grid.values[i, :n]) for i in range(n, len(country))}
    if missing := [c for c in ("TXSP", "VA") if c not in inputs]:
        raise BadFile(name, f"rows TXSP and VA below {n} industries", ", ".join(inputs) or "no further row", AGAIN, column=missing[0])
    others = [values for c, values in inputs.items() if c not in {*WIDE_TOTALS, "VA", "TXSP"}]
    return Table(
        edition="WIOD 2016",
        year=int(year[0]),
        industries=list(zip(country[:n], code[:n], strict=True)),
        intermediate=grid.values[:n, :n],
        final=grid.values[:n, n:-1],
        final_columns=[f"{c[:3]}:c{c[3:]}" for c in grid.columns[n:-1]],
        output=grid.values[:n, -1],
        value_added=inputs["VA"],
        taxes=inputs["TXSP"],
        other_inputs=np.sum(others, axis=0) if others else None,
    )


def schema() -> DataFrameSchema:
    from ingestion.schemas.wiod import schema as build

    return build()


SOURCE = SourceSpec(
    name="wiod",
    table="raw_wiod__tables",
    title="World Input-Output Database, world input-output tables",
    publisher="University of Groningen, Groningen Growth and Development Centre",
    homepage="https://www.rug.nl/ggdc/valuechain/wiod/",
    citation="Timmer, M. P., Dietzenbacher, E., Los, B., Stehrer, R. and de Vries, G. J. (2015), An Illustrated User Guide to the "
    "World Input-Output Database, Review of International Economics 23, 575-605",
    licence="CC BY 4.0 (release 2016); release 2013 open data, citation asked",
    may_redistribute=True,
    kind="value_added",
    cadence="ended: releases of 2013 (1995-2011) and 2016 (2000-2014)",
    hosts=(),
    yearly=True,
    key=KEY,
    partition=PARTITION,
    revisions=REVISIONS,
    layouts={
        "sheet_2013_csv": "release 2013, the publisher's sheet saved as CSV: title, codes AtB ..., names, economies, c1 ...",
        "wide_2016": "release 2016 as CSV or Parquet: IndustryCode, IndustryDescription, Country, RNr, Year, AUS1 ..., TOT",
        "rounded_2013_parquet": "release 2013 as converted from an R package, cells in whole million: row, AUS.c1 ..., output",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
)
