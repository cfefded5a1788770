{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['year', 'sha256', 'row_status', 'status_reason', 'hs6']}
) }}

-- What became of the rows of BACI, by file and HS 1996 code: the one pass over its millions for the account of rows, and, without fct_trade between,
-- for the test that the world exports what it imports.
select
    year,
    sha256,
    row_status,
    coalesce(status_reason, '') as status_reason,
    coalesce(hs6, '') as hs6,
    count(*) as n_rows,
    cast(sum(value_kusd) filter (where row_status = 'kept') as decimal(18, 3)) as value_kusd
from {{ ref('stg_baci__flows') }}
where {{ this_year('year') }}
group by all
