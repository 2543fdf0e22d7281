{#- The schemas are part of the contract with everyone who queries the warehouse: exactly as configured, without the
    target's name before them. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
