{{ config(meta={'dagster': {'ref': {'name': 'entity_aliases'}}}) }}
-- A Wikidata id is Q and a number, and one id is one entity.
with entities as (
    select name, kind, trim(wikidata_id) as wikidata_id from {{ ref('entity_aliases') }}
    union
    select name, kind, trim(wikidata_id) as wikidata_id from {{ ref('ambiguous_names') }}
    where trim(coalesce(name, '')) <> ''
)

select
    wikidata_id,
    count(*) as entities
from entities
where coalesce(wikidata_id, '') <> ''
group by wikidata_id
having count(*) > 1 or not regexp_full_match(wikidata_id, 'Q[1-9][0-9]*')
