with grid as (
    select * from {{ ref('int_structure__grid') }}
),

evidence as (
    select * from {{ ref('int_structure__evidence') }}
),

classes as (
    select
        hs_revision, hs6,
        hs4,
        not is_specified as is_unspecified,  -- in totals, not a product
        -- two BEC classes count as intermediate only when both are; the rest is ambiguous and stays out of the numerator
        len(list_filter(bec4_classes, lambda class: not list_contains({{ bec_intermediate_classes() }}, class))) = 0 as is_intermediate,
        len(list_filter(bec4_classes, lambda class: not list_contains({{ bec_intermediate_classes(with_fuels=false) }}, class))) = 0
            as is_intermediate_ex_fuels,
        left(lall, 2) in ('MT', 'HT') as is_medium_high,
        lall = 'PP' as is_primary
    from (select *, string_split(bec4, '|') as bec4_classes from {{ ref('dim_product_hs6') }})
),

products as (
    select
        product.source, product.year, product.iso3, product.hs6, product.export_kusd, product.import_kusd,
        coalesce(classes.hs4, left(product.hs6, 4)) as hs4,
        coalesce(classes.is_unspecified, true) as is_unspecified,
        coalesce(classes.is_intermediate, false) as is_intermediate,
        coalesce(classes.is_intermediate_ex_fuels, false) as is_intermediate_ex_fuels,
        coalesce(classes.is_medium_high, false) as is_medium_high,
        coalesce(classes.is_primary, false) as is_primary,
        cast(grid.export_kusd as double) as total_export_kusd,
        cast(grid.import_kusd as double) as total_import_kusd
    from {{ ref('int_product__country') }} as product
    inner join grid on product.source = grid.source and product.year = grid.year and product.iso3 = grid.iso3 and grid.null_reason is null
    left join classes on product.hs_revision = classes.hs_revision and product.hs6 = classes.hs6
),

measured as (
    select
        source, year, iso3,
        sum((cast(export_kusd as double) / total_export_kusd) * (cast(export_kusd as double) / total_export_kusd) order by hs6)
            filter (where not is_unspecified) as export_hhi,
        count(*) filter (where export_kusd >= {{ var('active_line_min_kusd') }} and not is_unspecified) as active_lines,
        {%- for name in ['is_intermediate', 'is_intermediate_ex_fuels', 'is_medium_high', 'is_primary'] %}
        coalesce(cast(sum(export_kusd) filter (where {{ name }}) as double), 0) as export_{{ name }},
        coalesce(cast(sum(import_kusd) filter (where {{ name }}) as double), 0) as import_{{ name }},
        {%- endfor %}
        coalesce(cast(sum(export_kusd) filter (where hs4 in ('7108', '7102', '2709', '2710', '2711')) as double), 0) as export_point_resources,
        any_value(total_export_kusd) as total_export_kusd,
        any_value(total_import_kusd) as total_import_kusd
    from products
    group by all
)

select
    grid.source,
    grid.year,
    grid.iso3,
    grid.null_reason,
    grid.is_whole_list,
    grid.export_kusd,
    grid.import_kusd,
    coalesce(measured.export_hhi, case when grid.null_reason is null then 0 end) as export_hhi,
    cast(measured.active_lines as integer) as active_lines,
    measured.export_is_intermediate / measured.total_export_kusd as intermediate_export_share,
    (measured.export_is_intermediate + measured.import_is_intermediate) / (measured.total_export_kusd + measured.total_import_kusd)
        as participation_trade_proxy,
    (measured.export_is_intermediate_ex_fuels + measured.import_is_intermediate_ex_fuels)
        / (measured.total_export_kusd + measured.total_import_kusd) as participation_trade_proxy_ex_fuels,
    measured.export_is_medium_high / measured.total_export_kusd as medium_high_share,
    measured.export_is_primary / measured.total_export_kusd as primary_share,
    measured.export_point_resources / measured.total_export_kusd as point_resource_share,
    coalesce(evidence.n_partners, 0) as n_partners,
    evidence.mirror_gap,
    coalesce(evidence.is_mirror_only, false) as is_mirror_only,
    grid.is_partial_year,
    case when grid.is_partial_year then ['partial_year'] else cast([] as varchar[]) end as flags,
    grid.source_vintage,
    grid.data_origin,
    {{ dq_grade(
        is_null='grid.null_reason is not null',
        mirror_gap='evidence.mirror_gap',
        mirror_only='coalesce(evidence.is_mirror_only, false)',
        n_partners='coalesce(evidence.n_partners, 0)',
        is_partial='grid.is_partial_year'
    ) }} as dq_grade
from grid
left join measured using (source, year, iso3)
left join evidence using (source, year, iso3)
