-- Names that their own article leaves short, held against the full names of the other articles of the story.
with short_names as (
    select
        stories.story_id,
        entities.article_id,
        entities.entity_id,
        entities.mention_kind,
        entities.bare_tokens,
        entities.acronym
    from {{ ref('int_article_entities') }} as entities
    inner join {{ ref('stg_analysis__story_articles') }} as stories on entities.article_id = stories.article_id
    where
        entities.resolved_by = 'name'
        and (
            (entities.mention_kind = 'person' and len(entities.bare_tokens) = 1)
            or entities.acronym is not null
        )
),

full_names as (
    select distinct
        stories.story_id,
        entities.entity_id,
        entities.mention_kind,
        entities.bare_tokens[-1] as surname,
        entities.initials
    from {{ ref('int_article_entities') }} as entities
    inner join {{ ref('stg_analysis__story_articles') }} as stories on entities.article_id = stories.article_id
    where entities.mention_kind in ('person', 'organization') and len(entities.bare_tokens) >= 2
),

candidates as (
    select short_names.article_id, short_names.entity_id, full_names.entity_id as full_entity_id
    from short_names
    inner join full_names on short_names.story_id = full_names.story_id and short_names.bare_tokens[-1] = full_names.surname
    where short_names.mention_kind = 'person' and full_names.mention_kind = 'person'
    union
    select short_names.article_id, short_names.entity_id, full_names.entity_id as full_entity_id
    from short_names
    inner join full_names on short_names.story_id = full_names.story_id and short_names.acronym = full_names.initials
    where full_names.mention_kind = 'organization'
)

select
    article_id,
    entity_id,
    any_value(full_entity_id) as story_entity_id
from candidates
group by article_id, entity_id
having count(distinct full_entity_id) = 1
