select
    claim_id,
    quantity_no,
    dimension,
    lower,
    upper,
    unit,
    approximation,
    counted,
    char_start,
    char_end
from {{ source('raw', 'quantities') }}
