"""Watching: new vintages start a build, failed runs and late sources tell somebody. All are off until somebody turns them on."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg

from ingestion import landing
from ingestion.freshness import freshness
from ingestion.registry import all_sources
from ingestion.settings import Home
from orchestration import alerts
from orchestration.identity import inputs_sha256
from orchestration.settings import current_home

DAY_S = 86_400


@dg.sensor(job_name="incremental", minimum_interval_seconds=300)
def new_vintages(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Builds and publishes when other rows are landed than at the last look; a file that comes again brings none."""
    receipts = landing.receipts(current_home())
    content = inputs_sha256(receipts) if receipts else ""
    if content == (context.cursor or ""):
        return dg.SkipReason("no new rows are landed")
    context.update_cursor(content)
    return dg.RunRequest(run_key=content)


@dg.run_failure_sensor(minimum_interval_seconds=60)
def failed_runs(context: dg.RunFailureSensorContext) -> None:
    """Tells of every failed run of this code, with the errors of its steps."""
    errors = [
        f"{e.step_key}: {e.step_failure_data.error.message.strip()}" for e in context.get_step_failure_events() if e.step_failure_data.error
    ]
    subject = f"acpgvc: {context.dagster_run.job_name} failed"
    alerts.send(subject, "\n".join([f"run {context.dagster_run.run_id}", context.failure_event.message or "", *errors]))


def late_sources(home: Home, now: datetime) -> list[str]:
    """One line for each loaded source whose newest data are older than its declaration allows."""
    lines = []
    for spec in all_sources().values():
        found = freshness(spec, landing.receipts(home, spec.name), now)
        if found and spec.watch and found.is_late:
            year = f", last year {found.newest_year}" if found.newest_year else ""
            lines.append(f"{spec.name}: newest data of {found.as_of:%Y-%m-%d}{year}; expected every {spec.watch.late_after_days} days")
    return lines


@dg.sensor(minimum_interval_seconds=DAY_S)
def late_data(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Tells of late sources, once for each list of them."""
    lines = late_sources(current_home(), datetime.now(UTC))
    told = "\n".join(lines)
    if told and told != context.cursor:
        alerts.send(f"acpgvc: {len(lines)} late source(s)", told)
    context.update_cursor(told)
    return dg.SkipReason(told or "no source is late")


SENSORS = [new_vintages, failed_runs, late_data]
