select
    relation_id as update_id,
    story_id,
    claim_a_id,
    claim_b_id,
    outlet_a_id,
    outlet_b_id,
    article_a_id,
    article_b_id,
    asserted_by_a,
    asserted_by_b,
    text_a,
    text_b,
    value_a,
    value_b,
    is_shared_dispute,
    score,
    detector,
    published_on,
    review_status,
    is_same_outlet,
    slot_key as slot
from {{ ref('int_relations_published') }}
where relation = 'update'
