-- The entity behind every name in an article. Names are resolved once an article, not once a mention: within one article a
-- name keeps its meaning.
--
-- A full name is looked up in the alias list, else it is an entity of its own, of the kind that most mentions of it in all
-- articles are taken for. A short one (a surname, an acronym) is first held against the full names of the article, since
-- "Clinton" in a piece on Hillary Clinton is no one else, and against what the article itself gives for it, as in "artificial
-- pancreas (AP)"; then against the list.
with cleaned as (
    select
        article_id,
        kind,
        surface as written,
        {{ clean_surface('surface') }} as surface
    from {{ ref('stg_news__mentions') }}
),

votes as (
    select
        article_id,
        {{ entity_key('surface') }} as surface_key,
        kind,
        written,
        surface,
        count(*) as times
    from cleaned
    where {{ entity_key('surface') }} <> ''
    group by all
),

-- Readers may tag one name differently in two sentences: the article's majority counts.
kinds as (
    select article_id, surface_key, kind
    from votes
    group by article_id, surface_key, kind
    qualify row_number() over (
        partition by article_id, surface_key
        order by sum(times) desc, array_position(['person', 'organization', 'place', 'other'], kind)
    ) = 1
),

-- One row a name of the article, shown in its most frequent writing; OSTEN of a headline counts after Osten.
names as (
    select
        votes.article_id,
        votes.surface_key,
        kinds.kind,
        case when kinds.kind = 'person' then {{ strip_titles('votes.surface') }} else votes.surface end as display_name,
        case
            when kinds.kind = 'person' then {{ entity_key(strip_titles('votes.surface')) }} else votes.surface_key
        end as name_key,
        sum(sum(votes.times)) over (partition by votes.article_id, votes.surface_key) as times
    from votes
    inner join kinds on votes.article_id = kinds.article_id and votes.surface_key = kinds.surface_key
    group by votes.article_id, votes.surface_key, kinds.kind, votes.surface
    qualify row_number() over (
        partition by votes.article_id, votes.surface_key
        order by votes.surface = upper(votes.surface), sum(votes.times) desc, votes.surface
    ) = 1
),

shaped as (
    select
        *,
        case when kind = 'person' then {{ person_tokens('name_key') }} else string_split(name_key, ' ') end as tokens,
        case
            when kind = 'person' then {{ person_tokens("regexp_replace(name_key, ' (jr|sr|ii|iii|iv)$', '')") }}
            else string_split(name_key, ' ')
        end as bare_tokens,
        -- SEA of "Sarne Energy Authority", without the small words.
        array_to_string(
            list_transform(
                list_filter(string_split(display_name, ' '), lambda t: regexp_matches(t, '^\p{Lu}')),
                lambda t: upper(t[1])
            ),
            ''
        ) as initials,
        upper(replace(display_name, '.', '')) as acronym,
        regexp_full_match(replace(display_name, '.', ''), '[A-Z][A-Z0-9&]{1,7}') as is_acronym
    from names
),

-- A reader that takes one town for a person in one article, and for a place in ten, saw one town.
common_kinds as (
    select
        array_to_string(tokens, ' ') as name,
        kind
    from shaped
    group by array_to_string(tokens, ' '), kind
    qualify row_number() over (
        partition by array_to_string(tokens, ' ')
        order by kind = 'other', sum(times) desc, array_position(['person', 'organization', 'place', 'other'], kind)
    ) = 1
),

