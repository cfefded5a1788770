{{ config(meta={'dagster': {'ref': {'name': 'fct_thing'}}}) }}
select a.code
from {{ ref('stg_things__raw') }} as a
left join {{ ref('fct_thing') }} as b using (code)
where a.amount is distinct from b.amount
