"""World Bank WITS, GVC output table: gross output split by how many borders it crosses, from six input-output databases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion import content
from ingestion.spec import Parsed, Recognition, Revisions, SourceSpec
from ingestion.tabular import Cell, CsvRows, file_name, parsed
from ingestion.text_stream import open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

OFFICIAL = ["country", "sect", "t", "source", "outp", "outpd", "outptt", "gvco", "gvcobp", "gvcofp", "gvcomix"]
ADDED = [f"{c}%" for c in OFFICIAL[5:]] + [f"{c}_diff" for c in OFFICIAL[5:]]
WITNESSES = ("eora", "tiva", "adb", "wiodo", "wiodn", "wiodlr")
MODELLED = "eora"  # Eora's tables of small states are estimated by optimisation
NO_DATA = {
    ("sect", "source", "sect_name", "sect_group"): "dictionary of sector names, without figures",
    ("country", "country_name", "Region"): "dictionary of country names, without figures",
}

CELLS = {
    "country_code": Cell("country", pl.String, "a country code of the witness"),
    "sector_code": Cell("sect", pl.String, "a sector number of the witness"),
    "year": Cell("t", pl.Int16, "a year"),
    "witness": Cell("source", pl.String, " or ".join(WITNESSES)),
    "output_musd": Cell("outp", pl.Float64, "million US dollars", required=False),
    "domestic_musd": Cell("outpd", pl.Float64, "million US dollars", required=False),
    "traditional_trade_musd": Cell("outptt", pl.Float64, "million US dollars", required=False),
    "gvc_musd": Cell("gvco", pl.Float64, "million US dollars", required=False),
    "gvc_backward_musd": Cell("gvcobp", pl.Float64, "million US dollars", required=False),
    "gvc_forward_musd": Cell("gvcofp", pl.Float64, "million US dollars", required=False),
    "gvc_two_sided_musd": Cell("gvcomix", pl.Float64, "million US dollars", required=False),
}
DTYPES = {**{target: cell.dtype for target, cell in CELLS.items()}, "data_origin": pl.String}


def recognise(s: Sniff) -> Recognition | None:
    """By the eleven columns; the copies with added shares are rounded and come second."""
    detail = {"name": s.name}
    header = content.header(s)
    if content.looks_like(header, OFFICIAL, 9):
        return Recognition("official_11_columns", detail=detail)
    if content.looks_like(header, OFFICIAL + ADDED, 20):
        return Recognition("with_added_shares", detail=detail)
    if {"country", "t", "outp", "gross output"} <= set(header):
        why = "converted by someone: one sector's output beside a country total and a ratio that WITS does not publish"
        return Recognition("official_11_columns", why, detail=detail)
    no_data = NO_DATA.get(tuple(header))
    return Recognition("official_11_columns", no_data, detail=detail) if no_data else None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """Figures as published, small negative parts included (negative inventory changes). Codes are those of each witness."""
    name = file_name(path, recognition)
    with open_text(path, name) as stream:
        rows = CsvRows(stream, name, CELLS)
        origin = pl.when(pl.col("witness") == MODELLED).then(pl.lit("modelled")).otherwise(pl.lit("official"))
        frames = [f.with_columns(data_origin=origin) for f in rows]
    return parsed(frames, rows.faults, rows.rows_read, DTYPES)


def schema() -> DataFrameSchema:
    from ingestion.schemas.wits_gvc import schema as build

    return build()


SOURCE = SourceSpec(
    name="wits_gvc",
    table="raw_wits_gvc__output",
    title="WITS GVC output table (Eora, OECD, ADB and WIOD side by side)",
    publisher="World Bank",
    homepage="https://wits.worldbank.org/gvc/global-value-chains.html",
    citation="World Bank, World Integrated Trade Solution, GVC output table (Borin, Mancini and Taglioni)",
    licence="World Bank data are in general CC BY 4.0, not stated for this table; the Eora rows rest on tables for academic use only",
    may_redistribute=False,
    kind="value_added",
    cadence="irregular, with new editions of the input-output databases",
    hosts=(),
    yearly=False,
    key=("witness", "country_code", "sector_code", "year"),
    partition=("witness", "sector_code"),
    revisions=Revisions(("gvc_musd",), by=("country_code", "sector_code")),
    layouts={
        "official_11_columns": "country,sect,t,source,outp,outpd,outptt,gvco,gvcobp,gvcofp,gvcomix",
        "with_added_shares": "the same with shares and yearly changes that others added (figures rounded)",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
)
