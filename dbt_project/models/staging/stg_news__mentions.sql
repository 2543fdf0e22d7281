select
    mention_id,
    article_id,
    sentence_no,
    char_start,
    char_end,
    surface,
    kind
from {{ source('raw', 'mentions') }}
