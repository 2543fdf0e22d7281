-- Every hop with the outlet or entity that its actor is, and the actor's name in one writing. An outlet that names itself ("The
-- Daily Lantern has learned") speaks in its own voice: it is no hop of its own articles.
--
-- The words of an actor hold more than a name ("Kremlin spokesperson Dmitry Peskov"). The head of the phrase is whom it
-- names: the first mention that is not somebody else's ("Putin's spokesman", "a spokesman for Putin", "Putin aide").
with hops as (
    select
        h.claim_id,
        h.hop_no,
        c.article_id,
        h.actor as actor_as_written,
        h.actor_kind,
        h.is_anonymous or h.actor_kind = 'anonymous' as is_anonymous,
        -- "The police in Brenn" are not Brenn, whatever the reader took for the head of the phrase.
        case
            when
                not contains(h.actor, h.antecedent)
                or not regexp_matches(
                    left(h.actor, instr(h.actor, h.antecedent) - 1), '(?i)\b(?:in|at|from|near|by|to|with)\s+(?:the\s+)?$'
                )
                then nullif(trim(h.antecedent), '')
        end as antecedent,
        h.cue,
        h.cue_kind,
        h.char_start,
        h.char_end,
        h.cue_start,
        h.cue_end
    from {{ ref('stg_news__attributions') }} as h
    inner join {{ ref('stg_news__claims') }} as c on h.claim_id = c.claim_id
),

-- Many claims share one actor: each is resolved once.
actors as (
    select distinct
        article_id,
        actor_as_written,
        antecedent,
        actor_kind,
        is_anonymous,
        char_start,
        char_end,
        regexp_replace(trim(actor_as_written), '\s+', ' ', 'g') as words,
        {{ clean_surface("coalesce(antecedent, actor_as_written)") }} as name
    from hops
),

named as (
    select
        *,
        -- "Former" is a title before a name, not before an office.
        case
            when actor_kind = 'person' and not regexp_matches(name, '(?i)\b(?:{{ offices() }})$') then {{ strip_titles('name') }}
            else name
        end as bare_name
    from actors
    where not is_anonymous
),

keyed as (
    select
        *,
        {{ entity_key('bare_name') }} as name_key
    from named
),

-- Mentions inside the actor's words, with what stands before and after them there.
inside as (
    select
        keyed.article_id,
        keyed.char_start,
        keyed.char_end,
        keyed.actor_kind,
        keyed.name_key,
        mentions.char_start as mention_start,
        mentions.surface,
        mentions.kind,
        mentions.entity_id,
        left(keyed.actor_as_written, greatest(mentions.char_start - keyed.char_start, 0)) as words_before,
        substr(keyed.actor_as_written, mentions.char_end - keyed.char_start + 1) as words_after
    from keyed
    inner join {{ ref('int_mentions_resolved') }} as mentions
        on
            keyed.article_id = mentions.article_id
            and keyed.char_start <= mentions.char_start
            and mentions.char_end <= keyed.char_end
    where keyed.antecedent is null
),

heads as (
    select
        article_id,
        char_start,
        char_end,
        actor_kind,
        name_key,
        surface,
        entity_id
    from inside
    where
        (case when actor_kind = 'person' then kind in ('person', 'other') else kind <> 'person' end)
        and not regexp_matches(
            words_before,
            '(?i)\b(?:for|of|to|from|with|at|in|near|by|against|on)\s+(?:(?:the|a|an|{{ titles() }})\.?\s+)*$'
        )
        -- Behind a comma stands an apposition: a name, where what goes before it is a role ("The referee, Tamas Irgal").
        and (
            not contains(words_before, ',')
            or (actor_kind = 'person' and regexp_full_match(words_before, '[^,]*,\s*(?:(?i:{{ titles() }})\.?\s+)*'))
        )
        and regexp_matches(
            words_after,
            case
                when actor_kind = 'person'
                    then '(?i)^["”’'']?\s*(?:$|[,;:(\[—–]|(?:of|from|in|at|who|for|with|and|on|to|himself|herself)\b)'
                -- "Halmar police" is not Halmar: a body's name ends its phrase.
                else
                    '(?i)^(?:[''’]s?)?["”]?\s*'
                    || '(?:$|[,;:(\[—–]|(?:newspaper|daily|website|news agency|agency|report|itself)\b)'
            end
        )
    qualify row_number() over (
        partition by article_id, char_start, char_end, actor_kind, name_key
        order by mention_start, surface
    ) = 1
),

-- The name itself among the names of the article ("he" -> "Dmitry Peskov").
same_names as (
    select
        keyed.article_id,
        keyed.actor_kind,
        keyed.name_key,
        any_value(entities.entity_id) as entity_id
    from (select distinct article_id, actor_kind, name_key from keyed) as keyed
    inner join {{ ref('int_article_entities') }} as entities
        on keyed.article_id = entities.article_id and keyed.name_key = entities.name_key
    where (keyed.actor_kind = 'person') = (entities.mention_kind = 'person') or entities.mention_kind = 'other'
    group by all
    having count(distinct entities.entity_id) = 1
),

