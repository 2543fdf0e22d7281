{{ config(meta={'dagster': {'ref': {'name': 'fct_contradictions'}}}) }}
-- Two articles contradict each other on one slot once, however often either repeats itself.
select
    least(article_a_id, article_b_id) as article_one,
    greatest(article_a_id, article_b_id) as article_two,
    slot,
    count(*) as rows_for_the_slot
from {{ ref('fct_contradictions') }}
group by all
having count(*) > 1
