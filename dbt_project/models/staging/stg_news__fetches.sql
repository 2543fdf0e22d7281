select
    fetch_id,
    run_id,
    source_id,
    url,
    method,
    requested_at,
    status,
    http_status,
    bytes,
    error
from {{ source('raw', 'fetches') }}
