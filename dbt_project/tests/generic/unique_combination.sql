{% test unique_combination(model, columns) %}
{#- The columns together make a row unique. -#}
select
    {{ columns | join(', ') }},
    count(*) as rows_with_this_key
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
