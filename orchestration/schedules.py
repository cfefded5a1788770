"""One plain schedule. It is off until somebody turns it on in the web interface."""

import dagster as dg


@dg.schedule(job_name="incremental", cron_schedule="0 4 5 * *", execution_timezone="UTC", default_status=dg.DefaultScheduleStatus.STOPPED)
def monthly_incremental(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """On the fifth of a month at 04:00 UTC: most publishers have updated by then."""
    return dg.RunRequest(run_key=f"{context.scheduled_execution_time:%Y-%m}")
