-- Each contradiction and corroboration counts for both of its outlets, for each on the day of its own claim, so that a day's
-- contradictions and its claims compared speak of the same claims.
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

contradicted as (
    select unnest([article_a_id, article_b_id]) as article_id, kind, level, is_shared_dispute
    from {{ ref('fct_contradictions') }}
    where is_counted
),

contradiction_counts as (
    select
        a.outlet_id,
        a.published_on,
        count(*) as contradictions,
        count(*) filter (where c.level = 'outlet') as outlet_level,
        count(*) filter (where c.level = 'source') as source_level,
        count(*) filter (where c.is_shared_dispute) as shared_disputes,
        count(*) filter (where c.kind = 'number') as number,
        count(*) filter (where c.kind = 'date') as date,
        count(*) filter (where c.kind = 'place') as place,
        count(*) filter (where c.kind = 'actor') as actor,
        count(*) filter (where c.kind = 'denial') as denial,
        count(*) filter (where c.kind = 'negation') as negation,
        count(*) filter (where c.kind = 'semantic') as semantic
    from contradicted as c
    inner join {{ ref('fct_articles') }} as a on c.article_id = a.article_id
    group by a.outlet_id, a.published_on
),

corroborated as (
    select unnest([article_a_id, article_b_id]) as article_id
    from {{ ref('fct_corroborations') }}
    where is_counted
),

corroboration_counts as (
    select
        a.outlet_id,
        a.published_on,
        count(*) as corroborations
    from corroborated as c
    inner join {{ ref('fct_articles') }} as a on c.article_id = a.article_id
    group by a.outlet_id, a.published_on
)

select
    days.outlet_id,
    days.published_on,
    coalesce(claims.claims, 0) as claims,
    coalesce(compared_counts.claims_compared, 0) as claims_compared,
    coalesce(contradiction_counts.contradictions, 0) as contradictions,
    coalesce(contradiction_counts.outlet_level, 0) as outlet_level,
    coalesce(contradiction_counts.source_level, 0) as source_level,
    coalesce(contradiction_counts.shared_disputes, 0) as shared_disputes,
    coalesce(contradiction_counts.number, 0) as number,
    coalesce(contradiction_counts.date, 0) as date,
    coalesce(contradiction_counts.place, 0) as place,
    coalesce(contradiction_counts.actor, 0) as actor,
    coalesce(contradiction_counts.denial, 0) as denial,
    coalesce(contradiction_counts.negation, 0) as negation,
    coalesce(contradiction_counts.semantic, 0) as semantic,
    coalesce(corroboration_counts.corroborations, 0) as corroborations,
    -- Null, not 0, where nothing was compared: a count without its denominator misleads.
    coalesce(contradiction_counts.contradictions, 0) / nullif(compared_counts.claims_compared, 0) as contradiction_rate
from days
left join claims using (outlet_id, published_on)
left join compared_counts using (outlet_id, published_on)
left join contradiction_counts using (outlet_id, published_on)
left join corroboration_counts using (outlet_id, published_on)
