select
    article_id,
    sentence_no,
    char_start,
    char_end,
    reader
from {{ source('raw', 'sentences') }}
