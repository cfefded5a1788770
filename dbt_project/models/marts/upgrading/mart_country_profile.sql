{# One row a member and year, for pages. Totals and shares of totals only where one source holds the whole list of products. #}
with members as (
    select iso3, name_en from {{ ref('v_acp_current') }}
),

structure as (
    select * from {{ ref('int_structure__shares') }}
    qualify row_number() over (partition by iso3, year order by is_whole_list desc, source asc) = 1
),

headings as (
    select source, year, iso3, arg_max(hs4, (export_kusd, -cast(hs4 as integer)), 3) as top3_hs4
    from {{ ref('int_structure__exports_hs4') }}
    semi join members using (iso3)
    group by all
),

chains as (
    select
        source, year, iso3,
        first(chain_id order by export_kusd desc, chain_id asc) as top_chain,
        max(export_kusd) as top_chain_kusd
    from {{ ref('int_ladder__grid') }}
    where null_reason is null
    group by all
),

rejections as (
    select iso3, year, first(chain_id order by n_3y desc, chain_id asc) as worst_rejection_chain
    from {{ ref('int_standards__rejections') }}
    where null_reason is null and n_3y > 0 and chain_id <> 'ALL'
    group by all
),

values_by_grade as (
    select
        iso3, year,
        count(*) as n_rows,
        count(value) as n_values,
        count(value) filter (where dq_grade = 'D') as n_d,
        count(value) filter (where dq_grade in ('C', 'D')) as n_cd,
        count(value) filter (where dq_grade in ('B', 'C', 'D')) as n_bcd,
        max(data_origin) as data_origin
    from {{ ref('fct_indicator') }}
    group by all
)

select
    members.iso3,
    values_by_grade.year,
    members.name_en,
    case when structure.is_whole_list then cast(structure.export_kusd as double) end as exports_kusd,
    chains.top_chain,
    case when structure.is_whole_list then cast(chains.top_chain_kusd as double) / nullif(cast(structure.export_kusd as double), 0) end
        as top_chain_share,
    case when structure.is_whole_list then headings.top3_hs4 end as top3_hs4,
    case when structure.null_reason is null then structure.export_hhi end as export_hhi,
    case when structure.null_reason is null then structure.point_resource_share end as point_resource_share,
    cast(null as double) as upgrading_score,
    cast(null as double) as upgrading_low,
    cast(null as double) as upgrading_high,
    cast(null as varchar) as strongest_pillar,
    cast(null as varchar) as weakest_pillar,
    rejections.worst_rejection_chain,
    cast(values_by_grade.n_values as double) / values_by_grade.n_rows as coverage_share,
    -- the worst grade that a quarter of the values have or fall below
    case
        when n_values = 0 then 'D'
        when n_d >= 0.25 * n_values then 'D'
        when n_cd >= 0.25 * n_values then 'C'
        when n_bcd >= 0.25 * n_values then 'B'
        else 'A'
    end as dq_grade,
    values_by_grade.data_origin
from values_by_grade
inner join members on values_by_grade.iso3 = members.iso3
left join structure on values_by_grade.iso3 = structure.iso3 and values_by_grade.year = structure.year
left join chains on structure.iso3 = chains.iso3 and structure.year = chains.year and structure.source = chains.source
left join headings on structure.iso3 = headings.iso3 and structure.year = headings.year and structure.source = headings.source
left join rejections on values_by_grade.iso3 = rejections.iso3 and values_by_grade.year = rejections.year
order by members.iso3, values_by_grade.year
