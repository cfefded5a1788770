"""Raw assets: one per registered source, made from its declaration, and the two tables about the landing zone.

An asset lands and parses the files of its source that a run brings (a drop folder, a download, or both in turn) and
brings its part of the lake in line with the landing zone. A damaged file does not fail the asset: it blocks what depends
on its table, and the check `schema` tells. The checks are answered by the asset's own step: a step has a price.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dagster as dg

from ingestion import lake
from ingestion.errors import IngestionError, TerminalError, TransientError
from ingestion.ingest import ingest_table, survey, write_landing_tables
from ingestion.landing import receipts
from ingestion.landing_tables import FILES, SOURCES, files_schema, sources_schema
from ingestion.report import FileOutcome, IngestReport
from ingestion.settings import Home
from ingestion.spec import SourceSpec
from orchestration.checks.schemas import schema_result, schema_spec
from orchestration.checks.vintages import vintage_result, vintage_spec
from orchestration.dbt_translator import OWNER, group_of
from orchestration.partitions import YEARS, note_years, years_asked
from orchestration.resources import Platform

RETRY = dg.RetryPolicy(max_retries=3, delay=5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
KINDS = {"python", "polars", "parquet"}
SHOWN_FILES = 50


class RawConfig(dg.Config):
    """What a run brings. All empty: nothing new, the lake is only brought in line with the landing zone."""

    drop: str | None = None  # folder or file of official downloads
    fetch: dict[str, str] | None = None  # arguments of the source's `plan`, may be none; without it nothing is downloaded
    is_scheduled: bool = False  # a later tick goes on by itself: what only has to wait for it is no failure


def raw_asset(spec: SourceSpec) -> dg.AssetsDefinition:
    """The asset of one source. Yearly when the publisher ships years; any set of years is one run."""

    @dg.asset(
        name=spec.table,
        group_name=group_of(spec.table, "raw"),
        description=f"{spec.title} ({spec.publisher}). Comes {spec.cadence}.",
        owners=[OWNER],
        kinds=KINDS,
        metadata={
            "publisher": spec.publisher,
            "licence": spec.licence,
            "homepage": dg.MetadataValue.url(spec.homepage),
            "citation": spec.citation,
        },
        tags={"acpgvc/kind": spec.kind},
        partitions_def=YEARS if spec.yearly else None,
        backfill_policy=dg.BackfillPolicy.single_run() if spec.yearly else None,
        retry_policy=RETRY,
        pool=urlsplit(spec.base_url).hostname if spec.plan else None,
        check_specs=[schema_spec(spec), vintage_spec(spec)],
    )
    def _raw(context: dg.AssetExecutionContext, config: RawConfig, platform: Platform) -> dg.MaterializeResult:
        home = platform.home
        try:
            asked = {**_years_to_fetch(spec, context), **config.fetch} if config.fetch is not None else None
            report = take_in(home, spec, config.drop, asked, context.log.info, is_scheduled=config.is_scheduled)
        except TransientError as e:
            raise dg.RetryRequested(max_retries=RETRY.max_retries, seconds_to_wait=e.retry_after_s or RETRY.delay) from e
        except TerminalError as e:
            raise dg.Failure(str(e), allow_retries=False) from e
        if spec.yearly:
            note_years(context, spec.table, _rows_by_year(home, spec, report))
        checks = [schema_result(home, spec), vintage_result(home, spec)]
        return dg.MaterializeResult(metadata=_metadata(spec, report), check_results=checks)

    return _raw


def _years_to_fetch(spec: SourceSpec, context: dg.AssetExecutionContext) -> dict[str, str]:
    """A run over some of the years downloads those, where the publisher's interface takes years."""
    years = years_asked(context)
    if not spec.yearly or "years=" not in spec.plan_help or not years:
        return {}
    return {"years": f"{years[0]}-{years[-1]}"}


