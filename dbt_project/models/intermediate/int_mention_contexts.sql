-- Mentions of places whose surroundings say that the name stands for something else there: a team that plays under it, a
-- longer name of which the reader saw a part, a namesake in a region that is named.
with texts as (
    select
        article_id,
        text,
        word_count,
        len(regexp_extract_all(text, '\b(?:{{ sports_actions() }})\b')) as actions,
        len(regexp_extract_all(text, '\b(?:{{ sports_actions() }}|{{ sports_events() }})\b')) as sports_words
    from {{ ref('stg_news__articles') }}
),

listed_places as (
    select distinct entity_id from {{ ref('int_entity_names') }}
    where kind = 'place'
),

placed as (
    select
        m.mention_id,
        m.article_id,
        m.sentence_no,
        m.char_start,
        m.char_end,
        m.kind,
        {{ clean_surface('m.surface') }} as name,
        {{ entity_key(clean_surface('m.surface')) }} as surface_key,
        lag(m.char_end) over of_article as previous_end,
        lag(m.kind) over of_article as previous_kind,
        lag(m.surface) over of_article as previous_surface,
        lead(m.char_start) over of_article as next_start,
        lead(m.kind) over of_article as next_kind,
        lead({{ clean_surface('m.surface') }}) over of_article as next_name,
        lead(m.mention_id) over of_article as next_id
    from {{ ref('stg_news__mentions') }} as m
    window of_article as (partition by m.article_id order by m.char_start, m.char_end)
),

surrounded as (
    select
        placed.*,
        entities.entity_id,
        entities.entity_id in (select entity_id from listed_places) as is_listed,
        texts.actions >= 3 and texts.sports_words * 40 >= texts.word_count as is_sports_article,
        substr(texts.text, s.char_start + 1, s.char_end - s.char_start) as sentence,
        regexp_extract(
            substr(texts.text, greatest(placed.char_start - 60, 0) + 1, placed.char_start - greatest(placed.char_start - 60, 0)),
            '[^\n]*$'
        ) as words_before,
        regexp_extract(substr(texts.text, placed.char_end + 1, 80), '^[^\n]*') as words_after
    from placed
    inner join {{ ref('int_article_entities') }} as entities
        on placed.article_id = entities.article_id and placed.surface_key = entities.surface_key
    inner join texts on placed.article_id = texts.article_id
    left join {{ ref('stg_news__sentences') }} as s on placed.article_id = s.article_id and placed.sentence_no = s.sentence_no
    where starts_with(entities.entity_id, 'place-') or entities.entity_id in (select entity_id from listed_places)
),

seen as (
    select
        *,
        regexp_extract(
            words_after,
            '^(?:\s(?:(?:and|of|for|on|de)\s(?:the\s)?)?\p{Lu}[\p{L}\p{N}&’''-]*)+'
        ) as name_goes_on,
        regexp_extract(
            words_before, '((?:\p{Lu}[\p{L}’''-]*\s)*{{ heads_before_of() }}\s(?:of|de|for)\s(?:the\s)?)$', 1
        ) as name_began,
        case
            when previous_kind = 'organization' and regexp_matches(words_before, '\sof\s(?:the\s)?$')
                and char_start - previous_end between 4 and 8
                then previous_surface || regexp_extract(words_before, '\sof\s(?:the\s)?$')
        end as body_before,
        -- Every word of a headline may have a capital.
        len(regexp_extract_all(sentence, '\b\p{Lu}')) * 4 > len(regexp_extract_all(sentence, '\b\p{L}[\p{L}’'']*')) * 3
            as is_title_case,
        regexp_extract(words_after, '^\s?,\s(\p{Lu}[\p{L}.]*(?:\s\p{Lu}[\p{L}.]*)?)', 1) as region_of_two,
        regexp_extract(words_after, '^\s?,\s(\p{Lu}[\p{L}]*\.?)', 1) as region_of_one,
        len(regexp_extract_all(sentence, '\b(?:{{ sports_actions() }})\b'))
        + case
            -- 52-48 is a vote.
            when regexp_matches(sentence, '(?i)\b(?:vot(?:e|es|ed|ing)|ballots?|senators?|lawmakers|seats|per ?cent)\b') then 0
            else len(regexp_extract_all(sentence, '{{ score() }}'))
        end as sentence_actions,
        len(regexp_extract_all(sentence, '\b(?:{{ sports_events() }})\b')) as sentence_events
    from surrounded
),

-- "Norden Water Board", of which the reader saw Norden; "University of Norden".
longer as (
    select
        seen.*,
        case
            when
                name_goes_on <> '' and not is_title_case
                and not regexp_matches(name_goes_on, '^\s(?:{{ no_part_of_a_place() }})\b')
                -- The reader may have seen both parts, each by itself; a body with a name of its own stays one.
                and (
                    next_start is null
                    or next_start > char_end + 1
                    or (
                        next_kind = 'organization'
                        and (bodies.alias is null or regexp_full_match(next_name, '{{ bodies_of_places() }}'))
                    )
                )
                -- "U.S. District Judge Mira Osten" is an office, "Norden Study Group Chairman Tom Reed" holds one.
                and (
                    next_start is not distinct from char_end + 1
                    or not regexp_matches(name_goes_on, '\s(?i:{{ titles() }})\b')
                    or regexp_matches(name_goes_on, '\b{{ body_heads() }}\s(?i:{{ titles() }})\b')
                )
                then name || case
                    when next_start = char_end + 1 then ' ' || next_name
                    else regexp_replace(name_goes_on, '\s(?i:{{ titles() }})\b.*$', '')
                end
            when name_began <> '' then name_began || name
            when body_before <> '' then body_before || name
        end as longer_name
    from seen
    left join (select distinct alias from {{ ref('int_entity_names') }} where kind <> 'place') as bodies
        on seen.next_name = bodies.alias
),

