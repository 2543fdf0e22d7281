-- Each relation counts for both of its outlets, for each on the day of its own claim, so that a day's contradictions and its
-- claims compared speak of the same claims.
with days as (
    select distinct outlet_id, published_on
    from {{ ref('int_articles') }}
    where is_current
),

claims as (
    select
        outlet_id,
        published_on,
        count(*) as claims
    from {{ ref('int_claims_linked') }}
    where is_current
    group by outlet_id, published_on
),

compared as (
    select claim_a_id as claim_id from {{ ref('int_claim_pairs') }} where is_counted and not is_same_outlet
    union
    select claim_b_id as claim_id from {{ ref('int_claim_pairs') }} where is_counted and not is_same_outlet
),

compared_counts as (
    select
        c.outlet_id,
        c.published_on,
        count(*) as claims_compared
    from compared
    inner join {{ ref('int_claims_linked') }} as c on compared.claim_id = c.claim_id
    group by c.outlet_id, c.published_on
),

sides as (
    select outlet_a_id as outlet_id, published_on_a as published_on, relation, kind, level, is_shared_dispute
    from {{ ref('int_relations_published') }}
    where is_counted
    union all
    select outlet_b_id as outlet_id, published_on_b as published_on, relation, kind, level, is_shared_dispute
    from {{ ref('int_relations_published') }}
    where is_counted
),

relation_counts as (
    select
        outlet_id,
        published_on,
        count(*) filter (where relation = 'contradiction') as contradictions,
        count(*) filter (where relation = 'contradiction' and level = 'outlet') as outlet_level,
        count(*) filter (where relation = 'contradiction' and level = 'source') as source_level,
        count(*) filter (where relation = 'contradiction' and is_shared_dispute) as shared_disputes,
        count(*) filter (where relation = 'contradiction' and kind = 'number') as number,
        count(*) filter (where relation = 'contradiction' and kind = 'date') as date,
        count(*) filter (where relation = 'contradiction' and kind = 'place') as place,
        count(*) filter (where relation = 'contradiction' and kind = 'actor') as actor,
        count(*) filter (where relation = 'contradiction' and kind = 'denial') as denial,
        count(*) filter (where relation = 'contradiction' and kind = 'negation') as negation,
        count(*) filter (where relation = 'contradiction' and kind = 'semantic') as semantic,
        count(*) filter (where relation = 'corroboration') as corroborations
    from sides
    group by outlet_id, published_on
)

select
    days.outlet_id,
    days.published_on,
    coalesce(claims.claims, 0) as claims,
    coalesce(compared_counts.claims_compared, 0) as claims_compared,
    coalesce(relation_counts.contradictions, 0) as contradictions,
    coalesce(relation_counts.outlet_level, 0) as outlet_level,
    coalesce(relation_counts.source_level, 0) as source_level,
    coalesce(relation_counts.shared_disputes, 0) as shared_disputes,
    coalesce(relation_counts.number, 0) as number,
    coalesce(relation_counts.date, 0) as date,
    coalesce(relation_counts.place, 0) as place,
    coalesce(relation_counts.actor, 0) as actor,
    coalesce(relation_counts.denial, 0) as denial,
    coalesce(relation_counts.negation, 0) as negation,
    coalesce(relation_counts.semantic, 0) as semantic,
    coalesce(relation_counts.corroborations, 0) as corroborations,
    -- Null, not 0, where nothing was compared: a count without its denominator misleads.
    coalesce(relation_counts.contradictions, 0) / nullif(compared_counts.claims_compared, 0) as contradiction_rate
from days
left join claims using (outlet_id, published_on)
left join compared_counts using (outlet_id, published_on)
left join relation_counts using (outlet_id, published_on)
