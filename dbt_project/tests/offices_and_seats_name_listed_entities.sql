{{ config(meta={'dagster': {'ref': {'name': 'office_holders'}}}) }}
-- Who held an office and which government sits where are said by names of entity_aliases, countries by words that name them.
with listed as (
    select alias, kind from {{ ref('entity_aliases') }}
)

select 'holder' as what, holders.name as name
from {{ ref('office_holders') }} as holders
anti join listed on holders.name = listed.alias and listed.kind = 'person'
union all
select 'country' as what, holders.country as name
from {{ ref('office_holders') }} as holders
anti join {{ ref('country_words') }} as countries on holders.country = countries.country
union all
select 'government' as what, seats.government as name
from {{ ref('government_seats') }} as seats
anti join listed on seats.government = listed.alias and listed.kind = 'organization'
union all
select 'term' as what, name
from {{ ref('office_holders') }}
where coalesce(until, as_of) is null or coalesce(until, as_of) < since
