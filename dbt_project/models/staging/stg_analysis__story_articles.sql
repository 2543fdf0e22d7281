select
    story_id,
    article_id
from {{ source('analysis', 'story_articles') }}
