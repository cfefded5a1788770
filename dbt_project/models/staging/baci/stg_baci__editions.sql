{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['year', 'hs_revision', 'baci_version', 'sha256', 'is_complete']}
) }}

-- What an archive says of itself on every row, once a year of data: a file a year, so that a new year does not read the old ones.
select distinct
    year,
    hs_revision,
    baci_version,
    _sha256 as sha256,
    is_complete
from {{ source('baci', 'raw_baci__flows') }}
where {{ this_year('year') }}
