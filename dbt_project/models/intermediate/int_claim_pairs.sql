-- Pairs of claims that were compared, as they were decided, the earlier first, with the articles and outlets they stand in.
with decided as (
    -- Where an arbiter was asked and answered, it decides.
    select
        r.claim_a_id,
        r.claim_b_id,
        coalesce(s.relation, r.relation) as relation,
        case when s.relation is null then r.kind else s.kind end as kind,
        case when s.relation is null then r.level else s.level end as level,
        case when s.relation is null then r.score else s.score end as score,
        case when s.relation is null then r.detector else s.detector end as detector,
        coalesce(r.slot, s.slot) as slot,
        r.value_a,
        r.value_b,
        case when s.relation is null then r.signals end as signals
    from {{ ref('stg_analysis__claim_relations') }} as r
    left join {{ ref('stg_analysis__rulings') }} as s on r.claim_a_id = s.claim_a_id and r.claim_b_id = s.claim_b_id
),

sided as (
    select
        r.*,
        -- Versions of one page mostly bear one time of publication: of those the version is what was said first.
        case
            when x.canonical_url = y.canonical_url then x.version_no > y.version_no
            else x.known_at > y.known_at or (x.known_at = y.known_at and x.claim_id > y.claim_id)
        end as is_swapped
    from decided as r
    inner join {{ ref('int_claims_linked') }} as x on r.claim_a_id = x.claim_id
    inner join {{ ref('int_claims_linked') }} as y on r.claim_b_id = y.claim_id
),

ordered as (
    select
        case when is_swapped then claim_b_id else claim_a_id end as claim_a_id,
        case when is_swapped then claim_a_id else claim_b_id end as claim_b_id,
        relation,
        kind,
        level,
        score,
        detector,
        slot,
        case when is_swapped then value_b else value_a end as value_a,
        case when is_swapped then value_a else value_b end as value_b,
        signals
    from sided
)

select
    ordered.*,
    a.story_id,
    a.article_id as article_a_id,
    b.article_id as article_b_id,
    a.outlet_id as outlet_a_id,
    b.outlet_id as outlet_b_id,
    a.outlet_id = b.outlet_id as is_same_outlet,
    a.is_counted and b.is_counted as is_counted
from ordered
inner join {{ ref('int_claims_linked') }} as a on ordered.claim_a_id = a.claim_id
inner join {{ ref('int_claims_linked') }} as b on ordered.claim_b_id = b.claim_id
where a.article_id <> b.article_id and a.story_id = b.story_id
