select
    claim_id,
    time_no,
    start_at,
    end_at,
    precision,
    char_start,
    char_end
from {{ source('raw', 'times') }}
