-- Mentions with the entity that all articles of their story together give them.
select
    m.mention_id,
    m.article_id,
    m.sentence_no,
    m.char_start,
    m.char_end,
    m.surface,
    m.kind,
    coalesce(s.story_entity_id, m.entity_id) as entity_id,
    case when s.story_entity_id is not null then 'story' else m.resolved_by end as resolved_by
from {{ ref('int_mentions_resolved') }} as m
left join {{ ref('int_story_entities') }} as s on m.article_id = s.article_id and m.entity_id = s.entity_id
