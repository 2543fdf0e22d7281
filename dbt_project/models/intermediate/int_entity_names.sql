-- Every name by which a listed entity is known, and the entity: the outlets among them, where Wikidata knows them.
with outlet_names as (
    select
        name,
        {{ entity_key(clean_surface('name')) }} as name_key,
        wikidata_id
    from {{ ref('outlets') }}
    where trim(coalesce(wikidata_id, '')) <> ''
    qualify row_number() over (partition by {{ entity_key(clean_surface('name')) }} order by outlet_id) = 1
),

people_listed as (
    select
        a.alias,
        a.name,
        a.kind,
        -- An outlet may stand in both lists, with its Wikidata id in one alone.
        coalesce(nullif(trim(a.wikidata_id), ''), outlet_names.wikidata_id) as wikidata_id,
        {{ entity_key(clean_surface('a.name')) }} as name_key
    from {{ ref('entity_aliases') }} as a
    left join outlet_names
        on {{ entity_key(clean_surface('a.name')) }} = outlet_names.name_key and a.kind = 'organization'
),

aliases as (
    select alias, name, kind, wikidata_id from people_listed
    union
    select name as alias, name, kind, wikidata_id from people_listed
    union
    -- What an ambiguous name may mean besides what the list knows.
    select name as alias, name, kind, nullif(trim(wikidata_id), '') as wikidata_id
    from {{ ref('ambiguous_names') }}
    where
        trim(coalesce(name, '')) <> ''
        and {{ entity_key(clean_surface('name')) }} not in (select name_key from people_listed)
    union
    select name as alias, name, 'organization' as kind, wikidata_id
    from outlet_names
    where name_key not in (select name_key from people_listed)
),

identified as (
    select
        trim(alias) as alias,
        coalesce(wikidata_id, kind || '-' || replace({{ entity_key(clean_surface('name')) }}, ' ', '-')) as entity_id,
        trim(name) as name,
        kind,
        wikidata_id
    from aliases
),

-- One entity, one name and one kind, whatever the lists say of it.
entities as (
    select entity_id, name, kind, wikidata_id
    from identified
    group by entity_id, name, kind, wikidata_id
    qualify row_number() over (partition by entity_id order by count(*) desc, name, kind) = 1
)

select
    identified.alias,
    {{ entity_key('identified.alias') }} as alias_key,
    contains({{ entity_key('identified.alias') }}, ' ') as is_multi_word,
    bool_or({{ entity_key('identified.alias') }} = {{ entity_key('entities.name') }}) as is_name,
    entities.entity_id,
    entities.name,
    entities.kind,
    entities.wikidata_id
from identified
inner join entities on identified.entity_id = entities.entity_id
where identified.alias <> ''
group by all
