-- Claims with their outlet and with whoever vouches for them: what the comparison reads.
with chains as (
    {{ claim_chains(ref('int_attributions')) }}
)

select
    c.claim_id,
    c.article_id,
    a.outlet_id,
    a.canonical_url,
    a.version_no,
    a.is_current,
    a.origin_id,
    a.published_at,
    a.published_precision,
    a.published_on,
    c.sentence_no,
    c.char_start,
    c.char_end,
    c.text,
    coalesce(substr(articles.text, s.char_start + 1, s.char_end - s.char_start), c.text) as sentence,
    c.polarity,
    c.modality,
    coalesce(chains.hop_count, 0) as hop_count,
    coalesce(chains.asserted_by, outlets.name) as asserted_by,
    chains.asserted_by_entity_id,
    coalesce(chains.asserted_by_kind, 'outlet') as asserted_by_kind,
    coalesce(chains.is_anonymous, false) as is_anonymous,
    concat_ws(' > ', outlets.name, chains.actors) as attribution_path,
    case when chains.claim_id is null then a.outlet_id else chains.asserted_by_outlet_id end as asserted_by_outlet_id,
    coalesce(chains.cited_outlet_ids, []) as cited_outlet_ids
from {{ ref('stg_news__claims') }} as c
inner join {{ ref('int_articles') }} as a on c.article_id = a.article_id
inner join {{ ref('int_outlets') }} as outlets on a.outlet_id = outlets.outlet_id
inner join {{ ref('stg_news__articles') }} as articles on c.article_id = articles.article_id
left join {{ ref('stg_news__sentences') }} as s on c.article_id = s.article_id and c.sentence_no = s.sentence_no
left join chains on c.claim_id = chains.claim_id
