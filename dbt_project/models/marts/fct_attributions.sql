select
    claim_id,
    hop_no,
    actor,
    actor_kind,
    entity_id,
    outlet_id,
    is_anonymous,
    cue,
    cue_kind,
    char_start,
    char_end
from {{ ref('int_attributions_linked') }}
