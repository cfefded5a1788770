select code, amount, amount * 2 as twice from {{ ref('stg_things__raw') }}
