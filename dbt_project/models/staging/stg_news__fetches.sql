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
    error,
    final_url,
    etag,
    last_modified,
    content_sha256,
    opt_out
from {{ source('raw', 'fetches') }}
