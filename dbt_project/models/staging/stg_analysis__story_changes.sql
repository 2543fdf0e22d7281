select
    change_id,
    kind,
    story_id,
    other_story_id,
    articles,
    shown_by,
    shown_at
from {{ source('analysis', 'story_changes') }}
