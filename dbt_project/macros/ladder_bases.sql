{# Arithmetic of the processing ladder, shared by yearly positions and by changes over a fixed panel of reporters.
   Stage k of 0 raw, 1 first transformation, 2 intermediate, 3 final; position = sum_k k x_k / (3 sum_k x_k). #}

{# Mean stage of the amounts <prefix>0 .. <prefix>3, on 0..1; null when nothing was traded. #}
{% macro ladder_position(prefix) -%}
    ({{ prefix }}1 + 2 * {{ prefix }}2 + 3 * {{ prefix }}3)
    / nullif(3 * ({{ prefix }}0 + {{ prefix }}1 + {{ prefix }}2 + {{ prefix }}3), 0)
{%- endmacro %}

{# Share of stage k in the amounts <prefix>0 .. <prefix>3. #}
{% macro ladder_share(prefix, stage) -%}
    {{ prefix }}{{ stage }} / nullif({{ prefix }}0 + {{ prefix }}1 + {{ prefix }}2 + {{ prefix }}3, 0)
{%- endmacro %}

{# Amounts by stage from rows of one exporter and chain: x current value (column `value`), p constant price, r raw-equivalent tonnes; and the values
   that decide which bases exist, all on the reconciled value, and exact: a share that equals its limit must not fall on either side of it. #}
{% macro ladder_stage_sums(value='value_kusd') -%}
    {%- for prefix, column in [('x', value), ('p', 'constprice_kusd'), ('r', 'raw_equivalent_t')] -%}
    {%- for stage in range(4) %}
    coalesce({{ exact_sum(column, where='stage = ' ~ stage) }}, 0) as {{ prefix }}{{ stage }},
    {%- endfor -%}
    {%- endfor %}
    cast(coalesce(sum(value_kusd), 0) as decimal(28, 3)) as value_kusd,
    cast(coalesce(sum(value_without_quantity_kusd), 0) as decimal(28, 3)) as value_without_quantity_kusd,
    cast(coalesce(sum(value_without_price_kusd), 0) as decimal(28, 3)) as value_without_price_kusd,
    cast(coalesce(sum(value_with_factor_kusd), 0) as decimal(28, 3)) as value_with_factor_kusd
{%- endmacro %}

{# Why a volume basis does not exist, null when it does. A basis on less than the limit of section 5 would speak for a part of the trade. #}
{% macro constprice_null_reason() -%}
    case
        when value_without_quantity_kusd > (1 - {{ var('quantity_min_value_share') }}) * value_kusd then 'no_quantity'
        when value_without_price_kusd > (1 - {{ var('quantity_min_value_share') }}) * value_kusd then 'insufficient_history'
        when p0 + p1 + p2 + p3 <= 0 then 'no_quantity'
    end
{%- endmacro %}

{% macro rawequiv_null_reason() -%}
    case
        when not has_factor_basis or value_with_factor_kusd < {{ var('raw_equivalent_min_share') }} * value_kusd then 'no_conversion_factor'
        when value_without_quantity_kusd > (1 - {{ var('quantity_min_value_share') }}) * value_kusd then 'no_quantity'
        when r0 + r1 + r2 + r3 <= 0 then 'no_quantity'
    end
{%- endmacro %}

{# The bases of a row that exist, as a list: the arguments without nulls. #}
{% macro existing(columns) -%}
    list_filter([{{ columns | join(', ') }}], lambda basis: basis is not null)
{%- endmacro %}

{# First and last of the years whose prices and weights every year is counted at (meta.base_years of what is). #}
{% macro price_base_years() -%}
    {{ return([var('price_base_first_year'), var('price_base_last_year')]) }}
{%- endmacro %}
