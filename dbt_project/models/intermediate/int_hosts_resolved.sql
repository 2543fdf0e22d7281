-- The outlet behind every host that an article or a fetch names: the longest known domain that the host is, or ends in.
with domains as (
    select domain, outlet_id, 0 as domain_rank from {{ ref('outlets') }}
    union all
    select domain, outlet_id, 1 as domain_rank from {{ ref('sample_outlets') }}
    union all
    select a.alias as domain, a.outlet_id, 2 as domain_rank
    from {{ ref('outlet_aliases') }} as a
    where
        a.kind = 'domain'
        and (
            a.outlet_id in (select outlet_id from {{ ref('outlets') }})
            or a.outlet_id in (select outlet_id from {{ ref('sample_outlets') }})
        )
),

known_domains as (
    select
        regexp_replace(lower(trim(domain)), '^www\.', '') as domain,
        outlet_id
    from domains
    where trim(coalesce(domain, '')) <> ''
    qualify row_number() over (
        partition by regexp_replace(lower(trim(domain)), '^www\.', '') order by domain_rank, outlet_id
    ) = 1
),

addresses as (
    select canonical_url as url from {{ ref('stg_news__articles') }}
    union
    select url from {{ ref('stg_news__articles') }}
    union
    select url from {{ ref('stg_news__fetches') }}
    union
    -- Some credit themselves by their domain: TheBlaze.com.
    select 'https://' || trim(outlet_credit) as url
    from {{ ref('stg_news__articles') }}
    where regexp_full_match(trim(outlet_credit), '[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}')
),

hosts as (
    select distinct {{ url_host('url') }} as host
    from addresses
    where url is not null
),

-- a.b.example -> a.b.example, b.example, example: an equality join finds the suffix without comparing every pair.
suffixes as (
    select
        host,
        unnest(range(1, len(string_split(host, '.')) + 1)) as suffix_no,
        string_split(host, '.') as labels
    from hosts
    where host is not null
),

matched as (
    select
        suffixes.host,
        known_domains.outlet_id
    from suffixes
    inner join known_domains
        on array_to_string(suffixes.labels[suffixes.suffix_no:], '.') = known_domains.domain
    qualify row_number() over (partition by suffixes.host order by suffixes.suffix_no) = 1
)

select
    hosts.host,
    matched.outlet_id
from hosts
left join matched on hosts.host = matched.host
where hosts.host is not null
