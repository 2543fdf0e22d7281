-- A followed outlet is one with at least one article here, or a listed one whose own feed or sitemap was asked for, be it in
-- vain. That an outlet did not cover a story is said only where its articles span the story and its fetches did not all fail:
-- otherwise we cannot know.
with articles as (
    select
        a.*,
        s.story_id,
        -- The day of the page that pastes a report says nothing of how many minutes it was behind.
        coalesce(a.published_precision = 'inherited', false) as is_inherited
    from {{ ref('int_articles') }} as a
    inner join {{ ref('stg_analysis__story_articles') }} as s on a.article_id = s.article_id
),

stories as (
    select
        story_id,
        min(published_on) as first_on,
        max(published_on) as last_on,
        min(published_at) as first_published_at,
        arg_min(is_inherited, published_at) as is_inherited
    from articles
    group by story_id
),

covered as (
    select
        story_id,
        outlet_id,
        count(*) filter (where is_current) as articles,
        -- A page that is stamped anew with each version was there with its first.
        min(published_at) as first_published_at,
        arg_min(is_inherited, published_at) as is_inherited
    from articles
    group by story_id, outlet_id
    having bool_or(is_current)
),

-- Whose page it is where no list knows the host: that of the articles found there.
article_hosts as (
    select host, outlet_id
    from {{ ref('int_outlets_resolved') }}
    where host is not null
    group by host, outlet_id
    qualify row_number() over (partition by host order by count(*) desc, outlet_id) = 1
),

-- The host says whose fetch it was. What robots.txt answers says nothing of the pages.
fetches as (
    select
        coalesce(h.outlet_id, article_hosts.outlet_id) as outlet_id,
        cast(f.requested_at at time zone 'UTC' as date) as requested_on,
        coalesce(f.source_id = f.method || ':' || f.url, false) as is_list,
        f.status in ('ok', 'not_modified', 'duplicate') as is_success
    from {{ ref('stg_news__fetches') }} as f
    inner join {{ ref('int_hosts_resolved') }} as h on {{ url_host('f.url') }} = h.host
    left join article_hosts on h.host = article_hosts.host
    where not ends_with(f.url, '/robots.txt')
),

followed as (
    select
        outlet_id,
        min(published_on) as first_on,
        max(published_on) as last_on
    from (
        select outlet_id, published_on from {{ ref('int_articles') }}
        union all
        select outlet_id, null as published_on
        from fetches
        where is_list and outlet_id in (select outlet_id from {{ ref('int_outlets') }})
    )
    group by outlet_id
),

fetch_days as (
    select
        outlet_id,
        requested_on,
        bool_or(is_success) filter (where not is_list) as has_page,
        bool_or(is_success) filter (where is_list) as has_list
    from fetches
    where outlet_id is not null
    group by outlet_id, requested_on
),

-- A list that came says nothing of an outlet none of whose pages did; where no page was asked for, it says that there was none.
fetched as (
    select
        stories.story_id,
        fetch_days.outlet_id,
        coalesce(bool_or(fetch_days.has_page), bool_or(fetch_days.has_list)) as has_success
    from stories
    inner join fetch_days on fetch_days.requested_on between stories.first_on and stories.last_on
    group by stories.story_id, fetch_days.outlet_id
)

select
    stories.story_id,
    followed.outlet_id,
    case
        when covered.articles is not null then 'covered'
        when not coalesce(fetched.has_success, true) then 'fetch_failed'
        when
            followed.first_on is null
            or followed.first_on > stories.first_on
            or followed.last_on < stories.last_on
            then 'outside_window'
        else 'not_covered'
    end as status,
    coalesce(covered.articles, 0) as articles,
    covered.first_published_at,
    case
        when not stories.is_inherited and not covered.is_inherited
            then date_diff('minute', stories.first_published_at, covered.first_published_at)
    end as lag_minutes
from stories
cross join followed
left join covered on stories.story_id = covered.story_id and followed.outlet_id = covered.outlet_id
left join fetched on stories.story_id = fetched.story_id and followed.outlet_id = fetched.outlet_id
