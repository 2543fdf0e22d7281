-- Articles with their outlet and their day.
select
    a.article_id,
    a.document_id,
    r.outlet_id,
    coalesce(a.canonical_url, a.url) as url,
    a.canonical_url,
    r.host,
    a.title,
    a.byline,
    a.authors,
    a.published_at,
    a.published_precision,
    -- The day on the publisher's own calendar. An article without a date belongs to the day it was fetched: it has to
    -- stand somewhere in the daily counts.
    coalesce(
        a.published_on, cast(coalesce(a.published_at, d.fetched_at) at time zone 'UTC' as date)
    ) as published_on,
    a.modified_at,
    d.fetched_at,
    a.language,
    a.word_count,
    a.version_no,
    a.is_current,
    a.origin_id,
    a.origin_id <> a.article_id as is_syndicated,
    a.form,
    a.wire_credit
from {{ ref('stg_news__articles') }} as a
inner join {{ ref('int_outlets_resolved') }} as r on a.article_id = r.article_id
left join {{ ref('stg_news__documents') }} as d on a.document_id = d.document_id
