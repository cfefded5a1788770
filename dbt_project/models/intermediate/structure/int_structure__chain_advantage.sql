-- Revealed comparative advantage of a country in a chain. Totals and chains come from the same source and year, the whole list of products.
with

chains as (
    select
        *,
        cast(sum(export_kusd) over (partition by source, year, chain_id) as double) as world_chain_kusd
    from {{ ref('int_ladder__grid') }}
),

countries as (
    select
        source, year, iso3,
        cast(export_kusd as double) as country_kusd,
        cast(import_kusd as double) as country_import_kusd,
        cast(sum(export_kusd) over (partition by source, year) as double) as world_kusd
    from {{ ref('int_structure__grid') }}
    where is_whole_list
),

imports as (
    select source, year, iso3, chain_id, cast(sum(import_kusd) as double) as import_kusd from {{ ref('int_ladder__country_stage') }}
    group by all
),

amounts as (
    select
        chains.source, chains.year, chains.iso3, chains.chain_id,
        chains.null_reason as chain_null_reason,
        cast(chains.export_kusd as double) as x,
        coalesce(imports.import_kusd, 0) as m,
        chains.world_chain_kusd as w,
        countries.country_kusd as x_all,
        countries.country_import_kusd as m_all,
        countries.world_kusd as w_all,
        chains.n_partners, chains.mirror_gap, chains.is_mirror_only, chains.is_partial_year, chains.source_vintage, chains.data_origin
    from chains
    left join countries using (source, year, iso3)
    left join imports using (source, year, iso3, chain_id)
),

measured as (
    select
        *,
        (x / nullif(x_all, 0)) / nullif(w / nullif(w_all, 0), 0) as rca,
        -- Vollrath: neither the country nor the chain stands on both sides of the comparison
        (x / nullif(x_all - x, 0)) / nullif((w - x) / nullif((w_all - x_all) - (w - x), 0), 0) as rxa,
        -- what the world imports is what it exports
        (m / nullif(m_all - m, 0)) / nullif((w - m) / nullif((w_all - m_all) - (w - m), 0), 0) as rma,
        case
            when x_all is null or chain_null_reason = 'partial_coverage' then 'partial_coverage'
            when x_all = 0 then 'no_trade'
            when w = 0 then 'zero_denominator'
            when least(x_all, w) < {{ var('share_min_denominator_kusd') }} then 'below_threshold'
        end as null_reason
    from amounts
)

select
    source,
    year,
    iso3,
    chain_id,
    null_reason,
    coalesce(null_reason, case when rxa is null then 'zero_denominator' end) as rxa_null_reason,
    coalesce(
        null_reason,
        case
            when m_all < {{ var('share_min_denominator_kusd') }} then 'below_threshold'
            when rxa is null or rma is null then 'zero_denominator'
        end
    ) as rta_null_reason,
    case when null_reason is null then rca end as rca,
    case when null_reason is null then (rca - 1) / (rca + 1) end as rca_symmetric,
    case when null_reason is null then rxa end as rxa,
    case when null_reason is null and m_all >= {{ var('share_min_denominator_kusd') }} then rxa - rma end as rta,
    n_partners,
    -- a chain that a country does not sell at all has no partners to be graded by: the zero is the source's word
    {{ dq_grade(
        is_null='null_reason is not null',
        mirror_gap='mirror_gap',
        mirror_only='is_mirror_only',
        n_partners='case when x = 0 then ' ~ var('grade_d_max_partners') ~ ' else n_partners end',
        is_partial='is_partial_year'
    ) }} as dq_grade,
    case when is_partial_year then ['partial_year'] else cast([] as varchar[]) end as flags,
    source_vintage,
    data_origin
from measured
