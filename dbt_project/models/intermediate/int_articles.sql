-- Articles with their outlet and their day.
with current_versions as (
    select canonical_url, any_value(article_id) as article_id
    from {{ ref('stg_news__articles') }}
    where is_current and canonical_url is not null
    group by canonical_url
),

-- A reprint of a report stays one of that report when its page changes: both versions are one origin.
origins as (
    select
        a.article_id,
        coalesce(c.article_id, a.origin_id) as origin_id
    from {{ ref('stg_news__articles') }} as a
    left join {{ ref('stg_news__articles') }} as o on a.origin_id = o.article_id
    left join current_versions as c
        on o.canonical_url = c.canonical_url and a.canonical_url is distinct from o.canonical_url
)

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
    origins.origin_id,
    origins.origin_id <> a.article_id as is_syndicated,
    a.form,
    a.wire_credit
from {{ ref('stg_news__articles') }} as a
inner join {{ ref('int_outlets_resolved') }} as r on a.article_id = r.article_id
inner join origins on a.article_id = origins.article_id
left join {{ ref('stg_news__documents') }} as d on a.document_id = d.document_id
