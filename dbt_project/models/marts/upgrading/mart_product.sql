-- A view, so that a changed year writes no other year of it: classes look back, prices do not.
{{ config(
    materialized='view',
    meta={'key': ['source', 'year', 'iso3', 'hs_revision', 'hs6']}
) }}

with prices as (
    select * from {{ ref('int_product__prices') }}
),

classes as (
    select * from {{ ref('int_product__kr') }}
)

select
    source,
    iso3,
    hs_revision,
    hs6,
    year,
    cast(prices.export_kusd as double) as export_kusd,
    prices.import_kusd,
    prices.quantity_t,
    prices.world_share,
    prices.rca,
    prices.rca_symmetric,
    prices.unit_value,
    prices.unit_value_median,
    prices.relative_unit_value,
    prices.ruv_null_reason,
    prices.is_ruv_winsorised,
    classes.kr_quadrant,
    classes.kr_confidence,
    case
        when classes.kr_quadrant is not null then null
        when prices.ruv_null_reason is not null then prices.ruv_null_reason
        when not prices.is_whole_list then 'partial_coverage'
        else 'insufficient_history'
    end as kr_null_reason,
    prices.n_partners,
    prices.null_reason,
    prices.dq_grade,
    prices.source_vintage,
    prices.data_origin
from prices
left join classes using (source, iso3, hs_revision, hs6, year)
