{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'entity_aliases'}}}) }}
-- A name that means several things of one kind belongs into ambiguous_names, with the words that tell them apart: without them
-- it links to none.
select
    alias,
    kind,
    count(distinct name) as entities
from {{ ref('entity_aliases') }}
group by alias, kind
having count(distinct name) > 1
