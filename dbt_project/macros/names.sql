{#- How names are compared. Each macro takes a SQL expression of text and gives one. Letters and digits of every script
    count (\p{L}, \p{N}), so that a name in Cyrillic is no empty string. -#}

{#- What two spellings of an outlet's name share: `The Mail Online`, `MAILONLINE` and `mail-online` are one. -#}
{% macro outlet_key(name) -%}
    nullif(
        regexp_replace(
            regexp_replace(replace(lower(strip_accents({{ name }})), '&', ' and '), '^\s*the\s+', ''),
            '[^\p{L}\p{N}]+', '', 'g'
        ),
        ''
    )
{%- endmacro %}

{#- The part of an id that people read: `The Harbour Gazette` -> `harbour-gazette`. -#}
{% macro slug(name) -%}
    nullif(
        trim(
            regexp_replace(
                regexp_replace(lower(strip_accents({{ name }})), '^\s*the\s+', ''), '[^\p{L}\p{N}]+', '-', 'g'
            ),
            '-'
        ),
        ''
    )
{%- endmacro %}

{#- A name without what stands around it in a sentence: quotation marks, a leading article, a possessive ending. -#}
{% macro clean_surface(surface) -%}
    trim(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace({{ surface }}, '\s+', ' ', 'g'),
                    '^[\s"''“”‘’«»()\[\]]+|[\s"“”«»()\[\],;:!?]+$', '', 'g'
                ),
                '^(?i:the|a|an)\s+', ''
            ),
            '[''’](?:s|S)?$', ''
        )
    )
{%- endmacro %}

{#- A person's name without the titles and roles before it ("spokesman for ..." is no title: a name has to follow). Titles of
    sovereigns stay: Charles alone is nobody. -#}
{% macro strip_titles(name) -%}
    regexp_replace(
        {{ name }},
        '^(?:(?i:{{ titles() }})\.?,?\s+)+(\p{Lu}|(?:von|van|der|den|de|di|da|del|della|du|le|la|dos|das|el|al|bin|ibn)[ -])',
        '\1'
    )
{%- endmacro %}

{% macro titles() -%}
mr|mrs|ms|pm|mp|mep|mx|miss|messrs|dr|doctor|prof|professor|sir|dame|lord|lady|(?:vice[ -])?president(?:-elect)?|(?:deputy |prime |foreign |finance |defen[cs]e |interior |justice |health |home |trade )?minister|premier|chancellor|taoiseach|attorney general|secretary of state|(?:press |home |foreign |defen[cs]e |treasury )?secretary(?:-general| general)?|senators?|sens?|representatives?|reps?|congressman|congresswoman|lawmaker|governor|govs?|mayor|councill?or|delegate|chief justice|justice|judge|prosecutor|attorney|lieutenant|lt|general|gen|colonel|col|major|maj|captain|capt|sergeant|sgt|admiral|adm|commander|officer|detective|inspector|superintendent|sheriff|constable|(?:police )?chief|ambassador|envoy|spokesman|spokeswoman|spokesperson|first lady|former|ex|then|acting|director|chairman|chairwoman|chairperson|chair|leader|coach|analyst|economist|reverend|rev|father|rabbi|imam|archbishop|bishop|cardinal
{%- endmacro %}

{#- What two writings of one entity's name share: case, accents, points and hyphens aside. -#}
{% macro entity_key(name) -%}
    trim(
        regexp_replace(
            regexp_replace(lower(strip_accents({{ name }})), '[.''’‘`]', '', 'g'), '[^\p{L}\p{N}]+', ' ', 'g'
        )
    )
{%- endmacro %}

{#- The tokens of a person's key without initials: `donald j trump` -> [donald, trump]. -#}
{% macro person_tokens(key) -%}
    case
        when len(list_filter(string_split({{ key }}, ' '), lambda t: length(t) > 1)) >= 2
            then list_filter(string_split({{ key }}, ' '), lambda t: length(t) > 1)
        else string_split({{ key }}, ' ')
    end
{%- endmacro %}

{#- The host of a web address, lower case, without the prefixes that say only which server answered; null for what is no
    web address. An address in the Internet Archive is the address that was archived. -#}
{% macro url_host(url) -%}
    nullif(
        regexp_replace(
            rtrim(
                regexp_extract(
                    regexp_replace(lower({{ url }}), '^https?://web\.archive\.org/web/[0-9a-z_]+/', ''),
                    '^\s*https?://(?:[^/?#@\s]*@)?([^/?#:\s]+)', 1
                ),
                '.'
            ),
            '^(?:www[0-9]*\.|m\.|mobile\.|amp\.)+', ''
        ),
        ''
    )
{%- endmacro %}

{#- The id that pipelines.tables.stable_id gives for the same parts: 16 hex digits of SHA-256 over them. -#}
{% macro stable_id(parts) -%}
    left(sha256(concat_ws(chr(31), {{ parts | join(', ') }})), 16)
{%- endmacro %}