-- A full name of the article behind a role: "Kremlin spokesperson Dmitry Peskov".
name_endings as (
    select
        keyed.article_id,
        keyed.name_key,
        any_value(entities.entity_id) as entity_id
    from (
        select distinct article_id, name_key
        from keyed
        where actor_kind = 'person' and antecedent is not null
    ) as keyed
    inner join {{ ref('int_article_entities') }} as entities
        on keyed.article_id = entities.article_id and ends_with(keyed.name_key, ' ' || entities.name_key)
    where entities.mention_kind = 'person' and len(entities.bare_tokens) >= 2
    group by all
    having count(distinct entities.entity_id) = 1
),

-- Two equality joins: one join on either condition would compare every actor with every listed name.
listed_names as (
    select keyed.actor_kind, keyed.bare_name, lists.entity_id
    from keyed
    inner join {{ ref('int_entity_names') }} as lists on keyed.bare_name = lists.alias
    where (keyed.actor_kind = 'person') = (lists.kind = 'person')
    union
    select keyed.actor_kind, keyed.bare_name, lists.entity_id
    from keyed
    inner join {{ ref('int_entity_names') }} as lists on keyed.name_key = lists.alias_key and lists.is_multi_word
    where (keyed.actor_kind = 'person') = (lists.kind = 'person')
),

listed as (
    select actor_kind, bare_name, any_value(entity_id) as entity_id
    from listed_names
    group by actor_kind, bare_name
    having count(*) = 1
),

-- "The Vardan president", "Varda's prime minister", "the president of Varda": who it was on the day is known better than
-- whom the reader found for it among the names of the article.
phrases as (
    select distinct
        article_id,
        actor_as_written,
        {{ clean_surface('actor_as_written') }} as name
    from keyed
    where actor_kind = 'person' and regexp_matches(actor_as_written, '(?i)\b(?:{{ offices() }})\b')
),

descriptions as (
    select
        article_id,
        actor_as_written,
        lower(regexp_extract(name, '(?i)^(?:.+\s)?({{ offices() }})$', 1)) as office_at_end,
        regexp_replace(regexp_extract(name, '(?i)^(.+?)\s(?:{{ offices() }})$', 1), '[''’]s?$', '') as country_before,
        lower(regexp_extract(name, '(?i)^({{ offices() }}) of (?:the )?.+$', 1)) as office_at_start,
        regexp_extract(name, '(?i)^(?:{{ offices() }}) of (?:the )?(.+)$', 1) as country_after
    from phrases
),

described as (
    select
        descriptions.article_id,
        descriptions.actor_as_written,
        any_value(lists.entity_id) as entity_id
    from descriptions
    inner join {{ ref('stg_news__articles') }} as articles on descriptions.article_id = articles.article_id
    left join {{ ref('country_words') }} as countries
        on coalesce(nullif(descriptions.country_before, ''), nullif(descriptions.country_after, '')) = countries.word
    inner join {{ ref('office_holders') }} as holders
        on
            (
                countries.country = holders.country
                -- There is one pope.
                or (
                    descriptions.country_before = '' and descriptions.country_after = ''
                    and descriptions.office_at_end in ('pope', 'pontiff') and holders.country = 'Vatican City'
                )
            )
            and list_contains(
                string_split(holders.descriptions, ';'),
                replace(
                    coalesce(nullif(descriptions.office_at_end, ''), descriptions.office_at_start), 'secretary general', 'secretary-general'
                )
            )
            and {{ in_office('articles.published_on') }}
    inner join (select distinct alias, entity_id from {{ ref('int_entity_names') }} where kind = 'person') as lists
        on holders.name = lists.alias
    group by descriptions.article_id, descriptions.actor_as_written
    having count(distinct lists.entity_id) = 1
),

-- "The Kremlin" and "Moscow" are the government that speaks there.
seats as (
    select
        {{ entity_key('seats.seat') }} as seat_key,
        any_value(lists.entity_id) as entity_id
    from {{ ref('government_seats') }} as seats
    inner join {{ ref('int_entity_names') }} as lists on seats.government = lists.alias
    group by {{ entity_key('seats.seat') }}
),

-- Outlets may be cited that no list knows, but whose own articles are here.
outlet_names as (
    select name_key, outlet_id, name_rank from {{ ref('int_outlet_names') }}
    union
    select {{ outlet_key('discovered_name') }} as name_key, outlet_id, 3 as name_rank
    from {{ ref('int_outlets_resolved') }}
    where resolved_by in ('credit_slug', 'site_name_slug')
),

outlets_by_name as (
    select
        name_key,
        arg_min(outlet_id, {'rank': name_rank, 'id': outlet_id}) as outlet_id,
        min(name_rank) as name_rank
    from outlet_names
    where name_key is not null
    group by name_key
),

