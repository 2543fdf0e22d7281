{{ config(meta={'dagster': {'ref': {'name': 'fct_updates'}}}) }}
-- Where a page updates itself, side a is its earlier version, whatever time of publication both bear.
select
    u.update_id,
    a.version_no as version_a,
    b.version_no as version_b
from {{ ref('fct_updates') }} as u
inner join {{ ref('fct_articles') }} as a on u.article_a_id = a.article_id
inner join {{ ref('fct_articles') }} as b on u.article_b_id = b.article_id
where a.url = b.url and a.version_no >= b.version_no
