-- A merged story's id is followed through later merges to the story that its articles are in now.
with recursive current_stories as (
    select distinct story_id from {{ ref('stg_analysis__story_articles') }}
),

merges as (
    select
        story_id,
        other_story_id
    from {{ ref('stg_analysis__story_changes') }}
    where kind = 'merged' and story_id not in (select story_id from current_stories)
    qualify row_number() over (partition by story_id order by shown_at desc nulls last, change_id desc) = 1
),

followed as (
    select
        story_id,
        other_story_id as at_story_id,
        1 as steps
    from merges
    union all
    select
        followed.story_id,
        merges.other_story_id as at_story_id,
        followed.steps + 1 as steps
    from followed
    inner join merges on followed.at_story_id = merges.story_id
    where followed.steps < 100
),

ends as (
    select
        followed.story_id,
        any_value(followed.at_story_id) as current_story_id
    from followed
    inner join current_stories on followed.at_story_id = current_stories.story_id
    group by followed.story_id
)

select
    c.change_id,
    c.kind,
    c.story_id,
    c.other_story_id,
    coalesce(current_stories.story_id, ends.current_story_id) as current_story_id,
    c.articles,
    c.shown_by as shown_by_article_id,
    c.shown_at
from {{ ref('stg_analysis__story_changes') }} as c
left join current_stories on c.story_id = current_stories.story_id
left join ends on c.story_id = ends.story_id
