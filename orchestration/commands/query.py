"""`acpgvc query`: SQL on the current release."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from orchestration import console
from orchestration.commands.options import ReadProfile

if TYPE_CHECKING:
    import pyarrow

MAX_ROWS_ON_SCREEN = 200


Format = Literal["table", "csv", "json", "parquet"]


def query(
    sql: Annotated[str, typer.Argument(help="One SQL statement (DuckDB) that reads; - reads it from stdin.", show_default=False)],
    format: Annotated[
        Format, typer.Option("--format", "-f", help="table cuts long answers on the screen; the others give every row.")
    ] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of to the screen.")] = None,
    profile: ReadProfile = None,
    release_id: Annotated[str | None, typer.Option("--release", metavar="ID", help="Read this release. Default: the latest.")] = None,
) -> None:
    """Ask the current release with SQL. Read-only; sees nothing outside the release.

    \b
    Examples:
      acpgvc query "select count(*) from v_acp_current"
      acpgvc query "show tables"
      acpgvc query "select year, position, dq_grade from mart_ladder where iso3='GHA' and chain_id='cocoa' order by year"
      acpgvc query "from fct_indicator where iso3='SEN'" --format csv > senegal.csv
      acpgvc query "from mart_ladder" --format parquet --output ladder.parquet
    """
    from orchestration.readers import current_release
    from orchestration.readers import query as ask

    if format == "parquet" and output is None:
        raise typer.BadParameter("parquet is not for the screen: add --output FILE", param_hint="--format")
    release = current_release(profile, release_id)
    console.note(release.line)
    answer = ask(release, sys.stdin.read() if sql == "-" else sql)
    if format == "parquet":
        assert output is not None
        import pyarrow.parquet

        pyarrow.parquet.write_table(answer, output, compression="zstd")
    elif format == "table" and output is None:
        _table(answer)
    else:
        text = _json(answer) if format == "json" else _csv(answer)
        if output is None:
            sys.stdout.write(text)
        else:
            output.write_text(text, encoding="utf-8")
    if output is not None:
        console.note(f"{answer.num_rows} rows written to {output}")


def _rows(answer: pyarrow.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(c.to_pylist() for c in answer.columns), strict=True))


def _table(answer: pyarrow.Table) -> None:
    console.table(answer.column_names, _rows(answer.slice(0, MAX_ROWS_ON_SCREEN)))
    if answer.num_rows > MAX_ROWS_ON_SCREEN:
        console.note(f"first {MAX_ROWS_ON_SCREEN} of {answer.num_rows} rows; --format csv gives all")
    elif answer.num_rows == 0:
        console.note("no rows")


def _csv(answer: pyarrow.Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.column_names)
    writer.writerows(["" if v is None else "|".join(map(str, v)) if isinstance(v, list) else v for v in row] for row in _rows(answer))
    return out.getvalue()


def _json(answer: pyarrow.Table) -> str:
    """A list of objects. Decimals become numbers, dates ISO 8601 text, null stays null."""

    def plain(value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else float(value) if type(value).__name__ == "Decimal" else str(value)

    rows = [dict(zip(answer.column_names, row, strict=True)) for row in _rows(answer)]
    return json.dumps(rows, ensure_ascii=False, indent=1, default=plain) + "\n"
