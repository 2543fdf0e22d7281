-- Claims in their story, with the names of whoever vouches for them as all articles of the story give them.
with chains as (
    {{ claim_chains(ref('int_attributions_linked')) }}
)

select
    c.claim_id,
    c.article_id,
    c.outlet_id,
    c.canonical_url,
    c.version_no,
    s.story_id,
    coalesce(a.published_at, a.fetched_at) as known_at,
    c.published_on,
    c.text,
    c.sentence,
    c.char_start,
    c.char_end,
    c.polarity,
    c.modality,
    coalesce(chains.asserted_by, outlets.name) as asserted_by,
    chains.asserted_by_entity_id,
    c.asserted_by_outlet_id,
    c.asserted_by_kind,
    c.is_anonymous,
    c.hop_count,
    concat_ws(' > ', outlets.name, chains.actors) as attribution_path,
    list_distinct(list_append(c.cited_outlet_ids, c.outlet_id)) as vouching_outlet_ids,
    c.origin_id,
    c.is_current,
    a.is_syndicated,
    -- Copies are counted once, with their origin; an older version is no longer what the outlet says.
    c.is_current and not a.is_syndicated as is_counted
from {{ ref('int_claims') }} as c
inner join {{ ref('int_articles') }} as a on c.article_id = a.article_id
inner join {{ ref('int_outlets') }} as outlets on c.outlet_id = outlets.outlet_id
left join {{ ref('stg_analysis__story_articles') }} as s on c.article_id = s.article_id
left join chains on c.claim_id = chains.claim_id
