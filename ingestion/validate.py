"""The door of the lake: the source's schema and key, row by row. Rows that fail are named, counted and left out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingestion.errors import BadFile
from ingestion.spec import Parsed, SourceSpec

if TYPE_CHECKING:
    import polars as pl

    from ingestion.order import Order

MAX_BAD_SHARE = 0.01  # more than this and the file is not what it claims to be
CHECKED_ROWS = 1_000_000  # at a time; a rule of a schema is about one row
EXAMPLES = 20
TRACE = ("_row", "data_origin")  # of the lake's trace, what a parser may give
LEFT_OUT = "the row is left out; correct it in a file from the publisher or report it to them"


@dataclass(frozen=True)
class Validated:
    """`good` are the rows to keep (columns of the schema and `_row`), `bad` one line a fault, `rows_bad` distinct rows.

    `places`: numbers of the good rows in the order of the lake, where looking for repeated keys has found it.
    """

    good: pl.DataFrame
    bad: pl.DataFrame
    rows_bad: int
    places: pl.Series | None = None


def bad_schema() -> dict[str, pl.DataType]:
    """Columns of a table of faults."""
    import polars as pl

    return {"_row": pl.Int64(), "column": pl.String(), "expected": pl.String(), "found": pl.String(), "remedy": pl.String()}


def validate(spec: SourceSpec, name: str, parsed: Parsed) -> Validated:
    """Check the rows of one file, or of a piece of it.

    Raises:
        BadFile: the columns are not those of the schema, or rows are unaccounted for.
    """
    import polars as pl

    parse_bad = parsed.bad.select(pl.col(c).cast(t) for c, t in bad_schema().items())
    unread = (
        parse_bad.filter(~pl.col("_row").is_in(parsed.frame["_row"].cast(pl.Int64).implode()))["_row"].n_unique() if len(parse_bad) else 0
    )
    if parsed.frame.height + unread != parsed.rows_read:
        found = f"{parsed.frame.height} readable and {unread} bad rows of {parsed.rows_read}"
        raise BadFile(name, "every data row to be readable or named as bad", found, f"report this: the parser of {spec.name} loses rows")
    with ThreadPoolExecutor(1) as pool:
        sorting = pool.submit(lake_order, spec, parsed.frame)
        faults = [parse_bad, schema_faults(spec, name, parsed.frame)]
        order = sorting.result()
    bad = pl.concat([*faults, key_faults(spec, parsed.frame, order)]).unique().sort("_row", "column", "expected", "found")
    bad_rows = bad["_row"].unique()
    if not len(bad_rows):
        return Validated(parsed.frame, bad, 0, None if order.has_repeats else order.places)
    return Validated(parsed.frame.filter(~pl.col("_row").cast(pl.Int64).is_in(bad_rows.implode())), bad, bad_rows.len())


class TooManyBadRows(BadFile):
    """More than 1 % of a file is bad: nothing of it is used. Carries the faults."""

    def __init__(self, spec: SourceSpec, name: str, rows_read: int, rows_bad: int, bad: pl.DataFrame) -> None:
        examples = bad.head(EXAMPLES).to_dicts()
        first = examples[0]
        super().__init__(
            file=name,
            row=first["_row"],
            column=first["column"],
            expected=f"{first['expected']} (at most {MAX_BAD_SHARE:.0%} bad rows)",
            found=f"{first['found']} ({rows_bad} of {rows_read} rows are bad)",
            remedy=f"{first['remedy']}; no row of this file is used, and nothing that depends on {spec.table} is published until then",
        )
        self.rows_read = rows_read
        self.rows_bad = rows_bad
        self.examples: list[dict[str, Any]] = examples


def schema_faults(spec: SourceSpec, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Values that the pandera schema refuses, one line each.

    Raises:
        BadFile: a column is missing, too many, or of another type.
    """
    import polars as pl

    if _is_clean(spec, frame):
        return pl.DataFrame(schema=bad_schema())
    slices = [frame.slice(first, CHECKED_ROWS) for first in range(0, max(frame.height, 1), CHECKED_ROWS)]
    return pl.concat([_faults_of_slice(spec, name, s) for s in slices])


