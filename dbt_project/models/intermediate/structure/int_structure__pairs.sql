{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'exporter', 'importer']}
) }}

-- Who trades with whom, all goods: the one pass over the flows that everything about partners and reporting reads.
select
    source,
    year,
    exporter,
    importer,
    cast(sum(value_kusd) as decimal(18, 3)) as value_kusd,
    cast(sum(value_exporter_kusd) as decimal(18, 3)) as value_exporter_kusd,
    cast(sum(value_importer_kusd) as decimal(18, 3)) as value_importer_kusd,
    -- the exporter's word on flows that the importer reports too: the only ones that have a mirror
    cast(coalesce(sum(value_exporter_kusd) filter (where value_importer_kusd is not null), 0) as decimal(18, 3)) as mirrored_exporter_kusd
from {{ ref('fct_trade') }}
where {{ this_year('year') }}
group by all
