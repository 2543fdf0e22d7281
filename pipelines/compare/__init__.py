"""The compare room: facts become relations.

What belongs here: grouping articles into stories, choosing which claims of two articles to compare, and deciding how two
claims stand to each other (contradiction, update, corroboration, compatible, unrelated). What does not: reading an
article (``pipelines.read``), naming outlets and entities (dbt), counting (dbt).

Functions take and give polars frames whose columns are those of :mod:`pipelines.tables`; nothing here imports another
room, Dagster, dbt or DuckDB. The verdict on two sentences is made in one place, :func:`relations.judge_sentences`: a
trained model replaces or joins the rules there.
"""
