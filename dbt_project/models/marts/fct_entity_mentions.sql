select
    m.mention_id,
    m.entity_id,
    m.article_id,
    a.outlet_id,
    a.published_on,
    m.surface,
    m.char_start,
    m.char_end,
    m.resolved_by
from {{ ref('int_mentions_linked') }} as m
inner join {{ ref('int_articles') }} as a on m.article_id = a.article_id
