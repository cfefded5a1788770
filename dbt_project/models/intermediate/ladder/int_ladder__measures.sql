{# Everything that a ladder adds up, one long view: rows of current value and volume, and rows by code at constant prices. Readers sum over
   them. #}
{{ config(materialized='view') }}

with flows as (
    select * from {{ ref('int_ladder__flows') }}
),

constprice as (
    select * from {{ ref('int_ladder__constprice') }}
)

select
    source, year, exporter, importer, chain_id, stage, is_importer_report,
    false as is_constprice,
    null as hs6,
    value_kusd,
    -- BACI is reconciled by its publisher and keeps no report of its own
    coalesce(value_importer_kusd, value_kusd) as panel_value_kusd,
    value_without_quantity_kusd,
    value_with_factor_kusd,
    raw_equivalent_t,
    cast(null as double) as constprice_kusd,
    cast(null as decimal(18, 3)) as value_without_price_kusd
from flows
union all
select
    source, year, exporter, importer, chain_id, stage, is_importer_report,
    true as is_constprice,
    hs6,
    null as value_kusd,
    null as panel_value_kusd,
    null as value_without_quantity_kusd,
    null as value_with_factor_kusd,
    null as raw_equivalent_t,
    constprice_kusd,
    value_without_price_kusd
from constprice
