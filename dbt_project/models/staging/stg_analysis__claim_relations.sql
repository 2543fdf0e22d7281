select
    claim_a_id,
    claim_b_id,
    relation,
    kind,
    level,
    score,
    detector,
    slot,
    value_a,
    value_b,
    similarity,
    signals,
    p_contradiction
from {{ source('analysis', 'claim_relations') }}