-- What the list says: capitals as they stand first, capitals aside only for names of several words ("us" is not the US).
listed as (
    select
        votes.article_id,
        votes.surface_key,
        lists.entity_id,
        lists.kind,
        lists.is_name,
        0 as case_rank
    from (
        select distinct article_id, surface_key, unnest([written, surface, {{ strip_titles('surface') }}]) as surface from votes
    ) as votes
    inner join {{ ref('int_entity_names') }} as lists on votes.surface = lists.alias
    union all
    select
        shaped.article_id,
        shaped.surface_key,
        lists.entity_id,
        lists.kind,
        lists.is_name,
        1 as case_rank
    from shaped
    inner join {{ ref('int_entity_names') }} as lists on shaped.name_key = lists.alias_key and lists.is_multi_word
    union all
    select
        shaped.article_id,
        shaped.surface_key,
        lists.entity_id,
        lists.kind,
        lists.is_name,
        2 as case_rank
    from shaped
    inner join {{ ref('int_entity_names') }} as lists
        on array_to_string(shaped.tokens, ' ') = lists.alias_key and lists.is_multi_word
    where shaped.kind = 'person' and array_to_string(shaped.tokens, ' ') <> shaped.name_key
),

-- A reader may take the Kremlin for a place or a body. A person of whom the list knows but a place is somebody else of that
-- name, unless most articles take the name for that place as well; even then the article's own full names go first.
fitting as (
    select
        listed.*,
        shaped.kind <> listed.kind as is_other_kind,
        not (
            shaped.kind = listed.kind
            or 'other' in (shaped.kind, listed.kind)
            or (shaped.kind in ('organization', 'place') and listed.kind in ('organization', 'place'))
            or (len(shaped.tokens) >= 2 and listed.case_rank = 0)
        ) as is_weak
    from listed
    inner join shaped on listed.article_id = shaped.article_id and listed.surface_key = shaped.surface_key
    inner join common_kinds on array_to_string(shaped.tokens, ' ') = common_kinds.name
    where not is_weak or common_kinds.kind = listed.kind
),

ranked as (
    select
        article_id,
        surface_key,
        entity_id,
        is_weak
    from fitting
    qualify rank() over (
        partition by article_id, surface_key
        order by is_weak, is_other_kind, case_rank, not is_name
    ) = 1
),

-- A name that the list gives to several entities is no link: half of them would be wrong.
linked as (
    select
        article_id,
        surface_key,
        any_value(entity_id) as entity_id,
        bool_and(is_weak) as is_weak
    from ranked
    group by article_id, surface_key
    having count(distinct entity_id) = 1
),

-- Names that people have said to mean several: the one of whose country or company the article speaks.
senses as (
    select
        shaped.article_id,
        shaped.surface_key,
        senses.is_default,
        case
            when trim(coalesce(senses.name, '')) <> ''
                then coalesce(
                    nullif(trim(senses.wikidata_id), ''),
                    senses.kind || '-' || replace({{ entity_key(clean_surface('senses.name')) }}, ' ', '-')
                )
        end as entity_id,
        len(list_filter(string_split(senses.clues, ';'), lambda clue: contains(articles.text, clue))) as clues
    from shaped
    inner join {{ ref('ambiguous_names') }} as senses on shaped.display_name = senses.alias
    inner join {{ ref('stg_news__articles') }} as articles on shaped.article_id = articles.article_id
    where shaped.kind <> 'person'
),

chosen as (
    select
        article_id,
        surface_key,
        -- Two that are as likely are no link, unless one of them is what the name means where nothing speaks for another.
        case
            when max(clues) > 0 and count(*) filter (where clues = most) = 1 then arg_max({'id': entity_id}, clues).id
            else any_value(entity_id) filter (where is_default and clues = most)
        end as entity_id
    from (
        select *, max(clues) over (partition by article_id, surface_key) as most
        from senses
    )
    group by article_id, surface_key
),

