with story_outlets as (
    select distinct s.story_id, a.outlet_id
    from {{ ref('int_articles') }} as a
    inner join {{ ref('stg_analysis__story_articles') }} as s on a.article_id = s.article_id
    where a.is_current
),

pairs as (
    select
        one.outlet_id as outlet_a_id,
        two.outlet_id as outlet_b_id,
        count(*) as shared_stories
    from story_outlets as one
    inner join story_outlets as two on one.story_id = two.story_id and one.outlet_id < two.outlet_id
    group by one.outlet_id, two.outlet_id
),

compared_claims as (
    select
        least(outlet_a_id, outlet_b_id) as outlet_a_id,
        greatest(outlet_a_id, outlet_b_id) as outlet_b_id,
        unnest([claim_a_id, claim_b_id]) as claim_id
    from {{ ref('int_claim_pairs') }}
    where is_counted and not is_same_outlet
),

compared as (
    select
        outlet_a_id,
        outlet_b_id,
        count(distinct claim_id) as claims_compared
    from compared_claims
    group by outlet_a_id, outlet_b_id
),

contradiction_counts as (
    select
        least(outlet_a_id, outlet_b_id) as outlet_a_id,
        greatest(outlet_a_id, outlet_b_id) as outlet_b_id,
        count(*) as contradictions,
        count(*) filter (where level = 'outlet') as outlet_level,
        count(*) filter (where level = 'source') as source_level
    from {{ ref('fct_contradictions') }}
    where is_counted
    group by all
),

corroboration_counts as (
    select
        least(outlet_a_id, outlet_b_id) as outlet_a_id,
        greatest(outlet_a_id, outlet_b_id) as outlet_b_id,
        count(*) as corroborations
    from {{ ref('fct_corroborations') }}
    where is_counted
    group by all
)

select
    pairs.outlet_a_id,
    pairs.outlet_b_id,
    pairs.shared_stories,
    coalesce(compared.claims_compared, 0) as claims_compared,
    coalesce(corroboration_counts.corroborations, 0) as corroborations,
    coalesce(contradiction_counts.contradictions, 0) as contradictions,
    coalesce(contradiction_counts.outlet_level, 0) as outlet_level,
    coalesce(contradiction_counts.source_level, 0) as source_level,
    coalesce(contradiction_counts.contradictions, 0) / nullif(compared.claims_compared, 0) as contradiction_rate
from pairs
left join compared using (outlet_a_id, outlet_b_id)
left join contradiction_counts using (outlet_a_id, outlet_b_id)
left join corroboration_counts using (outlet_a_id, outlet_b_id)
