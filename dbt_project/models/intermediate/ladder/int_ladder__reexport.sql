{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id']}
) }}

with products as (
    select * from {{ ref('int_product__country') }}
    where export_kusd > 0 and {{ this_year('year') }}
),

codes as (
    select chain_id, hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code
),

-- per code: the part of exports that imports of the same code could cover, on tonnes where both sides have them, else on value
matched as (
    select
        source, hs_revision, year, iso3, hs6,
        cast(export_kusd as double) as export_kusd,
        case
            when export_t > 0 and import_t > 0 then least(export_t, import_t) / export_t
            else cast(least(export_kusd, import_kusd) as double) / cast(export_kusd as double)
        end as matched_share
    from products
)

select
    matched.source,
    matched.year,
    matched.iso3,
    codes.chain_id,
    -- tonnes and dollars cannot be added: each code's matched share is weighted by its export value
    {{ exact_sum('matched.matched_share * matched.export_kusd') }} / {{ exact_sum('matched.export_kusd') }} as reexport_ratio
from matched
inner join codes on matched.hs_revision = codes.hs_revision and matched.hs6 = codes.hs6
group by all