-- "President Osten" of an article that gives no other name of hers: whoever held the office when it came out.
titled as (
    select
        shaped.article_id,
        shaped.surface_key,
        any_value(lists.entity_id) as entity_id
    from shaped
    inner join {{ ref('stg_news__articles') }} as articles on shaped.article_id = articles.article_id
    inner join {{ ref('office_holders') }} as holders
        on
            shaped.name_key = {{ entity_key('holders.surname') }}
            and {{ in_office('articles.published_on') }}
    inner join (select distinct alias, entity_id from {{ ref('int_entity_names') }} where kind = 'person') as lists
        on holders.name = lists.alias
    where
        shaped.kind = 'person'
        and len(list_filter(
            string_split(holders.descriptions, ';'),
            lambda description: contains(lower(articles.text), description || ' ' || lower(shaped.display_name))
        )) > 0
    group by shaped.article_id, shaped.surface_key
    having count(distinct lists.entity_id) = 1
),

own as (
    select
        shaped.*,
        case when chosen.surface_key is null then linked.entity_id else chosen.entity_id end as linked_entity_id,
        chosen.surface_key is null and linked.is_weak as is_weak,
        common_kinds.kind as common_kind,
        common_kinds.kind || '-' || replace(array_to_string(shaped.tokens, ' '), ' ', '-') as unlisted_entity_id,
        coalesce(linked_entity_id, unlisted_entity_id) as own_entity_id
    from shaped
    inner join common_kinds on array_to_string(shaped.tokens, ' ') = common_kinds.name
    left join linked on shaped.article_id = linked.article_id and shaped.surface_key = linked.surface_key
    left join chosen on shaped.article_id = chosen.article_id and shaped.surface_key = chosen.surface_key
),

-- Full names that a shorter one of the same article may stand for.
full_names as (
    select
        article_id,
        surface_key,
        tokens,
        bare_tokens,
        kind,
        initials,
        own_entity_id,
        linked_entity_id
    from own
    where len(tokens) >= 2 and kind in ('person', 'organization')
),

surnames as (
    select
        short.article_id,
        short.surface_key,
        count(distinct long.own_entity_id) as candidates,
        any_value(long.own_entity_id) as entity_id,
        bool_or(long.own_entity_id = short.linked_entity_id) as is_of_the_list
    from own as short
    inner join full_names as long
        on
            short.article_id = long.article_id
            and short.bare_tokens[-1] = long.bare_tokens[-1]
            and ends_with(array_to_string(long.bare_tokens, ' '), ' ' || array_to_string(short.bare_tokens, ' '))
    where long.kind = 'person' and short.kind in ('person', 'other')
    group by short.article_id, short.surface_key
),

first_names as (
    select
        short.article_id,
        short.surface_key,
        count(distinct long.own_entity_id) as candidates,
        any_value(long.own_entity_id) as entity_id
    from own as short
    inner join full_names as long on short.article_id = long.article_id and short.name_key = long.tokens[1]
    where long.kind = 'person' and short.kind = 'person' and len(short.tokens) = 1
    group by short.article_id, short.surface_key
),

-- "Sarne Energy Authority (SEA)", also where no reader saw a name in the words before: "sudden energy absence (SEA)".
bracketed as (
    select
        own.article_id,
        own.surface_key,
        own.acronym,
        string_split(
            trim(regexp_replace(
                left(articles.text, strpos(articles.text, '(' || own.display_name || ')') - 1)[-120:], '[^\p{L}\p{N}&’''.]+', ' ', 'g'
            )),
            ' '
        ) as words
    from own
    inner join {{ ref('stg_news__articles') }} as articles on own.article_id = articles.article_id
    where own.is_acronym and own.kind <> 'person' and contains(articles.text, '(' || own.display_name || ')')
),

endings as (
    select
        article_id,
        surface_key,
        acronym,
        words,
        unnest(range(2, least(len(words), 12) + 1)) as length
    from bracketed
),

-- The shortest run of words whose initials make the acronym, small words counted or not.
expansions as (
    select
        article_id,
        surface_key,
        array_to_string(words[-length:], ' ') as expansion,
        {{ entity_key("array_to_string(words[-length:], ' ')") }} as expansion_key
    from endings
    where
        length(words[-length:][1]) > 0
        and acronym in (
            upper(array_to_string(list_transform(words[-length:], lambda w: w[1]), '')),
            upper(array_to_string(
                list_transform(
                    list_filter(words[-length:], lambda w: not regexp_full_match(w, 'of|and|the|for|in|on|to|de|&')), lambda w: w[1]
                ),
                ''
            ))
        )
        and not regexp_full_match(words[-length:][1], 'of|and|the|for|in|on|to|de|&')
    qualify row_number() over (partition by article_id, surface_key order by length) = 1
),

