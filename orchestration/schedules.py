"""When to fetch and when to build. All schedules are off until somebody turns them on in the web interface."""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from ingestion import landing
from ingestion.spec import SourceSpec
from orchestration.settings import current_home


@dg.schedule(job_name="incremental", cron_schedule="0 4 5 * *", execution_timezone="UTC", default_status=dg.DefaultScheduleStatus.STOPPED)
def monthly_incremental(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """On the fifth of a month at 04:00 UTC: most publishers have updated by then."""
    return dg.RunRequest(run_key=f"{context.scheduled_execution_time:%Y-%m}")


def schedules(specs: Iterable[SourceSpec]) -> list[dg.ScheduleDefinition]:
    """The monthly build, and a download of each source at its publisher's cadence, as its declaration says."""
    return [monthly_incremental, *(_fetching(s) for s in specs if s.watch and s.watch.cron)]


def _fetching(spec: SourceSpec) -> dg.ScheduleDefinition:
    watch = spec.watch
    assert watch and watch.cron

    def ask(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        arguments = watch.arguments_at(context.scheduled_execution_time)
        edition = arguments.get(watch.awaited)
        # CEPII corrects an edition under its name with a letter behind: V202401b.
        if edition and any(r.vintage.startswith(edition) for r in landing.receipts(current_home(), spec.name)):
            return dg.SkipReason(f"{edition} is landed")
        return dg.RunRequest(run_config={"ops": {spec.table: {"config": {"fetch": arguments, "is_scheduled": True}}}})

    return dg.ScheduleDefinition(
        name=f"fetch_{spec.name}_at_cadence",
        job_name=f"fetch_{spec.name}",
        cron_schedule=watch.cron,
        execution_timezone="UTC",
        description=f"{spec.publisher} publishes {spec.cadence}.",
        execution_fn=ask,
        default_status=dg.DefaultScheduleStatus.STOPPED,
    )
