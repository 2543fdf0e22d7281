select
    change_id,
    kind,
    story_id,
    other_story_id,
    current_story_id,
    articles,
    shown_by_article_id,
    shown_at
from {{ ref('int_story_changes') }}
