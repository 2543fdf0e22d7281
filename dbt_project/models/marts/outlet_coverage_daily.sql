with versions as (
    select a.*, s.story_id
    from {{ ref('int_articles') }} as a
    left join {{ ref('stg_analysis__story_articles') }} as s on a.article_id = s.article_id
),

articles as (
    select * from versions
    where is_current
),

-- When each outlet came to a story: not before `earliest`, at the latest at `latest`, since of some articles only the day is
-- known. A page that is stamped anew with each version was there with its first.
arrivals as (
    select
        story_id,
        outlet_id,
        min(
            published_at
            -- The day of the page that pastes it: the report itself may be of the day before.
            - case when published_precision = 'inherited' then interval 1 day else interval 0 second end
        ) as earliest,
        min(
            published_at
            + case
                when published_precision in ('day', 'inherited') then interval 1 day
                when published_precision = 'minute' then interval 1 minute
                else interval 0 second
            end
        ) as latest,
        bool_or(published_at is null) as is_undated,
        min(published_on) filter (where is_current) as published_on
    from versions
    where story_id is not null
    group by story_id, outlet_id
    having bool_or(is_current)
),

ranked as (
    select
        *,
        count(*) over (partition by story_id) as outlets,
        -- The earliest that anybody else can have been.
        min(earliest) over (
            partition by story_id
            order by earliest nulls last
            rows between unbounded preceding and unbounded following exclude current row
        ) as others_earliest,
        count(*) filter (where is_undated) over (partition by story_id) as undated
    from arrivals
),

story_counts as (
    select
        outlet_id,
        published_on,
        -- First for certain: a story that two outlets had at the same moment, or on days alone, has no first one.
        count(*) filter (
            where outlets = 1 or (undated = 0 and latest <= others_earliest and earliest < others_earliest)
        ) as first_reports,
        count(*) filter (where outlets = 1) as exclusive_stories
    from ranked
    group by outlet_id, published_on
),

article_counts as (
    select
        outlet_id,
        published_on,
        count(*) as articles,
        sum(word_count) as words,
        count(distinct story_id) as stories,
        count(*) filter (where is_syndicated) as syndicated_articles
    from articles
    group by outlet_id, published_on
),

claim_counts as (
    select
        outlet_id,
        published_on,
        count(*) as claims,
        count(*) filter (where hop_count > 0) as attributed_claims,
        count(*) filter (where is_anonymous) as anonymous_claims
    from {{ ref('int_claims_linked') }}
    where is_current
    group by outlet_id, published_on
),

entity_counts as (
    select
        articles.outlet_id,
        articles.published_on,
        count(distinct m.entity_id) as entities
    from {{ ref('int_mentions_linked') }} as m
    inner join articles on m.article_id = articles.article_id
    group by articles.outlet_id, articles.published_on
)

select
    article_counts.outlet_id,
    article_counts.published_on,
    article_counts.articles,
    cast(article_counts.words as bigint) as words,
    article_counts.stories,
    coalesce(story_counts.first_reports, 0) as first_reports,
    coalesce(story_counts.exclusive_stories, 0) as exclusive_stories,
    article_counts.syndicated_articles,
    coalesce(claim_counts.claims, 0) as claims,
    coalesce(claim_counts.attributed_claims, 0) as attributed_claims,
    coalesce(claim_counts.anonymous_claims, 0) as anonymous_claims,
    coalesce(entity_counts.entities, 0) as entities
from article_counts
left join story_counts using (outlet_id, published_on)
left join claim_counts using (outlet_id, published_on)
left join entity_counts using (outlet_id, published_on)
