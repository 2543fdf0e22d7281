select
    claim_id,
    article_id,
    sentence_no,
    char_start,
    char_end,
    text,
    polarity,
    modality
from {{ source('raw', 'claims') }}
