"""Most-favoured-nation duties of the European Union and the United Kingdom by tariff line, published side by side by the United Kingdom."""

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

CELLS = {
    "commodity_code": Cell("commodity", pl.String, "a code of 8 or 10 digits"),
    "description": Cell("description", pl.String, "a name", required=False),
    "eu_duty": Cell("cet_duty_rate", pl.String, "a duty such as 7.50% or 8.00% + 25.20 EUR / 100 kg"),
    "uk_duty": Cell("ukgt_duty_rate", pl.String, "a duty such as 8.0% or 77.00 GBP/100kg"),
    "change": Cell("change", pl.String, "what the United Kingdom changed"),
    "is_trade_remedy": Cell("trade_remedy_applies", pl.Boolean, "True or False"),
    "is_suspended": Cell("suspension_applies", pl.Boolean, "True or False"),
    "has_quota": Cell("atq_applies", pl.Boolean, "True or False"),
}
DTYPES = {target: cell.dtype for target, cell in CELLS.items()}
COLUMNS = [cell.source for cell in CELLS.values()] + ["cet_applies_until_trade_remedy_transition_reviews_concluded"]


def recognise(s: Sniff) -> Recognition | None:
    """By the columns."""
    header = content.header(s)
    return Recognition("csv", detail={"name": s.name}) if content.looks_like(header, COLUMNS, 6) else None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a tariff line; duties as they are written: which of them are plain percentages is decided in staging.

    Raises:
        BadFile: damaged, not UTF-8, or a column is missing.
    """
    name = file_name(path, recognition)
    with open_text(path, name) as stream:
        rows = CsvRows(stream, name, CELLS)
        frames = list(rows)
    return parsed(frames, rows.faults, rows.rows_read, DTYPES)


def schema() -> DataFrameSchema:
    """Codes are the Combined Nomenclature's eight digits, or ten where the line is split."""
    from pandera.polars import Check, Column, DataFrameSchema

    duty = Check.str_matches(r"^(\S.*)$")
    return DataFrameSchema(
        {
            "commodity_code": Column(pl.String, Check.str_matches(r"^\d{8}(\d{2})?$")),
            "description": Column(pl.String, nullable=True),
            "eu_duty": Column(pl.String, duty),
            "uk_duty": Column(pl.String, duty),
            "change": Column(pl.String, Check.isin(["Simplified", "No change", "Liberalised", "Currency conversion", "Reduced"])),
            "is_trade_remedy": Column(pl.Boolean),
            "is_suspended": Column(pl.Boolean),
            "has_quota": Column(pl.Boolean),
        },
        strict=True,
    )


SOURCE = SourceSpec(
    name="eu_uk_tariffs",
    table="raw_eu_uk_tariffs__lines",
    title="EU common external tariff and UK Global Tariff, most-favoured-nation duties by line",
    publisher="UK Department for International Trade",
    homepage="https://github.com/uktrade/global-uk-tariff",
    citation="UK Department for International Trade, UK Global Tariff (2020)",
    licence="Open Government Licence v3",
    may_redistribute=True,
    kind="standards",
    cadence="once, in 2020 and 2021; the EU's duties are those of 2020, the UK's those from 1 January 2021",
    hosts=(),
    yearly=False,
    key=("commodity_code",),
    partition=(),
    revisions=Revisions(),  # duties are texts: lines that are gone are counted
    layouts={"csv": "commodity, description, cet_duty_rate, ukgt_duty_rate, change, …, plain or gzip"},
    recognise=recognise,
    parse=parse,
    schema=schema,
)
