with current_articles as (
    select article_id, outlet_id, published_on
    from {{ ref('int_articles') }}
    where is_current
),

mentioned as (
    select
        m.entity_id,
        a.outlet_id,
        a.published_on,
        count(*) as mentions,
        count(distinct m.article_id) as articles
    from {{ ref('int_mentions_linked') }} as m
    inner join current_articles as a on m.article_id = a.article_id
    group by m.entity_id, a.outlet_id, a.published_on
),

about as (
    select
        m.entity_id,
        c.outlet_id,
        c.published_on,
        count(distinct c.claim_id) as claims_about
    from {{ ref('int_claims_linked') }} as c
    inner join {{ ref('int_mentions_linked') }} as m
        on c.article_id = m.article_id and c.char_start <= m.char_start and m.char_end <= c.char_end
    where c.is_current
    group by m.entity_id, c.outlet_id, c.published_on
),

by_entity as (
    select
        asserted_by_entity_id as entity_id,
        outlet_id,
        published_on,
        count(*) as claims_by
    from {{ ref('int_claims_linked') }}
    where is_current and asserted_by_entity_id is not null
    group by asserted_by_entity_id, outlet_id, published_on
)

select
    entity_id,
    outlet_id,
    published_on,
    coalesce(mentioned.mentions, 0) as mentions,
    coalesce(mentioned.articles, 0) as articles,
    coalesce(about.claims_about, 0) as claims_about,
    coalesce(by_entity.claims_by, 0) as claims_by
from mentioned
-- An entity can be cited by an article that only calls it "he".
full outer join by_entity using (entity_id, outlet_id, published_on)
left join about using (entity_id, outlet_id, published_on)
