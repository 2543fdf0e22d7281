{{ config(meta={'dagster': {'ref': {'name': 'fct_claims'}}}) }}
-- A claim's offsets give back its words from the article's text, exactly.
select
    c.claim_id,
    c.text,
    substr(a.text, c.char_start + 1, c.char_end - c.char_start) as words_there
from {{ ref('fct_claims') }} as c
inner join {{ source('raw', 'articles') }} as a on c.article_id = a.article_id
where substr(a.text, c.char_start + 1, c.char_end - c.char_start) <> c.text
