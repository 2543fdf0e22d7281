select
    a.article_id,
    a.document_id,
    a.outlet_id,
    s.story_id,
    a.url,
    a.title,
    a.byline,
    a.authors,
    a.published_at,
    a.published_on,
    a.language,
    a.word_count,
    a.version_no,
    a.origin_id,
    a.is_syndicated,
    a.is_current,
    a.published_precision,
    a.form,
    a.wire_credit
from {{ ref('int_articles') }} as a
left join {{ ref('stg_analysis__story_articles') }} as s on a.article_id = s.article_id
