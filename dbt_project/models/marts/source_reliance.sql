-- The source is whom the outlet itself cites, the first hop: of "RT > Financial Times > unnamed officials" it is the
-- Financial Times that RT relies on.
with first_hops as (
    select
        c.outlet_id,
        h.actor as source,
        h.actor_kind as source_kind,
        c.claim_id,
        c.article_id,
        c.is_anonymous
    from {{ ref('int_claims_linked') }} as c
    inner join {{ ref('int_attributions_linked') }} as h on c.claim_id = h.claim_id
    where c.is_current
    qualify row_number() over (partition by c.claim_id order by h.hop_no) = 1
)

select
    outlet_id,
    -- "Sources" that open a sentence and "sources" within one are one source.
    mode(source order by source desc) as source,
    mode(source_kind order by source_kind) as source_kind,
    count(*) as claims,
    count(distinct article_id) as articles,
    count(*) filter (where is_anonymous) as anonymous_claims
from first_hops
group by outlet_id, lower(source)
