-- Hops with the entity that all articles of the story together give their actor, under the one name it is shown by.
select
    h.claim_id,
    h.hop_no,
    h.article_id,
    case
        when h.is_anonymous or h.outlet_id is not null then h.actor
        else coalesce(entities.name, h.actor)
    end as actor,
    h.actor_kind,
    entities.entity_id,
    h.outlet_id,
    h.is_anonymous,
    h.cue,
    h.cue_kind,
    h.char_start,
    h.char_end,
    h.cue_start,
    h.cue_end
from {{ ref('int_attributions') }} as h
left join {{ ref('int_story_entities') }} as s on h.article_id = s.article_id and h.entity_id = s.entity_id
left join {{ ref('int_entities') }} as entities on coalesce(s.story_entity_id, h.entity_id) = entities.entity_id
