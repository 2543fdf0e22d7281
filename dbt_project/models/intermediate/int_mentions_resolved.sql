-- Mentions with the entity that the words around them, their article's other names, or the alias list give them.
with keyed as (
    select
        *,
        {{ entity_key(clean_surface('surface')) }} as surface_key
    from {{ ref('stg_news__mentions') }}
)

select
    keyed.mention_id,
    keyed.article_id,
    keyed.sentence_no,
    keyed.char_start,
    keyed.char_end,
    keyed.surface,
    keyed.kind,
    keyed.surface_key,
    coalesce(contexts.entity_id, entities.entity_id) as entity_id,
    coalesce(contexts.reading, entities.resolved_by) as resolved_by
from keyed
inner join {{ ref('int_article_entities') }} as entities
    on keyed.article_id = entities.article_id and keyed.surface_key = entities.surface_key
left join {{ ref('int_mention_contexts') }} as contexts on keyed.mention_id = contexts.mention_id
