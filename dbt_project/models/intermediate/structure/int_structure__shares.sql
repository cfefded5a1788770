with grid as (
    select * from {{ ref('int_structure__grid') }}
),

evidence as (
    select * from {{ ref('int_structure__evidence') }}
),

measured as (
    select * from {{ ref('int_structure__country') }}
),

markets as (
    select * from {{ ref('int_structure__markets') }}
),

-- the lines that there are to sell, sold or not: the groups of the Theil index
product_list as (
    select count(*) as n_products from {{ ref('dim_product_hs6') }}
    where is_specified
),

joined as (
    select
        grid.*,
        -- a country may buy without selling: its imports have a reason of their own
        case when not grid.is_whole_list then 'partial_coverage' when grid.import_kusd = 0 then 'no_trade' end as import_null_reason,
        coalesce(evidence.n_partners, 0) as n_partners,
        evidence.mirror_gap,
        coalesce(evidence.is_mirror_only, false) as is_mirror_only,
        coalesce(evidence.n_suppliers, 0) as n_suppliers,
        evidence.import_mirror_gap,
        coalesce(evidence.is_import_mirror_only, false) as is_import_mirror_only,
        measured.* exclude (source, year, iso3, export_kusd, import_kusd, is_partial_year),
        markets.first_market,
        markets.without_second_buyer_kusd,
        markets.deforestation_rules_kusd,
        product_list.n_products
    from grid
    cross join product_list
    left join measured using (source, year, iso3)
    left join evidence using (source, year, iso3)
    left join markets using (source, year, iso3)
),

graded as (
    select
        *,
        {{ dq_grade(
            is_null='null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='is_mirror_only',
            n_partners='n_partners',
            is_partial='is_partial_year'
        ) }} as dq_grade,
        {{ dq_grade(
            is_null='import_null_reason is not null',
            mirror_gap='import_mirror_gap',
            mirror_only='is_import_mirror_only',
            n_partners='n_suppliers',
            is_partial='is_partial_year'
        ) }} as import_dq_grade
    from joined
)

{%- set of_exports = {
    'intermediate_export_share': 'export_intermediate_kusd',
    'final_export_share': 'export_final_kusd',
    'parts_export_share': 'export_parts_kusd',
    'medium_high_share': 'export_medium_high_kusd',
    'unspecified_share': 'export_kusd - export_specified_kusd',
    'primary_share': 'export_primary_kusd',
    'resource_based_share': 'export_resource_based_kusd',
    'point_resource_share': 'export_point_resources_kusd',
    'first_market_loss_share': 'coalesce(without_second_buyer_kusd, 0)',
    'deforestation_rules_share': 'coalesce(deforestation_rules_kusd, 0)',
} %}
{%- set of_imports = {
    'intermediate_import_share': 'import_intermediate_kusd',
    'capital_import_share': 'import_capital_kusd',
} %}
{%- set rauch = {
    'differentiated_share': ('export_differentiated_kusd', ''),
    'differentiated_share_liberal': ('export_differentiated_liberal_kusd', '_liberal'),
    'on_exchange_share': ('export_on_exchange_kusd', ''),
    'on_exchange_share_liberal': ('export_on_exchange_liberal_kusd', '_liberal'),
} %}

select
    source,
    year,
    iso3,
    null_reason,
    import_null_reason,
    -- Rauch's list has no class for some goods: a basket of nothing else has no share
    coalesce(null_reason, case
        when export_differentiated_kusd + export_reference_priced_kusd + export_on_exchange_kusd = 0 then 'zero_denominator'
    end) as rauch_null_reason,
    is_whole_list,
    export_kusd,
    import_kusd,
    case when null_reason is null then coalesce(export_hhi, 0) end as export_hhi,
    case when null_reason is null then active_lines end as active_lines,
    -- T = ln n + sum s ln s = ln(n / n1) + (ln n1 + sum s ln s): the lines that are not sold, and how unequal the sold ones are
    case when null_reason is null and n_lines > 0 then ln(n_products) + sum_share_ln_share end as theil,
    case when null_reason is null and n_lines > 0 then ln(cast(n_products as double) / n_lines) end as theil_extensive,
    case when null_reason is null and n_lines > 0 then ln(n_lines) + sum_share_ln_share end as theil_intensive,
    coalesce(null_reason, case when n_lines = 0 then 'zero_denominator' end) as theil_null_reason,
    case when null_reason is null then extensive_margin end as extensive_margin,
    {%- for name, amount in of_exports.items() %}
    case when null_reason is null then cast({{ amount }} as double) / cast(export_kusd as double) end as {{ name }},
    {%- endfor %}
    -- a basket of nothing but gold has no rest to take shares of
    coalesce(null_reason, case when export_kusd = export_gold_kusd then 'zero_denominator' end) as ex_gold_null_reason,
    case when null_reason is null and export_kusd > export_gold_kusd then coalesce(export_hhi_ex_gold, 0) end as export_hhi_ex_gold,
    case
        when null_reason is null
            then cast(export_medium_high_kusd as double) / nullif(cast(export_kusd - export_gold_kusd as double), 0)
    end as medium_high_share_ex_gold,
    {%- for name, amount in of_imports.items() %}
    case when import_null_reason is null then cast({{ amount }} as double) / cast(import_kusd as double) end as {{ name }},
    {%- endfor %}
    {%- for name, (amount, list) in rauch.items() %}
    case
        when null_reason is null
            then cast({{ amount }} as double) / nullif(cast(
                export_differentiated{{ list }}_kusd
                + export_reference_priced{{ list }}_kusd
                + export_on_exchange{{ list }}_kusd as double
            ), 0)
    end as {{ name }},
    {%- endfor %}
    {%- for suffix in ['', '_ex_fuels'] %}
    case
        when null_reason is null
            then cast(export_intermediate{{ suffix }}_kusd + import_intermediate{{ suffix }}_kusd as double)
                / cast(export_kusd + import_kusd as double)
    end as participation_trade_proxy{{ suffix }},
    {%- endfor %}
    first_market,
    n_partners,
    mirror_gap,
    is_mirror_only,
    n_suppliers,
    is_partial_year,
    case when is_partial_year then ['partial_year'] else cast([] as varchar[]) end as flags,
    source_vintage,
    data_origin,
    dq_grade,
    import_dq_grade
from graded
