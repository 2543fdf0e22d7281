select
    entry_id,
    source_id,
    outlet,
    url,
    title,
    publisher,
    publisher_url,
    published_at,
    language,
    listed_at,
    fetch_id
from {{ source('raw', 'entries') }}
