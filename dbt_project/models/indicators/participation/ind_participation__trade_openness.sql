with shares as (
    select * from {{ ref('int_structure__shares') }}
),

gdp as (
    select iso3, year, value as gdp_usd from {{ ref('stg_wdi__indicators') }}
    where row_status = 'kept' and indicator_code = 'NY.GDP.MKTP.CD'
),

joined as (
    select
        shares.*,
        1000 * cast(shares.export_kusd as double) / nullif(gdp.gdp_usd, 0) as openness,
        case
            when shares.null_reason is not null then shares.null_reason
            when not exists (select 1 from gdp as any_gdp) then 'source_unavailable'
            -- the same year only: exports over another year's GDP would be neither
            when gdp.gdp_usd is null then 'not_reported'
            when gdp.gdp_usd = 0 then 'zero_denominator'
        end as openness_null_reason
    from shares
    left join gdp on shares.iso3 = gdp.iso3 and shares.year = gdp.year
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        openness as value,
        null as low,
        null as high,
        openness_null_reason as null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        case when openness_null_reason is null then dq_grade else 'D' end as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from joined
)

{{ as_indicator('trade_openness', 'country', 'ratio', needs='trade') }}
