select
    claim_id,
    hop_no,
    actor,
    actor_kind,
    cue,
    cue_kind,
    char_start,
    char_end,
    antecedent,
    is_anonymous,
    cue_start,
    cue_end
from {{ source('raw', 'attributions') }}
