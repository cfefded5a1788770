with cells as (
    select * from {{ ref('int_complexity__country_product') }}
    where rca > 0
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
        cells.rca as value,
        case
            when countries.trade_null_reason is not null then countries.trade_null_reason
            when cells.hs4 is null then 'no_trade'
            when least(cells.country_kusd, cells.world_export_kusd) < {{ var('share_min_denominator_kusd') }} then 'below_threshold'
        end as cell_null_reason
    from countries
    left join cells using (source, year, iso3)
),

headings as (
    select
        iso3,
        'hs4' as scope_kind,
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
),

chains as (
    select
        iso3,
        'chain' as scope_kind,
        chain_id as scope_id,
        year,
        rca as value,
        null as low,
        null as high,
        null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from {{ ref('int_structure__chain_advantage') }}
),

measured as (
    select * from headings
    union all by name
    select * from chains
)

{{ as_indicator('rca_balassa', ['chain', 'hs4'], 'ratio', needs='trade') }}
