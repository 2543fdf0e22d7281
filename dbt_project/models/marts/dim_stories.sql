with story_articles as (
    select
        s.story_id,
        a.*,
        coalesce(o.publisher_family_id, o.outlet_id) as publisher_family_id
    from {{ ref('stg_analysis__story_articles') }} as s
    inner join {{ ref('int_articles') }} as a on s.article_id = a.article_id
    inner join {{ ref('int_outlets') }} as o on a.outlet_id = o.outlet_id
),

merged as (
    select
        current_story_id as story_id,
        list(distinct story_id order by story_id) as merged_story_ids
    from {{ ref('int_story_changes') }}
    where kind = 'merged' and story_id <> current_story_id
    group by current_story_id
)

select
    s.story_id,
    -- The first headline: later ones assume that the reader knows what happened.
    arg_min(title, {'at': coalesce(published_at, fetched_at), 'id': article_id}) as title,
    min(published_at) as first_published_at,
    max(published_at) as last_published_at,
    count(*) filter (where is_current) as article_count,
    count(distinct outlet_id) filter (where is_current) as outlet_count,
    count(distinct publisher_family_id) filter (where is_current) as publisher_family_count,
    count(distinct origin_id) filter (where is_current) as independent_origin_count,
    coalesce(any_value(merged.merged_story_ids), []) as merged_story_ids
from story_articles as s
left join merged on s.story_id = merged.story_id
group by s.story_id
