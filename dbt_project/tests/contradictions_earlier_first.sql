{{ config(meta={'dagster': {'ref': {'name': 'fct_contradictions'}}}) }}
-- Side a is the earlier claim; at a tie the one with the smaller id.
select
    c.contradiction_id,
    a.published_at as published_at_a,
    b.published_at as published_at_b
from {{ ref('fct_contradictions') }} as c
inner join {{ ref('fct_articles') }} as a on c.article_a_id = a.article_id
inner join {{ ref('fct_articles') }} as b on c.article_b_id = b.article_id
where
    a.published_at > b.published_at
    or (a.published_at = b.published_at and c.claim_a_id > c.claim_b_id)
