"""The one schedule: every morning."""

import dagster as dg

from pipelines.orchestration.jobs import JOB_NAME
from pipelines.orchestration.partitions import FETCH_DAYS


def build_daily_schedule() -> dg.ScheduleDefinition:
    """06:00 UTC every day, for the day that has begun: what is there in the morning is read in the morning.

    Off until somebody switches it on.
    """

    @dg.schedule(
        job_name=JOB_NAME,
        name="every_morning",
        cron_schedule="0 6 * * *",
        execution_timezone="UTC",
        description="Runs the daily job at 06:00 UTC.",
    )
    def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        day = FETCH_DAYS.get_partition_key_for_timestamp(context.scheduled_execution_time.timestamp())
        return dg.RunRequest(partition_key=day, run_key=day)

    return every_morning
