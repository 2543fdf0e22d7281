select
    claim_a_id,
    claim_b_id,
    arbiter,
    relation,
    kind,
    level,
    score,
    detector,
    slot
from {{ source('analysis', 'rulings') }}