def _is_clean(spec: SourceSpec, frame: pl.DataFrame) -> bool:
    """Whether all rows of a frame with enumerations pass: each of their texts is looked at once, not in every row.

    A rule of a schema is about one cell or about one row. What fails here is looked at again row by row, to be named.
    """
    import pandera.errors
    import pandera.polars as pa
    import polars as pl

    from ingestion.order import with_common_enum

    schema = spec.schema()
    checked = frame.drop(c for c in TRACE if c in frame.columns and c not in schema.columns)
    texts = {c: t.categories for c, t in checked.schema.items() if isinstance(t, pl.Enum)}
    if not texts or not {*texts} <= {*schema.columns} or any(checked[c].null_count() for c in texts):
        return False
    columns = {c: pa.Column(None) if c in texts else column for c, column in schema.columns.items()}
    row_rules = pa.DataFrameSchema(columns, checks=schema.checks, strict=True)
    try:
        for c, distinct in texts.items():
            pa.DataFrameSchema({c: schema.columns[c]}).validate(distinct.alias(c).to_frame(), lazy=True)
        for rows in checked.iter_slices(CHECKED_ROWS):
            row_rules.validate(with_common_enum(rows, list(texts)) if schema.checks else rows, lazy=True)
    except pandera.errors.SchemaErrors:
        return False
    return True


def _faults_of_slice(spec: SourceSpec, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    import pandera.errors
    import polars as pl

    schema = spec.schema()
    checked = frame.drop(c for c in TRACE if c in frame.columns and c not in schema.columns)
    checked = checked.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    try:
        schema.validate(checked, lazy=True)
    except pandera.errors.SchemaErrors as e:
        cases = e.failure_cases
    else:
        return pl.DataFrame(schema=bad_schema())
    for case in cases.filter(pl.col("index").is_null()).head(1).to_dicts():
        column = str(case["column"] or case["failure_case"])
        expected = f"columns as declared for {spec.table}: {case['check']}"
        raise BadFile(name, expected, str(case["failure_case"]), f"report this: {spec.name} changed its layout", column=column)
    rows = frame.with_row_index("index").select(pl.col("index").cast(pl.Int64), pl.col("_row").cast(pl.Int64))
    return (
        cases.with_columns(pl.col("index").cast(pl.Int64))
        .join(rows, on="index", how="left")
        .select(
            "_row",
            pl.col("column").cast(pl.String),
            pl.col("check").cast(pl.String).replace({"not_nullable": "a value"}).alias("expected"),
            pl.col("failure_case").cast(pl.String).fill_null("nothing").alias("found"),
            pl.lit(LEFT_OUT).alias("remedy"),
        )
    )


def lake_order(spec: SourceSpec, frame: pl.DataFrame) -> Order:
    """The rows by partition and key, as far as these pack."""
    from ingestion.order import ordered

    return ordered(frame, dict.fromkeys([*spec.partition, *spec.key]))


def key_faults(spec: SourceSpec, frame: pl.DataFrame, order: Order) -> pl.DataFrame:
    """Rows that repeat the key of another row of the file. `order`: see `lake_order`.

    Of equal rows the first stays. Where the rows differ nobody can say which one is right, so all of them are named.
    """
    import polars as pl

    from ingestion.order import has_repeats, packed

    key = list(spec.key)
    others = [c for c in order.used if c not in key]
    if not order.has_repeats and {*key} <= {*order.used} and all(frame[c].n_unique() <= 1 for c in others):
        return pl.DataFrame(schema=bad_schema())
    packed_key, used = packed(frame, key)
    if not has_repeats(packed_key):
        return pl.DataFrame(schema=bad_schema())
    likely = frame.filter(packed_key.is_duplicated())
    repeated = likely if used == key else likely.filter(pl.struct(key).is_duplicated())
    if repeated.is_empty():
        return pl.DataFrame(schema=bad_schema())
    content = [c for c in frame.columns if c not in ("_row", *key)]
    equal = pl.struct(content).n_unique().over(key) == 1 if content else pl.lit(value=True)
    first = pl.col("_row").min().over(key)
    named = repeated.with_columns(first.alias("_first"), equal.alias("_equal"))
    named = named.filter(~pl.col("_equal") | (pl.col("_row") != pl.col("_first")))
    cells = [pl.format("{}={}", pl.lit(k), pl.col(k).cast(pl.String).fill_null("")) for k in key]
    values = pl.when("_equal").then(pl.lit("the same values")).otherwise(pl.lit("other values"))
    return named.select(
        pl.col("_row").cast(pl.Int64),
        pl.lit(", ".join(key)).alias("column"),
        pl.lit("each key once in a file").alias("expected"),
        pl.format("{} again (first in row {}), {}", pl.concat_str(cells, separator=" "), "_first", values).alias("found"),
        pl.lit("remove the repeated row, or download the file again; repeats are left out").alias("remedy"),
    )