def take_in(
    home: Home,
    spec: SourceSpec,
    drop: str | None,
    fetch: Mapping[str, str] | None,
    say: Callable[[str], None],
    *,
    is_scheduled: bool = False,
) -> IngestReport:
    """Take in what `drop` holds of this source, then what `fetch` brings. From there on both go the same way.

    `is_scheduled`: a fetch that only has to wait for the next tick has not failed; what it landed counts, `waits` says the rest.

    Raises:
        TerminalError: sample and real data would mix, a path is missing, the publisher refuses.
        TransientError: the publisher did not answer after the HTTP layer's own retries.
    """
    report = ingest_table(home, spec, [Path(drop)] if drop else None, say)
    if fetch is not None:
        from ingestion.fetch import comes_later
        from ingestion.fetch import fetch as download

        try:
            report.extend(download(home, spec, fetch, say))
        except IngestionError as e:
            report.waits = comes_later(spec, fetch, e) if is_scheduled else ""
            if not report.waits:
                raise
            report.extend(e.landed or IngestReport())
            say(f"{spec.name}: {report.waits}")
    return report


def _rows_by_year(home: Home, spec: SourceSpec, report: IngestReport) -> dict[str, int]:
    """Rows of each year of which this run brought new ones."""
    new = {f.sha256 for f in report.files if f.status == "accepted"}
    parts = [(part, r.sha256 in new) for r in receipts(home, spec.name) for part in r.own_parts]
    news = {part["year"] for part, is_new in parts if is_new}
    known = {str(year) for year in news} & set(YEARS.get_partition_keys())
    rows = Counter[str]()
    for part, _ in parts:
        if str(part["year"]) in known:
            rows[str(part["year"])] += part["rows"]
    return dict(sorted(rows.items()))


def _metadata(spec: SourceSpec, report: IngestReport) -> dict[str, Any]:
    """What came in, file by file, and what the table holds now."""
    table = report.tables[spec.table]
    counts = {s: sum(f.status == s for f in report.files) for s in ("accepted", "known", "duplicate", "refused", "rejected")}
    return {
        "dagster/row_count": table.rows,
        "dagster/column_schema": column_schema(lake.lake_schema(spec)),
        "new_content": report.is_changed,
        "files_in_this_run": counts,
        "files_in_use": table.files - table.duplicates,
        "rows_quarantined": table.rows_quarantined,
        "vintages": ", ".join(table.vintages) or "-",
        "years": f"{table.first_year} to {table.last_year}" if table.first_year else "-",
        "blocked_because": table.blocked_because or "-",
        "fetch_waits": report.waits or "-",
        "files": dg.MetadataValue.md(_file_table(report.files)),
    }


def _file_table(files: list[FileOutcome]) -> str:
    lines = ["| file | outcome | rows read | quarantined | problem |", "| --- | --- | --: | --: | --- |"]
    for f in files[:SHOWN_FILES]:
        problem = f.problem.replace("|", "/").replace("\n", " ")
        lines.append(f"| {f.names[0]} | {f.status} | {f.rows_read} | {f.rows_quarantined} | {problem} |")
    if len(files) > SHOWN_FILES:
        lines.append(f"| and {len(files) - SHOWN_FILES} more | | | | |")
    return "\n".join(lines)


def column_schema(columns: dict[str, Any]) -> dg.TableSchema:
    """Dagster's column schema of a lake table."""
    return dg.TableSchema(columns=[dg.TableColumn(name, str(dtype)) for name, dtype in columns.items()])


def landing_asset(specs: list[SourceSpec]) -> dg.AssetsDefinition:
    """The landing zone as two tables, written when all sources have taken in their files."""
    about = {
        FILES: "One row per landed file, accepted or rejected: the trail from bytes to rows.",
        SOURCES: "One row per source: loaded, blocked, or absent.",
    }
    outs = {
        name: dg.AssetSpec(name, group_name="raw_landing", description=text, owners=[OWNER], kinds=KINDS, deps=[s.table for s in specs])
        for name, text in about.items()
    }

    @dg.multi_asset(name="raw_landing", specs=list(outs.values()))
    def _landing(context: dg.AssetExecutionContext, config: RawConfig, platform: Platform) -> Iterator[dg.MaterializeResult]:
        import polars as pl

        unknown = survey(platform.home, [Path(config.drop)]).files if config.drop else []
        paths = write_landing_tables(platform.home)
        for name, path, schema in zip(outs, paths, (files_schema(), sources_schema()), strict=True):
            metadata: dict[str, Any] = {
                "dagster/row_count": pl.scan_parquet(path).select(pl.len()).collect().item(),
                "dagster/column_schema": column_schema(schema),
            }
            if name == FILES:
                metadata["files_nobody_claims"] = dg.MetadataValue.md(_file_table(unknown))
            yield dg.MaterializeResult(asset_key=name, metadata=metadata)

    return _landing
