{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={
        'key': ['iso3', 'hs6', 'source', 'year', 'hs_revision'],
        'dictionaries': dictionaries(['iso3', 'hs6', 'source', 'hs_revision', 'source_vintage', 'data_origin']),
    }
) }}

with products as (
    select * from {{ ref('int_product__country') }}
    where {{ this_year('year') }}
),

coverage as (
    select source, year, is_whole_list from {{ ref('int_trade__coverage') }}
    where {{ this_year('year') }}
),

weighed as (
    select
        products.*,
        coalesce(coverage.is_whole_list, false) as is_whole_list,
        {{ has_no_price('hs6') }} as is_without_price,
        -- value weights of the world's mean price; a price is known where price flows exist
        case when price_t > 0 then price_kusd end as weight_kusd,
        -- decimals add up to the same in any order
        case when price_t > 0 then cast(cast(price_kusd as double) * ln(cast(price_kusd as double) / price_t) as decimal(38, 12)) end as weighted_ln
    from products
    left join coverage on products.source = coverage.source and products.year = coverage.year
),

-- groups that are joined back: windows over the same million rows would sort them once each
world_products as (
    select
        source, hs_revision, year, hs6,
        sum(export_kusd) as world_kusd,
        sum(weight_kusd) as world_weight_kusd,
        sum(weighted_ln) as world_weighted_ln
    from weighed
    group by all
),

countries as (
    select source, year, iso3, sum(export_kusd) as country_kusd from weighed
    group by all
),

everything as (
    select source, year, sum(world_kusd) as all_kusd from world_products
    group by all
),

world as (
    select *
    from weighed
    inner join world_products using (source, hs_revision, year, hs6)
    inner join countries using (source, year, iso3)
    inner join everything using (source, year)
),

priced as (
    select
        *,
        cast(export_kusd as double) / nullif(cast(world_kusd as double), 0) as share_of_world,
        cast(price_kusd as double) / nullif(price_t, 0) as unit_value,
        -- the reference is the geometric mean of the others, by value; a large seller would be compared with itself
        exp(
            cast(world_weighted_ln - coalesce(weighted_ln, 0) as double)
            / nullif(cast(world_weight_kusd - coalesce(weight_kusd, 0) as double), 0)
        ) as reference_unit_value,
        case
            when export_kusd = 0 then 'no_trade'
            when coalesce(price_t, 0) > 0 then null
            when export_t is null then 'no_quantity'
            else 'below_threshold'
        end as null_reason
    from world
),

compared as (
    select
        *,
        case
            when null_reason is not null then null_reason
            when is_without_price then 'not_applicable'
            when share_of_world > {{ var('unit_value_max_own_share') }} then 'below_min_obs'
            when n_price_flows < {{ var('unit_value_min_flows') }} then 'below_min_obs'
            when reference_unit_value is null then 'below_min_obs'
        end as ruv_null_reason
    from priced
),

relative as (
    select *, case when ruv_null_reason is null then ln(unit_value / reference_unit_value) end as ln_ruv from compared
),

-- beyond the 1st and 99th percentile of its product and year a ratio is a unit error more often than a price
bounds as (
    select
        source, hs_revision, year, hs6,
        quantile_disc(ln_ruv, 0.01) as floor_ln_ruv,
        quantile_disc(ln_ruv, 0.99) as ceiling_ln_ruv
    from relative
    where ln_ruv is not null
    group by all
),

ratios as (
    select
        relative.*,
        least(greatest(ln_ruv, floor_ln_ruv), ceiling_ln_ruv) as ln_ruv_winsorised,
        coalesce(ln_ruv < floor_ln_ruv or ln_ruv > ceiling_ln_ruv, false) as is_ruv_winsorised,
        case
            when is_whole_list and export_kusd > 0
                then share_of_world / (cast(country_kusd as double) / cast(all_kusd as double))
            when is_whole_list and world_kusd > 0 then 0
        end as rca,
        {{ mirror_gap('mirrored_exporter_kusd', 'value_exporter_kusd', 'value_importer_kusd') }} as gap,
        value_exporter_kusd is null and value_importer_kusd is not null as is_mirror_only,
        1 - cast(export_without_quantity_kusd as double) / nullif(cast(export_kusd as double), 0) as quantity_share
    from relative
    left join bounds using (source, hs_revision, year, hs6)
)

select
    source,
    iso3,
    hs_revision,
    hs6,
    year,
    export_kusd,
    cast(import_kusd as double) as import_kusd,
    export_t as quantity_t,
    is_whole_list,
    case when is_whole_list then share_of_world end as world_share,
    rca,
    (rca - 1) / (rca + 1) as rca_symmetric,
    unit_value,
    median_price_kusd_per_t as unit_value_median,
    case when is_ruv_winsorised then exp(ln_ruv_winsorised) when ruv_null_reason is null then unit_value / reference_unit_value end
        as relative_unit_value,
    ruv_null_reason,
    is_ruv_winsorised,
    {{ report_sd('gap', 'value_sd_floor') }} as value_sd,
    {{ report_sd('gap', 'quantity_sd_floor') }} as quantity_sd,
    case when is_whole_list then cast(n_partners as smallint) end as n_partners,
    null_reason,
    {{ dq_grade(
        is_null='null_reason is not null',
        mirror_gap='gap',
        mirror_only='is_mirror_only',
        quantity_share='quantity_share',
        n_partners='n_partners',
        is_partial='is_partial_year'
    ) }} as dq_grade,
    source_vintage,
    data_origin
from ratios
