"""ADB MRIO, statistics of global value chains by the ADB's team: participation, production lengths, comparative advantage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Parsed, Recognition, Revisions, SourceSpec, Watch
from ingestion.tabular import BAD_SCHEMA, file_name, need_columns, parsed
from ingestion.text_stream import AGAIN

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

LABELS = {"t": "year", "s": "economy_number", "agg": "sector_level", "i": "sector_number"}
LENGTHS = (
    "PLv", "PLv_D", "PLv_RT", "PLvd_GVC", "CBv_GVC", "PLvf_GVC", "PLy", "PLy_D", "PLy_RT", "PLyd_GVC", "CBy_GVC", "PLyf_GVC", "PLv_GVC",
    "PLy_GVC", "GVC_POS",
)  # fmt: skip
# Layout -> figures of the file: the publisher's name -> ours.
FIGURES: dict[str, dict[str, str]] = {
    "participation": {
        "Exports": "exports_musd", "va": "value_added_musd", "GVC_trade_f": "gvc_forward_musd", "GVC_trade_b": "gvc_backward_musd",
        "GVC_trade": "gvc_trade_musd", "GVC_prod": "gvc_production_musd", "GVCP_trade_f": "forward_share", "GVCP_trade_b": "backward_share",
        "GVCP_trade": "participation_share", "GVCP_prod": "production_share",
    },
    "lengths": {name: name.lower() for name in LENGTHS},
    "advantage": {
        **{f"{flow}_{of}": f"{flow}_{of}_musd" for flow in ("exports", "vaxes", "vaxos") for of in ("si", "s", "i", "all")},
        "rca": "rca", "rca_vaxes": "rca_vaxes", "rca_vaxos": "rca_vaxos",
    },
}  # fmt: skip
DTYPES: dict[str, Any] = {
    "statistics": pl.String, "edition": pl.String, "year": pl.Int16, "economy_number": pl.String, "sector_level": pl.Int8,
    "sector_number": pl.String, **{ours: pl.Float64 for figures in FIGURES.values() for ours in figures.values()}, "data_origin": pl.String,
}  # fmt: skip
SUMMARY = {"t", "s", "i", "i5", "i15", "x", "zuse", "va", "zsales", "y"}
NO_FIGURES = {
    ("mrio", "code", "iso_a3", "name", "region"): "dictionary of the ADB's economies, without figures",
    ("c_ind", "c_name", "c_name_short"): "dictionary of the ADB's sectors, without figures",
}


def recognise(s: Sniff) -> Recognition | None:
    """By the columns of the Parquet file. A summary of the tables is refused: it repeats what the tables hold."""
    detail = {"name": s.name}
    if content.container(s) != "parquet":
        header = tuple(content.header(s))
        refused = next((why for start, why in NO_FIGURES.items() if header[: len(start)] == start), None)
        return Recognition("participation", refused, detail=detail) if refused else None
    try:
        names = pq.read_schema(s.path).names
    except (pa.ArrowInvalid, OSError):
        return None
    if set(names) == SUMMARY:
        return Recognition(
            "participation", "converted: totals of the tables, exports cut off; they are computed from the tables", detail=detail
        )
    for layout, figures in FIGURES.items():
        if content.looks_like(names, [*LABELS, *figures], 9) and len(set(names) & set(figures)) > len(figures) // 2:
            return Recognition(layout, detail=detail)
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a line of the file. Economies and sectors stay numbers: what they are stands in the ADB's own lists.

    Raises:
        BadFile: damaged, a column is missing or of another type, or an economy is missing.
    """
    name, figures = file_name(path, recognition), FIGURES[recognition.layout]
    try:
        frame = pl.DataFrame(pl.from_arrow(pq.read_table(path)))
    except (pa.ArrowInvalid, OSError) as e:
        raise BadFile(name, "a readable Parquet file", f"a damaged one ({e})", AGAIN) from e
    need_columns(name, frame.columns, [*LABELS, *figures])
    for column in (*LABELS, *figures):
        wanted = "whole numbers" if column in LABELS else "numbers"
        is_right = frame.schema[column].is_integer() if column in LABELS else frame.schema[column].is_numeric()
        if not is_right or (column in LABELS and frame[column].null_count()):
            raise BadFile(name, wanted, f"{frame.schema[column]}, {frame[column].null_count()} missing", AGAIN, column=column)
    economies = frame["s"].unique().sort().to_list()
    if economies != list(range(1, len(economies) + 1)):
        raise BadFile(name, "economies numbered from 1 without a gap", ", ".join(map(str, economies))[:80], AGAIN, column="s")
    read = frame.with_row_index("_row", 1).select(
        pl.col("_row").cast(pl.Int64),
        statistics=pl.lit(recognition.layout),
        edition=pl.lit(f"ADB MRIO {len(economies) - 1}"),  # the last one is the rest of the world
        data_origin=pl.lit("modelled"),
        **{ours: pl.col(theirs).cast(DTYPES[ours]) for theirs, ours in LABELS.items()},
        **{ours: pl.col(theirs).cast(pl.Float64) for theirs, ours in figures.items()},
    )
    missing = [pl.lit(None, dtype=pl.Float64).alias(c) for c in DTYPES if c not in read.columns]
    numbers = [pl.when(pl.col(c).is_finite()).then(pl.col(c)).alias(c) for c in figures.values()]
    return parsed([read.with_columns(*numbers, *missing)], [pl.DataFrame(schema=BAD_SCHEMA)], read.height, DTYPES)


def schema() -> DataFrameSchema:
    from ingestion.schemas.adb_gvc import schema as build

    return build()


SOURCE = SourceSpec(
    name="adb_gvc",
    table="raw_adb_gvc__statistics",
    title="ADB MRIO, statistics of global value chains",
    publisher="Asian Development Bank",
    homepage="https://kidb.adb.org/globalization",
    citation="Asian Development Bank, Global Value Chain indicators from the Multiregional Input-Output Database",
    licence="MIT (the programs' repository); the tables behind are under the ADB's terms of use, passing on is not stated",
    may_redistribute=False,
    kind="value_added",
    cadence="yearly, with the tables",
    watch=Watch(late_after_days=425),
    hosts=(),
    yearly=False,
    key=("statistics", "edition", "year", "economy_number", "sector_level", "sector_number"),
    partition=("statistics", "edition"),
    revisions=Revisions(("gvc_trade_musd",), by=("economy_number", "sector_number")),
    layouts={
        "participation": "gvcp.parquet: t, s, agg, i, Exports, va, GVC_trade_f, GVC_trade_b, GVC_trade, GVC_prod and their shares GVCP_...",
        "lengths": "lengths.parquet: t, s, agg, i, PLv, PLy and their parts, GVC_POS",
        "advantage": "rca.parquet: t, s, agg, i, exports, value-added exports, rca",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
)
