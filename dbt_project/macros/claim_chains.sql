{#- One row a claim that somebody other than the outlet vouches for: what the hops of `attributions` (one row a hop, with
    claim_id, hop_no, actor, actor_kind, entity_id, outlet_id, is_anonymous) say together. -#}
{% macro claim_chains(attributions) -%}
    select
        claim_id,
        count(*) as hop_count,
        bool_or(is_anonymous) as is_anonymous,
        arg_max(actor, hop_no) as asserted_by,
        -- arg_max skips nulls: the last hop's own entity, or none, is wanted here.
        arg_max({'id': entity_id}, hop_no).id as asserted_by_entity_id,
        arg_max({'id': outlet_id}, hop_no).id as asserted_by_outlet_id,
        arg_max(actor_kind, hop_no) as asserted_by_kind,
        string_agg(actor, ' > ' order by hop_no) as actors,
        coalesce(list(distinct outlet_id) filter (where outlet_id is not null), []) as cited_outlet_ids
    from {{ attributions }}
    group by claim_id
{%- endmacro %}
