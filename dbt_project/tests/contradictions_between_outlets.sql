{{ config(meta={'dagster': {'ref': {'name': 'fct_contradictions'}}}) }}
-- An outlet does not contradict itself here: between its own articles there are updates.
select contradiction_id, outlet_a_id, outlet_b_id
from {{ ref('fct_contradictions') }}
where outlet_a_id = outlet_b_id or article_a_id = article_b_id
