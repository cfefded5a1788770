select * from {{ ref('mart_broken') }}
