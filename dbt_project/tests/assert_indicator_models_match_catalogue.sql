{{ config(meta={'dagster': {'ref': {'name': 'fct_indicator'}}}) }}
-- The literal list of models, the models of the project and the live rows of the catalogue name the same indicators, in the same units.
with

listed as (
    select unnest({{ indicator_models() }}) as model
),

present as (
    select unnest({{ models_named('ind_') }}) as model
),

live as (
    select 'ind_' || pillar || '__' || indicator_id as model from {{ ref('dim_indicator') }}
    where table_name = 'fct_indicator'
),

units as (
    select distinct published.indicator_id, published.unit, indicators.unit as catalogue_unit
    from {{ ref('fct_indicator') }} as published
    left join {{ ref('dim_indicator') }} as indicators on published.indicator_id = indicators.indicator_id
    where published.unit is distinct from indicators.unit
)

select model, 'not listed, not present or not live' as problem
from listed
full join present using (model)
full join live using (model)
where listed.model is null or present.model is null or live.model is null
union all
select indicator_id as model, 'unit ' || unit || ', catalogue ' || coalesce(catalogue_unit, 'none') as problem from units
