-- The source is whom the outlet itself cites, the first hop: of "RT > Financial Times > unnamed officials" it is the
-- Financial Times that RT relies on.
with first_hops as (
    select
        c.outlet_id,
        h.actor as source,
        lower(h.actor) as source_key,
        h.actor_kind as source_kind,
        case when h.outlet_id is null then h.entity_id end as entity_id,
        c.claim_id,
        c.article_id,
        c.is_anonymous
    from {{ ref('int_claims_linked') }} as c
    inner join {{ ref('int_attributions_linked') }} as h on c.claim_id = h.claim_id
    where c.is_current
    qualify row_number() over (partition by c.claim_id order by h.hop_no) = 1
),

-- Names that two sources of an outlet share: two people, or a country and a state.
shared_names as (
    select outlet_id, source_key
    from first_hops
    group by outlet_id, source_key
    having count(distinct entity_id) > 1
),

told_apart as (
    select
        first_hops.*,
        case
            when shared_names.source_key is not null and first_hops.entity_id is not null then ' (' || first_hops.entity_id || ')'
            else ''
        end as mark
    from first_hops
    left join shared_names on first_hops.outlet_id = shared_names.outlet_id and first_hops.source_key = shared_names.source_key
)

select
    outlet_id,
    -- "Sources" that open a sentence and "sources" within one are one source.
    mode(source order by source desc) || mark as source,
    mode(source_kind order by source_kind) as source_kind,
    count(*) as claims,
    count(distinct article_id) as articles,
    count(*) filter (where is_anonymous) as anonymous_claims
from told_apart
group by outlet_id, source_key, mark
