{{ config(meta={'dagster': {'ref': {'name': 'fct_attributions'}}}) }}
-- The number of actors that a claim gives is the number of its hops.
select
    c.claim_id,
    c.hop_count,
    count(h.claim_id) as hops
from {{ ref('fct_claims') }} as c
left join {{ ref('fct_attributions') }} as h on c.claim_id = h.claim_id
group by c.claim_id, c.hop_count
having c.hop_count <> count(h.claim_id)
