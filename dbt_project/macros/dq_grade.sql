{# Data-quality grade of one row (indicator rules, section 9). The only place where grades are decided.

   A and B need every condition, C and D need one, the worst wins. An argument that is none does not bind the indicator;
   an argument that is given but null in a row is a fact that the source cannot give: it caps the row at B, it is never read as bad.

   is_null        true where the row has no value: nothing is known, D, never ranked
   mirror_gap     |exporter's reports / importers' reports on FOB basis - 1| (ratio)
   mirror_only    true where the exporter did not report and the value is its partners' report
   quantity_share share of value with an observed quantity; only for indicators that use quantities
   n_partners     distinct partner countries, areas not specified left out
   staleness      years since the value was observed; a carried value is C at best (section 3)
   is_modelled    value comes from a modelled table (Eora)
   is_transit     same codes in and out above the limit of section 5
   is_partial     the year is not complete in the source: B at best #}
{% macro dq_grade(is_null, mirror_gap=none, mirror_only=none, quantity_share=none, n_partners=none,
                  staleness=none, is_modelled=none, is_transit=none, is_partial=none) -%}
    case
        when {{ is_null }} then 'D'
        {%- if n_partners is not none %}
        when {{ n_partners }} < {{ var('grade_d_max_partners') }} then 'D'
        {%- endif %}
        {%- if mirror_gap is not none %}
        when {{ mirror_gap }} > 1.0 then 'D'
        {%- endif %}
        {%- if quantity_share is not none %}
        when {{ quantity_share }} < 0.3 then 'D'
        when {{ quantity_share }} < 0.7 then 'C'
        {%- endif %}
        {%- if mirror_gap is not none %}
        when {{ mirror_gap }} > 0.3 then 'C'
        {%- endif %}
        {%- for condition in [mirror_only, is_modelled, is_transit] if condition is not none %}
        when {{ condition }} then 'C'
        {%- endfor %}
        {%- if staleness is not none %}
        when {{ staleness }} >= 1 then 'C'
        {%- endif %}
        {%- if mirror_gap is not none %}
        when {{ mirror_gap }} is null or {{ mirror_gap }} > 0.1 then 'B'
        {%- endif %}
        {%- if quantity_share is not none %}
        when {{ quantity_share }} is null or {{ quantity_share }} < 0.9 then 'B'
        {%- endif %}
        {%- if is_partial is not none %}
        when {{ is_partial }} then 'B'
        {%- endif %}
        else 'A'
    end
{%- endmacro %}
