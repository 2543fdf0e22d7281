"""The only package that imports Dagster: thin assets over the functions of the rooms, their checks, jobs and schedules."""
