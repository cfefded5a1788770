-- The literal list of models, the models of the project and the live rows of the catalogue name the same indicators, in the same units.
with

listed as (
    select unnest({{ indicator_models() }}) as model
),

present as (
    {% set found = [] %}
    {% if execute %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('ind_') %}{% do found.append(node.name) %}{% endfor %}
    {% endif %}
    select unnest(cast({{ found | sort }} as varchar[])) as model
),

live as (
    select 'ind_' || pillar || '__' || indicator_id as model from {{ ref('dim_indicator') }}
),

units as (
    select distinct published.indicator_id, published.unit, indicators.unit as catalogue_unit
    from {{ ref('fct_indicator') }} as published
    left join {{ ref('dim_indicator') }} as indicators on indicators.indicator_id = published.indicator_id
    where published.unit is distinct from indicators.unit
)

select coalesce(listed.model, present.model, live.model) as model, 'not listed, not present or not live' as problem
from listed
full join present on present.model = listed.model
full join live on live.model = coalesce(listed.model, present.model)
where listed.model is null or present.model is null or live.model is null
union all
select indicator_id as model, 'unit ' || unit || ', catalogue ' || coalesce(catalogue_unit, 'none') as problem from units