resolved as (
    select
        keyed.*,
        coalesce(
            seats.entity_id,
            described.entity_id,
            heads.entity_id,
            same_names.entity_id,
            name_endings.entity_id,
            listed.entity_id
        ) as entity_id,
        case
            -- A government has a site, but speaks as one.
            when seats.entity_id is not null then null
            when keyed.actor_kind = 'outlet' then coalesce(by_words.outlet_id, by_head.outlet_id)
            -- Nobody is called like an outlet of two words.
            when keyed.actor_kind = 'person' and by_words.name_rank = 0 and contains(keyed.name, ' ') then by_words.outlet_id
            -- What a reader takes for a body may be an outlet, under its own name; a nickname of one word ("the Post") may not.
            when keyed.actor_kind in ('organization', 'document')
                then coalesce(
                    case
                        when by_words.name_rank = 0 or contains(keyed.name, ' ') or keyed.name = upper(keyed.name)
                            then by_words.outlet_id
                    end,
                    case
                        when by_head.name_rank = 0 or contains(heads.surface, ' ') or heads.surface = upper(heads.surface)
                            then by_head.outlet_id
                    end
                )
        end as outlet_id
    from keyed
    left join heads
        on
            keyed.article_id = heads.article_id
            and keyed.char_start = heads.char_start
            and keyed.char_end = heads.char_end
            and keyed.actor_kind = heads.actor_kind
            and keyed.name_key = heads.name_key
            and keyed.antecedent is null
    left join same_names
        on
            keyed.article_id = same_names.article_id
            and keyed.actor_kind = same_names.actor_kind
            and keyed.name_key = same_names.name_key
    left join name_endings on keyed.article_id = name_endings.article_id and keyed.name_key = name_endings.name_key
    left join listed on keyed.actor_kind = listed.actor_kind and keyed.bare_name = listed.bare_name
    left join described
        on
            keyed.article_id = described.article_id
            and keyed.actor_as_written = described.actor_as_written
            and keyed.actor_kind = 'person'
    left join seats
        on
            keyed.name_key = seats.seat_key
            and keyed.actor_kind = 'organization'
            and keyed.bare_name <> lower(keyed.bare_name)
    left join outlets_by_name as by_words on {{ outlet_key('keyed.name') }} = by_words.name_key
    left join outlets_by_name as by_head on {{ outlet_key(clean_surface('heads.surface')) }} = by_head.name_key
),

outlet_display as (
    select outlet_id, arg_min(name, {'rank': name_rank, 'name': name}) as name
    from {{ ref('int_outlet_names') }}
    where name_rank = 0
    group by outlet_id
    union all
    select outlet_id, arg_max(discovered_name, {'n': n, 'name': discovered_name}) as name
    from (
        select outlet_id, discovered_name, count(*) as n
        from {{ ref('int_outlets_resolved') }}
        where resolved_by in ('credit_slug', 'site_name_slug', 'host_slug')
        group by all
    )
    group by outlet_id
),

entity_display as (
    select entity_id, any_value(name) as name
    from {{ ref('int_entity_names') }}
    group by entity_id
),

-- The article's own full writing of a name that no list knows.
article_display as (
    select article_id, entity_id, display_name as name
    from {{ ref('int_article_entities') }}
    qualify row_number() over (
        partition by article_id, entity_id
        order by resolved_by <> 'name', len(bare_tokens) desc, display_name
    ) = 1
)

select
    hops.claim_id,
    row_number() over (partition by hops.claim_id order by hops.hop_no) as hop_no,
    hops.article_id,
    -- Words that name nobody are kept as they stand ("is said" stands for unnamed sources).
    case
        when hops.is_anonymous then regexp_replace(trim(coalesce(hops.antecedent, hops.actor_as_written)), '\s+', ' ', 'g')
        else coalesce(
            outlet_display.name,
            entity_display.name,
            article_display.name,
            nullif(resolved.bare_name, ''),
            regexp_replace(trim(hops.actor_as_written), '\s+', ' ', 'g')
        )
    end as actor,
    hops.actor_as_written,
    case
        when resolved.outlet_id is not null then 'outlet'
        when hops.is_anonymous then 'anonymous'
        else hops.actor_kind
    end as actor_kind,
    resolved.entity_id,
    resolved.outlet_id,
    hops.is_anonymous,
    hops.cue,
    hops.cue_kind,
    hops.char_start,
    hops.char_end,
    hops.cue_start,
    hops.cue_end
from hops
left join {{ ref('int_outlets_resolved') }} as own on hops.article_id = own.article_id
left join resolved
    on
        hops.article_id = resolved.article_id
        and hops.char_start = resolved.char_start
        and hops.char_end = resolved.char_end
        and hops.actor_kind = resolved.actor_kind
        and hops.actor_as_written = resolved.actor_as_written
        and hops.antecedent is not distinct from resolved.antecedent
        and not hops.is_anonymous
left join outlet_display on resolved.outlet_id = outlet_display.outlet_id
left join entity_display on resolved.entity_id = entity_display.entity_id
left join article_display on resolved.article_id = article_display.article_id and resolved.entity_id = article_display.entity_id
where resolved.outlet_id is null or resolved.outlet_id is distinct from own.outlet_id