expanded as (
    select
        expansions.article_id,
        expansions.surface_key,
        coalesce(
            any_value(own.own_entity_id),
            any_value(lists.entity_id),
            any_value(case when short.common_kind in ('organization', 'other') then short.common_kind else 'organization' end)
            || '-' || replace(any_value(expansions.expansion_key), ' ', '-')
        ) as entity_id
    from expansions
    inner join own as short on expansions.article_id = short.article_id and expansions.surface_key = short.surface_key
    left join own on expansions.article_id = own.article_id and expansions.expansion_key = own.name_key
    left join (
        select alias_key, any_value(entity_id) as entity_id
        from {{ ref('int_entity_names') }}
        where is_multi_word
        group by alias_key
        having count(distinct entity_id) = 1
    ) as lists on expansions.expansion_key = lists.alias_key
    group by expansions.article_id, expansions.surface_key
),

acronyms as (
    select
        short.article_id,
        short.surface_key,
        count(distinct long.own_entity_id) as candidates,
        any_value(long.own_entity_id) as entity_id
    from own as short
    inner join full_names as long on short.article_id = long.article_id and short.acronym = long.initials
    where long.kind = 'organization' and short.kind in ('organization', 'other') and short.is_acronym
    group by short.article_id, short.surface_key
),

resolved as (
    select
        own.*,
        case
            when expanded.entity_id is not null then 'expansion'
            when acronyms.candidates = 1 then 'acronym'
            when len(own.tokens) = 1 and surnames.candidates = 1 then 'surname'
            -- Several bear the name, and none of them is whom the list means: nobody knows which.
            when len(own.tokens) = 1 and own.kind = 'person' and surnames.candidates > 1 and not surnames.is_of_the_list then 'name'
            when own.linked_entity_id is not null and not own.is_weak then 'list'
            when surnames.candidates = 1 then 'surname'
            when first_names.candidates = 1 and surnames.candidates is null then 'first_name'
            when own.linked_entity_id is null and surnames.candidates is null and titled.entity_id is not null then 'office'
            when own.linked_entity_id is not null then 'list'
            else 'name'
        end as resolved_by,
        acronyms.entity_id as acronym_entity_id,
        expanded.entity_id as expansion_entity_id,
        titled.entity_id as titled_entity_id,
        surnames.entity_id as surname_entity_id,
        first_names.entity_id as first_name_entity_id
    from own
    left join surnames on own.article_id = surnames.article_id and own.surface_key = surnames.surface_key
    left join first_names on own.article_id = first_names.article_id and own.surface_key = first_names.surface_key
    left join acronyms on own.article_id = acronyms.article_id and own.surface_key = acronyms.surface_key
    left join expanded on own.article_id = expanded.article_id and own.surface_key = expanded.surface_key
    left join titled on own.article_id = titled.article_id and own.surface_key = titled.surface_key
)

select
    article_id,
    surface_key,
    kind as mention_kind,
    display_name,
    name_key,
    bare_tokens,
    case when is_acronym and kind in ('organization', 'other') then acronym end as acronym,
    case when kind = 'organization' and len(tokens) >= 2 then initials end as initials,
    case resolved_by
        when 'expansion' then expansion_entity_id
        when 'acronym' then acronym_entity_id
        when 'surname' then surname_entity_id
        when 'first_name' then first_name_entity_id
        when 'office' then titled_entity_id
        when 'name' then unlisted_entity_id
        else own_entity_id
    end as entity_id,
    resolved_by
from resolved
