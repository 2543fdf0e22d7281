-- Every entity that an article mentions or cites.
with seen as (
    select entity_id from {{ ref('int_mentions_linked') }}
    union
    select coalesce(s.story_entity_id, h.entity_id) as entity_id
    from {{ ref('int_attributions') }} as h
    left join {{ ref('int_story_entities') }} as s on h.article_id = s.article_id and h.entity_id = s.entity_id
    where h.entity_id is not null
),

listed as (
    select
        entity_id,
        any_value(name) as name,
        any_value(kind) as kind,
        any_value(wikidata_id) as wikidata_id,
        list(distinct alias) as aliases
    from {{ ref('int_entity_names') }}
    group by entity_id
),

-- What an unlisted entity is called: its most frequent full writing, not the surname that stands for it elsewhere.
writings as (
    select
        entity_id,
        display_name,
        bool_or(resolved_by = 'name') as is_full,
        count(*) as articles
    from {{ ref('int_article_entities') }}
    group by entity_id, display_name
),

-- Longer names, towns with their region and teams are no names of an article, but have one of their own.
in_context as (
    select
        entity_id,
        arg_max(name, {'is_shouted': name <> upper(name), 'name': name}) as name
    from {{ ref('int_mention_contexts') }}
    group by entity_id
),

named as (
    select entity_id, display_name as name
    from writings
    qualify row_number() over (
        partition by entity_id
        order by not is_full, display_name = upper(display_name), articles desc, display_name
    ) = 1
),

surfaces as (
    select entity_id, list(distinct surface) as surfaces
    from {{ ref('int_mentions_linked') }}
    group by entity_id
)

select
    seen.entity_id,
    coalesce(listed.name, named.name, in_context.name) as name,
    -- The id of an unlisted entity says its kind.
    coalesce(listed.kind, split_part(seen.entity_id, '-', 1)) as kind,
    listed.wikidata_id,
    list_sort(list_distinct(list_concat(coalesce(surfaces.surfaces, []), coalesce(listed.aliases, [])))) as aliases
from seen
left join listed on seen.entity_id = listed.entity_id
left join named on seen.entity_id = named.entity_id
left join in_context on seen.entity_id = in_context.entity_id
left join surfaces on seen.entity_id = surfaces.entity_id
