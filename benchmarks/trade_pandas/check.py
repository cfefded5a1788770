"""The pandas tables against the models' tables of a home, key by key and column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trade_pandas.study import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RELATIVE, ABSOLUTE = 1e-9, 1e-11
# in a tiny sum it shows that models round each addend to a thousandth of a dollar (exact_sum); and they take the normal distribution of
# classes from an approximation (error 7.5e-8)
COARSER = {
    "int_ladder__country_stage": 1e-6,
    "int_ladder__position": 1e-7,
    "int_ladder__reexport": 1e-7,
    "int_market_share__windows": 1e-4,
    "int_product__kr": 1e-6,
    "int_unit_value__kr": 1e-6,
}
# names for the numbers that the matrix step and survival use
NAMED = {
    "int_complexity__country_measures": "select distinct source, hs_revision, year, iso3, m.* exclude (year, list_no, country_no) "
    "from int_complexity__country_measures as m inner join int_complexity__cells using (year, list_no, country_no)",
    "int_complexity__product_measures": "select distinct source, hs_revision, year, hs4, m.* exclude (year, list_no, product_no) "
    "from int_complexity__product_measures as m inner join int_complexity__cells using (year, list_no, product_no)",
    "int_complexity__country_product_measures": "select c.source, c.hs_revision, c.year, c.iso3, p.hs4, m.rca, m.density "
    "from int_complexity__country_product_measures as m "
    "inner join (select distinct source, hs_revision, year, list_no, country_no, iso3 from int_complexity__cells) as c "
    "using (year, list_no, country_no) inner join (select distinct year, product_no, hs4 from int_complexity__cells) as p "
    "using (year, product_no)",
    "int_complexity__cells": "select * exclude (list_no, country_no, product_no) from int_complexity__cells",
    "int_complexity__product": "select * exclude (list_no, product_no) from int_complexity__product",
    "int_survival__flows": "with numbered as (select iso3, row_number() over (order by iso3) as n from dim_country) "
    "select source, year, hs_revision, exporter, numbered.iso3 as importer, hs6 "
    "from int_survival__flows inner join numbered on get_bit(markets::bit, numbered.n::integer - 1) = 1",
}


def compared(root: Path, years: Sequence[int], folder: Path) -> Iterator[tuple[str, int, float, list[str]]]:
    """(table, rows, largest relative difference of a number, what differs) of every table of the home `root` and of `folder`.

    For homes whose only trade is BACI's: base prices of another source are not known here. Text, flags and missing values must be the same;
    numbers may differ by RELATIVE of the larger one (COARSER says where by more), or by ABSOLUTE.
    """
    import duckdb

    from ingestion.settings import Home

    with duckdb.connect(Home(root, "sample").warehouse / "acpgvc.duckdb", read_only=True) as con:
        for name, key in TABLES.items():
            con.execute(f"create or replace temp table ours as from read_parquet('{folder / name}/*.parquet')")
            con.execute(f"create or replace temp table theirs as {NAMED.get(name, f'from {name}')}")
            yield name, *_compared(con, key.split(), years, COARSER.get(name, RELATIVE))


def _compared(con: DuckDBPyConnection, key: list[str], years: Sequence[int], relative: float) -> tuple[int, float, list[str]]:
    """(rows, largest difference, what differs) of the tables ours and theirs."""
    types = {row[0]: row[1] for row in con.execute("describe theirs").fetchall()}
    mine = {row[0] for row in con.execute("describe ours").fetchall()}
    if "source" in types:
        con.execute("delete from theirs where source <> 'baci'")
    if "year" in types:
        con.execute(f"delete from theirs where year not in ({', '.join(map(str, years))})")
        key = [*key, "year"]
    problems = [f"{column}: on one side only" for column in sorted(mine ^ set(types))]
    using = " and ".join(f"ours.{c} = theirs.{c}" for c in key)
    rows = [con.execute(f"select count(*) from {t}").fetchall()[0][0] for t in ("ours", "theirs", f"ours inner join theirs on {using}")]
    if len(set(rows)) > 1:
        problems.append(f"rows: {rows[0]} here, {rows[1]} of the model, {rows[2]} in common")
    largest = 0.0
    for column in sorted((mine & set(types)) - set(key)):
        a, b, gap = f"ours.{column}", f"theirs.{column}", "0.0"
        if types[column].startswith(("DOUBLE", "DECIMAL")) or types[column].endswith("INT") or types[column] == "INTEGER":
            a, b = f"nullif({a}::double, 'nan')", f"nullif({b}::double, 'nan')"
            gap = f"abs({a} - {b}) / greatest(abs({a}), abs({b}), {ABSOLUTE / RELATIVE})"
            is_other = f"({a} is null) <> ({b} is null) or {gap} > {relative}"
        else:
            is_other = f"{a} is distinct from {b}"
        counted = f"select count(*) filter (where {is_other}), coalesce(max({gap}), 0) from ours inner join theirs on {using}"
        n, difference = con.execute(counted).fetchall()[0]
        largest = max(largest, difference)
        if n:
            problems.append(f"{column}: {n} rows, largest difference {difference:.1e}")
    return rows[0], largest, problems
