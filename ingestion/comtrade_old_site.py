"""UN Comtrade, the CSV of the site and API until 2022: the columns of today under other names.

Tools have written these files again with other punctuation in the names (`Trade_Value__US__`) and without the leading zero of a code. Names
are compared by their letters and digits; HS codes have an even number of digits, so an odd one has lost its zero.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence

import polars as pl

from ingestion.spec import Parsed
from ingestion.tabular import Cell, CsvRows, parsed, read_header, typed

# Letters and digits of a name -> the field of today. The columns of the second partner may begin with an X.
NAMES = {
    "classification": "classificationCode", "year": "refYear", "period": "period", "aggregatelevel": "aggrLevel",
    "tradeflowcode": "flowCode", "reportercode": "reporterCode", "partnercode": "partnerCode", "2ndpartnercode": "partner2Code",
    "customsproccode": "customsCode", "modeoftransportcode": "motCode", "commoditycode": "cmdCode", "netweightkg": "netWgt",
    "tradevalueus": "primaryValue", "ciftradevalueus": "cifvalue", "fobtradevalueus": "fobvalue", "flag": "legacyEstimationFlag",
}  # fmt: skip
FLOWS = {"1": "M", "2": "X", "3": "RX", "4": "RM"}
WEIGHT_ESTIMATED = {"0": "false", "2": "false", "4": "true", "6": "true"}  # 2: quantity, 4: net weight, 6: both
MADE_OF = {"isNetWgtEstimated": "legacyEstimationFlag", "freqCode": "period", "refMonth": "period"}
TOTALS = {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}  # what nothing in these columns means


def is_old_site(header: Sequence[str]) -> bool:
    """All columns that are read are there, under their old names."""
    return set(_fields(header)) == set(NAMES.values())


def _fields(header: Sequence[str]) -> dict[str, str]:
    """Field of today -> name in this file."""
    plain = {re.sub(r"[^a-z0-9]", "", name.lower()).removeprefix("x"): name for name in header}
    return {field: plain[old] for old, field in NAMES.items() if old in plain}


def parse(stream: io.BufferedReader, name: str, cells: Mapping[str, Cell], dtypes: Mapping[str, object]) -> Parsed:
    """The rows as those of an answer of today; `cells` are its cells. Faults name the columns of the file."""
    header = read_header(stream)
    fields = _fields(header)
    lines = CsvRows(stream, name, {field: Cell(old, pl.String(), "") for field, old in fields.items()}, header=header)
    frames, faults, told = [], [], {**fields, **{made: fields[of] for made, of in MADE_OF.items()}}
    for block in lines.raw_blocks():
        good, bad = typed(_as_today(block.rename({old: field for field, old in fields.items()})), cells)
        frames.append(good)
        faults.append(bad.with_columns(pl.col("column").replace(told)))
    return parsed(frames, [*lines.faults, *faults], lines.rows_read, dtypes)


def _as_today(block: pl.DataFrame) -> pl.DataFrame:
    """Texts of the old columns -> texts of an answer. `NA` is nothing: no column that is read holds a code NA."""
    texts = [pl.col(f).str.strip_chars().replace("NA", "").alias(f) for f in NAMES.values()]
    period, code = pl.col("period"), pl.col("cmdCode")
    is_annual = period.str.len_chars() == 4
    return block.with_columns(texts).with_columns(
        *(pl.col(f).replace("", total) for f, total in TOTALS.items()),
        pl.when(is_annual).then(pl.lit("A")).otherwise(pl.lit("M")).alias("freqCode"),
        pl.when(is_annual).then(pl.lit("52")).otherwise(period.str.slice(4)).alias("refMonth"),
        pl.col("flowCode").replace(FLOWS),
        pl.when(code.str.contains(r"^\d(\d\d)*$")).then(pl.concat_str(pl.lit("0"), code)).otherwise(code).alias("cmdCode"),
        pl.col("legacyEstimationFlag").replace(WEIGHT_ESTIMATED).alias("isNetWgtEstimated"),
        mosCode=pl.lit("0"),
        isReported=pl.lit(""),
        isAggregate=pl.lit(""),
    )
