select
    document_id,
    fetch_id,
    url,
    media_type,
    fetched_at,
    content_sha256,
    stored_at
from {{ source('raw', 'documents') }}
