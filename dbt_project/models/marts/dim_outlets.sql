select
    outlet_id,
    name,
    domain,
    country,
    publisher_family,
    is_wire_agency,
    aliases,
    wikidata_id,
    is_listed
from {{ ref('int_outlets') }}