regions as (
    select alias, any_value(name) as name, any_value(entity_id) as entity_id
    from {{ ref('int_entity_names') }}
    where kind = 'place' and name in ({{ regions() }})
    group by alias
),

-- "Halmar, Texas": a namesake of the Halmar that everybody knows, wherever the article names it.
towns as (
    select
        seen.article_id,
        seen.surface_key,
        min(seen.name || ', ' || regexp_replace(coalesce(two.name, one.name), ' \((?:U\.S\. )?state\)| City$', '')) as full_name
    from seen
    left join regions as two on seen.region_of_two = two.alias
    left join regions as one on seen.region_of_one = one.alias
    where
        coalesce(two.name, one.name) is not null
        -- "New Jersey, New York and Ohio" are three regions.
        and seen.entity_id not in (select entity_id from regions)
        -- "London, New York and Tokyo" are three towns.
        and not (seen.previous_kind is not distinct from 'place' and seen.previous_end + 2 = seen.char_start)
        and not regexp_matches(
            substr(seen.words_after, 3 + length(case when two.name is not null then seen.region_of_two else seen.region_of_one end)),
            '^(?:,?\s(?:and|or|&)\s|,\s\p{Lu}[\p{L}. ]*(?:,|\s(?:and|or)\s))'
        )
    group by seen.article_id, seen.surface_key
    having count(distinct coalesce(two.name, one.name)) = 1
),

readings as (
    select
        longer.mention_id,
        case when longer.longer_name is not null and longer.next_start = longer.char_end + 1 then longer.next_id end as rest_id,
        case
            when longer.longer_name is not null then 'longer_name'
            when towns.full_name is not null then 'region'
            when
                longer.is_listed
                and not regexp_matches(longer.words_before, '{{ locative() }}$')
                -- "Halmar, Varda", and the place in a dateline.
                and not (longer.previous_kind is not distinct from 'place' and longer.previous_end + 2 = longer.char_start)
                and not (longer.words_before = '' and regexp_matches(longer.words_after, '^(?:\s?[,(—–]|\s-)'))
                -- "Norden's Mira Osten" has a country, "Norden's coach" a team.
                and not (
                    longer.next_kind is not distinct from 'person'
                    and regexp_full_match(left(longer.words_after, longer.next_start - longer.char_end), '\s?[''’]s\s')
                )
                and (
                    regexp_matches(longer.words_after, '^\s?(?:[''’]s?)?\s?{{ team_roles() }}\b')
                    or longer.sentence_actions >= 2
                    or (longer.is_sports_article and longer.sentence_actions + longer.sentence_events >= 1)
                    or (
                        longer.sentence_events >= 1
                        and (
                            regexp_matches(longer.words_after, '^\s(?:v|vs|versus)\b')
                            or regexp_matches(longer.words_before, '\b(?:v|vs|versus)\.?\s$')
                        )
                    )
                )
                then 'team'
        end as reading,
        case
            when longer.longer_name is not null then longer.longer_name
            when towns.full_name is not null then towns.full_name
            else longer.name || ' (team)'
        end as full_name
    from longer
    left join towns on longer.article_id = towns.article_id and longer.surface_key = towns.surface_key
),

named as (
    select
        *,
        regexp_replace(full_name, '^(?i:the|a|an|former|ex)\s+|\s(?i:of|and|for|de)$', '', 'g') as name
    from readings
    where reading is not null
),

keyed as (
    select
        *,
        {{ entity_key('name') }} as name_key
    from named
),

listed as (
    select alias_key, any_value(entity_id) as entity_id
    from {{ ref('int_entity_names') }}
    where is_multi_word
    group by alias_key
    having count(distinct entity_id) = 1
),

-- Both parts of a longer name are mentions of it.
parts as (
    select mention_id, reading, name, name_key from keyed
    union
    select rest_id as mention_id, reading, name, name_key from keyed
    where rest_id is not null
)

select
    parts.mention_id,
    parts.reading,
    parts.name,
    coalesce(
        listed.entity_id,
        case
            when parts.reading = 'region' then 'place-'
            when parts.reading = 'team' then 'organization-'
            when regexp_matches(parts.name, '^(?:Duke|Duchess|Earl|Countess|Count|Marquess|Baron|Baroness|Prince|Princess|Archbishop|Bishop|Cardinal|Sultan|Emir)\b')
                then 'person-'
            when regexp_matches(parts.name, '\b{{ place_heads() }}$') and not contains(parts.name, ' of ') then 'place-'
            when regexp_matches(parts.name, '\b{{ event_heads() }}$|^(?:Battle|Siege|Treaty|Tour|Giro|Declaration)\b') then 'other-'
            else 'organization-'
        end || replace(parts.name_key, ' ', '-')
    ) as entity_id
from parts
left join listed on parts.name_key = listed.alias_key
-- A place that is itself the rest of one has its own reading.
qualify row_number() over (partition by parts.mention_id order by length(parts.name) desc, parts.name) = 1
