-- What two articles say to each other about one slot: for each relation the clearest pair of claims, and what sets the pair
-- apart (a shared dispute, independence, a review).
with identified as (
    select
        *,
        {{ stable_id(['least(claim_a_id, claim_b_id)', 'greatest(claim_a_id, claim_b_id)']) }} as relation_id
    from {{ ref('int_claim_pairs') }}
    -- A contradiction or a corroboration takes two outlets; an update may be one outlet's own correction.
    where relation = 'update' or (relation in ('contradiction', 'corroboration') and not is_same_outlet)
),

stated as (
    select
        p.*,
        -- A pair whose slot the comparison could not name is a slot of its own.
        coalesce(p.slot, least(p.claim_a_id, p.claim_b_id) || ' ' || greatest(p.claim_a_id, p.claim_b_id)) as slot_key,
        -- Both articles in one fixed order, whichever claim is the earlier: for articles of one moment the order may differ by
        -- claim.
        least(p.article_a_id, p.article_b_id) as article_one,
        greatest(p.article_a_id, p.article_b_id) as article_two,
        case when p.article_a_id < p.article_b_id then p.claim_a_id else p.claim_b_id end as claim_one,
        case when p.article_a_id < p.article_b_id then p.claim_b_id else p.claim_a_id end as claim_two,
        reviews.review_status
    from identified as p
    left join {{ ref('reviews') }} as reviews on p.relation_id = reviews.contradiction_id
),

-- Both orders of an article pair are one pair of articles. Whoever reviewed a slot has settled it, also where another pair of
-- its claims scores higher since.
clearest as (
    select *
    from stated
    qualify row_number() over (
        partition by relation, article_one, article_two, slot_key
        order by review_status is null, score desc, claim_a_id, claim_b_id
    ) = 1
),

-- Where the comparison could name no slot, a sentence confirms what it is nearest to, not every sentence about the matter.
told as (
    select *
    from clearest
    qualify
        relation <> 'corroboration'
        or slot is not null
        or (
            row_number() over (
                partition by relation, slot is null, claim_one, article_two
                order by review_status is null, score desc, claim_two
            ) = 1
            and row_number() over (
                partition by relation, slot is null, claim_two, article_one
                order by review_status is null, score desc, claim_one
            ) = 1
        )
),

contradictions as (
    select
        stated.claim_a_id,
        stated.claim_b_id,
        stated.slot_key,
        stated.article_one,
        stated.article_two,
        stated.claim_one,
        stated.claim_two,
        case when stated.article_a_id < stated.article_b_id then stated.value_a else stated.value_b end as value_one,
        case when stated.article_a_id < stated.article_b_id then stated.value_b else stated.value_a end as value_two,
        case when stated.article_a_id < stated.article_b_id then a.asserted_by else b.asserted_by end as speaker_one,
        case when stated.article_a_id < stated.article_b_id then b.asserted_by else a.asserted_by end as speaker_two
    from stated
    inner join {{ ref('int_claims_linked') }} as a on stated.claim_a_id = a.claim_id
    inner join {{ ref('int_claims_linked') }} as b on stated.claim_b_id = b.claim_id
    where stated.relation = 'contradiction'
),

-- The two articles contradict each other on the slot the other way round as well: one gives x where two gives y, and one
-- gives y where two gives x. x and y are values or, of a quarrel without values, the speakers.
both_ways as (
    select distinct there.claim_a_id, there.claim_b_id
    from contradictions as there
    inner join contradictions as back
        on
            there.article_one = back.article_one
            and there.article_two = back.article_two
            and there.slot_key = back.slot_key
    where
        there.claim_one <> back.claim_one
        and there.claim_two <> back.claim_two
        and (
            (
                there.value_one = back.value_two
                and there.value_two = back.value_one
                and there.value_one <> there.value_two
            )
            or (
                there.speaker_one = back.speaker_two
                and there.speaker_two = back.speaker_one
                and there.speaker_one <> there.speaker_two
            )
        )
),

corroborations as (
    select article_one, article_two, claim_one, claim_two
    from stated
    where relation = 'corroboration'
),

-- Article one also says what two's claim says, and two also says what one's claim says.
each_says_both as (
    select distinct c.claim_a_id, c.claim_b_id
    from contradictions as c
    inner join corroborations as by_one on c.claim_two = by_one.claim_two and c.article_one = by_one.article_one
    inner join corroborations as by_two on c.claim_one = by_two.claim_one and c.article_two = by_two.article_two
),

disputes as (
    select claim_a_id, claim_b_id from both_ways
    union
    select claim_a_id, claim_b_id from each_says_both
),

families as (
    select outlet_id, coalesce(publisher_family_id, outlet_id) as publisher_family_id
    from {{ ref('int_outlets') }}
),

contested_slots as (
    select distinct article_one, article_two, slot_key from contradictions
)

select
    p.relation_id,
    p.relation,
    p.story_id,
    p.kind,
    p.level,
    p.slot_key,
    p.claim_a_id,
    p.claim_b_id,
    p.outlet_a_id,
    p.outlet_b_id,
    p.article_a_id,
    p.article_b_id,
    a.asserted_by as asserted_by_a,
    b.asserted_by as asserted_by_b,
    a.text as text_a,
    b.text as text_b,
    p.value_a,
    p.value_b,
    case
        when p.relation = 'contradiction' then p.level = 'source' and disputes.claim_a_id is not null
        else contested_slots.slot_key is not null
    end as is_shared_dispute,
    p.score,
    p.detector,
    greatest(a.published_on, b.published_on) as published_on,
    coalesce(p.review_status, 'unreviewed') as review_status,
    p.is_same_outlet,
    -- Two reports confirm each other only where neither leans on the other, on one owner or on one and the same source.
    a.origin_id <> b.origin_id
    and family_a.publisher_family_id <> family_b.publisher_family_id
    and not list_has_any(a.vouching_outlet_ids, b.vouching_outlet_ids)
    and not (
        a.hop_count > 0
        and b.hop_count > 0
        -- Who vouches in the end: "unnamed officials" of two reports need not be the same people.
        and a.asserted_by_kind <> 'anonymous'
        and b.asserted_by_kind <> 'anonymous'
        and (
            lower(a.asserted_by) = lower(b.asserted_by)
            or coalesce(a.asserted_by_entity_id = b.asserted_by_entity_id, false)
        )
    ) as is_independent,
    p.is_counted and coalesce(p.review_status, 'unreviewed') <> 'dismissed' as is_counted,
    p.signals
from told as p
inner join {{ ref('int_claims_linked') }} as a on p.claim_a_id = a.claim_id
inner join {{ ref('int_claims_linked') }} as b on p.claim_b_id = b.claim_id
inner join families as family_a on p.outlet_a_id = family_a.outlet_id
inner join families as family_b on p.outlet_b_id = family_b.outlet_id
left join disputes on p.claim_a_id = disputes.claim_a_id and p.claim_b_id = disputes.claim_b_id
left join contested_slots
    on
        p.article_one = contested_slots.article_one
        and p.article_two = contested_slots.article_two
        and p.slot_key = contested_slots.slot_key
