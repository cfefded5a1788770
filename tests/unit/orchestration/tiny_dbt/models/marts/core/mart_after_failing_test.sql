select * from {{ ref('fct_thing') }}
