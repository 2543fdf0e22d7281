-- The outlet behind every article. A credit line that names a known outlet says most: a digest pastes many outlets' words
-- on one host. Then the host, then what the site calls itself, then names that nobody has listed yet.
with articles as (
    select
        a.article_id,
        nullif(trim(a.outlet_credit), '') as credit,
        nullif(trim(a.site_name), '') as site_name,
        {{ url_host('a.canonical_url') }} as canonical_host,
        {{ url_host('a.url') }} as page_host,
        count(*) filter (where a.document_position > 0) over (partition by a.document_id) > 0 as is_digest
    from {{ ref('stg_news__articles') }} as a
),

hosted as (
    select
        articles.article_id,
        articles.site_name,
        -- A credit that only repeats what the page calls itself is the site's name, not a credit line.
        case
            when {{ outlet_key('articles.credit') }} is distinct from {{ outlet_key('articles.site_name') }} then articles.credit
        end as credit,
        -- The host of a page that pastes other outlets' articles says nothing about the credited ones.
        case when not articles.is_digest or articles.credit is null then coalesce(articles.canonical_host, articles.page_host) end
            as host,
        case
            when not articles.is_digest or articles.credit is null then coalesce(canonical.outlet_id, page.outlet_id)
        end as host_outlet_id
    from articles
    left join {{ ref('int_hosts_resolved') }} as canonical on articles.canonical_host = canonical.host
    left join {{ ref('int_hosts_resolved') }} as page on articles.page_host = page.host
),

-- What sources.yml calls the outlet whose own lists name a host's pages. The feed of an aggregator stands on another host.
listed as (
    select
        {{ url_host('url') }} as host,
        {{ url_host("regexp_replace(source_id, '^[a-z]+:', '')") }} as list_host,
        outlet,
        source_id like 'urls:%' as is_of_addresses
    from {{ ref('stg_news__entries') }}
    where outlet is not null and publisher is null
),

followed as (
    select
        host,
        outlet
    from listed
    where
        host is not null
        and (
            is_of_addresses or list_host = host or ends_with(list_host, '.' || host) or ends_with(host, '.' || list_host)
        )
    group by host, outlet
    qualify row_number() over (partition by host order by count(*) desc, outlet) = 1
),

written as (
    select credit as written from hosted where credit is not null
    union
    select site_name as written from hosted where site_name is not null
    union
    select outlet as written from followed
),

-- The forms a credit can take, best first: as it stands; without what is in brackets; what stands before a dash or bar;
-- after "for" or the last comma of a byline; without the section that aggregators add ("Online News", "Opinion").
forms as (
    select
        written,
        unnest([
            {'form_no': 1, 'form': written},
            {'form_no': 2, 'form': regexp_replace(written, '\s*\([^()]*\)', '', 'g')},
            {'form_no': 3, 'form': regexp_extract(written, '^(.+?)\s+[|–—-]\s', 1)},
            {'form_no': 4, 'form': regexp_extract(written, '(?i)(?:^|\s)for\s+(.+)$', 1)},
            {'form_no': 5, 'form': regexp_extract(written, ',\s*([^,]+)$', 1)},
            {
                'form_no': 6,
                'form': regexp_replace(
                    regexp_replace(
                        regexp_replace(written, '\s*\([^()]*\)', '', 'g'),
                        '\s+(?i:(?:online|web|digital)\s+news|online|opinion|editorial)$', ''
                    ),
                    -- "NPR News" is NPR; "Express News" need not be the Express.
                    '^([A-Z]{2,}) News$', '\1'
                )
            },
            {'form_no': 7, 'form': regexp_extract(written, '^.+\s[|–—-]\s+(.+)$', 1)}
        ], recursive := true)
    from written
),

candidates as (
    select
        forms.written,
        names.outlet_id,
        forms.form_no,
        names.name_rank
    from forms
    inner join {{ ref('int_outlet_names') }} as names on {{ outlet_key('forms.form') }} = names.name_key
    union all
    select
        written.written,
        hosts.outlet_id,
        1 as form_no,
        1 as name_rank
    from written
    inner join {{ ref('int_hosts_resolved') }} as hosts on {{ url_host("'https://' || written.written") }} = hosts.host
    where hosts.outlet_id is not null
),

best as (
    select written, outlet_id
    from candidates
    qualify rank() over (partition by written order by form_no, name_rank) = 1
),

-- One name may be that of several outlets ("The Times"): the host decides among them.
named as (
    select written, list(distinct outlet_id order by outlet_id) as outlet_ids
    from best
    group by written
),

known as (
    select
        hosted.article_id,
        hosted.credit,
        hosted.site_name,
        hosted.host,
        hosted.host_outlet_id,
        case
            when list_contains(credited.outlet_ids, hosted.host_outlet_id) then hosted.host_outlet_id
            when len(credited.outlet_ids) = 1 or hosted.host_outlet_id is null then credited.outlet_ids[1]
        end as credit_outlet_id,
        sites.outlet_ids[1] as site_outlet_id,
        followed.outlet as followed_name,
        follows.outlet_ids[1] as followed_outlet_id
    from hosted
    left join followed on hosted.host = followed.host
    left join named as credited on hosted.credit = credited.written
    left join named as sites on hosted.site_name = sites.written
    left join named as follows on followed.outlet = follows.written
),

-- What an unlisted site calls itself most often: its pages are one outlet, though single pages leave the name out.
site_names as (
    select
        host,
        site_name
    from known
    where host is not null and site_name is not null
    group by host, site_name
    qualify row_number() over (partition by host order by count(*) desc, site_name) = 1
),

discovered as (
    select
        known.*,
        case
            when known.credit is not null then trim(regexp_replace(known.credit, '\s*\([^()]*\)', '', 'g'))
            when known.host is not null then coalesce(known.followed_name, site_names.site_name, known.host)
            else known.site_name
        end as discovered_name
    from known
    left join site_names on known.host = site_names.host
)

select
    article_id,
    coalesce(
        credit_outlet_id, host_outlet_id, followed_outlet_id, site_outlet_id,
        {{ slug('discovered_name') }}, {{ slug('host') }}, 'unknown'
    ) as outlet_id,
    case
        when credit_outlet_id is not null then 'credit'
        when host_outlet_id is not null then 'domain'
        when followed_outlet_id is not null then 'followed'
        when site_outlet_id is not null then 'site_name'
        when {{ slug('discovered_name') }} is null and {{ slug('host') }} is null then 'nothing'
        when credit is not null then 'credit_slug'
        when discovered_name = followed_name then 'followed_slug'
        when host is not null and discovered_name = host then 'host_slug'
        else 'site_name_slug'
    end as resolved_by,
    coalesce(credit, site_name, host) as outlet_name_as_written,
    coalesce(nullif(discovered_name, ''), host) as discovered_name,
    host
from discovered
