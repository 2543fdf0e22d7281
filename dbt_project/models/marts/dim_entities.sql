select
    entity_id,
    name,
    kind,
    wikidata_id,
    aliases
from {{ ref('int_entities') }}
