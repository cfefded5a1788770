"""Runs a suite on a release folder. A suite looks at small frames that SQL makes of the released Parquet files."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.settings import Home
from orchestration.release import LATEST
from orchestration.settings import silence_telemetry

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from great_expectations.expectations import Expectation

SHRUNK = 0.5  # a table that lost more than half of its rows since the last release is not believed
SHOWN = 5


@dataclass(frozen=True)
class Finding:
    """Outcome of one expectation. `unexpected` holds a few values that were not expected."""

    frame: str
    expectation: str
    meaning: str
    passed: bool
    observed: str
    unexpected: list[Any]

    def told(self) -> str:
        return f"{self.meaning}: {', '.join(map(str, self.unexpected)) or self.observed}"


def run_suite(table: str, folder: Path, home: Home | None = None) -> list[Finding]:
    """Run `orchestration/expectations/<table>.py` on the Parquet files of `folder`; with `home`, compare with its last release too.

    A suite module has `FRAMES` (name -> SQL) and `expectations()` (name -> expectations, each with `notes` saying what it means).
    """
    module = importlib.import_module(f"orchestration.expectations.{table}")
    frames: Mapping[str, str] = module.FRAMES
    wanted: Callable[[], Mapping[str, list[Expectation]]] = module.expectations
    silence_telemetry()
    with _open(folder) as con:
        data = {name: con.execute(sql).df() for name, sql in frames.items()}
        data["against_last"] = _against_last(con, table, home)
    expected = {name: list(e) for name, e in wanted().items()}
    expected["against_last"] = [_not_shrunk(table)]
    return [finding for name, some in expected.items() for finding in _validate(f"{table}.{name}", data[name], some)]


def _open(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection that sees every Parquet file of the release as a view."""
    import duckdb

    con = duckdb.connect(config={"memory_limit": "1GB", "threads": "2"})
    for path in sorted(folder.glob("*.parquet")):
        con.execute(f"create view \"{path.stem}\" as from read_parquet('{str(path).replace(chr(39), chr(39) * 2)}')")
    return con


def _against_last(con: duckdb.DuckDBPyConnection, table: str, home: Home | None) -> pd.DataFrame:
    """Rows now over rows in the release that readers use now; null when there is none."""
    latest = home.release / LATEST if home else None
    last = home.release / latest.read_text(encoding="utf-8").strip() / f"{table}.parquet" if home and latest and latest.is_file() else None
    before = f"(select count(*) from read_parquet('{last}'))" if last and last.is_file() else "null"
    return con.execute(f"select (select count(*) from {table}) / nullif({before}, 0)::double as rows_now_over_before").df()


def _not_shrunk(table: str) -> Expectation:
    import great_expectations.expectations as gxe

    return gxe.ExpectColumnValuesToBeBetween(
        column="rows_now_over_before", min_value=SHRUNK, notes=f"{table} keeps at least half of the rows of the last release"
    )


def _validate(name: str, frame: pd.DataFrame, expectations: list[Expectation]) -> list[Finding]:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    batch = context.data_sources.add_pandas("release").add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=expectations))
    validation = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
    results = validation.run(batch_parameters={"dataframe": frame}).results
    found = []
    for r in results:
        config = r.expectation_config
        assert config is not None  # always set on the result of a suite
        fault = (
            next((v.get("exception_message") for v in (r.exception_info or {}).values() if isinstance(v, dict)), None)
            if not r.success
            else None
        )
        result = r.result or {}
        found.append(
            Finding(
                frame=name,
                expectation=config.type,
                meaning=str(config.notes or config.type),
                passed=bool(r.success),
                observed=str(
                    fault
                    or result.get(
                        "observed_value", f"{result.get('unexpected_count', 0)} of {result.get('element_count', len(frame))} unexpected"
                    )
                ),
                unexpected=list(result.get("partial_unexpected_list") or [])[:SHOWN],
            )
        )
    return found


def to_markdown(findings: list[Finding]) -> str:
    """All expectations of a suite as a table, failed ones first."""
    lines = ["| ok | what it means | expectation | observed | not expected |", "| --- | --- | --- | --- | --- |"]
    for f in sorted(findings, key=lambda f: f.passed):
        cells = (f.meaning, f"{f.frame} {f.expectation}", f.observed, ", ".join(map(str, f.unexpected)))
        lines.append(f"| {'yes' if f.passed else 'NO'} | " + " | ".join(c.replace("|", "/") for c in cells) + " |")
    return "\n".join(lines)
