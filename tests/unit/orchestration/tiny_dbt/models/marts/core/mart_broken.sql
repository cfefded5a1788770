select code, cast(code as integer) as number from {{ ref('stg_things__raw') }}
