with cells as (
    select * from {{ ref('int_complexity__country_product') }}
),

countries as (
    select countries.*
    from {{ ref('int_complexity__country') }} as countries
    inner join {{ ref('v_acp_current') }} as members using (iso3)
),

judged as (
    -- a member without a list has one row that says so
    select
        countries.*,
        coalesce(cells.hs4, 'ALL') as scope_id,
        cells.density as value,
        case
            when countries.trade_null_reason is not null then countries.trade_null_reason
            when cells.density is null then 'below_min_obs'
        end as cell_null_reason
    from countries
    left join cells using (source, year, iso3)
),

measured as (
    select
        iso3,
        scope_id,
        year,
        case when cell_null_reason is null then value end as value,
        null as low,
        null as high,
        cell_null_reason as null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        {{ dq_grade(
            is_null='cell_null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='coalesce(is_mirror_only, false)',
            n_partners="coalesce(n_partners, " ~ var('grade_d_max_partners') ~ ")",
            is_modelled='is_totals_only',
            is_partial='is_partial_year'
        ) }} as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from judged
)

{{ as_indicator('proximity_density', 'hs4', 'ratio', needs='trade') }}
