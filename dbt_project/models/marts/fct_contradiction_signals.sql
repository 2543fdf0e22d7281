select
    published.relation_id as contradiction_id,
    signals.key as signal,
    (signals.value ->> 0)::double as value,
    (signals.value ->> 1)::double as share
from {{ ref('int_relations_published') }} as published, json_each(published.signals) as signals
where published.relation = 'contradiction'
