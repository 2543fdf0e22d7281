-- What a credit line or the name of a source may call a known outlet.
with known as (
    select outlet_id, name, false as is_sample from {{ ref('outlets') }}
    union all
    select outlet_id, name, true as is_sample from {{ ref('sample_outlets') }}
),

names as (
    select outlet_id, name, 0 as name_rank, is_sample from known
    union all
    select a.outlet_id, a.alias as name, 1 as name_rank, known.is_sample
    from {{ ref('outlet_aliases') }} as a
    inner join known on a.outlet_id = known.outlet_id
    where a.kind = 'name'
    union all
    -- People write ids into records of their own.
    select outlet_id, outlet_id as name, 2 as name_rank, is_sample from known
),

keyed as (
    select outlet_id, name, name_rank, is_sample, {{ outlet_key('name') }} as name_key
    from names
)

select name_key, outlet_id, name, name_rank, is_sample
from keyed
where name_key is not null
qualify row_number() over (partition by name_key, outlet_id order by name_rank, name) = 1
