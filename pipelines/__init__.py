"""Counterclaim: which news outlets contradict each other, about what, and on whose word.

Data flows one way, through rooms named after what happens there: acquire, clean, read, (normalise), compare, (count),
publish; the two in brackets are the dbt project. Each room is a package that takes and gives polars frames whose
columns are those of :mod:`pipelines.tables`. Only :mod:`pipelines.orchestration` knows Dagster, only
:mod:`pipelines.warehouse` knows DuckDB.
"""
