{#- Whether the row `holders` of office_holders held the office on a day. Of somebody still in office when the list was made
    nothing is known for long afterwards. -#}
{% macro in_office(day) -%}
    {{ day }} between holders.since and coalesce(holders.until, holders.as_of + interval 180 day)
{%- endmacro %}

{#- Offices that descriptions name: "the Vardan prime minister". The longer ones first. -#}
{% macro offices() -%}
vice president|president|prime minister|premier|chancellor|supreme leader|leader|head of state|head of government|king|queen|emperor|monarch|emir|sultan|grand duke|prince|pope|pontiff|taoiseach|secretary[- ]general|secretary of state|foreign minister|chief|head
{%- endmacro %}
