"""From a published number back to its meaning, its inputs and the bytes it came from. Reads one release, computes nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestration.readers import QueryError, Release, nearest, relation_names

if TYPE_CHECKING:
    import duckdb

GRADES = {
    "A": "own report and mirror agree within 10 %, quantities observed for 90 % of the value, official table, nothing carried forward",
    "B": "mirror gap up to 30 %, quantities for 70 %, at most one year old; the best a source without mirror can get",
    "C": "at least one of: partner's report only, modelled table, 2 to 5 years old, transit, mirror gap 30-100 %, quantities 30-70 %",
    "D": "at least one of: fewer than 3 partners, mirror gap above 100 %, quantities below 30 %. Published, never ranked",
}
# Where the numbers behind a value stand in wide form: (mart, condition on $iso3, $year, $chain, $sector).
INPUT_ROWS = {
    "mart_ladder": "iso3 = $iso3 AND year = $year AND chain_id = $chain",
    "mart_gvc_participation": "iso3 = $iso3 AND year = $year AND sector_id = $sector",
    "mart_country_profile": "iso3 = $iso3 AND year = $year AND $chain IS NULL AND $sector IS NULL",
}


@dataclass(frozen=True)
class Explanation:
    """Everything there is to say about one indicator, country and year: one entry in `values` per scope and source."""

    indicator: dict[str, Any]
    country: str
    values: list[dict[str, Any]]
    inputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # mart -> rows
    flows: dict[str, Any] | None = None  # flows of fct_trade behind a chain value
    files: list[dict[str, Any]] = field(default_factory=list)


def explain(release: Release, indicator_id: str, iso3: str, year: int, scope: str | None = None) -> Explanation:
    """Explain the values of `indicator_id` for `iso3` in `year`; `scope` as `chain:cocoa` or `cocoa` keeps one of several.

    Raises:
        QueryError: no such indicator, country, year or scope; the message names the nearest that exist.
    """
    with release.connect() as con:
        tables = set(relation_names(con))
        indicator = _indicator(con, indicator_id)
        if (table := indicator["table_name"]) != "fct_indicator":
            query = f"from {table} where iso3 = '{iso3.upper()}' and year = {year}"
            raise QueryError(f'{indicator["indicator_id"]} is a column of {table}: acpgvc query "{query}"')
        country = _country(con, iso3)
        values = _values(con, indicator["indicator_id"], iso3.upper(), year, scope)
        ids = {"iso3": iso3.upper(), "year": year}
        inputs: dict[str, list[dict[str, Any]]] = {}
        flows = None
        for value in values[:1]:
            first = str(value["scope_id"]).split(":")[0]
            chain = first if value["scope_kind"].startswith("chain") else None
            keys = ids | {"chain": chain, "sector": value["scope_id"] if value["scope_kind"] == "sector" else None}
            for mart in (m for m in INPUT_ROWS if m in tables):
                used = {k: v for k, v in keys.items() if f"${k}" in INPUT_ROWS[mart]}
                if rows := _rows(con, f"SELECT * FROM {mart} WHERE {INPUT_ROWS[mart]} ORDER BY ALL LIMIT 3", used):
                    inputs[mart] = rows
            if chain and {"fct_trade", "map_chain_product"} <= tables:
                flows = _flows(con, ids | {"chain": chain})
        files = _files(con, indicator["indicator_id"], year, [v["source"] for v in values]) if "mart_provenance" in tables else []
    return Explanation(indicator, country, values, inputs, flows, files)


def _indicator(con: duckdb.DuckDBPyConnection, indicator_id: str) -> dict[str, Any]:
    found = _rows(con, "SELECT * FROM dim_indicator WHERE indicator_id = lower($id)", {"id": indicator_id})
    if not found:
        known = [r["indicator_id"] for r in _rows(con, "SELECT indicator_id FROM dim_indicator ORDER BY 1")]
        raise QueryError(
            f"no indicator {indicator_id!r} in this release.\n"
            f"nearest: {', '.join(nearest(indicator_id, known)) or '-'}\nall: {', '.join(known)}"
        )
    return found[0]


def _country(con: duckdb.DuckDBPyConnection, iso3: str) -> str:
    countries = {r["iso3"]: r["name_en"] for r in _rows(con, "SELECT iso3, name_en FROM dim_country ORDER BY 1")}
    if iso3.upper() not in countries:
        by_name = {name: code for code, name in countries.items()}
        like = [f"{by_name[n]} ({n})" for n in nearest(iso3, list(by_name), 3)] + nearest(iso3, list(countries), 3)
        raise QueryError(f"no country {iso3!r}: expected an ISO 3166 code of three letters.\nnearest: {', '.join(like) or '-'}")
    return countries[iso3.upper()]


def _values(con: duckdb.DuckDBPyConnection, indicator_id: str, iso3: str, year: int, scope: str | None) -> list[dict[str, Any]]:
    """Rows of fct_indicator with the meaning of their null_reason, those with a value first."""
    known = _rows(
        con,
        """
        SELECT f.*, n.meaning AS null_meaning FROM fct_indicator AS f LEFT JOIN dim_null_reason AS n USING (null_reason)
        WHERE indicator_id = $indicator AND iso3 = $iso3 ORDER BY (value IS NULL), scope_kind, scope_id, year, source
        """,
        {"indicator": indicator_id, "iso3": iso3},
    )
    in_year = [r for r in known if r["year"] == year]
    if not in_year:
        years = sorted({r["year"] for r in known})
        there = f"{years[0]} to {years[-1]}" if years else "no year"
        raise QueryError(f"no row of {indicator_id} for {iso3} in {year}.\nthis release has it for: {there}")
    if scope is None:
        return in_year
    found = [r for r in in_year if scope in (r["scope_id"], f"{r['scope_kind']}:{r['scope_id']}")]
    if not found:
        scopes = list(dict.fromkeys(f"{r['scope_kind']}:{r['scope_id']}" for r in in_year))
        raise QueryError(
            f"no scope {scope!r} for {indicator_id}, {iso3}, {year}.\n"
            f"nearest: {', '.join(nearest(scope, scopes)) or '-'}\nall: {', '.join(scopes)}"
        )
    return found


def _flows(con: duckdb.DuckDBPyConnection, ids: dict[str, Any]) -> dict[str, Any]:
    return _rows(
        con,
        """
        SELECT count(*) AS flows, count(DISTINCT importer) AS importers, count(DISTINCT hs6) AS products, sum(value_kusd) AS value_kusd
        FROM fct_trade SEMI JOIN (SELECT hs6 FROM map_chain_product WHERE chain_id = $chain AND NOT shared_code) USING (hs6)
        WHERE exporter = $iso3 AND year = $year
        """,
        ids,
    )[0]


def _files(con: duckdb.DuckDBPyConnection, indicator_id: str, year: int, sources: list[str]) -> list[dict[str, Any]]:
    """Files that fed the indicator in that year or its window (year 0: every year)."""
    rows = _rows(
        con,
        """
        SELECT source, sha256, source_vintage, request, licence, may_redistribute, retrieved_at::VARCHAR AS retrieved_at,
               sum(row_count)::BIGINT AS row_count
        FROM mart_provenance WHERE indicator_id = $indicator AND (year = 0 OR year BETWEEN $first_year AND $year)
        GROUP BY ALL ORDER BY source, retrieved_at, sha256
        """,
        {"indicator": indicator_id, "year": year, "first_year": first_year(indicator_id, year)},
    )
    for r in rows:
        r["request"] = request_text(r["request"])
    families = {s.split(":")[0] for s in sources}
    return [r for r in rows if r["source"].split(":")[0] in families] or rows


def first_year(indicator_id: str, year: int) -> int:
    """First data year of a window: `…_3y` reads three years; a change over n years reads two more, its ends are three-year means."""
    window = re.search(r"_(\d+)y$", indicator_id)
    if window is None:
        return year
    n = int(window.group(1))
    return year - n - 2 if re.search("climb|change", indicator_id) else year - n + 1


def request_text(request: str) -> str:
    """'file tuna.csv' or 'GET https://…' from a receipt's request."""
    try:
        r = json.loads(request)
    except ValueError:
        return request
    if r.get("kind") == "drop":
        return "file " + ", ".join([r["name"], *r.get("also", [])])
    query = "&".join(f"{k}={v}" for k, v in (r.get("params") or {}).items())
    return f"{r.get('method', 'GET')} {r.get('url', '')}" + (f"?{query}" if query else "")


def _rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    cursor = con.execute(sql, parameters or None)
    names = [d[0] for d in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
