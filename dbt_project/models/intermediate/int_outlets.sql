-- Every outlet: those that people listed, those of the sample that occur, and those that nobody has listed yet.
with occurring as (
    select outlet_id from {{ ref('int_outlets_resolved') }}
    union
    select outlet_id from {{ ref('int_attributions') }} where outlet_id is not null
),

listed as (
    select outlet_id, name, domain, country, publisher_family_id, is_wire_agency, wikidata_id, false as is_sample
    from {{ ref('outlets') }}
    union all
    select outlet_id, name, domain, country, publisher_family_id, is_wire_agency, wikidata_id, true as is_sample
    from {{ ref('sample_outlets') }}
    where
        outlet_id in (select outlet_id from occurring)
        and outlet_id not in (select outlet_id from {{ ref('outlets') }})
),

aliases as (
    select outlet_id, list(distinct alias order by alias) as aliases
    from {{ ref('outlet_aliases') }}
    group by outlet_id
),

-- What an unlisted outlet is called most often, and where it stands most often.
spellings as (
    select outlet_id, coalesce(discovered_name, 'Unknown outlet') as name, count(*) as articles
    from {{ ref('int_outlets_resolved') }}
    group by all
),

spelled as (
    select
        outlet_id,
        list(name order by articles desc, name) as names
    from spellings
    group by outlet_id
),

hosts as (
    select outlet_id, host
    from {{ ref('int_outlets_resolved') }}
    where host is not null
    group by outlet_id, host
    qualify row_number() over (partition by outlet_id order by count(*) desc, host) = 1
),

discovered as (
    select
        spelled.outlet_id,
        spelled.names[1] as name,
        hosts.host as domain,
        list_sort(spelled.names[2:]) as aliases
    from spelled
    left join hosts on spelled.outlet_id = hosts.outlet_id
    where spelled.outlet_id not in (select outlet_id from listed)
)

select
    listed.outlet_id,
    listed.name,
    nullif(listed.domain, '') as domain,
    nullif(listed.country, '') as country,
    nullif(listed.publisher_family_id, '') as publisher_family_id,
    families.name as publisher_family,
    coalesce(listed.is_wire_agency, false) as is_wire_agency,
    nullif(listed.wikidata_id, '') as wikidata_id,
    coalesce(aliases.aliases, []) as aliases,
    listed.is_sample,
    true as is_listed
from listed
left join {{ ref('publisher_families') }} as families on listed.publisher_family_id = families.publisher_family_id
left join aliases on listed.outlet_id = aliases.outlet_id
union all
select
    outlet_id,
    name,
    domain,
    null as country,
    null as publisher_family_id,
    null as publisher_family,
    false as is_wire_agency,
    null as wikidata_id,
    aliases,
    false as is_sample,
    false as is_listed
from discovered
