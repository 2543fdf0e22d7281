{{ config(meta={'dagster': {'ref': {'name': 'outlet_contradictions_daily'}}}) }}
-- Every counted contradiction stands in the daily table twice, once for each outlet, under one kind and one level.
with counted as (
    select 2 * count(*) as sides
    from {{ ref('fct_contradictions') }}
    where is_counted
),

daily as (
    select
        coalesce(sum(contradictions), 0) as sides,
        coalesce(sum(outlet_level + source_level), 0) as by_level,
        coalesce(sum(number + date + place + actor + denial + negation + semantic), 0) as by_kind
    from {{ ref('outlet_contradictions_daily') }}
)

select counted.sides as counted_sides, daily.*
from counted
cross join daily
where counted.sides <> daily.sides or counted.sides <> daily.by_level or counted.sides <> daily.by_kind
